#!/usr/bin/env bash
# Do METER-mini's text and image layers differ? Searches of two tasks, over its 12 layers and over its 24 attentions, and a figure of what they say.
# What is there already is not made again, and what was interrupted goes on, so it may be ended and called again.
#
#   experiments/emojivl/streams.sh [FOLDER]     by default artifacts/emojivl-streams
#   TASKS="vqa retrieval" GRANULARITIES="layers sub-layers" SEEDS=3     less of it
#   JOBS=2                                      searches at a time, of one thread each
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(cd "$here/../.." && pwd)
out=$(mkdir -p "${1:-$root/artifacts/emojivl-streams}" && cd "${1:-$root/artifacts/emojivl-streams}" && pwd)
python=${DAS_PYTHON:-/usr/bin/python3}
tasks=${TASKS:-vqa retrieval} granularities=${GRANULARITIES:-layers sub-layers} seeds=${SEEDS:-3}

export OPENBLAS_NUM_THREADS=1

das() { "$root/das" "$@" --db "$out/das.db"; }

# nlvr2 is left out, since its supernets stay at chance (README.md). In retrieval a batch of 16 scenes has 256 captions.
settings() { # TASK
  case $1 in
    retrieval)
      echo "--set search.learning_rate=0.0005 --set search.samples=960 --set search.steps_between_rounds=3" \
        "--set validation.batch_size=16 --set validation.samples=256"
      ;;
  esac
}

search() { # TASK GRANULARITY SEED
  local name=$1-$2-seed$3 skip=4 its
  read -ra its <<< "$(settings "$1")"
  [[ $2 == layers ]] || skip=8
  [[ -e $out/$name.json ]] || das search "$here/vqa-meter-das4.yaml" --set "task=emojivl-$1" --set "granularity=$2" --set "skip=$skip" --set "seed=$3" \
    --set "name=$name" --set threads=1 "${its[@]}" -o "$out/$name.json"
}

# Read by the searches below, for their function.
[[ ${BASH_SOURCE[0]} == "$0" ]] || return 0

"$root/das" setup emojivl
for granularity in $granularities; do
  for ((seed = 0; seed < seeds; seed++)); do
    for task in $tasks; do
      echo "search $task $granularity $seed"
    done
  done
done | xargs -P "${JOBS:-2}" -d '\n' -I '{}' bash -c ". '$here/streams.sh' '$out' && {}"

for task in $tasks; do
  for granularity in $granularities; do
    names=()
    for ((seed = 0; seed < seeds; seed++)); do
      names+=("$task-$granularity-seed$seed")
    done
    das report "${names[@]}" -o "$out/$task-$granularity"
  done
done

"$python" "$here/streams.py" "$out"
