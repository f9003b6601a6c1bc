"""Swin computed by plain PyTorch: run with a Python that has torch.

make_swin.py               from this folder: a small one, the fixture swin.safetensors
make_swin.py full FILE     Swin-B's widths and windows with 2, 2, 1 and 1 blocks and a classifier of 1,000, on an image of 224 by 224 pixels

Written from the paper's equations (arXiv:2103.14030) and the layout of its authors' files, without a look at the C# side.
Windows are found by their rows and columns, one after the other, not by reshaping. Writes weights, inputs under "in.", and what comes out under "out.".
"""
import pathlib
import sys

import torch
import torch.nn.functional as F

sys.path.append(str(pathlib.Path(__file__).parents[2] / "DasSearch.Transfer.Tests" / "oracle"))
import container  # noqa: E402

FULL = sys.argv[1:2] == ["full"]
WIDTH, DEPTHS, HEADS, WINDOW, PATCH, SIDE, CLASSES = (128, (2, 2, 1, 1), (4, 8, 16, 32), 7, 4, 224, 1000) if FULL else (8, (2, 3), (2, 4), 2, 2, 16, 3)
torch.manual_seed(13)
torch.set_grad_enabled(False)
weights = {}


def weight(name, *size, around=0.0):
    deviation = torch.Size(size[1:]).numel() ** -0.5 if len(size) > 1 else 0.1
    weights[name] = around + deviation * torch.randn(*size)


def linear(name, rows, columns):
    weight(f"{name}.weight", rows, columns)
    weight(f"{name}.bias", rows)


def norm(name, width):
    weight(f"{name}.weight", width, around=1.0)
    weight(f"{name}.bias", width)


weight("patch_embed.proj.weight", WIDTH, 3, PATCH, PATCH)
weight("patch_embed.proj.bias", WIDTH)
norm("patch_embed.norm", WIDTH)
for stage, depth in enumerate(DEPTHS):
    d = WIDTH << stage
    window = min(WINDOW, SIDE // (PATCH << stage))
    for i in range(depth):
        block = f"layers.{stage}.blocks.{i}"
        norm(f"{block}.norm1", d)
        weights[f"{block}.attn.relative_position_bias_table"] = torch.randn((2 * window - 1) ** 2, HEADS[stage])
        weights[f"{block}.attn.relative_position_index"] = torch.zeros(window * window, window * window, dtype=torch.int64)
        linear(f"{block}.attn.qkv", 3 * d, d)
        linear(f"{block}.attn.proj", d, d)
        norm(f"{block}.norm2", d)
        linear(f"{block}.mlp.fc1", 4 * d, d)
        linear(f"{block}.mlp.fc2", d, 4 * d)
    if stage + 1 < len(DEPTHS):
        norm(f"layers.{stage}.downsample.norm", 4 * d)
        weight(f"layers.{stage}.downsample.reduction.weight", 2 * d, 4 * d)
norm("norm", WIDTH << (len(DEPTHS) - 1))
linear("head", CLASSES, WIDTH << (len(DEPTHS) - 1))


def apply_linear(name, x):
    return x @ weights[f"{name}.weight"].T + weights[f"{name}.bias"]


def apply_norm(name, x):
    mean, variance = x.mean(-1, keepdim=True), x.var(-1, keepdim=True, unbiased=False)
    return (x - mean) / (variance + 1e-5).sqrt() * weights[f"{name}.weight"] + weights[f"{name}.bias"]


def attention(name, x, side, heads, shift):
    """x: [batch, side², width]. Token (r, c) is in the window that begins at a row and column that are shift more than so many windows."""
    batch, _, d = x.shape
    window = min(WINDOW, side)
    table = weights[f"{name}.relative_position_bias_table"]
    q, k, v = (t.reshape(batch, -1, heads, d // heads).transpose(1, 2) for t in apply_linear(f"{name}.qkv", x).chunk(3, -1))
    mixed = torch.zeros(batch, heads, side * side, d // heads)
    for top in range(0, side, window):
        for left in range(0, side, window):
            rows = [top + shift + r for r in range(window)]
            columns = [left + shift + c for c in range(window)]
            places = torch.tensor([(r, c) for r in rows for c in columns])  # beyond the picture's end they go on at its beginning
            tokens = places[:, 0] % side * side + places[:, 1] % side
            down, across = ((places[:, None, axis] - places[None, :, axis]) + window - 1 for axis in (0, 1))
            beyond = places >= side
            bias = table[down * (2 * window - 1) + across].permute(2, 0, 1) - 100 * (beyond[:, None] != beyond[None]).any(-1)
            scores = q[:, :, tokens] @ k[:, :, tokens].transpose(-1, -2) / (d // heads) ** 0.5 + bias
            mixed[:, :, tokens] = scores.softmax(-1) @ v[:, :, tokens]
    return apply_linear(f"{name}.proj", mixed.transpose(1, 2).reshape(batch, -1, d))


def merge(name, x, side):
    grid = x.reshape(len(x), side, side, -1)
    joined = torch.cat([grid[:, 0::2, 0::2], grid[:, 1::2, 0::2], grid[:, 0::2, 1::2], grid[:, 1::2, 1::2]], -1)
    return apply_norm(f"{name}.norm", joined.reshape(len(x), -1, joined.shape[-1])) @ weights[f"{name}.reduction.weight"].T


images = torch.randn(1 if FULL else 2, 3, SIDE, SIDE)
x = F.conv2d(images, weights["patch_embed.proj.weight"], weights["patch_embed.proj.bias"], stride=PATCH).flatten(2).transpose(1, 2)
x = apply_norm("patch_embed.norm", x)
side = SIDE // PATCH
for stage, depth in enumerate(DEPTHS):
    for i in range(depth):
        block = f"layers.{stage}.blocks.{i}"
        shift = WINDOW // 2 if i % 2 and side > WINDOW else 0
        x = x + attention(f"{block}.attn", apply_norm(f"{block}.norm1", x), side, HEADS[stage], shift)
        x = x + apply_linear(f"{block}.mlp.fc2", F.gelu(apply_linear(f"{block}.mlp.fc1", apply_norm(f"{block}.norm2", x))))
    if stage + 1 < len(DEPTHS):
        x, side = merge(f"layers.{stage}.downsample", x, side), side // 2
x = apply_norm("norm", x)
tensors = {**weights, "in.images": images, "out.tokens": x, "out.logits": apply_linear("head", x.mean(1))}
container.write(sys.argv[2] if FULL else "swin.safetensors", {name: tensor.contiguous().numpy() for name, tensor in tensors.items()}, {})
