"""Metrics as the page of results shows them."""

from __future__ import annotations

from eval.metrics import Metric
from eval.scorers import describe


def label(name: str) -> str:
    """Give a metric's name in code, with an arrow where less is better."""
    return f"`{name}`" + (" ↓" if describe(name).better == "lower" else "")


def described(name: str) -> str:
    """Give a metric in words."""
    return describe(name).description


def figure(name: str, value: float) -> str:
    """Give a number as it is read: shares in percent without the sign, "52.3"; times as "85 ms"; lengths as "317"."""
    match describe(name).unit:
        case "share":
            return f"{100 * value:.1f}"
        case "seconds":
            return f"{1000 * value:,.0f} ms"
        case "characters":
            return f"{value:,.0f}"
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
