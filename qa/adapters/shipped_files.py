"""Opening the model files that come with the package: one thread at a time, and damage said in one line."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Lock
from typing import Any

from qa.errors import LibraryError

load_lock = Lock()
"""Held while a model is opened: two threads that ask first at once must not both register and open it."""


@contextmanager
def damage_named(folder: Path) -> Iterator[None]:
    """Turn whatever opening a file raises into an error that says what to do.

    Raises:
        LibraryError: The files are missing or damaged.
    """
    try:
        yield
    except Exception as error:  # ONNX Runtime and tokenizers raise kinds of their own, and plain Exception
        raise LibraryError(f"The model files in {folder} are not complete; install the package again.") from error


def recorded_hash(folder: Path) -> str:
    """Give the beginning of the recorded hash of a folder's `model.onnx`: 12 hexadecimal digits.

    Raises:
        LibraryError: There is no record of it.
    """
    with damage_named(folder):
        hashes = json.loads((folder / "hashes.json").read_text(encoding="utf-8"))
        return str(hashes["model.onnx"][:12])


def load_tokenizer(file: Path) -> Any:
    """Give a tokenizer that neither shortens nor pads.

    Raises:
        LibraryError: The file is missing or damaged.
    """
    from tokenizers import Tokenizer

    with damage_named(file.parent):
        tokenizer = Tokenizer.from_file(str(file))
    tokenizer.no_truncation()
    tokenizer.no_padding()
    return tokenizer
