"""A case and its answer → scores, each with a reason. Most metrics are the mean of one scorer's scores."""

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
from eval.scorers.descriptions import METRICS, MetricInfo, describe
from eval.scorers.refusals import is_refused, score_refusal_precision, score_refusal_recall
from eval.scorers.registry import DEFAULT_METRICS, UnknownMetric, scorers_for
from eval.scores import Score, Scorer

__all__ = [
    "DEFAULT_METRICS",
    "METRICS",
    "MetricInfo",
    "Score",
    "Scorer",
    "UnknownMetric",
    "describe",
    "is_refused",
    "score_citation_precision",
    "score_citation_recall",
    "score_contains_all",
    "score_correct",
    "score_exact_match",
    "score_grounded",
    "score_numeric_match",
    "score_refusal_precision",
    "score_refusal_recall",
    "score_rouge_l",
    "score_short_answer",
    "score_short_answer_right",
    "score_token_f1",
    "score_verified",
    "scorers_for",
]
