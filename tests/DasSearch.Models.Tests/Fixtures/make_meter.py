"""METER computed by plain PyTorch: run with a Python that has torch.

make_meter.py tiny FILE    a network of a few numbers, with DAS's adapters: the fixture meter.safetensors
make_meter.py full FILE    RoBERTa-base, CLIP-ViT-B/16 without its last block and six pairs of width 768, at 288 pixels

Written from the papers' equations alone, without a look at the C# side. Writes weights under the official checkpoints'
names, inputs under "in.", and what comes out under "out.": both streams after each pair, and the summary. The adapters
of the tiny network stand beside every kept layer, and in place of the text's layer 1 and the image's layer 0 in a second
pass, whose results are under "out.skipped.". Then come passes with prompts, each attention's own ("out.deep.", and with
that text layer skipped "out.deep-skipped.") or at the ends of both streams ("out.shallow."), and with the adapters of
Efficient Attention Skipping, before kept attentions ("out.pia.") and in place of some ("out.pia-skipped.").
"""
import pathlib
import sys

import torch
import torch.nn.functional as F

sys.path += [str(pathlib.Path(__file__).parent), str(pathlib.Path(__file__).parents[2] / "DasSearch.Transfer.Tests" / "oracle")]
import container  # noqa: E402

TINY = dict(
    words=11, positions=9, text_width=8, text_layers=2, text_heads=2,
    side=8, patch=4, image_width=12, image_layers=2, image_heads=3,
    width=16, layers=2, heads=4, clip_text=(77, 512), batch=2, tokens=5, adapters=(6, 4), prompts=3, pia=(6, 4),
)
FULL = dict(
    words=50265, positions=514, text_width=768, text_layers=12, text_heads=12,
    side=288, patch=16, image_width=768, image_layers=11, image_heads=12,
    width=768, layers=6, heads=12, clip_text=(77, 512), batch=1, tokens=50, adapters=None, prompts=None, pia=None,
)


class Meter:
    def __init__(self, sizes):
        self.sizes = sizes
        self.weights = {}
        self.generator = torch.Generator().manual_seed(7)
        self.draw()

    def weight(self, name, *shape, around=0.0, scale=None):
        fan = shape[-1] if len(shape) > 1 else 100
        deviation = scale or (0.3 if self.sizes is TINY else fan**-0.5)
        self.weights[name] = around + deviation * torch.randn(*shape, generator=self.generator)

    def linear(self, name, rows, columns):
        self.weight(name + ".weight", rows, columns)
        self.weight(name + ".bias", rows)

    def norm(self, name, width):
        self.weight(name + ".weight", width, around=1.0)
        self.weight(name + ".bias", width)

    def attention(self, name, width):
        for part in ("self.query", "self.key", "self.value", "output.dense"):
            self.linear(f"{name}.{part}", width, width)
        self.norm(name + ".output.LayerNorm", width)

    def feed_forward(self, name, width):
        self.linear(name + ".intermediate.dense", 4 * width, width)
        self.linear(name + ".output.dense", width, 4 * width)
        self.norm(name + ".output.LayerNorm", width)

    def adapter(self, name, bottleneck):
        width = self.sizes["width"]
        self.norm(name + ".adapter_layer_norm_before", width)
        self.linear(name + ".down_proj", bottleneck, width)
        self.linear(name + ".up_proj", width, bottleneck)

    def draw(self):
        s = self.sizes
        t, v, d = s["text_width"], s["image_width"], s["width"]
        text, visual = "text_transformer.", "vit_model.visual."
        self.weight(text + "embeddings.word_embeddings.weight", s["words"], t)
        self.weight(text + "embeddings.position_embeddings.weight", s["positions"], t)
        self.weight(text + "embeddings.token_type_embeddings.weight", 1, t)
        self.norm(text + "embeddings.LayerNorm", t)
        for j in range(s["text_layers"]):
            self.attention(f"{text}encoder.layer.{j}.attention", t)
            self.feed_forward(f"{text}encoder.layer.{j}", t)
        self.linear(text + "pooler.dense", t, t)
        self.weight(visual + "conv1.weight", v, 3, s["patch"], s["patch"], scale=0.1)
        self.weight(visual + "class_embedding", v)
        self.weight(visual + "positional_embedding", (s["side"] // s["patch"]) ** 2 + 1, v)
        self.norm(visual + "ln_pre", v)
        self.norm(visual + "ln_post", v)
        for k in range(s["image_layers"]):
            block = f"{visual}transformer.resblocks.{k}."
            self.weight(block + "attn.in_proj_weight", 3 * v, v)
            self.weight(block + "attn.in_proj_bias", 3 * v)
            self.linear(block + "attn.out_proj", v, v)
            self.norm(block + "ln_1", v)
            self.linear(block + "mlp.c_fc", 4 * v, v)
            self.linear(block + "mlp.c_proj", v, 4 * v)
            self.norm(block + "ln_2", v)
        self.weight("vit_model.positional_embedding", *s["clip_text"], scale=0.01)
        self.norm("vit_model.ln_final", s["clip_text"][1])
        self.linear("cross_modal_text_transform", d, t)
        self.linear("cross_modal_image_transform", d, v)
        self.weight("token4classifier", 1, 1, d)
        self.weight("token_type_embeddings.weight", 2, d)
        for i in range(s["layers"]):
            for stream in ("text", "image"):
                layer = f"cross_modal_{stream}_layers.{i}"
                self.attention(layer + ".attention", d)
                self.attention(layer + ".crossattention", d)
                self.feed_forward(layer, d)
                if s["adapters"]:
                    self.adapter(f"adapter_list_{'l' if stream == 'text' else 'v'}.{i}.0", s["adapters"][0])
                    for place in ("attention.output.", "crossattention.output.", ""):
                        self.adapter(f"{layer}.{place}adapter", s["adapters"][1])
        self.linear("cross_modal_text_pooler.dense", d, d)
        self.linear("cross_modal_image_pooler.dense", d, d)
        if s["prompts"]:
            self.draw_more()

    def draw_more(self):
        """What other methods than DAS's put on it."""
        d, prompts, (instead, before) = self.sizes["width"], self.sizes["prompts"], self.sizes["pia"]
        for stream in ("text", "image"):
            self.weight("prompts." + ("0" if stream == "text" else "1"), prompts, d)
        for i in range(self.sizes["layers"]):
            for s, stream in enumerate(("text", "image")):
                layer = f"cross_modal_{stream}_layers.{i}."
                self.weight(layer + "prompts", prompts, d)
                self.weight(layer + "context_prompts", prompts, d)
                for a, attention in enumerate(("attention", "crossattention")):
                    self.pia(f"pia_list.{4 * i + 2 * s + a}", instead, "AC")
                    self.pia(f"{layer}{attention}.pia", before, "A")

    def pia(self, name, bottleneck, inner):
        d = self.sizes["width"]
        for letter in inner:
            self.linear(f"{name}.conv_{letter}", bottleneck, d)
        self.weight(name + ".conv_B.weight", d, bottleneck // 2)
        self.weight(name + ".conv_B.bias", d)

    # What is computed.

    def apply(self, name, x):
        return x @ self.weights[name + ".weight"].T + self.weights[name + ".bias"]

    def normalise(self, name, x, eps):
        centred = x - x.mean(-1, keepdim=True)
        scaled = centred / torch.sqrt((centred**2).mean(-1, keepdim=True) + eps)
        return scaled * self.weights[name + ".weight"] + self.weights[name + ".bias"]

    @staticmethod
    def attend(q, k, v, heads, mask=None):
        batch, n, width = q.shape

        def split(x):
            return x.reshape(batch, -1, heads, width // heads).permute(0, 2, 1, 3)

        scores = split(q) @ split(k).permute(0, 1, 3, 2) / (width // heads) ** 0.5
        if mask is not None:
            scores = scores + torch.where(mask, 0.0, -1e30)[:, None, None, :]
        return (scores.softmax(-1) @ split(v)).permute(0, 2, 1, 3).reshape(batch, n, width)

    def adapt(self, name, x):
        read = self.normalise(name + ".adapter_layer_norm_before", x, 1e-5)
        return self.apply(name + ".up_proj", self.apply(name + ".down_proj", read).relu())

    def grouped(self, name, z):
        """The 1x1 convolution of two groups: each half of the outputs sees its half of the inputs."""
        weight = self.weights[name + ".weight"]
        return F.conv1d(z.permute(0, 2, 1), weight[:, :, None], self.weights[name + ".bias"], groups=2).permute(0, 2, 1)

    def pia_before(self, name, x):
        return x + self.grouped(name + ".conv_B", self.apply(name + ".conv_A", x))

    def pia_instead(self, name, x, context):
        mean = self.apply(name + ".conv_A", context).mean(1, keepdim=True)
        return self.grouped(name + ".conv_B", 0.5 * (self.apply(name + ".conv_C", x) + mean))

    def attention_part(self, name, x, asked, heads, mask, eps, adapter=None, prompts=None, pia=None):
        own = asked is x
        query = self.pia_before(pia, x) if pia else x
        asked = query if own else asked
        if prompts:
            added = self.weights[prompts].expand(x.shape[0], -1, -1)
            asked = torch.cat([asked, added], 1)
            mask = None if mask is None else torch.cat([mask, torch.ones(added.shape[:2], dtype=torch.bool)], 1)
        mixed = self.attend(
            self.apply(name + ".self.query", query), self.apply(name + ".self.key", asked), self.apply(name + ".self.value", asked), heads, mask
        )
        output = self.apply(name + ".output.dense", mixed)
        if adapter:
            output = output + self.adapt(adapter, x)
        return self.normalise(name + ".output.LayerNorm", output + x, eps)

    def feed_forward_part(self, name, x, eps):
        inner = F.gelu(self.apply(name + ".intermediate.dense", x))
        return self.normalise(name + ".output.LayerNorm", self.apply(name + ".output.dense", inner) + x, eps)

    def roberta(self, ids, mask):
        s, text = self.sizes, "text_transformer."
        positions = torch.where(mask, mask.cumsum(1) + 1, torch.ones_like(ids))
        tables = [self.weights[f"{text}embeddings.{name}_embeddings.weight"] for name in ("word", "position", "token_type")]
        x = self.normalise(text + "embeddings.LayerNorm", tables[0][ids] + tables[1][positions] + tables[2][0], 1e-5)
        for j in range(s["text_layers"]):
            layer = f"{text}encoder.layer.{j}"
            x = self.attention_part(layer + ".attention", x, x, s["text_heads"], mask, 1e-5)
            x = self.feed_forward_part(layer, x, 1e-5)
        return x

    def clip(self, image):
        s, visual = self.sizes, "vit_model.visual."
        patches = F.conv2d(image, self.weights[visual + "conv1.weight"], stride=s["patch"]).flatten(2).permute(0, 2, 1)
        first = self.weights[visual + "class_embedding"].expand(image.shape[0], 1, -1)
        x = torch.cat([first, patches], 1) + self.weights[visual + "positional_embedding"]
        x = self.normalise(visual + "ln_pre", x, 1e-5)
        for k in range(s["image_layers"]):
            block = f"{visual}transformer.resblocks.{k}."
            read = self.normalise(block + "ln_1", x, 1e-5)
            q, k_, v = (read @ self.weights[block + "attn.in_proj_weight"].T + self.weights[block + "attn.in_proj_bias"]).chunk(3, -1)
            x = x + self.apply(block + "attn.out_proj", self.attend(q, k_, v, s["image_heads"]))
            wide = self.apply(block + "mlp.c_fc", self.normalise(block + "ln_2", x, 1e-5))
            x = x + self.apply(block + "mlp.c_proj", wide * torch.sigmoid(1.702 * wide))
        return self.normalise(visual + "ln_post", x, 1e-5)

    def layer(self, stream, i, x, other, mask, other_mask, adapts, deep=False, pia=None):
        """pia: indices of the attentions that are skipped, of the tiny network's; None for no such adapters."""
        layer, heads, eps = f"cross_modal_{stream}_layers.{i}", self.sizes["heads"], 1e-12
        read = x
        for a, (part, prompts) in enumerate((("attention", "prompts"), ("crossattention", "context_prompts"))):
            name, index = f"{layer}.{part}", 4 * i + (2 if stream == "image" else 0) + a
            if pia is not None and index in pia:
                x = self.normalise(name + ".output.LayerNorm", x + self.pia_instead(f"pia_list.{index}", read, other if a else read), eps)
                continue
            x = self.attention_part(
                name, x, other if a else x, heads, other_mask if a else mask, eps,
                adapter=f"{name}.output.adapter" if adapts else None,
                prompts=f"{layer}.{prompts}" if deep else None,
                pia=None if pia is None else name + ".pia",
            )
        result = self.feed_forward_part(layer, x, eps)
        return result + self.adapt(layer + ".adapter", x) if adapts else result

    def forward(self, ids, mask, image, adapts=False, skipped=(), prompts=None, pia=None):
        types = self.weights["token_type_embeddings.weight"]
        x = self.apply("cross_modal_text_transform", self.roberta(ids, mask))
        first = self.weights["token4classifier"].expand(x.shape[0], 1, -1)
        x = torch.cat([first, x[:, 1:]], 1) + types[0]
        y = self.apply("cross_modal_image_transform", self.clip(image)) + types[1]
        boundaries, (texts, images) = [(x, y)], (x.shape[1], y.shape[1])
        if prompts == "shallow":
            added = [self.weights[name].expand(x.shape[0], -1, -1) for name in ("prompts.0", "prompts.1")]
            x, y = torch.cat([x, added[0]], 1), torch.cat([y, added[1]], 1)
            mask = torch.cat([mask, torch.ones(added[0].shape[:2], dtype=torch.bool)], 1)
        for i in range(self.sizes["layers"]):
            old = x, y
            if ("text", i) in skipped:
                x = x + self.adapt(f"adapter_list_l.{i}.0", x)
            else:
                x = self.layer("text", i, old[0], old[1], mask, None, adapts, prompts == "deep", pia)
            if ("image", i) in skipped:
                y = y + self.adapt(f"adapter_list_v.{i}.0", y)
            else:
                y = self.layer("image", i, old[1], old[0], None, mask, adapts, prompts == "deep", pia)
            boundaries.append((x[:, :texts], y[:, :images]))
        summary = torch.cat(
            [torch.tanh(self.apply("cross_modal_text_pooler.dense", x[:, 0])), torch.tanh(self.apply("cross_modal_image_pooler.dense", y[:, 0]))], 1
        )
        return boundaries, summary


def main(size, target):
    sizes = TINY if size == "tiny" else FULL
    torch.set_grad_enabled(False)
    meter = Meter(sizes)
    generator = torch.Generator().manual_seed(11)
    batch, tokens = sizes["batch"], sizes["tokens"]
    ids = torch.randint(2, sizes["words"], (batch, tokens), generator=generator)
    lengths = [tokens - 2 * (row + 1) if row or size == "full" else tokens for row in range(batch)]
    mask = torch.stack([torch.arange(tokens) < length for length in lengths])
    ids = torch.where(mask, ids, torch.ones_like(ids))
    image = torch.randn(batch, 3, sizes["side"], sizes["side"], generator=generator)
    saved = dict(meter.weights)
    saved.update({"in.ids": ids, "in.mask": mask, "in.image": image})

    def keep(prefix, boundaries, summary):
        for i, (x, y) in enumerate(boundaries):
            saved[f"{prefix}text.{i}"], saved[f"{prefix}image.{i}"] = x, y
        saved[prefix + "summary"] = summary

    keep("out.", *meter.forward(ids, mask, image))
    if sizes["adapters"]:
        keep("out.adapted.", *meter.forward(ids, mask, image, adapts=True))
        keep("out.skipped.", *meter.forward(ids, mask, image, adapts=True, skipped={("text", 1), ("image", 0)}))
        keep("out.deep.", *meter.forward(ids, mask, image, prompts="deep"))
        keep("out.deep-skipped.", *meter.forward(ids, mask, image, prompts="deep", skipped={("text", 1)}))
        keep("out.shallow.", *meter.forward(ids, mask, image, prompts="shallow"))
        keep("out.pia.", *meter.forward(ids, mask, image, pia=()))
        keep("out.pia-skipped.", *meter.forward(ids, mask, image, pia=(1, 2, 6, 7)))
    heads = {key: str(sizes[key]) for key in ("heads", "text_heads", "image_heads")}
    container.write(target, {name: tensor.contiguous().numpy() for name, tensor in saved.items()}, heads)


if __name__ == "__main__":
    main(*sys.argv[1:])
