# shellcheck shell=bash
# Finds a .NET SDK that this repository can be built with.

# Where installers put it when it is not on the PATH.
sdk_places=("$HOME/.dotnet" /usr/share/dotnet /usr/lib/dotnet /usr/local/share/dotnet)

# find_sdk sets dotnet to the first SDK that satisfies global.json, and remembers it.
find_sdk() {
  local candidate unfit=() candidates=()
  [[ -z ${DOTNET_ROOT-} ]] || candidates+=("$DOTNET_ROOT/dotnet")
  candidate=$(command -v dotnet) && candidates+=("$candidate")
  for candidate in "${candidates[@]}" "${sdk_places[@]/%//dotnet}"; do
    [[ -x $candidate ]] || continue
    # The SDK itself decides: at the root of the repository it refuses to start unless global.json accepts it.
    if (cd -- "$root" && "$candidate" --version) >/dev/null 2>&1; then
      dotnet=$candidate
      printf '%s\n' "$dotnet" >"$state/dotnet"
      return
    fi
    unfit+=("$candidate has $("$candidate" --list-sdks 2>/dev/null | cut -d ' ' -f 1 | paste -sd ' ' -)")
  done

  if ((${#unfit[@]} == 0)); then
    say "no .NET SDK was found: not on the PATH, not in DOTNET_ROOT, not in ${sdk_places[*]}"
  else
    say "no .NET SDK here is fit for this repository, which needs 10.0.100 or a later 10.0: ${unfit[*]}"
  fi
  fail 1 'install the .NET SDK 10.0 (https://dotnet.microsoft.com/download, on Ubuntu: sudo apt-get install dotnet-sdk-10.0), or set DOTNET_ROOT to its folder'
}
