"""The search of DAS (arXiv:2309.01479) over a ViLT in plain PyTorch: what das search is measured against.

usage: pytorch_search.py SETTINGS.json

The settings, which speed.py writes, name the arrays of ./das bench arrays, the checkpoint and the schedule. One
process, one forward pass after the other, as one would write it down from the paper. Prints one JSON object: the gates after
each round with the seconds until then, the seconds of the whole search, and what it skips.
"""
import json
import struct
import sys
import time
from pathlib import Path

import numpy as np
import torch
from torch import nn
import torch.nn.functional as F


class Adapter(nn.Module):
    def __init__(self, width, bottleneck):
        super().__init__()
        self.norm = nn.LayerNorm(width)
        self.down = nn.Linear(width, bottleneck)
        self.up = nn.Linear(bottleneck, width)
        for layer in (self.down, self.up):
            nn.init.normal_(layer.weight, std=0.02)
            nn.init.zeros_(layer.bias)

    def forward(self, x):
        return self.up(F.relu(self.down(self.norm(x))))


class Attention(nn.Module):
    def __init__(self, width, heads):
        super().__init__()
        self.heads = heads
        self.qkv = nn.Linear(width, 3 * width)
        self.proj = nn.Linear(width, width)

    def forward(self, x, bias):
        batch, tokens, width = x.shape
        q, k, v = self.qkv(x).reshape(batch, tokens, 3, self.heads, width // self.heads).permute(2, 0, 3, 1, 4).unbind(0)
        scores = (q * (width // self.heads) ** -0.5) @ k.transpose(-2, -1) + bias
        return self.proj((scores.softmax(-1) @ v).transpose(1, 2).reshape(batch, tokens, width))


class FeedForward(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.fc1 = nn.Linear(width, 4 * width)
        self.fc2 = nn.Linear(4 * width, width)

    def forward(self, x):
        return self.fc2(F.gelu(self.fc1(x)))


class Block(nn.Module):
    def __init__(self, width, heads):
        super().__init__()
        self.norm1 = nn.LayerNorm(width, eps=1e-6)
        self.attn = Attention(width, heads)
        self.norm2 = nn.LayerNorm(width, eps=1e-6)
        self.mlp = FeedForward(width)

    def forward(self, x, bias, beside):
        x = x + self.attn(self.norm1(x), bias) + beside[0](x)
        return x + self.mlp(self.norm2(x)) + beside[1](x)


class Text(nn.Module):
    def __init__(self, words, length, width):
        super().__init__()
        self.word_embeddings = nn.Embedding(words, width)
        self.position_embeddings = nn.Embedding(length, width)
        self.token_type_embeddings = nn.Embedding(2, width)
        self.LayerNorm = nn.LayerNorm(width, eps=1e-12)

    def forward(self, ids):
        positions = torch.arange(ids.shape[1])
        return self.LayerNorm(
            self.word_embeddings(ids) + self.position_embeddings(positions) + self.token_type_embeddings(torch.zeros_like(ids)))


class Patches(nn.Module):
    def __init__(self, width, size):
        super().__init__()
        self.proj = nn.Conv2d(3, width, size, size)

    def forward(self, images):
        return self.proj(images).flatten(2).transpose(1, 2)


class Vision(nn.Module):
    def __init__(self, width, layers, heads, patch, patches):
        super().__init__()
        self.cls_token = nn.Parameter(torch.zeros(1, 1, width))
        self.pos_embed = nn.Parameter(torch.zeros(1, 1 + patches, width))
        self.patch_embed = Patches(width, patch)
        self.blocks = nn.ModuleList(Block(width, heads) for _ in range(layers))
        self.norm = nn.LayerNorm(width, eps=1e-6)

    def embed(self, images):
        patches = self.patch_embed(images)
        return torch.cat([self.cls_token.expand(len(images), -1, -1), patches], 1) + self.pos_embed


class Pooler(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.dense = nn.Linear(width, width)

    def forward(self, x):
        return torch.tanh(self.dense(x[:, 0]))


class Supernet(nn.Module):
    def __init__(self, weights, heads, answers, replacing, beside):
        super().__init__()
        words, width = weights["text_embeddings.word_embeddings.weight"].shape
        patch = weights["transformer.patch_embed.proj.weight"].shape[-1]
        layers = 1 + max(int(name.split(".")[2]) for name in weights if name.startswith("transformer.blocks."))
        self.text_embeddings = Text(words, len(weights["text_embeddings.position_embeddings.weight"]), width)
        self.token_type_embeddings = nn.Embedding(len(weights["token_type_embeddings.weight"]), width)
        self.transformer = Vision(width, layers, heads, patch, weights["transformer.pos_embed"].shape[1] - 1)
        self.pooler = Pooler(width)
        own = self.state_dict()
        self.load_state_dict({name: weight for name, weight in weights.items() if name in own})
        for name, parameter in self.named_parameters():
            parameter.requires_grad_(name.startswith("pooler.") or "token_type_embeddings" in name)
        self.replacing = nn.ModuleList(Adapter(width, replacing) for _ in range(layers))
        self.beside = nn.ModuleList(nn.ModuleList(Adapter(width, beside) for _ in range(2)) for _ in range(layers))
        self.head = nn.Sequential(nn.Linear(width, 2 * width), nn.LayerNorm(2 * width), nn.GELU(), nn.Linear(2 * width, answers))
        for layer in (self.head[0], self.head[3]):
            nn.init.normal_(layer.weight, std=0.02)
            nn.init.zeros_(layer.bias)

    def forward(self, ids, mask, images, skipped):
        kinds = self.token_type_embeddings.weight
        image = self.transformer.embed(images) + kinds[1]
        x = torch.cat([self.text_embeddings(ids) + kinds[0], image], 1)
        seen = torch.cat([mask, torch.ones(image.shape[:2], dtype=torch.bool)], 1)
        bias = torch.zeros(seen.shape).masked_fill(~seen, float("-inf"))[:, None, None, :]
        # The checkpoint's order: the text comes first, and the pooler reads its first token.
        for i, block in enumerate(self.transformer.blocks):
            x = x + self.replacing[i](x) if i in skipped else block(x, bias, self.beside[i])
        return self.head(self.pooler(self.transformer.norm(x)))


class Split:
    def __init__(self, folder, name, size, text, answers):
        def load(part, dtype, shape):
            return torch.from_numpy(np.fromfile(Path(folder) / f"{name}.{part}", dtype).reshape(size, *shape))

        self.images = load("images", np.float32, (3, 56, 56))
        self.ids = load("ids", np.int64, (text,))
        self.mask = load("mask", np.bool_, (text,))
        self.targets = load("targets", np.float32, (answers,))

    def batch(self, rows):
        return self.ids[rows], self.mask[rows], self.images[rows], self.targets[rows]

    def __len__(self):
        return len(self.ids)


def read_safetensors(path):
    data = Path(path).read_bytes()
    (length,) = struct.unpack("<Q", data[:8])
    header = json.loads(data[8 : 8 + length])
    header.pop("__metadata__", None)
    return {
        name: torch.frombuffer(bytearray(data[8 + length :][slice(*entry["data_offsets"])]), dtype=torch.float32).reshape(entry["shape"])
        for name, entry in header.items()
    }


def search(settings):
    torch.manual_seed(settings["seed"])
    torch.set_num_threads(settings["threads"])
    text, answers = settings["text_length"], settings["answers"]
    train = Split(settings["data"], "train", settings["train"], text, answers)
    validation = Split(settings["data"], "validation", settings["validation"], text, answers)
    network = Supernet(
        read_safetensors(settings["checkpoint"]), settings["heads"], answers, settings["skip_bottleneck"], settings["parallel_bottleneck"])
    layers, skip, size = len(network.transformer.blocks), settings["skip"], settings["batch_size"]
    trained = [(name, parameter) for name, parameter in network.named_parameters() if parameter.requires_grad]
    plain = [parameter for name, parameter in trained if parameter.dim() < 2]
    decayed = [parameter for name, parameter in trained if parameter.dim() >= 2]
    optimizer = torch.optim.AdamW(
        [{"params": decayed, "weight_decay": 0.01}, {"params": plain, "weight_decay": 0}], settings["learning_rate"], (0.9, 0.98), 1e-8)
    per_epoch = -(-len(train) // size)
    steps = settings["epochs"] * per_epoch
    warm_up = steps // 10
    rates = torch.optim.lr_scheduler.LambdaLR(
        optimizer, lambda step: step / max(1, warm_up) if step < warm_up else (steps - step) / max(1, steps - warm_up))

    def loss_of(batch, skipped):
        ids, mask, images, targets = batch
        return F.binary_cross_entropy_with_logits(network(ids, mask, images, skipped), targets) * answers

    gates = torch.zeros(layers, dtype=torch.float64)

    def draw():
        return set(torch.multinomial(torch.sigmoid(gates), skip).tolist())

    def play_round(batch):
        network.eval()
        with torch.no_grad():
            candidates = [draw() for _ in range(settings["candidates"])]
            rewards = [torch.exp(-loss_of(batch, skipped)).double() for skipped in candidates]
        network.train()
        mean = sum(rewards) / len(rewards)
        p = torch.sigmoid(gates)
        slope = p * (1 - p)
        for skipped, reward in zip(candidates, rewards):
            for i in skipped:
                gates[i] += (reward - mean) * slope[i]

    def evaluate(skipped):
        network.eval()
        with torch.no_grad():
            for rows in torch.arange(len(validation)).split(size):
                loss_of(validation.batch(rows), skipped).item()
        network.train()

    scored = validation.batch(torch.arange(settings["validation_batch"]))
    rounds, first, count = [], settings["warm_up_epochs"] * per_epoch, 0
    begun = time.perf_counter()
    for epoch in range(settings["epochs"]):
        for rows in torch.randperm(len(train)).split(size):
            skipped = draw()
            if count >= first and (count - first) % settings["steps_between_rounds"] == 0:
                play_round(scored)
                rounds.append({"seconds": time.perf_counter() - begun, "gates": gates.tolist()})
            loss = loss_of(train.batch(rows), skipped)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            rates.step()
            count += 1
        evaluate(set(gates.topk(skip).indices.tolist()))
    seconds = time.perf_counter() - begun
    print(json.dumps({"seconds": seconds, "rounds": rounds, "skip": sorted(gates.topk(skip).indices.tolist())}))


if __name__ == "__main__":
    search(json.loads(Path(sys.argv[1]).read_text()))
