// Generators and draws. Every draw takes an optional generator; without one it uses the device's default.
#include "shim.h"

#include <ATen/CPUGeneratorImpl.h>

#include <mutex>

using at::Generator;
using at::IntArrayRef;
using at::Tensor;
using namespace shim;

EXPORT void ts_generator_dispose(Generator* self) { delete self; }
EXPORT int32_t ts_generator_default(Generator** result) {
  return status([&] { *result = new Generator(at::detail::getDefaultCPUGenerator()); });
}
EXPORT int32_t ts_generator_new(uint64_t seed, int32_t device_type, int32_t device_index, Generator** result) {
  return status([&] {
    if (device_type <= 0) {
      *result = new Generator(at::detail::createCPUGenerator(seed));
      return;
    }
    const auto device = options({-1, device_type, device_index}).device();
    auto fresh = at::globalContext().defaultGenerator(device).clone();
    fresh.set_current_seed(seed);
    *result = new Generator(fresh);
  });
}
EXPORT int64_t ts_generator_initial_seed(const Generator& self) { return static_cast<int64_t>(self.current_seed()); }
EXPORT int32_t ts_generator_manual_seed(Generator& self, int64_t seed) {
  return status([&] {
    std::lock_guard<std::mutex> lock(self.mutex());
    self.set_current_seed(static_cast<uint64_t>(seed));
  });
}
EXPORT int32_t ts_generator_seed(Generator& self, int64_t* seed) {
  return status([&] {
    std::lock_guard<std::mutex> lock(self.mutex());
    *seed = static_cast<int64_t>(self.seed());
  });
}
EXPORT Tensor* ts_generator_get_state(const Generator& self) { return tensor([&] { return self.get_state(); }); }
EXPORT int32_t ts_generator_set_state(Generator& self, const Tensor& state) {
  return status([&] { self.set_state(state); });
}
EXPORT int32_t ts_manual_seed(int64_t seed) {
  return status([&] { at::manual_seed(static_cast<uint64_t>(seed)); });
}

EXPORT Tensor* ts_rand(const int64_t* sizes, int32_t dims, const Generator* source, Options where) {
  return tensor([&] { return at::rand(IntArrayRef(sizes, dims), generator(source), options(where)); });
}
EXPORT Tensor* ts_randn(const int64_t* sizes, int32_t dims, const Generator* source, Options where) {
  return tensor([&] { return at::randn(IntArrayRef(sizes, dims), generator(source), options(where)); });
}
EXPORT Tensor* ts_randint(int64_t low, int64_t high, const int64_t* sizes, int32_t dims, const Generator* source,
                          Options where) {
  return tensor([&] { return at::randint(low, high, IntArrayRef(sizes, dims), generator(source), options(where)); });
}
EXPORT Tensor* ts_randperm(int64_t n, const Generator* source, Options where) {
  return tensor([&] { return at::randperm(n, generator(source), options(where)); });
}
EXPORT Tensor* ts_normal(const Tensor& mean, const Tensor& std, const Generator* source) {
  return tensor([&] { return at::normal(mean, std, generator(source)); });
}
EXPORT Tensor* ts_multinomial(const Tensor& self, int64_t samples, bool replacement, const Generator* source) {
  return tensor([&] { return self.multinomial(samples, replacement, generator(source)); });
}
EXPORT Tensor* ts_bernoulli(const Tensor& self, const Generator* source) {
  return tensor([&] { return self.bernoulli(generator(source)); });
}
EXPORT int32_t ts_bernoulli_(Tensor& self, double p, const Generator* source) {
  return status([&] { self.bernoulli_(p, generator(source)); });
}
EXPORT int32_t ts_bernoulli_each_(Tensor& self, const Tensor& p, const Generator* source) {
  return status([&] { self.bernoulli_(p, generator(source)); });
}
EXPORT int32_t ts_normal_(Tensor& self, double mean, double std, const Generator* source) {
  return status([&] { self.normal_(mean, std, generator(source)); });
}
EXPORT int32_t ts_uniform_(Tensor& self, double from, double to, const Generator* source) {
  return status([&] { self.uniform_(from, to, generator(source)); });
}
EXPORT int32_t ts_exponential_(Tensor& self, double lambda, const Generator* source) {
  return status([&] { self.exponential_(lambda, generator(source)); });
}
EXPORT int32_t ts_random_(Tensor& self, int64_t from, int64_t to, const Generator* source) {
  return status([&] { self.random_(from, c10::optional<int64_t>(to), generator(source)); });
}
