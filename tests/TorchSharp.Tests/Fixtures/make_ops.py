"""Operator fixtures: inputs once (exact in both precisions), results and gradients in float32 and float64."""
import warnings

import torch

import cases_elementwise
import cases_linear
import cases_nn
import cases_reduce
import cases_shape
from inputs import make

TABLES = [cases_elementwise, cases_reduce, cases_shape, cases_linear, cases_nn]


def cotangent(tensor):
    """-1 to 1 in even steps over the elements (1 for a single one): sum(out * cotangent) is what is differentiated."""
    count = tensor.numel()
    steps = [1.0] if count == 1 else [-1 + 2 * i / (count - 1) for i in range(count)]
    return torch.tensor(steps, dtype=tensor.dtype).reshape(tensor.shape)


def at_precision(name, specs, dtype):
    """Fresh leaves of the case's inputs."""
    leaves = []
    for spec, value in zip(specs, make(name, specs)):
        value = value.to(dtype) if value.is_floating_point() else value
        leaves.append(value.requires_grad_() if spec.grad else value)
    return leaves


def one(tensors, name, function, specs, letter, dtype):
    leaves = at_precision(name, specs, dtype)
    result = function(*leaves)
    outputs = list(result) if isinstance(result, (tuple, list)) else [result]
    for position, output in enumerate(outputs):
        tensors[f"{name}/{letter}o{position}"] = output.detach().clone()
    traced = [output for output in outputs if output.requires_grad]
    wanted = [position for position, spec in enumerate(specs) if spec.grad]
    if traced and wanted:
        grads = torch.autograd.grad(traced, [leaves[i] for i in wanted], [cotangent(o) for o in traced], allow_unused=True)
        for position, grad in zip(wanted, grads):
            if grad is not None:
                tensors[f"{name}/{letter}g{position}"] = grad


def build():
    warnings.filterwarnings("ignore")
    tensors = {}
    for name, function, specs in [case for table in TABLES for case in table.CASES]:
        if f"{name}/do0" in tensors:
            raise ValueError(f"two cases are named {name}")
        for position, value in enumerate(make(name, specs)):
            tensors[f"{name}/i{position}"] = value
        one(tensors, name, function, specs, "f", torch.float32)
        one(tensors, name, function, specs, "d", torch.float64)
    return tensors
