"""The embedded embedder: all-MiniLM-L6-v2 as int8 ONNX, loaded by fastembed from the package's own files."""

from __future__ import annotations

import os
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

from qa.adapters.shipped_files import damage_named, load_lock, load_tokenizer, recorded_hash
from qa.interfaces import Vector

_MODEL_NAME = "qa/all-minilm-l6-v2-int8"
_DIMENSIONS = 384
# Dynamic int8 scales its activations over the whole batch, so a text's vector would depend on its neighbours
# (cosine down to .990). One text at a time gives the same vector every time, is as fast on two cores, and
# needs a quarter of the memory (qa/models/all-minilm-l6-v2/PROVENANCE.md).
_BATCH = 1


class LocalEmbedder:
    """MiniLM sentence embeddings, computed in this process, with no network.

    Texts over 256 tokens are embedded by their first 256.
    """

    def __init__(self, folder: Path, *, threads: int = 0) -> None:
        self._folder = folder
        self._threads = threads or os.cpu_count() or 1

    @cached_property
    def fingerprint(self) -> str:
        """Name and the beginning of the model file's recorded hash."""
        return f"all-minilm-l6-v2-int8/{recorded_hash(self._folder)}"

    @property
    def dimensions(self) -> int:
        """Length of each vector: 384."""
        return _DIMENSIONS

    def embed(self, texts: Sequence[str]) -> Vector:
        """Give one unit vector a text: float32, shape (len(texts), 384), in the order of `texts`."""
        vectors = np.empty((len(texts), _DIMENSIONS), dtype=np.float32)
        for at, vector in enumerate(self._model.embed(list(texts), batch_size=_BATCH)):
            vectors[at] = vector
        return vectors

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Give each text's length in word pieces, special tokens not counted, never cut off."""
        encodings = self._tokenizer.encode_batch_fast(list(texts), add_special_tokens=False)
        return [len(encoding.ids) for encoding in encodings]

    @cached_property
    def _model(self) -> Any:
        from fastembed import TextEmbedding
        from fastembed.common.model_description import ModelSource, PoolingType

        with load_lock, damage_named(self._folder):
            if all(known["model"] != _MODEL_NAME for known in TextEmbedding.list_supported_models()):
                TextEmbedding.add_custom_model(
                    model=_MODEL_NAME,
                    pooling=PoolingType.MEAN,
                    normalization=True,
                    sources=ModelSource(hf="sentence-transformers/all-MiniLM-L6-v2"),  # must be set, is never used
                    dim=_DIMENSIONS,
                    model_file="model.onnx",
                )
            return TextEmbedding(
                model_name=_MODEL_NAME,
                specific_model_path=str(self._folder),
                cache_dir=str(self._folder),  # else it makes an empty folder in the system's temporary one
                threads=self._threads,
                providers=["CPUExecutionProvider"],
            )

    @cached_property
    def _tokenizer(self) -> Any:
        return load_tokenizer(self._folder / "tokenizer.json")
