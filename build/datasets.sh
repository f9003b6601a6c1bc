# shellcheck shell=bash
# Makes the photos available that FashionVL is made of. Needs apt.sh.

# Where Debian's package puts them.
fashion_mnist_folder=/usr/share/datasets/fashion-mnist

# ensure_fashion_mnist installs what is missing. A failure is a warning, since only commands that need the photos fail.
ensure_fashion_mnist() {
  local package=dataset-fashion-mnist
  if [[ -n ${FASHION_MNIST-} ]] || has_fashion_mnist "$fashion_mnist_folder"; then
    return
  fi
  if ! can_install || ! install_packages "$package"; then
    say "warning: the photos of Fashion-MNIST are missing: run  sudo sh -c 'apt-get update && apt-get install -y $package'  or set FASHION_MNIST to a folder with their four IDX files"
  fi
}

has_fashion_mnist() {
  local name
  for name in {train,t10k}-{images-idx3,labels-idx1}-ubyte; do
    [[ -f $1/$name || -f $1/$name.gz ]] || return 1
  done
}
