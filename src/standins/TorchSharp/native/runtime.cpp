// Errors, conversions of arguments, threads, devices and versions.
#include "shim.h"

#include <ATen/Parallel.h>
#include <ATen/Version.h>
#include <torch/version.h>

#include <cstring>

namespace shim {

static thread_local std::string last_error;

void remember(const std::string& message) noexcept {
  try {
    last_error = message.empty() ? "libtorch failed without a message" : message;
  } catch (...) {
    // Out of memory while copying a message: the status alone has to do.
  }
}

void remember_current_exception() noexcept {
  try {
    throw;
  } catch (const c10::Error& error) {
    remember(error.what_without_backtrace());
  } catch (const std::exception& error) {
    remember(error.what());
  } catch (...) {
    remember("libtorch threw something that is no std::exception");
  }
}

at::Scalar scalar(Scalar value) {
  if (value.kind == 0) return at::Scalar(value.bits);
  if (value.kind == 2) return at::Scalar(value.bits != 0);
  double real;
  std::memcpy(&real, &value.bits, sizeof real);
  return at::Scalar(real);
}

c10::optional<at::Scalar> scalar(const Scalar* value) {
  return value == nullptr ? c10::nullopt : c10::optional<at::Scalar>(scalar(*value));
}

c10::optional<at::ScalarType> dtype(int32_t code) {
  if (code < 0) return c10::nullopt;
  TORCH_CHECK(code < static_cast<int32_t>(at::ScalarType::NumOptions), "unknown element type ", code);
  return static_cast<at::ScalarType>(code);
}

static at::Device device(int32_t type, int32_t index) {
  TORCH_CHECK(type >= 0 && type < static_cast<int32_t>(at::COMPILE_TIME_MAX_DEVICE_TYPES), "unknown device type ", type);
  TORCH_CHECK(index >= -1 && index < 128, "invalid device index ", index);
  return at::Device(static_cast<at::DeviceType>(type), static_cast<at::DeviceIndex>(index));
}

at::TensorOptions options(Options where) {
  at::TensorOptions result;
  if (auto type = dtype(where.dtype)) result = result.dtype(*type);
  if (where.device_type >= 0) result = result.device(device(where.device_type, where.device_index));
  return result;
}

c10::optional<at::Generator> generator(const at::Generator* value) {
  return value == nullptr ? c10::nullopt : c10::optional<at::Generator>(*value);
}

Tensors gather(at::Tensor* const* handles, int64_t count) {
  Tensors result;
  result.reserve(count);
  for (int64_t i = 0; i < count; ++i) result.push_back(or_undefined(handles[i]));
  return result;
}

}  // namespace shim

EXPORT const char* ts_last_error() { return shim::last_error.c_str(); }
EXPORT void ts_clear_error() { shim::last_error.clear(); }
EXPORT const char* ts_version() { return TORCH_VERSION; }

EXPORT int32_t ts_get_num_threads() {
  return shim::answer(1, [] { return at::get_num_threads(); });
}
EXPORT int32_t ts_set_num_threads(int32_t count) {
  return shim::status([&] {
    TORCH_CHECK(count > 0, "set_num_threads expects a positive integer, got ", count);
    at::set_num_threads(count);
  });
}
EXPORT int32_t ts_get_num_interop_threads() {
  return shim::answer(1, [] { return static_cast<int>(at::get_num_interop_threads()); });
}
EXPORT int32_t ts_set_num_interop_threads(int32_t count) {
  return shim::status([&] {
    TORCH_CHECK(count > 0, "set_num_interop_threads expects a positive integer, got ", count);
    at::set_num_interop_threads(count);
  });
}

EXPORT int32_t ts_cuda_device_count() {
  return shim::answer(0, [] { return at::hasCUDA() ? at::detail::getCUDAHooks().getNumGPUs() : 0; });
}
EXPORT bool ts_cuda_is_available() { return ts_cuda_device_count() > 0; }
EXPORT bool ts_cudnn_is_available() {
  return shim::answer(false, [] { return at::hasCUDA() && at::detail::getCUDAHooks().hasCuDNN(); });
}
EXPORT int32_t ts_initialize_device(int32_t type) {
  return shim::status([&] {
    if (static_cast<at::DeviceType>(type) == at::kCPU) return;
    TORCH_CHECK(static_cast<at::DeviceType>(type) == at::kCUDA, "device type ", type, " is not supported");
    TORCH_CHECK(ts_cuda_is_available(), "CUDA was asked for, but this libtorch sees no CUDA device");
    at::globalContext().lazyInitCUDA();
  });
}
