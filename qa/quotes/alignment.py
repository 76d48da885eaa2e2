"""A quote with small slips → where it aligns with a text, as long as no telling word differs."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from qa.answering.terms import rarity
from qa.domain import Span
from qa.facts.amounts import NUMBER_WORDS
from qa.quotes.folding import Folded

_FEWEST_CHARS = 20
# Aligning long texts would take seconds.
_MOST_QUOTE_CHARS, _MOST_CHARS = 1_000, 20_000
# Of quotes cut from SQuAD paragraphs and harmlessly changed, a higher cutoff loses the short ones. A lower one finds
# hardly more, and takes no more altered facts: `_says_the_same` turns those down.
_ALIGNED_CUTOFF = 88.0
# Words that the quote may reach beyond, or stay short of, where its characters align best.
_SLACK_WORDS = 3
_SLACK_CHARS = 60

_TOKEN = re.compile(
    r"\d+(?:[.,:/-]\d+)*(?![^\W_])|(?:[^\W_][\u0300-\u036f]*)+(?:'(?:[^\W_][\u0300-\u036f]*)+)*"
    r"|(?<![^\W_])-(?=\d)|[^\w\s.,;:!?…'\"()\[\]*#-]"
)
_FILLERS = frozenset(("a", "an", "the", "that"))
_INFLECTION = re.compile(r"(?:e?s|e?d|ing|e)$")


@dataclass(frozen=True, slots=True)
class _Word:
    """A word, number or telling sign of a folded text, with its place there."""

    text: str
    start: int
    end: int
    is_name: bool

    @property
    def is_filler(self) -> bool:
        """Tell whether nothing changes without it; the A of "vitamin A" is a name."""
        return self.text in _FILLERS and not (self.text == "a" and self.is_name)


def _words(folded: Folded, start: int, end: int) -> list[_Word]:
    return [
        _Word(match.group(), match.start(), match.end(), folded.source[folded.starts[match.start()]].isupper())
        for match in _TOKEN.finditer(folded.text, start, end)
    ]


def aligned_span(said: Folded, there: Folded) -> Span | None:
    """Give the place in the source of `there`; None when `said` is too short, or says something else."""
    fits = _FEWEST_CHARS <= len(said.text) <= _MOST_QUOTE_CHARS
    if not fits or len(there.text) > _MOST_CHARS:
        return None
    from rapidfuzz.fuzz import partial_ratio_alignment  # 50 ms, and verbatim quotes do not need it

    aligned = partial_ratio_alignment(said.text, there.text, score_cutoff=_ALIGNED_CUTOFF)
    if aligned is None:
        return None
    quoted = _words(said, 0, len(said.text))
    run = _nearest_run(quoted, there, aligned.dest_start, aligned.dest_end)
    if not quoted or not run or not _says_the_same(quoted, run):
        return None
    return there.span(run[0].start, run[-1].end)


def _nearest_run(quoted: Sequence[_Word], there: Folded, start: int, end: int) -> list[_Word]:
    """Give the words about the aligned characters `start` to `end` that the fewest word edits make of the quote."""
    from rapidfuzz.distance import Levenshtein

    words = _words(there, max(0, start - _SLACK_CHARS), end + _SLACK_CHARS)
    wanted, texts = [word.text for word in quoted], [word.text for word in words]
    first = sum(word.end <= start for word in words)
    last = sum(word.start < end for word in words)

    def edits(begin: int, stop: int) -> int:
        return Levenshtein.distance(wanted, texts[begin:stop])

    shifts = sorted(range(-_SLACK_WORDS, _SLACK_WORDS + 1), key=abs)
    last = min((max(first, last + shift) for shift in shifts), key=lambda stop: edits(first, stop))
    first = min((max(0, first + shift) for shift in shifts), key=lambda begin: edits(begin, last))
    return words[first:last]


def _says_the_same(quoted: Sequence[_Word], run: Sequence[_Word]) -> bool:
    """Tell whether two runs of words differ in fillers, and in spelling and inflection of everyday words, at most."""
    from rapidfuzz.distance import Levenshtein

    for edit in Levenshtein.opcodes([word.text for word in quoted], [word.text for word in run]):
        said, there = quoted[edit.src_start : edit.src_end], run[edit.dest_start : edit.dest_end]
        if edit.tag == "replace" and not all(map(_is_same_word, said, there)):
            return False
        if edit.tag in ("insert", "delete") and not all(word.is_filler for word in (*said, *there)):
            return False
    return True


def _is_same_word(said: _Word, there: _Word) -> bool:
    left, right = said.text, there.text
    if said.is_filler and there.is_filler:
        return True
    if said.is_name or there.is_name or not (left + right).isalpha() or {left, right} & NUMBER_WORDS.keys():
        return False
    base = _INFLECTION.sub("", left)
    return (len(base) >= 4 and base == _INFLECTION.sub("", right)) or _is_misspelt(left, right)


def _is_misspelt(left: str, right: str) -> bool:
    """Tell whether just one of two words is in the vocabulary and a letter slipped: left out, put in, or swapped.

    Another letter instead does not count, nor another first letter: "afferent" is not "efferent", nor is
    "symptomatic" "asymptomatic".
    """
    from rapidfuzz.distance import OSA

    slipped = len(left) != len(right) or sorted(left) == sorted(right)
    return (
        slipped
        and min(len(left), len(right)) >= 5
        and left[0] == right[0]
        and OSA.distance(left, right) == 1
        and (rarity(left) < 1.0) != (rarity(right) < 1.0)
    )
