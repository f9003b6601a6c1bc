"""LaVIN computed by plain PyTorch: run with a Python that has torch, from this folder; makes lavin.safetensors.

A LLaMA of make_llama.py to which a CLIP's image tower of make_clip.py shows images, written from the papers alone (arXiv:2305.15023, 2309.01479). An image is the class
token after six of the tower's layers at equal distances, each through two Linears with a SiLU between, in place of the tokens of a text whose number is -1; two texts of each
image, of which one has no such tokens. With "out.plain." nothing is attached. With "out.adapted." a router's adapter stands before every attention of tower and decoder, and a token for the
modality before each text, which no other token sees and which weighs the decoder's adapters; the tower's are weighed by the class token. Gradients, "grad.", are of the sum
of all scores times "in.weights".
"""
import torch

import make_clip
import make_llama
from make_llama import container

IMAGE, TOKENS, INNER, SIZE = -1, 6, 5, 4


class Lavin(make_llama.Llama):
    def __init__(self):
        super().__init__(make_llama.TINY)
        self.clip = make_clip.Clip(11, 7, (8, 1, 2), (12, 2, 3), 6, 2, 4)
        draw = lambda *shape: torch.randn(*shape, generator=self.generator) * 0.3  # noqa: E731
        self.more = {
            "adapter_proj.conv_A.weight": draw(INNER, 12), "adapter_proj.conv_A.bias": draw(INNER),
            "adapter_proj.conv_B.weight": draw(16, INNER), "adapter_proj.conv_B.bias": draw(16),
        }  # fmt: skip
        self.trained = {"adapter_modality_embedding.weight": draw(2, 16)}
        places = [(f"vision_model.encoder.layers.{i}.adapter_attn", 12) for i in range(2)] + [(f"layers.{i}.attention.lavin", 16) for i in range(3)]
        for place, width in places:
            self.trained |= {
                f"{place}.conv_A.weight": draw(SIZE, width), f"{place}.conv_A.bias": draw(SIZE),
                f"{place}.conv_B.weight": draw(width, SIZE // 2), f"{place}.conv_B.bias": draw(width),
                f"{place}.conv_D.weight": draw(width, SIZE // 2), f"{place}.conv_D.bias": draw(width),
                f"{place}.expert_weights.weight": 5 * draw(2, width), f"{place}.expert_weights.bias": draw(2),
            }  # fmt: skip

    def adapter(self, place, x, first):
        """n + A(n), two ways weighed by a token."""
        part = lambda name: self.trained[f"{place}.{name}"]  # noqa: E731
        z = x @ part("conv_A.weight").T + part("conv_A.bias")
        ways = []
        for way in ("conv_B", "conv_D"):
            half = x.shape[-1] // 2
            low = z[..., : SIZE // 2] @ part(f"{way}.weight")[:half].T
            high = z[..., SIZE // 2:] @ part(f"{way}.weight")[half:].T
            ways.append(torch.cat([low, high], -1) + part(f"{way}.bias"))
        weighed = ((first @ part("expert_weights.weight").T + part("expert_weights.bias")) / 10).softmax(-1)
        return x + weighed[:, :1, None] * ways[0] + weighed[:, 1:, None] * ways[1]

    def image(self, images, adapted):
        clip = self.clip
        patches = torch.nn.functional.conv2d(images, clip.weights["visual.conv1.weight"], stride=clip.patch)
        first = clip.weights["visual.class_embedding"].expand(len(images), 1, 12)
        x = clip.apply_norm("visual.ln_pre", torch.cat([first, patches.flatten(2).transpose(1, 2)], 1) + clip.weights["visual.positional_embedding"])
        classes = []
        for i in range(2):
            layer = f"visual.transformer.resblocks.{i}"
            batch, tokens, width = x.shape
            read = clip.apply_norm(f"{layer}.ln_1", x)
            if adapted:
                read = self.adapter(f"vision_model.encoder.layers.{i}.adapter_attn", read, read[:, 0])
            rows = read @ clip.weights[f"{layer}.attn.in_proj_weight"].T + clip.weights[f"{layer}.attn.in_proj_bias"]
            q, k, v = (t.reshape(batch, tokens, 3, 4).transpose(1, 2) for t in rows.chunk(3, -1))
            mixed = ((q @ k.transpose(-1, -2) / 2).softmax(-1) @ v).transpose(1, 2).reshape(batch, tokens, width)
            x = x + clip.apply_linear(f"{layer}.attn.out_proj", mixed)
            wide = clip.apply_linear(f"{layer}.mlp.c_fc", clip.apply_norm(f"{layer}.ln_2", x))
            x = x + clip.apply_linear(f"{layer}.mlp.c_proj", wide * torch.sigmoid(1.702 * wide))
            classes.append(x[:, 0])
        taken = torch.stack([classes[0]] * 3 + [classes[1]] * 3, 1)  # layers 1, 1, 1, 2, 2, 2
        a = taken @ self.more["adapter_proj.conv_A.weight"].T + self.more["adapter_proj.conv_A.bias"]
        return a * a.sigmoid() @ self.more["adapter_proj.conv_B.weight"].T + self.more["adapter_proj.conv_B.bias"]

    def scores(self, ids, mask, images, adapted):
        shown = self.image(images, adapted)
        rows = []
        for text, row in enumerate(ids):
            words = self.weights["tok_embeddings.weight"][row.clamp(min=0)]
            at = (row == IMAGE).nonzero().flatten()
            if len(at):
                words = torch.cat([words[: at[0]], shown[text // 2], words[at[-1] + 1:]])
            if adapted:
                words = torch.cat([self.trained["adapter_modality_embedding.weight"][int(len(at) > 0)][None], words])
            rows.append(words)
        x = torch.stack(rows)
        seen = torch.ones(x.shape[1], x.shape[1]).tril().bool()
        if adapted:
            seen[1:, 0] = False
            mask = torch.cat([torch.ones(len(ids), 1).bool(), mask], 1)
        seen = seen[None] & mask[:, None, :]
        for i in range(3):
            layer = f"layers.{i}."
            read = self.normalise(layer + "attention_norm", x)
            if adapted:
                read = self.adapter(f"{layer}attention.lavin", read, read[:, 0])
            x = x + self.attend(layer + "attention", read, seen)
            x = x + self.feed_forward(layer + "feed_forward", self.normalise(layer + "ffn_norm", x))
        return (self.normalise("norm", x) @ self.weights["output.weight"].T)[:, int(adapted):]

    def attend(self, name, x, seen):
        batch, n, width = x.shape
        q, k, v = (self.apply(f"{name}.{part}", x).reshape(batch, n, -1, 4).transpose(1, 2) for part in ("wq", "wk", "wv"))
        q, k = self.turn(q, False), self.turn(k, False)
        mixed = [(q[:, one] @ k[:, one // 2].transpose(1, 2) / 2).masked_fill(~seen, -1e30).softmax(-1) @ v[:, one // 2] for one in range(4)]
        return self.apply(name + ".wo", torch.cat(mixed, -1))


def main():
    torch.set_grad_enabled(True)
    model = Lavin()
    ids = torch.randint(0, 11, (4, 10), generator=model.generator)
    ids[0, 2:8] = IMAGE
    ids[3, 3:9] = IMAGE
    mask = torch.ones(4, 10).bool()
    mask[1, 6:] = False
    images = torch.randn(2, 3, 8, 8, generator=model.generator)
    weights = torch.randn(4, 10, 11, generator=model.generator) * mask[..., None]
    for parameter in [*model.trained.values(), *model.more.values()]:
        parameter.requires_grad_()
    adapted = model.scores(ids, mask, images, True)
    (adapted * weights).sum().backward()
    tower = {name: tensor for name, tensor in model.clip.hugging_face().items() if name.startswith("vision_model.")}
    tensors = model.weights | model.more | tower | {f"trained.{name}": tensor for name, tensor in model.trained.items()}
    tensors |= {f"grad.{name}": tensor.grad for name, tensor in (model.trained | model.more).items()}
    tensors |= {"in.ids": ids, "in.mask": mask, "in.images": images, "in.weights": weights}
    tensors |= {"out.plain.scores": model.scores(ids, mask, images, False), "out.adapted.scores": adapted}
    container.write("lavin.safetensors", {name: tensor.detach().contiguous().numpy() for name, tensor in tensors.items()}, {"heads": "4", "vision_heads": "3"})


main()
