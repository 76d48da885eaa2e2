from dataclasses import replace

import pytest

from qa.answering.contexts import contexts_of
from qa.answering.features import FEATURES, features_of
from qa.answering.opposites import OPPOSITES, says_opposite
from qa.answering.questions import read_question
from qa.answering.terms import stem, tokenize
from tests.qa.answering.made_sentences import made_sentence

STARTS = "The lease starts on 1 March 2024."


@pytest.mark.parametrize(
    ("question", "line", "opposite"),
    [
        ("When does the lease end?", STARTS, True),
        ("When does the lease start?", STARTS, False),
        ("When does the lease end?", "The lease starts on 1 March 2024 and ends on 3 May 2030.", False),
        ("Does the lease start before or after the end of March?", STARTS, False),  # it asks about both
        ("Which is the smallest office?", "The largest office is in Duisburg.", True),
        ("Which is the smallest office?", "The office in Duisburg is the oldest.", False),
        ("What happens after the notice?", "Before the notice the tenant pays.", True),
        ("Who bought the shares?", "The shares were sold by the fund.", True),
        ("What rent does the tenant pay?", "The rent due to the landlord is £900.", False),
        ("", STARTS, False),
    ],
)
def test_a_sentence_that_says_the_opposite_of_what_is_asked_is_told(question, line, opposite):
    assert says_opposite(question, made_sentence(line)) is opposite


def test_what_leads_to_a_sentence_is_said_with_it():
    answer = made_sentence("It starts on 1 March 2024.")
    assert says_opposite("When does it end?", answer)
    assert not says_opposite("When does it end?", replace(answer, lead=tuple(tokenize("Start and end of the lease"))))


def test_no_word_is_its_own_opposite():
    assert [pair for pair in OPPOSITES if stem(pair[0]) == stem(pair[1])] == []


@pytest.mark.parametrize(("question", "counts"), [("Where is smoking allowed?", 1.0), ("Is smoking allowed?", 0.0)])
def test_the_opposite_decides_a_question_for_yes_or_no(question, counts):
    sentence = made_sentence("Smoking is prohibited here.")
    row = features_of(read_question(question), [sentence], contexts_of([sentence]))[0]
    assert row[FEATURES.index("says_opposite")] == counts
