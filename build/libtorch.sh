# shellcheck shell=bash
# Makes the system's libtorch available, with what it takes to build the stand-in against it. Needs apt.sh.

# Where find_package(Torch) looks for a libtorch that a distribution installed.
torch_configs=(/usr/lib/*/cmake/Torch/TorchConfig.cmake /usr/{lib,share,local/lib,local/share}/cmake/Torch/TorchConfig.cmake)

ensure_libtorch() {
  local missing=() command=''
  if [[ -n ${LIBTORCH-} ]]; then
    check_libtorch_folder
  elif ! any_file "${torch_configs[@]}"; then
    missing+=(libtorch-dev)
  fi
  command -v c++ >/dev/null || missing+=(g++)
  command -v cmake >/dev/null || missing+=(cmake)
  command -v make >/dev/null || missing+=(make)

  if ((${#missing[@]} > 0)); then
    # Together with BLAS, which libtorch brings along in its slow form otherwise.
    [[ -n ${LIBTORCH-} ]] || missing+=(libopenblas0-pthread)
    command="apt-get update && apt-get install -y --no-install-recommends ${missing[*]}"
    if ! can_install; then
      fail 1 "what builds and runs the tensor library is missing: run  sudo sh -c '$command'  or set LIBTORCH to a libtorch folder and have cmake, make and g++ on the PATH"
    fi
    install_packages "${missing[@]}" || fail 1 "apt-get failed: see $state/apt.log, or run  sudo sh -c '$command'  yourself"
  elif [[ -z ${LIBTORCH-} ]] && blas_is_slow; then
    if ! can_install || ! install_packages libopenblas0-pthread; then
      say 'warning: only the reference BLAS is here, which makes everything about ten times slower: sudo apt-get install libopenblas0-pthread'
    fi
  fi
}

check_libtorch_folder() {
  local file
  for file in share/cmake/Torch/TorchConfig.cmake include lib; do
    if [[ ! -e $LIBTORCH/$file ]]; then
      fail 1 "LIBTORCH is '$LIBTORCH', but $file is not there; expected the folder of an unpacked libtorch, with include, lib and share/cmake/Torch, and found: $(contents "$LIBTORCH")"
    fi
  done
}

contents() {
  if [[ ! -d $1 ]]; then
    printf 'no such folder'
  elif [[ -z $(ls -A -- "$1") ]]; then
    printf 'an empty folder'
  else
    # shellcheck disable=SC2012 # shown to a person
    ls -A -- "$1" | head -n 8 | paste -sd ' ' -
  fi
}

any_file() {
  local file
  for file; do
    [[ ! -f $file ]] || return 0
  done
  return 1
}

# Whether libblas.so.3 is the reference implementation, or nothing at all.
blas_is_slow() {
  local file
  file=$(PATH=$PATH:/usr/sbin:/sbin ldconfig -p 2>/dev/null | awk '$1 == "libblas.so.3" { print $NF; exit }')
  case $(readlink -m -- "${file:-/none}") in
    *openblas* | *mkl* | *blis* | *atlas*) return 1 ;;
  esac
}
