#!/usr/bin/env bash
# Everything behind the comparison in README.md: searches, plans, trainings, latencies, and the table. What is there already
# is not made again, and what was interrupted goes on, so it may be ended and called again.
#
#   experiments/fashionvl/compare.sh [FOLDER]     by default artifacts/compare
#   JOBS=2                                        searches and trainings at a time, of one thread each
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(cd "$here/../.." && pwd)
out=$(mkdir -p "${1:-$root/artifacts/compare}/trained" && cd "${1:-$root/artifacts/compare}" && pwd)
config=$here/vqa-das4.yaml
jobs=${JOBS:-2}
full_rate=0.0005 # the adapters' rate is in the settings; each was chosen on the validation split
epochs=15        # of every method: with the default of 10, adapters have not learnt all that they can
# As much less computation as without 4 layers, and what stands in for half a layer is half as wide.
parts="--set granularity=sub-layers --set budget.macs=-21.7% --set adapters.skip_bottleneck=48"

# Several at a time, and each as fast as it can be alone on its core.
export OPENBLAS_NUM_THREADS=1

das() { "$root/das" "$@" --db "$out/das.db"; }

search() { # NAME SEED OPTION…
  local plan=$out/$1-seed$2.json
  [[ -e $plan ]] || das search "$config" --set "seed=$2" --set "name=$1-seed$2" --set threads=1 "${@:3}" -o "$plan"
}

plan() { # NAME CHOICE…: a plan that no search has chosen, with the settings of the first search
  [[ -e $out/$1.json ]] || das plan das4-seed0 "${@:2}" -o "$out/$1.json"
}

train() { # METHOD PLAN SEED NAME [OPTION…]
  local trained=$out/trained/$4-seed$3.json
  [[ -e $trained ]] || das train "$out/$2.json" --method "$1" --seed "$3" --set "training.epochs=$epochs" -o "$trained" "${@:5}"
}

measure() { # TRAINED
  local measured=${1%.json}.latency
  [[ -e $measured ]] || { das profile "$1" --latency --json > "$measured.part" && mv "$measured.part" "$measured"; }
}

# Calls the functions above, one a line of the input.
at_once() { xargs -P "$jobs" -d '\n' -I '{}' bash -c ". '$here/compare.sh' '$out' && {}"; }

# Read by at_once, for its functions.
[[ ${BASH_SOURCE[0]} == "$0" ]] || return 0

"$root/das" setup
search das4 0
plan whole --modules -
for draw in 0 1 2 3 4; do
  plan "random4-draw$draw" --skip 4 --random "$draw"
done

for seed in 0 1 2; do
  for skip in 2 4 6; do
    echo "search das$skip $seed --set skip=$skip"
  done
  echo "search parts $seed $parts"
done | at_once

# What the expectations are about comes first.
{
  for seed in 0 1 2; do
    echo "train full whole $seed full --set training.learning_rate=$full_rate"
    echo "train das das4-seed$seed $seed das4"
  done
  for draw in 0 1 2 3 4; do
    echo "train das random4-draw$draw $draw random4"
  done
  for seed in 0 1 2; do
    echo "train linear whole $seed linear"
    echo "train das whole $seed adapters"
    echo "train das das6-seed$seed $seed das6"
    echo "train das das2-seed$seed $seed das2"
    echo "train das parts-seed$seed $seed parts"
  done
} | at_once

# One at a time: nothing else is to run beside a measurement.
for trained in "$out"/trained/*-seed*.json; do
  measure "$trained"
done

python3 "$here/table.py" "$out/trained"
