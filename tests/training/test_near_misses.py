"""Near misses: one thing of a question is changed, and its passage no longer answers."""

import random

import pytest

from training.examples import ReaderExample
from training.near_misses import WAYS_TRIED, NearMisses, Way
from training.word_kinds import OPPOSITES, SIBLINGS

PASSAGE = (
    "The Tern Rock lighthouse was built by Ada Voss in 1871. The French navy lit it first in March. "
    "Ben Low painted the largest tower in 1902. The NTS (National Trust of Stone) took it over. "
    "It attracted 240 visitors."
)


def example(question, answer, passage=PASSAGE):
    start = passage.index(answer)
    return ReaderExample(question, passage, start, start + len(answer), answerable=True)


ASKED = [
    example("Who built the Tern Rock lighthouse in 1871?", "Ada Voss"),
    example("When did Ada Voss build the lighthouse?", "1871"),
    example("Who painted the largest tower?", "Ben Low"),
    example("In which month did the French navy light it?", "March"),
    example("What did the NTS take over?", "it", PASSAGE),
    example("How many visitors were there after 1902?", "240"),
    # Real uses of what may be swapped in: a word that no real question has would give near misses away.
    *[example(f"Is the {word} one?", "March") for word in ("smallest", "largest", "German", "April", "before")],
]


@pytest.fixture(scope="module")
def maker():
    return NearMisses(ASKED)


def made(maker, asked, tries=200):
    found = (maker.of(asked, asked, random.Random(seed)) for seed in range(tries))
    return {miss.question for miss in found if miss is not None}


def test_a_near_miss_is_another_question_of_the_same_passage_without_an_answer(maker):
    for asked in ASKED:
        for seed in range(50):
            miss = maker.of(asked, asked, random.Random(seed))
            if miss is not None:
                assert miss.question.lower() != asked.question.lower()
                assert (miss.context, miss.start, miss.end, miss.answerable) == (PASSAGE, None, None, False)


def test_the_same_seed_gives_the_same_near_miss(maker):
    other = NearMisses(ASKED)
    for seed in range(20):
        assert maker.of(ASKED[0], ASKED[0], random.Random(seed)) == other.of(ASKED[0], ASKED[0], random.Random(seed))


def test_a_year_becomes_another_year_and_mostly_one_of_the_passage(maker):
    years = {question.removesuffix("?")[-4:] for question in made(maker, ASKED[0])} - {"1871"}
    assert "1902" in years
    assert all(1811 <= int(year) <= 1931 for year in years if year.isdigit())


def test_a_name_becomes_another_of_the_same_kind_that_the_passage_tells_other_things_of(maker):
    assert maker.kind_of("Ada Voss") == maker.kind_of("Ben Low") == "person"
    assert "When did Ben Low build the lighthouse?" in made(maker, ASKED[1])


def test_an_opposite_is_taken_only_where_the_passage_does_not_mention_it(maker):
    assert "Who painted the smallest tower?" in made(maker, ASKED[2])
    both = example("Who painted the largest tower?", "Ben Low", PASSAGE + " Eva Roe painted the smallest tower.")
    assert "Who painted the smallest tower?" not in made(NearMisses([*ASKED, both]), both)


def test_a_nationality_becomes_another(maker):
    assert "In which month did the German navy light it?" in made(maker, ASKED[3])


def test_initials_do_not_stand_for_their_own_name(maker):
    assert not any("National Trust" in question for question in made(maker, ASKED[4]))


def test_a_name_does_not_become_a_part_of_itself():
    passage = "Ada Voss planned it. The old Voss was proud. The tower opened in 1902, years after that."
    asked = example("When did the tower of Ada Voss open?", "1902", passage)
    assert not any("Voss" in question for question in made(NearMisses([*ASKED, asked]), asked) if "Ada" not in question)


def test_what_stands_in_the_answering_sentence_is_not_swapped_in():
    passage = "Ada Voss and Ben Low built the lighthouse in 1871. The keepers left."
    asked = example("When did Ada Voss build the lighthouse?", "1871", passage)
    assert not any("Ben Low" in question for question in made(NearMisses([*ASKED, asked]), asked))


def test_a_question_that_the_passage_answers_too_is_not_made():
    passage = "Ada Voss was born in Bergen. Ben Low was born in Oslo. Both painted."
    asked = [
        example("In which city was Ada Voss born?", "Bergen", passage),
        example("In which city was Ben Low born?", "Oslo", passage),
    ]
    assert not any("Ben Low" in question for question in made(NearMisses([*ASKED, *asked]), asked[0]))


def test_a_name_is_swapped_only_where_the_part_that_is_read_mentions_it(maker):
    asked = ASKED[1]
    shown = ReaderExample(asked.question, "It was built in 1871.", 16, 20, answerable=True)
    found = (maker.of(asked, shown, random.Random(seed)) for seed in range(100))
    assert not any("Ben Low" in miss.question for miss in found if miss is not None)


def test_the_kind_of_answer_asked_for_stays(maker):
    for asked in ASKED:
        assert {question.split()[0] for question in made(maker, asked)} <= {asked.question.split()[0]}


def test_negations_are_few(maker):
    found = [maker.of(ASKED[2], ASKED[2], random.Random(seed)) for seed in range(400)]
    questions = [miss.question for miss in found if miss is not None]
    negated = [text for text in questions if "never" in text or "n't" in text]
    assert 0 < len(negated) < 0.15 * len(questions)


def test_a_birth_becomes_a_death_unless_the_passage_tells_of_one():
    born = "Ada Voss was born in Bergen. She built a lighthouse."
    asked = example("Where was Ada Voss born?", "Bergen", born)
    assert "Where did Ada Voss die?" in made(NearMisses([*ASKED, asked]), asked)
    told = example("Where was Ada Voss born?", "Bergen", born + " She died there.")
    assert "Where did Ada Voss die?" not in made(NearMisses([*ASKED, told]), told)


def test_words_of_one_row_are_all_different():
    for row in SIBLINGS:
        assert len({word.lower() for word in row}) == len(row)
    for one, other in OPPOSITES:
        assert one != other


def test_every_way_is_tried_with_a_chance():
    assert set(WAYS_TRIED) == set(Way)
    assert all(0 < chance <= 1 for chance in WAYS_TRIED.values())
