"""A ViLT with a skip plan applied, in plain PyTorch: written by `das export --to pytorch`, yours to read and to change.

    python3 THIS.py                       checks itself
    python3 THIS.py INPUT.safetensors     prints logits, a line of JSON for each sample

INPUT holds text_ids [batch, tokens], text_mask [batch, tokens] (true where there is a token) and image [batch, 3, height,
width], or image_1 and image_2 where a sample has two images. Only torch is needed, 1.13 or later; the weights lie beside
this file. The network is that of Kim et al., arXiv:2102.03334, with what the plan's transfer method has at its places, and
everything has the name that the official checkpoints give it. It has no dropout: for training on, put it in where you want it.

In another program:

    import THIS
    model = THIS.build()
    logits = model([image], text_ids, text_mask)

The official ViLT code, or any model whose .transformer.blocks are like those there:

    THIS.apply_plan(model)
    THIS.load_weights(model)
"""
import json
import os
import struct
import sys

import torch
import torch.nn.functional as F
from torch import nn

# <plan> What the plan says; the rest of this file is the same for every plan. These values are an example.
WEIGHTS = "example.weights.safetensors"  # beside this file
SIZES = dict(vocabulary=30522, text_length=40, width=768, layers=12, heads=12, feed_forward=3072, patch_size=32, grid=12)
HEAD = dict(name="vqa_classifier", images=1, hidden=1536, outputs=3129)  # hidden is None for a single layer, which ranks
SKIP = ["transformer.blocks.3"]  # blocks, or parts of them, that are left out
PIECES = []  # what stands at places: its class, its name, its place and its sizes
RANKS = {}  # linear layers that are two of a low rank: the name of each, such as transformer.blocks.0.attn.qkv, and its rank
PARAMETERS = None  # how many the plan accounts for
PROVENANCE = {}
# </plan>


class PlannedBlock(nn.Module):
    """A block, or those of its parts that are kept, with what stands at its places; called like a block.

    What stands there is held in tuples, which hide it: it is registered under its official name.
    """

    def __init__(self, block, parts):
        super().__init__()
        self.norm1, self.attn = (block.norm1, block.attn) if "attn" in parts else (None, None)
        self.norm2, self.mlp = (block.norm2, block.mlp) if "mlp" in parts else (None, None)
        self.extends = ()  # adds tokens: extend(x, mask) gives both, and how many of the tokens go on
        self.joins = {}  # beside a part: join(stream, read, output) gives the part's new output
        self.replaces = {}  # in place of a part, or of the block: replace(x) gives the new x

    def forward(self, x, mask=None):
        shares, tokens = None, x.shape[1]
        for piece in self.extends:
            x, mask, tokens = piece.extend(x, mask)
        if self.attn is not None:
            read = self.norm1(x)
            attended, shares = self.attn(read, mask=mask)
            x = x[:, :tokens] + self.joined("attn", x[:, :tokens], read[:, :tokens], attended[:, :tokens])
        for piece in self.replaces.get("attn", ()):
            x = piece.replace(x)
        if self.mlp is not None:
            read = self.norm2(x)
            x = x + self.joined("mlp", x, read, self.mlp(read))
        for piece in self.replaces.get("mlp", ()):
            x = piece.replace(x)
        return x, shares

    def joined(self, part, stream, read, output):
        for piece in self.joins.get(part, ()):
            output = piece.join(stream, read, output)
        return output


class LowRank(nn.Module):
    """Two linear layers, 0 and 1, in the place of one, as in PELA, arXiv:2310.10700."""

    def __init__(self, linear, rank):
        super().__init__()
        self.add_module("0", nn.Linear(linear.in_features, rank, bias=False))
        self.add_module("1", nn.Linear(rank, linear.out_features))

    def forward(self, x):
        return getattr(self, "1")(getattr(self, "0")(x))


def apply_plan(model):
    """Leaves out what the plan skips and puts its pieces in, in any model whose .transformer.blocks are like the official ones.

    A block is one if it has norm1, attn, norm2 and mlp, and forward(x, mask=None) gives the new x and attention's shares.
    The pieces are fresh until load_weights has been called.
    """
    blocks = model.transformer.blocks
    if len(blocks) != SIZES["layers"]:
        raise ValueError(f"the plan is for {SIZES['layers']} blocks, the model has {len(blocks)}")
    for name, rank in RANKS.items():
        place, last = name.rsplit(".", 1)
        part = model.get_submodule(place)
        setattr(part, last, LowRank(getattr(part, last), rank))
    for index, block in enumerate(blocks):
        name = f"transformer.blocks.{index}"
        blocks[index] = PlannedBlock(block, [part for part in ("attn", "mlp") if not {name, f"{name}.{part}"} & set(SKIP)])
    for kind, name, place, sizes in PIECES:
        piece = globals()[kind](**sizes)
        register(model, name, piece)
        put(model, place, piece)


def register(model, name, piece):
    """Gives a piece its official name; where that is a module's, the piece's parameters become this one's, too."""
    *path, last = name.split(".")
    for part in path:
        if part not in dict(model.named_children()):
            model.add_module(part, nn.Module())
        model = getattr(model, part)
    host = model if last == "" else dict(model.named_children()).get(last)
    if host is None:
        model.add_module(last, piece)
        return
    for part, child in piece.named_children():
        host.add_module(part, child)
    for part, parameter in piece.named_parameters(recurse=False):
        host.register_parameter(part, parameter)
    for part, buffer in piece.named_buffers(recurse=False):
        host.register_buffer(part, buffer)


def put(model, place, piece):
    """Has a piece act at its place: a layer, a block or one of its parts, or all blocks."""
    if hasattr(piece, "change_input"):
        model.get_submodule(place).register_forward_pre_hook(piece.change_input)
    if hasattr(piece, "change_output"):
        model.get_submodule(place).register_forward_hook(piece.change_output)
    number, _, part = place[len("transformer.blocks.") :].partition(".")
    for block in [model.transformer.blocks[int(number)]] if number.isdigit() else model.transformer.blocks:
        if hasattr(piece, "extend"):
            block.extends += (piece,)
        if hasattr(piece, "join"):
            block.joins[part] = block.joins.get(part, ()) + (piece,)
        if hasattr(piece, "replace"):
            block.replaces[part or "attn"] = (piece,)


# <pieces> What the plan has of these.
# </pieces>


class Attention(nn.Module):
    def __init__(self, width, heads):
        super().__init__()
        self.heads = heads
        self.qkv = nn.Linear(width, 3 * width)  # like all of a block's, two of a low rank where RANKS says so
        self.proj = nn.Linear(width, width)

    def forward(self, x, mask=None):
        batch, tokens, width = x.shape
        q, k, v = self.qkv(x).reshape(batch, tokens, 3, self.heads, width // self.heads).permute(2, 0, 3, 1, 4)
        scores = q @ k.transpose(-2, -1) * (width // self.heads) ** -0.5  # [batch, heads, tokens, tokens]
        if mask is not None:
            scores = scores.masked_fill(~mask[:, None, None, :].bool(), float("-inf"))
        shares = scores.softmax(-1)
        return self.proj((shares @ v).transpose(1, 2).reshape(batch, tokens, width)), shares


class FeedForward(nn.Module):
    def __init__(self, width, inner):
        super().__init__()
        self.fc1 = nn.Linear(width, inner)
        self.fc2 = nn.Linear(inner, width)

    def forward(self, x):
        return self.fc2(F.gelu(self.fc1(x)))


class Block(nn.Module):
    """A pre-norm Transformer block."""

    def __init__(self, width, heads, inner):
        super().__init__()
        self.norm1 = nn.LayerNorm(width, eps=1e-6)
        self.attn = Attention(width, heads)
        self.norm2 = nn.LayerNorm(width, eps=1e-6)
        self.mlp = FeedForward(width, inner)

    def forward(self, x, mask=None):
        attended, shares = self.attn(self.norm1(x), mask=mask)
        x = x + attended
        return x + self.mlp(self.norm2(x)), shares


class TextEmbeddings(nn.Module):
    """Word, position and segment, normalised, as in BERT: [batch, tokens] to [batch, tokens, width]."""

    def __init__(self, vocabulary, length, width):
        super().__init__()
        self.word_embeddings = nn.Embedding(vocabulary, width)
        self.position_embeddings = nn.Embedding(length, width)
        self.token_type_embeddings = nn.Embedding(2, width)
        self.LayerNorm = nn.LayerNorm(width, eps=1e-12)

    def forward(self, ids):
        positions = self.position_embeddings.weight[: ids.shape[1]]
        return self.LayerNorm(self.word_embeddings(ids) + positions + self.token_type_embeddings.weight[0])


class PatchEmbedding(nn.Module):
    def __init__(self, width, patch_size):
        super().__init__()
        self.proj = nn.Conv2d(3, width, patch_size, stride=patch_size)

    def forward(self, image):
        return self.proj(image)


class Vision(nn.Module):
    """Patches, their positions, the blocks and the last norm."""

    def __init__(self, width, layers, heads, inner, patch_size, grid):
        super().__init__()
        self.grid = grid
        self.cls_token = nn.Parameter(torch.zeros(1, 1, width))
        self.pos_embed = nn.Parameter(torch.zeros(1, 1 + grid * grid, width))
        self.patch_embed = PatchEmbedding(width, patch_size)
        self.blocks = nn.ModuleList([Block(width, heads, inner) for _ in range(layers)])
        self.norm = nn.LayerNorm(width, eps=1e-6)

    def embed(self, image):
        """[batch, 3, height, width] to [batch, 1 + patches, width]; the position table is resized to the image."""
        patches = self.patch_embed(image)  # [batch, width, rows, columns]
        table = self.pos_embed[:, 1:].transpose(1, 2).unflatten(2, (self.grid, self.grid))
        positions = F.interpolate(table, size=patches.shape[2:], mode="bilinear", align_corners=True)
        first = (self.cls_token + self.pos_embed[:, :1]).expand(len(image), -1, -1)
        return torch.cat([first, (patches + positions).flatten(2).transpose(1, 2)], 1)


class Pooler(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.dense = nn.Linear(width, width)

    def forward(self, x):
        return torch.tanh(self.dense(x[:, 0]))


class ViLT(nn.Module):
    """An ordinary ViLT, with the head of the plan's task."""

    def __init__(self):
        super().__init__()
        width, images, hidden = SIZES["width"], HEAD["images"], HEAD["hidden"]
        self.text_embeddings = TextEmbeddings(SIZES["vocabulary"], SIZES["text_length"], width)
        self.token_type_embeddings = nn.Embedding(1 + images, width)  # a row for the text, one for each image
        self.transformer = Vision(
            width, SIZES["layers"], SIZES["heads"], SIZES["feed_forward"], SIZES["patch_size"], SIZES["grid"]
        )
        self.pooler = Pooler(width)
        if hidden is None:
            head = nn.Linear(width, HEAD["outputs"])
        else:
            head = nn.Sequential(
                nn.Linear(images * width, hidden), nn.LayerNorm(hidden), nn.GELU(), nn.Linear(hidden, HEAD["outputs"])
            )
        setattr(self, HEAD["name"], head)

    def summary(self, image, number, text_ids, text_mask):
        """One vector a sample, [batch, width], from its text and its image of that number, from 1."""
        text = self.text_embeddings(text_ids) + self.token_type_embeddings.weight[0]
        patches = self.transformer.embed(image) + self.token_type_embeddings.weight[number]
        x = torch.cat([text, patches], 1)
        mask = torch.cat([text_mask.bool(), torch.ones(patches.shape[:2], dtype=torch.bool, device=x.device)], 1)
        for block in self.transformer.blocks:
            x, _ = block(x, mask=mask)
        return self.pooler(self.transformer.norm(x))

    def forward(self, images, text_ids, text_mask):
        """Scores of answers or classes, or of how well text and image fit: [batch, outputs]."""
        summaries = [self.summary(image, i + 1, text_ids, text_mask) for i, image in enumerate(images)]
        return getattr(self, HEAD["name"])(torch.cat(summaries, 1))


DTYPES = dict(
    BOOL=torch.bool, I64=torch.int64, F16=torch.float16, BF16=torch.bfloat16, F32=torch.float32, F64=torch.float64
)


def read_safetensors(path):
    """Tensors by name. The format: a length, a header of JSON, raw numbers (https://huggingface.co/docs/safetensors)."""
    with open(path, "rb") as file:
        (length,) = struct.unpack("<Q", file.read(8))
        header = json.loads(file.read(length))
        numbers = bytearray(file.read())
    tensors = {}
    for name, entry in header.items():
        if name != "__metadata__":
            begin, end = entry["data_offsets"]
            flat = torch.frombuffer(numbers[begin:end], dtype=DTYPES[entry["dtype"]])
            tensors[name] = flat.reshape(entry["shape"])
    return tensors


def load_weights(model, path=None):
    """Loads checkpoint, adapters and head into a model with the plan applied; gives the names of weights that it has beside."""
    state = read_safetensors(path or os.path.join(os.path.dirname(os.path.abspath(__file__)), WEIGHTS))
    missing, unexpected = model.load_state_dict(state, strict=False)
    if unexpected:
        raise ValueError(f"the model has no place for {', '.join(unexpected)}: was the plan applied?")
    return missing


def build():
    """The planned network with all its weights, ready to predict."""
    model = ViLT()
    apply_plan(model)
    missing = load_weights(model)
    if missing:
        raise ValueError(f"{WEIGHTS} lacks {', '.join(missing)}")
    return model.eval()


def check(model):
    """Says what is wrong with the network, if anything is; no data are needed for it."""
    parameters = sum(parameter.numel() for parameter in model.parameters())
    if PARAMETERS not in (None, parameters):
        return f"the plan accounts for {PARAMETERS} parameters, the network has {parameters}"
    torch.manual_seed(0)
    side = SIZES["grid"] * SIZES["patch_size"]
    images = [torch.randn(2, 3, side, side) for _ in range(HEAD["images"])]
    ids = torch.randint(SIZES["vocabulary"], (2, SIZES["text_length"]))
    mask = torch.arange(SIZES["text_length"]) < torch.tensor([[SIZES["text_length"]], [2]])
    logits = model(images, ids, mask)
    if not logits.isfinite().all():
        return "logits are not finite"
    reads_padding = any(hasattr(globals()[kind], "reads_padding") for kind, *_ in PIECES)
    if not reads_padding and not torch.allclose(model(images, ids * mask, mask), logits, atol=1e-4):
        return "padding changes the logits"
    if not torch.allclose(model([image[:1] for image in images], ids[:1], mask[:1]), logits[:1], atol=1e-4):
        return "a sample alone gives other logits than in a batch"
    return None


@torch.no_grad()
def main(arguments):
    model = build()
    if not arguments:
        problem = check(model)
        print(problem or f"ok: {sum(p.numel() for p in model.parameters())} parameters, without {', '.join(SKIP) or 'leaving anything out'}")
        return 0 if problem is None else 1
    inputs = read_safetensors(arguments[0])
    names = ["image"] if HEAD["images"] == 1 else [f"image_{i + 1}" for i in range(HEAD["images"])]
    for row in model([inputs[name] for name in names], inputs["text_ids"], inputs["text_mask"]).tolist():
        print(json.dumps(row))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
