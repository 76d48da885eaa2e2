"""Words of like meaning lie near each other; what the vocabulary lacks is put together from pieces."""

import numpy as np
import pytest

from qa.answering.likeness import pieces, word_vector


@pytest.mark.parametrize(
    ("word", "like", "unlike"),
    [("workers", "labor", "billion"), ("takeover", "acquisition", "robots"), ("machines", "robots", "doubt")],
)
def test_words_of_like_meaning_are_nearer_than_others(word, like, unlike):
    near, far = (float(word_vector(word) @ word_vector(other)) for other in (like, unlike))
    assert near > 0.4 > 0.2 > far


def test_vectors_have_unit_length_and_case_does_not_count():
    assert np.linalg.norm(word_vector("Skerries")) == pytest.approx(1.0, abs=1e-5)
    assert np.array_equal(word_vector("Robots"), word_vector("robots"))


def test_a_word_is_made_of_the_longest_pieces_of_the_vocabulary():
    assert "".join(pieces("skerries")).replace("##", "") == "skerries"
    assert len(pieces("skerries")) > 1
    assert pieces("robots") == ["robots"]


def test_a_word_of_unknown_letters_has_no_pieces_and_is_like_nothing():
    assert pieces("\U0001f600") == []
    assert not word_vector("\U0001f600").any()
