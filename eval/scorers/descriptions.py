"""What each metric says, in what unit, and which way is better; for reports, gates and comparisons."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

Unit = Literal["share", "seconds", "tokens", "usd", "characters"]
Better = Literal["higher", "lower"]


@dataclass(frozen=True, kw_only=True, slots=True)
class MetricInfo:
    """What a metric is.

    Attributes:
        description: A few words for a reader, without the name.
        unit: "share" is 0 to 1.
        better: Which way is better.
        counts_crashes: The metric is over all cases of a kind, whatever is answered, so that a question that
            crashed is one that failed (0), not one less to count. False for metrics of what was answered.
    """

    description: str
    unit: Unit = "share"
    better: Better = "higher"
    counts_crashes: bool = False


def _of_every_case(description: str) -> MetricInfo:
    return MetricInfo(description=description, counts_crashes=True)


def _cost(description: str, unit: Unit) -> MetricInfo:
    return MetricInfo(description=description, unit=unit, better="lower")


METRICS: Mapping[str, MetricInfo] = {
    "correct": _of_every_case("answerable cases whose answer holds the gold answer, in words, amounts or dates"),
    "contains_all": _of_every_case("answerable cases whose answer holds the gold answer word for word"),
    "numeric_match": _of_every_case("cases asking for an amount or date whose answer has it"),
    "short_answer_f1": MetricInfo(
        description="words that short answers share with the gold ones, where there are both"
    ),
    "short_answer_right": MetricInfo(
        description="short answers that are the gold one, hold it or are part of it, where there are both"
    ),
    "exact_match": _of_every_case(
        "cases whose short answer is the gold one, as SQuAD compares; refusing is right if none"
    ),
    "token_f1": _of_every_case("words that short answers share with the gold ones, as SQuAD compares"),
    "rouge_l": _of_every_case("longest common word sequence of answer and reference (ROUGE-L F)"),
    "citation_precision": MetricInfo(description="citations that point at the evidence, or hold the answer"),
    "citation_recall": _of_every_case("evidence that the citations cover"),
    "verified": MetricInfo(description="citations whose quote is in its document at just its place"),
    "grounded": MetricInfo(description="statements that the chatbot could verify"),
    "refusal_precision": MetricInfo(description="refusals that were right"),
    "refusal_recall": _of_every_case("unanswerable cases that were refused"),
    "recall_at_1": _of_every_case("evidence in the first passage"),
    "recall_at_5": _of_every_case("evidence in one of the first 5 passages"),
    "recall_at_10": _of_every_case("evidence in one of the first 10 passages"),
    "hit_at_10": _of_every_case("cases with some evidence in the first 10 passages"),
    "mrr_at_10": _of_every_case("reciprocal rank of the first passage with evidence, among 10"),
    "ndcg_at_10": _of_every_case("how far up the evidence is among 10 passages (nDCG)"),
    "range_recall": _of_every_case("evidence characters in the first 5 passages"),
    "range_precision": _of_every_case("characters of the first 5 passages that are evidence"),
    "range_iou": _of_every_case("evidence in the first 5 passages, over all that is in either"),
    "input_tokens": _cost("tokens that the chat model read, per answer", "tokens"),
    "output_tokens": _cost("tokens that the chat model wrote, per answer", "tokens"),
    "cost_usd": _cost("US dollars per answer", "usd"),
    "aurc": MetricInfo(description="mean risk over all shares of answers, the surest first (AURC)", better="lower"),
    "ece": MetricInfo(description="how far confidence is from the share that is answerable (ECE)", better="lower"),
    "latency_p50_seconds": _cost("time that half of the questions stay under", "seconds"),
    "latency_p95_seconds": _cost("time that 95 % of the questions stay under", "seconds"),
}
"""By name; every scorer's metric is here, and those that `eval.metrics` adds."""


BENCHMARK_METRICS: Mapping[str, MetricInfo] = {
    "answered": _of_every_case("cases that were answered, rightly or not; the others were refused"),
    "answer_span": _of_every_case("cases where a citation marks just the gold answer's characters"),
    "answer_place": _of_every_case("cases where a citation's marked words touch the gold answer's characters"),
    "subspan_15": _of_every_case("cases where the first 15 words of the reply contain a gold answer"),
    "shared_word": _of_every_case("cases where reply and gold answer share a word (MultiHop-RAG's own scorer)"),
    "all_found_at_10": _of_every_case("cases with all their evidence in the first 10 passages"),
    "answer_characters": MetricInfo(
        description="characters of the answers that were given, mean", unit="characters", better="higher"
    ),
    "graded_ndcg_at_10": _of_every_case("nDCG@10 of documents, with graded gains"),
    "graded_mrr_at_10": _of_every_case("reciprocal rank of the first relevant document, among 10"),
    "usual_ndcg_at_10": _of_every_case("nDCG@10 with the grades as other tools read them"),
}
"""By name; the metrics of `eval.benchmarks.own_scorers`, which no other run has."""


def describe(name: str) -> MetricInfo:
    """Give what a metric is.

    One that is in neither table, from a scorer of the user's own, is taken for a share of which more is better, and a
    crash for a 0 of it, so that no crash makes a run look better.
    """
    return METRICS.get(name) or BENCHMARK_METRICS.get(name) or _of_every_case("a scorer of your own")
