// Sums, extremes, order and normalised exponentials.
#include "shim.h"

using at::IntArrayRef;
using at::Tensor;
using namespace shim;

EXPORT Tensor* ts_sum(const Tensor& self, int32_t type) { return tensor([&] { return self.sum(dtype(type)); }); }
EXPORT Tensor* ts_sum_dims(const Tensor& self, const int64_t* dims, int32_t count, bool keepdim, int32_t type) {
  return tensor([&] { return self.sum(IntArrayRef(dims, count), keepdim, dtype(type)); });
}
EXPORT Tensor* ts_mean(const Tensor& self) { return tensor([&] { return self.mean(); }); }
EXPORT Tensor* ts_mean_dims(const Tensor& self, const int64_t* dims, int32_t count, bool keepdim, int32_t type) {
  return tensor([&] { return self.mean(IntArrayRef(dims, count), keepdim, dtype(type)); });
}

#define SPREAD(name)                                                                                               \
  EXPORT Tensor* ts_##name(const Tensor& self, bool unbiased) { return tensor([&] { return self.name(unbiased); }); } \
  EXPORT Tensor* ts_##name##_dims(const Tensor& self, const int64_t* dims, int32_t count, bool unbiased,           \
                                  bool keepdim) {                                                                  \
    return tensor([&] { return self.name(IntArrayRef(dims, count), unbiased, keepdim); });                         \
  }
SPREAD(std)
SPREAD(var)

#define EXTREME(name)                                                                                              \
  EXPORT Tensor* ts_##name(const Tensor& self) { return tensor([&] { return self.name(); }); }                     \
  EXPORT Tensors* ts_##name##_dim(const Tensor& self, int64_t dim, bool keepdim) {                                 \
    return tensors([&] {                                                                                           \
      auto [values, indices] = self.name(dim, keepdim);                                                            \
      return Tensors{values, indices};                                                                             \
    });                                                                                                            \
  }                                                                                                                \
  EXPORT Tensor* ts_a##name(const Tensor& self, const int64_t* dims, int32_t count, bool keepdim) {                \
    return tensor([&] { return self.a##name(IntArrayRef(dims, count), keepdim); });                                \
  }                                                                                                                \
  EXPORT Tensor* ts_arg##name(const Tensor& self) { return tensor([&] { return self.arg##name(); }); }             \
  EXPORT Tensor* ts_arg##name##_dim(const Tensor& self, int64_t dim, bool keepdim) {                               \
    return tensor([&] { return self.arg##name(dim, keepdim); });                                                   \
  }
EXTREME(max)
EXTREME(min)

#define QUANTIFIER(name)                                                                                           \
  EXPORT Tensor* ts_##name(const Tensor& self) { return tensor([&] { return self.name(); }); }                     \
  EXPORT Tensor* ts_##name##_dim(const Tensor& self, int64_t dim, bool keepdim) {                                  \
    return tensor([&] { return self.name(dim, keepdim); });                                                        \
  }
QUANTIFIER(all)
QUANTIFIER(any)

EXPORT Tensor* ts_norm(const Tensor& self, double p) { return tensor([&] { return self.norm(at::Scalar(p)); }); }
EXPORT Tensor* ts_norm_dim(const Tensor& self, int64_t dim, bool keepdim, double p) {
  return tensor([&] { return self.norm(at::Scalar(p), IntArrayRef(&dim, 1), keepdim); });
}
EXPORT Tensor* ts_logsumexp(const Tensor& self, int64_t dim, bool keepdim) {
  return tensor([&] { return self.logsumexp(IntArrayRef(&dim, 1), keepdim); });
}
EXPORT Tensor* ts_cumsum(const Tensor& self, int64_t dim, int32_t type) {
  return tensor([&] { return self.cumsum(dim, dtype(type)); });
}
EXPORT Tensor* ts_median(const Tensor& self) { return tensor([&] { return self.median(); }); }
EXPORT Tensor* ts_count_nonzero(const Tensor& self, const int64_t* dims, int32_t count) {
  return tensor([&] {
    return dims == nullptr ? self.count_nonzero() : self.count_nonzero(IntArrayRef(dims, count));
  });
}

EXPORT Tensors* ts_sort(const Tensor& self, int64_t dim, bool descending, bool stable) {
  return tensors([&] {
    auto [values, indices] = self.sort(stable, dim, descending);
    return Tensors{values, indices};
  });
}
EXPORT Tensor* ts_argsort(const Tensor& self, int64_t dim, bool descending) {
  return tensor([&] { return self.argsort(dim, descending); });
}
EXPORT Tensors* ts_topk(const Tensor& self, int64_t k, int64_t dim, bool largest, bool sorted) {
  return tensors([&] {
    auto [values, indices] = self.topk(k, dim, largest, sorted);
    return Tensors{values, indices};
  });
}
EXPORT Tensors* ts_unique(const Tensor& self, bool sorted, bool inverse, bool counts) {
  return tensors([&] {
    auto [values, where, count] = at::_unique2(self, sorted, inverse, counts);
    return Tensors{values, inverse ? where : Tensor(), counts ? count : Tensor()};
  });
}
EXPORT Tensors* ts_unique_dim(const Tensor& self, int64_t dim, bool sorted, bool inverse, bool counts) {
  return tensors([&] {
    auto [values, where, count] = at::unique_dim(self, dim, sorted, inverse, counts);
    return Tensors{values, inverse ? where : Tensor(), counts ? count : Tensor()};
  });
}

EXPORT Tensor* ts_softmax(const Tensor& self, int64_t dim, int32_t type) {
  return tensor([&] { return self.softmax(dim, dtype(type)); });
}
EXPORT Tensor* ts_log_softmax(const Tensor& self, int64_t dim, int32_t type) {
  return tensor([&] { return self.log_softmax(dim, dtype(type)); });
}
