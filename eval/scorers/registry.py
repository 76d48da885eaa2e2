"""Every scorer by the name of its metric."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from eval.scorers.answers import (
    score_contains_all,
    score_correct,
    score_exact_match,
    score_numeric_match,
    score_rouge_l,
    score_short_answer,
    score_short_answer_right,
    score_token_f1,
)
from eval.scorers.citations import score_citation_precision, score_citation_recall, score_grounded, score_verified
from eval.scorers.refusals import score_refusal_precision, score_refusal_recall
from eval.scorers.retrieval import hit_at, mrr_at, ndcg_at, range_iou, range_precision, range_recall, recall_at
from eval.scorers.usage import usage_scorer
from eval.scores import Scorer
from qa.errors import InputError

DEFAULT_METRICS = (
    "correct",
    "short_answer_f1",
    "citation_precision",
    "citation_recall",
    "refusal_precision",
    "refusal_recall",
    "verified",
    "short_answer_right",
    "numeric_match",
    "grounded",
    "recall_at_1",
    "recall_at_5",
    "recall_at_10",
    "mrr_at_10",
    "input_tokens",
    "output_tokens",
    "cost_usd",
)
"""What is scored when nothing else is asked for: cheap, and with a meaning for any user's own cases."""


class UnknownMetric(InputError):
    """Raised when a metric is asked for that no scorer gives."""


def scorers_for(texts: Mapping[str, str], names: Sequence[str] | None = None) -> dict[str, Scorer]:
    """Give scorers by the name of their metric, in the order in which they are shown.

    Args:
        texts: Document texts by document id, read independently of the library.
        names: Which, in what order; None gives those of `DEFAULT_METRICS`.

    Raises:
        UnknownMetric: A name is not known.
    """
    scorers = _all_scorers(texts)
    wanted = DEFAULT_METRICS if names is None else names
    if unknown := [name for name in wanted if name not in scorers]:
        raise UnknownMetric(f"There is no metric {unknown[0]!r}; choose among: {', '.join(sorted(scorers))}.")
    return {name: scorers[name] for name in wanted}


def _all_scorers(texts: Mapping[str, str]) -> dict[str, Scorer]:
    return {
        "correct": score_correct,
        "contains_all": score_contains_all,
        "numeric_match": score_numeric_match,
        "short_answer_f1": score_short_answer,
        "short_answer_right": score_short_answer_right,
        "exact_match": score_exact_match,
        "token_f1": score_token_f1,
        "rouge_l": score_rouge_l,
        "citation_precision": score_citation_precision,
        "citation_recall": score_citation_recall,
        "verified": lambda case, answer: score_verified(answer, texts),
        "grounded": score_grounded,
        "refusal_precision": score_refusal_precision,
        "refusal_recall": score_refusal_recall,
        "recall_at_1": recall_at(1),
        "recall_at_5": recall_at(5),
        "recall_at_10": recall_at(10),
        "hit_at_10": hit_at(10),
        "mrr_at_10": mrr_at(10),
        "ndcg_at_10": ndcg_at(10),
        "range_recall": range_recall,
        "range_precision": range_precision,
        "range_iou": range_iou,
        "input_tokens": usage_scorer("input_tokens", "tokens"),
        "output_tokens": usage_scorer("output_tokens", "tokens"),
        "cost_usd": usage_scorer("cost_usd", "dollars"),
    }
