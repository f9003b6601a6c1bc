# shellcheck shell=bash
# Chooses the package that tensors come from.

# choose_torch takes the package for the GPU where one answers, and remembers the choice.
choose_torch() {
  [[ -z $torch ]] || return 0
  torch=TorchSharp-cpu torch_why='no NVIDIA GPU answers'
  if command -v nvidia-smi >/dev/null && nvidia-smi >/dev/null 2>&1; then
    torch=TorchSharp-cuda-linux torch_why='an NVIDIA GPU answers'
  fi
  say "tensors: $torch ($torch_why); downloading its libtorch, once, takes a while: hundreds of megabytes, with CUDA thousands"
  printf '%s=%q\n' torch "$torch" torch_why "$torch_why" >"$state/choice"
}
