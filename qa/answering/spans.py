"""The few words in a sentence that can be an answer: amounts, dates, numbers, names."""

from __future__ import annotations

import re
from collections.abc import Sequence

from qa.answering.kinds import Kind
from qa.answering.questions import Question, Term
from qa.answering.terms import Token, rarity, same_word, tokenize
from qa.answering.times import DAY, MONTH, NUMBER, WORD_NUMBER, dates_of, frequencies_of, spells_of, times_of
from qa.domain import Span

_SCALE = r"(?:\s?(?:trillion|billion|million|thousand|hundred|tn|bn|mn|[kmb]n?\b))"
_CURRENCY_CODE = r"(?:USD|EUR|GBP|CHF|JPY|CNY|INR|AUD|CAD|SEK|NOK|DKK|PLN)"
_CURRENCY_BEFORE = rf"(?:US|A|C|HK)?[$€£¥₹]|\b{_CURRENCY_CODE}"
_MONEY = re.compile(
    rf"(?:{_CURRENCY_BEFORE})\s?{NUMBER}{_SCALE}?"
    rf"|{NUMBER}{_SCALE}?\s(?:U\.?S\.? )?(?:dollars?|euros?|pounds?|yen|yuan|cents?|{_CURRENCY_CODE})\b",
    re.IGNORECASE,
)
_ENDS_WITH_CURRENCY = re.compile(rf"(?:{_CURRENCY_BEFORE})\s?$")
_TIME = re.compile(rf"(?:1\d{{3}}|20\d{{2}})s?|{MONTH}|{DAY}")
_QUANTITY = re.compile(
    rf"\b{NUMBER}{_SCALE}?(?:\s?(?:%|percent|per cent))?|\b{WORD_NUMBER}(?:[ -]{WORD_NUMBER})*\b"
    r"|\b(?:half|twice|(?:hundred|thousand|million|billion|dozen)s)\b",
    re.IGNORECASE,
)
_NAME = re.compile(
    r"(?:[A-Z][\w’'&.-]*[\w]|[A-Z]\.?|[A-Z](?:\.[A-Z])+\.?)"
    r"(?:[ ](?:(?:of|the|and|de|van|von|for|al)[ ]){0,2}(?:[A-Z][\w’'&.-]*[\w]|(?:[A-Z]\.)+|[A-Z]))*"
)
_PLACE_BEFORE = re.compile(
    r"\b(?:in|at|from|near|to|of|across|around|on|outside|within|through|into)\s(?:the\s)?$", re.IGNORECASE
)
_NO_NAME = re.compile(rf"(?:{DAY}s?|{MONTH})(?:\s\d+)?")
_ABBREVIATION = 4  # letters at most of a name in capitals that may be a person's
_ASKS_HOW_OFTEN = re.compile(r"\bhow (?:often|frequently|regularly)\b", re.IGNORECASE)
_ASKS_HOW_MANY_TIMES = re.compile(r"\bhow many times\b", re.IGNORECASE)
_ASKS_HOW_LONG = re.compile(r"\bhow (?:long|soon|quickly|fast)\b", re.IGNORECASE)
_PERCENT = re.compile(r"%|per ?cent", re.IGNORECASE)
_ASKS_PERCENT = re.compile(r"\b(what|which|how many) (per ?cent|percentage|proportion|share)", re.IGNORECASE)
_POSSESSIVE = re.compile(r"['’]s?$")


def answer_spans(question: Question, sentence: str) -> list[Span]:
    """Give the spans of `sentence` that are of the asked kind and not already in the question, in order.

    Empty when none is, and for kinds that any words can answer.
    """
    asked = [term.token.stem for term in question.terms]
    return [
        span
        for span in _spans_of_kind(question, sentence)
        if not all(_repeats(token, asked) for token in tokenize(span.of(sentence)))
    ]


def nearest_span(question: Question, sentence: str, spans: Sequence[Span]) -> Span | None:
    """Give the span that stands nearest to the question's words; None when there is no span.

    Nearness counts each word by its rarity over its distance in words; the earlier span wins a tie.
    """
    if not spans:
        return None
    tokens = tokenize(sentence)
    matched = [
        (position, term.weight)
        for position, token in enumerate(tokens)
        for term in question.terms
        if same_word(token.stem, term.token.stem)
    ]

    def nearness(span: Span) -> float:
        inside = [position for position, token in enumerate(tokens) if span.start <= token.start < span.end]
        if not inside:
            return 0.0
        return sum(
            weight / (1 + min(abs(position - inside[0]), abs(position - inside[-1])))
            for position, weight in matched
            if position not in inside
        )

    return max(spans, key=lambda span: (round(nearness(span), 9), -span.start))


def has_kind(kind: Kind) -> bool:
    """Tell whether answers of this kind can be told by their form."""
    return kind in (Kind.MONEY, Kind.DATE, Kind.NUMBER, Kind.PERSON, Kind.NAME, Kind.PLACE)


def _spans_of_kind(question: Question, sentence: str) -> list[Span]:
    match question.kind:
        case Kind.MONEY:
            return _found(_MONEY, sentence)
        case Kind.DATE:
            return times_of(sentence)
        case Kind.NUMBER:
            return _numbers(question.text, sentence)
        case Kind.PERSON:
            # Abbreviations are seldom people; a sentence with nothing else may still name one ("JFK").
            names = _names(sentence)
            return [span for span in names if not span.of(sentence).isupper()] or [
                span for span in names if span.end - span.start <= _ABBREVIATION
            ]
        case Kind.NAME:
            return _names(sentence)
        case Kind.PLACE:
            return [span for span in _names(sentence) if _PLACE_BEFORE.search(sentence[: span.start])]
        case _:
            return []


def _numbers(question: str, sentence: str) -> list[Span]:
    """Give what counts or measures, in numbers or, where the question asks for that, as how often or how long."""
    if _ASKS_HOW_OFTEN.search(question):
        return frequencies_of(sentence)
    if _ASKS_HOW_MANY_TIMES.search(question) and (often := frequencies_of(sentence)):
        return often
    if _ASKS_HOW_LONG.search(question) and (spells := spells_of(sentence)):
        return spells
    # A date's or a sum's digits do not count anything.
    taken = [*dates_of(sentence), *_found(_MONEY, sentence)]
    free = [span for span in _found(_QUANTITY, sentence) if not any(_overlap(span, other) for other in taken)]
    return [span for span in free if _PERCENT.search(span.of(sentence))] if _ASKS_PERCENT.search(question) else free


def _names(sentence: str) -> list[Span]:
    spans = []
    for found in _found(_NAME, sentence):
        span = _without_opening_stop_words(sentence, found)
        ending = _POSSESSIVE.search(span.of(sentence))
        span = Span(start=span.start, end=span.end - len(ending.group()) if ending else span.end)
        is_other = re.fullmatch(_CURRENCY_CODE, span.of(sentence)) or _NO_NAME.fullmatch(span.of(sentence))
        if not is_other and not _is_everyday_opening(sentence, span):
            spans.append(span)
    return spans


def _without_opening_stop_words(sentence: str, span: Span) -> Span:
    """Take off words like "The", "In" or "Has" that are capitalised only because the sentence begins there."""
    tokens = [token for token in tokenize(span.of(sentence)) if not token.is_stop_word]
    return Span(start=span.start + tokens[0].start, end=span.end) if tokens else span


def _is_everyday_opening(sentence: str, span: Span) -> bool:
    """Tell whether the span is one everyday word, capitalised because it opens the sentence or a quote."""
    tokens = tokenize(span.of(sentence))
    opens = not sentence[: span.start].strip(" \"'“‘([-*#>") or sentence[: span.start].rstrip()[-1:] in '.!?:“"'
    return len(tokens) == 0 or (
        len(tokens) == 1 and (tokens[0].is_stop_word or (opens and rarity(tokens[0].surface) < 0.8))
    )


def _repeats(token: Token, asked: Sequence[str]) -> bool:
    return token.is_stop_word or any(same_word(token.stem, stem) for stem in asked)


def _found(pattern: re.Pattern[str], sentence: str) -> list[Span]:
    return [Span(start=match.start(), end=match.end()) for match in pattern.finditer(sentence) if match.group()]


def with_currency(text: str, span: Span) -> Span:
    """Give a span that begins with a number together with the currency right before it: "EUR 38,400"."""
    if not text[span.start : span.end][:1].isdigit():
        return span
    before = _ENDS_WITH_CURRENCY.search(text, 0, span.start)
    return span if before is None else Span(start=before.start(), end=span.end)


def _overlap(left: Span, right: Span) -> bool:
    return left.start < right.end and right.start < left.end


def is_time(term: Term) -> bool:
    """Tell whether a term is a year, a month or a day of the week, as it is written."""
    return _TIME.fullmatch(term.token.surface) is not None
