"""What every method calls its own parameters, their shapes, and its options.

d is the model's width, e that of the feed-forward's inner layer; the other letters are sizes of the method. A place whose
parameters a file lacks has nothing attached, and sizes may differ from block to block.
"""
import re

BLOCK = "transformer.blocks.{i}."
LINEARS = ["attn.qkv", "attn.proj", "mlp.fc1", "mlp.fc2"]


def adapter(place, size):
    """An adapter with a norm before it (papers.md, A.6 a)."""
    return {
        f"{place}.adapter_layer_norm_before.weight": "d", f"{place}.adapter_layer_norm_before.bias": "d",
        f"{place}.down_proj.weight": f"{size} d", f"{place}.down_proj.bias": size,
        f"{place}.up_proj.weight": f"d {size}", f"{place}.up_proj.bias": "d",
    }


def plain_adapter(place):
    """Houlsby's adapter (G)."""
    return {f"{place}.down_proj.weight": "b d", f"{place}.down_proj.bias": "b", f"{place}.up_proj.weight": "d b", f"{place}.up_proj.bias": "d"}


def scale_and_shift(place, size):
    return {f"{place}.ssf_scale": size, f"{place}.ssf_shift": size}


def channels(place):
    """K channels of a layer's output and a square linear layer on them (E.2); a file may leave out the bias."""
    return {f"{place}.weight": "K K", f"{place}.bias": "K", f"{place}.channels": "K"}


def convolutions(place, inputs, size):
    """1×1 convolutions d → h and, in two groups, h → d (C)."""
    names = {f"{place}.conv_B.weight": f"d {size}/2", f"{place}.conv_B.bias": "d"}
    for name in inputs:
        names.update({f"{place}.{name}.weight": f"{size} d", f"{place}.{name}.bias": size})
    return names


def decoder_adapter(place):
    """The adapters of LaVIN's texts alone, and LLaVA's (A.6 c and d)."""
    return {f"{place}.adapter_down.weight": "h d", f"{place}.adapter_down.bias": "h", f"{place}.adapter_up.weight": "d h", f"{place}.adapter_up.bias": "d"}


def router(place):
    """LaVIN's adapter (A.6 b): one way down, two ways up and what weighs them."""
    return {
        **convolutions(place, ["conv_A"], "h"), f"{place}.conv_D.weight": "d h/2", f"{place}.conv_D.bias": "d",
        f"{place}.expert_weights.weight": "2 d", f"{place}.expert_weights.bias": "2",
    }


def factors():
    """PELA's pair of linear layers in the place of one (F); r differs between them."""
    shapes = {"attn.qkv": ("3d", "d"), "attn.proj": ("d", "d"), "mlp.fc1": ("e", "d"), "mlp.fc2": ("d", "e")}
    names = {}
    for place, (rows, columns) in shapes.items():
        names.update({f"{BLOCK}{place}.0.weight": f"r {columns}", f"{BLOCK}{place}.1.weight": f"{rows} r", f"{BLOCK}{place}.1.bias": rows})
    return names


NAMES = {
    "linear": {}, "full": {}, "bitfit": {}, "layer-norm": {},
    "lora": {
        f"{BLOCK}attn.qkv.lora_A.query.weight": "r d", f"{BLOCK}attn.qkv.lora_B.query.weight": "d r",
        f"{BLOCK}attn.qkv.lora_A.value.weight": "r d", f"{BLOCK}attn.qkv.lora_B.value.weight": "d r",
    },
    "adapter": {**plain_adapter(f"{BLOCK}adapter_attn"), **plain_adapter(f"{BLOCK}adapter_mlp")},
    "das": {**adapter(f"{BLOCK}adapter0", "b"), **adapter(f"{BLOCK}adapter1", "b")},
    "scaled-pa": adapter(f"{BLOCK}attn.adapter", "b"),
    "prompt-shallow": {"prompts.0": "p d"},
    "prompt-deep": {f"{BLOCK}prompts": "p d"},
    "ssf": {
        **scale_and_shift("transformer.patch_embed.proj", "d"),
        **scale_and_shift(f"{BLOCK}norm1", "d"), **scale_and_shift(f"{BLOCK}attn.qkv", "3d"), **scale_and_shift(f"{BLOCK}attn.proj", "d"),
        **scale_and_shift(f"{BLOCK}norm2", "d"), **scale_and_shift(f"{BLOCK}mlp.fc1", "e"), **scale_and_shift(f"{BLOCK}mlp.fc2", "d"),
        **scale_and_shift("transformer.norm", "d"),
    },
    # key=identity has neither mm.0 nor mm.1; key=dense has mm.0 alone, [d, d].
    "apt": {f"{BLOCK}attn.mm_tokens": "p d", f"{BLOCK}attn.mm.0.weight": "r d", f"{BLOCK}attn.mm.1.weight": "d r", f"{BLOCK}attn.scale": "1"},
    # Which of these places: position and sct.
    "ttc": {**channels(f"{BLOCK}mlp.ttc"), **channels(f"{BLOCK}attn.ttc"), **channels(f"{BLOCK}ttc"), **channels(f"{BLOCK}sct")},
    "pela": {},
    "pia": {**convolutions(f"{BLOCK}attn.pia", ["conv_A"], "h"), **convolutions(f"{BLOCK}mlp.pia", ["conv_A"], "h")},
    "lavin": router(f"{BLOCK}attn.lavin"),
    "eas": router(f"{BLOCK}attn.eas"),
    "lavin-text": decoder_adapter(f"{BLOCK}attn.lavin-text"),
    "llava": {**decoder_adapter(f"{BLOCK}attn.llava"), **decoder_adapter(f"{BLOCK}mlp.llava")},
}

# In the place of a skipped block, whatever the method: DAS's adapter, PIA's or, where a file has neither, nothing.
REPLACEMENTS = {
    "das": adapter("adapter_list.{i}.0", "c"),
    "pia": convolutions("pia_list.{i}", ["conv_A", "conv_C"], "g"),
    "none": {},
}

# The first value is the default. A number stands for any number.
OPTIONS = {
    "scaled-pa": {"scale": ["4.0"]},
    "apt": {"alpha": ["token", "token-grad", "key", "none"], "key": ["low-rank", "identity", "dense"]},
    "ttc": {"position": ["mlp", "attn", "both", "block"], "sct": ["false", "true"]},
}
COMMON_OPTIONS = {"pia_mean": ["all", "masked"]}

BACKBONE = {
    "text_embeddings.word_embeddings.weight": "V d", "text_embeddings.position_embeddings.weight": "T d",
    "text_embeddings.token_type_embeddings.weight": "2 d",
    "text_embeddings.LayerNorm.weight": "d", "text_embeddings.LayerNorm.bias": "d",
    "transformer.cls_token": "1 1 d", "transformer.pos_embed": "1 1+G d",
    "transformer.patch_embed.proj.weight": "d 3 P P", "transformer.patch_embed.proj.bias": "d",
    "token_type_embeddings.weight": "M d",
    f"{BLOCK}norm1.weight": "d", f"{BLOCK}norm1.bias": "d",
    f"{BLOCK}attn.qkv.weight": "3d d", f"{BLOCK}attn.qkv.bias": "3d", f"{BLOCK}attn.proj.weight": "d d", f"{BLOCK}attn.proj.bias": "d",
    f"{BLOCK}norm2.weight": "d", f"{BLOCK}norm2.bias": "d",
    f"{BLOCK}mlp.fc1.weight": "e d", f"{BLOCK}mlp.fc1.bias": "e", f"{BLOCK}mlp.fc2.weight": "d e", f"{BLOCK}mlp.fc2.bias": "d",
    "transformer.norm.weight": "d", "transformer.norm.bias": "d",
    "pooler.dense.weight": "d d", "pooler.dense.bias": "d",
}

# May be there beside the backbone: APT's own class token (D.2), in the place of the text's first; a head for --taylor.
EXTRAS = {"token4classifier": "1 1 d", "head.weight": "C d", "head.bias": "C"}


def options_of(method, given):
    """All options of a method, with defaults; refuses what it lacks."""
    if method not in NAMES:
        raise SystemExit(f"there is no method {method}; there are {', '.join(NAMES)}")
    known = {**OPTIONS.get(method, {}), **COMMON_OPTIONS}
    for key, value in given.items():
        if key not in known:
            raise SystemExit(f"{method} has no option {key}; it has {', '.join(known)}")
        number = re.fullmatch(r"[\d.]+", known[key][0])
        if not number and value not in known[key]:
            raise SystemExit(f"{key} is one of {', '.join(known[key])}, not {value}")
    return {key: given.get(key, values[0]) for key, values in known.items()}


def own(method, options):
    """Names and shapes that a method has with these options."""
    names = dict(NAMES[method])
    if method == "apt":
        if options["key"] != "low-rank":
            names.pop(f"{BLOCK}attn.mm.1.weight")
            names.pop(f"{BLOCK}attn.mm.0.weight")
        if options["key"] == "dense":
            names[f"{BLOCK}attn.mm.0.weight"] = "d d"
    if method == "ttc":
        places = {"mlp": ["mlp.ttc"], "attn": ["attn.ttc"], "both": ["attn.ttc", "mlp.ttc"], "block": ["ttc"]}
        wanted = ["sct"] if options["sct"] == "true" else places[options["position"]]
        names = {name: shape for name, shape in names.items() if any(name.startswith(f"{BLOCK}{place}.") for place in wanted)}
    return names


def check(tensors, method, options):
    """Refuses a file with a name that nothing would read."""
    known = [*BACKBONE, *EXTRAS, *factors(), *own(method, options), *REPLACEMENTS["das"], *REPLACEMENTS["pia"]]
    pattern = re.compile("|".join(re.escape(name).replace(r"\{i\}", r"\d+") for name in known))
    for name in tensors:
        if not name.startswith("input.") and not pattern.fullmatch(name):
            raise SystemExit(f"the method {method} with {options} has no parameter {name}")
