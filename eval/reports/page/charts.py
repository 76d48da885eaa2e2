"""The charts of a run: what it risks at each coverage, and how long questions take."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from eval.metrics import CoveragePoint, risk_coverage
from eval.reports.page.markup import Markup, details, element, table
from eval.reports.page.svg import Axis, Plot, chart, column, curve, marker
from eval.results import CaseResult

_COLUMNS = 24
_RISK_CAPTION = (
    "Were only the most confident answers given, so many of them would be wrong. Coverage is of the answered cases."
)
_READ_AT = (0.25, 0.5, 0.75, 0.9, 1.0)


@dataclass(frozen=True, kw_only=True, slots=True)
class Bin:
    """A column of a histogram: how many values are from `low` to below `high`; the last holds all beyond."""

    low: float
    high: float
    count: int


def charts_section(results: Sequence[CaseResult]) -> Markup:
    """Give the risk-coverage curve and the times, each with its numbers; a sentence in place of an empty one."""
    return element("div", _risk_figure(risk_coverage(results)), _time_figure(results), class_="columns")


def latency_bins(seconds: Sequence[float]) -> list[Bin]:
    """Give a histogram of times in equal bins from 0 to just beyond the 98th percentile; empty for no times."""
    if not seconds:
        return []
    width = _round_width(float(np.quantile(seconds, 0.98)) / _COLUMNS)
    last = min(_COLUMNS, math.floor(max(seconds) / width))
    places = [min(math.floor(second / width), last) for second in seconds]
    return [Bin(low=at * width, high=(at + 1) * width, count=places.count(at)) for at in range(last + 1)]


def _round_width(width: float) -> float:
    """Give the smallest of 1, 2, 5, 10 … × 10ⁿ that is no less than `width`; a millisecond for no width."""
    if width <= 0:
        return 0.001
    power = 10.0 ** math.floor(math.log10(width))
    return next(step * power for step in (1, 2, 5, 10) if step * power >= width)


def _risk_figure(points: Sequence[CoveragePoint]) -> Markup:
    heading = element("h3", "Risk at each coverage")
    if not points:
        return element("figure", heading, element("p", "No answer came with a confidence, so there is no curve."))
    read = list(dict.fromkeys(_nearest(points, share) for share in _READ_AT))
    spoken = "; ".join(f"at {_percent(point.coverage)} coverage {_percent(point.risk)} wrong" for point in read)
    plot = _risk_plot(max(point.risk for point in points))
    line = curve(plot, sorted((point.coverage, point.risk) for point in points))
    picture = chart("risk", "Risk at each coverage", spoken, *plot.frame(), line)
    rows = [(_percent(point.coverage), _percent(point.risk), f"{point.threshold:.3f}") for point in read]
    numbers = table("Risk at some coverages", ("Coverage", "Wrong", "Confidence at least"), rows)
    return element("figure", heading, picture, element("figcaption", _RISK_CAPTION), details("The numbers", numbers))


def _risk_plot(highest: float) -> Plot:
    top = max(0.1, math.ceil(highest * 10) / 10)
    shares = [(share / 4, f"{25 * share} %") for share in range(5)]
    risks = [(top * share / 2, f"{50 * top * share:.0f} %") for share in range(3)]
    return Plot(
        across=Axis(low=0, high=1, ticks=shares, label="coverage"), up=Axis(low=0, high=top, ticks=risks, label="wrong")
    )


def _nearest(points: Sequence[CoveragePoint], coverage: float) -> CoveragePoint:
    return min(points, key=lambda point: (abs(point.coverage - coverage), point.coverage))


def _time_figure(results: Sequence[CaseResult]) -> Markup:
    heading = element("h3", "Time a question")
    seconds = [result.seconds for result in results if result.seconds is not None]
    bins = latency_bins(seconds)
    if not bins:
        return element("figure", heading, element("p", "No question was answered, so there are no times."))
    middle, late = (float(np.quantile(seconds, share)) for share in (0.5, 0.95))
    plot = _time_plot(bins, beyond=max(seconds) >= bins[-1].high)
    drawn = [
        *(column(plot, item.low, item.high, item.count) for item in bins),
        marker(plot, middle, f"half by {middle:.3g} s", before=True, row=0),
        marker(plot, late, f"95 % by {late:.3g} s", before=False, row=1),
    ]
    asked = "One question" if len(seconds) == 1 else f"{len(seconds):,} questions"
    spoken = f"{asked}: half by {middle:.3g} s, 95 % by {late:.3g} s, all by {max(seconds):.3g} s."
    picture = chart("time", "Time a question", spoken, *plot.frame(), *drawn)
    rows = [(_bin_words(item, last=item is bins[-1]), str(item.count)) for item in bins if item.count]
    numbers = table("Questions by their time", ("Seconds", "Questions"), rows)
    return element("figure", heading, picture, element("figcaption", spoken), details("The numbers", numbers))


def _time_plot(bins: Sequence[Bin], *, beyond: bool) -> Plot:
    """Give the axes; a quarter of the height stays free for words."""
    end, most = bins[-1].high, max(item.count for item in bins)
    step, up = _round_width(end / 6), math.ceil(most / 2)
    ticks = [(at * step, f"{at * step:.3g}") for at in range(math.floor(end / step + 1e-9) + 1)]
    label = "seconds; the last column holds all beyond" if beyond else "seconds"
    return Plot(
        across=Axis(low=0, high=end, ticks=ticks, label=label),
        up=Axis(low=0, high=2.5 * up, ticks=[(at * up, f"{at * up}") for at in range(3)], label="questions"),
    )


def _bin_words(item: Bin, *, last: bool) -> str:
    return f"{item.low:.4g} or more" if last else f"{item.low:.4g} – {item.high:.4g}"


def _percent(share: float) -> str:
    return f"{100 * share:.1f} %"
