"""What the evidence model cannot learn from its examples, as rules.

SQuAD's questions, the unanswerable ones too, were written by people who saw the paragraph: they hardly ever ask about
something that is not mentioned, or for an amount where there is none.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from qa.answering.candidates import Sentence
from qa.answering.contexts import Context, has_word
from qa.answering.entries import TOLD_BY_FORM, is_called_otherwise, is_row_of_another, lacks_key
from qa.answering.kinds import Kind
from qa.answering.questions import Question, Term
from qa.answering.spans import answer_spans, is_time
from qa.answering.terms import Token, initialisms, same_word, tokenize
from qa.domain import RankedPassage

# A name of so many letters is taken for a misspelt word of the passages when they are so much alike (0 to 1).
_SHORTEST_MISSPELT = 5
_ALIKE = 0.8
_SMALL_NUMBERS = {
    str(number): (word, roman)
    for number, (word, roman) in enumerate(
        zip(
            "one two three four five six seven eight nine ten eleven twelve".split(),
            "i ii iii iv v vi vii viii ix x xi xii".split(),
            strict=True,
        ),
        start=1,
    )
}
# "Japanese" tells where somebody is from, and which country is meant, but no other place.
_NATIONALITIES = frozenset(
    "african american arab argentine asian australian austrian belgian brazilian british bulgarian canadian chilean"
    " chinese colombian croatian cuban czech danish dutch egyptian english ethiopian european filipino finnish french"
    " german greek hungarian icelandic indian indonesian iranian iraqi irish israeli italian japanese kenyan korean"
    " malaysian mexican moroccan nigerian norwegian pakistani peruvian polish portuguese romanian russian saudi"
    " scottish serbian singaporean slovak slovenian spanish swedish swiss syrian taiwanese thai turkish ukrainian"
    " vietnamese welsh".split()
)
_MEANS_A_COUNTRY = re.compile(r"\b(?:countr(?:y|ies)|nations?|from|origins?)\b", re.IGNORECASE)
_ENDS_SENTENCE = re.compile(r"[.!?…:][\"'”’)]*\s*$")
# Set by hand on the gold set for seeds/, which therefore is a development set for them.
_LACKS_FORM, _LACKS_NAME, _LACKS_TIME, _NOWHERE, _NAMES_ANOTHER, _LACKS_SIGNS = 3.0, 3.0, 4.0, 5.0, 5.0, 5.0
_SIGNS = (
    (
        re.compile(
            r"\b(?:(?:tele)?phone|mobile|fax|account|invoice|order|reference|registration|serial|room|house|flight)"
            r" numbers?\b|\b(?:post|zip)[ -]?codes?\b",
            re.IGNORECASE,
        ),
        re.compile(r"\d"),
    ),
    (re.compile(r"\be-?mail address(?:es)?\b", re.IGNORECASE), re.compile(r"@")),
)


def penalties_of(
    question: Question, sentences: Sequence[Sentence], contexts: Mapping[str, Context]
) -> NDArray[np.float64]:
    """Give what each sentence loses, in log-odds, by what it lacks: shape (len(sentences),).

    A sentence without an amount, date or number does not say how much, when or how many, nor one where that has but a
    nationality; a title says nothing. One that is far from a name or number of the question, in a document whose title
    has it not, is mostly about another, the more so when it is far from a year or month, and surely where it names
    another (`names_another`) or is another's entry or row. As with `unmentioned_names`, SQuAD cannot teach it.
    """
    runs = _names_in_a_row(question)
    everywhere = set().union(*(context.stems for context in contexts.values()))
    everywhere |= set().union(*(_stems(title) for title in {item.ranked.passage.title for item in sentences}))
    penalties = np.zeros(len(sentences))
    for at, sentence in enumerate(sentences):
        context = contexts[sentence.ranked.passage.id]
        nearby = context.around(sentence) | _stems(sentence.ranked.passage.title)
        if question.kind in TOLD_BY_FORM and not answer_spans(question, sentence.text):
            penalties[at] += _LACKS_SIGNS if question.kind is Kind.MONEY else _LACKS_FORM
        if is_title(sentence):
            penalties[at] += _LACKS_FORM
        if lacks_its_signs(question.text, sentence.text):
            penalties[at] += _LACKS_SIGNS
        if question.kind is Kind.PLACE and is_no_place(question.text, sentence):
            penalties[at] += _LACKS_FORM
        # What is compared mostly stands in sentences of its own.
        if not question.compares:
            missing = [name for run in runs if not _is_mentioned(run[-1], nearby) for name in run]
            penalties[at] += _loss(missing, everywhere)
            about_another = (
                names_another(question, sentence, context)
                or is_row_of_another(question, sentence, everywhere)
                or lacks_key(question, sentence, context)
                or is_called_otherwise(question, sentence)
            )
            if about_another:
                penalties[at] += _NAMES_ANOTHER
    return penalties


def is_title(sentence: Sentence) -> bool:
    """Tell whether a sentence is its document's title, and not prose with which a document without one begins."""
    return sentence.text == sentence.ranked.passage.title and _ENDS_SENTENCE.search(sentence.text) is None


def is_no_place(question: str, sentence: Sentence) -> bool:
    """Tell whether all that a sentence has for "Where?" is a nationality, and no country was asked for."""
    if sentence.read.span is None or _MEANS_A_COUNTRY.search(question):
        return False
    span = sentence.read.span
    words = tokenize(sentence.ranked.passage.text[span.start : span.end])
    return bool(words) and all(word.surface.lower() in _NATIONALITIES for word in words)


def names_another(question: Question, sentence: Sentence, context: Context) -> bool:
    """Tell whether a sentence speaks of another one of what the question names: the Business plan, not Enterprise.

    It has not the name, but the word that follows it in the question right after another capitalised word, and
    elsewhere its passage has the two as they were asked for.
    """
    stems = {token.stem for token in sentence.words}
    names = {term.token.start for term in question.terms if term.is_name and term.token.is_capitalised}
    for name, thing in pairwise(tokenize(question.text)):
        if name.start not in names or thing.is_stop_word or thing.is_capitalised or name.stem in stems:
            continue
        others = {before.stem for before in _capitalised_before(thing, sentence.tokens)}
        elsewhere = (_capitalised_before(thing, tokens) for tokens in context.sentences.values())
        if others and any(before.stem == name.stem for found in elsewhere for before in found):
            return True
    return False


def lacks_its_signs(question: str, sentence: str) -> bool:
    """Tell whether a sentence has no digit for a question for a phone number, say, or no "@" for an e-mail address."""
    return any(asked.search(question) and not sign.search(sentence) for asked, sign in _SIGNS)


def _capitalised_before(thing: Token, tokens: Sequence[Token]) -> list[Token]:
    return [
        before
        for before, token in pairwise(tokens)
        if before.is_capitalised and not before.is_stop_word and same_word(token.stem, thing.stem)
    ]


def _loss(missing: Sequence[Term], everywhere: set[str]) -> float:
    """Give what the names that are not near a sentence cost it; those that are nowhere at all cost most."""
    if not missing:
        return 0.0
    if any(not _is_mentioned(name, everywhere) for name in missing):
        return _NOWHERE
    return _LACKS_TIME if any(map(is_time, missing)) else _LACKS_NAME


def _names_in_a_row(question: Question) -> list[list[Term]]:
    """Give the question's names, those that follow each other together: the text may have the last one alone."""
    runs: list[list[Term]] = []
    for term in question.terms:
        follows = runs and runs[-1][-1].token.span.end + 1 == term.token.start
        if term.is_name and follows and not term.token.is_number:
            runs[-1].append(term)
        elif term.is_name:
            runs.append([term])
    return runs


def unmentioned_names(question: Question, passages: Sequence[RankedPassage]) -> list[str]:
    """Give the question's names and numbers that no passage mentions, in order; a slip of the pen is forgiven.

    What is asked about something that is nowhere named has no answer here, however alike the rest is. The model
    cannot learn it: SQuAD's questions, the unanswerable ones too, were written by people who saw the paragraph. Of
    who types all in small letters nobody knows which words are names; a missing one then only counts against.
    """
    texts = [text for ranked in passages for text in (ranked.passage.title, ranked.passage.text)]
    words = set().union(*map(_stems, texts))
    return [term.token.surface for term in question.terms if _surely_names(term) and not _is_mentioned(term, words)]


def _stems(text: str) -> set[str]:
    """Give the stems of a text's words, and the initials of its names."""
    return {token.stem for token in (*tokenize(text), *initialisms(text))}


def _is_mentioned(term: Term, words: set[str]) -> bool:
    """Tell whether a name or number is among the stems `words`, perhaps misspelt, or a number in words."""
    return has_word(words, term) or _is_spelt(term, words) or _is_misspelt(term, words)


def _surely_names(term: Term) -> bool:
    return term.is_name and (term.token.is_capitalised or term.token.is_number)


def _is_spelt(term: Term, words: set[str]) -> bool:
    """Tell whether a small number is there as a word or a Roman numeral: "World War 2", "World War II"."""
    return not words.isdisjoint(_SMALL_NUMBERS.get(term.token.surface, ()))


def _is_misspelt(term: Term, words: set[str]) -> bool:
    spelling = term.token.stem
    long_enough = len(spelling) >= _SHORTEST_MISSPELT and not term.token.is_number
    return long_enough and bool(get_close_matches(spelling, words, n=1, cutoff=_ALIKE))
