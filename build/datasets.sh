# shellcheck shell=bash
# Makes the photos available that FashionVL is made of. Needs apt.sh.

# ensure_fashion_mnist installs what is missing, or takes it into artifacts/ where nothing may be installed. A failure is a warning, since
# only commands that need the photos fail.
ensure_fashion_mnist() {
  local package=dataset-fashion-mnist
  find_fashion_mnist
  if [[ -n ${FASHION_MNIST-} ]] || has_fashion_mnist "$fashion_mnist_folder"; then
    return
  fi
  if can_install && install_packages "$package"; then
    return
  fi
  if unpack_package "$package" "$unpacked"; then
    find_fashion_mnist
    return
  fi
  say "warning: the photos of Fashion-MNIST are missing: run  sudo sh -c 'apt-get update && apt-get install -y $package'  or set FASHION_MNIST to a folder with their four IDX files"
}
