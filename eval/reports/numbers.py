"""Metrics as people read them: their names, what they mean, and their numbers in the metric's unit."""

from __future__ import annotations

from eval.comparison import MetricChange
from eval.metrics import Metric
from eval.scorers.descriptions import describe

HEADLINE = {
    "correct": "Correct",
    "refusal_recall": "Refused rightly",
    "citation_precision": "Citations on the point",
    "verified": "Quotes verified",
    "latency_p50_seconds": "Median time",
}
"""The metrics that say most, in the order in which they are shown, and what they are called there."""

_MINUS = "−"
_ABBREVIATIONS = {
    **{"aurc": "AURC", "ece": "ECE", "f1": "F1", "iou": "IoU", "mrr": "MRR", "ndcg": "nDCG", "rouge": "ROUGE"},
    "l": "L",  # ROUGE-L
}


def label_of(name: str) -> str:
    """Give a metric's name in words: "refusal_recall" → "Refusal recall"."""
    first, _, rest = phrase_of(name).partition(" ")
    return f"{first if first in _ABBREVIATIONS.values() else first.capitalize()} {rest}".rstrip()


def phrase_of(name: str) -> str:
    """Give a metric's name as it stands within a sentence: "mrr_at_10" → "MRR at 10"."""
    words = name.removesuffix("_seconds").removesuffix("_usd").split("_")
    return " ".join(_ABBREVIATIONS.get(word, word) for word in words)


def meaning_of(name: str) -> str:
    """Give what a metric means, as sentences."""
    info = describe(name)
    sentence = f"{info.description[:1].upper()}{info.description[1:]}."
    return sentence if info.better == "higher" else f"{sentence} Lower is better."


def seconds(value: float) -> str:
    """Give a time: "0.085 s"."""
    return f"{value:.3f} s"


def number(name: str, value: float) -> str:
    """Give a value in its metric's unit: "80.7 %", "0.085 s", "1,234", "$0.0009"."""
    match describe(name).unit:
        case "share":
            return f"{100 * value:.1f} %"
        case "seconds":
            return seconds(value)
        case "tokens" | "characters":
            return f"{value:,.0f}"
        case "usd":
            return f"${value:.4f}"


def interval(name: str, metric: Metric) -> str:
    """Give "72.3 – 89.2 %": the metric's 95 % interval, the unit once."""
    low, high = number(name, metric.low), number(name, metric.high)
    unit = low[len(low.rstrip(" %s")) :]
    return f"{low.removesuffix(unit)} – {high}"


def difference(name: str, value: float) -> str:
    """Give a difference with its sign: "−9.6 pp" (percentage points) for shares, else in the metric's unit."""
    shown = number(name, abs(value))
    sign = "" if not shown.strip("0.,$ %s") else "+" if value > 0 else _MINUS
    return f"{sign}{shown.removesuffix('%')}pp" if shown.endswith("%") else f"{sign}{shown}"


def difference_interval(change: MetricChange) -> str:
    """Give "−16.9 to −2.4 pp": the 95 % interval of a metric's difference, the unit once."""
    low, high = difference(change.name, change.low), difference(change.name, change.high)
    unit = low[len(low.rstrip(" ps")) :]
    return f"{low.removesuffix(unit)} to {high}"


def headline_change(change: MetricChange) -> str:
    """Give "80.7 % → 71.1 % (−9.6 pp, 95 % interval −16.9 to −2.4 pp)"."""
    before, after = number(change.name, change.before.value), number(change.name, change.after.value)
    by = f"{difference(change.name, change.difference)}, 95 % interval {difference_interval(change)}"
    return f"{before} → {after} ({by})"
