"""ViLT computed by plain PyTorch: run with a Python that has torch.

make_vilt.py               from this folder: a tiny one with DAS's adapters, the fixture vilt.safetensors
make_vilt.py full FILE     ViLT-B/32 with its head for VQA, on an image of 384 by 512 pixels; "out.3" is what came of three blocks

Written from the papers' equations alone, without a look at the C# side. Writes weights under the
official checkpoints' names, inputs under "in.", and what comes out under "out.".
"""
import pathlib
import sys

import torch
import torch.nn.functional as F

sys.path.append(str(pathlib.Path(__file__).parents[2] / "DasSearch.Transfer.Tests" / "oracle"))
import container  # noqa: E402

FULL = sys.argv[1:2] == ["full"]
VOCABULARY, LENGTH, WIDTH, LAYERS, HEADS, PATCH, GRID, BOTTLENECKS = (30522, 40, 768, 12, 12, 32, 12, None) if FULL else (11, 5, 8, 3, 2, 2, 3, (6, 4))
torch.manual_seed(5)
torch.set_grad_enabled(False)
weights = {}


def weight(name, *size, around=0.0):
    deviation = torch.Size(size[1:]).numel() ** -0.5 if FULL and len(size) > 1 else 0.1 if FULL else 0.3
    weights[name] = around + deviation * torch.randn(*size)


def linear(name, rows, columns):
    weight(f"{name}.weight", rows, columns)
    weight(f"{name}.bias", rows)


def norm(name):
    weight(f"{name}.weight", WIDTH, around=1.0)
    weight(f"{name}.bias", WIDTH)


def adapter(name, bottleneck):
    norm(f"{name}.adapter_layer_norm_before")
    linear(f"{name}.down_proj", bottleneck, WIDTH)
    linear(f"{name}.up_proj", WIDTH, bottleneck)


weight("text_embeddings.word_embeddings.weight", VOCABULARY, WIDTH)
weight("text_embeddings.position_embeddings.weight", LENGTH, WIDTH)
weight("text_embeddings.token_type_embeddings.weight", 2, WIDTH)
norm("text_embeddings.LayerNorm")
weight("token_type_embeddings.weight", 2 if FULL else 3, WIDTH)
weight("transformer.cls_token", 1, 1, WIDTH)
weight("transformer.pos_embed", 1, 1 + GRID * GRID, WIDTH)
weight("transformer.patch_embed.proj.weight", WIDTH, 3, PATCH, PATCH)
weight("transformer.patch_embed.proj.bias", WIDTH)
for i in range(LAYERS):
    block = f"transformer.blocks.{i}"
    norm(f"{block}.norm1")
    linear(f"{block}.attn.qkv", 3 * WIDTH, WIDTH)
    linear(f"{block}.attn.proj", WIDTH, WIDTH)
    norm(f"{block}.norm2")
    linear(f"{block}.mlp.fc1", 4 * WIDTH, WIDTH)
    linear(f"{block}.mlp.fc2", WIDTH, 4 * WIDTH)
    if BOTTLENECKS:
        adapter(f"adapter_list.{i}.0", BOTTLENECKS[0])
        adapter(f"{block}.adapter0", BOTTLENECKS[1])
        adapter(f"{block}.adapter1", BOTTLENECKS[1])
norm("transformer.norm")
linear("pooler.dense", WIDTH, WIDTH)


def apply_linear(name, x):
    return x @ weights[f"{name}.weight"].T + weights[f"{name}.bias"]


def apply_norm(name, x, eps):
    mean, variance = x.mean(-1, keepdim=True), x.var(-1, keepdim=True, unbiased=False)
    return (x - mean) / (variance + eps).sqrt() * weights[f"{name}.weight"] + weights[f"{name}.bias"]


def apply_adapter(name, x):
    inner = apply_linear(f"{name}.down_proj", apply_norm(f"{name}.adapter_layer_norm_before", x, 1e-5))
    return apply_linear(f"{name}.up_proj", inner.clamp(min=0))


def apply_attention(i, x, keys, adapters):
    block = f"transformer.blocks.{i}"
    batch, tokens, _ = x.shape
    q, k, v = apply_linear(f"{block}.attn.qkv", apply_norm(f"{block}.norm1", x, 1e-6)).chunk(3, -1)

    def heads(t):
        return t.reshape(batch, tokens, HEADS, WIDTH // HEADS).transpose(1, 2)

    scores = heads(q) @ heads(k).transpose(-1, -2) / (WIDTH // HEADS) ** 0.5
    scores = scores.masked_fill(~keys[:, None, None, :], float("-inf"))
    mixed = (scores.softmax(-1) @ heads(v)).transpose(1, 2).reshape(batch, tokens, WIDTH)
    y = x + apply_linear(f"{block}.attn.proj", mixed)
    return y + apply_adapter(f"{block}.adapter0", x) if adapters else y


def apply_feed_forward(i, y, adapters):
    block = f"transformer.blocks.{i}"
    inner = F.gelu(apply_linear(f"{block}.mlp.fc1", apply_norm(f"{block}.norm2", y, 1e-6)))
    z = y + apply_linear(f"{block}.mlp.fc2", inner)
    return z + apply_adapter(f"{block}.adapter1", y) if adapters else z


def embed(ids, text_mask, images, sizes, number):
    """sizes: the valid (height, width) of each image, in patches; None where nothing is padded."""
    text = sum(
        (
            weights["text_embeddings.word_embeddings.weight"][ids],
            weights["text_embeddings.position_embeddings.weight"][: ids.shape[1]],
            weights["text_embeddings.token_type_embeddings.weight"][0],
        )
    )
    text = apply_norm("text_embeddings.LayerNorm", text, 1e-12) + weights["token_type_embeddings.weight"][0]
    patches = F.conv2d(
        images, weights["transformer.patch_embed.proj.weight"], weights["transformer.patch_embed.proj.bias"], stride=PATCH
    )
    rows, columns = patches.shape[2:]
    table = weights["transformer.pos_embed"][:, 1:].transpose(1, 2).reshape(1, WIDTH, GRID, GRID)
    positions, masks = [], []
    for height, width in sizes or [(rows, columns)] * len(images):
        resized = F.interpolate(table, size=(height, width), mode="bilinear", align_corners=True)
        positions.append(F.pad(resized, (0, columns - width, 0, rows - height))[0])
        mask = torch.zeros(rows, columns, dtype=torch.bool)
        mask[:height, :width] = True
        masks.append(mask.flatten())
    image = (patches + torch.stack(positions)).flatten(2).transpose(1, 2)
    first = (weights["transformer.cls_token"] + weights["transformer.pos_embed"][:, :1]).expand(len(images), 1, WIDTH)
    image = torch.cat([first, image], 1) + weights["token_type_embeddings.weight"][number]
    keys = torch.cat([text_mask, torch.ones(len(images), 1, dtype=torch.bool), torch.stack(masks)], 1)
    return torch.cat([text, image], 1), keys


def run(x, keys, skipped, adapters):
    for i in range(LAYERS):
        if i not in skipped:
            x = apply_feed_forward(i, apply_attention(i, x, keys, adapters), adapters)
        elif adapters:
            x = x + apply_adapter(f"adapter_list.{i}.0", x)
    return finish(x)


def run_parts(x, keys, skipped):
    """Attention of layer 0 is module 0, its feed-forward part module 1, and so on; each is skipped on its own."""
    for module in range(2 * LAYERS):
        i, is_feed_forward = divmod(module, 2)
        if module in skipped:
            x = x + apply_adapter(f"adapter_list.{module}.0", x)
        else:
            x = apply_feed_forward(i, x, True) if is_feed_forward else apply_attention(i, x, keys, True)
    return finish(x)


def finish(x):
    x = apply_norm("transformer.norm", x, 1e-6)
    return x, apply_linear("pooler.dense", x[:, 0]).tanh()


def write(target, tensors):
    container.write(target, {name: tensor.contiguous().numpy() for name, tensor in {**weights, **tensors}.items()}, {})


def write_full(target):
    linear("vqa_classifier.0", 2 * WIDTH, WIDTH)
    weight("vqa_classifier.1.weight", 2 * WIDTH, around=1.0)
    weight("vqa_classifier.1.bias", 2 * WIDTH)
    linear("vqa_classifier.3", 3129, 2 * WIDTH)
    ids = torch.randint(1, VOCABULARY, (1, LENGTH))
    text_mask = torch.arange(LENGTH)[None] < 30
    images = torch.randn(1, 3, 12 * PATCH, 16 * PATCH)
    x, keys = embed(ids, text_mask, images, None, 1)
    tensors = {"in.ids": ids, "in.text_mask": text_mask, "in.images": images, "out.0": x}
    for i in range(LAYERS):
        x = apply_feed_forward(i, apply_attention(i, x, keys, False), False)
        tensors[f"out.{i + 1}"] = x
    tensors["out.tokens"], tensors["out.summary"] = finish(x)
    inner = F.gelu(apply_norm("vqa_classifier.1", apply_linear("vqa_classifier.0", tensors["out.summary"]), 1e-5))
    tensors["out.logits"] = apply_linear("vqa_classifier.3", inner)
    write(target, tensors)


if FULL:
    write_full(sys.argv[2])
    sys.exit()

ids = torch.tensor([[2, 5, 7, 3, 0], [2, 9, 3, 0, 0]])
text_mask = ids != 0
images = torch.randn(2, 3, 3 * PATCH, 4 * PATCH)
sizes = [(3, 4), (2, 3)]
pixel_mask = torch.zeros(2, 3 * PATCH, 4 * PATCH, dtype=torch.bool)
for sample, (height, width) in enumerate(sizes):
    pixel_mask[sample, : height * PATCH, : width * PATCH] = True

tensors = {f"in.{name}": t for name, t in dict(ids=ids, text_mask=text_mask, images=images, pixel_mask=pixel_mask).items()}
whole, keys = embed(ids, text_mask, images, None, 1)
padded, padded_keys = embed(ids, text_mask, images, sizes, 2)
tensors["out.whole"], tensors["out.whole.summary"] = run(whole, keys, (), adapters=False)
tensors["out.skip"], _ = run(whole, keys, (1,), adapters=False)
tensors["out.adapted"], tensors["out.adapted.summary"] = run(whole, keys, (0, 2), adapters=True)
tensors["out.parts"], tensors["out.parts.summary"] = run_parts(whole, keys, (1, 2))
result, summary = run(padded, padded_keys, (), adapters=False)
tensors["out.padded.summary"] = summary
write("vilt.safetensors", tensors)
