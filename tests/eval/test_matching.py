import re
import string
from collections import Counter

from hypothesis import example, given, settings
from hypothesis import strategies as st

from eval.matching import (
    contains,
    first_contained,
    normalised_tokens,
    placed_words,
    places_of,
    squad_exact_match,
    squad_f1,
    squad_tokens,
    token_f1,
)


def test_normalisation_drops_case_punctuation_and_articles():
    assert normalised_tokens("The U.S. paid “$6.5 billion”, an A-rated sum!") == [
        *("us", "paid", "6.5", "billion", "arated", "sum")
    ]


def test_curly_quotes_equal_straight_ones():
    assert normalised_tokens("didn’t “actually”") == normalised_tokens('didn\'t "actually"')


def test_an_accent_may_be_composed_or_not():
    assert normalised_tokens("Cafe\u0301") == normalised_tokens("Caf\u00e9")


def test_a_dash_or_an_ellipsis_parts_words():
    assert normalised_tokens("WeWork—once big…gone") == ["wework", "once", "big", "gone"]


def test_a_smaller_amount_is_not_found_inside_a_larger_one():
    assert not contains("a $6.5 billion acquisition", "$5 billion")
    assert contains("a devaluation to $5 billion.", "$5 billion")


def test_a_point_between_digits_is_kept_and_a_comma_is_not():
    assert normalised_tokens("4,400.50 is No. 44.") == ["4400.50", "is", "no", "44"]
    assert not contains("It was $44 billion.", "$4.4 billion")


def test_part_of_a_word_is_not_contained():
    assert not contains("He went to Sonoma.", "Son")


def test_words_must_be_neighbours_and_in_order():
    assert not contains("Son of Masayoshi", "Masayoshi Son")
    assert not contains("Masayoshi K. Son", "Masayoshi Son")


def test_what_has_no_words_is_contained_nowhere():
    assert not contains("the end", "the")
    assert not contains("", "end")


def test_the_first_alternative_that_fits_is_given():
    assert first_contained("about $1 trillion", ["over $1 trillion", "$1 trillion"]) == "$1 trillion"
    assert first_contained("about $2 trillion", ["over $1 trillion", "$1 trillion"]) is None


def test_token_f1_by_hand():
    # given: 3 words, gold: 2 words, 2 shared: precision 2/3, recall 1, F1 = 4/5
    assert token_f1("founder Masayoshi Son", "Masayoshi Son") == 0.8
    assert token_f1("The Masayoshi Son.", "masayoshi son") == 1.0
    assert token_f1("Sam Altman", "Masayoshi Son") == 0.0


def test_token_f1_counts_a_repeated_word_once_for_each_time_it_is_in_both():
    # "go go go" and "go go stop": 2 shared of 3 and 3
    assert token_f1("go go go", "go go stop") == 2 / 3


def test_token_f1_of_texts_without_words():
    assert token_f1("...", "the") == 1.0
    assert token_f1("...", "Ada") == 0.0


def test_places_run_from_the_first_word_to_the_last():
    text = "“Ada”, she said. Ada Lovelace!"
    assert [place.of(text) for place in places_of(text, "ada")] == ["“Ada”,", "Ada"]
    assert [place.of(text) for place in places_of(text, "the Ada, Lovelace")] == ["Ada Lovelace!"]


@given(st.text())
def test_every_placed_word_is_made_from_its_place(text):
    placed = placed_words(text)
    assert [normalised_tokens(word.span.of(text)) for word in placed] == [[word.word] for word in placed]


def test_squad_deletes_ascii_punctuation_only():
    assert squad_tokens("The “U.S.” paid $6.5, an A-rated sum — really") == [
        *("“us”", "paid", "65", "arated", "sum", "—", "really")
    ]
    assert squad_exact_match("The  Norman", "norman!") == 1.0
    assert squad_exact_match("Normans", "Norman") == 0.0


# The published procedure, written anew: lower case, no punctuation, no articles, single spaces.
def published_tokens(text):
    kept = "".join(character for character in text.lower() if character not in set(string.punctuation))
    return re.sub(r"\b(?:a|an|the)\b", " ", kept).split()


def published_f1(prediction, gold):
    guessed, wanted = published_tokens(prediction), published_tokens(gold)
    if not guessed or not wanted:
        return float(guessed == wanted)
    left, shared = Counter(wanted), 0
    for token in guessed:
        if left[token] > 0:
            left[token] -= 1
            shared += 1
    if shared == 0:
        return 0.0
    precision, recall = shared / len(guessed), shared / len(wanted)
    return 2 * precision * recall / (precision + recall)


WORDS = st.lists(
    st.sampled_from(["the", "a", "An", "Norman", "norman,", "U.S.", "“x”", "6.5", "6,5", "go", "Go!", "-", "don't"]),
    max_size=8,
).map(" ".join)
TEXTS = WORDS | st.text(max_size=30)


@settings(max_examples=400)
@given(TEXTS, TEXTS)
@example("", "the")
@example("...", "Ada")
def test_squad_scores_are_those_of_the_published_procedure(prediction, gold):
    assert squad_exact_match(prediction, gold) == float(published_tokens(prediction) == published_tokens(gold))
    assert abs(squad_f1(prediction, gold) - published_f1(prediction, gold)) < 1e-12
