"""The page of results: Markdown of records, our figures beside the published ones."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from eval.benchmarks.benchmark import ANSWERABLE, SEEN, UNANSWERABLE, UNSEEN, Benchmark
from eval.benchmarks.page_metrics import cell, described, figure, label
from eval.benchmarks.running import clusters_of
from eval.metrics import Metric, metrics_of, risk_coverage
from eval.results import CaseResult, crashed
from eval.run_record import RunRecord

NOT_MEASURED = "Not measured yet."
_SHARES = (0.1, 0.25, 0.5, 0.75, 1.0)
_KINDS = {ANSWERABLE, UNANSWERABLE, SEEN, UNSEEN}


@dataclass(frozen=True, slots=True)
class Group:
    """Some of a run's cases, under one heading, and their metrics."""

    name: str
    cases: int
    metrics: Mapping[str, Metric]


def section(benchmark: Benchmark, record: RunRecord | None) -> tuple[str, Group | None]:
    """Give a benchmark's section, and the group of cases whose figures are to be quoted first.

    Args:
        benchmark: What was measured.
        record: None when it was not measured yet.
    """
    heading = f"## {benchmark.title}"
    if record is None:
        return f"{heading}\n\n{NOT_MEASURED}\n", None
    groups = _groups(record.results)
    parts = [
        heading,
        origin(record.provenance) + _asked(benchmark, record),
        _table(benchmark, groups),
        _coverage(record.results),
        "\n".join(f"- {note}" for note in (*benchmark.notes, *_sources(benchmark))),
    ]
    return "\n\n".join(filter(None, parts)) + "\n", groups[0]


def origin(provenance: Mapping[str, Any]) -> str:
    """Give when, on what code and on what machine something was measured, as a sentence."""
    git, machine = provenance.get("git"), provenance.get("machine", {})
    code = "an installed package" if git is None else f"commit {str(git['commit'])[:7]}"
    if git is not None and git["dirty"]:
        code += " with changes"
    said = [
        f"Measured {str(provenance['date'])[:10]} on {code}",
        f"{machine.get('cpus')} cores",
        f"Python {machine.get('python')}",
    ]
    if "answerer" in provenance:
        said += [f"answerer “{provenance['answerer']}”", f"reader {provenance.get('reader')}"]
    if "workers" in provenance:
        said += [f"{provenance['workers']} questions at a time"]
    if provenance.get("load_before") is not None:
        said += [f"load before {provenance['load_before']}"]
    return ", ".join(said) + "."


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Give a Markdown table."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def _asked(benchmark: Benchmark, record: RunRecord) -> str:
    count, whole = len(record.results), len(benchmark.cases)
    words = f" All {whole:,} questions." if count == whole else f" {count:,} of {whole:,} questions, spread over all."
    words += f" {len(benchmark.documents):,} documents."
    if gone := crashed(record.results):
        words += f" {len(gone):,} questions crashed and are in no figure."
    return words


def _groups(results: Sequence[CaseResult]) -> list[Group]:
    """Give the groups that a table is split by: what the reader has not seen comes first."""
    by_tag: dict[str, list[CaseResult]] = {}
    for result in results:
        for tag in result.case.tags:
            by_tag.setdefault(tag, []).append(result)
    wanted: list[tuple[str, Sequence[CaseResult]]] = []
    if UNSEEN in by_tag:
        wanted.append((UNSEEN, by_tag[UNSEEN]))
        if UNANSWERABLE in by_tag:
            wanted.append((f"{UNSEEN}, {ANSWERABLE}", [item for item in by_tag[UNSEEN] if item.case.answerable]))
        if SEEN in by_tag:
            wanted.append((SEEN, by_tag[SEEN]))
    wanted.append(("all", results))
    if UNSEEN not in by_tag and UNANSWERABLE in by_tag and ANSWERABLE in by_tag:
        wanted.append((ANSWERABLE, by_tag[ANSWERABLE]))
    wanted += [(tag, of_tag) for tag, of_tag in sorted(by_tag.items()) if _is_shown(tag, by_tag)]
    return [Group(name, len(some), _metrics(some)) for name, some in wanted]


def _is_shown(tag: str, by_tag: Mapping[str, object]) -> bool:
    return tag not in _KINDS and len(by_tag.keys() - _KINDS) <= 5


def _metrics(results: Sequence[CaseResult]) -> dict[str, Metric]:
    metrics = metrics_of(results, clusters_of([result.case for result in results]))
    if len({result.case.answerable for result in results}) == 1:
        metrics.pop("refusal_precision", None)  # where no refusal can be right, or none wrong
    return metrics


def _table(benchmark: Benchmark, groups: Sequence[Group]) -> str:
    names = dict.fromkeys(name for group in groups for name in group.metrics)
    head = ["", *(f"{group.name}<br>n {group.cases:,}" for group in groups)]
    if benchmark.published:
        head.append("published")
    return table(head, [_row(name, benchmark, groups) for name in names])


def _row(name: str, benchmark: Benchmark, groups: Sequence[Group]) -> list[str]:
    row = [label(name), *(cell(name, group.metrics.get(name), group.cases) for group in groups)]
    if benchmark.published:
        known = [item for item in benchmark.published if name in item.figures]
        row.append("<br>".join(f"{item.name}: {figure(name, item.figures[name])}" for item in known))
    return row


def _sources(benchmark: Benchmark) -> list[str]:
    """Give a line for each source, with the names of those whose figures are from there."""
    by_source: dict[str, list[str]] = {}
    for item in benchmark.published:
        by_source.setdefault(item.source, []).append(f"{item.name} (a floor)" if item.floor else item.name)
    return [f"Published, {'; '.join(names)}: {source}." for source, names in by_source.items()]


def _coverage(results: Sequence[CaseResult]) -> str:
    """Give a few points of the risk-coverage curve; empty where there are answerable cases only, or no confidences."""
    if all(result.case.answerable for result in results):
        return ""
    unseen = [result for result in results if UNSEEN in result.case.tags]
    shown = unseen or results
    points = risk_coverage(shown)
    if not points:
        return ""
    rows = []
    for share in _SHARES:
        point = next(point for point in points if point.coverage >= share - 1e-9)
        rows.append([f"{100 * point.coverage:.0f} %", f"{100 * (1 - point.risk):.1f}", f"{point.threshold:.2f}"])
    words = "Right answers among the surest ones" + (f" ({UNSEEN})" if unseen else "")
    return (
        f"{words}: if only the surest of the answers were given, refusals left out. Right is `correct`; an answer to "
        "an unanswerable question is wrong.\n\n" + table(["answers given", "right, %", "confidence at least"], rows)
    )


def glossary(names: Sequence[str]) -> str:
    """Give what each metric is, a line each."""
    return "## What the figures are\n\n" + "\n".join(f"- {label(name)}: {described(name)}." for name in names) + "\n"
