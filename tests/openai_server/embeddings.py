"""Embeddings as OpenAI writes them: texts that share words get vectors that point the same way."""

from __future__ import annotations

import array
import base64
import hashlib
import math
import re
import sys
from collections.abc import Mapping, Sequence
from typing import Any


def texts_of(body: Mapping[str, Any]) -> list[str]:
    """The texts of an embeddings request; a single one may stand alone."""
    return [body["input"]] if isinstance(body["input"], str) else list(body["input"])


def embedding_list(body: Mapping[str, Any], dimensions: int) -> dict[str, Any]:
    """The vectors of the request's texts; `dimensions` holds where the request asks for none."""
    texts = texts_of(body)
    vectors = [unit_vector(text, body.get("dimensions") or dimensions) for text in texts]
    encode = _base64 if body.get("encoding_format") == "base64" else list
    words = sum(len(text.split()) for text in texts)
    return {
        "object": "list",
        "data": [{"object": "embedding", "index": i, "embedding": encode(v)} for i, v in enumerate(vectors)],
        "model": body["model"],
        "usage": {"prompt_tokens": words, "total_tokens": words},
    }


def unit_vector(text: str, dimensions: int) -> list[float]:
    """Add 1 or -1 in one dimension for each word, by its hash; scaled to length 1."""
    sums = [0.0] * dimensions
    for word in re.findall(r"\w+", text.casefold()):
        place = int.from_bytes(hashlib.blake2b(word.encode(), digest_size=8).digest(), "big")
        sums[(place >> 1) % dimensions] += 1 if place & 1 else -1
    if not any(sums):  # no words, or they cancel each other out
        sums[0] = 1.0
    length = math.hypot(*sums)
    return [value / length for value in sums]


def _base64(vector: Sequence[float]) -> str:
    floats = array.array("f", vector)
    if sys.byteorder == "big":
        floats.byteswap()
    return base64.b64encode(floats.tobytes()).decode()
