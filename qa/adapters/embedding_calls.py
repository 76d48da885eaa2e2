"""One call of a llama-index embedding, with the SDK beneath it where it is one of OpenAI's."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any


def rows_of(embedding: Any, texts: Sequence[str], *, connect: float, read: float) -> list[list[float]]:
    """Give the vectors of texts in their order, as many as there are.

    Args:
        embedding: A llama-index embedding, or what has its `get_text_embedding_batch`.
        texts: At most as many as fit into one call.
        connect: Most seconds to wait for a connection, where the embedding takes a limit.
        read: Most seconds to wait for the next bytes, where it takes one.

    Raises:
        Exception: Whatever the embedding raises.
    """
    if not _is_openai(embedding):
        return list(embedding.get_text_embedding_batch(list(texts)))
    import httpx

    # llama-index's class takes the vectors in the order in which they come, and drops the `index` that says whose each
    # is (`get_embeddings` in its base.py, 0.7). Its limits and tries, besides, are the same for every use.
    client = embedding._get_client().with_options(timeout=httpx.Timeout(read, connect=connect), max_retries=0)
    rows: list[list[float]] = []
    for batch in batches(texts, embedding.embed_batch_size):
        said = client.embeddings.create(
            input=[text.replace("\n", " ") for text in batch],  # as its class does: vectors stay what they were
            model=embedding._text_engine,
            **embedding.additional_kwargs,
        )
        rows += [each.embedding for each in sorted(said.data, key=lambda each: each.index)]
    return rows


def batches(texts: Sequence[str], size: int) -> Iterator[Sequence[str]]:
    """Give the texts in runs of at most `size`."""
    for first in range(0, len(texts), size):
        yield texts[first : first + size]


def _is_openai(embedding: Any) -> bool:
    """Tell whether an embedding asks through OpenAI's SDK; by name, since importing the class takes seconds."""
    for each in type(embedding).__mro__:
        if "_get_text_embeddings" in vars(each):  # a class that has its own knows why
            return f"{each.__module__}.{each.__name__}" == "llama_index.embeddings.openai.base.OpenAIEmbedding"
    return False
