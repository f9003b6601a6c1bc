// Life, facts and raw contents of a tensor; creation and conversion.
#include "shim.h"

#include <cstring>

using at::Tensor;
using namespace shim;

EXPORT void ts_dispose(Tensor* self) { delete self; }
EXPORT Tensor* ts_alias(const Tensor& self) { return tensor([&] { return self; }); }

EXPORT int64_t ts_dim(const Tensor& self) { return self.dim(); }
EXPORT int64_t ts_numel(const Tensor& self) { return self.numel(); }
EXPORT int64_t ts_element_size(const Tensor& self) { return self.element_size(); }
EXPORT int64_t ts_storage_offset(const Tensor& self) { return self.storage_offset(); }
EXPORT void ts_sizes(const Tensor& self, int64_t* sizes) {
  std::memcpy(sizes, self.sizes().data(), self.dim() * sizeof(int64_t));
}
EXPORT void ts_strides(const Tensor& self, int64_t* strides) {
  std::memcpy(strides, self.strides().data(), self.dim() * sizeof(int64_t));
}
EXPORT int32_t ts_dtype(const Tensor& self) { return static_cast<int32_t>(self.scalar_type()); }
EXPORT int32_t ts_device_type(const Tensor& self) { return static_cast<int32_t>(self.device().type()); }
EXPORT int32_t ts_device_index(const Tensor& self) { return self.device().index(); }
EXPORT bool ts_is_contiguous(const Tensor& self) { return self.is_contiguous(); }
EXPORT int32_t ts_data(const Tensor& self, void** data) {
  return status([&] { *data = self.data_ptr(); });
}

EXPORT void ts_free_list(Tensors* list) { delete list; }
EXPORT int64_t ts_list_length(const Tensors& list) { return static_cast<int64_t>(list.size()); }
// Null for an undefined entry (an unused input's gradient); the list keeps its own reference.
EXPORT int32_t ts_list_item(const Tensors& list, int64_t i, Tensor** item) {
  return status([&] { *item = list[i].defined() ? new Tensor(list[i]) : nullptr; });
}

EXPORT Tensor* ts_from_bytes(const void* bytes, const int64_t* sizes, int32_t dims, Options where, bool requires_grad) {
  return tensor([&] {
    Options host = where;
    host.device_type = -1;
    auto result = at::empty(at::IntArrayRef(sizes, dims), options(host));
    if (result.nbytes() > 0) std::memcpy(result.data_ptr(), bytes, result.nbytes());
    if (where.device_type > 0) result = result.to(options(where).device());
    return requires_grad ? result.set_requires_grad(true) : result;
  });
}

#define FACTORY(name, call)                                                                                   \
  EXPORT Tensor* ts_##name(const int64_t* sizes, int32_t dims, Options where) {                              \
    return tensor([&] { return call(at::IntArrayRef(sizes, dims), options(where)); });                       \
  }
FACTORY(empty, at::empty)
FACTORY(zeros, at::zeros)
FACTORY(ones, at::ones)

EXPORT Tensor* ts_full(const int64_t* sizes, int32_t dims, Scalar value, Options where) {
  return tensor([&] { return at::full(at::IntArrayRef(sizes, dims), scalar(value), options(where)); });
}
EXPORT Tensor* ts_arange(Scalar start, Scalar stop, Scalar step, Options where) {
  return tensor([&] { return at::arange(scalar(start), scalar(stop), scalar(step), options(where)); });
}
EXPORT Tensor* ts_linspace(double start, double end, int64_t steps, Options where) {
  return tensor([&] { return at::linspace(start, end, steps, options(where)); });
}
EXPORT Tensor* ts_eye(int64_t rows, int64_t columns, Options where) {
  return tensor([&] { return at::eye(rows, columns, options(where)); });
}

EXPORT Tensor* ts_to(const Tensor& self, Options where) {
  return tensor([&] {
    auto target = self.options();
    if (auto type = dtype(where.dtype)) target = target.dtype(*type);
    if (where.device_type >= 0) target = target.device(options(where).device());
    return self.to(target);
  });
}
EXPORT Tensor* ts_clone(const Tensor& self) { return tensor([&] { return self.clone(); }); }
EXPORT Tensor* ts_contiguous(const Tensor& self) { return tensor([&] { return self.contiguous(); }); }
EXPORT int32_t ts_copy_(Tensor& self, const Tensor& source, bool non_blocking) {
  return status([&] { self.copy_(source, non_blocking); });
}
EXPORT int32_t ts_fill_(Tensor& self, Scalar value) {
  return status([&] { self.fill_(scalar(value)); });
}
EXPORT int32_t ts_zero_(Tensor& self) {
  return status([&] { self.zero_(); });
}

EXPORT int32_t ts_promote_types(int32_t a, int32_t b, int32_t* result) {
  return status([&] { *result = static_cast<int32_t>(c10::promoteTypes(*dtype(a), *dtype(b))); });
}
EXPORT int32_t ts_can_cast(int32_t from, int32_t to, bool* result) {
  return status([&] { *result = c10::canCast(*dtype(from), *dtype(to)); });
}
EXPORT int32_t ts_result_type(const Tensor& a, const Tensor& b, int32_t* result) {
  return status([&] { *result = static_cast<int32_t>(at::result_type(a, b)); });
}

EXPORT int32_t ts_get_default_dtype() { return static_cast<int32_t>(c10::get_default_dtype_as_scalartype()); }
EXPORT int32_t ts_set_default_dtype(int32_t code) {
  return status([&] { c10::set_default_dtype(c10::scalarTypeToTypeMeta(*dtype(code))); });
}
EXPORT int32_t ts_equal(const Tensor& self, const Tensor& other, bool* result) {
  return status([&] { *result = self.equal(other); });
}
EXPORT int32_t ts_item(const Tensor& self, Scalar* result) {
  return status([&] {
    const auto value = self.item();
    if (value.isBoolean()) {
      *result = {value.toBool() ? 1 : 0, 2};
    } else if (value.isIntegral(false)) {
      *result = {value.toLong(), 0};
    } else {
      const double real = value.toDouble();
      result->kind = 1;
      std::memcpy(&result->bits, &real, sizeof real);
    }
  });
}
