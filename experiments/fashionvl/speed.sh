#!/usr/bin/env bash
# Everything behind "Speed" in README.md: the same search in plain PyTorch (pytorch_search.py) and in plain
# TorchSharp (torchsharp/, on the libtorch that das uses), with das and the paper's controller,
# and with das, the best controller and its stop rule; five seeds of each, one after the other, on a machine that does nothing else.
# Then what all subnetworks are worth in the supernets of the paper's rule. What is there already is not made again.
#
#   experiments/fashionvl/speed.sh [FOLDER]     by default artifacts/speed
#   SEEDS=5 THREADS=…                           by default all cores
#   PEER_SEEDS=5                                the peers' own number: their schedule takes as long with any seed
#   PYTORCH_THREADS=1                           PyTorch's own: its operations are so small that a second one makes it slower
#   JOBS=2                                      supernets measured at a time
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(cd "$here/../.." && pwd)
out=$(mkdir -p "${1:-$root/artifacts/speed}" && cd "${1:-$root/artifacts/speed}" && pwd)
seeds=${SEEDS:-5} peer_seeds=${PEER_SEEDS:-${SEEDS:-5}} threads=${THREADS:-$(nproc)} pytorch_threads=${PYTORCH_THREADS:-1}
python=${DAS_PYTHON:-/usr/bin/python3}
export OPENBLAS_NUM_THREADS=$pytorch_threads

measure() { # NAME
  local measured=$out/$1.truth.json
  [[ -e $measured ]] || {
    "$root/das" truth "$1" --db "$out/das.db" --skip 4 --quiet --json > "$measured.part" && mv "$measured.part" "$measured"
  }
}

# Read by xargs below, for its functions.
[[ ${BASH_SOURCE[0]} == "$0" ]] || return 0

"$python" -c 'import matplotlib, scipy, torch' || { echo "$0: $python needs torch, scipy and matplotlib; DAS_PYTHON names another one" >&2; exit 1; }
"$root/das" setup
IFS= read -r dotnet < "$root/artifacts/launcher/dotnet"
torchsharp=$root/artifacts/bin/TorchSharpSearch/release/TorchSharpSearch.dll
(cd "$root" && "$dotnet" build experiments/fashionvl/torchsharp -c Release -v quiet -clp:NoSummary)
[[ -e $out/arrays/facts.json ]] || "$root/das" bench arrays fashionvl-vqa "$out/arrays"

search() { # NAME SEED [SETTING…]
  [[ -e $out/$1-seed$2.plan ]] || "$root/das" search "$here/vqa-das4.yaml" --db "$out/das.db" \
    --set "name=$1-seed$2" --set "seed=$2" --set "threads=$threads" "${@:3}" -o "$out/$1-seed$2.plan"
}

peer() { # NAME SEED THREADS COMMAND…
  [[ -e $out/$1-seed$2.json ]] || {
    "$python" "$here/speed.py" settings "$out" "$here/vilt-small.safetensors" "$2" "$3" > "$out/settings.json"
    "${@:4}" "$out/settings.json" > "$out/$1-seed$2.part" && mv "$out/$1-seed$2.part" "$out/$1-seed$2.json"
  }
}

for ((seed = 0; seed < seeds; seed++)); do
  if ((seed < peer_seeds)); then
    peer pytorch "$seed" "$pytorch_threads" "$python" "$here/pytorch_search.py"
    peer torchsharp "$seed" "$threads" "$dotnet" "$torchsharp"
  fi
  search das "$seed"
  search best "$seed" --set controller.name=thompson --set search.train=uniform --set validation.batch=fresh --set stop.error=0.05
done
seq -f 'das-seed%.0f' 0 $((seeds - 1)) |
  xargs -P "${JOBS:-2}" -I '{}' bash -c ". '$here/speed.sh' '$out' && measure {}"
"$python" "$here/speed.py" table "$out"
