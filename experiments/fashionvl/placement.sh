#!/usr/bin/env bash
# Are trained parameters better placed by what a search found than the same everywhere? For each seed a search for DAS-4, its plan with few
# parameters placed by evidence, the plan with as many in adapters that all shrink alike, and both trained. What is there already is not made
# again, and what was interrupted goes on, so it may be ended and called again.
#
#   experiments/fashionvl/placement.sh [FOLDER]   by default artifacts/placement
#   SEEDS=5 BUDGETS="70000 110000"                trained parameters, the head's 32,950 included
#   JOBS=2                                        searches and trainings at a time, of one thread each
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(cd "$here/../.." && pwd)
out=$(mkdir -p "${1:-$root/artifacts/placement}/trained" && cd "${1:-$root/artifacts/placement}" && pwd)
seeds=${SEEDS:-5} budgets=${BUDGETS:-70000 110000} epochs=6

export OPENBLAS_NUM_THREADS=1

das() { "$root/das" "$@" --db "$out/das.db"; }

search() { # SEED
  local whole=$out/seed$1.json budget
  [[ -e $whole ]] || das search "$here/vqa-das4.yaml" --set "seed=$1" --set "name=seed$1" --set threads=1 -o "$whole"
  for budget in $budgets; do
    [[ -e $out/evidence-$budget-seed$1.json ]] || das plan "seed$1" --skip 4 --trainable "$budget" -o "$out/evidence-$budget-seed$1.json"
    [[ -e $out/uniform-$budget-seed$1.json ]] || python3 "$here/placement.py" shrink "$whole" "$budget" "$out/uniform-$budget-seed$1.json"
  done
}

train() { # PLACED BUDGET SEED
  local name=$1-$2-seed$3
  [[ -e $out/trained/$name.json ]] || das train "$out/$name.json" --seed "$3" --set threads=1 --set "training.epochs=$epochs" -o "$out/trained/$name.json"
}

# Calls the functions above, one a line of the input.
at_once() { xargs -P "${JOBS:-2}" -d '\n' -I '{}' bash -c ". '$here/placement.sh' '$out' && {}"; }

# Read by at_once, for its functions.
[[ ${BASH_SOURCE[0]} == "$0" ]] || return 0

"$root/das" setup
for ((seed = 0; seed < seeds; seed++)); do
  echo "search $seed"
done | at_once
for ((seed = 0; seed < seeds; seed++)); do
  for budget in $budgets; do
    for placed in evidence uniform; do
      echo "train $placed $budget $seed"
    done
  done
done | at_once

python3 "$here/placement.py" table "$out/trained"
