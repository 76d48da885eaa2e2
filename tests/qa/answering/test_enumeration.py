"""Which things of a sort the text names."""

import pytest

from qa.adapters.local_embedder import LocalEmbedder
from qa.answering.enumeration import Sort, enumerate_all, sort_asked_for
from qa.answering.questions import read_question
from qa.bundled_files import embedder_folder
from tests.qa.answering.made_sentences import made_sentence


@pytest.fixture(scope="module")
def embedder():
    return LocalEmbedder(embedder_folder())


def enumerated(embedder, sort, *lines, most=9):
    return enumerate_all(sort, [made_sentence(line) for line in lines], embedder, most)


@pytest.mark.parametrize(
    ("question", "sort"),
    [
        ("List all the people named in the article", Sort.PEOPLE),
        ("Who is mentioned in these documents?", Sort.PEOPLE),
        ("Who is named?", Sort.PEOPLE),
        ("Which people does the report mention?", Sort.PEOPLE),
        ("please name everyone who is mentioned", Sort.PEOPLE),
        ("people in the document", Sort.PEOPLE),
        ("What dates are given?", Sort.DATES),
        ("Who is named in the minutes?", Sort.PEOPLE),
        ("Give me the dates in this text.", Sort.DATES),
        ("Which amounts of money are mentioned?", Sort.SUMS),
        ("List every price\nin the document", Sort.SUMS),
    ],
)
def test_all_of_a_sort_are_asked_for(question, sort):
    assert sort_asked_for(read_question(question)) is sort


@pytest.mark.parametrize(
    "question",
    [
        "Who is mentioned as the owner?",
        "Who is listed in the article as chair?",
        "What dates are given for the lease?",
        "Which people invested?",
        "How many people are mentioned?",
        "Who was found?",
        "What is the date?",
        "List the people",
        "Which companies are mentioned?",
        "",
    ],
)
def test_what_is_asked_of_something_is_no_enumeration(question):
    assert sort_asked_for(read_question(question)) is None


@pytest.mark.parametrize(
    ("text", "people"),
    [
        ("Ada Lovelace wrote it with Alan Turing and Grace Hopper.", ("Ada Lovelace", "Alan Turing", "Grace Hopper")),
        ("They met OpenAI CEO Sam Altman and Oracle’s Larry Ellison in Berlin.", ("Sam Altman", "Larry Ellison")),
        ("The audit by Rosa Parks for the Harbour Board is done.", ("Rosa Parks",)),
        ("Mrs Thatcher wrote to Dr. Livingstone.", ("Thatcher", "Livingstone")),
        ("Present: T. Edison, chair.", ("T. Edison",)),
        ("The Annual Rent is paid to Goldman Sachs in New York on 3 March.", ()),
        ("Billionaires like it.", ()),
    ],
)
def test_people_are_told_from_companies_titles_and_places(embedder, text, people):
    assert enumerated(embedder, Sort.PEOPLE, text).names == people


def test_a_part_of_a_longer_name_is_the_same_person(embedder):
    named = enumerated(embedder, Sort.PEOPLE, "Ms Hopper came.", "Grace Hopper left.", "Grace Hopper wrote.")
    assert named.names == ("Grace Hopper",)
    assert [item.sentence.text for item in named.evidence] == ["Grace Hopper left."]


def test_a_sum_or_date_is_no_part_of_another(embedder):
    assert enumerated(embedder, Sort.SUMS, "It cost £5 million.", "Tea is £5.").names == ("£5 million", "£5")
    assert enumerated(embedder, Sort.DATES, "It opened on 3 May 1902.", "In 1902 it rained.").names == (
        "3 May 1902",
        "1902",
    )


def test_dates_are_those_that_are_written_out(embedder):
    named = enumerated(embedder, Sort.DATES, "It opened on 3 May 1902 and closed soon.", "It shut in\nJune 1988.")
    assert named.names == ("3 May 1902", "June 1988")


def test_each_sentence_marks_the_first_thing_that_no_earlier_one_has(embedder):
    named = enumerated(embedder, Sort.SUMS, "It cost £9.", "Nothing.", "Of £9, £4 was lent.", "That is £4.")
    assert [(item.sentence.text, item.answer.of(item.sentence.text)) for item in named.evidence] == [
        ("It cost £9.", "£9"),
        ("Of £9, £4 was lent.", "£4"),
    ]
    assert named.is_whole


def test_what_does_not_fit_is_left_out_and_said(embedder):
    named = enumerated(embedder, Sort.SUMS, "It cost £9.", "Then £4.", "Then £2 and £9.", most=2)
    assert (named.names, named.is_whole) == (("£9", "£4"), False)


@pytest.mark.parametrize("sort", list(Sort))
def test_where_nothing_is_named_it_is_empty(embedder, sort):
    named = enumerated(embedder, sort, "Puffins nest on the cliffs below.")
    assert (named.evidence, named.names, named.is_whole) == ((), (), True)
    assert enumerated(embedder, sort).evidence == ()
