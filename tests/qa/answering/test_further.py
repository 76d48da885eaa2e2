"""Which sentences stand beside the best one."""

from dataclasses import replace

import numpy as np
import pytest

from qa.answering.evidence import Evidence
from qa.answering.further import further_evidence
from qa.answering.questions import read_question
from qa.interfaces import Reading
from tests.qa.answering.made_sentences import made_sentence

TEXT = (
    "The mill was built by the miller Ada Voss. It ground wheat for all the farms around it. "
    "The Quill Bridge was built by a guild of masons. Nobody knows who paid for either of them. End of it."
)

NOTHING = np.array([])
IN_PASSAGE = Reading(begins=NOTHING, ends=NOTHING, start_scores=NOTHING, end_scores=NOTHING)


def weighed(*probabilities):
    lines = TEXT.split(". ")
    return [
        Evidence(made_sentence(line, TEXT, reading=IN_PASSAGE), probability, None)
        for line, probability in zip(lines, probabilities, strict=False)
    ]


def further(question, candidates, *, in_lower_case=False, threshold=0.1):
    best, *others = sorted(candidates, key=lambda item: -item.probability)
    chosen = further_evidence(read_question(question), best, others, threshold, in_lower_case=in_lower_case)
    return [candidates.index(item) for item in chosen]


def test_a_question_for_one_thing_gets_one_sentence():
    assert further("Who built the mill?", weighed(0.8, 0.75, 0.7)) == []


def test_a_question_for_several_gets_what_is_nearly_as_good():
    assert further("Which people were its builders?", weighed(0.8, 0.1, 0.76, 0.6)) == [2]
    assert further("Which people were its builders?", weighed(0.05, 0.01, 0.05, 0.01), threshold=0.1) == []


def test_a_comparison_gets_what_brings_a_name_that_the_best_sentence_lacks():
    assert further("Which is larger in Quill, Ada's?", weighed(0.3, 0.2, 0.2, 0.1)) == [2]


def test_what_is_typed_as_into_a_search_box_gets_the_rest_of_the_account():
    candidates = weighed(0.8, 0.3, 0.21, 0.1, 0.7)  # the last one is too short for prose
    assert further("who built the mill", candidates, in_lower_case=True) == [1, 2]
    assert further("who built the mill", candidates) == []


@pytest.mark.parametrize("change", ["row", "passage"])
def test_rows_and_other_passages_are_no_part_of_the_account(change):
    best, other = weighed(0.8, 0.7)
    if change == "row":
        other = replace(other, sentence=replace(other.sentence, reading=None))
    else:
        elsewhere = replace(other.sentence.ranked, passage=replace(other.sentence.ranked.passage, id="q"))
        other = replace(other, sentence=replace(other.sentence, ranked=elsewhere))
    assert further("who built the mill", [best, other], in_lower_case=True) == []


def test_each_sentence_comes_once():
    chosen = further(
        "which people were builders of the mill or the quill bridge", weighed(0.8, 0.1, 0.76), in_lower_case=True
    )
    assert chosen == [2]
