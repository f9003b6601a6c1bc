"""ViLT with any of the transfer methods, in evaluation mode, from the equations in papers.md (parts A.6, B.1, C to G and I)."""
import torch
import torch.nn.functional as F


class Vilt:
    """Reads its weights by their official names; sizes follow from their shapes.

    skipped is a set of blocks. blocks() leaves every block's output in `outputs`, and APT's weights α in `alphas`.
    """

    def __init__(self, weights, heads, method="full", options=None, skipped=(), image_number=1):
        self.w, self.heads, self.method, self.options = weights, heads, method, options or {}
        self.skipped, self.image_number = set(skipped), image_number
        blocks = {int(name.split(".")[2]) for name in weights if name.startswith("transformer.blocks.")}
        self.layers = 1 + max(blocks | self.skipped)
        self.outputs, self.alphas, self.held_alphas = [], {}, None

    # The smallest parts.

    def affine(self, name, x):
        if f"{name}.0.weight" in self.w:  # PELA: y = Rᵀ(Qᵀx) + b
            return x @ self.w[f"{name}.0.weight"].T @ self.w[f"{name}.1.weight"].T + self.w[f"{name}.1.bias"]
        return x @ self.w[f"{name}.weight"].T + self.w[f"{name}.bias"]

    def norm(self, name, x, eps=1e-6):
        mean, variance = x.mean(-1, keepdim=True), x.var(-1, keepdim=True, unbiased=False)
        return (x - mean) / (variance + eps).sqrt() * self.w[f"{name}.weight"] + self.w[f"{name}.bias"]

    def scaled(self, name, y):
        """SSF: y ⊙ scale + shift after an operation."""
        return y * self.w[f"{name}.ssf_scale"] + self.w[f"{name}.ssf_shift"] if f"{name}.ssf_scale" in self.w else y

    def adapter(self, name, x, scale=1.0):
        """s · (W_up ReLU(W_down LN x))."""
        inner = self.affine(f"{name}.down_proj", self.norm(f"{name}.adapter_layer_norm_before", x, 1e-5)).relu()
        return scale * self.affine(f"{name}.up_proj", inner)

    def plain_adapter(self, name, x):
        """Houlsby's: x + W_up ReLU(W_down x)."""
        return x + self.affine(f"{name}.up_proj", self.affine(f"{name}.down_proj", x).relu()) if f"{name}.down_proj.weight" in self.w else x

    def tuned_channels(self, name, x):
        """TTC: x'' = x' + Linear(x') on the selected channels x' of x."""
        if f"{name}.weight" not in self.w:
            return x
        selected = self.w[f"{name}.channels"]
        part = x[..., selected]
        change = part @ self.w[f"{name}.weight"].T + self.w.get(f"{name}.bias", 0)
        return x.index_copy(-1, selected, part + change)

    def grouped(self, name, z):
        """A 1×1 convolution h → d in two groups."""
        weight, half = self.w[f"{name}.weight"], z.shape[-1] // 2
        rows = weight.shape[0] // 2
        return torch.cat([z[..., :half] @ weight[:rows].T, z[..., half:] @ weight[rows:].T], -1) + self.w[f"{name}.bias"]

    def pia(self, name, x):
        """PIA-FFN: x + B(A x)."""
        return x + self.grouped(f"{name}.conv_B", self.affine(f"{name}.conv_A", x)) if f"{name}.conv_A.weight" in self.w else x

    def before(self, place, x):
        """What stands before the layers that read x: PIA, or an adapter of DAS's codes for decoders (A.6 b to d), x + A(x)."""
        x = self.pia(f"{place}.pia", x)
        for kind in ("lavin-text", "llava"):
            if f"{place}.{kind}.adapter_down.weight" in self.w:
                x = x + self.affine(f"{place}.{kind}.adapter_up", self.affine(f"{place}.{kind}.adapter_down", x).relu())
        for name, seen in ((f"{place}.lavin", x[:, :1]), (f"{place}.eas", x[:, 1:].mean(1, keepdim=True))):
            if f"{name}.expert_weights.weight" not in self.w:
                continue
            z, ways = self.affine(f"{name}.conv_A", x), (self.affine(f"{name}.expert_weights", seen) / 10).softmax(-1)
            x = x + ways[..., :1] * self.grouped(f"{name}.conv_B", z) + ways[..., 1:] * self.grouped(f"{name}.conv_D", z)
        return x

    # Embeddings.

    def embed(self, ids, images, pixel_mask=None):
        """Text and image tokens, text first: [batch, tokens + 1 + patches, width]; and the image's mask [batch, 1 + patches].

        The valid pixels of an image are its upper left rectangle, of whole patches; the rest gets no position.
        """
        text = self.w["text_embeddings.word_embeddings.weight"][ids]
        text = text + self.w["text_embeddings.position_embeddings.weight"][: ids.shape[1]]
        text = text + self.w["text_embeddings.token_type_embeddings.weight"][0]
        text = self.norm("text_embeddings.LayerNorm", text, 1e-12)
        if "token4classifier" in self.w:
            text = torch.cat([self.w["token4classifier"].expand(len(ids), 1, -1), text[:, 1:]], 1)
        kernel = self.w["transformer.patch_embed.proj.weight"]
        patches = F.conv2d(images, kernel, self.w["transformer.patch_embed.proj.bias"], stride=kernel.shape[-1])
        rows, columns = patches.shape[2:]
        patches = self.scaled("transformer.patch_embed.proj", patches.flatten(2).transpose(1, 2))
        table = self.w["transformer.pos_embed"]
        grid = round((table.shape[1] - 1) ** 0.5)
        square = table[:, 1:].transpose(1, 2).unflatten(2, (grid, grid))
        mask = torch.ones(len(images), rows, columns, dtype=torch.bool)
        if pixel_mask is not None:
            mask = pixel_mask[:, :: kernel.shape[-1], :: kernel.shape[-1]][:, :rows, :columns]
        places = []
        for valid in mask:
            height, width = int(valid[:, 0].sum()), int(valid[0].sum())
            resized = F.interpolate(square, (height, width), mode="bilinear", align_corners=True)
            places.append(F.pad(resized, (0, columns - width, 0, rows - height)))
        places = torch.cat(places).flatten(2).transpose(1, 2)
        first = (self.w["transformer.cls_token"] + table[:, :1]).expand(len(images), 1, -1)
        image = torch.cat([first, patches + places], 1)
        modality = self.w["token_type_embeddings.weight"]
        mask = torch.cat([mask.new_ones(len(images), 1), mask.flatten(1)], 1)
        return torch.cat([text + modality[0], image + modality[self.image_number]], 1), mask

    # Blocks.

    def attention(self, block, h, mask, prompts=None):
        """Self-attention of h [batch, n, d]; deep prompts [p, d], already normalised, are further keys and values."""
        place = f"{block}.attn"
        x = h
        if prompts is not None:
            x = torch.cat([h, prompts.expand(len(h), -1, -1)], 1)
            mask = torch.cat([mask, mask.new_ones(len(h), prompts.shape[0])], 1)
        adapted = self.before(place, x)
        q, k, v = self.scaled(f"{place}.qkv", self.affine(f"{place}.qkv", adapted)).chunk(3, -1)
        if f"{place}.qkv.lora_A.query.weight" in self.w:
            q = q + x @ self.w[f"{place}.qkv.lora_A.query.weight"].T @ self.w[f"{place}.qkv.lora_B.query.weight"].T
        if f"{place}.qkv.lora_A.value.weight" in self.w:
            v = v + x @ self.w[f"{place}.qkv.lora_A.value.weight"].T @ self.w[f"{place}.qkv.lora_B.value.weight"].T
        q, k, v = (part.unflatten(-1, (self.heads, -1)).transpose(1, 2) for part in (q[:, : h.shape[1]], k, v))
        scores = q @ k.transpose(-1, -2) * q.shape[-1] ** -0.5  # [batch, heads, n, n + p]
        scores = scores.masked_fill(~mask[:, None, None, :], float("-inf"))
        mixed = (scores.softmax(-1) @ v).transpose(1, 2).flatten(2)
        out = self.tuned_channels(f"{place}.ttc", self.scaled(f"{place}.proj", self.affine(f"{place}.proj", mixed)))
        return self.approximated_prompts(place, h, out)

    def approximated_prompts(self, place, h, out):
        """APT: e^s · (SA(X) + α ReLU(X Kᵀ) P')."""
        if f"{place}.mm_tokens" not in self.w:
            return out
        tokens = self.w[f"{place}.mm_tokens"]
        keys = tokens
        if self.options["key"] == "low-rank":
            keys = tokens + tokens @ self.w[f"{place}.mm.0.weight"].T @ self.w[f"{place}.mm.1.weight"].T
        elif self.options["key"] == "dense":
            keys = tokens + tokens @ self.w[f"{place}.mm.0.weight"].T
        weights = (h @ keys.T).relu()  # [batch, n, p]
        alpha = {
            "token": lambda: weights.max(-1, keepdim=True).values.detach(),
            "token-grad": lambda: weights.max(-1, keepdim=True).values,
            "key": lambda: keys.max(),
            "none": lambda: 1.0,
        }[self.options["alpha"]]()
        if self.held_alphas is not None and self.options["alpha"] == "token":
            alpha = self.held_alphas[place]
        self.alphas[place] = alpha
        return (out + alpha * (weights @ tokens)) * self.w[f"{place}.scale"].exp()

    def feed_forward(self, block, h):
        place = f"{block}.mlp"
        inner = self.scaled(f"{place}.fc1", self.affine(f"{place}.fc1", self.before(place, h)))
        out = self.scaled(f"{place}.fc2", self.affine(f"{place}.fc2", F.gelu(inner)))
        return self.tuned_channels(f"{place}.ttc", out)

    def block(self, i, x, mask):
        block = f"transformer.blocks.{i}"
        h = self.scaled(f"{block}.norm1", self.norm(f"{block}.norm1", x))
        prompts = self.w.get(f"{block}.prompts")
        if prompts is not None:
            prompts = self.scaled(f"{block}.norm1", self.norm(f"{block}.norm1", prompts))
        attended = self.plain_adapter(f"{block}.adapter_attn", self.attention(block, h, mask, prompts))
        if f"{block}.attn.adapter.down_proj.weight" in self.w:
            attended = attended + self.adapter(f"{block}.attn.adapter", h, float(self.options["scale"]))
        if f"{block}.adapter0.down_proj.weight" in self.w:
            attended = attended + self.adapter(f"{block}.adapter0", x)
        x = self.tuned_channels(f"{block}.sct", x + attended)
        h = self.scaled(f"{block}.norm2", self.norm(f"{block}.norm2", x))
        fed = self.plain_adapter(f"{block}.adapter_mlp", self.feed_forward(block, h))
        if f"{block}.adapter1.down_proj.weight" in self.w:
            fed = fed + self.adapter(f"{block}.adapter1", x)
        return self.tuned_channels(f"{block}.ttc", x + fed)

    def replaced(self, i, x, mask):
        """What a skipped block leaves: x + A(x), or x + B(½(C x + mean over tokens of A x)), or x."""
        if f"adapter_list.{i}.0.down_proj.weight" in self.w:
            return x + self.adapter(f"adapter_list.{i}.0", x)
        if f"pia_list.{i}.conv_A.weight" in self.w:
            each = self.affine(f"pia_list.{i}.conv_A", x)
            if self.options.get("pia_mean") == "masked":
                weight = mask[..., None].to(x.dtype)
                mean = (each * weight).sum(1, keepdim=True) / weight.sum(1, keepdim=True)
            else:
                mean = each.mean(1, keepdim=True)
            return x + self.grouped(f"pia_list.{i}.conv_B", 0.5 * (self.affine(f"pia_list.{i}.conv_C", x) + mean))
        return x

    def run(self, ids, text_mask, images, pixel_mask=None):
        """The summary [batch, width] and all tokens after the last norm."""
        x, image_mask = self.embed(ids, images, pixel_mask)
        mask = torch.cat([text_mask, image_mask], 1)
        if "prompts.0" in self.w:  # shallow: they stay to the end
            prompts = self.w["prompts.0"]
            x = torch.cat([x, prompts.expand(len(ids), -1, -1)], 1)
            mask = torch.cat([mask, mask.new_ones(len(ids), prompts.shape[0])], 1)
        self.outputs = []
        for i in range(self.layers):
            x = self.replaced(i, x, mask) if i in self.skipped else self.block(i, x, mask)
            self.outputs.append(x)
        tokens = self.scaled("transformer.norm", self.norm("transformer.norm", x))
        return self.affine("pooler.dense", tokens[:, 0]).tanh(), tokens
