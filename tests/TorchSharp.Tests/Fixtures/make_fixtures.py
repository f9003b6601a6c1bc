#!/usr/bin/env python3
"""Writes the fixtures of the tensor tests from PyTorch: run it where python3-torch is installed.

    /usr/bin/python3 tests/TorchSharp.Tests/Fixtures/make_fixtures.py

The same torch gives the same bytes; the tests read the files and never run Python. One thread: sums keep their order.
"""
import os
import sys

sys.dont_write_bytecode = True

import torch

import container
import make_ops
import make_random
import make_training


def main():
    torch.set_num_threads(1)
    here = os.path.dirname(os.path.abspath(__file__))
    for name, build in (("ops", make_ops.build), ("training", make_training.build), ("random", make_random.build)):
        path = os.path.join(here, f"{name}.safetensors")
        tensors = build()
        container.save(path, tensors)
        print(f"{os.path.basename(path)}: {len(tensors)} tensors, {os.path.getsize(path)} bytes")


if __name__ == "__main__":
    main()
