# shellcheck shell=bash
# Installs Debian packages, where that can be done without asking.

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
