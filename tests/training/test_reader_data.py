"""The span reader's examples, from files made here."""

import itertools
import random

from training.reader_data import (
    TrainingData,
    clapnq_questions,
    held_out_articles,
    trained_articles,
    validation_questions,
)

UNANSWERED = "How wide is it?"


def training_examples(train, bench, seed, epochs=1):
    """Give the examples of some epochs, one epoch after the other."""
    data = TrainingData(train, bench)
    return [example for number in range(epochs) for example in data.epoch(seed, number)]


def asked(examples, question):
    return [example for example in examples if example.question == question]


def test_an_answer_is_at_its_place_in_its_window(data):
    examples = training_examples(*data, seed=1)
    found = {example.answer for example in examples if example.start is not None}
    assert found == {"Ada Voss", "1988", "Ben Low", "1902", "310 metres", "12,400 pounds"}


def test_an_example_without_a_place_says_whether_its_passage_answers(data):
    examples = training_examples(*data, seed=1)
    [pair] = asked(examples, "Where do puffins nest?")
    assert (pair.start, pair.answerable) == (None, True)
    assert {example.answerable for example in asked(examples, UNANSWERED)} == {False}


def test_the_same_seed_gives_the_same_examples(data):
    assert training_examples(*data, seed=3, epochs=2) == training_examples(*data, seed=3, epochs=2)


def test_an_epoch_depends_on_the_seed_and_its_number_alone(data):
    one, other = TrainingData(*data), TrainingData(*data)
    random.seed(1)
    one.epoch(3, 0)
    random.seed(2)
    assert one.epoch(3, 1) == other.epoch(3, 1)
    assert other.epoch(4, 1) != other.epoch(3, 1)


def test_each_epoch_has_every_question(data):
    once, twice = (training_examples(*data, seed=3, epochs=epochs) for epochs in (1, 2))
    assert twice[: len(once)] == once
    assert len(asked(twice, "How long?")) >= 2 * 4


def test_what_the_answerer_is_fitted_on_is_never_trained_on(data):
    _, bench = data
    assert held_out_articles(bench) == {"A", "D"}
    assert trained_articles(bench) == {"B", "C", "E", "F"}
    examples = training_examples(*data, seed=1)
    assert len(asked(examples, UNANSWERED)) == 2 * 2  # twice each
    held_out = {f"{text} {number}" for text in ("opened", "tern", "puffin") for number in (0, 5)}
    assert held_out.isdisjoint(example.question for example in examples)


def test_validation_asks_of_held_out_articles_only(data):
    _, bench = data
    found = validation_questions(bench, seed=7)
    assert [(question.question, question.answers) for question in found] == [
        (UNANSWERED, ()),
        ("How far?", ("310 metres",)),
    ]  # of the article A alone: D is not in SQuAD 2.0


def test_a_longer_validation_begins_with_the_shorter_one(data):
    _, bench = data
    assert validation_questions(bench, seed=7)[:1] == validation_questions(bench, seed=7, most=1)


def test_near_misses_stand_behind_their_question_and_share_its_passage(data):
    examples = training_examples(*data, seed=1)
    real = {example.question for example in examples if example.answerable}
    changed = [
        (before, example)
        for before, example in itertools.pairwise(examples)
        if example.question not in real and before.start is not None and example.context == before.context
    ]
    assert changed
    assert all(not miss.answerable and miss.question != before.question for before, miss in changed)


def test_clapnq_tells_the_sentences_that_answer(data):
    _, bench = data
    questions = clapnq_questions(bench)
    assert len(questions) == 20
    assert (questions[1].selections, questions[1].answerable) == (("A tern is a bird . It nests on rocks .",), True)
    assert (questions[11].selections, questions[11].answerable) == ((), False)
    [tern] = asked(training_examples(*data, seed=1), "tern 1")
    assert (tern.context, tern.start, tern.answerable) == ("A tern is a bird . It nests on rocks .", None, True)
