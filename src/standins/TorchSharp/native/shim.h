// The boundary between TorchSharp's managed members and libtorch.
//
// Every export takes and returns plain C values; a tensor crosses as a pointer to a heap-allocated at::Tensor that
// the managed Tensor owns. No exception leaves an export: it is kept as this thread's last error, the export returns
// null (tensors, lists) or a non-zero status, and the managed side turns that into an ExternalException.
#pragma once

#include <ATen/ATen.h>

#include <string>
#include <utility>
#include <vector>

#define EXPORT extern "C" __attribute__((visibility("default")))

namespace shim {

using Tensors = std::vector<at::Tensor>;

// How System.Int64/Double/Boolean scalars arrive: the bits, and which of the three they are.
struct Scalar {
  int64_t bits;
  int32_t kind;  // 0 integer, 1 floating, 2 boolean
};

// Where a new tensor is to live: -1 stands for "libtorch's default".
struct Options {
  int32_t dtype;
  int32_t device_type;
  int32_t device_index;
};

void remember(const std::string& message) noexcept;
void remember_current_exception() noexcept;

at::Scalar scalar(Scalar value);
c10::optional<at::Scalar> scalar(const Scalar* value);
c10::optional<at::ScalarType> dtype(int32_t code);
at::TensorOptions options(Options where);
c10::optional<at::Generator> generator(const at::Generator* value);
inline c10::optional<at::Tensor> optional(const at::Tensor* value) {
  return value == nullptr ? c10::nullopt : c10::optional<at::Tensor>(*value);
}
inline at::Tensor or_undefined(const at::Tensor* value) { return value == nullptr ? at::Tensor() : *value; }
Tensors gather(at::Tensor* const* handles, int64_t count);

template <class Body>
at::Tensor* tensor(Body&& body) noexcept {
  try {
    return new at::Tensor(body());
  } catch (...) {
    remember_current_exception();
    return nullptr;
  }
}

template <class Body>
Tensors* tensors(Body&& body) noexcept {
  try {
    return new Tensors(body());
  } catch (...) {
    remember_current_exception();
    return nullptr;
  }
}

// For questions that cannot fail in a sane process: the fallback is the answer if they do.
template <class T, class Body>
T answer(T fallback, Body&& body) noexcept {
  try {
    return body();
  } catch (...) {
    remember_current_exception();
    return fallback;
  }
}

template <class Body>
int32_t status(Body&& body) noexcept {
  try {
    body();
    return 0;
  } catch (...) {
    remember_current_exception();
    return 1;
  }
}

}  // namespace shim
