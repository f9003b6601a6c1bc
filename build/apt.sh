# shellcheck shell=bash
# Installs Debian packages where that can be done without asking, or unpacks them into a folder.

can_install() {
  command -v apt-get >/dev/null && { ((EUID == 0)) || sudo -n true 2>/dev/null; }
}

install_packages() {
  local as_root=()
  ((EUID == 0)) || as_root=(sudo -n)
  say "installing $* with apt-get, once; this can take a few minutes…"
  {
    "${as_root[@]}" apt-get update -q &&
      "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "$@"
  } </dev/null >"$state/apt.log" 2>&1
}

# unpack_package PACKAGE FOLDER: takes a package without installing it, which needs no root.
unpack_package() {
  local package=$1 folder=$2 work
  command -v apt-get >/dev/null && command -v dpkg-deb >/dev/null || return 1
  say "taking $package with apt-get download, once; this can take a few minutes…"
  work=$(mktemp -d) || return 1
  mkdir -p -- "$work"/{lists,cache,new}/partial
  local own=(-o "Dir::State::Lists=$work/lists" -o "Dir::Cache=$work/cache" -o Debug::NoLocking=1)
  if (
    cd -- "$work/new" &&
      { apt-get download "$package" || { apt-get "${own[@]}" update -q && apt-get "${own[@]}" download "$package"; }; } &&
      mkdir -p -- "$folder" && dpkg-deb -x "$package"_*.deb "$folder"
  ) </dev/null >"$state/apt.log" 2>&1; then
    rm -rf -- "$work"
  else
    rm -rf -- "$work"
    return 1
  fi
}
