import pytest

from eval.drafting.sentences import gaps_in, lone_sentences, names_in


@pytest.mark.parametrize(
    "sentence",
    [
        "SoftBank said it will invest $5 billion in Ampere.",
        "The capital of France has 2.1 million inhabitants.",
        "In 2016, Acme bought a mill in Riga (its second).",
        "The Daily News of Riga has “about 500” readers a day.",
    ],
)
def test_a_sentence_that_names_its_subject_stands_alone(sentence):
    assert [span.of(sentence) for span in lone_sentences(sentence)] == [sentence]


@pytest.mark.parametrize(
    "sentence",
    [
        "It invested $5 billion in Ampere in 2016.",
        "In 2016 he invested $5 billion in Ampere.",
        "However, SoftBank invested $5 billion in Ampere.",
        "SoftBank invested $5 billion in this company in 2016.",
        "We invested $5 billion in Ampere in 2016.",
        "The company moved to Riga in the year 2004.",
        "The factories may use many humanoid robots from NVIDIA.",
        "According to the report, SoftBank invested $5 billion.",
        "Did SoftBank invest $5 billion in Ampere in 2016?",
        "READ: SoftBank to invest $500 million in robotics.",
        "SoftBank invested $5 billion in Ampere (see",
        "SoftBank invested $5 billion in Ampere in 2016",
        "the otter eats about 5 kilograms of fish a day.",
        "SoftBank bought Ampere.",
        "See https://example.org for what SoftBank invested in 2016.",
        f"SoftBank invested {'a very ' * 40}large sum in Ampere.",
    ],
)
def test_what_points_elsewhere_or_is_no_sentence_does_not(sentence):
    assert list(lone_sentences(sentence)) == []


@pytest.mark.parametrize(
    ("sentence", "gaps"),
    [
        (
            "In 2016, SoftBank invested $4.4 billion in WeWork.",
            [("year", "2016"), ("name", "SoftBank"), ("money", "$4.4 billion"), ("name", "WeWork")],
        ),
        ("On 3 May 2020, 12.5% of Riga was closed.", [("date", "3 May 2020"), ("percent", "12.5%"), ("name", "Riga")]),
        (
            "The River Thames has 1,250 boats and 12 euros.",
            [("name", "River Thames"), ("number", "1,250"), ("money", "12 euros")],
        ),
        ("Acme’s mill paid Acme 12 euros.", [("money", "12 euros")]),
        ("American mills paid Ada of Riga on Monday.", [("name", "Ada of Riga")]),
    ],
)
def test_gaps_are_amounts_dates_numbers_and_names_that_stand_there_once(sentence, gaps):
    found = [(gap.kind, sentence[gap.start : gap.end]) for gap in gaps_in(sentence)]
    assert found == gaps


def test_a_word_that_opens_the_sentence_is_a_name_only_where_it_is_known():
    assert gaps_in("Ampere was sold for a song.") == []
    (gap,) = gaps_in("Ampere was sold for a song.", known=frozenset({"Ampere"}))
    assert (gap.kind, gap.start, gap.end) == ("name", 0, 6)


def test_names_are_taken_from_within_sentences():
    assert names_in("Otters swim. They met Ada Voss’s otter in May near Riga.") == {"Ada Voss", "Riga"}
