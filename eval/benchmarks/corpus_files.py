"""A benchmark's documents as the files of a corpus."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path


def write_documents(documents: Mapping[str, str], folder: Path) -> None:
    """Write each document to its file under `folder`; a file that holds it already is not touched."""
    for name, text in documents.items():
        path, data = folder / name, text.encode("utf-8")
        if not path.exists() or path.read_bytes() != data:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
