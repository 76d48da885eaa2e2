"""What a comparison comes to, in a sentence."""

from __future__ import annotations

from collections.abc import Callable

from eval.comparison import Comparison, MetricChange, Verdict
from eval.reports import numbers

CHANGES_NOTE = "Each metric on the cases that both runs asked; p allows for the number of metrics, the intervals do not"
"""What to know when reading a table of changes."""

_NAMED = 6


def verdict_sentence(comparison: Comparison, named: Callable[[str], str] = numbers.phrase_of) -> str:
    """Give "worse: correct 80.7 % → 71.1 % (…)", what is worse first, or "no difference shown, over 83 cases".

    Args:
        comparison: What to say.
        named: Gives what a metric is called in it.
    """
    said = [_listed(comparison, "worse", named), _listed(comparison, "better", named)]
    if any(said):
        return "; ".join(filter(None, said))
    most = max((change.n for change in comparison.changes if not change.informative), default=0)
    if not most:
        return "nothing to compare: the two runs have no scored case in common"
    return f"no difference shown, over {most:,} {'case' if most == 1 else 'cases'}"


def verdict_words(change: MetricChange) -> str:
    """Give the verdict, or that there is none, as on times of different machines."""
    return "not judged" if change.informative else change.verdict


def _listed(comparison: Comparison, verdict: Verdict, named: Callable[[str], str]) -> str:
    changes = [change for change in comparison.changes if change.verdict == verdict]
    if not changes:
        return ""
    said = [f"{named(change.name)} {numbers.headline_change(change)}" for change in changes[:_NAMED]]
    rest = [f"and {len(changes) - _NAMED} more"] if len(changes) > _NAMED else []
    return f"{verdict}: {', '.join([*said, *rest])}"
