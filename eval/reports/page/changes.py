"""What changed since the run before: each metric, and the cases that came out otherwise."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from eval.comparison import Comparison, Flip, MetricChange
from eval.reports import numbers
from eval.reports.page.markup import NOTHING, Content, Markup, details, element, joined, table
from eval.reports.summary import CHANGES_NOTE, verdict_words

_SIGNS = {"better": "▲ ", "worse": "▼ ", "no difference shown": ""}
_TAGS_CAPTION = "Tags that came out otherwise, all tags judged together"
_COLUMNS = ("Metric", "Verdict", "Before", "Now", "Difference", "95 % interval", "p", "Cases")


def changes_section(comparison: Comparison, anchors: Mapping[str, str]) -> Markup:
    """Give the changes, then the flipped cases.

    Args:
        comparison: Of the run before with this one.
        anchors: Where on the page each case is, by its id.
    """
    return joined(
        [
            _changes_table(CHANGES_NOTE, comparison.changes),
            _left_out(comparison),
            _tag_changes(comparison),
            _flips("Worse now", [flip for flip in comparison.flips if not flip.improved], anchors),
            _flips("Better now", [flip for flip in comparison.flips if flip.improved], anchors),
        ]
    )


def _changes_table(caption: str, changes: Sequence[MetricChange]) -> Markup:
    if not changes:
        return element("p", "The two runs have no metric in common.")
    return table(caption, _COLUMNS, [_change_cells(change) for change in changes], class_="changes")


def _change_cells(change: MetricChange) -> list[Content]:
    name = change.name
    return [
        numbers.HEADLINE.get(name, numbers.label_of(name)),
        _verdict(change),
        numbers.number(name, change.before.value),
        numbers.number(name, change.after.value),
        numbers.difference(name, change.difference),
        numbers.difference_interval(change),
        _p_value(change.p_value),
        f"{change.n:,}",
    ]


def _verdict(change: MetricChange) -> Markup:
    kind = change.verdict.partition(" ")[0]
    return element("span", f"{_SIGNS[change.verdict]}{verdict_words(change)}", class_=f"verdict {kind}")


def _p_value(p_value: float) -> str:
    return "< 0.001" if p_value < 0.001 else f"{p_value:.3f}"


def _tag_changes(comparison: Comparison) -> Markup:
    """Give the tags with a difference that is shown to be one."""
    rows = [
        [joined([tag, element("small", label)]), *cells]
        for tag, changes in sorted(comparison.by_tag.items())
        for change in changes
        if change.verdict != "no difference shown"
        for label, *cells in [_change_cells(change)]
    ]
    if not rows:
        return NOTHING
    return table(_TAGS_CAPTION, ("Tag", *_COLUMNS[1:]), rows, class_="changes")


def _left_out(comparison: Comparison) -> Markup:
    lists = [("only in the run before", comparison.only_before), ("only in this run", comparison.only_after)]
    return joined(
        [
            details(f"Not compared: {len(case_ids):,} asked {where}", element("p", ", ".join(case_ids)))
            for where, case_ids in lists
            if case_ids
        ]
    )


def _flips(heading: str, flips: Sequence[Flip], anchors: Mapping[str, str]) -> Markup:
    if not flips:
        return NOTHING
    items = [_flip(flip, anchors.get(flip.case_id)) for flip in flips]
    return joined([element("h3", f"{heading}: {len(flips):,}"), element("ul", *items, class_="flips")])


def _flip(flip: Flip, anchor: str | None) -> Markup:
    question = element("a", flip.question, href=f"#{anchor}") if anchor else element("b", flip.question)
    tags = f" · {', '.join(flip.tags)}" if flip.tags else ""
    return element(
        "li",
        element("p", question, " ", element("small", f"{flip.case_id}{tags}")),
        element(
            "dl",
            *(element("dt", "Before"), element("dd", flip.before.reason)),
            *(element("dt", "Now"), element("dd", flip.after.reason)),
            class_="pairs",
        ),
    )
