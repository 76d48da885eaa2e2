"""Two runs → which metrics changed beyond chance, and which cases changed sides."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from eval.metric_changes import (
    MetricChange,
    Pair,
    Verdict,
    changes_of,
    confidence_changes,
    judged,
    latency_changes,
    score_in,
)
from eval.run_record import RunRecord
from eval.scores import Score
from qa.errors import InputError

__all__ = ["DECISIVE_METRICS", "Comparison", "ComparisonError", "Flip", "MetricChange", "Verdict", "compare_runs"]

DECISIVE_METRICS = ("correct", "refusal_recall", "verified")
"""A case that changes sides in one of these is shown."""

_RIGHT = 0.5
_WHAT_TIMES_DEPEND_ON = ("machine", "workers")


class ComparisonError(InputError):
    """Raised when two runs cannot be compared."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Flip:
    """A case that was right in one run and wrong in the other.

    Attributes:
        metric: One of `DECISIVE_METRICS`.
        before: The score; 0 for a crash, with the reason.
        after: As `before`.
    """

    case_id: str
    question: str
    tags: tuple[str, ...]
    metric: str
    before: Score
    after: Score

    @property
    def improved(self) -> bool:
        """Tell whether it was wrong before and is right now."""
        return _is_right(self.after)


@dataclass(frozen=True, kw_only=True, slots=True)
class Comparison:
    """What changed between two runs.

    Attributes:
        changes: Metrics that both runs have, in the order of the first, then those of confidence, then the
            latencies; judged together.
        by_tag: The means over the cases of each tag, tags in alphabetical order; all tags' changes are judged together,
            apart from `changes`.
        flips: In the order of the first run's cases, and of `DECISIVE_METRICS`.
        only_before: Ids of the cases that only the first run has, or has in another form, in its order.
        only_after: As `only_before`, of the second run.
    """

    changes: tuple[MetricChange, ...]
    by_tag: Mapping[str, tuple[MetricChange, ...]]
    flips: tuple[Flip, ...]
    only_before: tuple[str, ...]
    only_after: tuple[str, ...]


def compare_runs(before: RunRecord, after: RunRecord) -> Comparison:
    """Compare two runs over the cases that both have, told by id; one whose content differs is another case.

    Metrics are means over cases; cases are resampled to see whether a change may be chance. Where all values are
    plainly right or wrong, McNemar's exact test gives the p-value. A crash counts as a failure in every metric that is
    over all cases of a kind, such as `correct`, so that a run with crashes does not look better. Latencies are judged
    only where both runs have the same machine and workers, and only from a tenth on.

    Raises:
        ComparisonError: The runs have no case in common.
    """
    theirs = {result.case.id: result for result in after.results}
    pairs = [
        (result, theirs[result.case.id])
        for result in before.results
        if result.case.id in theirs and theirs[result.case.id].case == result.case
    ]
    if not pairs:
        raise ComparisonError("The two runs have no case in common; compare runs of the same case file.")
    shared = {old.case.id for old, _ in pairs}
    latencies = latency_changes(pairs, same_machine=_times_are_comparable(before, after))
    return Comparison(
        changes=tuple(judged([*changes_of(pairs), *confidence_changes(pairs), *latencies])),
        by_tag=_by_tag(pairs),
        flips=tuple(_flips(pairs)),
        only_before=tuple(result.case.id for result in before.results if result.case.id not in shared),
        only_after=tuple(result.case.id for result in after.results if result.case.id not in shared),
    )


def _times_are_comparable(before: RunRecord, after: RunRecord) -> bool:
    old, new = before.provenance, after.provenance
    return old.get("machine") is not None and all(old.get(name) == new.get(name) for name in _WHAT_TIMES_DEPEND_ON)


def _by_tag(pairs: Sequence[Pair]) -> dict[str, tuple[MetricChange, ...]]:
    tags = sorted({tag for old, _ in pairs for tag in old.case.tags})
    of_tag = {tag: changes_of([pair for pair in pairs if tag in pair[0].case.tags]) for tag in tags}
    together = iter(judged(change for changes in of_tag.values() for change in changes))
    return {tag: tuple(next(together) for _ in changes) for tag, changes in of_tag.items()}


def _flips(pairs: Sequence[Pair]) -> Iterable[Flip]:
    for old, new in pairs:
        for metric in DECISIVE_METRICS:
            before, after = score_in(old, metric, new), score_in(new, metric, old)
            if before is None or after is None or before.value is None or after.value is None:
                continue
            if _is_right(before) != _is_right(after):
                yield Flip(
                    case_id=old.case.id,
                    question=old.case.question,
                    tags=old.case.tags,
                    metric=metric,
                    before=before,
                    after=after,
                )


def _is_right(score: Score) -> bool:
    return score.value is not None and score.value >= _RIGHT
