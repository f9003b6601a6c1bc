#!/usr/bin/env bash
# Everything behind the comparison of transfer methods in README.md: searches, plans, learning rates, trainings, latencies, the table and the
# figure. It takes days: what it finds is written down a row at a time, in methods/*.csv, and what has a row is not done again, on whatever
# machine it was; so it may be ended and called again, from another clone, too. Without the rows all begins anew. What README's expectations are
# about comes first.
#
#   experiments/fashionvl/methods.sh [FOLDER]     networks are kept there; by default artifacts/methods
#   TASKS="vqa nlvr2 retrieval" PLANS="whole das4 das6 das8 random8" SEEDS=3 METHODS="das lora …"     less of it, or more
#   PLANS="pela-whole pela-das4"                  of a backbone that das compress has made smaller first, by compress-vilt.yaml
#   EPOCHS=15                                     more of each training, whatever the task
#   JOBS=2                                        trainings at a time, of one thread each
#   LATENCY=later                                 measures none, since something else runs beside it
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(cd "$here/../.." && pwd)
out=$(mkdir -p "${1:-$root/artifacts/methods}/trained" && cd "${1:-$root/artifacts/methods}" && pwd)
rows=$here/methods
python=${DAS_PYTHON:-/usr/bin/python3}
tasks=${TASKS:-vqa nlvr2 retrieval} plans=${PLANS:-whole das4 das6} seeds=${SEEDS:-3} jobs=${JOBS:-2}
methods=${METHODS:-full das adapter lora apt scaled-pa ssf ttc layer-norm bitfit prompt-deep prompt-shallow pia linear distilled distilled-full}
# A sample of retrieval has 16 texts, and is right where the true one comes first; one of nlvr2 has two images.
declare -A epochs=([vqa]=${EPOCHS:-6} [nlvr2]=${EPOCHS:-4} [retrieval]=${EPOCHS:-1})
declare -A samples=([retrieval]="--set training.samples=5000") tried_samples=([retrieval]="--set training.samples=2500")
# At the rate of vqa a supernet learns nothing of nlvr2, and unlearns what pre-training taught it of retrieval.
declare -A searches=(
  [nlvr2]="--set search.learning_rate=0.0005"
  [retrieval]="--set search.learning_rate=0.0005 --set search.samples=5000 --set validation.batch_size=16"
)
# Tried for every method, by the validation split after an epoch, and one beyond where the best is at an end.
declare -A rates=([vqa]="0.0005 0.0015 0.005" [nlvr2]="0.00015 0.0005 0.0015" [retrieval]="0.00015 0.0005")
rate_epochs=1
compressed=$out/vilt-small-pela.safetensors

export OPENBLAS_NUM_THREADS=1

das() { "$root/das" "$@" --db "$out/das.db"; }

# Sizes of a backbone 96 wide, where papers have 768: the adapters as wide as DAS's, an eighth of the channels and of the tokens.
options() { # METHOD
  case $1 in
    adapter | scaled-pa | pia) echo "--set method.bottleneck=24" ;;
    apt | prompt-deep | prompt-shallow) echo "--set method.tokens=25" ;;
    ttc) echo "--set method.channels=12" ;;
  esac
}

# A network that learns from another one is as its method's own in all else: its learning rate and latency, too.
alike() { # METHOD
  case $1 in
    distilled) echo das ;;
    distilled-full) echo full ;;
    *) echo "$1" ;;
  esac
}

search() { # TASK SEED
  das4 "$1" "$2" ""
  [[ $plans != *pela* ]] || das4 "$1" "$2" pela- --set "checkpoint=$compressed"
  # The gates that tell 4 layers tell any number; and there is always the whole, for rates and teachers.
  local plan
  for plan in whole $plans; do
    choose "$1" "$2" "$plan"
  done
}

das4() { # TASK SEED BACKBONE [OPTION…]: BACKBONE is nothing, or pela-
  local found=$out/$1-$3das4-seed$2.plan its
  read -ra its <<< "${searches[$1]:-}"
  [[ -e $found ]] ||
    das search "$here/vqa-das4.yaml" --set "task=fashionvl-$1" --set "seed=$2" --set "name=$1-$3seed$2" --set threads=1 "${its[@]}" "${@:4}" -o "$found"
}

choose() { # TASK SEED PLAN
  local made=$out/$1-$3-seed$2.plan run=$1-seed$2
  [[ ! -e $made ]] || return 0
  [[ $3 != pela-* ]] || run=$1-pela-seed$2
  case ${3#pela-} in
    whole) das plan "$run" --modules - -o "$made" ;;
    random*) das plan "$run" --skip "${3#*random}" --random "$2" -o "$made" ;;
    das*) das plan "$run" --skip "${3#*das}" -o "$made" ;;
  esac
}

has() { # TABLE KEY…: whether its row is there
  local IFS=,
  [[ -e $rows/$1.csv ]] && grep -q "^${*:2}," "$rows/$1.csv"
}

note() { # TABLE KEY… FILE…: writes a row down
  "$python" "$here/methods.py" note "$rows" "$@"
}

rate() { # TASK METHOD RATE
  has rates "$@" && return
  local name=$1-$2-$3
  [[ -e $out/rates/$name.plan ]] || fit "$out/rates/$name.plan" "$2" "$out/$1-whole-seed0.plan" 9 "$rate_epochs" "$3" "${tried_samples[$1]:-}"
  das eval "$out/rates/$name.plan" --split validation --gallery 0 --json > "$out/rates/$name.validation"
  note rates "$@" "$out/rates/$name.validation"
}

tune() { # TASK METHOD
  local each
  for each in ${rates[$1]}; do
    rate "$@" "$each"
  done
  # shellcheck disable=SC2086 # rates are words
  each=$("$python" "$here/methods.py" beyond "$rows" "$@" ${rates[$1]})
  [[ -z $each ]] || rate "$@" "$each"
}

train() { # TASK PLAN METHOD SEED
  has trained "$1" "$2" "$3" "$4" && return
  local teacher=$out/trained/$1-whole-full-seed$4.plan
  [[ $3 != distilled* || -e $teacher ]] || learn "$1" whole full "$4" "$teacher"
  learn "$1" "$2" "$3" "$4" "$out/trained/$1-$2-$3-seed$4.plan"
  note trained "$1" "$2" "$3" "$4" "$out/trained/$1-$2-$3-seed$4.plan" "$out/trained/$1-$2-$3-seed$4.usage" "$out/$1-whole-seed$4.plan"
}

learn() { # TASK PLAN METHOD SEED TRAINED
  [[ -e $5 ]] || fit "$5" "$3" "$out/$1-$2-seed$4.plan" "$4" "${epochs[$1]}" "$("$python" "$here/methods.py" rate "$rows" "$1" "$3")" "${samples[$1]:-}"
}

fit() { # TRAINED METHOD PLAN SEED EPOCHS RATE [SAMPLES]
  local method=$2 more=() task
  task=$(basename "$3") && task=${task%%-*}
  # DAS's adapters, or all weights, and what the fully fine-tuned network of the same seed knows.
  if [[ $2 == distilled* ]]; then
    method=$(alike "$2")
    more=(--set "distillation.teacher=$out/trained/$task-whole-full-seed$4.plan")
  fi
  read -ra sizes <<< "$(options "$2") ${7:-}"
  "$python" "$here/methods.py" run "${1%.plan}.usage" "$root/das" train "$3" --db "$out/das.db" --method "$method" --seed "$4" \
    --set threads=1 --set "training.epochs=$5" --set "training.learning_rate=$6" "${sizes[@]}" "${more[@]}" --gallery 0 -o "$1" --quiet
}

measure() { # PLAN METHOD
  [[ $1 != pela-* ]] || return 0 # beside its own whole network, which is compressed, too
  has latencies "$1" "$2" && return
  local trained=$out/trained/vqa-$1-$2-seed0.plan measured=$out/latencies/$1-$2
  # Trained elsewhere: an epoch will do, since latency does not depend on what was learnt.
  [[ -e $trained ]] || { trained=$measured.plan && fit "$trained" "$2" "$out/vqa-$1-seed0.plan" 0 1 0.0005; }
  das profile "$trained" --latency --json > "$measured.latency"
  das profile "$trained" --unmerged --json > "$measured.unmerged"
  note latencies "$1" "$2" "$measured.latency" "$measured.unmerged"
}

# Calls the functions above, one a line of the input.
at_once() { xargs -P "$jobs" -d '\n' -I '{}' bash -c ". '$here/methods.sh' '$out' && {}"; }

# Read by at_once, for its functions.
[[ ${BASH_SOURCE[0]} == "$0" ]] || return 0

"$root/das" setup
mkdir -p "$out/rates" "$out/latencies" "$rows"
[[ $plans != *pela* || -e $compressed ]] || "$root/das" compress "$here/compress-vilt.yaml" --set "output=$compressed"
for task in $tasks; do
  for ((seed = 0; seed < seeds; seed++)); do
    echo "search $task $seed"
  done
done | at_once
for task in $tasks; do
  for method in $methods; do
    echo "tune $task $(alike "$method")"
  done
done | sort -u | at_once
for ((seed = 0; seed < seeds; seed++)); do
  for task in $tasks; do
    # The teachers of the distilled come before them.
    echo "train $task whole full $seed"
  done | at_once
  for task in $tasks; do
    for plan in $plans; do
      for method in $methods; do
        [[ $plan-$method == whole-distilled* ]] || echo "train $task $plan $method $seed"
      done
    done
  done | at_once
done

# One at a time: nothing else is to run beside a measurement.
if [[ ${LATENCY:-now} == now ]]; then
  for plan in $plans; do
    for method in $methods; do
      measure "$plan" "$(alike "$method")"
    done
  done
fi

"$python" "$here/methods.py" table "$rows"
