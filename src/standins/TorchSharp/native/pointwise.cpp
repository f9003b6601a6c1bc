// Element-wise arithmetic, comparison and logic, with broadcasting.
#include "shim.h"

using at::Tensor;
using namespace shim;

#define OUT_OF_PLACE(name) \
  EXPORT Tensor* ts_##name(const Tensor& self) { return tensor([&] { return at::name(self); }); }
#define IN_PLACE(name) \
  EXPORT int32_t ts_##name##_(Tensor& self) { return status([&] { at::name##_(self); }); }
#define UNARY(name) OUT_OF_PLACE(name) IN_PLACE(name)

UNARY(abs)
UNARY(neg)
UNARY(exp)
UNARY(expm1)
UNARY(log)
UNARY(log1p)
UNARY(log2)
UNARY(sqrt)
UNARY(rsqrt)
UNARY(reciprocal)
UNARY(sin)
UNARY(cos)
UNARY(tanh)
UNARY(sigmoid)
UNARY(relu)
UNARY(silu)
UNARY(erf)
UNARY(floor)
UNARY(ceil)
UNARY(trunc)
OUT_OF_PLACE(square)
OUT_OF_PLACE(isnan)
OUT_OF_PLACE(isinf)
OUT_OF_PLACE(isfinite)

// Declared as methods only, or with arguments that have defaults.
EXPORT Tensor* ts_gelu(const Tensor& self) { return tensor([&] { return at::gelu(self); }); }
EXPORT Tensor* ts_sign(const Tensor& self) { return tensor([&] { return self.sign(); }); }
EXPORT int32_t ts_erfinv_(Tensor& self) { return status([&] { self.erfinv_(); }); }
EXPORT int32_t ts_sign_(Tensor& self) { return status([&] { self.sign_(); }); }
EXPORT Tensor* ts_logical_not(const Tensor& self) { return tensor([&] { return self.logical_not(); }); }
EXPORT int32_t ts_logical_not_(Tensor& self) { return status([&] { self.logical_not_(); }); }
EXPORT Tensor* ts_bitwise_not(const Tensor& self) { return tensor([&] { return self.bitwise_not(); }); }
EXPORT int32_t ts_bitwise_not_(Tensor& self) { return status([&] { self.bitwise_not_(); }); }
EXPORT Tensor* ts_round(const Tensor& self, int64_t decimals) { return tensor([&] { return self.round(decimals); }); }
EXPORT int32_t ts_round_(Tensor& self, int64_t decimals) { return status([&] { self.round_(decimals); }); }

#define WITH_TENSOR(name)                                                                                          \
  EXPORT Tensor* ts_##name(const Tensor& self, const Tensor& other) { return tensor([&] { return self.name(other); }); }
#define WITH_TENSOR_IN_PLACE(name)                                                                                 \
  EXPORT int32_t ts_##name##_(Tensor& self, const Tensor& other) { return status([&] { self.name##_(other); }); }
#define WITH_SCALAR(name)                                                                                          \
  EXPORT Tensor* ts_##name##_scalar(const Tensor& self, Scalar other) {                                            \
    return tensor([&] { return self.name(scalar(other)); });                                                       \
  }                                                                                                                \
  EXPORT int32_t ts_##name##_scalar_(Tensor& self, Scalar other) {                                                 \
    return status([&] { self.name##_(scalar(other)); });                                                           \
  }
#define BINARY(name) WITH_TENSOR(name) WITH_TENSOR_IN_PLACE(name) WITH_SCALAR(name)

BINARY(mul)
BINARY(pow)
BINARY(fmod)
BINARY(remainder)
BINARY(floor_divide)
BINARY(eq)
BINARY(ne)
BINARY(lt)
BINARY(le)
BINARY(gt)
BINARY(ge)

#define LOGIC(name) WITH_TENSOR(name) WITH_TENSOR_IN_PLACE(name)
LOGIC(logical_and)
LOGIC(logical_or)
LOGIC(logical_xor)
LOGIC(bitwise_and)
LOGIC(bitwise_or)
LOGIC(bitwise_xor)
WITH_TENSOR(maximum)
WITH_TENSOR(minimum)

#define SCALED(name)                                                                                               \
  EXPORT Tensor* ts_##name(const Tensor& self, const Tensor& other, Scalar alpha) {                                \
    return tensor([&] { return self.name(other, scalar(alpha)); });                                                \
  }                                                                                                                \
  EXPORT int32_t ts_##name##_(Tensor& self, const Tensor& other, Scalar alpha) {                                   \
    return status([&] { self.name##_(other, scalar(alpha)); });                                                    \
  }                                                                                                                \
  EXPORT Tensor* ts_##name##_scalar(const Tensor& self, Scalar other, Scalar alpha) {                              \
    return tensor([&] { return self.name(scalar(other), scalar(alpha)); });                                        \
  }                                                                                                                \
  EXPORT int32_t ts_##name##_scalar_(Tensor& self, Scalar other, Scalar alpha) {                                   \
    return status([&] { self.name##_(scalar(other), scalar(alpha)); });                                            \
  }
SCALED(add)
SCALED(sub)

static c10::optional<c10::string_view> rounding(int32_t mode) {
  if (mode == 0) return c10::nullopt;
  TORCH_CHECK(mode == 1 || mode == 2, "unknown rounding mode ", mode);
  return c10::string_view(mode == 1 ? "trunc" : "floor");
}
EXPORT Tensor* ts_div(const Tensor& self, const Tensor& other, int32_t mode) {
  return tensor([&] { return self.div(other, rounding(mode)); });
}
EXPORT int32_t ts_div_(Tensor& self, const Tensor& other, int32_t mode) {
  return status([&] { self.div_(other, rounding(mode)); });
}
EXPORT Tensor* ts_div_scalar(const Tensor& self, Scalar other, int32_t mode) {
  return tensor([&] { return self.div(scalar(other), rounding(mode)); });
}
EXPORT int32_t ts_div_scalar_(Tensor& self, Scalar other, int32_t mode) {
  return status([&] { self.div_(scalar(other), rounding(mode)); });
}

#define FUSED(name)                                                                                                \
  EXPORT Tensor* ts_##name(const Tensor& self, const Tensor& a, const Tensor& b, Scalar value) {                   \
    return tensor([&] { return self.name(a, b, scalar(value)); });                                                 \
  }                                                                                                                \
  EXPORT int32_t ts_##name##_(Tensor& self, const Tensor& a, const Tensor& b, Scalar value) {                      \
    return status([&] { self.name##_(a, b, scalar(value)); });                                                     \
  }
FUSED(addcmul)
FUSED(addcdiv)

EXPORT Tensor* ts_lerp(const Tensor& self, const Tensor& end, const Tensor& weight) {
  return tensor([&] { return self.lerp(end, weight); });
}
EXPORT int32_t ts_lerp_(Tensor& self, const Tensor& end, const Tensor& weight) {
  return status([&] { self.lerp_(end, weight); });
}
EXPORT Tensor* ts_clamp_scalar(const Tensor& self, const Scalar* min, const Scalar* max) {
  return tensor([&] { return self.clamp(scalar(min), scalar(max)); });
}
EXPORT int32_t ts_clamp_scalar_(Tensor& self, const Scalar* min, const Scalar* max) {
  return status([&] { self.clamp_(scalar(min), scalar(max)); });
}
EXPORT Tensor* ts_clamp(const Tensor& self, const Tensor* min, const Tensor* max) {
  return tensor([&] { return self.clamp(optional(min), optional(max)); });
}
EXPORT int32_t ts_clamp_(Tensor& self, const Tensor* min, const Tensor* max) {
  return status([&] { self.clamp_(optional(min), optional(max)); });
}
EXPORT Tensor* ts_where(const Tensor& condition, const Tensor& x, const Tensor& y) {
  return tensor([&] { return at::where(condition, x, y); });
}
EXPORT int32_t ts_allclose(const Tensor& a, const Tensor& b, double rtol, double atol, bool equal_nan, bool* result) {
  return status([&] { *result = a.allclose(b, rtol, atol, equal_nan); });
}
EXPORT Tensor* ts_isclose(const Tensor& a, const Tensor& b, double rtol, double atol, bool equal_nan) {
  return tensor([&] { return a.isclose(b, rtol, atol, equal_nan); });
}
EXPORT int32_t ts_is_nonzero(const Tensor& self, bool* result) {
  return status([&] { *result = self.is_nonzero(); });
}
EXPORT Tensor* ts_rsub_scalar(const Tensor& self, Scalar other) {
  return tensor([&] { return at::rsub(self, scalar(other)); });
}
EXPORT Tensor* ts_rdiv_scalar(const Tensor& self, Scalar other) {
  return tensor([&] { return self.reciprocal().mul(scalar(other)); });
}
