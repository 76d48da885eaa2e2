"""The kinds of questions, told by their words: what an answer must hold."""

from __future__ import annotations

import re
from enum import StrEnum


class Kind(StrEnum):
    """What an answer must hold. `OTHER` can be any words; so can `WHY`, `HOW` and `YES_NO`."""

    PERSON = "person"
    NAME = "name"
    PLACE = "place"
    DATE = "date"
    MONEY = "money"
    NUMBER = "number"
    WHY = "why"
    HOW = "how"
    YES_NO = "yes-no"
    LIST = "list"
    SUMMARY = "summary"
    OTHER = "other"


_TEXT = r"(article|document|text|piece|story|report|page|file|documents|corpus)s?"
_OPENING = r"^(and |so |but |ok |hey |please )?"
_WHAT = r"\b(what|which)"
# "Which Japanese company", but not "what kind of company", which asks for no name.
_WHICH_SORT_OF = rf"{_WHAT} (?!kind|type|sort)(\w+ ){{0,2}}"

# "How much annual leave" asks for no sum; "how much rent" and "how much did it cost" do.
_MONEY_NOUN = (
    r"(?:money|cash|capital|debt|tax|rent|interest|income|profit|revenue|funding|compensation|pay|salary|deposit|bonus"
    r"|commission|fees?)"
)
_AUXILIARY = r"(?:am|is|are|was|were|does?|did|will|would|has|have|had|can|could|may|might|must|should)"

# Signs of each kind. The first kind of which one sign is found decides, so the order matters.
_MEASURED = r"(?:weighs?|holds?|contains?|measures?)"
_SIGNS: tuple[tuple[Kind, tuple[str, ...]], ...] = (
    (
        Kind.SUMMARY,
        (
            r"\b(summar(y|i[sz]e|i[sz]ing)|tl;?dr|overview|gist|in a nutshell)\b",
            r"\b(key (points|takeaways|facts)|main (points?|ideas?|topics?|takeaways?|subject|message))\b",
            rf"\bwhat('s| is| are| was) (this|the|that|it|these|your)? ?{_TEXT}? ?(all )?about\b",
            rf"\bwhat does (this|the) {_TEXT} (say|discuss|cover|talk about)\s*\??$",
        ),
    ),
    (
        Kind.MONEY,
        (
            rf"(?<!\bby )\bhow much (?!.*\b{_MEASURED}\b)(?:more |less )?"
            rf"(?=(?:{_AUXILIARY}|than|in total|(?:\w+ ){{0,2}}?{_MONEY_NOUN})\b)",
            r"\bhow much\W*$",
            rf"{_WHAT}\b[^?]{{0,30}}\bamount(?! of (?!{_MONEY_NOUN}))\b",
            rf"{_WHAT}\b[^?]{{0,30}}\b(price|cost|sum|salary|budget|revenue|profit|valuation|fee|worth|income)\b",
            r"\bhow (large|big|expensive|costly)\b[^?]{0,40}\b(investment|deal|commitment|acquisition|stake|fund)\b",
            r"\bhow (large|big|expensive|costly)\b[^?]{0,40}\b(bill|loan|round)\b",
            r"\bwhat\b[^?]{0,40}\b(valued at|cost|pay|paid|spend|worth)\b",
        ),
    ),
    (
        Kind.DATE,
        (
            r"^(and |so )?when\b",
            rf"{_WHAT} (year|date|day|month|decade|century|time|era)\b",
            r"\bsince when\b|\bhow long ago\b",
            r"\bwhen (did|was|is|were|will|does|do)\b",
        ),
    ),
    (
        Kind.NUMBER,
        (
            r"\bhow (many|much|old|long|far|tall|deep|high|fast|often|heavy|wide|big|large|loud|thick|hot|cold|soon)\b",
            r"\bhow (quickly|frequently)\b",
            rf"{_WHAT} (amount|number|percent|percentage|proportion|fraction|share)\b",
            rf"{_WHAT} (age|population|temperature|rate|size)\b",
        ),
    ),
    (
        Kind.WHY,
        (
            r"^(and |so |but )?why\b",
            r"\bwhat (is|was|were|are) the (reasons?|causes?|motives?)\b",
            r"\bfor what reason\b|\bhow come\b",
        ),
    ),
    (
        Kind.PERSON,
        (
            r"\b(who|whom|whose)\b",
            rf"{_WHICH_SORT_OF}(person|man|woman|president|author|king|queen|ceo|founder|leader|boss|executive)\b",
            rf"{_WHICH_SORT_OF}(business(wo)?man|billionaire|investor|director|minister|politician|scientist)\b",
            rf"{_WHICH_SORT_OF}(artist|act(or|ress)|singer|writer|player|coach|lawyer|doctor|judge)\b",
        ),
    ),
    (
        Kind.PLACE,
        (
            r"^(and |so )?where\b",
            rf"{_WHAT} (\S+ )?(countr(y|ies)|cit(y|ies)|states?|towns?|places?|continents?|regions?|locations?)\b",
            rf"{_WHAT} (\S+ )?(nations?|rivers?|count(y|ies)|areas?)\b",
        ),
    ),
    (
        Kind.LIST,
        (
            r"^(please )?(list|name|enumerate|give me)\b",
            rf"{_WHAT} are (the|all|some)\b",
            r"\ball (the )?\w+s\b",
        ),
    ),
    (
        Kind.NAME,
        (
            rf"{_WHICH_SORT_OF}(compan(y|ies)|firms?|startups?|organi[sz]ations?|agency|agencies)\b",
            rf"{_WHICH_SORT_OF}(university|school|team|band|party|bank|brand|group|partners?|project)\b",
            rf"{_WHAT} (\w+ ){{0,2}}(newspaper|outlet|publication)\b",
            r"\bname of\b|\bcalled\b",
        ),
    ),
    (Kind.HOW, (r"^(and |so |but )?how\b",)),
    (
        Kind.YES_NO,
        (
            rf"{_OPENING}(is|are|was|were|did|does|do|has|have|had|can|could|will|would|should|may|might)\b",
            r"^(it is|is it) true\b",
        ),
    ),
)
_KINDS = tuple((kind, re.compile("|".join(signs), re.IGNORECASE)) for kind, signs in _SIGNS)


def kind_of(question: str) -> Kind:
    """Give the first kind of which the question has a sign; `Kind.OTHER` where it has none."""
    stripped = question.strip().replace("’", "'")
    for kind, pattern in _KINDS:
        if pattern.search(stripped):
            return kind
    return Kind.OTHER
