"""PELA: low-rank factors by SVD, and the two terms of its loss (papers.md, F and I.3)."""
import math

import numpy
import torch

import names


def rank_of(rows, columns, kappa):
    return math.floor(rows * columns / (kappa * (rows + columns)))


def factorise(tensors, kappa):
    """Every linear layer of a block as two, and their ranks by name. A layer of less than ten outputs stays."""
    result, ranks = dict(tensors), {}
    for name in tensors:
        layer = name.removesuffix(".weight")
        if not (name.startswith("transformer.blocks.") and name.endswith(".weight") and any(layer.endswith(place) for place in names.LINEARS)):
            continue
        weight = tensors[name]
        rows, columns = weight.shape
        if rows < 10:
            continue
        rank = rank_of(rows, columns, kappa)
        if rank == 0:
            raise SystemExit(f"κ = {kappa:g} leaves {layer} [{rows}, {columns}] no rank")
        u, s, vt = numpy.linalg.svd(weight.T.astype(numpy.float64), full_matrices=False)  # M = Wᵀ = U Σ Vᵀ, [in, out]
        root = numpy.sqrt(s[:rank])
        del result[name]
        result[f"{layer}.0.weight"] = (u[:, :rank] * root).T.astype(weight.dtype)  # Qᵀ [r, in]
        result[f"{layer}.1.weight"] = (root[:, None] * vt[:rank]).T.astype(weight.dtype)  # Rᵀ [out, r]
        result[f"{layer}.1.bias"] = result.pop(f"{layer}.bias")
        ranks[layer] = rank
    return result, ranks


def losses(teacher, student, inputs, epsilon):
    """Both terms in every form, as scalars by name. The teacher's layers get no gradient.

    fd over the outputs of all blocks, before the last norm; rwp over the factorised layers.
    """
    with torch.no_grad():
        teacher.run(*inputs)
    student.run(*inputs)
    pairs = list(zip(student.outputs, teacher.outputs, strict=True))
    squares = [(x - y).square() for x, y in pairs]
    layers = [name.removesuffix(".0.weight") for name in sorted(student.w) if name.startswith("transformer.blocks.") and name.endswith(".0.weight")]
    layers = [layer for layer in layers if f"{layer}.weight" in teacher.w]
    worst = torch.stack([
        (student.w[f"{layer}.1.weight"] @ student.w[f"{layer}.0.weight"] - teacher.w[f"{layer}.weight"].detach()).abs().max()
        for layer in layers
    ])
    return {
        "fd.code": torch.stack([square.mean() for square in squares]).mean(),
        "fd.paper": torch.stack([square.sum((1, 2)).mean() for square in squares]).sum() / (2 * len(squares)),
        "rwp.code": (worst - epsilon).square().mean(),
        "rwp.paper": (worst - epsilon).sum(),
        "rwp.hinge": (worst - epsilon).relu().square().mean(),
        "rwp.paper-hinge": (worst - epsilon).relu().sum(),
    }
