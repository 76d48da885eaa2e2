"""Turn the trained reader into the package's int8 ONNX file.

    uv run --extra training python -m training.export_reader --work runs/reader --weights PATH

Exports, fuses and quantises as `scripts/export_embedder.py` does, with the reader's two scores on top, and writes
`model.onnx` and `hashes.json` into `--out`: by default into the package, where they replace the shipped ones.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from pathlib import Path

import torch

from qa.bundled_files import reader_folder
from scripts.export_embedder import INPUT_NAMES, fuse, quantise, sha256_of
from training.train_reader import SpanReader


def main() -> None:
    """Export, fuse, quantise, and record the hash."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--weights", type=Path, required=True)
    parser.add_argument("--out", type=Path, default=reader_folder(), help="Folder to write into.")
    arguments = parser.parse_args()
    reader = SpanReader(arguments.weights, attention="eager")
    reader.load_state_dict(torch.load(arguments.work / "reader.pt", weights_only=True, map_location="cpu")["reader"])
    arguments.out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch:
        exported, fused = Path(scratch, "exported.onnx"), Path(scratch, "fused.onnx")
        _export(reader.eval(), exported)
        fuse(exported, fused)
        quantise(fused, arguments.out / "model.onnx")
    hashes = {"model.onnx": sha256_of(arguments.out / "model.onnx")}
    (arguments.out / "hashes.json").write_text(json.dumps(hashes, indent=2) + "\n", encoding="utf-8")


def _export(reader: SpanReader, target: Path) -> None:
    ids = torch.arange(1000, 1018).reshape(2, 9)
    types = torch.zeros_like(ids)
    types[:, 5:] = 1
    torch.onnx.export(
        reader,
        (ids, torch.ones_like(ids), types),
        str(target),
        input_names=INPUT_NAMES,
        output_names=["scores"],
        dynamic_axes={name: {0: "batch", 1: "sequence"} for name in [*INPUT_NAMES, "scores"]},
        opset_version=17,
        dynamo=False,  # as in scripts/export_embedder.py: this graph fuses completely
    )


if __name__ == "__main__":
    main()
