"""ViT and DeiT computed by plain PyTorch: run with a Python that has torch.

make_vit.py               from this folder: small ones, the fixtures vit.npz (under JAX's names) and deit.safetensors
make_vit.py full FILE     two blocks of ViT-B/16's width with a classifier of 1,000, on an image of 224 by 224 pixels

Written from the papers' equations alone (arXiv:2010.11929, arXiv:2012.12877, arXiv:2204.07118), without a look at the C# side.
Writes weights, inputs under "in.", and what comes out under "out.". The small ones have positions of 3 by 3 patches and see images
of 4 by 4. deit.safetensors has a distillation token and DeiT III's LayerScale, and its logits are the mean of both classifiers'.
"""
import pathlib
import sys

import numpy as np
import torch
import torch.nn.functional as F

sys.path.append(str(pathlib.Path(__file__).parents[2] / "DasSearch.Transfer.Tests" / "oracle"))
import container  # noqa: E402

torch.manual_seed(11)
torch.set_grad_enabled(False)


class Vit:
    def __init__(self, width, layers, heads, patch, grid, classes, distilled=False):
        self.width, self.layers, self.heads, self.patch, self.grid, self.distilled = width, layers, heads, patch, grid, distilled
        self.first = 2 if distilled else 1
        self.weights = {}
        self.weight("cls_token", 1, 1, width)
        if distilled:
            self.weight("dist_token", 1, 1, width)
        self.weight("pos_embed", 1, self.first + grid * grid, width)
        self.weight("patch_embed.proj.weight", width, 3, patch, patch)
        self.weight("patch_embed.proj.bias", width)
        for i in range(layers):
            self.norm(f"blocks.{i}.norm1")
            self.linear(f"blocks.{i}.attn.qkv", 3 * width, width)
            self.linear(f"blocks.{i}.attn.proj", width, width)
            self.norm(f"blocks.{i}.norm2")
            self.linear(f"blocks.{i}.mlp.fc1", 4 * width, width)
            self.linear(f"blocks.{i}.mlp.fc2", width, 4 * width)
            if distilled:
                self.weight(f"blocks.{i}.ls1.gamma", width, around=0.5)
                self.weight(f"blocks.{i}.ls2.gamma", width, around=0.5)
        self.norm("norm")
        self.linear("head", classes, width)
        if distilled:
            self.linear("head_dist", classes, width)

    def weight(self, name, *size, around=0.0):
        deviation = torch.Size(size[1:]).numel() ** -0.5 if len(size) > 1 else 0.1
        self.weights[name] = around + deviation * torch.randn(*size)

    def linear(self, name, rows, columns):
        self.weight(f"{name}.weight", rows, columns)
        self.weight(f"{name}.bias", rows)

    def norm(self, name):
        self.weight(f"{name}.weight", self.width, around=1.0)
        self.weight(f"{name}.bias", self.width)

    def apply_linear(self, name, x):
        return x @ self.weights[f"{name}.weight"].T + self.weights[f"{name}.bias"]

    def apply_norm(self, name, x):
        mean, variance = x.mean(-1, keepdim=True), x.var(-1, keepdim=True, unbiased=False)
        return (x - mean) / (variance + 1e-6).sqrt() * self.weights[f"{name}.weight"] + self.weights[f"{name}.bias"]

    def scaled(self, name, x):
        return x * self.weights[name] if self.distilled else x

    def embed(self, images):
        patches = F.conv2d(images, self.weights["patch_embed.proj.weight"], self.weights["patch_embed.proj.bias"], stride=self.patch)
        side = patches.shape[-1]
        positions = self.weights["pos_embed"]
        if side != self.grid:
            table = positions[:, self.first :].transpose(1, 2).reshape(1, self.width, self.grid, self.grid)
            table = F.interpolate(table, (side, side), mode="bicubic", align_corners=False).flatten(2).transpose(1, 2)
            positions = torch.cat([positions[:, : self.first], table], 1)
        own = [self.weights["cls_token"]] + ([self.weights["dist_token"]] if self.distilled else [])
        own = [token.expand(len(images), 1, self.width) for token in own]
        return torch.cat(own + [patches.flatten(2).transpose(1, 2)], 1) + positions

    def block(self, i, x):
        batch, tokens, _ = x.shape
        q, k, v = self.apply_linear(f"blocks.{i}.attn.qkv", self.apply_norm(f"blocks.{i}.norm1", x)).chunk(3, -1)
        q, k, v = (t.reshape(batch, tokens, self.heads, self.width // self.heads).transpose(1, 2) for t in (q, k, v))
        weights = (q @ k.transpose(-1, -2) / (self.width // self.heads) ** 0.5).softmax(-1)
        mixed = (weights @ v).transpose(1, 2).reshape(batch, tokens, self.width)
        x = x + self.scaled(f"blocks.{i}.ls1.gamma", self.apply_linear(f"blocks.{i}.attn.proj", mixed))
        inner = F.gelu(self.apply_linear(f"blocks.{i}.mlp.fc1", self.apply_norm(f"blocks.{i}.norm2", x)))
        return x + self.scaled(f"blocks.{i}.ls2.gamma", self.apply_linear(f"blocks.{i}.mlp.fc2", inner))

    def run(self, images):
        x = self.embed(images)
        for i in range(self.layers):
            x = self.block(i, x)
        x = self.apply_norm("norm", x)
        logits = self.apply_linear("head", x[:, 0])
        if self.distilled:
            logits = (logits + self.apply_linear("head_dist", x[:, 1])) / 2
        return {"in.images": images, "out.tokens": x, "out.logits": logits}

    def jax(self):
        """Its weights as ViT's authors' files have them."""
        w, d, h = self.weights, self.width, self.heads
        arrays = {
            "cls": w["cls_token"],
            "embedding/kernel": w["patch_embed.proj.weight"].permute(2, 3, 1, 0),
            "embedding/bias": w["patch_embed.proj.bias"],
            "Transformer/posembed_input/pos_embedding": w["pos_embed"],
            "Transformer/encoder_norm/scale": w["norm.weight"],
            "Transformer/encoder_norm/bias": w["norm.bias"],
            "head/kernel": w["head.weight"].T,
            "head/bias": w["head.bias"],
            "pre_logits/kernel": torch.zeros(d, d),
            "pre_logits/bias": torch.zeros(d),
        }
        for i in range(self.layers):
            block = f"Transformer/encoderblock_{i}"
            for own, other in (("norm1", "LayerNorm_0"), ("norm2", "LayerNorm_2")):
                arrays[f"{block}/{other}/scale"] = w[f"blocks.{i}.{own}.weight"]
                arrays[f"{block}/{other}/bias"] = w[f"blocks.{i}.{own}.bias"]
            attention = f"{block}/MultiHeadDotProductAttention_1"
            for part, name in enumerate(("query", "key", "value")):
                rows = slice(part * d, (part + 1) * d)
                arrays[f"{attention}/{name}/kernel"] = w[f"blocks.{i}.attn.qkv.weight"][rows].T.reshape(d, h, d // h)
                arrays[f"{attention}/{name}/bias"] = w[f"blocks.{i}.attn.qkv.bias"][rows].reshape(h, d // h)
            arrays[f"{attention}/out/kernel"] = w[f"blocks.{i}.attn.proj.weight"].T.reshape(h, d // h, d)
            arrays[f"{attention}/out/bias"] = w[f"blocks.{i}.attn.proj.bias"]
            for layer in (0, 1):
                arrays[f"{block}/MlpBlock_3/Dense_{layer}/kernel"] = w[f"blocks.{i}.mlp.fc{layer + 1}.weight"].T
                arrays[f"{block}/MlpBlock_3/Dense_{layer}/bias"] = w[f"blocks.{i}.mlp.fc{layer + 1}.bias"]
        return arrays


def arrays_of(tensors):
    return {name: tensor.contiguous().numpy() for name, tensor in tensors.items()}


if sys.argv[1:2] == ["full"]:
    whole = Vit(768, 2, 12, 16, 14, 1000)
    container.write(sys.argv[2], arrays_of({**whole.weights, **whole.run(torch.randn(1, 3, 224, 224))}), {})
else:
    small = Vit(8, 2, 2, 2, 3, 3)
    np.savez("vit.npz", **arrays_of({**small.jax(), **small.run(torch.randn(2, 3, 8, 8))}))
    deit = Vit(8, 2, 2, 2, 3, 3, distilled=True)
    container.write("deit.safetensors", arrays_of({**deit.weights, **deit.run(torch.randn(2, 3, 8, 8))}), {"heads": "2"})
