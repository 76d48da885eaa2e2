"""Questions for all things of a sort that the text names, "Which people are mentioned?", and what answers them.

No one sentence answers them, and no word of the question stands in those that do. They are answered by form: dates and
sums by how they are written, people by what the vectors of names are nearest to, for no list has them all. (Companies
and places were tried the same way and are told too badly.)
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

import numpy as np

from qa.answering.candidates import Sentence
from qa.answering.evidence import Evidence
from qa.answering.kinds import Kind
from qa.answering.questions import Question, read_question
from qa.answering.spans import answer_spans
from qa.answering.terms import tokenize
from qa.answering.times import dates_of
from qa.domain import Span
from qa.interfaces import Embedder


class Sort(StrEnum):
    """What can be asked for."""

    PEOPLE = "people"
    DATES = "dates"
    SUMS = "sums"


_NOUNS = {
    Sort.PEOPLE: r"people|persons?|individuals?|who|everyone|everybody|names of people",
    Sort.DATES: r"dates?",
    Sort.SUMS: r"(?:amounts?|sums?)(?: of money)?|prices?",
}
# What is called so is one document of several, the one that is found first; an "article" may be any.
_ONE = (
    r"(?:minutes|letter|e-?mail|message|contract|agreement|lease|manual|guide|handbook|policy|paper|study|notes|transcript"
    r"|interview|story|invoice|memo)"
)
_TEXT = rf"(?:{_ONE}|articles?|documents?|texts?|pieces?|reports?|pages?|files?|corpus|collection|sources?|here)"
_IS_ONE = re.compile(rf"\b(?:the|this|that) {_ONE}\b", re.IGNORECASE)
_NAMED = r"(?:named|mentioned|listed|cited|given|stated|referred to|appear(?:s|ing)?|occur(?:s|ring)?)"
_FILLER = r"(?:the|all|every|any|each|different|various|that|which|who|of|is|are|was|were|be|been|do|does|by name)"
_IN_TEXT = (
    r"(?:(?:found |contained )?(?:in|from|by|throughout) (?:(?:the|this|these|that|those|my|our|your|any|all) )*"
    rf"(?:of (?:the )?)?{_TEXT})"
)
_LIST = r"(?:list|name|enumerate|give(?: me)?|show(?: me)?)"
_ASKS = {
    sort: re.compile(
        rf"(?:and |so |please )*(?:"
        rf"{_LIST}(?: {_FILLER})* (?:{noun})(?: {_FILLER})*(?: {_NAMED}(?: {_IN_TEXT})?| {_IN_TEXT})"
        rf"|(?:(?:what|which)(?: {_FILLER})* )?(?:{noun})(?: {_FILLER})* (?:{_NAMED}(?: {_IN_TEXT})?|{_IN_TEXT})"
        rf"|(?:what|which)(?: {_FILLER})* (?:{noun}) (?:does|do) (?:the|this|these|that) {_TEXT}"
        r" (?:name|mention|list|give|cite)"
        r")(?: by name)?",
        re.IGNORECASE,
    )
    for sort, noun in _NOUNS.items()
}
_ANY = read_question("")
_TITLE = (
    r"(?:CEO|CFO|COO|CTO|(?:Vice[ -])?President|Chair(?:man|woman)?|(?:Prime )?Minister|Secretary|Director|Manager"
    r"|Judge|Justice|Senator|Governor|Mayor|Captain|Professor|Prof\.?|Doctor|Dr\.?|Mr\.?|Mrs\.?|Ms\.?|Miss|Sir|Lord|Lady)"
)
_TITLES = re.compile(rf"{_TITLE}(?: {_TITLE})*")
_INITIALS = re.compile(r"(?:[A-Z]\.[ -]?){1,3}[A-Z][\w'’-]+")
_BEFORE_TITLED = re.compile(rf"\b{_TITLE} $")
# "OpenAI CEO Sam Altman and Oracle's Larry Ellison" names four.
_CUTS = re.compile(rf"['’]s? | and (?:the )?|(?<![\w.]){_TITLE} | {_TITLE}$| (?:for|of) (?:the )?")
# What vectors of names are compared with; four sorts, for a name is told by what it is nearest to.
_EXAMPLES = {
    "people": (
        "a person", "the name of a man", "the name of a woman", "somebody's first name and surname", "Marie Curie",
        "Alan Turing", "Wangari Maathai", "Nelson Mandela", "Frida Kahlo", "Albert Einstein", "Rosa Parks",
        "Mahatma Gandhi", "Sun Yat-sen", "Yuri Gagarin", "Ada Lovelace", "Johann Sebastian Bach", "Muhammad Ali",
        "Dr Livingstone", "Mrs Thatcher", "William Shakespeare", "Barack Obama", "Emily Brontë", "John Lennon",
        "Grace Hopper",
    ),
    "organisations": (
        "a company", "an organisation", "the name of a company", "a firm or an institution", "Microsoft", "Toyota",
        "Siemens AG", "Acme Ltd", "Goldman Sachs", "Red Cross", "World Health Organization", "Harvard University",
        "The Guardian", "Department of Justice", "Manchester United", "Labour Party", "Tesco",
    ),
    "places": (
        "a place", "a city", "a country", "the name of a town or region", "Germany", "Chicago", "Tokyo", "Australia",
        "River Thames", "Mount Everest", "Texas", "Lagos", "Park Avenue", "Europe", "Brazil", "Cornwall",
    ),
    "others": (
        "a thing", "a product", "an idea", "an event", "a language", "a document", "Internet", "Linux", "Christmas",
        "French", "Buddhism", "World Cup", "Civil War", "Constitution", "Annual Report", "Model T", "Jazz", "Article 5",
        "Windows", "Security Policy", "Manager", "President", "Customer", "Introduction",
    ),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Enumeration:
    """What the sentences name of the asked sort.

    Attributes:
        evidence: The sentences that together name all, or as many as were allowed, in their order; each with the
            first of its names that no sentence before it has.
        names: The names in these sentences as they are written, each once, in their order.
        is_whole: All that were found are in them.
    """

    evidence: tuple[Evidence, ...]
    names: tuple[str, ...]
    is_whole: bool


def sort_asked_for(question: Question) -> Sort | None:
    """Give the sort of things of which all are asked for, whatever they are named for; None for other questions."""
    text = " ".join(question.text.replace("’", "'").split()).strip(" ?.!:")
    return next((sort for sort, form in _ASKS.items() if form.fullmatch(text)), None)


def asks_of_one_document(question: Question) -> bool:
    """Tell whether it asks what one document names ("the minutes"), and not whatever there is."""
    return _IS_ONE.search(question.text) is not None


def enumerate_all(sort: Sort, sentences: Sequence[Sentence], embedder: Embedder, most: int) -> Enumeration:
    """Find all things of a sort in `sentences`, and at most `most` of these that name them; empty where none does.

    A part of a person's longer name is the same: "Hopper" beside "Grace Hopper".
    """
    found = [_spans(sort, sentence.text) for sentence in sentences]
    if sort is Sort.PEOPLE:
        found = _people(sentences, found, embedder)
    once: dict[str, tuple[int, Span]] = {}
    for at, spans in enumerate(found):
        for span in spans:
            once.setdefault(" ".join(span.of(sentences[at].text).split()), (at, span))
    parts = _parts_of_others(once) if sort is Sort.PEOPLE else set()
    names = {name: place for name, place in once.items() if name not in parts}
    shown = sorted({at for at, _ in names.values()})[:most]
    first = {at: next(span for place, span in names.values() if place == at) for at in shown}
    return Enumeration(
        evidence=tuple(Evidence(sentences[at], 1.0, first[at]) for at in shown),
        names=tuple(name for name, (at, _) in names.items() if at in first),
        is_whole=all(at in first for at, _ in names.values()),
    )


def _spans(sort: Sort, text: str) -> list[Span]:
    if sort is Sort.DATES:
        return dates_of(text)
    if sort is Sort.SUMS:
        return answer_spans(replace(_ANY, kind=Kind.MONEY), text)
    return [part for span in answer_spans(replace(_ANY, kind=Kind.NAME), text) for part in _cut(text, span)]


def _cut(text: str, span: Span) -> list[Span]:
    """Cut a run of capitalised words into the names in it, without titles."""
    parts, start = [], span.start
    for cut in _CUTS.finditer(text, span.start, span.end):
        parts.append(Span(start=start, end=cut.start()))
        start = cut.end()
    parts.append(Span(start=start, end=span.end))
    bare = [
        Span(start=part.end - len(part.of(text).lstrip()), end=part.start + len(part.of(text).rstrip()))
        for part in parts
    ]
    return [part for part in bare if part.of(text) and not _TITLES.fullmatch(part.of(text))]


def _people(sentences: Sequence[Sentence], found: Sequence[Sequence[Span]], embedder: Embedder) -> list[list[Span]]:
    """Keep people's names: those after a title or with initials, and of several words those most like such names."""
    longer = [
        span.of(sentence.text) for sentence, spans in zip(sentences, found, strict=True) for span in spans
        if " " in span.of(sentence.text)
    ]  # fmt: skip
    names = list(dict.fromkeys(longer))
    people = {name for name, nearest in zip(names, _nearest(names, embedder), strict=True) if nearest == "people"}
    return [
        [
            span
            for span in spans
            if span.of(sentence.text) in people
            or _INITIALS.fullmatch(span.of(sentence.text))
            or _BEFORE_TITLED.search(sentence.text, 0, span.start)
        ]
        for sentence, spans in zip(sentences, found, strict=True)
    ]


def _nearest(names: Sequence[str], embedder: Embedder) -> list[str]:
    """Give for each name the sort to whose examples' mean its vector is nearest."""
    if not names:
        return []
    examples = [example for own in _EXAMPLES.values() for example in own]
    vectors = embedder.embed([*examples, *names])
    ends = np.cumsum([len(own) for own in _EXAMPLES.values()])[:-1]
    means = [own.mean(axis=0) for own in np.split(vectors[: len(examples)], ends)]
    sorts = list(_EXAMPLES)
    return [sorts[int(np.argmax(row))] for row in vectors[len(examples) :] @ np.stack(means).T]


def _parts_of_others(names: Iterable[str]) -> set[str]:
    """Give the names that are some of the words of a longer one."""
    words = {name: frozenset(token.stem for token in tokenize(name)) for name in names}
    return {name for name, own in words.items() if any(own < others for others in words.values())}
