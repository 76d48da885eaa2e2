"""How far a judge and the comparison of strings agree: a judge that nobody checked proves nothing."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from eval.results import CaseResult
from eval.scorers.refusals import is_refused


@dataclass(frozen=True, slots=True)
class Agreement:
    """Of the same answers, right or wrong, by two ways to tell.

    Attributes:
        n: Number of answers that both scored; at least 1.
        share: Share of them, 0 to 1, of which both say the same.
        cohen_kappa: Agreement beyond chance, −1 to 1; None where both call all right, or all wrong, so that chance
            alone would make them agree.
        judge_alone: Ids of the cases that only the judge calls right: other words for the answer, or a lax judge.
        strings_alone: Ids of those that only the strings call right: a contradiction beside it, or a strict judge.
    """

    n: int
    share: float
    cohen_kappa: float | None
    judge_alone: tuple[str, ...] = ()
    strings_alone: tuple[str, ...] = ()


def agreement(
    results: Iterable[CaseResult], *, judge: str = "judged_correct", strings: str = "correct"
) -> Agreement | None:
    """Compare two scores, each of which calls an answer right from 0.5 on; None when no answer has both.

    Refusals are left out: both call them wrong without a look at them. Cohen's kappa is
    (observed − expected) / (1 − expected), expected from how often each calls an answer right
    (https://doi.org/10.1177/001316446002000104).
    """
    pairs: list[tuple[str, bool, bool]] = []
    for result in results:
        judged, compared = result.scores.get(judge), result.scores.get(strings)
        if judged is None or compared is None or judged.value is None or compared.value is None:
            continue
        if result.answer is None or is_refused(result.answer):
            continue
        pairs.append((result.case.id, judged.value >= 0.5, compared.value >= 0.5))
    if not pairs:
        return None
    n = len(pairs)
    share = sum(one == other for _, one, other in pairs) / n
    by_judge, by_strings = sum(one for _, one, _ in pairs) / n, sum(other for _, _, other in pairs) / n
    expected = by_judge * by_strings + (1 - by_judge) * (1 - by_strings)
    return Agreement(
        n,
        share,
        None if expected == 1.0 else (share - expected) / (1 - expected),
        tuple(name for name, one, other in pairs if one and not other),
        tuple(name for name, one, other in pairs if other and not one),
    )
