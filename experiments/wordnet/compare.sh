#!/usr/bin/env bash
# Everything behind the table of README.md: a search, plans, trainings. What is there already is not made again, and what was interrupted
# goes on, so it may be ended and called again.
#
#   experiments/wordnet/compare.sh [FOLDER]     by default artifacts/wordnet
#   JOBS=2                                      trainings at a time, of one thread each
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(cd "$here/../.." && pwd)
out=$(mkdir -p "${1:-$root/artifacts/wordnet}/trained" && cd "${1:-$root/artifacts/wordnet}" && pwd)
full_rate=0.0001 # a tenth of the adapters', which is in the settings

das() { "$root/das" "$@" --db "$out/das.db"; }

plan() { # NAME CHOICE…: a plan that the search has not chosen, with its settings
  [[ -e $out/$1.json ]] || das plan das2 "${@:2}" -o "$out/$1.json"
}

train() { # METHOD PLAN NAME [OPTION…]
  [[ -e $out/trained/$3.json ]] || das train "$out/$2.json" --method "$1" --set threads=1 -o "$out/trained/$3.json" "${@:4}"
}

# Read by the trainings below, for its functions.
[[ ${BASH_SOURCE[0]} == "$0" ]] || return 0

"$root/das" setup
[[ -e $out/das2.json ]] || das search "$here/gloss-minilm.yaml" --set name=das2 -o "$out/das2.json"
plan whole --modules -
for draw in 0 1 2; do
  plan "random2-draw$draw" --skip 2 --random "$draw"
done

{
  echo "train das das2 das2"
  echo "train full whole full --set training.learning_rate=$full_rate"
  echo "train das random2-draw0 random2-draw0"
  echo "train full whole fresh --set training.learning_rate=$full_rate --set model.weights=fresh"
  echo "train linear whole linear"
  echo "train das whole adapters"
  echo "train das random2-draw1 random2-draw1"
  echo "train das random2-draw2 random2-draw2"
} | xargs -P "${JOBS:-2}" -d '\n' -I '{}' bash -c ". '$here/compare.sh' '$out' && {}"

python3 "$here/table.py" "$out/trained"
