"""What a comparison comes to, in a sentence."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from eval.comparison import Comparison, MetricChange
from eval.reports import numbers
from eval.scorers.descriptions import describe

CHANGES_NOTE = "Each metric on the cases that both runs asked; p allows for the number of metrics, the intervals do not"
"""What to know when reading a table of changes."""

_NAMED = 6


def verdict_sentence(comparison: Comparison, named: Callable[[str], str] = numbers.phrase_of) -> str:
    """Give "worse: correct 80.7 % → 71.1 % (…)", what is worse first, or "no difference shown, over 83 cases".

    Times that changed come last and are called neither better nor worse: they are for information.

    Args:
        comparison: What to say.
        named: Gives what a metric is called in it.
    """
    answers = [change for change in comparison.changes if not _is_time(change)]
    times = [change for change in comparison.changes if _is_time(change) and change.verdict != "no difference shown"]
    worse, better = ([change for change in answers if change.verdict == verdict] for verdict in ("worse", "better"))
    said = [_listed("worse", worse, named), _listed("better", better, named)]
    if not any(said):
        said = [_no_difference(answers)]
    return "; ".join(filter(None, [*said, _listed("times (same machine, informative)", times, named)]))


def verdict_words(change: MetricChange) -> str:
    """Give the verdict, or that there is none, as on times of different machines."""
    return "not judged" if change.informative else change.verdict


def _is_time(change: MetricChange) -> bool:
    return describe(change.name).unit == "seconds"


def _no_difference(changes: Sequence[MetricChange]) -> str:
    most = max((change.n for change in changes if not change.informative), default=0)
    if not most:
        return "nothing to compare: the two runs have no scored case in common"
    return f"no difference shown, over {most:,} {'case' if most == 1 else 'cases'}"


def _listed(what: str, changes: Sequence[MetricChange], named: Callable[[str], str]) -> str:
    if not changes:
        return ""
    said = [f"{named(change.name)} {numbers.headline_change(change)}" for change in changes[:_NAMED]]
    rest = [f"and {len(changes) - _NAMED} more"] if len(changes) > _NAMED else []
    return f"{what}: {', '.join([*said, *rest])}"
