import pytest

from eval.metrics import metrics_of
from eval.results import CaseResult
from eval.scorers import DEFAULT_METRICS, METRICS, UnknownMetric, describe, scorers_for
from qa.domain import Statement, Usage

FIRST = (
    *("correct", "short_answer_f1", "citation_precision", "citation_recall", "refusal_precision", "refusal_recall"),
    "verified",
)


def test_the_default_metrics_begin_with_those_of_old():
    assert tuple(scorers_for({})) == DEFAULT_METRICS
    assert DEFAULT_METRICS[: len(FIRST)] == FIRST


def test_metrics_come_in_the_order_asked_for():
    assert list(scorers_for({}, ["rouge_l", "correct"])) == ["rouge_l", "correct"]


def test_an_unknown_metric_names_the_known_ones():
    with pytest.raises(UnknownMetric, match=r"no metric 'bleu'; choose among: .*exact_match, grounded.*\.$"):
        scorers_for({}, ["correct", "bleu"])


def test_every_metric_is_described(make_case, make_answer):
    scores = {name: scorer(make_case(), make_answer()) for name, scorer in scorers_for({}, every_metric()).items()}
    results = [CaseResult(case=make_case(), answer=make_answer(), seconds=0.1, error=None, scores=scores)]
    assert set(scores) | set(metrics_of(results)) <= METRICS.keys()


def every_metric():
    return [name for name in METRICS if name not in ("aurc", "ece") and not name.startswith("latency_")]


def test_a_metric_of_the_users_own_is_a_share():
    assert (describe("politeness").unit, describe("politeness").better) == ("share", "higher")
    assert (describe("cost_usd").unit, describe("cost_usd").better) == ("usd", "lower")


def test_what_can_be_said_of_every_answer_counts_crashes(make_case, make_answer, make_unanswerable, refusal, document):
    """A metric counts crashes if, and only if, a refusal of an answerable case gives it a value, or none can be one."""
    scorers = scorers_for({"a.txt": document}, every_metric())
    of_refusals = {
        name
        for name, score in scorers.items()
        for case in (make_case(answers=("2016",)), make_unanswerable())
        if score(case, refusal).value is not None
    }
    assert of_refusals - {"refusal_precision"} == {name for name in scorers if describe(name).counts_crashes}


def test_every_scorer_gives_a_reason(make_case, make_answer, cite, document):
    answer = make_answer(
        citations=(cite("Ada founded Acme in 2016."),),
        short_answer="Ada",
        statements=(Statement(text="Ada.", citations=(1,), verified=True),),
        usage=Usage(input_tokens=10, output_tokens=2, cost_usd=None),
    )
    scorers = scorers_for({"a.txt": document})
    scores = {name: scorer(make_case(), answer) for name, scorer in scorers.items()}
    assert all(score.reason for score in scores.values())
    assert {name: score.value for name, score in scores.items()} == {
        **{"correct": 1.0, "short_answer_f1": 1.0, "short_answer_right": 1.0},
        **{"citation_precision": 1.0, "citation_recall": 1.0},
        **{"refusal_precision": None, "refusal_recall": None, "verified": 1.0, "numeric_match": None, "grounded": 1.0},
        **{"recall_at_1": 0.0, "recall_at_5": 0.0, "recall_at_10": 0.0, "mrr_at_10": 0.0},
        **{"input_tokens": 10.0, "output_tokens": 2.0, "cost_usd": None},
    }
