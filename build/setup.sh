#!/usr/bin/env bash
# Everything between a bare clone and a built das; run by the launcher, under its lock.
#   setup.sh command-line|everything
set -euo pipefail

root=$(dirname -- "$(dirname -- "$(readlink -f -- "${BASH_SOURCE[0]}")")")
# shellcheck source=build/common.sh
. "$root/build/common.sh"
# shellcheck source=build/sdk.sh
. "$root/build/sdk.sh"
# shellcheck source=build/apt.sh
. "$root/build/apt.sh"
# shellcheck source=build/torch.sh
. "$root/build/torch.sh"
# shellcheck source=build/natives.sh
. "$root/build/natives.sh"
# shellcheck source=build/datasets.sh
. "$root/build/datasets.sh"
export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_CLI_UI_LANGUAGE=en DOTNET_GENERATE_ASPNET_CERTIFICATE=false

# compile NAME PROJECT: builds in Release. The stamp carries the time at which the build began, so that a file saved
# meanwhile is built the next time.
compile() {
  local name=$1 project=$2 log=$state/build.log stamp
  build_key >"$state/building"
  say "building with $torch; the first time takes a minute or two…"
  # One compiler for all projects, where starting one for each would take as long as compiling; where the environment wants none to stay, it goes.
  if ! (cd -- "$root" && "$dotnet" build "$project" -c Release -v quiet "-p:Torch=$torch" -p:UseSharedCompilation=true) >"$log" 2>&1; then
    cat -- "$log" >&2
    fail 1 "the build failed; its output is above, and in $log"
  fi
  [[ ${UseSharedCompilation-} != false ]] || "$dotnet" build-server shutdown --vbcscompiler >>"$log" 2>&1 || true

  mend_natives

  # What was built before, for another choice, has just been overwritten.
  for stamp in "$state"/built-*; do
    [[ ! -f $stamp ]] || cmp -s -- "$stamp" "$state/building" || rm -- "$stamp"
  done
  cp -p -- "$state/building" "$state/built-command-line"
  if [[ $name == everything ]]; then
    cp -p -- "$state/building" "$state/built-everything"
  fi
}

load_choice
if [[ -f $state/dotnet ]] && is_fresh "$1"; then
  exit 0 # another das has just done it
fi
find_sdk
choose_torch
ensure_fashion_mnist
ensure_wordnet
case $1 in
  command-line) compile "$1" src/DasSearch.Cli ;;
  everything) compile "$1" DasSearch.sln ;;
esac
