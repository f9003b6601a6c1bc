"""Cases with random weights: every parameter of a method away from its start, so that a slip shows."""
import json

import numpy

import names


def sizes_of(given, width, layers, tokens, patch, grid, images, vocabulary, ratio):
    """What the letters in names.py stand for; the defaults are the papers' at width 768 and in proportion below."""
    sizes = {
        "d": width, "3d": 3 * width, "e": ratio * width, "V": vocabulary, "T": tokens, "P": patch, "1+G": 1 + grid * grid,
        "M": 1 + images, "b": max(width // 8, 6), "c": max(width // 4, 6), "h": max(width // 16 * 2, 4), "g": max(width * 144 // 768 // 2 * 2, 4),
        "K": max(width // 8, 4), "p": 200 if width >= 768 else 5, "r": min(4, width // 4),
    }
    for key, value in given.items():
        if key not in sizes:
            raise SystemExit(f"there is no size {key}; there are {', '.join(sizes)}")
        sizes[key] = value
    sizes.update({"h/2": sizes["h"] // 2, "g/2": sizes["g"] // 2})
    return sizes


def draw(random, name, shape, width):
    """One parameter: large enough that it is felt, small enough that nothing saturates."""
    if name.endswith(".channels"):
        return numpy.sort(random.choice(width, shape[0], replace=False)).astype(numpy.int64)
    noise = random.standard_normal(shape)
    last = name.rsplit(".", 1)[-1]
    if last in ("bias", "ssf_shift", "scale"):
        value = 0.1 * noise
    elif last == "ssf_scale" or ("norm" in name.lower() and last == "weight"):
        value = 1 + 0.1 * noise
    elif last == "mm_tokens":
        value = 0.55 * width ** -0.5 * noise
    elif "embed" in name and "patch_embed" not in name or last.endswith("token") or last == "token4classifier" or "prompts" in name:
        value = 0.5 * noise
    elif last == "weight":
        value = (0.5 if "adapter" in name or "pia" in name or "ttc" in name or "sct" in name else 1.0) * noise / numpy.prod(shape[1:]) ** 0.5
    else:
        raise AssertionError(name)
    return value.astype(numpy.float32)


def make(arguments, method, options):
    """All tensors of a case and its metadata."""
    random = numpy.random.default_rng(arguments.seed)
    width, layers, batch = arguments.width, arguments.layers, arguments.batch
    sizes = sizes_of(
        arguments.size, width, layers, max(arguments.tokens, arguments.text_length), arguments.patch, arguments.grid,
        max(arguments.image_number, 1), arguments.vocabulary, arguments.ratio)
    wanted = {**names.BACKBONE, **names.own(method, options)}
    if not arguments.bias:
        wanted = {name: shape for name, shape in wanted.items() if not name.endswith((".ttc.bias", ".sct.bias"))}
    if arguments.class_token:
        wanted["token4classifier"] = "1 1 d"
    if arguments.classes:
        sizes["C"] = arguments.classes
        wanted.update({name: shape for name, shape in names.EXTRAS.items() if name.startswith("head.")})
    pairs = [(name, shape, number) for name, shape in wanted.items() for number in (range(layers) if "{i}" in name else [0])]
    pairs += [(name, shape, number) for name, shape in names.REPLACEMENTS[arguments.replacement].items() for number in sorted(arguments.skip)]
    tensors = {}
    for name, shape, number in pairs:
        dimensions = [sizes[part] if part in sizes else int(part) for part in shape.split()]
        tensors[name.replace("{i}", str(number))] = draw(random, name, dimensions, width)
    if method == "pela":
        factorise_shapes(random, tensors, layers, arguments.kappa)
    height, across = arguments.side
    lengths = [max(1, arguments.tokens - i * max(1, arguments.tokens // 3) % arguments.tokens) for i in range(batch)]
    tensors["input.mask"] = numpy.arange(arguments.tokens)[None] < numpy.array(lengths)[:, None]
    ids = random.integers(1, arguments.vocabulary, (batch, arguments.tokens))
    tensors["input.ids"] = ids * tensors["input.mask"]
    tensors["input.mask"] = tensors["input.mask"].astype(numpy.uint8)
    tensors["input.images"] = (0.5 * random.standard_normal((batch, 3, height, across))).astype(numpy.float32)
    if arguments.pad_images:
        tensors["input.pixel_mask"] = numpy.ones((batch, height, across), numpy.uint8)
        tensors["input.pixel_mask"][-1, :, across - arguments.patch:] = 0
    tensors["input.upstream"] = random.standard_normal((batch, width)).astype(numpy.float32)
    if arguments.classes:
        tensors["input.labels"] = random.integers(0, arguments.classes, batch)
    metadata = {
        "heads": str(arguments.heads), "method": method, "options": json.dumps(options),
        "skip": ",".join(str(i) for i in sorted(arguments.skip)), "image_number": str(arguments.image_number),
    }
    return tensors, metadata


def factorise_shapes(random, tensors, layers, kappa):
    """Random factors of PELA's ranks in the place of the blocks' linear layers."""
    for i in range(layers):
        for place in names.LINEARS:
            name = f"transformer.blocks.{i}.{place}"
            rows, columns = tensors.pop(f"{name}.weight").shape
            rank = int(rows * columns / (kappa * (rows + columns)))
            tensors[f"{name}.0.weight"] = (random.standard_normal((rank, columns)) / columns ** 0.5).astype(numpy.float32)
            tensors[f"{name}.1.weight"] = (random.standard_normal((rows, rank)) / rank ** 0.5).astype(numpy.float32)
            tensors[f"{name}.1.bias"] = tensors.pop(f"{name}.bias")
