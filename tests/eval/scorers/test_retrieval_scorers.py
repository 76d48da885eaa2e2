import math
import random

import ir_measures
import pytest

from eval.cases import Evidence
from eval.scorers import Score, scorers_for
from qa.domain import Passage, RankedPassage

RANKED = ("recall_at_1", "recall_at_5", "recall_at_10", "hit_at_10", "mrr_at_10", "ndcg_at_10")
RANGES = ("range_recall", "range_precision", "range_iou")


def passages(*places):
    """Give ranked passages at (document, start, end), best first."""
    return tuple(
        RankedPassage(
            passage=Passage(
                id=f"{at}", document_id=document, title="", source="", text="", start=start, end=end, page=None
            ),
            score=1 / at,
            lexical_rank=at,
            dense_rank=None,
            similarity=None,
        )
        for at, (document, start, end) in enumerate(places, start=1)
    )


def evidence(document, start, end):
    return Evidence(document=document, quote="x" * (end - start), start=start, end=end)


@pytest.fixture
def values(make_case, make_answer):
    """Give the values of some metrics for evidence and passages at (document, start, end)."""

    def give(gold, found, names=RANKED):
        case = make_case(answers=("Nobody",), evidence=tuple(evidence(*place) for place in gold))
        answer = make_answer(passages=passages(*found))
        return {name: score(case, answer).value for name, score in scorers_for({}, names).items()}

    return give


def test_two_evidences_at_ranks_two_and_six_by_hand(values):
    beside = ("b", 0, 100)
    found = [beside, ("a", 0, 100), beside, beside, beside, ("a", 200, 300), beside]
    ideal = 1 / math.log2(2) + 1 / math.log2(3)
    assert values([("a", 10, 50), ("a", 210, 250)], found) == {
        "recall_at_1": 0.0,
        "recall_at_5": 0.5,
        "recall_at_10": 1.0,
        "hit_at_10": 1.0,
        "mrr_at_10": 0.5,
        "ndcg_at_10": pytest.approx((1 / math.log2(3) + 1 / math.log2(7)) / ideal),
    }


def test_nothing_found_is_zero(values):
    zeros = dict.fromkeys((*RANKED, *RANGES), 0.0)
    assert values([("a", 0, 10)], [], (*RANKED, *RANGES)) == zeros
    assert values([("a", 0, 10)], [("a", 10, 20), ("b", 0, 10)], (*RANKED, *RANGES)) == zeros


def test_what_lies_behind_the_tenth_passage_does_not_count(values):
    found = [("b", 0, 10)] * 10 + [("a", 0, 10)]
    assert values([("a", 0, 10)], found) == dict.fromkeys(RANKED, 0.0)


@pytest.mark.parametrize(("start", "end", "covered"), [(0, 15, 1.0), (0, 14, 0.0), (15, 99, 1.0), (16, 99, 0.0)])
def test_half_of_the_evidence_covers_it(values, start, end, covered):
    assert values([("a", 10, 20)], [("a", start, end)], ["recall_at_1"]) == {"recall_at_1": covered}


def test_the_whole_answer_within_the_evidence_covers_it(make_case, make_answer, evidence_for, document):
    case = make_case(answers=(), answers_all=(("Ada",), ("2016", "this year"), ("Bob",)))
    assert case.evidence == (evidence_for("Ada founded Acme in 2016."),)  # it gives the first two parts
    score = scorers_for({}, ["recall_at_1"])["recall_at_1"]
    name_only = make_answer(passages=passages(("a.txt", 0, 4)))
    assert score(case, name_only) == Score(0.0, "evidence at rank none; the first 1 count")
    year = document.index("2016")
    long = make_case(answers=("2016",), evidence=(evidence_for(document),))
    assert score(long, make_answer(passages=passages(("a.txt", year - 1, year + 5)))).value == 1.0
    assert score(long, make_answer(passages=passages(("a.txt", year - 1, year + 3)))).value == 0.0


def test_one_passage_with_several_evidences_is_no_better_than_the_ideal(values):
    gold = [("a", 0, 10), ("a", 20, 30), ("a", 40, 50)]
    two_at_once = [("a", 0, 35)]
    ideal = 1 / math.log2(2) + 1 / math.log2(3) + 1 / math.log2(4)
    found = values(gold, two_at_once)
    assert found["ndcg_at_10"] == pytest.approx((1 / math.log2(2) + 1 / math.log2(3)) / ideal)
    assert values(gold, [("a", 0, 60)])["ndcg_at_10"] == 1.0


@pytest.mark.parametrize("seed", range(50))
def test_ranked_metrics_are_those_of_ir_measures(values, seed):
    chance = random.Random(seed)
    places = [("d", 100 * at, 100 * at + 100) for at in range(30)]
    gold = chance.sample(places, chance.randint(1, 14))
    found = chance.sample(places, chance.randint(1, 30))
    measures = {
        "recall_at_1": ir_measures.R @ 1,
        "recall_at_5": ir_measures.R @ 5,
        "recall_at_10": ir_measures.R @ 10,
        "hit_at_10": ir_measures.Success @ 10,
        "mrr_at_10": ir_measures.RR @ 10,
        "ndcg_at_10": ir_measures.nDCG @ 10,
    }
    judged = [ir_measures.Qrel("q", str(place), 1) for place in gold]
    run = [ir_measures.ScoredDoc("q", str(place), -rank) for rank, place in enumerate(found)]
    theirs = ir_measures.calc_aggregate(measures.values(), judged, run)
    assert values(gold, found) == pytest.approx({name: theirs[measure] for name, measure in measures.items()})


def test_ranges_by_hand(values):
    # gold 10–30 and 90–100; covered 15–30 of it, though twice at 20–30; retrieved 15 + 20
    found = values([("a", 10, 30), ("a", 90, 100)], [("a", 15, 30), ("a", 20, 40), ("b", 0, 0)], RANGES)
    assert found == {"range_recall": 15 / 30, "range_precision": 15 / 35, "range_iou": 15 / (35 + 15)}


def test_five_passages_count_for_ranges(values):
    found = values([("a", 0, 10)], [*[("b", 0, 10)] * 5, ("a", 0, 10)], RANGES)
    assert found == dict.fromkeys(RANGES, 0.0)


@pytest.mark.parametrize("name", [*RANKED, *RANGES])
def test_without_evidence_nothing_is_scored(name, make_case, make_unanswerable, make_answer):
    score = scorers_for({}, [name])[name]
    for case in (make_unanswerable(), make_case(evidence=()), make_case(tags=("summary",))):
        assert score(case, make_answer()).value is None
