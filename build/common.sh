# shellcheck shell=bash
# What the launcher needs on every call: kept small, because a command that needs no tensors starts in a blink.
# Sourced with $root set.

# What set-up remembers: choice (the backends and why), dotnet (the SDK's path), built-* (stamps), logs.
state=$root/artifacts/launcher

say() { printf 'das: %s\n' "$*" >&2; }

# fail CODE MESSAGE: 1 where something is missing or broke, 2 where the user asked for what does not exist.
fail() {
  local code=$1
  shift
  say "$@"
  exit "$code"
}

check_overrides() {
  case ${DAS_TORCH:-system} in
    system | TorchSharp-cpu | TorchSharp-cuda-linux) ;;
    *) fail 2 "DAS_TORCH is '$DAS_TORCH', but it must be system, TorchSharp-cpu or TorchSharp-cuda-linux" ;;
  esac
  case ${DAS_PLOT:-standin} in
    standin | OxyPlot.Core) ;;
    *) fail 2 "DAS_PLOT is '$DAS_PLOT', but it must be standin or OxyPlot.Core" ;;
  esac
}

# load_choice sets torch, torch_why, plot, plot_why: from the environment, else from what set-up chose, else empty.
load_choice() {
  torch='' torch_why='' plot='' plot_why=''
  if [[ -f $state/choice ]]; then
    # shellcheck source=/dev/null
    . "$state/choice"
  fi
  if [[ -n ${DAS_TORCH-} ]]; then
    torch=$DAS_TORCH torch_why='DAS_TORCH asks for it'
  elif [[ -n ${LIBTORCH-} ]]; then
    torch=system torch_why="LIBTORCH is set to $LIBTORCH"
  fi
  if [[ -n ${DAS_PLOT-} ]]; then
    plot=$DAS_PLOT plot_why='DAS_PLOT asks for it'
  fi
}

# What a build depends on besides the files.
build_key() { printf '%s %s %s' "$torch" "$plot" "${LIBTORCH-}"; }

# is_fresh command-line|everything: whether that was built from the files as they are now, for the choice loaded.
# Folders count like files, so that a deletion is seen, too.
is_fresh() {
  local stamp=$state/built-$1 built='' trees=("$root/src" "$root/build")
  if [[ $1 == everything ]]; then
    trees+=("$root/tests")
  fi
  [[ -f $stamp ]] || return 1
  IFS= read -r built <"$stamp" || true
  [[ $built == "$(build_key)" ]] || return 1
  [[ -z $(find "${trees[@]}" "$root"/Directory.* "$root"/{global.json,.editorconfig,BannedSymbols.txt} \
    -newer "$stamp" -print -quit) ]]
}

# prepare command-line|everything: has it built if need be; sets dotnet, torch, torch_why, plot, plot_why.
prepare() {
  load_choice
  if [[ ! -f $state/dotnet ]] || ! is_fresh "$1"; then
    set_up "$1"
    load_choice
  fi
  IFS= read -r dotnet <"$state/dotnet"
}

# set_up command-line|everything: runs set-up, one at a time.
set_up() {
  local run=(bash "$root/build/setup.sh" "$1") status=0
  mkdir -p -- "$state"
  if ! command -v flock >/dev/null; then
    "${run[@]}" || exit
    return
  fi

  # --close: a build server that outlives the build must not go on holding the lock.
  flock --close --nonblock --conflict-exit-code 75 "$state/lock" "${run[@]}" || status=$?
  if ((status == 75)); then
    say 'another das is setting up; waiting for it…'
    status=0
    flock --close "$state/lock" "${run[@]}" || status=$?
  fi
  ((status == 0)) || exit "$status"
}
