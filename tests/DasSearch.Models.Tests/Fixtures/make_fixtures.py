"""What PyTorch's own layers give, in float64: run with a Python that has torch, from this folder.

Writes layers.json; the numbers are those of torch.nn.functional.interpolate, torch.nn.LayerNorm and torch.nn.Conv2d,
and of the heads, put together from torch.nn's modules under the names of the official checkpoints.
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



class MaskedLanguageHead(torch.nn.Module):
    """BERT's, with the names that the official ViLT checkpoints give to its parts."""

    def __init__(self, width, vocabulary):
        super().__init__()
        self.transform = torch.nn.Module()
        self.transform.dense = torch.nn.Linear(width, width)
        self.transform.LayerNorm = torch.nn.LayerNorm(width, eps=1e-12)
        self.decoder = torch.nn.Linear(width, vocabulary, bias=False)
        self.bias = torch.nn.Parameter(torch.zeros(vocabulary))

    def forward(self, x):
        return self.decoder(self.transform.LayerNorm(F.gelu(self.transform.dense(x)))) + self.bias


class MatchingHead(torch.nn.Module):
    def __init__(self, width):
        super().__init__()
        self.fc = torch.nn.Linear(width, 2)

    def forward(self, x):
        return self.fc(x)


def head(module, *size):
    state = {name: numbers(*t.shape) * (0.5 + 0.1 * i) for i, (name, t) in enumerate(module.state_dict().items())}
    module.load_state_dict(state)
    x = numbers(*size)
    return {"x": record(x=x)["x"], "out": record(out=module(x).detach())["out"], "state": record(**state)}


nn = torch.nn
heads = {
    "classifier": head(nn.Sequential(nn.Linear(6, 8), nn.LayerNorm(8), nn.GELU(), nn.Linear(8, 3)), 4, 6),
    "masked_language": head(MaskedLanguageHead(6, 9), 2, 3, 6),
    "matching": head(MatchingHead(6), 4, 6),
}

with open("layers.json", "w") as file:
    json.dump(
        {"resize": resizes, "layer_norm": layer_norm, "conv2d": conv2d, "heads": heads}, file, separators=(",", ":"))
    file.write("\n")
