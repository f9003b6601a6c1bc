# shellcheck shell=bash
# Sees to it that TorchSharp's native library loads: with a libstdc++ older than GCC 13's, from a mended copy. Needs apt.sh.

mend_natives() {
  local tool=$root/artifacts/bin/DasSearch.Natives/release/DasSearch.Natives.dll libraries=$root/artifacts/native status=0
  if [[ $torch == TorchSharp-cuda-linux ]]; then
    libraries=$root/artifacts/bin/DasSearch.Cli/release/runtimes/linux-x64/native
  fi
  local run=("$dotnet" "$tool" "$libraries" "$root/artifacts/native-mended")
  "${run[@]}" || status=$?
  if ((status == 3)); then
    local missing='libstdc++ is older here than the tensor library expects, and mending that takes a C compiler'
    if ! can_install; then
      fail 1 "$missing: run  sudo sh -c 'apt-get update && apt-get install -y --no-install-recommends gcc libc6-dev'"
    fi
    install_packages gcc libc6-dev || fail 1 "$missing, which apt-get could not install: see $state/apt.log"
    status=0
    "${run[@]}" || status=$?
  fi
  ((status == 0)) || fail 1 'the tensor library cannot be loaded; the reason is above'
}
