# shellcheck shell=bash
# Makes the photos available that FashionVL is made of, and WordNet's glosses. Needs apt.sh.

ensure_fashion_mnist() {
  ensure_data dataset-fashion-mnist fashion_mnist FASHION_MNIST 'the photos of Fashion-MNIST are' 'their four IDX files'
}

ensure_wordnet() {
  ensure_data wordnet-base wordnet WORDNET "WordNet's glosses are" 'its data files'
}

# ensure_data PACKAGE NAME VARIABLE WHAT FILES installs what is missing, or takes it into artifacts/ where nothing may be installed. A
# failure is a warning, since only commands that need the data fail.
ensure_data() {
  local package=$1 name=$2 variable=$3 what=$4 files=$5
  local folder=${name}_folder
  "find_$name"
  if [[ -n ${!variable-} ]] || "has_$name" "${!folder}"; then
    return
  fi
  if can_install && install_packages "$package"; then
    return
  fi
  if unpack_package "$package" "$unpacked"; then
    "find_$name"
    return
  fi
  say "warning: $what missing: run  sudo sh -c 'apt-get update && apt-get install -y $package'  or set $variable to a folder with $files"
}
