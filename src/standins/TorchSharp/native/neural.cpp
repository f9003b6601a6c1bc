// Products of matrices, layers and losses.
#include "shim.h"

#include <cstring>

using at::IntArrayRef;
using at::Tensor;
using namespace shim;

#define PRODUCT(name)                                                                                              \
  EXPORT Tensor* ts_##name(const Tensor& self, const Tensor& other) { return tensor([&] { return self.name(other); }); }
PRODUCT(mm)
PRODUCT(mv)
PRODUCT(dot)
PRODUCT(outer)

EXPORT Tensor* ts_addmm(const Tensor& self, const Tensor& a, const Tensor& b, double beta, double alpha) {
  return tensor([&] { return self.addmm(a, b, beta, alpha); });
}
EXPORT Tensor* ts_baddbmm(const Tensor& self, const Tensor& a, const Tensor& b, double beta, double alpha) {
  return tensor([&] { return self.baddbmm(a, b, beta, alpha); });
}
EXPORT Tensor* ts_einsum(const char* equation, Tensor* const* operands, int64_t count) {
  return tensor([&] { return at::einsum(equation, gather(operands, count)); });
}
EXPORT Tensors* ts_svd(const Tensor& self, bool full_matrices) {
  return tensors([&] {
    auto [u, s, vh] = at::linalg_svd(self, full_matrices);
    return Tensors{u, s, vh};
  });
}
EXPORT Tensor* ts_svdvals(const Tensor& self) { return tensor([&] { return at::linalg_svdvals(self); }); }

EXPORT Tensor* ts_linear(const Tensor& input, const Tensor& weight, const Tensor* bias) {
  return tensor([&] { return at::linear(input, weight, optional(bias)); });
}
EXPORT Tensor* ts_embedding(const Tensor& weight, const Tensor& indices, int64_t padding, bool by_frequency, bool sparse) {
  return tensor([&] { return at::embedding(weight, indices, padding, by_frequency, sparse); });
}
EXPORT int32_t ts_embedding_renorm_(Tensor& weight, const Tensor& indices, double max_norm, double norm_type) {
  return status([&] {
    at::NoGradGuard no_grad;
    at::embedding_renorm_(weight, indices.contiguous(), max_norm, norm_type);
  });
}
EXPORT Tensor* ts_layer_norm(const Tensor& input, const int64_t* shape, int32_t count, const Tensor* weight,
                             const Tensor* bias, double eps) {
  return tensor([&] { return at::layer_norm(input, IntArrayRef(shape, count), optional(weight), optional(bias), eps); });
}
EXPORT Tensor* ts_conv2d(const Tensor& input, const Tensor& weight, const Tensor* bias, const int64_t* stride,
                         int32_t stride_count, const int64_t* padding, int32_t padding_count, const int64_t* dilation,
                         int32_t dilation_count, int64_t groups) {
  return tensor([&] {
    return at::conv2d(input, weight, optional(bias), IntArrayRef(stride, stride_count),
                      IntArrayRef(padding, padding_count), IntArrayRef(dilation, dilation_count), groups);
  });
}
EXPORT Tensor* ts_dropout(const Tensor& input, double p, bool training) {
  return tensor([&] { return at::dropout(input, p, training); });
}
EXPORT int32_t ts_dropout_(Tensor& input, double p, bool training) {
  return status([&] { at::dropout_(input, p, training); });
}
EXPORT Tensor* ts_softplus(const Tensor& input, double beta, double threshold) {
  return tensor([&] { return at::softplus(input, beta, threshold); });
}
EXPORT Tensor* ts_one_hot(const Tensor& input, int64_t classes) {
  return tensor([&] { return at::one_hot(input, classes); });
}
EXPORT Tensor* ts_pad(const Tensor& input, const int64_t* pad, int32_t count, const char* mode, double value) {
  return tensor([&] {
    const bool constant = std::strcmp(mode, "constant") == 0;
    return at::pad(input, IntArrayRef(pad, count), mode, constant ? c10::optional<double>(value) : c10::nullopt);
  });
}
EXPORT Tensor* ts_upsample_bilinear2d(const Tensor& input, const int64_t* size, int32_t size_count, const double* scale,
                                      int32_t scale_count, bool align_corners) {
  return tensor([&] {
    at::OptionalIntArrayRef sizes;
    c10::optional<at::ArrayRef<double>> scales;
    if (size != nullptr) sizes = IntArrayRef(size, size_count);
    if (scale != nullptr) scales = at::ArrayRef<double>(scale, scale_count);
    return at::upsample_bilinear2d(input, sizes, align_corners, scales);
  });
}
EXPORT Tensor* ts_cosine_similarity(const Tensor& a, const Tensor& b, int64_t dim, double eps) {
  return tensor([&] { return at::cosine_similarity(a, b, dim, eps); });
}

EXPORT Tensor* ts_cross_entropy(const Tensor& input, const Tensor& target, const Tensor* weight, int64_t reduction,
                                int64_t ignore_index, double smoothing) {
  return tensor([&] {
    return at::cross_entropy_loss(input, target, optional(weight), reduction, ignore_index, smoothing);
  });
}
EXPORT Tensor* ts_nll_loss(const Tensor& input, const Tensor& target, const Tensor* weight, int64_t reduction) {
  return tensor([&] { return at::nll_loss_nd(input, target, optional(weight), reduction); });
}
EXPORT Tensor* ts_bce_with_logits(const Tensor& input, const Tensor& target, const Tensor* weight,
                                  const Tensor* pos_weight, int64_t reduction) {
  return tensor([&] {
    return at::binary_cross_entropy_with_logits(input, target, optional(weight), optional(pos_weight), reduction);
  });
}
EXPORT Tensor* ts_bce(const Tensor& input, const Tensor& target, const Tensor* weight, int64_t reduction) {
  return tensor([&] { return at::binary_cross_entropy(input, target, optional(weight), reduction); });
}
EXPORT Tensor* ts_kl_div(const Tensor& input, const Tensor& target, int64_t reduction, bool log_target) {
  return tensor([&] { return at::kl_div(input, target, reduction, log_target); });
}
EXPORT Tensor* ts_smooth_l1_loss(const Tensor& input, const Tensor& target, int64_t reduction, double beta) {
  return tensor([&] { return at::smooth_l1_loss(input, target, reduction, beta); });
}
EXPORT Tensor* ts_mse_loss(const Tensor& input, const Tensor& target, int64_t reduction) {
  return tensor([&] { return at::mse_loss(input, target, reduction); });
}
EXPORT Tensor* ts_l1_loss(const Tensor& input, const Tensor& target, int64_t reduction) {
  return tensor([&] { return at::l1_loss(input, target, reduction); });
}
EXPORT Tensor* ts_cosine_embedding_loss(const Tensor& a, const Tensor& b, const Tensor& target, double margin,
                                        int64_t reduction) {
  return tensor([&] { return at::cosine_embedding_loss(a, b, target, margin, reduction); });
}
