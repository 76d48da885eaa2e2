"""Ranks of the gold paragraph → Recall@k and MRR@10, each with its interval."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from eval.metrics import Metric
from qa.domain import RankedPassage

_DEPTHS = (1, 5, 10)
_RESAMPLES = 2000
_SEED = 20240229

Rank = int | None
"""1-based rank of the gold paragraph; None when it was not found at all."""


def gold_rank(ranked: Sequence[RankedPassage], document_id: str) -> Rank:
    """Give the rank of a paragraph among paragraphs; one that was split counts where its best passage is."""
    documents = list(dict.fromkeys(item.passage.document_id for item in ranked))
    return documents.index(document_id) + 1 if document_id in documents else None


def figures_of(ranks: Sequence[Rank], articles: Sequence[str]) -> dict[str, Metric]:
    """Give Recall@1, @5, @10 and MRR@10 by name.

    Args:
        ranks: One a question; at least one.
        articles: The article that each question is about.
    """
    values = {f"recall@{depth}": [_within(rank, depth) for rank in ranks] for depth in _DEPTHS}
    values["mrr@10"] = [1.0 / rank if rank is not None and rank <= 10 else 0.0 for rank in ranks]
    return {name: clustered_bootstrap(of_name, articles) for name, of_name in values.items()}


def clustered_bootstrap(values: Sequence[float], clusters: Sequence[str]) -> Metric:
    """Give the mean and its 95 % percentile interval, resampling whole clusters, reproducibly.

    Questions about one article succeed and fail together, so resampling single questions would give an
    interval that is too narrow to say anything about other articles (Davison and Hinkley, "Bootstrap methods
    and their application", 1997, section 3.8).
    """
    sums, counts = _per_cluster(values, clusters)
    drawn = np.random.default_rng(_SEED).integers(len(sums), size=(_RESAMPLES, len(sums)))
    means = sums[drawn].sum(axis=1) / counts[drawn].sum(axis=1)
    low, high = np.quantile(means, [0.025, 0.975])
    return Metric(value=float(np.mean(values)), low=float(low), high=float(high), n=len(values))


def _within(rank: Rank, depth: int) -> float:
    return 1.0 if rank is not None and rank <= depth else 0.0


def _per_cluster(values: Sequence[float], clusters: Sequence[str]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    _, places = np.unique(np.array(clusters), return_inverse=True)
    sums = np.bincount(places, weights=values).astype(np.float64)
    return sums, np.bincount(places).astype(np.float64)
