"""The weights of an exported reader, back in PyTorch: a further training starts from what ships.

int8 weights are known to half a step, 1/128 of a column's largest.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import torch
from google.protobuf.message import DecodeError
from numpy.typing import NDArray
from onnx import numpy_helper

_QUANTISED = "_quantized"
# `MatMulInteger` nodes keep the path of the module that they were; the fused attention has only its layer's number.
_MATMUL = re.compile(r"^/(?P<path>.*)/MatMul_quant$")
_ATTENTION = re.compile(r"^Attention_(?P<layer>\d+)_qkv_(?P<kind>weight|bias)$")

Array = NDArray[np.float32]


def load_shipped(reader: torch.nn.Module, file: Path) -> None:
    """Give a `SpanReader` the weights of a `model.onnx` that `training.export_reader` wrote.

    Raises:
        SystemExit: The file cannot be read, is not such a model's, or is one of other sizes.
    """
    try:
        weights = shipped_weights(onnx.load(str(file)))
    except (OSError, DecodeError, KeyError) as error:
        raise SystemExit(f"{file} cannot be read as an exported reader ({type(error).__name__}).") from None
    state = {name: torch.from_numpy(weights[name].copy()) for name in reader.state_dict() if name in weights}
    try:
        reader.load_state_dict(state)
    except RuntimeError:  # PyTorch's message names every tensor
        raise SystemExit(f"{file} is not a reader that training.export_reader wrote from these --weights.") from None


def shipped_weights(model: Any) -> dict[str, Array]:
    """Give an exported model's weights under the names that `SpanReader.state_dict` has, in their shapes."""
    tensors = {tensor.name: numpy_helper.to_array(tensor) for tensor in model.graph.initializer}
    plain = {name: _plain(tensors, name) for name in _names(tensors)}
    found = {name: array for name, array in plain.items() if name.startswith(("encoder.", "scores."))}
    for name, array in plain.items():
        if match := _ATTENTION.match(name):
            layer = f"encoder.encoder.layer.{match['layer']}.attention.self"
            for part, third in zip(("query", "key", "value"), np.split(array, 3, axis=-1), strict=True):
                found[f"{layer}.{part}.{match['kind']}"] = third.T
    for node in model.graph.node:
        if node.op_type == "MatMulInteger" and (match := _MATMUL.match(node.name)):
            path = re.sub(r"layer/(\d+)", r"layer.\1", match["path"]).replace("/", ".")
            found[f"{path}.weight"] = plain[node.input[1].removesuffix(_QUANTISED)].T
    return found


def _names(tensors: Mapping[str, Array]) -> list[str]:
    parts = ("_scale", "_zero_point")
    return [name.removesuffix(_QUANTISED) for name in tensors if not name.endswith(parts)]


def _plain(tensors: Mapping[str, Any], name: str) -> Array:
    """Undo the quantisation of a tensor, per tensor or per column (the last axis), if there was one."""
    if name in tensors:
        return np.asarray(tensors[name], dtype=np.float32)
    whole = tensors[name + _QUANTISED].astype(np.float32) - tensors[f"{name}_zero_point"].astype(np.float32)
    return np.asarray(whole * tensors[f"{name}_scale"], dtype=np.float32)
