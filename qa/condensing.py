"""A follow-up and the turns before it → a question that stands alone, without a model service."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from qa.answering.kinds import Kind
from qa.answering.questions import read_question
from qa.answering.terms import tokenize
from qa.domain import NO_USAGE, Turn, Usage
from qa.varying import name_spans, vary

_PERSON_PRONOUN = re.compile(r"\b(he|she|him|his|her|hers|himself|herself)\b", re.IGNORECASE)
_THING_PRONOUN = re.compile(r"\b(it|its|they|them|their|theirs|itself|themselves)\b", re.IGNORECASE)
_POINTING = re.compile(
    r"\b(that|this|those|these|there|then|the same|ones?"
    r"|the (?:company|firm|deal|investment|amount|man|woman|other))\b",
    re.IGNORECASE,
)
# "How did she respond to that?" points back whatever else it names.
_ENDS_POINTING = re.compile(
    r"\b(?:about|after|before|by|for|from|of|on|than|to|with) (?:that|this|those|these)\W*$", re.I
)
_OPENING = re.compile(
    r"^(?:(?:and|but|so|ok(?:ay)?|also|then|now|well)\b[\s,]*)*(?:(?:what|how) about\b|what of\b|and\b)?\s*",
    re.IGNORECASE,
)
_LEANS = re.compile(
    r"^(?:(?:and|but|so|also|then|what about|how about|what of|how so)\b|(?:why|when|where|who)\W*$)",
    re.IGNORECASE,
)
_ASKS = re.compile(
    r"\b(who|what|when|where|why|which|how|whose|is|are|was|were|did|does|do|has|have|had|can|will)\b",
    re.IGNORECASE,
)
_PAIR = re.compile(r"\b(?:the two of them|both of them|they both|those two|these two)\b", re.IGNORECASE)
_NAMES_CARRIED = 2
_POSSESSIVE_PRONOUNS = frozenset({"his", "her", "hers", "its", "their", "theirs"})


@dataclass(frozen=True, slots=True)
class Standalone:
    """A question that stands alone, what rewriting it cost, and what the user should know of it."""

    question: str
    usage: Usage = NO_USAGE
    notices: tuple[str, ...] = ()


def condense_offline(question: str, history: Sequence[Turn]) -> Standalone:
    """Do as `standalone_question`."""
    return Standalone(standalone_question(question, history))


def standalone_question(question: str, history: Sequence[Turn]) -> str:
    """Fill in what a follow-up leaves out from the turns before it, oldest first.

    A question that names its own subject is given back as it is, so that history does not pollute it.
    """
    if not history or not leans(question):
        return question
    # Each earlier follow-up was itself understood through the turns before it.
    earlier = history[0].question
    for turn, following in pairwise(history):
        follows = leans(following.question)
        earlier = _fill_in(following.question, earlier, turn) if follows else following.question
    return _fill_in(question, earlier, history[-1])


def leans(question: str) -> bool:
    """Tell whether a question cannot be understood without the turn before it."""
    if _LEANS.search(question.strip()) or _ENDS_POINTING.search(question):
        return True
    names_something = any(term.is_name and not term.token.is_number for term in read_question(question).terms)
    if _PERSON_PRONOUN.search(question) or _THING_PRONOUN.search(question):
        return not _refers_within(question)
    tells = any(not token.is_stop_word for token in tokenize(question))
    return not names_something and bool(_POINTING.search(question) or not tells)


def _refers_within(question: str) -> bool:
    """Tell whether a name stands before the first pronoun ("Did SoftBank say why it …?")."""
    pronoun = min(
        match.start() for match in (_PERSON_PRONOUN.search(question), _THING_PRONOUN.search(question)) if match
    )
    return any(
        term.is_name and not term.token.is_number and term.token.start < pronoun
        for term in read_question(question).terms
    )


def _fill_in(question: str, earlier: str, turn: Turn) -> str:
    """Complete `question` by the turn before it, whose own question stands alone as `earlier`."""
    rest = _OPENING.sub("", question.strip(), count=1).strip() or question.strip()
    if not _ASKS.search(rest):
        return vary(earlier, rest.rstrip("?.! "))
    if question.strip()[0].isupper():
        rest = rest[0].upper() + rest[1:]  # or the question would look as if it had been typed without capitals
    # A question for a name is about what was answered, any other about what it names itself.
    asked_for_a_name = read_question(earlier).kind in (Kind.PERSON, Kind.NAME, Kind.PLACE)
    said = [turn.answer, turn.question] if asked_for_a_name else [turn.question, turn.answer]
    texts = [*said, earlier]
    pair = _pair(texts)
    if len(pair) == 2 and _PAIR.search(rest):
        return _PAIR.sub(" and ".join(pair), rest)
    filled = rest
    person = _person(texts) if _PERSON_PRONOUN.search(rest) else None
    if person:
        filled = _replace(_PERSON_PRONOUN, filled, person)
    thing = _thing(texts, other_than=person)
    if thing:
        filled = _replace(_THING_PRONOUN, filled, thing)
    if filled != rest and not _POINTING.search(rest):
        return filled
    subject = " ".join(_subject(earlier, turn.answer, without=filled))
    return f"{filled.rstrip('?.! ')} ({subject})?" if subject else filled


def _replace(pronoun: re.Pattern[str], question: str, name: str) -> str:
    def name_for(match: re.Match[str]) -> str:
        return f"{name}'s" if match.group().lower() in _POSSESSIVE_PRONOUNS else name

    return pronoun.sub(name_for, question)


def _thing(texts: Sequence[str], *, other_than: str | None) -> str | None:
    """Give the first name that is not the person's, whole words before abbreviations; None when there is none."""
    for text in texts:
        names = [span.of(text) for span in name_spans(text)]
        names = [name for name in names if other_than is None or name not in other_than]
        if names:
            return next((name for name in names if not name.isupper()), names[0])
    return None


def _pair(texts: Sequence[str]) -> list[str]:
    """Give the first two different names."""
    names = dict.fromkeys(span.of(text) for text in texts for span in name_spans(text))
    return list(names)[:2]


def _person(texts: Sequence[str]) -> str | None:
    """Give the first name of two words, as people mostly have, else the first name; None when there is none.

    Abbreviations in capitals are no people's names.
    """
    for text in texts:
        names = [span.of(text) for span in name_spans(text)]
        names = [name for name in names if not name.replace(".", "").isupper()]
        if names:
            return next((name for name in names if len(name.split()) == 2), names[0])
    return None


def _subject(earlier: str, earlier_answer: str, *, without: str) -> list[str]:
    """Give what the turn before was about: its question's telling words and its answer's names, each once."""
    words = {token.stem: token.surface for token in tokenize(earlier) if not token.is_stop_word}
    for span in name_spans(earlier_answer)[:_NAMES_CARRIED]:
        words.update({token.stem: token.surface for token in tokenize(span.of(earlier_answer))})
    known = {token.stem for token in tokenize(without)}
    return [surface for stem, surface in words.items() if stem not in known]
