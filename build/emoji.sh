# shellcheck shell=bash
# Makes the names and pictures available that EmojiVL is made of: three files out of two packages of the npm registry.

emoji_version=16.0.0

# The packages' SHA-512, as the registry's own integrity says it, in hexadecimal.
emoji_sha512_google=6517b17f3b3b315a0b9e6cd998db0ee132a19c0269e43fbe566e8fa54a47fe31104257a6a7797cf028d9f83a19d9f68cf51e10c5990e3c90a84fc0e53e17d0dc
emoji_sha512_twitter=ec5fae0ae1c7fbb427adcd793f9b676ef2a483d13ab65ce2e0c9d3dae5b5465378a4b613cdae9c3ff76cb487d20ccb698c52d6b997b05a0f2305bb8bd9ec842d

# ensure_emoji takes what is missing into artifacts/. A failure is a warning, since only commands that need the pictures fail.
ensure_emoji() {
  find_emoji
  [[ -z ${EMOJI_DATA-} ]] || return 0
  local work
  work=$(mktemp -d) || return 1
  say "taking the names and pictures of emoji from the npm registry, once: 136 MB…"
  if take_emoji google "$work" && take_emoji twitter "$work" && mkdir -p -- "$unpacked" && rm -rf -- "$unpacked/emoji" &&
    mv -- "$work/files" "$unpacked/emoji"; then
    rm -rf -- "$work"
    find_emoji
    return 0
  fi
  rm -rf -- "$work"
  say "warning: the names and pictures of EmojiVL could not be taken from the npm registry, see $state/npm.log: set EMOJI_DATA to a folder with emoji.json, google.png and twitter.png, or try again with a connection"
  return 1
}

# take_emoji HAND WORK: puts what is needed of one hand's package into WORK/files.
take_emoji() {
  local hand=$1 work=$2 name=emoji-datasource-$1 expected=emoji_sha512_$1 sheet=package/img/$1/sheets-clean/64.png
  local file=$work/$name-$emoji_version.tgz sum
  fetch_npm "$name" "$work" >"$state/npm.log" 2>&1 || return 1
  sum=$(sha512sum <"$file" 2>>"$state/npm.log") || return 1
  if [[ ${sum%% *} != "${!expected}" ]]; then
    printf '%s has another SHA-512 than expected: %s\n' "$file" "${sum%% *}" >>"$state/npm.log"
    return 1
  fi
  mkdir -p -- "$work/files" && tar -xzf "$file" -C "$work" package/emoji.json package/README.md "$sheet" 2>>"$state/npm.log" &&
    mv -- "$work/$sheet" "$work/files/$hand.png" && mv -- "$work/package/emoji.json" "$work/package/README.md" "$work/files/" && rm -- "$file"
}

# fetch_npm NAME FOLDER: a package's file as the registry has it, with npm where there is one, for it knows its configuration best.
fetch_npm() {
  local name=$1 folder=$2 registry
  if command -v npm >/dev/null; then
    (cd -- "$folder" && npm pack --ignore-scripts "$name@$emoji_version") </dev/null
    return
  fi
  registry=${npm_config_registry-}
  if [[ -z $registry && -f $HOME/.npmrc ]]; then
    registry=$(awk -F ' *= *' '$1 == "registry" { found = $2 } END { print found }' "$HOME/.npmrc")
  fi
  registry=${registry:-https://registry.npmjs.org}
  curl --fail --silent --show-error --location --retry 2 --output "$folder/$name-$emoji_version.tgz" "${registry%/}/$name/-/$name-$emoji_version.tgz"
}
