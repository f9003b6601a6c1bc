// Products of many small matrices, as attention over few tokens has them. A libtorch without MKL multiplies a batch matrix by
// matrix through its dispatcher, which takes many times as long as the arithmetic; here its BLAS is called directly.
#include "shim.h"

#include <torch/csrc/autograd/custom_function.h>

#include <algorithm>

using at::Tensor;
using namespace shim;
using torch::autograd::AutogradContext;
using torch::autograd::variable_list;

// BLAS, column by column, 32-bit integers; of the library that libtorch itself was linked with, if it was with one.
extern "C" void sgemm_(const char* transa, const char* transb, const int* m, const int* n, const int* k, const float* alpha,
                       const float* a, const int* lda, const float* b, const int* ldb, const float* beta, float* c,
                       const int* ldc) __attribute__((weak));

namespace {

// Multiplications of one product; above, the dispatcher's share is small.
constexpr int64_t kLargest = 1 << 18;

// A matrix as BLAS takes it: row by row, or the same transposed. Its rows may be apart.
struct Layout {
  char transposed;
  int leading;
};

bool has_rows(const Tensor& t) { return t.stride(-1) == 1 && t.stride(-2) >= std::max<int64_t>(t.size(-1), 1); }
bool has_columns(const Tensor& t) { return t.stride(-2) == 1 && t.stride(-1) >= std::max<int64_t>(t.size(-2), 1); }

Tensor laid_out(const Tensor& t) { return has_rows(t) || has_columns(t) ? t : t.contiguous(); }

Layout layout(const Tensor& t) {
  return has_rows(t) ? Layout{'N', static_cast<int>(t.stride(-2))} : Layout{'T', static_cast<int>(t.stride(-1))};
}

// Where the matrix of that number begins, batch dimensions counted from the last.
int64_t offset(const Tensor& t, int64_t number) {
  int64_t sum = 0;
  for (int64_t dim = t.dim() - 3; dim >= 0; --dim) {
    sum += number % t.size(dim) * t.stride(dim);
    number /= t.size(dim);
  }
  return sum;
}

bool is_suited(const Tensor& a, const Tensor& b) {
  return sgemm_ != nullptr && !at::hasMKL() && a.dim() >= 3 && a.dim() == b.dim() && a.is_cpu() && b.is_cpu() &&
         a.layout() == at::kStrided && b.layout() == at::kStrided && a.scalar_type() == at::kFloat &&
         b.scalar_type() == at::kFloat && a.numel() > 0 && b.numel() > 0 && a.size(-1) == b.size(-2) &&
         a.sizes().slice(0, a.dim() - 2) == b.sizes().slice(0, b.dim() - 2) &&
         a.size(-2) * a.size(-1) * b.size(-1) <= kLargest;
}

// [batch…, m, k] times [batch…, k, n], row by row: what BLAS takes for columns are rows, so that it is given B and A for BᵀAᵀ = Cᵀ.
Tensor multiply_batch(const Tensor& first, const Tensor& second) {
  const Tensor a = laid_out(first), b = laid_out(second);
  auto sizes = a.sizes().vec();
  sizes.back() = b.size(-1);
  Tensor c = at::empty(sizes, a.options());
  const int m = static_cast<int>(a.size(-2)), k = static_cast<int>(a.size(-1)), n = static_cast<int>(b.size(-1));
  const auto [a_transposed, a_leading] = layout(a);
  const auto [b_transposed, b_leading] = layout(b);
  const float one = 1, zero = 0;
  const float *a_data = a.data_ptr<float>(), *b_data = b.data_ptr<float>();
  float* c_data = c.data_ptr<float>();
  const int64_t count = c.numel() / (static_cast<int64_t>(m) * n);
  for (int64_t i = 0; i < count; ++i) {
    sgemm_(&b_transposed, &a_transposed, &n, &m, &k, &one, b_data + offset(b, i), &b_leading, a_data + offset(a, i), &a_leading,
           &zero, c_data + i * m * n, &n);
  }
  return c;
}

Tensor product(const Tensor& a, const Tensor& b);

struct SmallProducts : torch::autograd::Function<SmallProducts> {
  static Tensor forward(AutogradContext* context, const Tensor& a, const Tensor& b) {
    context->save_for_backward({a, b});
    return multiply_batch(a, b);
  }

  // Of products that can be differentiated again.
  static variable_list backward(AutogradContext* context, const variable_list& gradients) {
    const auto saved = context->get_saved_variables();
    const Tensor &a = saved[0], &b = saved[1], &gradient = gradients[0];
    return {a.requires_grad() ? product(gradient, b.transpose(-2, -1)) : Tensor(),
            b.requires_grad() ? product(a.transpose(-2, -1), gradient) : Tensor()};
  }
};

Tensor product(const Tensor& a, const Tensor& b) {
  if (!is_suited(a, b)) return at::matmul(a, b);
  const bool is_recorded = at::GradMode::is_enabled() && (a.requires_grad() || b.requires_grad());
  return is_recorded ? SmallProducts::apply(a, b) : multiply_batch(a, b);
}

}  // namespace

EXPORT Tensor* ts_matmul(const Tensor& self, const Tensor& other) { return tensor([&] { return product(self, other); }); }
EXPORT Tensor* ts_bmm(const Tensor& self, const Tensor& other) {
  return tensor([&] { return self.dim() == 3 && is_suited(self, other) ? product(self, other) : self.bmm(other); });
}
