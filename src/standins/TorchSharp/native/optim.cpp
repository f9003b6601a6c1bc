// Whole optimizer steps over one parameter group: a single crossing of the boundary, and no garbage, per step.
// The arithmetic is that of torch.optim 1.13's single-tensor loops, operation by operation, so that results agree but for rounding.
#include "shim.h"

#include <cmath>

using at::Tensor;
using namespace shim;

EXPORT int32_t ts_zero_grad(Tensor* const* parameters, int64_t count) {
  return status([&] {
    for (int64_t i = 0; i < count; ++i) {
      auto& grad = parameters[i]->mutable_grad();
      if (!grad.defined()) continue;
      grad = grad.detach();
      grad.zero_();
    }
  });
}

EXPORT bool ts_has_grad(const Tensor& self) { return self.grad().defined(); }

struct AdamOptions {
  double lr, beta1, beta2, eps, weight_decay;
  int32_t amsgrad, maximize, decoupled;
};

namespace {

bool is_plain(const Tensor& t) { return t.is_cpu() && t.scalar_type() == at::kFloat && t.is_contiguous(); }

// All of a parameter's step in one pass over its numbers, where the operations below make ten.
void adam_in_one_pass(const Tensor& parameter, const Tensor& grad, const Tensor& average, const Tensor& square, double step_size,
                      double correction, const AdamOptions& o) {
  float *p = parameter.data_ptr<float>(), *m = average.data_ptr<float>(), *v = square.data_ptr<float>();
  const float *g = grad.data_ptr<float>(), sign = o.maximize ? -1.0f : 1.0f;
  const float decay = o.decoupled ? static_cast<float>(1 - o.lr * o.weight_decay) : 1.0f;
  const float penalty = o.decoupled ? 0.0f : static_cast<float>(o.weight_decay);
  const float beta1 = static_cast<float>(o.beta1), rest1 = static_cast<float>(1 - o.beta1);
  const float beta2 = static_cast<float>(o.beta2), rest2 = static_cast<float>(1 - o.beta2);
  const float size = static_cast<float>(-step_size), scale = static_cast<float>(correction), eps = static_cast<float>(o.eps);
  const int64_t count = parameter.numel();
  for (int64_t i = 0; i < count; ++i) {
    const float decayed = p[i] * decay, slope = sign * g[i] + penalty * p[i];
    m[i] = m[i] * beta1 + rest1 * slope;
    v[i] = v[i] * beta2 + rest2 * slope * slope;
    p[i] = decayed + size * m[i] / (std::sqrt(v[i]) / scale + eps);
  }
}

}  // namespace

// Loshchilov & Hutter, arXiv:1711.05101, where decoupled; Kingma & Ba, arXiv:1412.6980, where not.
EXPORT int32_t ts_adam_step(Tensor* const* parameters, Tensor* const* averages, Tensor* const* squares,
                            Tensor* const* maxima, const int64_t* steps, int64_t count, const AdamOptions& o) {
  return status([&] {
    at::NoGradGuard no_grad;
    for (int64_t i = 0; i < count; ++i) {
      Tensor& parameter = *parameters[i];
      if (!parameter.grad().defined()) continue;
      const double step = static_cast<double>(steps[i]);
      const double step_size = o.lr / (1 - std::pow(o.beta1, step));
      const double correction = std::sqrt(1 - std::pow(o.beta2, step));
      if (!o.amsgrad && is_plain(parameter) && is_plain(parameter.grad()) && is_plain(*averages[i]) && is_plain(*squares[i])) {
        adam_in_one_pass(parameter, parameter.grad(), *averages[i], *squares[i], step_size, correction, o);
        parameter.unsafeGetTensorImpl()->bump_version();
        continue;
      }
      Tensor grad = o.maximize ? -parameter.grad() : parameter.grad();
      if (o.decoupled) {
        parameter.mul_(1 - o.lr * o.weight_decay);
      } else if (o.weight_decay != 0) {
        grad = grad.add(parameter, o.weight_decay);
      }
      averages[i]->mul_(o.beta1).add_(grad, 1 - o.beta1);
      squares[i]->mul_(o.beta2).addcmul_(grad, grad, 1 - o.beta2);
      Tensor second = *squares[i];
      if (o.amsgrad) {
        at::maximum_out(*maxima[i], *maxima[i], second);
        second = *maxima[i];
      }
      parameter.addcdiv_(*averages[i], second.sqrt().div_(correction).add_(o.eps), -step_size);
    }
  });
}

struct SgdOptions {
  double lr, momentum, dampening, weight_decay;
  int32_t nesterov, maximize;
};

// A null momentum buffer means "first step": the caller gets the new buffer back in its place.
EXPORT int32_t ts_sgd_step(Tensor* const* parameters, Tensor** buffers, int64_t count, const SgdOptions& o) {
  return status([&] {
    at::NoGradGuard no_grad;
    for (int64_t i = 0; i < count; ++i) {
      Tensor& parameter = *parameters[i];
      if (!parameter.grad().defined()) continue;
      Tensor grad = o.maximize ? -parameter.grad() : parameter.grad();
      if (o.weight_decay != 0) grad = grad.add(parameter, o.weight_decay);
      if (o.momentum != 0) {
        if (buffers[i] == nullptr) {
          buffers[i] = new Tensor(grad.clone().detach());
        } else {
          buffers[i]->mul_(o.momentum).add_(grad, 1 - o.dampening);
        }
        grad = o.nesterov ? grad.add(*buffers[i], o.momentum) : *buffers[i];
      }
      parameter.add_(grad, -o.lr);
    }
  });
}

// The norm of the norms, then one scale for all, as torch.nn.utils.clip_grad_norm_ does it.
EXPORT int32_t ts_clip_grad_norm(Tensor* const* parameters, int64_t count, double max_norm, double norm_type,
                                 double* total) {
  return status([&] {
    at::NoGradGuard no_grad;
    Tensors norms;
    for (int64_t i = 0; i < count; ++i) {
      if (!parameters[i]->grad().defined()) continue;
      const auto grad = parameters[i]->grad().detach();
      norms.push_back(std::isinf(norm_type) ? grad.abs().max() : grad.norm(norm_type));
    }
    *total = 0;
    if (norms.empty()) return;
    for (auto& norm : norms) norm = norm.to(norms.front().device());
    const auto stacked = at::stack(norms);
    const auto whole = std::isinf(norm_type) ? stacked.max() : stacked.norm(norm_type);
    *total = whole.item<double>();
    const auto scale = (max_norm / (whole + 1e-6)).clamp_max(1.0);
    for (int64_t i = 0; i < count; ++i) {
      if (!parameters[i]->grad().defined()) continue;
      auto grad = parameters[i]->grad().detach();
      grad.mul_(scale.to(grad.device()));
    }
  });
}
EXPORT int32_t ts_clip_grad_value(Tensor* const* parameters, int64_t count, double limit) {
  return status([&] {
    at::NoGradGuard no_grad;
    for (int64_t i = 0; i < count; ++i) {
      if (parameters[i]->grad().defined()) parameters[i]->grad().detach().clamp_(-limit, limit);
    }
  });
}
