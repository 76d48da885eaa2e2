"""The embedded span reader: MiniLM fine-tuned to find answers, as int8 ONNX from the package's own files."""

from __future__ import annotations

import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

from qa.adapters.shipped_files import damage_named, load_lock, load_tokenizer, recorded_hash
from qa.interfaces import Reading

# Question and passage together, in word pieces; what is over is not read. Passages have 256 at most by default.
_LONGEST = 384
_LONGEST_QUESTION = 96


class OnnxReader:
    """Finds answer spans, in this process, with no network.

    Passages are read one by one, never in a batch: the int8 model scales its activations over a whole batch, so a
    passage's scores would depend on its neighbours. Several are read at the same time instead, each on one thread:
    two threads that share a passage wait for each other more than they work.
    """

    def __init__(self, folder: Path, *, tokenizer_file: Path, threads: int = 0) -> None:
        self._folder = folder
        self._tokenizer_file = tokenizer_file
        self._threads = threads or os.cpu_count() or 1

    @cached_property
    def fingerprint(self) -> str:
        """Name and the beginning of the model file's recorded hash."""
        return f"minilm-reader-int8/{recorded_hash(self._folder)}"

    def read(self, question: str, texts: Sequence[str]) -> list[Reading]:
        """Give one reading a text, in the order of `texts`."""
        if len(texts) < 2 or self._threads == 1:
            return [self._read_one(question, text) for text in texts]
        return list(self._pool.map(lambda text: self._read_one(question, text), texts))

    def _read_one(self, question: str, text: str) -> Reading:
        encoding = self._tokenizer.encode(self._shortened(question), text)
        inputs = {
            "input_ids": np.array([encoding.ids], dtype=np.int64),
            "attention_mask": np.array([encoding.attention_mask], dtype=np.int64),
            "token_type_ids": np.array([encoding.type_ids], dtype=np.int64),
        }
        scores = self._session.run(None, inputs)[0][0]
        # Sequence 1 is the passage; special tokens belong to none.
        kept = [at for at, sequence in enumerate(encoding.sequence_ids) if sequence == 1]
        # Read once: the tokenizer builds the whole list anew at each access.
        offsets = np.array(encoding.offsets, dtype=np.int64)[kept].reshape(-1, 2)
        return Reading(
            begins=offsets[:, 0],
            ends=offsets[:, 1],
            start_scores=scores[kept, 0] - scores[0, 0],
            end_scores=scores[kept, 1] - scores[0, 1],
        )

    def _shortened(self, question: str) -> str:
        if len(question) <= _LONGEST_QUESTION:  # a word piece has at least one character
            return question
        # Not by the other tokenizer: what shortens the second of two texts refuses one long text alone.
        encoding = self._whole_tokenizer.encode(question, add_special_tokens=False)
        if len(encoding.ids) <= _LONGEST_QUESTION:
            return question
        return question[: encoding.offsets[_LONGEST_QUESTION][0]]

    @cached_property
    def _pool(self) -> ThreadPoolExecutor:
        return ThreadPoolExecutor(self._threads, thread_name_prefix="reader")

    @cached_property
    def _session(self) -> Any:
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        with load_lock, damage_named(self._folder):
            return onnxruntime.InferenceSession(
                str(self._folder / "model.onnx"), options, providers=["CPUExecutionProvider"]
            )

    @cached_property
    def _tokenizer(self) -> Any:
        tokenizer = load_tokenizer(self._tokenizer_file)
        tokenizer.enable_truncation(_LONGEST, strategy="only_second")
        return tokenizer

    @cached_property
    def _whole_tokenizer(self) -> Any:
        return load_tokenizer(self._tokenizer_file)
