"""The contract of an embedder, run on each one that ships."""

from __future__ import annotations

import hashlib
from typing import Any

import numpy as np
import pytest

from qa.adapters.caching_embedder import CachingEmbedder
from qa.adapters.hashing_embedder import HashingEmbedder
from qa.adapters.local_embedder import LocalEmbedder
from qa.bundled_files import embedder_folder
from qa.errors import LibraryError
from qa.interfaces import Embedder

TEXTS = [
    "SoftBank invested $4.4 billion in WeWork in 2017.",
    "",
    " \n\t",
    "The otter eats fish. " * 40,
    "naïve café, 東京 🦦",
    "a",
    "word " * 600,
    "SoftBank invested $4.4 billion in WeWork in 2017.",
]


@pytest.fixture(scope="module", params=["hashing", "local"])
def embedder(request: pytest.FixtureRequest) -> Embedder:
    if request.param == "hashing":
        return HashingEmbedder()
    return LocalEmbedder(embedder_folder())


def test_vectors_have_unit_length(embedder: Embedder) -> None:
    vectors = embedder.embed(TEXTS)
    assert (vectors.shape, vectors.dtype) == ((len(TEXTS), embedder.dimensions), np.float32)
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1.0, atol=1e-5)


def test_a_vector_is_the_same_alone_and_in_any_batch(embedder: Embedder) -> None:
    together = embedder.embed(TEXTS)
    alone = np.vstack([embedder.embed([text]) for text in TEXTS])
    backwards = embedder.embed(TEXTS[::-1])[::-1]
    assert np.array_equal(together, alone)
    assert np.array_equal(together, backwards)


def test_equal_texts_have_equal_vectors(embedder: Embedder) -> None:
    vectors = embedder.embed(TEXTS)
    assert np.array_equal(vectors[0], vectors[-1])
    assert not np.allclose(vectors[0], vectors[3])


def test_a_text_is_nearest_to_one_on_the_same_subject(embedder: Embedder) -> None:
    question, otter, bank = embedder.embed(
        ["What does the otter eat?", "The otter eats fish.", "SoftBank is a Japanese bank."]
    )
    assert question @ otter > question @ bank + 0.1


def test_no_texts_give_no_vectors(embedder: Embedder) -> None:
    assert embedder.embed([]).shape == (0, embedder.dimensions)
    assert embedder.count_tokens([]) == []


def test_the_count_of_tokens_is_never_cut_off(embedder: Embedder) -> None:
    counts = embedder.count_tokens(["", "one", "word " * 600, "word " * 6000])
    assert counts == [0, 1, 600, 6000]


def test_the_fingerprint_is_the_same_in_every_session(embedder: Embedder) -> None:
    assert embedder.fingerprint in ("hashing/64", "all-minilm-l6-v2-int8/" + model_hash()[:12])


def test_hashing_embedders_of_other_dimensions_have_other_fingerprints() -> None:
    assert HashingEmbedder(8).fingerprint != HashingEmbedder(16).fingerprint


def test_a_missing_model_is_reported_in_one_line() -> None:
    with pytest.raises(LibraryError, match=r"not complete; install the package again\.$"):
        _ = LocalEmbedder(embedder_folder() / "nowhere").fingerprint


def model_hash() -> str:
    return hashlib.sha256((embedder_folder() / "model.onnx").read_bytes()).hexdigest()


def test_a_cached_text_is_embedded_once_and_in_its_place(new_embedder: Any) -> None:
    inner = new_embedder()
    cached = CachingEmbedder(inner, capacity=10)
    first, again = cached.embed(["a", "b", "a"]), cached.embed(["b", "a"])
    assert inner.texts == ["a", "b"]
    assert (first[[1, 0]] == again).all()


def test_a_full_cache_forgets_what_was_asked_longest_ago(new_embedder: Any) -> None:
    inner = new_embedder()
    cached = CachingEmbedder(inner, capacity=2)
    for text in ("a", "b", "a", "c", "a", "b"):
        cached.embed([text])
    assert inner.texts == ["a", "b", "c", "b"]
