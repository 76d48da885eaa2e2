"""A run as Markdown for a pull request: what changed, first in a sentence, then in numbers, then case by case.

Texts of the run stand in code spans: nothing in them links, mentions, loads or formats, on GitHub or elsewhere.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from eval.comparison import Comparison, Flip, MetricChange
from eval.metrics import Metric
from eval.reports import numbers
from eval.reports.outcomes import (
    counts_sentence,
    expected_of,
    failure_of,
    got_of,
    outcome_of,
    run_title,
    unscored_counts,
)
from eval.reports.page.provenance import short_origin
from eval.reports.summary import CHANGES_NOTE, verdict_sentence, verdict_words
from eval.reports.texts import shortened
from eval.results import CaseResult
from eval.run_record import RunRecord

_SHOWN_CASES = 20
_SHOWN_METRICS = 60
_TEXT_CHARS = 200
_NAME_CHARS = 80


def markdown_report(record: RunRecord, comparison: Comparison | None = None) -> str:
    """Give the summary; always under 60,000 characters (GitHub takes 65,536).

    Args:
        record: The run.
        comparison: Of a run before with this one; without it, the failed cases stand where the flipped ones would.
    """
    parts = [
        f"**{_verdict(record, comparison)}**",
        f"{code(run_title(record.provenance))} · {counts_sentence(record.results)}",
        *_metrics(record, comparison),
        f"{CHANGES_NOTE}." if comparison is not None else "",
        *(_flips(comparison) if comparison is not None else [_failures(record.results)]),
        _origin(record),
    ]
    return "\n\n".join(filter(None, parts)) + "\n"


def code(text: str, limit: int = _TEXT_CHARS) -> str:
    """Give a text as a code span on one line, also fit for a table's cell; dash for an empty one."""
    line = shortened(text, limit)
    if not line:
        return "–"
    fence = "`" * (max((len(run) for run in re.findall("`+", line)), default=0) + 1)
    padding = " " if line.startswith("`") or line.endswith("`") else ""
    return f"{fence}{padding}{line}{padding}{fence}"


def _verdict(record: RunRecord, comparison: Comparison | None) -> str:
    if comparison is not None:
        sentence = verdict_sentence(comparison, _phrase)
        return f"{sentence[:1].upper()}{sentence[1:]}"
    shown = [
        f"{label} {numbers.number(name, record.metrics[name].value)} ({numbers.interval(name, record.metrics[name])})"
        for name, label in numbers.HEADLINE.items()
        if name in record.metrics
    ]
    return " · ".join(shown) or "No case could be scored"


def _metrics(record: RunRecord, comparison: Comparison | None) -> tuple[str, str]:
    """Give the headline metrics, then the others folded; those that no case could be scored on are among them."""
    unscored = unscored_counts(record.results)
    known = dict.fromkeys([*record.metrics, *unscored])
    first = [name for name in numbers.HEADLINE if name in known]
    others = [name for name in known if name not in numbers.HEADLINE]
    headline, table = (
        _metrics_table(names, record.metrics, unscored, comparison) for names in (first, others[:_SHOWN_METRICS])
    )
    return headline, _folded(f"{len(others)} more metrics", table) if table else ""


def _metrics_table(
    names: Sequence[str], metrics: Mapping[str, Metric], unscored: Mapping[str, int], comparison: Comparison | None
) -> str:
    if not names:
        return ""
    if comparison is None:
        rows = [(_label(name), *_values(name, metrics.get(name), unscored.get(name, 0))) for name in names]
        return _table(("Metric", "Value", "95 % interval", "Cases", "Not scored"), rows)
    changes = {change.name: change for change in comparison.changes}
    compared = [(_label(name), *_change(name, metrics.get(name), changes.get(name))) for name in names]
    return _table(("Metric", "Before", "Now", "Difference", "95 % interval", "Cases", "Verdict"), compared)


def _label(name: str) -> str:
    return numbers.HEADLINE.get(name) or code(name, _NAME_CHARS)


def _phrase(name: str) -> str:
    """Give a metric's name within a sentence; one that may be more than a name, as a scorer of the user's, as code."""
    return numbers.phrase_of(name) if re.fullmatch("[a-z0-9_]{1,40}", name) else code(name, _NAME_CHARS)


def _values(name: str, metric: Metric | None, unscored: int) -> tuple[str, ...]:
    missed = f"{unscored:,}" if unscored else "–"
    if metric is None:
        return "–", "–", "0", missed
    return numbers.number(name, metric.value), numbers.interval(name, metric), f"{metric.n:,}", missed


def _change(name: str, metric: Metric | None, change: MetricChange | None) -> tuple[str, ...]:
    """Give a metric's change; where there is none, the present value alone."""
    if change is None:
        now = ("–", "0") if metric is None else (numbers.number(name, metric.value), f"{metric.n:,}")
        return "–", now[0], "–", "–", now[1], "not compared"
    verdict = verdict_words(change) if change.verdict == "no difference shown" else f"**{change.verdict}**"
    return (
        numbers.number(name, change.before.value),
        numbers.number(name, change.after.value),
        numbers.difference(name, change.difference),
        numbers.difference_interval(change),
        f"{change.n:,}",
        verdict,
    )


def _table(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Give a table whose first column is words, in which a bar would end the cell, and whose others are numbers."""
    rule = ["---", *("---:" for _ in columns[1:])]
    escaped = [[cell.replace("|", r"\|") for cell in cells] for cells in rows]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in (columns, rule, *escaped))


def _flips(comparison: Comparison) -> list[str]:
    broken = [flip for flip in comparison.flips if not flip.improved]
    mended = [flip for flip in comparison.flips if flip.improved]
    return [
        _cases(f"{len(broken)} worse now", [_flip(flip) for flip in broken[:_SHOWN_CASES]], len(broken)),
        _cases(f"{len(mended)} better now", [_flip(flip) for flip in mended[:_SHOWN_CASES]], len(mended)),
        _left_out(len(comparison.only_before) + len(comparison.only_after)),
    ]


def _left_out(count: int) -> str:
    if not count:
        return ""
    cases = "1 case was" if count == 1 else f"{count:,} cases were"
    return f"{cases} asked in one of the runs only and not compared."


def _flip(flip: Flip) -> str:
    return _item(
        flip.question,
        flip.case_id,
        {f"{_phrase(flip.metric)}, before": flip.before.reason, f"{_phrase(flip.metric)}, now": flip.after.reason},
    )


def _failures(results: Sequence[CaseResult]) -> str:
    failed = [result for result in results if outcome_of(result) in ("failed", "crashed")]
    return _cases(f"{len(failed)} failed", [_failure(result) for result in failed[:_SHOWN_CASES]], len(failed))


def _failure(result: CaseResult) -> str:
    lines = {"expected": expected_of(result.case), "got": got_of(result), "why": failure_of(result) or ""}
    return _item(result.case.question, result.case.id, lines)


def _item(question: str, case_id: str, lines: Mapping[str, str]) -> str:
    head = f"- {code(question)} ({code(case_id, _NAME_CHARS)})"
    return "\n".join([head, *(f"  - {name}: {code(text)}" for name, text in lines.items())])


def _cases(summary: str, items: Sequence[str], count: int) -> str:
    if not items:
        return ""
    rest = f"\n\n… and {count - len(items):,} more" if count > len(items) else ""
    return _folded(summary, "\n".join(items) + rest)


def _folded(summary: str, contents: str) -> str:
    return f"<details>\n<summary>{summary}</summary>\n\n{contents}\n\n</details>"


def _origin(record: RunRecord) -> str:
    origin = short_origin(record.provenance)
    return f"Run of {code(origin)}" if origin else ""
