"""What a comparison comes to, in a sentence."""

from __future__ import annotations

from collections.abc import Sequence

from eval.reports import numbers
from eval.reports.awaited import Comparison, MetricChange

_NAMED = 6


def verdict_sentence(comparison: Comparison) -> str:
    """Give "worse: correct 80.7 % → 71.1 % (…)", what is worse first, or "no difference shown, over 83 cases"."""
    worse = _listed("worse", [change for change in comparison.changes if change.verdict == "worse"])
    better = _listed("better", [change for change in comparison.changes if change.verdict == "better"])
    if worse or better:
        return "; ".join(filter(None, (worse, better)))
    if not comparison.changes:
        return "nothing to compare: the two runs have no scored case in common"
    most = max(change.n for change in comparison.changes)
    return f"no difference shown, over {most:,} {'case' if most == 1 else 'cases'}"


def _listed(verdict: str, changes: Sequence[MetricChange]) -> str:
    if not changes:
        return ""
    named = [
        f"{numbers.label_of(change.name).lower()} {numbers.headline_change(change)}" for change in changes[:_NAMED]
    ]
    rest = len(changes) - len(named)
    return f"{verdict}: {', '.join([*named, *([f'and {rest} more'] if rest > 0 else [])])}"
