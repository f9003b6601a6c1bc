# shellcheck shell=bash
# Makes the tools available that exports are tried with: PyTorch, ONNX's checker, Jupyter; and reports: Chromium. Needs apt.sh.

# ensure_referees installs what is missing. A failure is a warning, since only the tests that need it fail.
ensure_referees() {
  local missing=() module command
  for module in torch onnx nbclient ipykernel pandas scipy matplotlib; do
    has_python_module "$module" || missing+=("python3-$module")
  done
  # Without it Debian's PyTorch multiplies matrices by the reference BLAS, and networks of the papers' sizes take ten times as long.
  has_openblas || missing+=(libopenblas0-pthread)
  command -v chromium >/dev/null || missing+=(chromium)
  if ((${#missing[@]} > 0)) && { ! can_install || ! install_packages "${missing[@]}"; }; then
    command="apt-get update && apt-get install -y --no-install-recommends ${missing[*]}"
    say "warning: what tests try exports and reports with is missing: run  sudo sh -c '$command'"
  fi
}

has_openblas() {
  local libraries
  libraries=$(PATH=$PATH:/sbin:/usr/sbin ldconfig -p 2>/dev/null) && [[ $libraries == *libopenblas* ]]
}

# The same places in which the tests look.
has_python_module() {
  local python
  for python in ${DAS_PYTHON:+"$DAS_PYTHON"} /usr/bin/python3 python3; do
    if "$python" -c "import $1" >/dev/null 2>&1; then
      return 0
    fi
  done
  return 1
}
