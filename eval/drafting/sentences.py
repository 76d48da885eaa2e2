"""The sentences of a document that make sense alone, and the words in them that a question can ask for."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from qa.answering.terms import is_stop_word, tokenize
from qa.domain import Span
from qa.splitting import sentence_spans

GapKind = Literal["money", "percent", "date", "year", "number", "name"]

_SHORTEST, _LONGEST = 30, 280  # characters
_FEWEST_WORDS = 5
_SCALE = r"(?:\s?(?:trillion|billion|million|thousand|tn|bn|mn|[mk]\b))"
_NUMBER = r"\d+(?:[.,]\d+)*"
_MONTH = (
    r"(?:January|February|March|April|May|June|July|August|September|October|November|December"
    r"|Jan|Feb|Mar|Apr|Aug|Sept?|Oct|Nov|Dec)\.?"
)
_YEAR = r"(?:1[5-9]\d{2}|20\d{2})"
_GAPS: tuple[tuple[GapKind, re.Pattern[str]], ...] = (
    (
        "money",
        re.compile(
            rf"(?:US|AU|CA|HK)?[$€£¥]\s?{_NUMBER}{_SCALE}?|\b{_NUMBER}{_SCALE}?\s(?:dollars|euros|pounds|yen|yuan)\b"
        ),
    ),
    ("percent", re.compile(rf"\b{_NUMBER}\s?(?:%|per ?cent\b)")),
    (
        "date",
        re.compile(
            rf"\b(?:{_MONTH}\s\d{{1,2}}(?:,\s{_YEAR})?|\d{{1,2}}\s{_MONTH}(?:\s{_YEAR})?|{_MONTH}\s{_YEAR})(?!\w)"
        ),
    ),
    ("year", re.compile(rf"(?<![\w$€£.,/-]){_YEAR}(?![\w%-]|[.,]\d)")),
    ("number", re.compile(rf"(?<![\w$€£.,/-]){_NUMBER}{_SCALE}?(?=\s[a-z])(?!\s(?:and|or|to|in|of|for|at|on)\b)")),
)
_NAME = re.compile(r"[A-Z][\w&’'-]*\w(?:[ ](?:(?:of|the|and|de|van|von)[ ])?[A-Z][\w&’'-]*\w)*")
_DAY = re.compile(rf"(?:(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)days?|{_MONTH})")
# "American" and "CEO" say of what kind something is, and are no names of their own.
_NO_NAME = re.compile(r"\w+(?:ese|[aei]an|ish|ench|utch)|C[EFOT]O|IPO")
_POSSESSIVE = re.compile(r"['’]s?$")

# What points to a sentence before, or to who speaks: it makes no sense alone.
_POINTING = frozenset(
    "this these those we our us i my me you your here former latter respectively aforementioned such".split()
)
_PERSONAL = frozenset("he she it they him her them his its their hers theirs".split())
_CONNECTING = frozenset(
    "but and or so yet however therefore thus hence moreover furthermore meanwhile then later instead nevertheless"
    " nonetheless also besides afterwards otherwise additionally similarly likewise finally consequently still back"
    " that there another both either neither while though although".split()
)
_NEVER = re.compile(r"[|<>{}_\n]{2}|https?://|www\.|^[A-Z]+:|^According to (?:the|its|his|her) |\?|\.{2}|…")
# "The factories may …": which ones? "The capital of France …" says it at once.
_NAMED_AT_ONCE = re.compile(r"The (?:(?:[\w-]+ ){1,4}of (?:the )?)?[A-Z]")
_END = re.compile(r"[.!][\"”’')\]]*$")


@dataclass(frozen=True, slots=True)
class Gap:
    """Words of a sentence that a question can ask for; offsets in the sentence."""

    kind: GapKind
    start: int
    end: int


def lone_sentences(text: str) -> Iterator[Span]:
    """Give the sentences of a document that can be understood alone, in order.

    They end like sentences, are of 30 to 280 characters, begin with no connecting word, and hold no pronoun that
    points out of them and at least one name.
    """
    names = {match.group() for match in _NAME.finditer(text) if not _opens_sentence(text, match.start())}
    for span in sentence_spans(text):
        if _stands_alone(span.of(text), names):
            yield span


def gaps_in(sentence: str, *, known: frozenset[str] = frozenset()) -> list[Gap]:
    """Give the amounts, dates, numbers and names of a sentence, in order; none overlaps another, or stands in it twice.

    Args:
        sentence: One sentence.
        known: Names of the document; a single capitalised word that opens the sentence counts when it is one.
    """
    gaps: list[Gap] = []
    for kind, pattern in _GAPS:
        for match in pattern.finditer(sentence):
            _add(gaps, Gap(kind, match.start(), _before_full_stop(sentence, match.end())))
    for start, end in _names(sentence, known):
        _add(gaps, Gap("name", start, end))
    return sorted((gap for gap in gaps if _is_there_once(sentence, gap)), key=lambda gap: gap.start)


def names_in(text: str) -> frozenset[str]:
    """Give the names that stand within the sentences of a text, where a capital says something."""
    return frozenset(
        _POSSESSIVE.sub("", match.group())
        for match in _NAME.finditer(text)
        if not _opens_sentence(text, match.start())
        and not is_stop_word(match.group())
        and not _NO_NAME.fullmatch(match.group())
        and not _DAY.fullmatch(match.group())
    )


def _stands_alone(sentence: str, names: set[str]) -> bool:
    words = [token.surface for token in tokenize(sentence)]
    lowered = [word.lower() for word in words]
    if not _SHORTEST <= len(sentence) <= _LONGEST or len(words) < _FEWEST_WORDS:
        return False
    if not (sentence[0].isupper() or sentence[0].isdigit() or sentence[0] in "$€£¥"):
        return False
    if _NEVER.search(sentence) or not _END.search(sentence) or lowered[0] in _CONNECTING or _POINTING & set(lowered):
        return False
    if (
        sentence.count("“") != sentence.count("”")
        or sentence.count('"') % 2
        or sentence.count("(") != sentence.count(")")
    ):
        return False
    first_name = min((start for start, _ in _names(sentence, frozenset(names))), default=None)
    if first_name is None:
        return False
    pronoun = next((token.start for token in tokenize(sentence) if token.surface.lower() in _PERSONAL), None)
    if pronoun is not None and pronoun < first_name:
        return False
    return lowered[0] != "the" or _NAMED_AT_ONCE.match(sentence) is not None


def _names(sentence: str, known: frozenset[str]) -> Iterator[tuple[int, int]]:
    for match in _NAME.finditer(sentence):
        start, words = match.start(), _POSSESSIVE.sub("", match.group())
        first, *rest = words.split(" ")
        if is_stop_word(first) or (first.lower() in _CONNECTING | _POINTING | _PERSONAL):
            if not rest:
                continue
            start, words = start + len(first) + 1, " ".join(rest)
        elif start == 0 and not rest and words not in known and not any(map(str.isupper, words[1:])):
            continue
        if len(words) > 2 and not _DAY.fullmatch(words) and not _NO_NAME.fullmatch(words):
            yield start, start + len(words)


def _opens_sentence(text: str, at: int) -> bool:
    before = text[:at].rstrip(" \t\"“‘'(*#>-")
    return not before or before[-1] in ".!?:\n"


def _add(gaps: list[Gap], gap: Gap) -> None:
    if all(gap.end <= other.start or other.end <= gap.start for other in gaps):
        gaps.append(gap)


def _before_full_stop(sentence: str, end: int) -> int:
    """Give the end of words less the sentence's full stop: a month's "May." may have it, and an answer has not."""
    return end - 1 if sentence[end - 1] == "." and _END.fullmatch(sentence, end - 1) else end


def _is_there_once(sentence: str, gap: Gap) -> bool:
    words = re.escape(sentence[gap.start : gap.end])
    return len(re.findall(rf"(?<!\w){words}(?!\w)", sentence)) == 1
