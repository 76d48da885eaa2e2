"""Embedders other than the shipped one: OpenAI's, any llama-index embedding, any model that fastembed knows."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from functools import cached_property
from typing import Any

import numpy as np

from qa.adapters.background_loop import in_time
from qa.adapters.embedding_calls import batches, rows_of
from qa.adapters.llama_models import NO_KEY
from qa.adapters.openai_errors import model_error
from qa.adapters.shipped_files import load_lock
from qa.errors import ModelBusyError, ModelRefusedError, SettingsError
from qa.interfaces import Embedder, Vector
from qa.model_calls import CircuitBreaker
from qa.settings import Settings

_BATCH_TEXTS = 100
# Indexing may wait for a service that is busy: so many tries of so many seconds, with pauses of so many at most.
_TRIES, _SECONDS, _LONGEST_PAUSE = 4, 30.0, 20.0


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
        self._breaker = CircuitBreaker(service=f"The embedding model {name}")
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
        rows = [row for batch in batches(texts, _BATCH_TEXTS) for row in self._patiently(batch)]
        return _unit_vectors(rows) if rows else np.empty((0, self.dimensions), dtype=np.float32)

    def embed_at_once(self, texts: Sequence[str], *, connect: float, seconds: float) -> Vector:
        """Do as `embed` in one try of so many seconds, `connect` of them for the connection; in none after failures.

        Raises:
            ModelError: The service did not give the vectors, or failed too often just now.
        """
        self._breaker.check()

        def ask() -> list[list[float]]:
            embedding = self._embedding  # before the time runs: loading a model may take longer, and once
            try:
                # httpx bounds each wait for some bytes, not their sum, and other classes have their own ideas.
                return in_time(lambda: self._try(embedding, texts, connect=connect, read=2 * seconds), seconds)
            except TimeoutError as error:
                raise ModelBusyError(
                    f"The embedding model {self._name} did not answer within {seconds:g} s; ask again later."
                ) from error

        return _unit_vectors(self._told(ask))

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Give each text's length in tokens of about the model's size."""
        return self._count_tokens(texts)

    @cached_property
    def _embedding(self) -> Any:
        with load_lock:
            return self._make()

    def _patiently(self, texts: Sequence[str]) -> list[list[float]]:
        for attempt in range(1, _TRIES + 1):
            try:
                return self._told(lambda: self._try(self._embedding, texts, connect=_SECONDS, read=_SECONDS))
            except ModelBusyError as failure:
                pause = 2.0**attempt if failure.retry_after is None else failure.retry_after
                if attempt == _TRIES or pause > _LONGEST_PAUSE:
                    raise
            self._sleep(pause)
        raise AssertionError("the last try returns or raises")

    def _told(self, ask: Callable[[], list[list[float]]]) -> list[list[float]]:
        """Ask, and tell the breaker how it went; whatever fails is raised as one of our errors."""
        started = time.monotonic()
        try:
            rows = ask()
        except Exception as error:
            failure = model_error(error, self._name, self._secret, "embedding")
            if not isinstance(failure, ModelRefusedError):
                self._breaker.failed(time.monotonic() - started)
            if failure is error:
                raise
            raise failure from error
        self._breaker.succeeded()
        return rows

    def _try(self, embedding: Any, texts: Sequence[str], *, connect: float, read: float) -> list[list[float]]:
        rows = rows_of(embedding, texts, connect=connect, read=read)
        if len(rows) != len(texts):
            raise ModelBusyError(f"{self._name} gave {len(rows)} vectors for {len(texts)} texts; try again later.")
        return rows


def _unit_vectors(rows: Sequence[Sequence[float]]) -> Vector:
    vectors = np.asarray(rows, dtype=np.float32)
    return np.asarray(vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-12))


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
