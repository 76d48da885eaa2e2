"""What a chat model claims to be a quote → the exact characters of the passage, and whether they support a statement.

Code decides here what a model may claim, so each step would rather miss a true quote than take an altered one: what is
not found is repaired with `closest_sentence` or shown as unverified, but what is wrongly found would be believed.
"""

from __future__ import annotations

import itertools
import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from qa.answering.terms import rarity, same_word, tokenize
from qa.domain import Span
from qa.facts import INFLECTION, NUMBER_WORDS, SCALE, negation_differs, unsupported_facts
from qa.splitting import sentence_spans

# Longer "quotes" copy whole documents; aligning long ones would take seconds.
_MOST_QUOTE_CHARS, _MOST_ALIGNED_QUOTE_CHARS, _MOST_ALIGNED_CHARS = 5_000, 1_000, 20_000
_MOST_PLACES = 50
_FEWEST_WORD_CHARS, _FEWEST_ALIGNED_CHARS = 3, 20
# Of quotes cut from SQuAD paragraphs and harmlessly changed, a higher cutoff loses the short ones. A lower one finds
# hardly more, and takes no more altered facts: `_says_the_same` turns those down.
_ALIGNED_CUTOFF = 88.0
# Words that the quote may reach beyond, or stay short of, where its characters align best.
_SLACK_WORDS = 3
_SLACK_CHARS = 60

_WORD_CHAR = re.compile(r"[^\W_]")
_LETTER = r"[^\W\d_]"
_CJK = r"[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]"
_INVISIBLE = r"\u00ad\u034f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufe00-\ufe0f\ufeff\U000e0000-\U000e01ef"
_DASH = r"[-\u2010-\u2015\u2212]"
_FORMS = re.compile(
    rf"(?P<gone>[{_INVISIBLE}]+|(?<={_CJK})\s+(?={_CJK})"
    # A hyphen may be one at a line's end, which other copies of the text do not have.
    rf"|(?<={_LETTER})[-\u2010-\u2013](?:[^\S\n]*\n\s*)?(?={_LETTER}))"
    r"|(?P<ellipsis>\s*(?:…|\.(?:\s?\.){2,})\s*)"
    rf"|(?P<dash>\s*(?:{_DASH}\s*)+)"
    r"|(?P<single>['‘’‚‛′ʼ`´])"
    r'|(?P<double>["“”„‟″«»])'
    r"|(?P<space>\s{2,}|[^\S ])"
)
_FOLDED_FORMS = {"gone": "", "ellipsis": "…", "dash": "-", "single": "'", "double": '"', "space": " "}
# What models put around a quote; a dash before a digit is its sign.
_WRAPPING = re.compile(r"""^(?:[\s"'…*•>#]|-(?!\d))+|[\s"'…*.,;:!?-]+$""")

_NUMBER_GOES_ON = re.compile(r"(?<=\d)(?=[.,:/]\d)|(?<=\d[.,:/])(?=\d)")
_CUT_BEFORE = re.compile(r"(?:^|[\s(])[-\u2212]\Z|\b(?:non|un|anti|ex|pseudo|counter)[-‐‑]\Z", re.IGNORECASE)
_CUT_AFTER = re.compile(rf"\s?%|\s?per ?cent\b|\s{SCALE}\b|(?<=\d)\s(?:[bmt]n|m)\b|['’]t\b", re.IGNORECASE)

_TOKEN = re.compile(
    r"\d+(?:[.,:/-]\d+)*(?![^\W_])|(?:[^\W_][\u0300-\u036f]*)+(?:'(?:[^\W_][\u0300-\u036f]*)+)*"
    r"|(?<![^\W_])-(?=\d)|[^\w\s.,;:!?…'\"()\[\]*#-]"
)
_FILLERS = frozenset(("a", "an", "the", "that"))


def find_quote(quote: str, text: str) -> Span | None:
    """Give the place in `text` of what a model quotes: the first verbatim one, else the first that differs in form.

    Form is white space, line breaks and hyphens at them, dashes, quotation marks, case, ligatures, invisible
    characters, and what models wrap quotes in. From 20 characters on an everyday word may also be misspelt or inflected
    otherwise, and an article be another: never a number, a name, a negation or any other word. The span begins and ends
    where words and amounts do.

    Args:
        quote: What the model says it has read. There is no place for one with fewer than 3 letters and digits or more
            than 5,000 characters, nor for one put together from two places.
        text: The passage. In more than 20,000 characters, as for a quote of more than 1,000, only form may differ.
    """
    if len(quote) > _MOST_QUOTE_CHARS or len(_WORD_CHAR.findall(quote)) < _FEWEST_WORD_CHARS:
        return None
    verbatim = quote.strip()
    for at in _places(verbatim, text):
        span = Span(start=at, end=at + len(verbatim))
        if _is_whole(text, span):
            return span
    said, there = _fold(quote), _fold(text)
    return _found_by_form(said, there) or _found_by_alignment(said, there)


def _places(wanted: str, text: str) -> Iterator[int]:
    at = text.find(wanted)
    for _ in range(_MOST_PLACES):
        if at < 0:
            return
        yield at
        at = text.find(wanted, at + 1)


def _is_whole(text: str, span: Span) -> bool:
    """Tell whether a span leaves outside no part of a word, nor a number's sign, scale or %, nor the t of "can't"."""
    return (
        not _cuts(text, span.start)
        and not _cuts(text, span.end)
        and not _CUT_BEFORE.search(text, max(0, span.start - 12), span.start)
        and not _CUT_AFTER.match(text, span.end)
    )


def _cuts(text: str, at: int) -> bool:
    if not 0 < at < len(text):
        return False
    inside_a_word = _joins(text[at - 1]) and _joins(text[at])
    return inside_a_word or unicodedata.combining(text[at]) > 0 or _NUMBER_GOES_ON.match(text, at) is not None


def _joins(char: str) -> bool:
    # Scripts without capitals, such as Chinese and Thai, do not show where a word ends.
    return char.isdecimal() or char.lower() != char.upper()


@dataclass(frozen=True, slots=True)
class _Folded:
    """A text without differences of form; for each of its characters, which stretch of the source it stands for."""

    source: str
    text: str
    starts: list[int]
    ends: list[int]

    def span(self, start: int, end: int) -> Span | None:
        """Give the stretch of the source; None when an end lies inside one of its characters, such as a ligature."""
        if start > 0 and self.starts[start] == self.starts[start - 1]:
            return None
        if end < len(self.text) and self.starts[end] == self.starts[end - 1]:
            return None
        first, last = self.starts[start], self.ends[end - 1]
        words = self.source[first:last]
        first += len(words) - len(words.lstrip())
        return Span(start=first, end=first + len(words.strip()))


def _fold(text: str) -> _Folded:
    chars: list[str] = []
    starts: list[int] = []
    ends: list[int] = []

    def take(folded: str, start: int, end: int) -> None:
        chars.append(folded)
        starts.extend([start] * len(folded))
        ends.extend([end] * len(folded))

    def take_stretch(start: int, end: int) -> None:
        stretch = text[start:end]
        if stretch.isascii():
            chars.append(stretch.lower())
            starts.extend(range(start, end))
            ends.extend(range(start + 1, end + 1))
        else:
            for at, char in enumerate(stretch, start):
                take(_fold_char(char), at, at + 1)

    done = 0
    for match in _FORMS.finditer(text):
        take_stretch(done, match.start())
        take(_FOLDED_FORMS[str(match.lastgroup)], match.start(), match.end())
        done = match.end()
    take_stretch(done, len(text))
    return _Folded(text, "".join(chars), starts, ends)


@lru_cache(maxsize=4096)
def _fold_char(char: str) -> str:
    # "10²" is not 102: superscripts, fractions and circled digits stay as they are.
    if unicodedata.category(char) == "No":
        return char
    return unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", char).casefold())


def _found_by_form(said: _Folded, there: _Folded) -> Span | None:
    for wanted in dict.fromkeys((said.text.strip(), _WRAPPING.sub("", said.text))):
        for at in _places(wanted, there.text):
            span = there.span(at, at + len(wanted))
            if span is not None and _is_whole(there.source, span):
                return span
    return None


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


def _words(folded: _Folded, start: int, end: int) -> list[_Word]:
    return [
        _Word(match.group(), match.start(), match.end(), folded.source[folded.starts[match.start()]].isupper())
        for match in _TOKEN.finditer(folded.text, start, end)
    ]


def _found_by_alignment(said: _Folded, there: _Folded) -> Span | None:
    fits = _FEWEST_ALIGNED_CHARS <= len(said.text) <= _MOST_ALIGNED_QUOTE_CHARS
    if not fits or len(there.text) > _MOST_ALIGNED_CHARS:
        return None
    from rapidfuzz.fuzz import partial_ratio_alignment  # 50 ms, and verbatim quotes do not need it

    aligned = partial_ratio_alignment(said.text, there.text, score_cutoff=_ALIGNED_CUTOFF)
    if aligned is None:
        return None
    quoted = _words(said, 0, len(said.text))
    run = _nearest_run(quoted, there, aligned.dest_start, aligned.dest_end)
    if not quoted or not run or not _says_the_same(quoted, run):
        return None
    span = there.span(run[0].start, run[-1].end)
    return span if span is not None and _is_whole(there.source, span) else None


def _nearest_run(quoted: Sequence[_Word], there: _Folded, start: int, end: int) -> list[_Word]:
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
    base = INFLECTION.sub("", left)
    return (len(base) >= 4 and base == INFLECTION.sub("", right)) or _is_misspelt(left, right)


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


# Tuned on the development split of WiCE (`bench.verification`): between 0.5 and 0.6 accuracy is highest.
_LEAST_SHARE = 0.55
_LEAST_IN_COMMON = 0.2


def closest_sentence(statement: str, text: str, *, title: str = "") -> Span | None:
    """Give the sentence of `text`, or two neighbours, that supports the statement; None when none does.

    One sentence is taken before two; of those that support it the one with most of its words, then the first.

    Args:
        statement: One sentence of an answer.
        text: A passage.
        title: The document's, whose words count as said; "" for none.
    """
    telling = _telling_words(statement)
    sentences = sentence_spans(text) if telling else []
    pairs = [Span(start=one.start, end=two.end) for one, two in itertools.pairwise(sentences)]
    for spans in (sentences, pairs):
        shares = {span: _share_held(telling, f"{span.of(text)}\n{title}") for span in spans}
        near = [span for span in spans if shares[span] >= _LEAST_SHARE]
        for span in sorted(near, key=lambda span: (-shares[span], span.start)):
            if is_supported(statement, [span.of(text), title]):
                return span
    return None


def is_supported(statement: str, quotes: Sequence[str]) -> bool:
    """Tell whether quotes hold most telling words of a statement and all its facts, and negate nothing otherwise.

    Words are compared, not meanings: a free paraphrase is turned down, and one that only joins the quotes' words in
    another way passes. False for a statement without telling words ("Yes, it did.").

    Args:
        statement: One sentence of an answer.
        quotes: What it rests on, together; a document's title may be one of them.
    """
    telling = _telling_words(statement)
    return (
        bool(telling)
        and _share_held(telling, "\n".join(quotes)) >= _LEAST_SHARE
        and not unsupported_facts(statement, quotes)
        and not negation_differs(statement, quotes)
    )


def has_words(text: str, words: str) -> bool:
    """Tell whether a text has these words, whole and in a row; case and white space do not count."""
    pattern = r"\s+".join(map(re.escape, words.split()))
    bounded = rf"(?<![\w.,])(?<!\d[.,]){pattern}(?![\w%])(?![.,]\d)"
    return bool(pattern) and re.search(bounded, text, re.IGNORECASE) is not None


def speaks_of_the_same(statement: str, quotes: Sequence[str]) -> bool:
    """Tell whether a statement has a fifth of its telling words, by rarity, in common with its quotes.

    It says nothing of whether they support it, but a quote with nothing in common proves nothing.
    """
    telling = _telling_words(statement)
    return not telling or _share_held(telling, "\n".join(quotes)) >= _LEAST_IN_COMMON


def _telling_words(statement: str) -> dict[str, float]:
    """Give the stems of the words that say something, each with its rarity, 0 to 1."""
    return {token.stem: rarity(token.surface) for token in tokenize(statement) if not token.is_stop_word}


def _share_held(telling: Mapping[str, float], text: str) -> float:
    """Give the share, 0 to 1, of telling words that a text has, each counted by its rarity."""
    words = {token.stem for token in tokenize(text)}
    held = [
        weight for word, weight in telling.items() if word in words or any(same_word(word, other) for other in words)
    ]
    return sum(held) / (sum(telling.values()) or 1.0)
