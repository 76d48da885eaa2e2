"""Whether a row of a table, or an entry "Weight: 7.4 kg", is about something else than what is asked."""

from __future__ import annotations

import re
from itertools import pairwise

import numpy as np

from qa.answering.candidates import Sentence
from qa.answering.contexts import Context, has_word
from qa.answering.kinds import Kind
from qa.answering.likeness import word_vector
from qa.answering.questions import Question
from qa.answering.rows import cells_of
from qa.answering.terms import Token, same_word, tokenize
from qa.splitting import LABELLED

TOLD_BY_FORM = (Kind.MONEY, Kind.DATE, Kind.NUMBER)
"""Kinds of questions whose answers have a form, so that what has none does not answer."""
_BEFORE_A_NOUN = re.compile(
    r"(?:^|\b(?:an?|the|my|our|your|their|any|some|of|for|on|in|with|and|or|is|are|was|were|does?|did|what|which|much"
    r"|many)\s+)$",
    re.IGNORECASE,
)
# Words whose vectors have a lower cosine do not mean the same: "yearly" and "annual" have .82, "car" and "vehicle" .71,
# but "monthly" and "annual" .60, "breakfast" and "lunch" .56. A development set, of a few pairs.
_SAME_MEANING = 0.65
# The name of an entry and the word that asks for it have more: "weight" and "heavy" .65, "flow" and "loud" .18.
_LIKE_ITS_NAME = 0.3


def is_row_of_another(question: Question, sentence: Sentence, everywhere: set[str]) -> bool:
    """Tell whether a table's row is about another of what is asked for: "Lunch on a journey", of breakfast on one.

    Its first cell has a word of the question behind one that means something else than the question's word there, which
    stands in none of the stems `everywhere`. Only a word joined in the same way stands there, for "days of leave"
    and "annual leave" are no two sorts, and no verb does ("How do I book leave?").
    """
    if sentence.header is None:
        return False
    first = next((cell.of(sentence.text) for cell in cells_of(sentence.text)), "")
    told, asked = ([token for token in tokenize(text) if not token.is_stop_word] for text in (first, question.text))
    stems = {token.stem for token in asked}
    return any(
        same_word(thing.stem, of.stem)
        and _joint(question.text, before, thing) == _joint(first, other, of)
        and before.stem not in everywhere
        and _BEFORE_A_NOUN.search(question.text, 0, before.start) is not None
        and not any(same_word(other.stem, stem) for stem in stems)
        and float(word_vector(before.surface) @ word_vector(other.surface)) < _SAME_MEANING
        for before, thing in pairwise(asked)
        for other, of in pairwise(told)
    )


def lacks_key(question: Question, sentence: Sentence, context: Context) -> bool:
    """Tell whether a table's row lacks a word of the question by which other rows are told from it.

    Asked for "the pine shelf in 120 cm", neither the row "Oak shelf | 120 cm" answers nor "Pine shelf | 80 cm".
    """
    if sentence.header is None:
        return False
    words = {token.stem for token in sentence.words}
    keys = set().union(*context.row_keys.values())
    return any(has_word(keys, term) and not has_word(words, term) for term in question.terms)


def is_called_otherwise(question: Question, sentence: Sentence) -> bool:
    """Tell whether an entry gives an amount or date of something else: "Flow: 3,200 litres" for "How loud is it?".

    Its value has no word of the question, and its name and what leads to it none that is like one; words of the
    document's title tell nothing.
    """
    entry = LABELLED.match(sentence.text)
    if question.kind not in TOLD_BY_FORM or entry is None:
        return False
    title = {token.stem for token in tokenize(sentence.ranked.passage.title)}
    asked = [term for term in question.terms if not has_word(title, term)]
    if any(has_word({token.stem for token in sentence.words}, term) for term in asked):
        return False
    names = [*sentence.lead, *(token for token in sentence.tokens if token.start < entry.end())]
    told = [word_vector(token.surface) for token in names if not token.is_stop_word]
    alike = np.stack([word_vector(term.token.surface) for term in asked]) @ np.stack(told).T if asked and told else None
    return alike is not None and float(alike.max()) < _LIKE_ITS_NAME


def _joint(text: str, before: Token, after: Token) -> list[str]:
    """Give the words between two tokens of a text: "on", "a" in "lunch on a journey"."""
    return text[before.span.end : after.start].lower().split()
