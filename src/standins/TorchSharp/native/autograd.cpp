// The graph: what is recorded, and the gradients read from it.
#include "shim.h"

#include <ATen/core/grad_mode.h>
#include <c10/core/InferenceMode.h>
#include <torch/csrc/autograd/autograd.h>

using at::Tensor;
using namespace shim;

EXPORT bool ts_requires_grad(const Tensor& self) { return self.requires_grad(); }
EXPORT int32_t ts_set_requires_grad(Tensor& self, bool value) {
  return status([&] { self.set_requires_grad(value); });
}
EXPORT bool ts_is_leaf(const Tensor& self) { return self.is_leaf(); }
EXPORT int32_t ts_retain_grad(const Tensor& self) {
  return status([&] { self.retain_grad(); });
}
EXPORT Tensor* ts_detach(const Tensor& self) { return tensor([&] { return self.detach(); }); }
EXPORT int32_t ts_detach_(Tensor& self) {
  return status([&] { self.detach_(); });
}

EXPORT bool ts_grad_enabled() { return at::GradMode::is_enabled(); }
EXPORT void ts_set_grad_enabled(bool enabled) { at::GradMode::set_enabled(enabled); }
EXPORT bool ts_inference_enabled() { return c10::InferenceMode::is_enabled(); }
EXPORT int32_t ts_inference_enter(bool enabled, c10::InferenceMode** guard) {
  return status([&] { *guard = new c10::InferenceMode(enabled); });
}
EXPORT void ts_inference_leave(c10::InferenceMode* guard) { delete guard; }

EXPORT int32_t ts_backward(Tensor* const* outputs, int64_t output_count, Tensor* const* gradients, int64_t gradient_count,
                           int32_t retain_graph, bool create_graph, Tensor* const* inputs, int64_t input_count) {
  return status([&] {
    const auto retain = retain_graph < 0 ? c10::nullopt : c10::optional<bool>(retain_graph != 0);
    torch::autograd::backward(gather(outputs, output_count), gather(gradients, gradient_count), retain, create_graph,
                              gather(inputs, input_count));
  });
}
EXPORT Tensors* ts_grad(Tensor* const* outputs, int64_t output_count, Tensor* const* inputs, int64_t input_count,
                        Tensor* const* gradients, int64_t gradient_count, bool retain_graph, bool create_graph,
                        bool allow_unused) {
  return tensors([&] {
    return torch::autograd::grad(gather(outputs, output_count), gather(inputs, input_count),
                                 gather(gradients, gradient_count), retain_graph, create_graph, allow_unused);
  });
}
// A leaf on the same storage, as torch.nn.Parameter makes it.
EXPORT Tensor* ts_parameter(const Tensor& data, bool requires_grad) {
  return tensor([&] { return data.detach().set_requires_grad(requires_grad); });
}
