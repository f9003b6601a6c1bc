// Selecting, gathering and scattering elements.
#include "shim.h"

#include <ATen/TensorIndexing.h>

using at::Tensor;
using namespace shim;

// One entry of x[...]: what it is, and the numbers or the tensor that go with it.
struct Index {
  int32_t kind;  // 0 None, 1 Ellipsis, 2 integer, 3 boolean, 4 slice, 5 tensor
  int32_t has;   // slice: bit 0 start, bit 1 stop, bit 2 step are given
  int64_t start;
  int64_t stop;
  int64_t step;
  const Tensor* tensor;
};

static std::vector<at::indexing::TensorIndex> indices(const Index* list, int32_t count) {
  using namespace at::indexing;
  std::vector<TensorIndex> result;
  result.reserve(count);
  for (int32_t i = 0; i < count; ++i) {
    const Index& item = list[i];
    switch (item.kind) {
      case 0: result.emplace_back(None); break;
      case 1: result.emplace_back(Ellipsis); break;
      case 2: result.emplace_back(item.start); break;
      case 3: result.emplace_back(item.start != 0); break;
      case 4: {
        auto given = [&](int bit, int64_t value) {
          return (item.has & bit) != 0 ? c10::optional<int64_t>(value) : c10::nullopt;
        };
        result.emplace_back(Slice(given(1, item.start), given(2, item.stop), given(4, item.step)));
        break;
      }
      case 5: result.emplace_back(*item.tensor); break;
      default: TORCH_CHECK(false, "unknown kind of index ", item.kind);
    }
  }
  return result;
}

EXPORT Tensor* ts_index(const Tensor& self, const Index* list, int32_t count) {
  return tensor([&] { return self.index(indices(list, count)); });
}
EXPORT int32_t ts_index_put_(Tensor& self, const Index* list, int32_t count, const Tensor& value) {
  return status([&] { self.index_put_(indices(list, count), value); });
}
EXPORT int32_t ts_index_put_scalar_(Tensor& self, const Index* list, int32_t count, Scalar value) {
  return status([&] { self.index_put_(indices(list, count), scalar(value)); });
}
EXPORT Tensor* ts_select(const Tensor& self, int64_t dim, int64_t index) {
  return tensor([&] { return self.select(dim, index); });
}
EXPORT Tensor* ts_narrow(const Tensor& self, int64_t dim, int64_t start, int64_t length) {
  return tensor([&] { return self.narrow(dim, start, length); });
}
EXPORT Tensor* ts_slice(const Tensor& self, int64_t dim, int64_t start, int64_t stop, int64_t step) {
  return tensor([&] { return self.slice(dim, start, stop, step); });
}
EXPORT Tensor* ts_index_select(const Tensor& self, int64_t dim, const Tensor& index) {
  return tensor([&] { return self.index_select(dim, index); });
}
EXPORT Tensor* ts_gather(const Tensor& self, int64_t dim, const Tensor& index) {
  return tensor([&] { return self.gather(dim, index); });
}
EXPORT Tensor* ts_take_along_dim(const Tensor& self, const Tensor& index, const int64_t* dim) {
  return tensor([&] { return self.take_along_dim(index, dim ? c10::optional<int64_t>(*dim) : c10::nullopt); });
}

#define SCATTER(name)                                                                                              \
  EXPORT Tensor* ts_##name(const Tensor& self, int64_t dim, const Tensor& index, const Tensor& source) {           \
    return tensor([&] { return self.name(dim, index, source); });                                                  \
  }                                                                                                                \
  EXPORT int32_t ts_##name##_(Tensor& self, int64_t dim, const Tensor& index, const Tensor& source) {              \
    return status([&] { self.name##_(dim, index, source); });                                                      \
  }
SCATTER(scatter)
SCATTER(scatter_add)
SCATTER(index_copy)

EXPORT Tensor* ts_index_add(const Tensor& self, int64_t dim, const Tensor& index, const Tensor& source, Scalar alpha) {
  return tensor([&] { return self.index_add(dim, index, source, scalar(alpha)); });
}
EXPORT int32_t ts_index_add_(Tensor& self, int64_t dim, const Tensor& index, const Tensor& source, Scalar alpha) {
  return status([&] { self.index_add_(dim, index, source, scalar(alpha)); });
}
EXPORT Tensor* ts_index_fill(const Tensor& self, int64_t dim, const Tensor& index, Scalar value) {
  return tensor([&] { return self.index_fill(dim, index, scalar(value)); });
}
EXPORT int32_t ts_index_fill_(Tensor& self, int64_t dim, const Tensor& index, Scalar value) {
  return status([&] { self.index_fill_(dim, index, scalar(value)); });
}
EXPORT Tensor* ts_masked_fill(const Tensor& self, const Tensor& mask, Scalar value) {
  return tensor([&] { return self.masked_fill(mask, scalar(value)); });
}
EXPORT int32_t ts_masked_fill_(Tensor& self, const Tensor& mask, Scalar value) {
  return status([&] { self.masked_fill_(mask, scalar(value)); });
}
EXPORT Tensor* ts_masked_select(const Tensor& self, const Tensor& mask) {
  return tensor([&] { return self.masked_select(mask); });
}
EXPORT Tensor* ts_masked_scatter(const Tensor& self, const Tensor& mask, const Tensor& source) {
  return tensor([&] { return self.masked_scatter(mask, source); });
}
EXPORT int32_t ts_masked_scatter_(Tensor& self, const Tensor& mask, const Tensor& source) {
  return status([&] { self.masked_scatter_(mask, source); });
}
EXPORT Tensor* ts_nonzero(const Tensor& self) { return tensor([&] { return self.nonzero(); }); }
