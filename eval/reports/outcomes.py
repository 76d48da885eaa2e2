"""What became of each case, in a word and in a sentence."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any, Literal

from eval.cases import Case
from eval.comparison import DECISIVE_METRICS
from eval.results import CaseResult
from eval.scorers.refusals import is_refused

Outcome = Literal["crashed", "failed", "not scored", "passed"]
SHORT_ANSWER_REMARK = "right sentence, wrong short answer"
"""How a case is remarked on whose answer holds the gold one while the few words shown beside it are others."""

OUTCOMES: tuple[Outcome, ...] = ("failed", "crashed", "not scored", "passed")


def outcome_of(result: CaseResult) -> Outcome:
    """Give what became of a case; "not scored" when nothing decides it, or what would decide could not be scored."""
    if result.error is not None:
        return "crashed"
    if failure_of(result) is not None:
        return "failed"
    scores = [result.scores[name] for name in DECISIVE_METRICS if name in result.scores]
    if (
        _open_reason(result) is not None
        or any(score.failed for score in scores)
        or all(score.value is None for score in scores)
    ):
        return "not scored"
    return "passed"


def failure_of(result: CaseResult) -> str | None:
    """Give why a case has failed, in words: below 1 on a decisive metric; None when it has not."""
    if result.error is not None:
        return f"crashed: {result.error}"
    scores = [(name, result.scores[name]) for name in DECISIVE_METRICS if name in result.scores]
    wrong = [f"{name}: {score.reason}" for name, score in scores if score.value is not None and score.value < 1]
    return "; ".join(wrong) or None


def unscored_reason(result: CaseResult) -> str:
    """Give why a case that is "not scored" is not."""
    failed = [f"{name}: {score.reason}" for name, score in result.scores.items() if score.failed]
    return "; ".join(failed) or _open_reason(result) or "nothing decides whether this case is right"


def _open_reason(result: CaseResult) -> str | None:
    """Give why the gold answer does not decide, though there is one, as a bare "no" may not; None when it does."""
    correct = result.scores.get("correct")
    if correct is None or correct.value is not None or not result.case.answer_groups:
        return None
    return f"correct: {correct.reason}"


def remark_on(result: CaseResult) -> str | None:
    """Give what is wrong with a case all the same that is right by `correct`; None when nothing is."""
    right, short = (result.scores.get(name) for name in ("correct", "short_answer_right"))
    if right is None or short is None or right.value != 1 or short.value != 0 or result.answer is None:
        return None
    return f"{SHORT_ANSWER_REMARK}: “{result.answer.short_answer or ''}”"


def was_refused(result: CaseResult) -> bool:
    """Tell whether the chatbot said that the documents do not answer."""
    return result.answer is not None and is_refused(result.answer)


def expected_of(case: Case) -> str:
    """Give what a right answer says, in words."""
    if not case.answerable:
        return "a refusal: the documents do not say"
    if case.answer_groups:
        return "; and ".join(map(_alternatives, case.answer_groups))
    return _alternatives(case.references) or "an answer"


def _alternatives(texts: Sequence[str]) -> str:
    return " or ".join(f"“{text}”" for text in texts)


def got_of(result: CaseResult) -> str:
    """Give what the chatbot said."""
    return "nothing" if result.answer is None else result.answer.text


def unscored_counts(results: Sequence[CaseResult]) -> Counter[str]:
    """Give for each metric how many cases it should have been over but could not be scored on; no zeros."""
    return Counter(name for result in results for name, score in result.scores.items() if score.failed)


def counts_sentence(results: Sequence[CaseResult]) -> str:
    """Give "121 cases: 98 passed, 23 failed"; an outcome that no case has is left out."""
    counted = Counter(map(outcome_of, results))
    parts = [f"{counted[outcome]} {outcome}" for outcome in reversed(OUTCOMES) if counted[outcome]]
    cases = "1 case" if len(results) == 1 else f"{len(results):,} cases"
    return f"{cases}: {', '.join(parts)}" if parts else "No cases"


def case_set_of(provenance: Mapping[str, Any]) -> str:
    """Give the name of the case set that a run was made with."""
    cases = provenance.get("cases")
    return str(cases.get("name") or "cases") if isinstance(cases, Mapping) else "cases"


def run_title(provenance: Mapping[str, Any]) -> str:
    """Give "seeds.jsonl, answered by extractive"."""
    answerer = provenance.get("answerer")
    return f"{case_set_of(provenance)}, answered by {answerer}" if answerer else case_set_of(provenance)
