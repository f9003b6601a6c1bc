#!/usr/bin/env bash
# Everything behind "Ground truth" in README.md: a search, what all of its subnetworks that skip 4 layers are worth, controllers
# replayed on that, and 31 plans from the best to the worst trained to the end. What is there already is not made again, so it may
# be ended and called again.
#
#   experiments/fashionvl/truth.sh [FOLDER]     by default artifacts/truth
#   JOBS=2                                      trainings at a time, of one thread each
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(cd "$here/../.." && pwd)
out=$(mkdir -p "${1:-$root/artifacts/truth}/trained" && cd "${1:-$root/artifacts/truth}" && pwd)
jobs=${JOBS:-2}
python=${DAS_PYTHON:-/usr/bin/python3}
epochs=5 # half of what das train does by itself: thirty-one plans take long enough
export OPENBLAS_NUM_THREADS=1

das() { "$root/das" "$@" --db "$out/das.db"; }

made() { # FILE COMMAND…: the command's output, once it has succeeded
  [[ -e $1 ]] || { "${@:2}" > "$1.part" && mv "$1.part" "$1"; }
}

train() { # RANK SKIPS
  local plan=$out/rank$1.json trained=$out/trained/rank$1.json
  [[ -e $plan ]] || das plan truth --modules "$2" -o "$plan" 2> /dev/null
  [[ -e $trained ]] || das train "$plan" --set "training.epochs=$epochs" --set threads=1 -o "$trained"
}

# Read by xargs below, for its functions.
[[ ${BASH_SOURCE[0]} == "$0" ]] || return 0

"$python" -c 'import matplotlib, numpy, scipy' || { echo "$0: $python needs numpy, scipy and matplotlib; DAS_PYTHON names another one" >&2; exit 1; }
"$root/das" setup
[[ -e $out/plan.json ]] || das search "$here/vqa-das4.yaml" --set name=truth -o "$out/plan.json"
made "$out/ranking.json" das truth truth --skip 4 --json
for batch in fixed fresh; do
  made "$out/replay-$batch.json" das replay truth --batch "$batch" --seeds 200 -o "$out/replay-$batch.csv" --figure "$out/replay-$batch.svg" --json
done
made "$out/stop.json" das replay truth --batch fresh --seeds 200 --controller das,thompson --stop 0.05 --json
"$python" "$here/truth.py" plans "$out" | xargs -P "$jobs" -d '\n' -I '{}' bash -c ". '$here/truth.sh' '$out' && train {}"
"$python" "$here/truth.py" tables "$out"
