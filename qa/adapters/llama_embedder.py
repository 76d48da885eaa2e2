"""Embedders other than the shipped one: OpenAI's, any llama-index embedding, any model that fastembed knows."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from functools import cached_property
from typing import Any

import numpy as np

from qa.adapters.llama_models import NO_KEY
from qa.adapters.openai_errors import model_error
from qa.adapters.shipped_files import load_lock
from qa.errors import ModelBusyError, ModelRefusedError, SettingsError
from qa.interfaces import Embedder, Vector
from qa.settings import Settings

_BATCH_TEXTS = 100
_SECONDS = 30.0
# Indexing may wait for a service that is busy: so many tries, with pauses of so many seconds at most.
_TRIES, _LONGEST_PAUSE = 4, 20.0


class LlamaEmbedder:
    """A llama-index embedding as an `Embedder`; texts are sent in batches, and a busy service is asked again."""

    def __init__(
        self,
        make: Callable[[], Any],
        *,
        name: str,
        count_tokens: Callable[[Sequence[str]], list[int]],
        secret: str | None = None,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        """Wrap an embedding.

        Args:
            make: Gives the object with llama-index's `get_text_embedding_batch`, at the first use.
            name: Name of the model; vectors of different names are never compared.
            count_tokens: Tells how long texts are, in tokens of about the model's size.
            secret: The key, which no message may repeat; None when there is none.
            sleep: Waits so many seconds.
        """
        self._make = make
        self._name = name
        self._count_tokens = count_tokens
        self._secret = secret
        self._sleep = sleep

    @property
    def fingerprint(self) -> str:
        """The model's name."""
        return self._name

    @cached_property
    def dimensions(self) -> int:
        """Length of each vector, which one short text tells."""
        return int(self.embed(["dimensions"]).shape[1])

    def embed(self, texts: Sequence[str]) -> Vector:
        """Give one unit vector a text: float32, shape (len(texts), dimensions), in the order of `texts`.

        Raises:
            ModelError: The service did not give the vectors, or not one a text.
        """
        rows = [row for batch in _batches(texts) for row in self._batch(batch)]
        if not rows:
            return np.empty((0, self.dimensions), dtype=np.float32)
        vectors = np.asarray(rows, dtype=np.float32)
        return np.asarray(vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-12))

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Give each text's length in tokens of about the model's size."""
        return self._count_tokens(texts)

    @cached_property
    def _embedding(self) -> Any:
        with load_lock:
            return self._make()

    def _batch(self, texts: Sequence[str]) -> list[list[float]]:
        for attempt in range(1, _TRIES + 1):
            try:
                rows = self._embedding.get_text_embedding_batch(list(texts))
            except Exception as error:
                failure = model_error(error, self._name, self._secret)
                if attempt == _TRIES or not isinstance(failure, ModelBusyError):
                    raise failure from error
                pause = 2.0**attempt if failure.retry_after is None else failure.retry_after
                if pause > _LONGEST_PAUSE:
                    raise failure from error
                self._sleep(pause)
                continue
            if len(rows) != len(texts):
                raise ModelBusyError(f"{self._name} gave {len(rows)} vectors for {len(texts)} texts; try again later.")
            return list(rows)
        raise AssertionError("the last try returns or raises")


def _batches(texts: Sequence[str]) -> Iterator[Sequence[str]]:
    for first in range(0, len(texts), _BATCH_TEXTS):
        yield texts[first : first + _BATCH_TEXTS]


def wrapped_embedding(embedding: Any, count_tokens: Callable[[Sequence[str]], list[int]]) -> LlamaEmbedder:
    """Give any llama-index embedding as an embedder."""
    secret = getattr(embedding, "api_key", None)
    name = f"{type(embedding).__name__}/{getattr(embedding, 'model_name', 'unknown')}"
    return LlamaEmbedder(
        lambda: embedding, name=name, count_tokens=count_tokens, secret=secret if isinstance(secret, str) else None
    )


def named_embedder(settings: Settings, local: Embedder) -> Embedder:
    """Give the embedder that `Settings.embedding` names; `local` is the shipped one.

    Raises:
        SettingsError: The name is none of "local", "openai:MODEL", "fastembed:MODEL".
    """
    kind, _, model = settings.embedding.partition(":")
    if settings.embedding == "local":
        return local
    if kind == "openai" and model:
        return LlamaEmbedder(
            lambda: _openai_embedding(settings, model),
            name=settings.embedding,
            count_tokens=local.count_tokens,
            secret=settings.service_key,
        )
    if kind == "fastembed" and model:
        return LlamaEmbedder(
            lambda: _FastEmbedding(model, settings.threads),
            name=settings.embedding,
            count_tokens=local.count_tokens,
        )
    raise SettingsError(
        f"The embedding {settings.embedding!r} is not known; set QA_EMBEDDING to local, "
        "openai:text-embedding-3-small or fastembed:MODEL."
    )


def _openai_embedding(settings: Settings, model: str) -> Any:
    from llama_index.embeddings.openai import OpenAIEmbedding

    return OpenAIEmbedding(
        model_name=model,
        api_key=settings.service_key or NO_KEY,
        api_base=settings.service_url,
        embed_batch_size=_BATCH_TEXTS,
        max_retries=0,
        timeout=_SECONDS,
    )


class _FastEmbedding:
    """A model by fastembed, which downloads it once; with the one method of llama-index's that is needed."""

    def __init__(self, model: str, threads: int) -> None:
        from fastembed import TextEmbedding

        if all(known["model"] != model for known in TextEmbedding.list_supported_models()):
            raise ModelRefusedError(
                f"fastembed does not know the model {model!r}; set QA_EMBEDDING to one that it lists."
            )
        self._model = TextEmbedding(model_name=model, threads=threads or None)

    def get_text_embedding_batch(self, texts: list[str]) -> list[Any]:
        """Give one vector a text; one text at a time, as int8 models need (see LocalEmbedder)."""
        return list(self._model.embed(texts, batch_size=1))
