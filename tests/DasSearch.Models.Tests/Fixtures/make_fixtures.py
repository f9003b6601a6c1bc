"""What PyTorch's own layers give, in float64: run with a Python that has torch, from this folder.

Writes layers.json; the numbers are those of torch.nn.functional.interpolate, torch.nn.LayerNorm and torch.nn.Conv2d.
"""
import json

import torch
import torch.nn.functional as F

torch.set_default_dtype(torch.float64)


def numbers(*size):
    count = torch.Size(size).numel()
    return torch.sin(torch.arange(count) * 1.7 + 0.3).reshape(size)


def record(**tensors):
    return {name: {"shape": list(t.shape), "values": t.flatten().tolist()} for name, t in tensors.items()}


def resize(height, width, new_height, new_width, mode, align_corners):
    grid = numbers(2, 3, height, width).requires_grad_()
    out = F.interpolate(grid, size=(new_height, new_width), mode=mode, align_corners=align_corners)
    (gradient,) = torch.autograd.grad((out * numbers(*out.shape)).sum(), grid)
    case = {"height": new_height, "width": new_width, "mode": mode, "align_corners": align_corners}
    return {**case, **record(grid=grid.detach(), out=out.detach(), gradient=gradient)}


resizes = [
    resize(*sizes, mode, align_corners)
    for sizes in [(3, 4, 6, 7), (7, 6, 4, 3), (5, 5, 5, 5), (4, 3, 1, 9), (1, 2, 3, 3)]
    for mode in ["bilinear", "bicubic"]
    for align_corners in [False, True]
]

norm = torch.nn.LayerNorm(5, eps=1e-6)
norm.load_state_dict({"weight": numbers(5), "bias": numbers(5) * 0.5})
x = numbers(2, 3, 5)
layer_norm = record(x=x, weight=norm.weight.detach(), bias=norm.bias.detach(), out=norm(x).detach())

conv = torch.nn.Conv2d(3, 4, kernel_size=2, stride=2)
conv.load_state_dict({"weight": numbers(4, 3, 2, 2), "bias": numbers(4)})
image = numbers(2, 3, 5, 4)
conv2d = record(x=image, weight=conv.weight.detach(), bias=conv.bias.detach(), out=conv(image).detach())

with open("layers.json", "w") as file:
    json.dump({"resize": resizes, "layer_norm": layer_norm, "conv2d": conv2d}, file, separators=(",", ":"))
    file.write("\n")
