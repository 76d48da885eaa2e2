"""An elliptic follow-up, "And for gas?", put in its place in the question before it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from qa.answering.likeness import word_vector
from qa.answering.questions import read_question
from qa.answering.spans import answer_spans
from qa.answering.terms import Token, is_stop_word, tokenize
from qa.domain import Span

_TIME = re.compile(
    r"\b(?:in|on|during|by|since|before|after)\s+(?:(?:early|late|mid)\s+)?"
    r"(?:\d{4}|(?:January|February|March|April|May|June|July|August|September|October|November|December)(?:\s+\d{1,2})?(?:,?\s+\d{4})?)",
    re.IGNORECASE,
)
_PREPOSITIONS = "for|to|with|by|from|about|at|of|in|on|under|during"
_PREPOSITION = re.compile(rf"({_PREPOSITIONS})\s+\S", re.IGNORECASE)
_DETERMINER = r"(?i:an?|the|another|my|our|your|his|her|its|their|this|that|each|every|any)\b"
# "And to a high one?", "And for early ones?", but not "And on day one?"
_ONE = re.compile(rf"\b(?P<before>(?:{_DETERMINER}\s+(?:\S+\s+)?(?=ones?$)|\S+\s+(?=ones$)))ones?$", re.IGNORECASE)
# A "to" after these opens no phrase: "How long does it take to …?"
_BEFORE_VERB = re.compile(
    r"\b(?:take|takes|took|have|has|had|need|needs|want|wants|like|allowed|able|going|used|ought|required|entitled"
    r"|possible|how|where|when|what|whether|tr(?:y|ies|ying))\s+$",
    re.IGNORECASE,
)
_DETERMINED = re.compile(rf"{_DETERMINER}\s+\S")
_ARTICLE = re.compile(r"^(?:the|a|an)\s+", re.IGNORECASE)
_ARTICLE_BEFORE = re.compile(r"\b(?:the|a|an)\s+$", re.IGNORECASE)
# How alike, as a cosine of word vectors, a word must be to be changed for another: less where both stand in phrases of
# one form ("for a dog", "with cats"). Dinner and lunch have .63, cats and dogs .46, car and bicycle .39; a day and a
# contractor -.06. Set by hand on such pairs.
_ALIKE, _ALIKE_IN_FORM = 0.4, 0.25


def vary(earlier: str, change: str) -> str:
    """Ask the earlier question with one thing changed: the time, a phrase, a name, or what is most like the change.

    "And in 2017?", "And to France?", "And the Free plan?", "And lunch?"; what has no place in it goes to its end.
    """
    base = earlier.strip().rstrip("?.! ")
    if not change:
        return f"{base}?"
    if _TIME.fullmatch(change) or re.fullmatch(r"\d{4}", change):
        time = change if _TIME.fullmatch(change) else f"in {change}"
        return f"{_TIME.sub(time, base, count=1)}?" if _TIME.search(base) else f"{base} {time}?"
    one = _ONE.search(change)
    if (preposition := _PREPOSITION.match(change)) and (
        place := _last_phrase(preposition[1], base, of_one=one is not None)
    ):
        changed = f"{change[: one.end('before')]}{base[: place.end].split()[-1]}" if one else change
        return f"{base[: place.start]}{changed}{base[place.end :]}?"
    names = name_spans(base)
    if names and any(token.is_capitalised for token in tokenize(change)):
        last = names[-1]
        before, after = base[: last.start], base[last.end :]
        bare = _ARTICLE.sub("", change) if _ARTICLE_BEFORE.search(before) else change
        if (repeated := bare.split()[-1].lower()) and after.lower().split()[:1] == [repeated]:
            after = after.lstrip()[len(repeated) :]
        return f"{_TIME.sub('', before + bare + after).strip()}?"
    swapped = _in_place_of_the_likest(base, change)
    return f"{swapped or f'{base} {change}'}?"


def _last_phrase(preposition: str, question: str, *, of_one: bool) -> Span | None:
    """Give the last few words that a preposition leads in, up to the next one; None when it is not there.

    At the question's end a third word may well be its verb ("What does a room in the city cost?"), unless the phrase
    names such a thing as `of_one` asks for another of: an article, an adjective and a noun. A "to" before
    a verb leads no phrase in, as far as the word before it tells (`_BEFORE_VERB`).
    """
    opening = rf"\b(?i:{preposition})\b"
    word, next_one = rf"\s+(?!(?:{_PREPOSITIONS})\b)\S+", rf"(?=\s+(?:{_PREPOSITIONS})\b)"
    ending = rf"\s+{_DETERMINER}{word}{word}$|(?:{word}){{1,2}}$" if of_one else rf"(?:{word}){{1,2}}$"
    phrase = rf"{opening}(?:(?:{word}){{1,3}}{next_one}|{ending})"
    found = [match for match in re.finditer(phrase, question) if not _BEFORE_VERB.search(question, 0, match.start())]
    return Span(start=found[-1].start(), end=found[-1].end()) if found else None


def _in_place_of_the_likest(question: str, change: str) -> str | None:
    """Put a change in the place of the word, or phrase of its form, that is most like it; None when none is.

    "What is it by car?" and "by bicycle" give "What is it by bicycle?", "Is lunch paid?" and "dinner" give "Is dinner
    paid?".
    """
    telling = [token for token in tokenize(change) if not token.is_stop_word]
    if not telling:
        return None
    head = telling[-1]
    places = [
        (float(word_vector(head.surface) @ word_vector(token.surface)), place)
        for token, place in _places(question, change, len(telling))
        if not token.is_stop_word and not token.is_number
    ]
    likeness, best = max(places, key=lambda each: each[0], default=(0.0, None))
    has_form = _PREPOSITION.match(change) or _DETERMINED.match(change)
    if best is None or likeness < (_ALIKE_IN_FORM if has_form else _ALIKE):
        return None
    return question[: best.start] + change + question[best.end :]


def _places(question: str, change: str, words: int) -> Iterator[tuple[Token, Span]]:
    """Give the words that a change might be put in place of, each with what would be replaced.

    After a preposition that is a phrase that another one leads in, up to its last word, after an article one with an
    article; else the word, with one before it where the change has several and they end alike ("the basic plan").
    """
    tokens = tokenize(question)
    if _PREPOSITION.match(change) or _DETERMINED.match(change):
        opening = rf"(?i:{_PREPOSITIONS})" if _PREPOSITION.match(change) else _DETERMINER
        word = rf"\s+(?!(?:{_PREPOSITIONS}|that|which|who)\b)\S+"
        for match in re.finditer(rf"\b{opening}(?:{word}){{1,3}}", question):
            inside = [token for token in tokens if match.start() < token.start < match.end()]
            # "Model A" has no article.
            if inside and match.group()[0].islower() and not _BEFORE_VERB.search(question, 0, match.start()):
                yield from ((token, Span(start=match.start(), end=token.span.end)) for token in inside)
    else:
        for before, token in zip([None, *tokens], tokens, strict=False):
            both = (
                words > 1 and before is not None and not before.is_stop_word and token.stem == tokenize(change)[-1].stem
            )
            yield token, Span(start=before.start if both and before else token.start, end=token.span.end)


def name_spans(text: str) -> list[Span]:
    """Give the capitalised names of a text, in order."""
    asks_for_names = read_question("Who?")
    return [span for span in answer_spans(asks_for_names, text) if not is_stop_word(span.of(text))]
