from eval.scorers import Score, scorers_for
from qa.domain import Usage


def scores(case, answer):
    names = ("input_tokens", "output_tokens", "cost_usd")
    return {name: scorer(case, answer) for name, scorer in scorers_for({}, names).items()}


def test_tokens_and_dollars_are_those_of_the_answer(make_case, make_answer):
    answer = make_answer(usage=Usage(input_tokens=2134, output_tokens=62, cost_usd=0.0))
    assert scores(make_case(), answer) == {
        "input_tokens": Score(2134.0, "2,134 tokens"),
        "output_tokens": Score(62.0, "62 tokens"),
        "cost_usd": Score(0.0, "0.0 dollars"),  # a model that costs nothing
    }


def test_nothing_is_scored_where_no_model_was_called_or_nothing_is_known(make_case, make_answer):
    assert set(scores(make_case(), make_answer()).values()) == {Score(None, "no chat model was called")}
    unknown = make_answer(usage=Usage(input_tokens=None, output_tokens=None, cost_usd=None))
    assert [score.value for score in scores(make_case(), unknown).values()] == [None, None, None]
