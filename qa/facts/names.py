"""Names, compared by the stem of each word or by their initials ("UN")."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from qa.answering.terms import is_stop_word, stem
from qa.domain import Span

_NAME_WORD = re.compile(r"(?:[^\W\d_]\.){2,}|[^\W_]+(?:[.&’'](?!s\b)[^\W_]+)*")
_NAME_GAP = re.compile(r"[\s-]?(?:(?:of|the|and|for|de)\s)*")
# "America" and "American", "Iraq" and "Iraqi", but not "John" and "Johnson".
_NAME_ENDINGS = ("n", "an", "ian", "ean", "ese", "ish", "i", "s")
_HONORIFICS = frozenset("Mr Mrs Ms Miss Dr Sir Prof".split())
_ABBREVIATION = re.compile(r"\b(?:[A-Z]|Mr|Mrs|Ms|Dr|St|Prof|Gen|Sen|Gov|Rep|Lt|Col|Inc|Co|Corp|vs)\.$")
_OPENERS = frozenset(
    "according additionally afterwards although altogether among another because before between currently despite"
    " during earlier early either eventually finally first five following four furthermore given hence however"
    " initially instead last late later meanwhile moreover neither nevertheless next none nonetheless nor only"
    " otherwise overall people recently second several similarly since six still subsequently ten therefore third"
    " though three through throughout thus today together two ultimately under unless unlike until upon whereas"
    " whether while within without yes yesterday yet".split()
)
_NO_NAME_ENDINGS = (
    "ers", "ors", "ists", "ics", "ions", "ies", "ments", "ings", "ives", "als", "ing", "ly", "ed", "tion", "sion",
    "ment", "ness", "ity", "ism", "ance", "ence",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Wording:
    """The words of a text.

    Attributes:
        names: Each word of a name apart.
        words: Stems of all words.
        initials: Those of the names, in order, with "|" where other words part them.
    """

    names: list[Span]
    words: frozenset[str]
    initials: str


def wording_of(text: str, taken: Sequence[Span]) -> Wording:
    """Give the words of a text; no name begins within the spans that are taken."""
    words = list(_NAME_WORD.finditer(text))
    names = [_span(match) for match in words if _is_name(text, match)]
    return Wording(
        names=[name for name in names if not any(span.start <= name.start < span.end for span in taken)],
        words=frozenset(stem(match.group()) for match in words),
        initials=_initials(text, [_span(match) for match in words if match.group()[0].isupper()]),
    )


def missing_names(statement: str, names: Sequence[Span], held: Wording) -> list[Span]:
    """Give the names that are not there; neighbouring words of one are given as one."""
    runs: list[list[Span]] = []
    for span in names:
        if _holds_name(held, span.of(statement)):
            continue
        if runs and _NAME_GAP.fullmatch(statement, runs[-1][-1].end, span.start):
            runs[-1].append(span)
        else:
            runs.append([span])
    return [Span(start=run[0].start, end=run[-1].end) for run in runs if not _holds_initials(held, statement, run)]


def _span(match: re.Match[str]) -> Span:
    return Span(start=match.start(), end=match.end())


def _is_name(text: str, match: re.Match[str]) -> bool:
    word = match.group()
    if word == word.lower() or is_stop_word(word) or word in _HONORIFICS:
        return False
    return not (word[1:].islower() and opens_sentence(text, match.start()) and _is_no_name(word.lower()))


def _is_no_name(word: str) -> bool:
    """Tell whether a word that begins a sentence is capitalised for that alone.

    Many names are everyday words too ("Bob", "Musk", "Ford"), so only what no name looks like passes: another form
    of a word ("Researchers", "Spending"), and what mostly begins a sentence.
    """
    return word in _OPENERS or (len(word) > 5 and word.endswith(_NO_NAME_ENDINGS))


def _holds_name(held: Wording, word: str) -> bool:
    name = stem(word)
    if name in held.words or any(name + ending in held.words for ending in _NAME_ENDINGS):
        return True
    bases = {name.removesuffix(ending) for ending in _NAME_ENDINGS if len(name) > 4}
    letters = word.replace(".", "")
    return bool(bases & held.words) or (letters.isupper() and 2 <= len(letters) <= 6 and letters in held.initials)


def _holds_initials(held: Wording, statement: str, run: Sequence[Span]) -> bool:
    return len(run) > 1 and stem("".join(span.of(statement)[0] for span in run)) in held.words


def _initials(text: str, capitalised: Sequence[Span]) -> str:
    letters, end = "", 0
    for span in capitalised:
        if not is_stop_word(span.of(text)):
            letters += "" if _NAME_GAP.fullmatch(text, end, span.start) else "|"
            letters += text[span.start]
            end = span.end
    return letters


def opens_sentence(text: str, at: int) -> bool:
    """Tell whether what stands at an offset opens a sentence, or all of the text."""
    before = text[max(0, at - 20) : at].rstrip(" \n\"'“‘([*#>-")
    return not before or (before[-1] in ".!?:" and not _ABBREVIATION.search(before))
