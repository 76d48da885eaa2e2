"""`bench/ranks.py`: the arithmetic, checked by hand."""

import pytest

from bench.ranks import clustered_bootstrap, figures_of, gold_rank
from qa.domain import Passage, RankedPassage


def ranked(*document_ids: str) -> list[RankedPassage]:
    return [
        RankedPassage(
            passage=Passage(
                id=str(number), document_id=name, title="", source=name, text="x", start=0, end=1, page=None
            ),
            score=1 / (number + 1),
            lexical_rank=None,
            dense_rank=None,
            similarity=None,
        )
        for number, name in enumerate(document_ids)
    ]


def test_the_rank_counts_paragraphs_not_passages() -> None:
    found = ranked("a", "a", "b", "a", "c", "b")
    assert [gold_rank(found, name) for name in "abcd"] == [1, 2, 3, None]


def test_figures_are_as_computed_by_hand() -> None:
    figures = figures_of([1, 3, None, 7, 12], ["x", "x", "y", "y", "z"])
    assert {name: figure.value for name, figure in figures.items()} == {
        "recall@1": pytest.approx(1 / 5),
        "recall@5": pytest.approx(2 / 5),
        "recall@10": pytest.approx(3 / 5),
        "mrr@10": pytest.approx((1 + 1 / 3 + 1 / 7) / 5),
    }
    assert {figure.n for figure in figures.values()} == {5}


def test_the_interval_comes_from_articles_not_from_questions() -> None:
    values = [1.0] * 500 + [0.0] * 500
    metric = clustered_bootstrap(values, ["good"] * 500 + ["bad"] * 500)
    assert (metric.value, metric.low, metric.high) == (
        0.5,
        0.0,
        1.0,
    )  # by questions: 0.47 to 0.53


def test_large_articles_weigh_more() -> None:
    metric = clustered_bootstrap([1.0, 1.0, 1.0, 0.0], ["large", "large", "large", "small"])
    assert metric.value == 0.75


def test_two_runs_give_the_same_interval() -> None:
    values, articles = [1.0, 0.0, 1.0, 1.0, 0.0], ["a", "b", "c", "d", "e"]
    assert clustered_bootstrap(values, articles) == clustered_bootstrap(values, articles)
