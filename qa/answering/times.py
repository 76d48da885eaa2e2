"""How a text tells when, how often and how long: dates, times of the day, "within 30 days", "twice a year"."""

from __future__ import annotations

import re

from qa.domain import Span

NUMBER = r"\d+(?:[.,]\d+)*"
WORD_NUMBER = (
    r"(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen"
    r"|eighteen|nineteen|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|hundred|thousand|million|billion|dozen)"
)
MONTH = (
    r"(?:Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?|Sept?(?:ember)?|Oct(?:ober)?"
    r"|Nov(?:ember)?|Dec(?:ember)?)"
)
DAY = r"(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day"
_YEAR = r"(?:1\d{3}|20\d{2})"
# "1500 employees" counts, "the 1995 riots" and "in 1995 sales fell" do not.
_COUNTED = r"(?:[,.]\d|\s[a-z]+s\b|\speople\b)"
_BEFORE_A_YEAR = "|".join(
    rf"(?<=\b{word}\s)"
    for word in "in In since Since of by By until Until till from From to between during before after After around the"
    " The early late mid and".split()
)
_VERB = r"\s(?:I|we|you|he|she|they|it|my|our|the|a|not|be|have)\b"
_WRITTEN = (
    rf"\b(?:\d{{1,2}}(?:st|nd|rd|th)?\s(?:of\s)?{MONTH}\.?(?:,?\s\d{{4}})?"
    rf"|{MONTH}\.?\s\d{{1,2}}(?:st|nd|rd|th)?(?:,?\s\d{{4}})?|{MONTH}\.?,?\s(?:of\s)?\d{{4}}"
    r"|(?:early |late |mid-)?\d{1,2}(?:st|nd|rd|th)[ -](?:century|centuries)|\d{4}-\d{2}-\d{2}"
    rf"|{_YEAR}(?:s|\s?[–-]\s?(?:{_YEAR}|\d{{2}}))|{_YEAR}(?!{_COUNTED})|\d{{1,4}}\s(?:BC|AD|BCE|CE)"
    rf"|{DAY}s?|January|February|March|April|May(?!{_VERB})|June|July|August|September|October|November|December)\b"
    rf"|(?:{_BEFORE_A_YEAR}){_YEAR}\b"
)
_CLOCK = r"\b(?:\d{1,2}(?:[:.]\d{2})?\s?[ap]\.?m|\d{1,2}:\d{2}|noon|midnight)\b"
_UNIT = r"(?:minute|hour|day|night|week|fortnight|month|quarter|year|decade|centur(?:y|ie))s?"
_COUNT = rf"(?:an?|each|every|{NUMBER}|{WORD_NUMBER}(?:[ -]{WORD_NUMBER})*|few|several)"
_SPELL = (
    rf"\b(?:half )?{_COUNT}(?:\s(?:to|or|and|[–-])\s{_COUNT})?"
    rf"[\s-](?:(?:working|business|calendar|full|million)\s)?{_UNIT}\b"
)
_EARLIER_OR_LATER = (
    rf"\b(?:within|in|after|every|each|about)\s(?:about |the (?:first|last|next) )?{_SPELL}"
    rf"|{_SPELL}\s(?:after|before|later|earlier|ago|prior|from|of)\b"
)
_ORDINAL = (
    r"(?:first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|eleventh|twelfth|\w+teenth|twentieth"
    r"|twenty-first)"
)
_SEASON = r"(?:spring|summer|autumn|fall|winter)"
_TOLD_OTHERWISE = (
    rf"\b(?:(?:last|next|this|early|late|mid)[ -](?:week|month|year|decade|{_SEASON})"
    rf"|(?:early |late )?{_ORDINAL} (?:century|quarter|day|week|month|year)"
    r"|(?:start|beginning|middle|end|turn) of (?:the |each |every |this |next |last )?\w+"
    r"|(?:[A-Z][\w-]+ )+(?:War|Age|Era|Period|Revolution)"
    rf"|(?:in|every|each|during) (?:the )?(?:{_SEASON}|mornings?|afternoons?|evenings?)|at night"
    r"|(?:years?|months?|weeks?|days?) ago|soon|recently|today|yesterday|tomorrow|tonight)\b"
)
_WRITTEN_DATE = re.compile(_WRITTEN)
_WHEN = re.compile(rf"{_WRITTEN}|{_CLOCK}|{_EARLIER_OR_LATER}|{_TOLD_OTHERWISE}")
_HOW_OFTEN = re.compile(
    r"\b(?:once|twice|never|always|(?:bi|semi-?|half-)?(?:annual|annually|yearly|monthly|weekly|daily|hourly|quarterly)"
    rf"|biennial(?:ly)?|(?:every|each)\s(?:other\s)?\w+|(?:{NUMBER}|{WORD_NUMBER})\stimes)\b",
    re.IGNORECASE,
)
_HOW_LONG = re.compile(rf"{_SPELL}|\b(?:since|until|till)\s\w+|\bpermanent(?:ly)?\b", re.IGNORECASE)


def dates_of(text: str) -> list[Span]:
    """Give the dates, years, months and days of the week of a text, in order."""
    return _found(_WRITTEN_DATE, text)


def times_of(text: str) -> list[Span]:
    """Give all that tells when, in order: dates, times of the day, "within 30 days", "soon"."""
    return _found(_WHEN, text)


def frequencies_of(text: str) -> list[Span]:
    """Give all that tells how often, in order: "once", "every week", "three times"."""
    return _found(_HOW_OFTEN, text)


def spells_of(text: str) -> list[Span]:
    """Give all that tells how long, in order: "two weeks", "a year", "until May"."""
    return _found(_HOW_LONG, text)


def _found(pattern: re.Pattern[str], text: str) -> list[Span]:
    return [Span(start=match.start(), end=match.end()) for match in pattern.finditer(text)]
