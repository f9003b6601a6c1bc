# shellcheck shell=bash
# What the launcher needs on every call: kept small, because a command that needs no tensors starts in a blink.
# Sourced with $root set.

# What set-up remembers: choice (the package of tensors and why), dotnet (the SDK's path), built-* (stamps), logs.
state=$root/artifacts/launcher

say() { printf 'das: %s\n' "$*" >&2; }

# fail CODE MESSAGE: 1 where something is missing or broke, 2 where the user asked for what does not exist.
fail() {
  local code=$1
  shift
  say "$@"
  exit "$code"
}

check_overrides() {
  case ${DAS_TORCH:-TorchSharp-cpu} in
    TorchSharp-cpu | TorchSharp-cuda-linux) ;;
    *) fail 2 "DAS_TORCH is '$DAS_TORCH', but it must be TorchSharp-cpu or TorchSharp-cuda-linux" ;;
  esac
}

# load_choice sets torch and torch_why: from the environment, else from what set-up chose, else empty.
load_choice() {
  torch='' torch_why=''
  if [[ -n ${DAS_TORCH-} ]]; then
    torch=$DAS_TORCH torch_why='DAS_TORCH asks for it'
  elif [[ -f $state/choice ]]; then
    # shellcheck source=/dev/null
    . "$state/choice"
  fi
}

# Where Debian's package puts the photos, and where it is unpacked if it may not be installed.
fashion_mnist_folder=/usr/share/datasets/fashion-mnist
unpacked=$root/artifacts/packages

# find_fashion_mnist names the photos' folder to commands, where it is the unpacked one.
find_fashion_mnist() {
  if [[ -z ${FASHION_MNIST-} ]] && ! has_fashion_mnist "$fashion_mnist_folder" && has_fashion_mnist "$unpacked$fashion_mnist_folder"; then
    export FASHION_MNIST=$unpacked$fashion_mnist_folder
  fi
}

# The same of WordNet.
wordnet_folder=/usr/share/wordnet

find_wordnet() {
  if [[ -z ${WORDNET-} ]] && ! has_wordnet "$wordnet_folder" && has_wordnet "$unpacked$wordnet_folder"; then
    export WORDNET=$unpacked$wordnet_folder
  fi
}

has_wordnet() {
  local part
  for part in noun verb adj adv; do
    [[ -f $1/data.$part ]] || return 1
  done
}

has_fashion_mnist() {
  local name
  for name in {train,t10k}-{images-idx3,labels-idx1}-ubyte; do
    [[ -f $1/$name || -f $1/$name.gz ]] || return 1
  done
}

# find_emoji names the folder of EmojiVL's names and pictures to commands, where they were taken from the npm registry.
find_emoji() {
  local folder=$unpacked/emoji
  if [[ -z ${EMOJI_DATA-} && -f $folder/emoji.json && -f $folder/google.png && -f $folder/twitter.png ]]; then
    export EMOJI_DATA=$folder
  fi
}

# wants_emoji COMMAND ARGUMENT…: whether a command takes samples of EmojiVL, since an argument says so, or is a file that does at its beginning.
wants_emoji() {
  local argument
  # These read what is stored.
  [[ ${1-} != @(runs|show|compare|report|rewards|note|doctor) ]] || return 1
  for argument; do
    if [[ $argument == *emojivl* ]] || { [[ -f $argument ]] && grep -qaF emojivl < <(head -c 65536 -- "$argument"); }; then
      return 0
    fi
  done
  return 1
}

# What a build depends on besides the files.
build_key() { printf '%s' "$torch"; }

# is_fresh command-line|everything: whether that was built from the files as they are now, for the choice loaded.
# Folders count like files, so that a deletion is seen, too.
is_fresh() {
  local stamp=$state/built-$1 built='' trees=("$root/src" "$root/build")
  if [[ $1 == everything ]]; then
    trees+=("$root/tests")
  fi
  [[ -f $stamp ]] || return 1
  IFS= read -r built <"$stamp" || true
  [[ $built == "$(build_key)" ]] || return 1
  [[ -z $(find "${trees[@]}" "$root"/Directory.* "$root"/{global.json,.editorconfig,BannedSymbols.txt} \
    -newer "$stamp" -print -quit) ]]
}

# prepare command-line|everything: has it built if need be; sets dotnet, torch, torch_why.
prepare() {
  load_choice
  if [[ ! -f $state/dotnet ]] || ! is_fresh "$1"; then
    set_up "$1"
    load_choice
  fi
  IFS= read -r dotnet <"$state/dotnet"
  find_fashion_mnist
  find_emoji
  find_wordnet
}

# set_up command-line|everything: runs set-up, one at a time.
set_up() {
  local run=(bash "$root/build/setup.sh" "$1") status=0
  mkdir -p -- "$state"
  if ! command -v flock >/dev/null; then
    "${run[@]}" || exit
    return
  fi

  # --close: a build server that outlives the build must not go on holding the lock.
  flock --close --nonblock --conflict-exit-code 75 "$state/lock" "${run[@]}" || status=$?
  if ((status == 75)); then
    say 'another das is setting up; waiting for it…'
    status=0
    flock --close "$state/lock" "${run[@]}" || status=$?
  fi
  ((status == 0)) || exit "$status"
}
