#!/bin/sh
# Makes the small cases and what the oracle finds for them: ../Fixtures/METHOD[-variant].{case,out}.safetensors. Needs python3-torch.
set -eu
cd "$(dirname "$0")"
fixtures=../Fixtures
mkdir -p "$fixtures"
oracle() { /usr/bin/python3 -B transfer_oracle.py "$@"; }
small="--width 16 --heads 4 --tokens 6 --patch 2 --side 4x6 --grid 2 --vocabulary 12 --ratio 2"

# fixture NAME METHOD LAYERS SEED FLAGS: gradients of the backbone's matrices are in full's alone.
fixture() {
    name=$1 method=$2 layers=$3 seed=$4
    shift 4
    oracle --random "$fixtures/$name.case.safetensors" $small --method "$method" --layers "$layers" --seed "$seed" "$@"
    oracle "$fixtures/$name.case.safetensors" "$fixtures/$name.out.safetensors" --own-gradients
}

fixture full full 2 1 --pad-images
oracle "$fixtures/full.case.safetensors" "$fixtures/full.out.safetensors"
fixture full-skip full 3 2 --skip 1 --image-number 2
fixture lora lora 2 3
fixture lora-skip lora 3 4 --skip 0,2 --replacement das
fixture adapter adapter 2 5
fixture das das 2 6
fixture das-skip das 3 7 --skip 0,2
fixture das-all-skipped das 2 8 --skip 0,1
fixture scaled-pa scaled-pa 2 9
fixture prompt-shallow prompt-shallow 2 10 --pad-images
fixture prompt-deep prompt-deep 2 11
fixture prompt-deep-skip prompt-deep 3 12 --skip 1
fixture ssf ssf 2 13
fixture apt apt 2 14
fixture apt-token-grad apt 2 15 --option alpha=token-grad
fixture apt-key apt 2 16 --option alpha=key
fixture apt-none apt 2 17 --option alpha=none
fixture apt-identity apt 2 18 --option key=identity
fixture apt-dense apt 2 19 --option key=dense
fixture apt-class-token apt 2 20 --class-token
fixture ttc ttc 2 21
fixture ttc-attn ttc 2 22 --option position=attn
fixture ttc-both ttc 2 23 --option position=both
fixture ttc-block ttc 2 24 --option position=block
fixture ttc-sct ttc 2 25 --option sct=true
fixture ttc-no-bias ttc 2 26 --no-bias
fixture pela pela 2 27
fixture pia pia 2 28
fixture pia-skip pia 3 29 --skip 0,2 --pad-images
fixture pia-masked pia 3 30 --skip 0,2 --option pia_mean=masked --pad-images
fixture pia-all-skipped pia 2 31 --skip 0,1

# Taylor scores; factors by SVD of full's network, and the distances between the two.
oracle --random "$fixtures/taylor.case.safetensors" $small --layers 2 --seed 32 --classes 3 --batch 4
oracle "$fixtures/taylor.case.safetensors" "$fixtures/taylor.out.safetensors" --taylor
oracle "$fixtures/full.case.safetensors" "$fixtures/pela-svd.out.safetensors" --pela --kappa 2 > /dev/null
oracle "$fixtures/full.case.safetensors" "$fixtures/pela-losses.out.safetensors" --pela-losses "$fixtures/pela-svd.out.safetensors" --epsilon 0.05
