#!/usr/bin/env python3
"""Writes checkpoints as PyTorch, NumPy and ONNX write them, small ones, for the tests of their readers.

Debian: apt install python3-torch python3-numpy python3-onnx; then run this file in its folder.
The numbers in them are 0, 1, 2, … (halves of them where a type has room for halves), which the tests know.
"""
import argparse
import collections
import os

import numpy as np
import onnx
import torch
from onnx import TensorProto, helper, numpy_helper


def numbers(*shape, dtype=torch.float32):
    return (torch.arange(int(np.prod(shape))).reshape(shape).to(torch.float64) / 2).to(dtype)


def write_onnx():
    def filled(name, kind, shape, values):
        tensor = TensorProto(name=name, data_type=kind, dims=shape)
        field = {TensorProto.FLOAT: "float_data", TensorProto.DOUBLE: "double_data", TensorProto.INT64: "int64_data", TensorProto.UINT32: "uint64_data"}
        getattr(tensor, field.get(kind, "int32_data")).extend(values)
        return tensor

    half = np.array([0, 0.5, 1], np.float16)
    weights = [
        numpy_helper.from_array(numbers(2, 3).numpy(), "raw"),
        filled("floats", TensorProto.FLOAT, [2, 2], [0, 0.5, 1, 1.5]),
        filled("doubles", TensorProto.DOUBLE, [2], [0, 0.5]),
        filled("longs", TensorProto.INT64, [3], [0, -1, 1 << 40]),
        filled("ints", TensorProto.INT32, [2], [7, -7]),
        filled("bytes", TensorProto.INT8, [2], [7, -7]),
        filled("unsigned", TensorProto.UINT32, [1], [4_000_000_000]),
        filled("halves", TensorProto.FLOAT16, [3], half.view(np.uint16).tolist()),
        filled("brains", TensorProto.BFLOAT16, [2], [0x3F80, 0xC040]),
        filled("flags", TensorProto.BOOL, [2], [1, 0]),
        filled("scalar", TensorProto.FLOAT, [], [0.5]),
        filled("nothing", TensorProto.FLOAT, [0, 4], []),
        numpy_helper.from_array(numbers(3, 2).numpy(), "onnx::MatMul_7"),
        numpy_helper.from_array(numbers(2).numpy(), "layer.0.bias"),
    ]
    nodes = [
        helper.make_node("MatMul", ["x", "onnx::MatMul_7"], ["product"], "/layer.0/MatMul"),
        helper.make_node("Add", ["layer.0.bias", "product"], ["sum"], "/layer.0/Add"),
        helper.make_node("Constant", [], ["two"], value=numpy_helper.from_array(np.array(2, np.float32))),
        helper.make_node("Conv", ["sum", "raw", ""], ["y"], kernel_shape=[3, 3], group=2, alpha=0.25, auto_pad="SAME_UPPER", scales=[0.5, 1.5], words=["a", "b"]),
    ]
    value = lambda name: helper.make_tensor_value_info(name, TensorProto.FLOAT, [1, 3])
    graph = helper.make_graph(nodes, "graph", [value("x"), value("raw")], [value("y")], weights)
    model = helper.make_model(graph, producer_name="das-tests")
    helper.set_model_props(model, {"heads": "3"})
    onnx.save(model, "model.onnx")

    outside = helper.make_model(helper.make_graph([], "outside", [], [], [
        numpy_helper.from_array(numbers(2, 3).numpy(), "first"),
        numpy_helper.from_array(numbers(4).numpy(), "second"),
    ]))
    if os.path.exists("outside.data"):
        os.remove("outside.data")  # what is there is added to
    onnx.save(outside, "outside.onnx", save_as_external_data=True, location="outside.data", size_threshold=0)


def write_torch():
    torch.manual_seed(17)
    kinds = [torch.float64, torch.float32, torch.float16, torch.bfloat16, torch.int64, torch.int32, torch.int16, torch.int8, torch.uint8, torch.bool]
    whole = numbers(4, 3)
    weights = collections.OrderedDict((str(kind)[6:], numbers(2, 3, dtype=kind)) for kind in kinds)
    weights["scalar"] = torch.tensor(0.5)
    weights["empty"] = torch.zeros(0, 4)
    weights["transposed"] = whole.t()
    weights["rows"] = whole[1:3]
    weights["column"] = whole[:, 1]
    weights["reversed.axes"] = numbers(2, 3, 4).permute(2, 1, 0)
    weights["expanded"] = torch.arange(4).expand(1, 4)
    weights["parameter"] = torch.nn.Parameter(numbers(2))
    for protocol in (2, 3, 4, 5):
        torch.save(weights, f"state-{protocol}.pt", pickle_protocol=protocol)

    model = torch.nn.Sequential(torch.nn.Linear(3, 2), torch.nn.LayerNorm(2))
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.copy_(numbers(*parameter.shape))
    optimizer = torch.optim.AdamW(model.parameters())
    model(torch.ones(1, 3)).sum().backward()
    optimizer.step()
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.copy_(numbers(*parameter.shape))
    schedule = torch.optim.lr_scheduler.MultiStepLR(optimizer, [3, 3, 5])
    torch.save({
        "epoch": 7,
        "global_step": 1234,
        "pytorch-lightning_version": "1.3.2",
        "state_dict": model.state_dict(),
        "optimizer_states": [optimizer.state_dict()],
        "lr_schedulers": [schedule.state_dict()],
        "callbacks": {named("pytorch_lightning.callbacks.model_checkpoint", "ModelCheckpoint"): {"best_model_score": torch.tensor(0.25), "dirpath": b"x"}},
        "hparams_name": "config",
        "hyper_parameters": {"config": argparse.Namespace(layers=2, kinds={"a", "b"}, side=(384, 384.0), big=1 << 70)},
        "loops": None,
    }, "lightning.ckpt")
    torch.save({"state_dict": {"transformer.das_gate": torch.arange(12.0), "transformer.skip_num": torch.tensor(2.0)}}, "gates.ckpt")
    torch.save({"model": {"a": numbers(2)}, "optimizer": {"state": {0: numbers(9)}}}, "model.pth")
    torch.save({"encoder": {"a": numbers(2), "layers": {0: numbers(3)}}, "heads": 3, "norm": numbers(1)}, "nested.pth")

    tied = torch.nn.Linear(2, 2, bias=False)
    with torch.no_grad():
        tied.weight.copy_(numbers(2, 2))
    torch.save({"in.weight": tied.weight, "out.weight": tied.weight}, "tied.pt")

    torch.save({"a": numbers(2)}, "legacy.pt", _use_new_zipfile_serialization=False)
    torch.save(torch.nn.Linear(2, 2), "module.pt")
    torch.save({"a": numbers(2), "b": Runs()}, "system.pt")
    torch.save({"a": numbers(2), "b": os.system}, "named.pt")
    torch.save({"a": torch.zeros(2, dtype=torch.complex64)}, "complex.pt")
    torch.save([numbers(2)], "list.pt")
    torch.jit.save(torch.jit.script(torch.nn.Linear(2, 2)), "script.pt")


class Runs:
    """What a hostile checkpoint has: reading it with Python would run a command."""

    def __reduce__(self):
        return os.system, ("touch /tmp/das-was-run",)


def named(module, name):
    """A class of a package that need not be there."""
    import sys
    import types
    kind = type(name, (), {"__module__": module})
    parts = module.split(".")
    for i in range(len(parts)):
        sys.modules.setdefault(".".join(parts[: i + 1]), types.ModuleType(".".join(parts[: i + 1])))
    setattr(sys.modules[module], name, kind)
    return kind


def write_numpy():
    kinds = ["f2", "f4", "f8", "i1", "i2", "i4", "i8", "u1", "u2", "u4", "u8", "b1"]
    arrays = {kind: numbers(2, 3).numpy().astype(kind) for kind in kinds}
    arrays |= {"scalar": np.float32(0.5), "empty": np.zeros((0, 4), np.float32), "fortran": np.asfortranarray(numbers(2, 3).numpy()), "layer.0/weight": numbers(2).numpy()}
    np.savez("arrays.npz", **arrays)
    np.savez_compressed("packed.npz", **arrays, zeros=np.zeros(5000, np.float32))
    np.save("one.weight.npy", numbers(2, 3).numpy())
    for version in (2, 3):
        with open(f"version-{version}.npy", "wb") as file:
            np.lib.format.write_array(file, numbers(2, 3).numpy(), version=(version, 0))
    np.save("objects.npy", np.array([Runs()], object), allow_pickle=True)
    np.save("records.npy", np.zeros(2, [("a", "<f4"), ("b", "<i4")]))
    np.save("big-endian.npy", np.zeros(2, ">f4"))


if __name__ == "__main__":
    write_onnx()
    write_torch()
    write_numpy()
