// Views, rearrangements, joins and splits.
#include "shim.h"

using at::IntArrayRef;
using at::Tensor;
using namespace shim;

#define WITH_SIZES(name)                                                                       \
  EXPORT Tensor* ts_##name(const Tensor& self, const int64_t* sizes, int32_t count) {          \
    return tensor([&] { return self.name(IntArrayRef(sizes, count)); });                       \
  }
WITH_SIZES(view)
WITH_SIZES(reshape)
WITH_SIZES(permute)
WITH_SIZES(repeat)
WITH_SIZES(tile)
WITH_SIZES(flip)
WITH_SIZES(broadcast_to)

EXPORT Tensor* ts_expand(const Tensor& self, const int64_t* sizes, int32_t count, bool implicit) {
  return tensor([&] { return self.expand(IntArrayRef(sizes, count), implicit); });
}
EXPORT Tensor* ts_flatten(const Tensor& self, int64_t start, int64_t end) {
  return tensor([&] { return self.flatten(start, end); });
}
EXPORT Tensor* ts_unflatten(const Tensor& self, int64_t dim, const int64_t* sizes, int32_t count) {
  return tensor([&] { return self.unflatten(dim, IntArrayRef(sizes, count)); });
}
EXPORT Tensor* ts_squeeze(const Tensor& self) { return tensor([&] { return self.squeeze(); }); }
EXPORT Tensor* ts_squeeze_dim(const Tensor& self, int64_t dim) { return tensor([&] { return self.squeeze(dim); }); }
EXPORT int32_t ts_squeeze_(Tensor& self) { return status([&] { self.squeeze_(); }); }
EXPORT int32_t ts_squeeze_dim_(Tensor& self, int64_t dim) { return status([&] { self.squeeze_(dim); }); }
EXPORT Tensor* ts_unsqueeze(const Tensor& self, int64_t dim) { return tensor([&] { return self.unsqueeze(dim); }); }
EXPORT int32_t ts_unsqueeze_(Tensor& self, int64_t dim) { return status([&] { self.unsqueeze_(dim); }); }
EXPORT Tensor* ts_transpose(const Tensor& self, int64_t a, int64_t b) {
  return tensor([&] { return self.transpose(a, b); });
}
EXPORT int32_t ts_transpose_(Tensor& self, int64_t a, int64_t b) { return status([&] { self.transpose_(a, b); }); }
EXPORT Tensor* ts_t(const Tensor& self) { return tensor([&] { return self.t(); }); }
EXPORT Tensor* ts_numpy_T(const Tensor& self) { return tensor([&] { return self.numpy_T(); }); }
EXPORT Tensor* ts_mT(const Tensor& self) { return tensor([&] { return self.mT(); }); }
EXPORT Tensor* ts_ravel(const Tensor& self) { return tensor([&] { return self.ravel(); }); }
EXPORT Tensor* ts_movedim(const Tensor& self, const int64_t* from, int32_t from_count, const int64_t* to,
                          int32_t to_count) {
  return tensor([&] { return self.movedim(IntArrayRef(from, from_count), IntArrayRef(to, to_count)); });
}
EXPORT Tensor* ts_roll(const Tensor& self, const int64_t* shifts, int32_t shift_count, const int64_t* dims,
                       int32_t dim_count) {
  return tensor([&] { return self.roll(IntArrayRef(shifts, shift_count), IntArrayRef(dims, dim_count)); });
}
EXPORT Tensor* ts_repeat_interleave(const Tensor& self, int64_t repeats, const int64_t* dim, const int64_t* size) {
  return tensor([&] {
    return self.repeat_interleave(repeats, dim ? c10::optional<int64_t>(*dim) : c10::nullopt,
                                  size ? c10::optional<int64_t>(*size) : c10::nullopt);
  });
}
EXPORT Tensor* ts_repeat_interleave_each(const Tensor& self, const Tensor& repeats, const int64_t* dim,
                                         const int64_t* size) {
  return tensor([&] {
    return self.repeat_interleave(repeats, dim ? c10::optional<int64_t>(*dim) : c10::nullopt,
                                  size ? c10::optional<int64_t>(*size) : c10::nullopt);
  });
}
EXPORT Tensor* ts_as_strided(const Tensor& self, const int64_t* sizes, int32_t size_count, const int64_t* strides,
                             int32_t stride_count, int64_t offset) {
  return tensor([&] {
    return self.as_strided(IntArrayRef(sizes, size_count), IntArrayRef(strides, stride_count), offset);
  });
}
EXPORT Tensor* ts_unfold(const Tensor& self, int64_t dim, int64_t size, int64_t step) {
  return tensor([&] { return self.unfold(dim, size, step); });
}
EXPORT Tensor* ts_tril(const Tensor& self, int64_t diagonal) { return tensor([&] { return self.tril(diagonal); }); }
EXPORT Tensor* ts_triu(const Tensor& self, int64_t diagonal) { return tensor([&] { return self.triu(diagonal); }); }
EXPORT Tensor* ts_diag(const Tensor& self, int64_t diagonal) { return tensor([&] { return self.diag(diagonal); }); }

#define JOIN(name)                                                                           \
  EXPORT Tensor* ts_##name(Tensor* const* parts, int64_t count, int64_t dim) {               \
    return tensor([&] { return at::name(gather(parts, count), dim); });                      \
  }
JOIN(cat)
JOIN(stack)
EXPORT Tensor* ts_hstack(Tensor* const* parts, int64_t count) {
  return tensor([&] { return at::hstack(gather(parts, count)); });
}
EXPORT Tensor* ts_vstack(Tensor* const* parts, int64_t count) {
  return tensor([&] { return at::vstack(gather(parts, count)); });
}
EXPORT Tensors* ts_chunk(const Tensor& self, int64_t chunks, int64_t dim) {
  return tensors([&] { return self.chunk(chunks, dim); });
}
EXPORT Tensors* ts_split(const Tensor& self, int64_t size, int64_t dim) {
  return tensors([&] { return self.split(size, dim); });
}
EXPORT Tensors* ts_split_sizes(const Tensor& self, const int64_t* sizes, int32_t count, int64_t dim) {
  return tensors([&] { return self.split_with_sizes(IntArrayRef(sizes, count), dim); });
}
EXPORT Tensors* ts_unbind(const Tensor& self, int64_t dim) {
  return tensors([&] { return self.unbind(dim); });
}
