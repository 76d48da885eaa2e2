"""Whether the documents answer, from the best sentence."""

import json
import math
from dataclasses import replace

import pytest

from qa.answering.answerability import Scope, read_answerability, scope_of
from qa.answering.close_reading import CloseReading
from qa.answering.evidence import shipped_model
from qa.answering.questions import read_question
from qa.bundled_files import evidence_file
from qa.domain import Passage, RankedPassage

WHO = read_question("Who keeps the light?")


def ranked(*document_ids):
    return [
        RankedPassage(
            passage=Passage(
                id=str(number), document_id=name, title="t", source="s", text="A.", start=0, end=2, page=None
            ),
            score=1.0, lexical_rank=1, dense_rank=1, similarity=0.5,
        )
        for number, name in enumerate(document_ids)
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("document_ids", "scope"),
    [
        (["a"], Scope.GIVEN),
        (["a", "a"], Scope.GIVEN),
        (["a", "b"], Scope.FOUND),
        (["a", "a", "a"], Scope.FOUND),
        ([], Scope.FOUND),
    ],
)
def test_a_paragraph_that_is_all_there_is_was_given(document_ids, scope):
    assert scope_of(WHO, ranked(*document_ids)) is scope


def test_a_question_for_yes_or_no_has_no_words_to_be_read_closely():
    assert scope_of(read_question("Is the light kept?"), ranked("a")) is Scope.FOUND


def close(score, *, in_lower_case=False):
    return CloseReading(mean=score, titled=score, words=None, in_lower_case=in_lower_case, says_opposite=False)


def test_the_confidence_grows_with_what_speaks_for_an_answer():
    model = shipped_model().answerability
    assert 0 < model.confidence([-4.0], None) < model.confidence([2.0, -4.0], None) < 1
    assert model.confidence([0.0], close(-0.8)) < 0.5 < model.confidence([0.0], close(0.8))
    assert model.confidence([-4.0], close(0.8)) < model.confidence([2.0], close(0.8))


def test_what_says_the_opposite_is_trusted_less():
    model = shipped_model().answerability
    assert model.confidence([2.0], replace(close(0.8), says_opposite=True)) < model.confidence([2.0], close(0.8))


def test_of_what_is_typed_as_into_a_search_box_all_sentences_count():
    model = shipped_model().answerability
    alone, several = [1.0, -6.0, -6.0], [1.0, 0.5, 0.5]
    assert model.confidence(alone, close(0.2)) == model.confidence(several, close(0.2))
    assert model.confidence(alone, close(0.2, in_lower_case=True)) < model.confidence(
        several, close(0.2, in_lower_case=True)
    )


def test_a_careful_answerer_wants_more_confidence_than_an_eager_one():
    for thresholds in shipped_model().answerability.thresholds.values():
        assert 0 < thresholds["eager"] < thresholds["balanced"] < thresholds["careful"] < 1


def test_the_confidence_is_the_formulas():
    model = replace(shipped_model().answerability, found=(2.0, -1.0), given=(0.0, 0.0, 1.0, 0.0, 0.0, 1.0, -2.0, 0.5))
    assert model.confidence([-3.0, 0.5], None) == pytest.approx(0.5)
    read = CloseReading(0.3, -0.5, None, in_lower_case=False, says_opposite=False)
    assert model.confidence([9.0], read) == pytest.approx(0.5)
    opposite = replace(read, titled=1.5, says_opposite=True)
    assert model.confidence([9.0], opposite) == pytest.approx(0.5)
    odds = [math.log(1.0), math.log(3.0)]  # their mean is 2
    lower = CloseReading(0.3, -0.5 - math.log(2.0), None, in_lower_case=True, says_opposite=False)
    assert model.confidence(odds, lower) == pytest.approx(0.5)


@pytest.mark.parametrize("spoilt", [{"found": [1.0]}, {"given": [1.0] * 5}, {"thresholds": {"found": {}}}])
def test_a_damaged_model_file_is_refused(spoilt):
    whole = json.loads(evidence_file().read_text(encoding="utf-8"))["answerability"]
    with pytest.raises((ValueError, KeyError)):
        read_answerability({**whole, **spoilt})
