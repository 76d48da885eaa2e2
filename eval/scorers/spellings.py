"""One spelling for what is written in several: accents, "&", titles before names, fractions, "n't", square metres."""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal

from eval.scorers.amounts import CARDINALS

_ACCENTS = re.compile("[\u0300-\u036f]")
_AND = re.compile(r"(?<=\s)&(?=\s)")
_NOT = re.compile(r"\b(?:(?P<can>ca)n['’]t|(?P<will>wo)n['’]t|(?P<verb>\w+)n['’]t|(?P<cannot>can)not)\b", re.IGNORECASE)
_SQUARE_METRES = re.compile(r"\b(?:square[\s-]met(?:re|er)s?|sq\.?\s?m|sqm|m2)\b(?!\w)", re.IGNORECASE)
_TITLE = re.compile(r"\b(?:Mr|Mrs|Ms|Miss|Dr|Prof|Professor)\b\.?\s+(?=[A-Z])")
_SHARES = {"half": Decimal("0.5"), "quarter": Decimal("0.25"), "quarters": Decimal("0.25")}
_SIGNS = {"½": ".5", "¼": ".25", "¾": ".75"}
_WHOLE = (
    "hundred|thousand|million|billion|trillion|dozen|second|minute|hour|day|week|month|year|mile|kilometre|kilometer|"
    "tonne|ton|kilogram"
)
_NUMBER = rf"(?:[0-9]+|{'|'.join(sorted(CARDINALS, key=len, reverse=True))})"
_SIGN = re.compile(r"(?<![\w.,/])(?P<whole>[0-9]*)\s?(?P<sign>[½¼¾])")
_AND_SHARE = re.compile(
    rf"(?<![\w.,-])(?P<number>{_NUMBER})[\s-]and[\s-](?P<times>an?|three)[\s-](?P<share>half|quarters?)(?=[\s-]\w)",
    re.IGNORECASE,
)
_WHOLE_AND_SHARE = re.compile(
    rf"\b(?P<number>an?|one)\s(?P<whole>{_WHOLE})\sand\s(?P<times>an?|three)[\s-](?P<share>half|quarters?)\b",
    re.IGNORECASE,
)
_SHARE_OF = re.compile(
    rf"\b(?:(?P<times>an?|one|three(?=[\s-]quarters))[\s-])?(?P<share>half|quarter|(?<=three.)quarters)"
    rf"(?:(?:\sof)?[\s-]an?\s|-)(?P<whole>{_WHOLE})\b",
    re.IGNORECASE,
)


def plain_spelling(text: str) -> str:
    """Give a text in the spelling in which it is compared; what means something else stays something else.

    "café" becomes "cafe", "fish & chips" "fish and chips", "Mr Tobias Lane" "Tobias Lane", "half a million"
    "0.5 million", "two and a half million" "2.5 million", "an hour and a half" "1.5 hour", "2½" "2.5",
    "can't" "can not".
    """
    text = _ACCENTS.sub("", unicodedata.normalize("NFD", text))
    text = _TITLE.sub("", _AND.sub("and", unicodedata.normalize("NFC", text)))
    text = _NOT.sub(lambda match: f"{_verb_of(match)} not", text)
    text = _SIGN.sub(lambda match: f"{match['whole'] or '0'}{_SIGNS[match['sign']]}", text)
    text = _WHOLE_AND_SHARE.sub(lambda match: f"{1 + _share_of(match)} {match['whole']}", text)
    text = _AND_SHARE.sub(lambda match: str(_number_of(match["number"]) + _share_of(match)), text)
    text = _SHARE_OF.sub(lambda match: f"{_share_of(match)} {match['whole']}", text)
    return _SQUARE_METRES.sub("m²", text)


def _verb_of(match: re.Match[str]) -> str:
    if match["can"] or match["cannot"]:
        return "can"
    return "will" if match["will"] else match["verb"]


def _share_of(match: re.Match[str]) -> Decimal:
    times = 3 if (match["times"] or "").lower() == "three" else 1
    return times * _SHARES[match["share"].lower()]


def _number_of(word: str) -> Decimal:
    return Decimal(int(word) if word.isdigit() else CARDINALS[word.lower()])
