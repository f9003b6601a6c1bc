#!/usr/bin/env bash
# What is it worth that others trained METER-mini's encoder of texts? The same pre-training over a MiniLM of random weights, and both checkpoints
# trained for questions, without skipping. What is there already is not made again, and what was interrupted goes on, so it may be ended and
# called again. The pre-training took an hour and three quarters beside other work, and each training a quarter of an hour.
#
#   experiments/emojivl/encoders.sh [FOLDER]    by default artifacts/emojivl-encoders
#   WEIGHTS="trained fresh" METHODS="das full" SEEDS=1 EPOCHS=3     less or more of it
#   JOBS=2                                      trainings at a time, of one thread each
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(cd "$here/../.." && pwd)
out=$(mkdir -p "${1:-$root/artifacts/emojivl-encoders}/trained" && cd "${1:-$root/artifacts/emojivl-encoders}" && pwd)
weights=${WEIGHTS:-trained fresh} methods=${METHODS:-das full} seeds=${SEEDS:-1} epochs=${EPOCHS:-3}

export OPENBLAS_NUM_THREADS=1

das() { "$root/das" "$@"; }

prepare() { # WEIGHTS: a checkpoint, and a plan of it that skips nothing, for which a search of a few batches will do
  local checkpoint=$here/meter-mini.safetensors
  if [[ $1 == fresh ]]; then
    checkpoint=$out/fresh.safetensors
    [[ -e $checkpoint ]] || das pretrain "$here/pretrain-meter-mini.yaml" --set model.weights=fresh --set "output=$checkpoint"
  fi
  [[ -e $out/$1.json ]] || {
    das search "$here/vqa-meter-das4.yaml" --db "$out/$1.db" --set "checkpoint=$checkpoint" --set search.samples=256 --set search.epochs=2 \
      --set validation.batch_size=32 --set threads=1 -o "$out/$1-das4.json"
    das plan 1 --modules - --db "$out/$1.db" -o "$out/$1.json"
  }
}

train() { # WEIGHTS METHOD SEED: full fine-tuning at the rates of compare.sh
  local trained=$out/trained/$1-$2-seed$3.json more=()
  [[ $2 != full ]] || more=(--set training.learning_rate=0.00015 --set search.head_multiplier=10)
  [[ -e $trained ]] ||
    das train "$out/$1.json" --db "$out/$1.db" --method "$2" --seed "$3" --set threads=1 --set "training.epochs=$epochs" -o "$trained" "${more[@]}"
}

# Read by the trainings below, for its functions.
[[ ${BASH_SOURCE[0]} == "$0" ]] || return 0

"$root/das" setup emojivl
for each in $weights; do
  prepare "$each"
done
for ((seed = 0; seed < seeds; seed++)); do
  for each in $weights; do
    for method in $methods; do
      echo "train $each $method $seed"
    done
  done
done | xargs -P "${JOBS:-2}" -d '\n' -I '{}' bash -c ". '$here/encoders.sh' '$out' && {}"

"${DAS_PYTHON:-/usr/bin/python3}" "$here/encoders.py" "$out/trained"
