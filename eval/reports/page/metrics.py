"""The numbers of a run: headline tiles, all metrics with what they mean, and each tag."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from eval.metrics import Metric, metrics_by_tag
from eval.reports import numbers
from eval.reports.outcomes import unscored_counts
from eval.reports.page.markup import NOTHING, Content, Markup, element, joined, table
from eval.reports.page.svg import interval_bar
from eval.results import CaseResult
from eval.scorers.descriptions import describe

_BY_TAG = ("correct", "refusal_recall")


def tiles(metrics: Mapping[str, Metric]) -> Markup:
    """Give the headline metrics that the run has; nothing when it has none of them."""
    shown = [_tile(name, metrics[name]) for name in numbers.HEADLINE if name in metrics]
    return element("dl", *shown, class_="tiles") if shown else NOTHING


def metrics_section(metrics: Mapping[str, Metric], results: Sequence[CaseResult]) -> Markup:
    """Give every metric with its interval, how many cases it is over, and what it means."""
    unscored = unscored_counts(results)
    names = [*metrics, *(name for name in unscored if name not in metrics)]
    if not names:
        return element("p", "No case could be scored, so there is no metric.")
    columns = ["Metric", "Value", "95 % interval", "", "Cases", *(["Not scored"] if unscored else [])]
    rows = [
        [*_metric_cells(name, metrics.get(name)), *([str(unscored[name] or "–")] if unscored else [])] for name in names
    ]
    return table("Every metric, with an interval for what it would be on other cases of the same sort", columns, rows)


def tags_section(results: Sequence[CaseResult]) -> Markup:
    """Give for each tag how many of its cases came out right; worst first."""
    by_tag = metrics_by_tag(results)
    tables = [
        _tag_table(name, {tag: of_tag[name] for tag, of_tag in by_tag.items() if name in of_tag}) for name in _BY_TAG
    ]
    shown = [part for part in tables if part != NOTHING]
    return element("div", *shown, class_="columns") if shown else element("p", "No scored case has a tag.")


def _tile(name: str, metric: Metric) -> Markup:
    over = "1 case" if metric.n == 1 else f"{metric.n:,} cases"
    return element(
        "div",
        element("dt", numbers.HEADLINE[name]),
        element("dd", numbers.number(name, metric.value), class_="value"),
        element("dd", numbers.interval(name, metric), class_="aside"),
        element("dd", over, class_="aside"),
    )


def _metric_cells(name: str, metric: Metric | None) -> list[Content]:
    meaning = element("small", numbers.meaning_of(name))
    heading = joined([numbers.label_of(name), element("code", name, class_="name"), meaning])
    if metric is None:
        return [heading, "–", "–", "", "0"]
    bar = interval_bar(metric) if describe(name).unit == "share" else NOTHING
    return [heading, numbers.number(name, metric.value), numbers.interval(name, metric), bar, f"{metric.n:,}"]


def _tag_table(name: str, by_tag: Mapping[str, Metric]) -> Markup:
    if not by_tag:
        return NOTHING
    worst_first = sorted(by_tag.items(), key=lambda item: (item[1].value, item[0]))
    rows = [
        (tag, f"{metric.n:,}", interval_bar(metric), numbers.number(name, metric.value), numbers.interval(name, metric))
        for tag, metric in worst_first
    ]
    label = numbers.HEADLINE.get(name, numbers.label_of(name))
    return table(f"{label}, by tag, worst first", ("Tag", "Cases", "", "Value", "95 % interval"), rows, class_="by-tag")
