"""Metrics as the page of results shows them."""

from __future__ import annotations

from collections.abc import Mapping

from eval.metrics import Metric
from eval.scorers import METRICS, describe

_OWN: Mapping[str, str] = {
    "answered": "cases that were answered, rightly or not; the others were refused",
    "answer_span": "cases where a citation marks just the gold answer's characters",
    "answer_place": "cases where a citation's marked words touch the gold answer's characters",
    "subspan_15": "cases where the first 15 words of the reply contain a gold answer",
    "shared_word": "cases where reply and gold answer share a word (MultiHop-RAG's own scorer)",
    "all_found_at_10": "cases with all their evidence in the first 10 passages",
    "answer_characters": "characters of the answers that were given, mean",
    "graded_ndcg_at_10": "nDCG@10 of documents, with graded gains",
    "graded_mrr_at_10": "reciprocal rank of the first relevant document, among 10",
    "usual_ndcg_at_10": "nDCG@10 with the grades as other tools read them",
}
_LENGTHS = {"answer_characters"}


def label(name: str) -> str:
    """Give a metric's name in code, with an arrow where less is better."""
    return f"`{name}`" + (" ↓" if describe(name).better == "lower" else "")


def described(name: str) -> str:
    """Give a metric in words."""
    return METRICS[name].description if name in METRICS else _OWN.get(name, "a scorer of this benchmark")


def figure(name: str, value: float) -> str:
    """Give a number as it is read: shares in percent without the sign, "52.3"; times as "85 ms"; lengths as "317"."""
    if name in _LENGTHS:
        return f"{value:,.0f}"
    match describe(name).unit:
        case "share":
            return f"{100 * value:.1f}"
        case "seconds":
            return f"{1000 * value:,.0f} ms"
        case _:
            return f"{value:,.4g}"


def cell(name: str, metric: Metric | None, cases: int) -> str:
    """Give a metric with its 95 % interval, and how many cases it is over where those are not all of the group."""
    if metric is None:
        return "–"
    low, high = figure(name, metric.low), figure(name, metric.high)
    lines = [figure(name, metric.value), f"{low.removesuffix(' ms')}–{high}"]
    if metric.n != cases:
        lines.append(f"n {metric.n:,}")
    if metric.failed:
        lines.append(f"{metric.failed:,} not scored")
    return "<br>".join(lines)
