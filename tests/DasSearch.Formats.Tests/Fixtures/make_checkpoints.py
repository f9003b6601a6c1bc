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
    onnx.save(outside, "outside.onnx", save_as_external_data=True, location="outside.data", size_threshold=0)


if __name__ == "__main__":
    write_onnx()
