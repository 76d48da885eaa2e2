import pytest

from eval.judging.agreement import Agreement, agreement
from eval.results import CaseResult
from eval.scores import Score


@pytest.fixture
def result(make_case, make_answer):
    def make(name, judged, compared, **changes):
        scores = {"judged_correct": Score(judged, "x"), "correct": Score(compared, "x")}
        fields = {"answer": make_answer(), "seconds": 1.0, "error": None, "scores": scores}
        return CaseResult(case=make_case(id=name), **{**fields, **changes})

    return make


def test_kappa_is_agreement_beyond_chance(result):
    # The judge calls 3 of 4 right, the strings 2 of 4; expected 3/4 · 2/4 + 1/4 · 2/4 = 1/2; observed 3/4.
    results = [result("a", 1.0, 1.0), result("b", 0.5, 1.0), result("c", 1.0, 0.0), result("d", 0.0, 0.0)]
    assert agreement(results) == Agreement(4, 0.75, 0.5, judge_alone=("c",))


def test_what_only_the_strings_call_right_is_named(result):
    told = agreement([result("a", 0.0, 1.0), result("b", 1.0, 0.0)])
    assert told == Agreement(2, 0.0, -1.0, judge_alone=("b",), strings_alone=("a",))


def test_kappa_is_unknown_where_chance_alone_makes_them_agree(result):
    assert agreement([result("a", 1.0, 1.0)]) == Agreement(1, 1.0, None)


def test_without_a_common_answer_there_is_nothing_to_compare(result, refusal):
    assert agreement([]) is None
    assert agreement([result("a", None, 1.0), result("b", 1.0, 1.0, scores={})]) is None
    assert agreement([result("c", 0.0, 0.0, answer=refusal)]) is None
