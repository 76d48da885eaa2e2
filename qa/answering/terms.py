"""Words as the extractive answerer compares them: tokens with places, stems, and how telling each is."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache

from py_rust_stemmers import SnowballStemmer

from qa.bundled_files import embedder_folder
from qa.domain import Span

# Dotted abbreviations whole ("U.S."), two countries of two words, numbers with their separators, words without a
# possessive "'s".
_TOKEN = re.compile(
    r"(?:[^\W\d_]\.){2,}|\bUnited (?:States|Kingdom)\b|\d+(?:[.,]\d+)*"
    r"|(?!(?<=['’])s\b)[^\W\d_]+(?:[-.&][^\W\d_]+)*(?:['’](?!s\b)[^\W\d_]+)?"
)
_BETWEEN_WORDS = r"(?:[ \t]+|[ \t]*\n[ \t]*)"
_NAME_RUN = re.compile(rf"\b[A-Z][a-z]+(?:{_BETWEEN_WORDS}(?:(?:of|the|and|for){_BETWEEN_WORDS})?[A-Z][a-z]+)+\b")
_STOP_WORDS = frozenset(
    "a about according again all also am an and any are as at be been being both but by can cannot could did do does"
    " doing done each else ever for from get give given had has have he her here hers him his how i if in into is it"
    " its itself just kind let like made make many may me might mine more most much must my name named no nor not of"
    " on one or other our out over own please said same say says shall she should show so some such sure tell than"
    " that the their them then there these they thing this those to too type up us use used very want was we were"
    " what whats when where which while who whom whose why will with would yes you your".split()
)
_COUNTRIES = {
    "US": "america",
    "USA": "america",
    "United States": "america",
    "UK": "britain",
    "United Kingdom": "britain",
}
# In BERT's vocabulary, whole words are sorted by frequency from this id on ("the" is 1996).
_FIRST_WORD_ID = 1996
# "99.0" is 99; "3.10" may be a version or a section and stays, as does "1.000", a thousand in German.
_NO_DECIMALS = re.compile(r"\.00?$")


@dataclass(frozen=True, slots=True)
class Token:
    """A word or number of a text.

    Attributes:
        surface: As written.
        stem: Lower case, without dots, endings taken off; equal stems count as the same word.
        start: Offset in the text.
    """

    surface: str
    stem: str
    start: int

    @property
    def span(self) -> Span:
        """Where the token stands in the text."""
        return Span(start=self.start, end=self.start + len(self.surface))

    @property
    def is_number(self) -> bool:
        """Tell whether it begins with a digit."""
        return self.surface[0].isdigit()

    @property
    def is_capitalised(self) -> bool:
        """Tell whether it begins with a capital letter."""
        return self.surface[0].isupper()

    @property
    def is_stop_word(self) -> bool:
        """Tell whether it only holds a sentence together ("the", "which", "did")."""
        return is_stop_word(self.surface)


def tokenize(text: str) -> list[Token]:
    """Give the words and numbers of a text in order, without punctuation and possessive endings."""
    return [
        Token(surface=match.group(), stem=stem(match.group()), start=match.start()) for match in _TOKEN.finditer(text)
    ]


def initialisms(text: str) -> list[Token]:
    """Give the initials of each run of capitalised words as a token, placed where the run begins: "EU"."""
    found = []
    for run in _NAME_RUN.finditer(text):
        words = [word for word in run.group().split() if word[0].isupper() and not is_stop_word(word)]
        if len(words) > 1:
            initials = "".join(word[0] for word in words)
            # No country: "Union Square" is not the U.S.
            spelt = str(_stemmer().stem_word(initials.lower()))
            found.append(Token(surface=initials, stem=spelt, start=text.index(words[0], run.start())))
    return found


@lru_cache(maxsize=65536)
def stem(word: str) -> str:
    """Give the Snowball stem of a word; abbreviations lose their dots, numbers what does not change their value."""
    if word[0].isdigit():
        digits = word.replace(",", "")
        return _NO_DECIMALS.sub("", digits) if digits.count(".") == 1 else digits
    bare = word.replace(".", "").replace("’", "'")
    # "US" and "U.S." are the country, "us" the pronoun; one country counts as one word, whatever it is called.
    named = _COUNTRIES.get(bare)
    return str(_stemmer().stem_word(named or bare.lower()))


def is_stop_word(word: str) -> bool:
    """Tell whether a word only holds a sentence together; an abbreviation in capitals never does."""
    if len(word) > 1 and word.replace(".", "").isupper():
        return False
    return word.replace("’", "'").lower() in _STOP_WORDS


@lru_cache(maxsize=65536)
def rarity(word: str) -> float:
    """Give how telling a word is, 0 (the commonest) to 1 (rare, or a name).

    By Zipf's law a word's frequency falls as 1 / rank, so its inverse document frequency grows with log(rank);
    the rank is the word's place in the embedder's vocabulary, which is sorted by frequency. Words that are not
    in it whole are rare.
    """
    rank = _ranks().get(word.replace(".", "").replace("’s", "").lower())
    if rank is None:
        return 1.0
    return min(1.0, math.log(2 + rank) / math.log(2 + len(_ranks())))


def same_word(left: str, right: str) -> bool:
    """Tell whether two stems are of one word family: equal, or one begins the other ("found", "founder").

    Of a word with hyphens each part is one of the family ("Duisburg" of "Duisburg-Ruhrort"). What has a digit is a
    number or a code, and only ever itself: 1000 begins 10000.
    """
    if left == right:
        return True
    if "-" in left or "-" in right:
        return left in map(stem, filter(None, right.split("-"))) or right in map(stem, filter(None, left.split("-")))
    if not left.isalpha() and any(map(str.isdigit, left)):
        return False
    shorter, longer = (left, right) if len(left) < len(right) else (right, left)
    return len(shorter) >= 4 and len(longer) - len(shorter) <= 4 and longer.startswith(shorter)


@cache
def _stemmer() -> SnowballStemmer:
    return SnowballStemmer("english")


@cache
def vocabulary() -> Mapping[str, int]:
    """Give the numbers of the word pieces of the embedder's vocabulary."""
    tokenizer = json.loads((embedder_folder() / "tokenizer.json").read_text(encoding="utf-8"))
    numbers: dict[str, int] = tokenizer["model"]["vocab"]
    return numbers


@cache
def _ranks() -> Mapping[str, int]:
    return {
        word: number - _FIRST_WORD_ID
        for word, number in vocabulary().items()
        if number >= _FIRST_WORD_ID and word.isalpha() and len(word) > 1
    }
