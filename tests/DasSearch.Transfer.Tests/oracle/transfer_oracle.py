#!/usr/bin/python3
"""What a ViLT with a transfer method computes, by plain PyTorch: outputs and gradients to compare ours with.

Written from the papers' equations alone, without a look at the C# side; names.py has the table of names and options.

  transfer_oracle.py CASE OUT [--method NAME] [--option KEY=VALUE …] [--skip 0,3] [--image-number 1] [--double] [--own-gradients]
      OUT: summary [batch, width], tokens (all, after the last norm), grad.NAME of Σ summary ⊙ input.upstream for every float
      tensor NAME but the inputs. What is not given is read from CASE's metadata.
  transfer_oracle.py CASE OUT --taylor
      OUT: logits, loss (mean cross-entropy), score.i and score_attn.i [width]: Σ_j W_ij ∂L/∂W_ij of block i's mlp.fc2 and attn.proj.
  transfer_oracle.py CASE OUT --pela --kappa 2
      OUT: CASE with all linear layers of its blocks factorised; prints the ranks.
  transfer_oracle.py TEACHER OUT --pela-losses STUDENT [--epsilon 0.001]
      OUT: fd.code, fd.paper, rwp.code, rwp.paper, rwp.hinge, rwp.paper-hinge, each [1]; grad_fd.NAME and grad_rwp.NAME of the code's
      forms for the student's block parameters. Inputs are the teacher's.
  transfer_oracle.py --random CASE --width 16 --layers 2 --heads 2 --tokens 6 --side 12 --patch 4 --grid 3 …
      CASE: a network with random weights; --size LETTER=N sets a size of names.py.
  transfer_oracle.py --self-check
  transfer_oracle.py … + …
      One after the other, since to import torch takes longer than most of these.
  transfer_oracle.py --listen
      Whatever lines of arguments come on stdin, each answered by a line that says "done" once it is.
"""
import argparse
import itertools
import json
import shlex
import sys

import numpy
import torch

import cases
import container
import names
import pela
from vilt import Vilt


def pair(text):
    key, _, value = text.partition("=")
    return key, value


def numbers(text):
    return {int(part) for part in text.split(",") if part}


def side(text):
    parts = [int(part) for part in text.split("x")]
    return parts[0], parts[-1]


def parse(given):
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("case", nargs="?")
    parser.add_argument("out", nargs="?")
    parser.add_argument("--method", choices=names.NAMES)
    parser.add_argument("--option", type=pair, action="append", default=[], metavar="KEY=VALUE")
    parser.add_argument("--skip", type=numbers, metavar="0,3")
    parser.add_argument("--image-number", type=int)
    parser.add_argument("--double", action="store_true", help="compute and write in float64")
    parser.add_argument("--own-gradients", action="store_true", help="leave out gradients of the backbone's matrices and embeddings")
    mode = parser.add_mutually_exclusive_group()
    mode.add_argument("--taylor", action="store_true")
    mode.add_argument("--pela", action="store_true")
    mode.add_argument("--pela-losses", metavar="STUDENT")
    mode.add_argument("--random", metavar="CASE")
    mode.add_argument("--self-check", action="store_true")
    parser.add_argument("--kappa", type=float, default=2)
    parser.add_argument("--epsilon", type=float, default=1e-3)
    for name, default in {"width": 768, "layers": 12, "heads": 12, "tokens": 40, "patch": 32, "grid": 12, "batch": 2, "seed": 1}.items():
        parser.add_argument(f"--{name}", type=int, default=default)
    parser.add_argument("--side", type=side, default=(384, 384), metavar="H or HxW", help="of the images, in pixels")
    parser.add_argument("--text-length", type=int, default=0, help="rows of the position table; --tokens unless more")
    parser.add_argument("--vocabulary", type=int, default=100)
    parser.add_argument("--ratio", type=int, default=4, help="width of the feed-forward's inner layer, in widths")
    parser.add_argument("--classes", type=int, default=0, help="adds head.weight, head.bias and input.labels")
    parser.add_argument("--class-token", action="store_true", help="adds token4classifier")
    parser.add_argument("--pad-images", action="store_true", help="adds input.pixel_mask: a column of patches less for the last image")
    parser.add_argument("--no-bias", dest="bias", action="store_false", help="TTC's and SCT's layers without bias")
    parser.add_argument("--replacement", choices=names.REPLACEMENTS, help="in the place of skipped blocks; DAS's and PIA's for those, else none")
    parser.add_argument("--size", type=pair, action="append", default=[], metavar="LETTER=N")
    return parser.parse_args(given)


def load(path, arguments, gradients=True):
    """The network of a case, its inputs, and the file's metadata with the arguments' values in it."""
    arrays, metadata = container.read(path)
    method = arguments.method or metadata.get("method", "full")
    given = json.loads(metadata.get("options", "{}")) if method == metadata.get("method") else {}
    options = names.options_of(method, {**given, **dict(arguments.option)})
    skipped = numbers(metadata.get("skip", "")) if arguments.skip is None else arguments.skip
    image_number = arguments.image_number or int(metadata.get("image_number", "1"))
    names.check(arrays, method, options)
    tensors = {}
    for name, array in arrays.items():
        tensor = torch.from_numpy(array)
        if tensor.is_floating_point():
            tensor = tensor.to(torch.float64 if arguments.double else torch.float32)
            tensor.requires_grad_(gradients and not name.startswith("input."))
        tensors[name] = tensor
    weights = {name: tensor for name, tensor in tensors.items() if not name.startswith("input.")}
    network = Vilt(weights, int(metadata["heads"]), method, options, skipped, image_number)
    metadata = {
        **metadata, "method": method, "options": json.dumps(options), "skip": ",".join(str(i) for i in sorted(skipped)),
        "image_number": str(image_number),
    }
    return network, {name: tensor for name, tensor in tensors.items() if name.startswith("input.")}, metadata


def arguments_of(inputs):
    pixels = inputs.get("input.pixel_mask")
    return inputs["input.ids"], inputs["input.mask"].bool(), inputs["input.images"], None if pixels is None else pixels.bool()


def gradients_of(loss, weights, prefix="grad."):
    """By name; zeros for what has no influence."""
    floats = {name: tensor for name, tensor in weights.items() if tensor.requires_grad}
    found = torch.autograd.grad(loss, list(floats.values()), allow_unused=True, retain_graph=True)
    return {prefix + name: torch.zeros_like(tensor) if value is None else value for (name, tensor), value in zip(floats.items(), found)}


def small(name):
    """Whether a gradient stays with --own-gradients: no matrix of the backbone, nor its embeddings."""
    if name not in {backbone.replace("{i}", part) for backbone in names.BACKBONE for part in name.split(".")}:
        return True
    return name.endswith("bias") or "norm" in name.lower() or name.startswith(("pooler", "token_type_embeddings"))


def save(path, tensors, metadata):
    container.write(path, {name: numpy.atleast_1d(tensor.detach().contiguous().numpy()) for name, tensor in tensors.items()}, metadata)


def evaluate(arguments):
    network, inputs, metadata = load(arguments.case, arguments)
    summary, tokens = network.run(*arguments_of(inputs))
    gradients = gradients_of((summary * inputs["input.upstream"]).sum(), network.w)
    if arguments.own_gradients:
        gradients = {name: tensor for name, tensor in gradients.items() if small(name.removeprefix("grad."))}
    save(arguments.out, {"summary": summary, "tokens": tokens, **gradients}, metadata)


def taylor(arguments):
    network, inputs, metadata = load(arguments.case, arguments)
    summary, _ = network.run(*arguments_of(inputs))
    logits = network.affine("head", summary)
    loss = torch.nn.functional.cross_entropy(logits, inputs["input.labels"])
    gradients = gradients_of(loss, network.w)
    scores = {"logits": logits, "loss": loss}
    for i in range(network.layers):
        for key, place in (("score", "mlp.fc2"), ("score_attn", "attn.proj")):
            name = f"transformer.blocks.{i}.{place}.weight"
            if name in network.w:
                scores[f"{key}.{i}"] = (network.w[name] * gradients[f"grad.{name}"]).sum(1)
    save(arguments.out, scores, metadata)


def factorise(arguments):
    arrays, metadata = container.read(arguments.case)
    result, ranks = pela.factorise(arrays, arguments.kappa)
    for name, rank in ranks.items():
        print(f"{name}\t{rank}")
    container.write(arguments.out, result, {**metadata, "method": "pela", "options": "{}"})


def distil(arguments):
    teacher, inputs, _ = load(arguments.case, arguments, gradients=False)
    student, _, metadata = load(arguments.pela_losses, arguments)
    found = pela.losses(teacher, student, arguments_of(inputs), arguments.epsilon)
    own = {name: tensor for name, tensor in student.w.items() if name.startswith("transformer.blocks.")}
    result = {**found, **gradients_of(found["fd.code"], own, "grad_fd.")}
    result.update({name: value for name, value in gradients_of(found["rwp.code"], own, "grad_rwp.").items() if name.endswith((".0.weight", ".1.weight"))})
    save(arguments.out, result, {**metadata, "epsilon": repr(arguments.epsilon)})


def randomise(arguments):
    method = arguments.method or "full"
    options = names.options_of(method, dict(arguments.option))
    arguments.size = {key: int(value) for key, value in arguments.size}
    arguments.skip = arguments.skip or set()
    arguments.image_number = arguments.image_number or 1
    arguments.replacement = arguments.replacement or (method if method in names.REPLACEMENTS else "none")
    container.write(arguments.random, *cases.make(arguments, method, options))


def run(arguments):
    if arguments.self_check:
        import self_check

        self_check.run()
    elif arguments.random:
        randomise(arguments)
    elif not arguments.case or not arguments.out:
        raise SystemExit("give CASE and OUT, or see --help")
    elif arguments.taylor:
        taylor(arguments)
    elif arguments.pela:
        factorise(arguments)
    elif arguments.pela_losses:
        distil(arguments)
    else:
        evaluate(arguments)


def run_each(arguments):
    for is_between, given in itertools.groupby(arguments, lambda argument: argument == "+"):
        if not is_between:
            run(parse(list(given)))


def main():
    if sys.argv[1:] == ["--listen"]:
        for line in sys.stdin:
            run_each(shlex.split(line))
            print("done", flush=True)
    else:
        run_each(sys.argv[1:] or ["--help"])


if __name__ == "__main__":
    main()
