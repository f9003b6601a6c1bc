"""The oracle against itself, in float64: finite differences, identities, skips, merges, prompts' formula, PELA's factors."""
import argparse
import math

import numpy
import torch

import cases
import names
import pela
from vilt import Vilt

WIDTH, LAYERS, HEADS = 16, 3, 4
VARIANTS = [
    ("full", {}), ("lora", {}), ("adapter", {}), ("das", {}), ("scaled-pa", {}), ("scaled-pa", {"scale": "0.5"}), ("prompt-shallow", {}),
    ("prompt-deep", {}), ("ssf", {}), ("pela", {}), ("pia", {}), ("pia", {"pia_mean": "masked"}), ("lavin", {}), ("lavin-text", {}), ("llava", {}),
    *(("apt", {"alpha": alpha, "key": key}) for alpha in names.OPTIONS["apt"]["alpha"] for key in names.OPTIONS["apt"]["key"]),
    *(("ttc", {"position": position}) for position in names.OPTIONS["ttc"]["position"]), ("ttc", {"sct": "true"}),
]


def case(method, options, skip=(), replacement="none"):
    """A network in float64, what it takes, and the upstream gradient."""
    arguments = argparse.Namespace(
        seed=1, width=WIDTH, layers=LAYERS, heads=HEADS, tokens=6, text_length=8, patch=4, grid=3, side=(8, 12), batch=2, vocabulary=20,
        ratio=4, size={}, image_number=1, bias=True, class_token=False, classes=0, pad_images=False, skip=set(skip), replacement=replacement, kappa=2)
    options = names.options_of(method, options)
    arrays, _ = cases.make(arguments, method, options)
    names.check(arrays, method, options)
    tensors = {name: torch.from_numpy(array) for name, array in arrays.items()}
    tensors = {name: tensor.double().requires_grad_(not name.startswith("input.")) if tensor.is_floating_point() else tensor
               for name, tensor in tensors.items()}
    network = Vilt({name: tensor for name, tensor in tensors.items() if not name.startswith("input.")}, HEADS, method, options, skip)
    return network, (tensors["input.ids"], tensors["input.mask"].bool(), tensors["input.images"]), tensors["input.upstream"]


def far(one, other):
    return (one - other).abs().max().item()


def with_weights(network, changed, method="full"):
    """The same backbone with other weights; the method's own are left out where it is another."""
    options = names.options_of(method, {})
    allowed = {**names.BACKBONE, **names.own(method, options), **names.REPLACEMENTS["das"], **names.REPLACEMENTS["pia"]}
    kept = {name: tensor for name, tensor in network.w.items()
            if any(name in {pattern.replace("{i}", str(i)) for i in range(LAYERS)} for pattern in allowed)}
    return Vilt({**kept, **changed}, HEADS, method, options, network.skipped, network.image_number)


def expect(error, limit, what):
    print(f"{error:9.2e}  {what}")
    if not error <= limit:
        raise SystemExit(f"{what}: {error:.2e} is more than {limit:.0e}")


def finite_differences(method, options, skip, replacement):
    network, inputs, upstream = case(method, options, skip, replacement)

    def loss():
        return (network.run(*inputs)[0] * upstream).sum()

    value = loss()
    floats = {name: tensor for name, tensor in network.w.items() if tensor.requires_grad}
    gradients = torch.autograd.grad(value, list(floats.values()), allow_unused=True)
    network.held_alphas = {name: alpha for name, alpha in network.alphas.items() if isinstance(alpha, torch.Tensor)}
    random, worst, influence = numpy.random.default_rng(0), 0.0, 0
    for (name, tensor), gradient in zip(floats.items(), gradients):
        flat = tensor.detach().view(-1)
        for index in random.integers(0, len(flat), 2):
            expected = 0.0 if gradient is None else gradient.reshape(-1)[index].item()
            old, step, ends = flat[index].item(), 1e-6, []
            for sign in (1, -1):
                flat[index] = old + sign * step
                with torch.no_grad():
                    ends.append(loss().item())
            flat[index] = old
            worst = max(worst, abs((ends[0] - ends[1]) / (2 * step) - expected))
        influence += gradient is not None and gradient.abs().max().item() > 1e-6
    own = names.own(method, names.options_of(method, options))
    for name in floats:
        place = any(name in {pattern.replace("{i}", str(i)) for i in range(LAYERS) if i not in skip} for pattern in own)
        skips = name.startswith(("adapter_list", "pia_list"))
        if (place or skips) and gradients[list(floats).index(name)] is None:
            raise SystemExit(f"{method}: {name} has no influence")
    described = " ".join([method, *(f"{key}={value}" for key, value in options.items()), f"skip={sorted(skip)}", replacement])
    expect(worst, 2e-7, f"finite differences, {described}; {influence} of {len(floats)} tensors have influence")


def identities():
    """Methods that begin as the identity are the plain network there."""
    starts = {
        "lora": ("lora_B", 0.0), "ssf": None, "ttc": (".ttc.", 0.0), "pia": ("conv_B", 0.0), "lavin-text": ("adapter_up", 0.0), "adapter": ("up_proj", 0.0), "das": ("up_proj", 0.0),
        "scaled-pa": ("up_proj", 0.0), "apt": None, "prompt-deep": None,
    }
    for method, start in starts.items():
        network, inputs, _ = case(method, {})
        plain = with_weights(network, {}).run(*inputs)[0]
        with torch.no_grad():
            for name, tensor in network.w.items():
                if start and start[0] in name and tensor.is_floating_point():
                    tensor.fill_(start[1])
                if name.endswith("ssf_scale"):
                    tensor.fill_(1)
                if name.endswith(("ssf_shift", "mm_tokens", ".scale")):
                    tensor.fill_(0)
        if method == "prompt-deep":
            network.w = {name: tensor[:0] if name.endswith("prompts") else tensor for name, tensor in network.w.items()}
        expect(far(network.run(*inputs)[0], plain), 1e-12, f"{method} at the identity")


def skips():
    """With everything skipped the blocks' weights do not matter, and nothing but adapters lies between embeddings and last norm."""
    for method, options in VARIANTS:
        network, inputs, _ = case(method, options, range(LAYERS))
        x, _ = network.embed(inputs[0], inputs[2])
        if method == "prompt-shallow":
            x = torch.cat([x, network.w["prompts.0"].expand(2, -1, -1)], 1)
        tokens = network.scaled("transformer.norm", network.norm("transformer.norm", x))
        expect(far(network.run(*inputs)[1], tokens), 0, f"everything skipped, {method} {options}")
    for replacement in ("das", "pia"):
        network, inputs, _ = case("full", {}, range(LAYERS), replacement)
        pruned = {name: tensor for name, tensor in network.w.items() if not name.startswith("transformer.blocks")}
        expect(far(network.run(*inputs)[1], Vilt(pruned, HEADS, "full", network.options, network.skipped).run(*inputs)[1]), 0,
               f"everything skipped, the blocks deleted, {replacement} in their place")


def padding():
    """What stands at padded places changes nothing at the others, unless PIA takes its mean over all tokens."""
    for method, options in VARIANTS:
        for skip, replacement in (((), "none"), ((1,), "das"), ((1, 2), "pia")):
            network, inputs, _ = case(method, options, skip, replacement)
            ids, images, pixels = inputs[0].clone(), inputs[2].clone(), torch.ones(2, 8, 12, dtype=torch.bool)
            pixels[1, 4:] = pixels[1, :, 8:] = False
            ids[~inputs[1]] = 7
            images.transpose(0, 1)[:, ~pixels] = 0.5
            error = far(network.run(*inputs, pixels)[0], network.run(ids, inputs[1], images, pixels)[0])
            if replacement == "pia" and network.options["pia_mean"] == "all":
                if error < 1e-6:
                    raise SystemExit("PIA's mean over all tokens leaves padded ones out")
            elif error > 1e-12:
                raise SystemExit(f"{method} {options}: padding leaks, {error:.2e}")
    expect(0, 0, "padding leaks nowhere but through PIA's mean")


def merges():
    """Folded weights give the same outputs."""
    for method, options in (("lora", {}), ("ttc", {}), ("ttc", {"position": "both"}), ("ssf", {}), ("pia", {}), ("pela", {})):
        network, inputs, _ = case(method, options, (1,), "das")
        w, merged = network.w, {}

        def get(name):
            return merged[name] if name in merged else w[name].clone()

        with torch.no_grad():
            if method == "ssf":
                merged["transformer.norm.weight"] = w["transformer.norm.weight"] * w["transformer.norm.ssf_scale"]
                merged["transformer.norm.bias"] = w["transformer.norm.bias"] * w["transformer.norm.ssf_scale"] + w["transformer.norm.ssf_shift"]
                scale, shift = w["transformer.patch_embed.proj.ssf_scale"], w["transformer.patch_embed.proj.ssf_shift"]
                merged["transformer.patch_embed.proj.weight"] = w["transformer.patch_embed.proj.weight"] * scale[:, None, None, None]
                merged["transformer.patch_embed.proj.bias"] = w["transformer.patch_embed.proj.bias"] * scale + shift
            for i in range(LAYERS):
                block = f"transformer.blocks.{i}"
                if method == "lora":
                    weight = get(f"{block}.attn.qkv.weight")
                    for first, part in ((0, "query"), (2 * WIDTH, "value")):
                        weight[first : first + WIDTH] += w[f"{block}.attn.qkv.lora_B.{part}.weight"] @ w[f"{block}.attn.qkv.lora_A.{part}.weight"]
                    merged[f"{block}.attn.qkv.weight"] = weight
                for place, layer in (("attn", "attn.proj"), ("mlp", "mlp.fc2")):
                    if f"{block}.{place}.ttc.weight" in w:
                        selected, change = w[f"{block}.{place}.ttc.channels"], w[f"{block}.{place}.ttc.weight"]
                        weight, bias = get(f"{block}.{layer}.weight"), get(f"{block}.{layer}.bias")
                        weight[selected] += change @ w[f"{block}.{layer}.weight"][selected]
                        bias[selected] += change @ w[f"{block}.{layer}.bias"][selected] + w[f"{block}.{place}.ttc.bias"]
                        merged[f"{block}.{layer}.weight"], merged[f"{block}.{layer}.bias"] = weight, bias
                if method == "ssf":
                    for layer in ("norm1", "norm2", *names.LINEARS):
                        name = f"{block}.{layer}"
                        scale = w[f"{name}.ssf_scale"]
                        merged[f"{name}.weight"] = w[f"{name}.weight"] * (scale if "norm" in layer else scale[:, None])
                        merged[f"{name}.bias"] = w[f"{name}.bias"] * scale + w[f"{name}.ssf_shift"]
                for place, layer in (("attn", "attn.qkv"), ("mlp", "mlp.fc1")):
                    if f"{block}.{place}.pia.conv_A.weight" in w:
                        pia, name = f"{block}.{place}.pia", f"{block}.{layer}"
                        grouped = torch.block_diag(*w[f"{pia}.conv_B.weight"].chunk(2))
                        added = grouped @ w[f"{pia}.conv_A.bias"] + w[f"{pia}.conv_B.bias"]
                        merged[f"{name}.weight"] = w[f"{name}.weight"] @ (torch.eye(WIDTH) + grouped @ w[f"{pia}.conv_A.weight"])
                        merged[f"{name}.bias"] = w[f"{name}.bias"] + w[f"{name}.weight"] @ added
                if method == "pela":
                    for layer in names.LINEARS:
                        name = f"{block}.{layer}"
                        merged[f"{name}.weight"] = w[f"{name}.1.weight"] @ w[f"{name}.0.weight"]
                        merged[f"{name}.bias"] = w[f"{name}.1.bias"]
        plain = with_weights(network, merged)
        expect(far(network.run(*inputs)[1], plain.run(*inputs)[1]), 1e-6, f"{method} {options} merged")


def deep_prompts():
    """Eq. 4: attention with deep prompts is a mixture of the attention among tokens and that to prompts, by their shares of exp scores."""
    network, inputs, _ = case("prompt-deep", {})
    h, image_mask = network.embed(inputs[0], inputs[2])
    mask = torch.cat([inputs[1], image_mask], 1)
    h, prompts = network.norm("transformer.blocks.0.norm1", h), network.norm("transformer.blocks.0.norm1", network.w["transformer.blocks.0.prompts"])
    place = "transformer.blocks.0.attn"
    queries, keys, values = network.affine(f"{place}.qkv", h).chunk(3, -1)
    _, prompt_keys, prompt_values = network.affine(f"{place}.qkv", prompts).chunk(3, -1)
    size, heads = WIDTH // HEADS, []
    for head in range(HEADS):
        part = slice(head * size, (head + 1) * size)
        own = (queries[..., part] @ keys[..., part].transpose(1, 2) / math.sqrt(size)).exp() * mask[:, None]
        prompt = (queries[..., part] @ prompt_keys[:, part].T / math.sqrt(size)).exp()
        own_sum, prompt_sum = own.sum(-1, keepdim=True), prompt.sum(-1, keepdim=True)
        share = own_sum / (own_sum + prompt_sum)
        heads.append(share * (own / own_sum @ values[..., part]) + (1 - share) * (prompt / prompt_sum @ prompt_values[:, part]))
    expected = network.affine(f"{place}.proj", torch.cat(heads, -1))
    expect(far(network.attention("transformer.blocks.0", h, mask, prompts), expected), 1e-12, "deep prompts against eq. 4")


def apt_by_hand():
    """Eq. 9 to 14, one entry at a time."""
    for alpha, key in ((alpha, key) for alpha in names.OPTIONS["apt"]["alpha"] for key in names.OPTIONS["apt"]["key"]):
        network, _, _ = case("apt", {"alpha": alpha, "key": key})
        place = "transformer.blocks.0.attn"
        random = torch.Generator().manual_seed(3)
        x, out = (torch.randn(2, 3, WIDTH, generator=random, dtype=torch.float64) for _ in range(2))
        tokens = network.w[f"{place}.mm_tokens"]
        keys = tokens.clone()
        for k in range(len(tokens)):
            if key == "low-rank":
                keys[k] = tokens[k] + network.w[f"{place}.mm.1.weight"] @ (network.w[f"{place}.mm.0.weight"] @ tokens[k])
            elif key == "dense":
                keys[k] = tokens[k] + network.w[f"{place}.mm.0.weight"] @ tokens[k]
        expected = torch.zeros_like(out)
        for b in range(2):
            for i in range(3):
                weights = [max(0.0, float(x[b, i] @ keys[k])) for k in range(len(tokens))]
                factor = {"token": max(weights), "token-grad": max(weights), "key": float(keys.max()), "none": 1.0}[alpha]
                added = sum(weight * tokens[k] for k, weight in enumerate(weights))
                expected[b, i] = math.exp(float(network.w[f"{place}.scale"])) * (out[b, i] + factor * added)
        expect(far(network.approximated_prompts(place, x, out), expected), 1e-12, f"APT by hand, alpha={alpha} key={key}")


def factors():
    for (rows, columns, kappa), rank in {
        (2304, 768, 2): 288, (768, 768, 2): 192, (3072, 768, 2): 307, (2304, 768, 3): 192, (768, 768, 3): 128, (3072, 768, 3): 204,
        (2304, 768, 1.5): 384, (768, 768, 1.5): 256, (3072, 768, 1.5): 409, (3072, 1024, 2): 384, (1024, 1024, 2): 256, (4096, 1024, 2): 409,
    }.items():
        expect(abs(pela.rank_of(rows, columns, kappa) - rank), 0, f"rank of {rows}×{columns} at κ = {kappa}")
    network, inputs, _ = case("full", {})
    arrays = {name: tensor.detach().numpy() for name, tensor in network.w.items()}
    result, ranks = pela.factorise(arrays, 1.2)
    for layer, rank in ranks.items():
        weight, product = arrays[f"{layer}.weight"], result[f"{layer}.1.weight"] @ result[f"{layer}.0.weight"]
        rest = numpy.linalg.svd(weight, compute_uv=False)[rank:]
        expect(abs(numpy.linalg.norm(weight - product) - numpy.linalg.norm(rest)), 1e-12, f"{layer} at rank {rank} is as near as can be")
    student = Vilt({name: torch.from_numpy(array) for name, array in result.items()}, HEADS, "pela", names.options_of("pela", {}))
    found = pela.losses(network, student, inputs, 0.01)
    terms, worst = [], []
    for mine, theirs in zip(student.outputs, network.outputs):
        terms.append(sum(float((mine[b] - theirs[b]).pow(2).sum()) for b in range(2)) / 2)
    for layer in ranks:
        worst.append(float(numpy.abs(result[f"{layer}.1.weight"] @ result[f"{layer}.0.weight"] - arrays[f"{layer}.weight"]).max()))
    per_image = mine.shape[1] * mine.shape[2]
    by_hand = {
        "fd.paper": sum(terms) / (2 * LAYERS), "fd.code": sum(terms) / LAYERS / per_image, "rwp.paper": sum(value - 0.01 for value in worst),
        "rwp.code": sum((value - 0.01) ** 2 for value in worst) / len(worst), "rwp.hinge": sum(max(0, value - 0.01) ** 2 for value in worst) / len(worst),
        "rwp.paper-hinge": sum(max(0, value - 0.01) for value in worst),
    }
    for name, value in by_hand.items():
        expect(abs(float(found[name].detach()) - value), 1e-10, f"{name} by hand")


def run():
    torch.set_default_dtype(torch.float64)
    apt_by_hand()
    deep_prompts()
    factors()
    identities()
    skips()
    padding()
    merges()
    for method, options in VARIANTS:
        finite_differences(method, options, (), "none")
    for method, replacement in (("das", "das"), ("pia", "pia"), ("lora", "das"), ("apt", "pia"), ("ttc", "none"), ("full", "none")):
        finite_differences(method, {"pia_mean": "masked"} if method == "apt" else {}, (0, 2), replacement)
        finite_differences(method, {}, range(LAYERS), replacement)
    print("all checks passed")
