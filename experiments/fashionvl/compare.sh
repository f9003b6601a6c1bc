#!/usr/bin/env bash
# Everything behind the comparison in README.md: searches, plans, trainings, and the table. What is there already is not
# made again, so it may be ended and called again.
#
#   experiments/fashionvl/compare.sh [FOLDER]     by default artifacts/compare
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
out=$(mkdir -p "${1:-$root/artifacts/compare}" && cd "${1:-$root/artifacts/compare}" && pwd)
config=$here/vqa-das4.yaml
db=$out/das.db

das() { "$root/das" "$@" --db "$db"; }

# search SKIP SEED
search() {
  local plan=$out/das$1-seed$2.json
  [[ -e $plan ]] || das search "$config" --set "skip=$1" --set "seed=$2" --set "name=das$1-seed$2" -o "$plan"
}

# plan NAME CHOICE…: a plan that no search has chosen, with the settings of the first search
plan() {
  [[ -e $out/$1.json ]] || das plan das4-seed0 "${@:2}" -o "$out/$1.json"
}

# train METHOD PLAN SEED NAME [OPTION…]
train() {
  local trained=$out/trained/$4-seed$3.json
  [[ -e $trained ]] || das train "$out/$2.json" --method "$1" --seed "$3" -o "$trained" "${@:5}"
}

mkdir -p "$out/trained"
search 4 0
plan whole --modules -
for draw in 0 1 2 3 4; do
  plan "random4-draw$draw" --skip 4 --random "$draw"
done

for seed in 0 1 2; do
  train linear whole "$seed" linear
  train das whole "$seed" adapters
  train full whole "$seed" full
  for skip in 2 4 6; do
    search "$skip" "$seed"
    train das "das$skip-seed$seed" "$seed" "das$skip"
  done
done

for draw in 0 1 2 3 4; do
  train das "random4-draw$draw" "$draw" random4
done

python3 "$here/table.py" "$out/trained"
