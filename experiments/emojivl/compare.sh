#!/usr/bin/env bash
# Everything behind the comparisons of METER-mini and of a small ViLT in README.md: searches, plans, trainings, the table. What it finds is written
# down a row at a time, in compare/*.csv, and what has a row is not done again, on whatever machine it was; what was interrupted goes on. So it
# may be ended and called again, from another clone, too. Without the rows all begins anew. What the expectations are about comes first.
#
#   experiments/emojivl/compare.sh [FOLDER]     by default artifacts/emojivl-MODEL
#   MODEL=vilt                                  by default meter, for METER-mini; a ViLT's checkpoint is not in the repository, and made first
#   SEEDS=3 DRAWS=10 EPOCHS=3                   how many of each; other epochs have rows of their own
#   JOBS=2                                      searches and trainings at a time, of one thread each
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(cd "$here/../.." && pwd)
model=${MODEL:-meter}
out=$(mkdir -p "${1:-$root/artifacts/emojivl-$model}/trained" && cd "${1:-$root/artifacts/emojivl-$model}" && pwd)
seeds=${SEEDS:-3} draws=${DRAWS:-10}
# What is pre-trained learns slower, and its head as fast as beside adapters, whose rate is in the settings: after an epoch of seed 9 the best on
# validation of 0.00015, 0.0005 and 0.0015 for all, and this.
full=(--set training.learning_rate=0.00015 --set search.head_multiplier=10)
epochs=${EPOCHS:-3}
rows=$here/compare/$model-$epochs-epochs.csv

pretrained=$out/vilt-emoji.safetensors begin=()
[[ $model != vilt ]] || begin=(--set "checkpoint=$pretrained")

# Several at a time, and each as fast as it can be alone on its core.
export OPENBLAS_NUM_THREADS=1

das() { "$root/das" "$@" --db "$out/das.db"; }

search() { # SEED: the gates that tell 4 layers tell 2 and 6
  [[ -e $out/das4-seed$1.json ]] ||
    das search "$here/vqa-$model-das4.yaml" "${begin[@]}" --set "seed=$1" --set "name=das4-seed$1" --set threads=1 -o "$out/das4-seed$1.json"
  for skip in 2 6; do
    [[ -e $out/das$skip-seed$1.json ]] || das plan "das4-seed$1" --skip "$skip" -o "$out/das$skip-seed$1.json"
  done
}

plan() { # NAME CHOICE…: a plan that no search has chosen, with the settings of the first search
  [[ -e $out/$1.json ]] || das plan das4-seed0 "${@:2}" -o "$out/$1.json"
}

has() { # NAME SEED: whether its row is there
  [[ -e $rows ]] && grep -q "^$1,$2," "$rows"
}

train() { # METHOD PLAN SEED NAME [OPTION…]
  has "$4" "$3" && return
  learn "$@"
  python3 "$here/compare.py" note "$rows" "$4" "$3" "$out/trained/$4-seed$3.json"
}

distill() { # PLAN SEED NAME: from the fully fine-tuned network of the same seed, wherever that had its row written
  has "$3" "$2" && return
  learn full whole "$2" full "${full[@]}"
  train full "$1" "$2" "$3" "${full[@]}" --set "distillation.teacher=$out/trained/full-seed$2.json"
}

learn() { # METHOD PLAN SEED NAME [OPTION…]
  local trained=$out/trained/$4-seed$3.json
  [[ -e $trained ]] || das train "$out/$2.json" --method "$1" --seed "$3" --set threads=1 --set "training.epochs=$epochs" -o "$trained" "${@:5}"
  [[ -e ${trained%.json}.profile ]] || { das profile "$trained" --json > "$trained.part" && mv "$trained.part" "${trained%.json}.profile"; }
}

# Calls the functions above, one a line of the input.
at_once() { xargs -P "${JOBS:-2}" -d '\n' -I '{}' bash -c ". '$here/compare.sh' '$out' && {}"; }

# Read by at_once, for its functions.
[[ ${BASH_SOURCE[0]} == "$0" ]] || return 0

"$root/das" setup emojivl
mkdir -p "$here/compare"
[[ $model != vilt || -e $pretrained ]] || "$root/das" pretrain "$here/pretrain-vilt.yaml" --set "output=$pretrained"
search 0
plan whole --modules -
for ((draw = 0; draw < draws; draw++)); do
  plan "random4-draw$draw" --skip 4 --random "$draw"
done

for ((seed = 1; seed < seeds; seed++)); do
  echo "search $seed"
done | at_once

{
  for ((seed = 0; seed < seeds; seed++)); do
    echo "train full whole $seed full ${full[*]}"
    for skip in 4 6 2; do
      echo "train das das$skip-seed$seed $seed das$skip"
    done
    echo "train full das4-seed$seed $seed full-das4 ${full[*]}"
    echo "train das whole $seed adapters"
    echo "train lora whole $seed lora"
    echo "train linear whole $seed linear"
  done
  for ((draw = 0; draw < draws; draw++)); do
    echo "train das random4-draw$draw $draw random4"
  done
} | at_once

for ((seed = 0; seed < seeds; seed++)); do
  echo "distill das4-seed$seed $seed distilled-full-das4"
done | at_once

python3 "$here/compare.py" table "$rows"
python3 "$here/compare.py" foresight "$rows" "$out"
