# shellcheck shell=bash
# Chooses where tensors come from, the official package if it can be restored, else our stand-in; and figures.

# choose_backends decides what is neither remembered nor overridden, and loads the choice.
choose_backends() {
  remember_backends
  load_choice
}

# In a subshell: what is remembered is not what an override asks for this time.
remember_backends() (
  torch='' torch_why='' plot='' plot_why=''
  if [[ -f $state/choice ]]; then
    # shellcheck source=/dev/null
    . "$state/choice"
  fi
  if [[ -z $torch && -z ${DAS_TORCH-} && -z ${LIBTORCH-} ]]; then
    choose_torch
    say "tensors: $torch ($torch_why)"
  fi
  if [[ -z $plot && -z ${DAS_PLOT-} ]]; then
    choose_plot
    say "plots: $plot ($plot_why)"
  fi
  printf '%s=%q\n' torch "$torch" torch_why "$torch_why" plot "$plot" plot_why "$plot_why" >"$state/choice"
)

choose_torch() {
  local package=TorchSharp-cpu why_not
  torch=system
  if [[ $(uname -sm) != 'Linux x86_64' ]]; then
    torch_why='the official packages are tried on Linux x86_64 only'
    return
  fi

  if command -v nvidia-smi >/dev/null && nvidia-smi >/dev/null 2>&1; then
    package=TorchSharp-cuda-linux
  fi

  # The package alone is small and shows whether a registry has it; what it brings along is not.
  if probe "$package" alone 60 && {
    say "downloading $package with its libtorch, once: hundreds of megabytes, with CUDA several thousand…"
    probe "$package" whole 3600
  }; then
    torch=$package torch_why='the official package was restored'
  else
    torch_why=$why_not
  fi
}

# OxyPlot.Core 2.2.0 measures text at three quarters of its size when it writes SVG, so that labels overlap and are cut.
choose_plot() {
  plot=standin plot_why='labels overlap in the SVG files of OxyPlot.Core 2.2.0'
}

# probe PACKAGE alone|whole SECONDS: tries to restore it; sets why_not where that fails.
probe() {
  local package=$1 depth=$2 seconds=$3 log=$state/probe-$1.log status=0
  (cd -- "$root" && timeout "$seconds" \
    "$dotnet" restore build/probe/Probe.csproj "-p:Probe=$package" "-p:ProbeDepth=$depth") >"$log" 2>&1 || status=$?
  if ((status == 0)); then
    return 0
  elif ((status == 124)); then
    why_not="$package could not be restored within $seconds s"
  elif grep -qE 'NU110[0-3]' "$log"; then
    why_not="no package source here has $package"
  elif grep -q 'NU1301' "$log"; then
    why_not="no package source that might have $package could be reached"
  else
    why_not="restoring $package failed: see artifacts/launcher/${log##*/}"
  fi
  return 1
}
