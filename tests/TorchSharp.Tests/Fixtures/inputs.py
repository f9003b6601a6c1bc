"""Inputs of the operator cases: small, distinct, exact in float32, and away from kinks.

Every value is a multiple of 1/256, so that one stored float32 tensor serves both precisions. Values keep 1/8 away from
integers and halves (floor, round, relu, clamp), and two inputs of a case never share a value (maximum, sort, median).
"""
import random

import torch


class Spec:
    """How to make one input, given the case's generator and the input's position."""

    def __init__(self, make, grad):
        self.make, self.grad = make, grad


def _fill(rng, position, shape, lo, hi):
    count = 1
    for size in shape:
        count *= size
    grid = [k for k in range(int(lo * 64), int(hi * 64) + 1) if 8 <= k % 32 <= 24 and lo <= k / 64 < hi]
    picked = rng.sample(grid, count) if count <= len(grid) else [rng.choice(grid) for _ in range(count)]
    return torch.tensor([k / 64 + position / 256 for k in picked], dtype=torch.float32).reshape(shape)


def F(*shape, lo=-2.0, hi=2.0, grad=True):
    """Floating values in [lo, hi)."""
    return Spec(lambda rng, position: _fill(rng, position, shape, lo, hi), grad)


def P(*shape, hi=2.5):
    """Positive values, for logarithms, roots and divisors."""
    return F(*shape, lo=0.25, hi=hi)


def V(values, grad=True):
    """The floating values given."""
    return Spec(lambda rng, position: torch.tensor(values, dtype=torch.float32), grad)


def I(values):
    """The integers given, as int64."""
    return Spec(lambda rng, position: torch.tensor(values, dtype=torch.int64), False)


def B(values):
    """The truth values given (0 and 1)."""
    return Spec(lambda rng, position: torch.tensor(values, dtype=torch.bool), False)


def make(name, specs):
    rng = random.Random(name)
    return [spec.make(rng, position) for position, spec in enumerate(specs)]
