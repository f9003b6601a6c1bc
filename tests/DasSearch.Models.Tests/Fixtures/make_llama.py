"""LLaMA computed by plain PyTorch: run with a Python that has torch.

make_llama.py tiny FILE           a decoder of a few numbers whose queries share keys and values: the fixture llama.safetensors
make_llama.py full FILE           two layers of LLaMA-7B's width (4096, 32 heads, 11008) and a few words; weights in half precision
make_llama.py stories MODEL FILE  what stories260K.bin writes, greedily, and its loss on that without each of its layers

Written from the papers' equations alone (arXiv:2302.13971, 2104.09864, 2305.13245), without a look at the C# side. Writes weights
under the official checkpoints' names, inputs under "in.", and what comes out under "out.": the stream after each layer and the
scores of all words after each token; under "out.half." the same with a head's numbers turned in the other order, k with k + half.
"""
import pathlib
import struct
import sys

import torch

sys.path += [str(pathlib.Path(__file__).parent), str(pathlib.Path(__file__).parents[2] / "DasSearch.Transfer.Tests" / "oracle")]
import container  # noqa: E402

TINY = dict(words=11, width=16, layers=3, heads=4, shared=2, inner=24, batch=2, tokens=5, eps=1e-5)
FULL = dict(words=512, width=4096, layers=2, heads=32, shared=32, inner=11008, batch=1, tokens=24, eps=1e-5)


class Llama:
    def __init__(self, sizes, weights=None):
        self.sizes = sizes
        self.generator = torch.Generator().manual_seed(11)
        self.weights = weights or {}
        if weights is None:
            self.draw()

    def weight(self, name, *shape):
        deviation = 0.4 if self.sizes is TINY else shape[-1] ** -0.5
        drawn = torch.randn(*shape, generator=self.generator) * deviation if len(shape) > 1 else 1 + 0.2 * torch.randn(*shape, generator=self.generator)
        self.weights[name] = drawn if self.sizes is TINY else drawn.half()

    def draw(self):
        s = self.sizes
        d, shared = s["width"], s["width"] // s["heads"] * s["shared"]
        self.weight("tok_embeddings.weight", s["words"], d)
        for i in range(s["layers"]):
            layer = f"layers.{i}."
            self.weight(layer + "attention_norm.weight", d)
            self.weight(layer + "attention.wq.weight", d, d)
            self.weight(layer + "attention.wk.weight", shared, d)
            self.weight(layer + "attention.wv.weight", shared, d)
            self.weight(layer + "attention.wo.weight", d, d)
            self.weight(layer + "ffn_norm.weight", d)
            self.weight(layer + "feed_forward.w1.weight", s["inner"], d)
            self.weight(layer + "feed_forward.w2.weight", d, s["inner"])
            self.weight(layer + "feed_forward.w3.weight", s["inner"], d)
        self.weight("norm.weight", d)
        self.weight("output.weight", s["words"], d)

    # What is computed.

    def apply(self, name, x):
        return x @ self.weights[name + ".weight"].float().T

    def normalise(self, name, x):
        return x / (x.pow(2).mean(-1, keepdim=True) + self.sizes["eps"]).sqrt() * self.weights[name + ".weight"].float()

    @staticmethod
    def turn(x, half):
        """[batch, heads, tokens, width]: a pair as a complex number, times e^(i · position · speed)."""
        width = x.shape[-1]
        speeds = 10000.0 ** (-torch.arange(0, width, 2, dtype=torch.float64) / width)
        angles = torch.outer(torch.arange(x.shape[2], dtype=torch.float64), speeds)
        wheel = torch.polar(torch.ones_like(angles), angles)
        if half:
            turned = torch.complex(x[..., : width // 2].double(), x[..., width // 2:].double()) * wheel
            return torch.cat([turned.real, turned.imag], -1).float()
        turned = torch.complex(x[..., 0::2].double(), x[..., 1::2].double()) * wheel
        return torch.stack([turned.real, turned.imag], -1).flatten(-2).float()

    def attention(self, name, x, mask, half):
        s = self.sizes
        batch, n, width = x.shape
        head = width // s["heads"]
        q, k, v = (self.apply(f"{name}.{part}", x).reshape(batch, n, -1, head).transpose(1, 2) for part in ("wq", "wk", "wv"))
        q, k = self.turn(q, half), self.turn(k, half)
        group = s["heads"] // s["shared"]
        mixed = []
        for one in range(s["heads"]):
            scores = q[:, one] @ k[:, one // group].transpose(1, 2) / head**0.5
            seen = torch.ones(n, n).tril().bool()[None] & mask[:, None, :]
            mixed.append(scores.masked_fill(~seen, -1e30).softmax(-1) @ v[:, one // group])
        return self.apply(name + ".wo", torch.cat(mixed, -1))

    def feed_forward(self, name, x):
        gate = self.apply(name + ".w1", x)
        return self.apply(name + ".w2", gate * gate.sigmoid() * self.apply(name + ".w3", x))

    def run(self, ids, mask, half=False, skipped=()):
        """The stream after each layer, and the scores of words."""
        x = self.weights["tok_embeddings.weight"].float()[ids]
        streams = []
        for i in range(self.sizes["layers"]):
            if i not in skipped:
                layer = f"layers.{i}."
                x = x + self.attention(layer + "attention", self.normalise(layer + "attention_norm", x), mask, half)
                x = x + self.feed_forward(layer + "feed_forward", self.normalise(layer + "ffn_norm", x))
            streams.append(x)
        last = self.weights.get("output.weight", self.weights["tok_embeddings.weight"]).float()
        return streams, self.normalise("norm", x) @ last.T


def read_stories(path):
    """The sizes and weights of a model of llama2.c, as its layout is told in the README of the data."""
    data = pathlib.Path(path).read_bytes()
    d, inner, layers, heads, shared, words, _ = struct.unpack("<7i", data[:28])
    numbers = torch.frombuffer(bytearray(data[28:]), dtype=torch.float32)
    weights, at = {}, 0

    def take(name, *shape):
        nonlocal at
        count = torch.Size(shape).numel()
        weights[name] = numbers[at:at + count].reshape(shape)
        at += count

    take("tok_embeddings.weight", words, d)
    kv = d // heads * shared
    for name, shape in (
        ("attention_norm", (d,)), ("attention.wq", (d, d)), ("attention.wk", (kv, d)), ("attention.wv", (kv, d)), ("attention.wo", (d, d)),
        ("ffn_norm", (d,)), ("feed_forward.w1", (inner, d)), ("feed_forward.w2", (d, inner)), ("feed_forward.w3", (inner, d)),
    ):
        for i in range(layers):
            take(f"layers.{i}.{name}.weight", *shape)
    take("norm.weight", d)
    return Llama(dict(words=words, width=d, layers=layers, heads=heads, shared=shared, inner=inner, eps=1e-5), weights)


def stories(model, path):
    tokens = [1]
    while len(tokens) < 201:
        _, scores = model.run(torch.tensor([tokens]), torch.ones(1, len(tokens), dtype=torch.bool))
        tokens.append(int(scores[0, -1].argmax()))
    ids = torch.tensor([tokens])
    losses = []
    for skipped in [()] + [(i,) for i in range(model.sizes["layers"])]:
        _, scores = model.run(ids[:, :-1], torch.ones(1, 200, dtype=torch.bool), skipped=skipped)
        losses.append(torch.nn.functional.cross_entropy(scores[0], ids[0, 1:]))
    container.write(path, {"tokens": ids[0].numpy(), "losses": torch.stack(losses).numpy()}, {"made_by": "make_llama.py stories"})


def main():
    torch.set_grad_enabled(False)
    if sys.argv[1] == "stories":
        stories(read_stories(sys.argv[2]), sys.argv[3])
        return
    model = Llama(TINY if sys.argv[1] == "tiny" else FULL)
    s = model.sizes
    ids = torch.randint(0, s["words"], (s["batch"], s["tokens"]), generator=model.generator)
    mask = torch.ones_like(ids).bool()
    if s["batch"] > 1:
        mask[1, -2:] = False
    tensors = {"in.ids": ids, "in.mask": mask}
    for prefix, half in (("out.", False), ("out.half.", True)):
        streams, scores = model.run(ids, mask, half)
        tensors |= {f"{prefix}stream.{i}": stream for i, stream in enumerate(streams)} | {prefix + "scores": scores}
    if s is TINY:
        _, tensors["out.skipped.scores"] = model.run(ids, mask, skipped=(1,))
    container.write(sys.argv[2], {name: tensor.numpy() for name, tensor in (model.weights | tensors).items()}, {"heads": str(s["heads"])})


if __name__ == "__main__":
    main()
