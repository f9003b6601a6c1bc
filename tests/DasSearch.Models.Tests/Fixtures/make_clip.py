"""CLIP computed by plain PyTorch: run with a Python that has torch.

make_clip.py             from this folder: a small one, the fixtures clip.safetensors (under Hugging Face's names) and clip-openai.safetensors
make_clip.py full FILE   a layer of each tower of CLIP-B/16's width, few words, on images of 224 by 224 pixels; under OpenAI's names

Written from the paper (arXiv:2103.00020) and the equations of a pre-norm Transformer alone, without a look at the C# side. Writes weights, inputs under
"in.", and what comes out under "out.": the stream of texts and of images after each layer, both behind their last norms, and the scores of every
image with every text, e^s times the cosine. Under "out.exact." the scores with the exact GELU in place of the quick one; under "out.skipped." those
without the text's last and the image's first layer. The small one has positions of 3 by 3 patches and sees images of 4 by 4. A text is what its last token has come to.
"""
import pathlib
import sys

import torch
import torch.nn.functional as F

sys.path.append(str(pathlib.Path(__file__).parents[2] / "DasSearch.Transfer.Tests" / "oracle"))
import container  # noqa: E402

torch.manual_seed(18)
torch.set_grad_enabled(False)


class Clip:
    def __init__(self, words, length, text, image, shared, patch, grid):
        self.length, self.patch, self.grid = length, patch, grid
        self.towers = {"transformer": text, "visual.transformer": image}  # (width, layers, heads)
        self.weights = {}
        self.weight("token_embedding.weight", words, text[0], deviation=1)
        self.weight("positional_embedding", length, text[0])
        self.norm("ln_final", text[0])
        self.weight("text_projection", text[0], shared)
        self.weight("visual.class_embedding", image[0])
        self.weight("visual.conv1.weight", image[0], 3, patch, patch)
        self.weight("visual.positional_embedding", 1 + grid * grid, image[0])
        self.norm("visual.ln_pre", image[0])
        self.norm("visual.ln_post", image[0])
        self.weight("visual.proj", image[0], shared)
        self.weights["logit_scale"] = torch.tensor(2.0)
        for tower, (width, layers, _) in self.towers.items():
            for i in range(layers):
                layer = f"{tower}.resblocks.{i}"
                self.norm(f"{layer}.ln_1", width)
                self.weight(f"{layer}.attn.in_proj_weight", 3 * width, width)
                self.weight(f"{layer}.attn.in_proj_bias", 3 * width)
                self.linear(f"{layer}.attn.out_proj", width, width)
                self.norm(f"{layer}.ln_2", width)
                self.linear(f"{layer}.mlp.c_fc", 4 * width, width)
                self.linear(f"{layer}.mlp.c_proj", width, 4 * width)

    def weight(self, name, *size, around=0.0, deviation=None):
        deviation = deviation or (torch.Size(size[1:]).numel() ** -0.5 if len(size) > 1 else 0.1)
        self.weights[name] = around + deviation * torch.randn(*size)

    def linear(self, name, rows, columns):
        self.weight(f"{name}.weight", rows, columns)
        self.weight(f"{name}.bias", rows)

    def norm(self, name, width):
        self.weight(f"{name}.weight", width, around=1.0)
        self.weight(f"{name}.bias", width)

    def apply_linear(self, name, x):
        return x @ self.weights[f"{name}.weight"].T + self.weights[f"{name}.bias"]

    def apply_norm(self, name, x):
        mean, variance = x.mean(-1, keepdim=True), x.var(-1, keepdim=True, unbiased=False)
        return (x - mean) / (variance + 1e-5).sqrt() * self.weights[f"{name}.weight"] + self.weights[f"{name}.bias"]

    def layer(self, layer, heads, x, seen, exact):
        batch, tokens, width = x.shape
        rows = self.apply_norm(f"{layer}.ln_1", x) @ self.weights[f"{layer}.attn.in_proj_weight"].T + self.weights[f"{layer}.attn.in_proj_bias"]
        q, k, v = (t.reshape(batch, tokens, heads, width // heads).transpose(1, 2) for t in rows.chunk(3, -1))
        scores = (q @ k.transpose(-1, -2) / (width // heads) ** 0.5).masked_fill(~seen[:, None], -1e30)
        mixed = (scores.softmax(-1) @ v).transpose(1, 2).reshape(batch, tokens, width)
        x = x + self.apply_linear(f"{layer}.attn.out_proj", mixed)
        wide = self.apply_linear(f"{layer}.mlp.c_fc", self.apply_norm(f"{layer}.ln_2", x))
        return x + self.apply_linear(f"{layer}.mlp.c_proj", F.gelu(wide) if exact else wide * torch.sigmoid(1.702 * wide))

    def tower(self, tower, x, seen, exact, skipped):
        streams = []
        for i in range(self.towers[tower][1]):
            x = x if i in skipped else self.layer(f"{tower}.resblocks.{i}", self.towers[tower][2], x, seen, exact)
            streams.append(x)
        return x, streams

    def text(self, ids, mask, exact, skipped):
        x = self.weights["token_embedding.weight"][ids] + self.weights["positional_embedding"][: ids.shape[1]]
        seen = torch.ones(ids.shape[1], ids.shape[1]).tril().bool()[None] & mask[:, None, :]
        x, streams = self.tower("transformer", x, seen, exact, skipped)
        x = self.apply_norm("ln_final", x)
        last = torch.stack([row[count - 1] for row, count in zip(x, mask.sum(1))])
        return last @ self.weights["text_projection"], x, streams

    def image(self, images, exact, skipped):
        patches = F.conv2d(images, self.weights["visual.conv1.weight"], stride=self.patch)
        side, width = patches.shape[-1], patches.shape[1]
        positions = self.weights["visual.positional_embedding"]
        if side != self.grid:
            table = positions[1:].T.reshape(1, width, self.grid, self.grid)
            table = F.interpolate(table, (side, side), mode="bicubic", align_corners=False).flatten(2)[0].T
            positions = torch.cat([positions[:1], table])
        first = self.weights["visual.class_embedding"].expand(len(images), 1, width)
        x = self.apply_norm("visual.ln_pre", torch.cat([first, patches.flatten(2).transpose(1, 2)], 1) + positions)
        x, streams = self.tower("visual.transformer", x, torch.ones(1, 1, x.shape[1]).bool(), exact, skipped)
        x = self.apply_norm("visual.ln_post", x)
        return x[:, 0] @ self.weights["visual.proj"], x, streams

    def run(self, ids, mask, images, exact=False, skipped=((), ())):
        text, texts, of_text = self.text(ids, mask, exact, skipped[0])
        image, all_images, of_image = self.image(images, exact, skipped[1])
        text, image = (x / x.norm(dim=-1, keepdim=True) for x in (text, image))
        logits = self.weights["logit_scale"].exp() * image @ text.T
        streams = {f"out.text.{i}": x for i, x in enumerate(of_text)} | {f"out.image.{i}": x for i, x in enumerate(of_image)}
        return streams | {"out.texts": texts, "out.images": all_images, "out.logits": logits}

    def all(self, ids, mask, images):
        one = self.run(ids, mask, images) | {"in.ids": ids, "in.mask": mask, "in.images": images}
        one["out.exact.logits"] = self.run(ids, mask, images, exact=True)["out.logits"]
        last = self.towers["transformer"][1] - 1
        one["out.skipped.logits"] = self.run(ids, mask, images, skipped=((last,), (0,)))["out.logits"]
        return one

    def hugging_face(self):
        """Its weights as Hugging Face's files have them."""
        w = self.weights
        theirs = {
            "text_model.embeddings.token_embedding.weight": w["token_embedding.weight"],
            "text_model.embeddings.position_embedding.weight": w["positional_embedding"],
            "text_model.embeddings.position_ids": torch.arange(self.length)[None],
            "text_projection.weight": w["text_projection"].T,
            "vision_model.embeddings.class_embedding": w["visual.class_embedding"],
            "vision_model.embeddings.patch_embedding.weight": w["visual.conv1.weight"],
            "vision_model.embeddings.position_embedding.weight": w["visual.positional_embedding"],
            "vision_model.embeddings.position_ids": torch.arange(1 + self.grid**2)[None],
            "visual_projection.weight": w["visual.proj"].T,
            "logit_scale": w["logit_scale"],
        }
        for kind in ("weight", "bias"):
            theirs[f"text_model.final_layer_norm.{kind}"] = w[f"ln_final.{kind}"]
            theirs[f"vision_model.pre_layrnorm.{kind}"] = w[f"visual.ln_pre.{kind}"]
            theirs[f"vision_model.post_layernorm.{kind}"] = w[f"visual.ln_post.{kind}"]
            for tower, model in (("transformer", "text_model"), ("visual.transformer", "vision_model")):
                for i in range(self.towers[tower][1]):
                    own, other = f"{tower}.resblocks.{i}", f"{model}.encoder.layers.{i}"
                    for part, rows in zip("qkv", w[f"{own}.attn.in_proj_{kind}"].chunk(3)):
                        theirs[f"{other}.self_attn.{part}_proj.{kind}"] = rows
                    for from_, to in (("attn.out_proj", "self_attn.out_proj"), ("ln_1", "layer_norm1"), ("ln_2", "layer_norm2"), ("mlp.c_fc", "mlp.fc1"), ("mlp.c_proj", "mlp.fc2")):
                        theirs[f"{other}.{to}.{kind}"] = w[f"{own}.{from_}.{kind}"]
        return theirs


def arrays_of(tensors):
    return {name: tensor.contiguous().numpy() for name, tensor in tensors.items()}


def main():
    if sys.argv[1:2] == ["full"]:
        clip = Clip(64, 77, (512, 1, 8), (768, 1, 12), 512, 16, 14)
        ids, mask = torch.randint(0, 64, (2, 9)), torch.ones(2, 9).bool()
        mask[1, 6:] = False
        container.write(sys.argv[2], arrays_of(clip.weights | clip.all(ids, mask, torch.randn(2, 3, 224, 224))), {})
    else:
        clip = Clip(11, 7, (8, 2, 2), (12, 2, 3), 6, 2, 3)
        ids, mask = torch.randint(0, 11, (2, 5)), torch.ones(2, 5).bool()
        mask[1, 3:] = False
        found = clip.all(ids, mask, torch.randn(2, 3, 8, 8))
        heads = {"heads": "3", "text_heads": "2"}
        container.write("clip.safetensors", arrays_of(clip.hugging_face() | found), heads)
        container.write("clip-openai.safetensors", arrays_of(clip.weights | found), heads)


if __name__ == "__main__":
    main()
