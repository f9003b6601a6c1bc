#!/usr/bin/env bash
# Do METER-mini's text and image layers differ? Searches of three tasks, over its 12 layers and over its 24 attentions, and a figure of what they say.
# What is there already is not made again, and what was interrupted goes on, so it may be ended and called again.
#
#   experiments/emojivl/streams.sh [FOLDER]     by default artifacts/emojivl-streams
#   TASKS="vqa nlvr2 retrieval" SEEDS=3         less of it
#   JOBS=2                                      searches at a time, of one thread each
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(cd "$here/../.." && pwd)
out=$(mkdir -p "${1:-$root/artifacts/emojivl-streams}" && cd "${1:-$root/artifacts/emojivl-streams}" && pwd)
python=${DAS_PYTHON:-/usr/bin/python3}
tasks=${TASKS:-vqa nlvr2 retrieval} seeds=${SEEDS:-3}

export OPENBLAS_NUM_THREADS=1

das() { "$root/das" "$@" --db "$out/das.db"; }

search() { # TASK GRANULARITY SEED
  local name=$1-$2-seed$3 skip=4
  [[ $2 == layers ]] || skip=8
  [[ -e $out/$name.json ]] || das search "$here/vqa-meter-das4.yaml" --set "task=emojivl-$1" --set "granularity=$2" --set "skip=$skip" --set "seed=$3" \
    --set "name=$name" --set threads=1 -o "$out/$name.json"
}

# Read by the searches below, for their function.
[[ ${BASH_SOURCE[0]} == "$0" ]] || return 0

"$root/das" setup emojivl
for granularity in layers sub-layers; do
  for ((seed = 0; seed < seeds; seed++)); do
    for task in $tasks; do
      echo "search $task $granularity $seed"
    done
  done
done | xargs -P "${JOBS:-2}" -d '\n' -I '{}' bash -c ". '$here/streams.sh' '$out' && {}"

for task in $tasks; do
  for granularity in layers sub-layers; do
    names=()
    for ((seed = 0; seed < seeds; seed++)); do
      names+=("$task-$granularity-seed$seed")
    done
    das report "${names[@]}" -o "$out/$task-$granularity"
  done
done

"$python" "$here/streams.py" "$out"
