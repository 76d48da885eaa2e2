"""Runs to report on: an ordinary one, and one whose every text is hostile."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from eval.cases import Evidence
from eval.comparison import Comparison, Flip, MetricChange
from eval.metrics import Metric, metrics_of
from eval.results import CaseResult
from eval.run_record import RunRecord
from eval.scores import Score
from qa.domain import Turn

HOSTILE = (
    "<script>alert(1)</script><img src=x onerror=alert(2)> javascript:alert(3) ]]> --> | a || b \\| `x` ``` ~~~\n"
    "# not a heading\r\n[link](http://example.org) http://example.org www.example.org @someone #1 $x$ &amp; &lt;\n"
    "</details></summary></script></style></svg> \u202egnp.exe\u200f \x00\x1b[31m\x07 \ud800 \uffff \" ' ${x} $title"
)
PROVENANCE = {
    "date": "2026-01-02T03:04:05+00:00",
    "git": {"commit": "0123456789abcdef0123456789abcdef01234567", "dirty": False},
    "code_sha256": "c0de",
    "answerer": "extractive",
    "cases": {"name": "seeds.jsonl", "sha256": "ca5e"},
    "settings": {"passages_read": 5, "auto_sync": True, "openai_base_url": None},
}


@pytest.fixture
def hostile() -> str:
    """A text that tries to be markup, a link, a terminal command or another text, in every format."""
    return HOSTILE


@pytest.fixture
def make_result() -> Callable[..., CaseResult]:
    """Make what became of a case; each keyword after the answer is a score's value, or the whole score."""

    def make(case: Any, answer: Any, *, seconds: float = 0.1, **scores: float | Score | None) -> CaseResult:
        given = {
            name: score if isinstance(score, Score) else Score(score, f"reason for {name}")
            for name, score in scores.items()
        }
        return CaseResult(case=case, answer=answer, seconds=seconds, error=None, scores=given)

    return make


@pytest.fixture
def make_crashed() -> Callable[..., CaseResult]:
    def make(case: Any, error: str = "OSError: gone") -> CaseResult:
        return CaseResult(case=case, answer=None, seconds=None, error=error, scores={})

    return make


@pytest.fixture
def make_record() -> Callable[..., RunRecord]:
    def make(*results: CaseResult, **provenance: Any) -> RunRecord:
        return RunRecord(provenance={**PROVENANCE, **provenance}, metrics=metrics_of(results), results=results)

    return make


@pytest.fixture
def record(
    make_case, make_unanswerable, make_answer, refusal, cite, make_result, make_crashed, make_record
) -> RunRecord:
    """Five cases: right, wrong, rightly refused, crashed, and one that could not be scored."""
    cited = make_answer(citations=(cite("Ada founded Acme in 2016.", answer_start=0, answer_end=3),))
    unscored = Score(None, "the judge's reply made no sense", failed=True)
    return make_record(
        make_result(make_case(), cited, correct=1.0, citation_precision=1.0, refusal_recall=None, verified=1.0),
        make_result(
            make_case(id="wrong", tags=("fact", "person")), make_answer("It was Bob."), seconds=0.3, correct=0.0
        ),
        make_result(make_unanswerable(), refusal, correct=None, refusal_recall=1.0),
        make_crashed(make_case(id="crash")),
        make_result(make_case(id="judged", tags=()), make_answer(), correct=unscored),
    )


@pytest.fixture
def hostile_record(make_case, make_unanswerable, make_answer, cite, make_result, make_crashed, make_record, hostile):
    """Cases whose ids, questions, tags, answers, quotes, reasons and provenance are all hostile."""
    evidence = (Evidence(document=hostile, quote=hostile, start=0, end=len(hostile)),)
    case = make_case(
        id=hostile,
        question=hostile,
        history=(Turn(question=hostile, answer=hostile),),
        answers=(hostile,),
        evidence=evidence,
        documents=(hostile,),
        tags=(hostile,),
    )
    citation = cite(
        hostile, document_id=hostile, title=hostile, source=hostile, start=3, end=3 + len(hostile), answer_start=20
    )
    answer = make_answer(
        hostile,
        standalone_question=f"again {hostile}",
        short_answer=hostile,
        citations=(citation,),
        model=hostile,
        notices=(hostile,),
    )
    wrong = Score(0.0, hostile)
    unscored = Score(None, hostile, failed=True)
    return make_record(
        make_result(case, answer, correct=wrong, verified=wrong, own_scorer=Score(1.0, hostile)),
        make_crashed(make_case(id=f"crash {hostile}"), hostile),
        make_result(make_unanswerable(id=f"unscored {hostile}", tags=(hostile,)), answer, refusal_recall=unscored),
        answerer=hostile,
        date=hostile,
        cases={"name": hostile},
        git={"commit": hostile, "dirty": True},
        settings={hostile: hostile},
    )


@pytest.fixture
def make_change() -> Callable[..., MetricChange]:
    def make(name: str = "correct", before: float = 0.8, after: float = 0.7, **changes: Any) -> MetricChange:
        fields: dict[str, Any] = {
            "name": name,
            "before": Metric(before, before - 0.1, before + 0.1, 83),
            "after": Metric(after, after - 0.1, after + 0.1, 83),
            "difference": after - before,
            "low": after - before - 0.05,
            "high": after - before + 0.05,
            "p_value": 0.004,
            "n": 83,
            "verdict": "worse",
        }
        return MetricChange(**{**fields, **changes})

    return make


@pytest.fixture
def make_flip() -> Callable[..., Flip]:
    def make(**changes: Any) -> Flip:
        fields: dict[str, Any] = {
            "case_id": "wrong",
            "question": "Who founded Acme?",
            "tags": ("fact",),
            "metric": "correct",
            "before": Score(1.0, "has “Ada”"),
            "after": Score(0.0, "lacks “Ada”"),
        }
        return Flip(**{**fields, **changes})

    return make


@pytest.fixture
def make_comparison() -> Callable[..., Comparison]:
    def make(**changes: Any) -> Comparison:
        fields: dict[str, Any] = {"changes": (), "by_tag": {}, "flips": (), "only_before": (), "only_after": ()}
        return Comparison(**{**fields, **changes})

    return make


@pytest.fixture
def comparison(make_comparison, make_change, make_flip) -> Comparison:
    """Correct is worse, citation recall better; one case is broken, one mended."""
    return make_comparison(
        changes=(
            make_change(),
            make_change("citation_recall", 0.6, 0.7, verdict="better"),
            make_change("latency_p50_seconds", 0.1, 0.1, verdict="no difference shown", p_value=0.9),
        ),
        by_tag={"fact": (make_change(),)},
        flips=(make_flip(), make_flip(case_id="founder", before=Score(0.0, "lacked it"), after=Score(1.0, "has it"))),
        only_before=("gone",),
    )


@pytest.fixture
def hostile_comparison(make_comparison, make_change, make_flip, hostile) -> Comparison:
    reasons = {"before": Score(1.0, hostile), "after": Score(0.0, hostile)}
    flip = make_flip(case_id=hostile, question=hostile, tags=(hostile,), metric=hostile, **reasons)
    return make_comparison(
        changes=(make_change(hostile),),
        by_tag={hostile: (make_change(hostile),)},
        flips=(flip,),
        only_before=(hostile,),
        only_after=(hostile,),
    )
