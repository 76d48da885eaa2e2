"""Where the files that come with the package are: in the wheel, or at the top of a source checkout."""

from __future__ import annotations

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent


def bundled(name: str) -> Path:
    """Give the folder `name` ("seeds", "prompts") that came with this installation."""
    in_wheel = _PACKAGE / "bundled" / name
    return in_wheel if in_wheel.is_dir() else _PACKAGE.parent / name


def embedder_folder() -> Path:
    """Give the folder that holds the shipped embedder's model files."""
    return _PACKAGE / "models" / "all-minilm-l6-v2"


def reader_folder() -> Path:
    """Give the folder that holds the shipped span reader's model files; its tokenizer is the embedder's."""
    return _PACKAGE / "models" / "minilm-reader"


def word_vectors_file() -> Path:
    """Give the file with a vector for each word piece of the embedder's vocabulary."""
    return _PACKAGE / "models" / "word-vectors" / "vectors.npy"


def evidence_file() -> Path:
    """Give the file with the extractive answerer's fitted weights."""
    return _PACKAGE / "models" / "evidence.json"


def prices_file() -> Path:
    """Give the table of what chat models cost."""
    return _PACKAGE / "models" / "prices.json"
