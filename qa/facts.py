"""What a statement says that its quotes do not: numbers, dates, names, and what is negated."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from qa.answering.terms import is_stop_word, stem, tokenize
from qa.domain import Span

SCALE = r"(?:hundred|thousand|million|billion|trillion)"
INFLECTION = re.compile(r"(?:e?s|e?d|ing|e)$")
_NEGATION = re.compile(
    r"\b(?:no|not(?! only\b)|never|without|none|nobody|nothing|nowhere|neither|nor|cannot)\b|n['’]t\b", re.IGNORECASE
)
_NEGATED_WORDS = 2
_CLAUSE_END = re.compile(r"[.,;:!?()\n]")
_SENTENCE = re.compile(r"[^.;!?\n]+")
_OPPOSITES = ({"negated"}, {"free"})


def negation_differs(statement: str, quotes: Sequence[str]) -> bool:
    """Tell whether a telling word is negated in the statement and free of it wherever quotes have it, or the reverse.

    "Not", "no", "never", "n't" and their like negate the next two telling words of their clause. The other words of
    the same sentence are neither negated nor free.
    """
    said, there = _negations(statement), _negations("\n".join(quotes))
    return any(
        states != there[word] and states in _OPPOSITES and there[word] in _OPPOSITES
        for word, states in said.items()
        if word in there
    )


def _negations(text: str) -> dict[str, set[str]]:
    """Give for each telling word all that it is: "negated", "free" or "unclear"."""
    found: dict[str, set[str]] = {}
    for sentence in _SENTENCE.findall(text):
        tokens = [token for token in tokenize(sentence) if not token.is_stop_word]
        negated: set[int] = set()
        for match in _NEGATION.finditer(sentence):
            stop = _CLAUSE_END.search(sentence, match.end())
            end = stop.start() if stop else len(sentence)
            negated.update([token.start for token in tokens if match.end() <= token.start < end][:_NEGATED_WORDS])
        others = "unclear" if _NEGATION.search(sentence) else "free"
        for token in tokens:
            found.setdefault(token.stem, set()).add("negated" if token.start in negated else others)
    return found


_CARDINALS = {
    word: number
    for number, word in enumerate(
        "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen"
        " seventeen eighteen nineteen".split()
    )
} | {word: 10 * tens for tens, word in enumerate("twenty thirty forty fifty sixty seventy eighty ninety".split(), 2)}
_ORDINALS = {
    word: number
    for number, word in enumerate(
        "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth"
        " fifteenth sixteenth seventeenth eighteenth nineteenth twentieth".split(),
        1,
    )
}
_POWERS = {"hundred": 2, "thousand": 3, "million": 6, "billion": 9, "trillion": 12}
_POWERS |= {"k": 3, "m": 6, "mn": 6, "b": 9, "bn": 9, "tn": 12}
_MULTIPLIERS = {"dozen": 12} | {word: 10**power for word, power in _POWERS.items()}
NUMBER_WORDS = _CARDINALS | _ORDINALS | _MULTIPLIERS

_CURRENCIES = (
    "dollar dollars usd $ us$ au$ ca$ hk$ a$ c$",
    "euro euros eur €",
    "pound pounds gbp £",
    "yen jpy ¥",
    "yuan renminbi rmb",
    "rupee rupees inr ₹",
    "cent cents",
)
_MEASURES = (
    "kilometre kilometres kilometer kilometers km",
    "metre metres meter meters",
    "mile miles",
    "foot feet ft",
    "kilogram kilograms kg",
    "tonne tonnes ton tons",
    "hectare hectares",
    "acre acres",
    "second seconds",
    "minute minutes",
    "hour hours",
    "day days",
    "week weeks",
    "month months",
    "year years",
)
_UNITS = {word: line.split()[0] for line in (*_CURRENCIES, *_MEASURES) for word in line.split()}
_UNITS |= dict.fromkeys(("%", "percent", "per cent", "percentage point", "percentage points"), "%")
_MEASURED = {line.split()[0] for line in _MEASURES}
# Without these a number is another one.
_PARTS_OF_NUMBERS = {"%", "th", "decade"}


def _any_of(words: Iterable[str]) -> str:
    return "|".join(map(re.escape, sorted(words, key=len, reverse=True)))


_SMALL = (
    rf"(?:(?:{_any_of(word for word, number in _CARDINALS.items() if number >= 20)})[\s-]"
    rf"(?:{_any_of(word for word, number in _CARDINALS.items() if 0 < number < 10)})|{_any_of(_CARDINALS)})\b"
)
_LARGE = rf"(?:dozen|{SCALE})\b"
_AMOUNT = re.compile(
    r"(?<![^\W_])(?P<sign>(?<![\w)])[-\u2212])?"
    r"(?:(?P<currency>(?:US|AU|CA|HK|[AC])?[$€£¥₹]|(?:USD|EUR|GBP|JPY|INR)\s)\s?)?"
    r"(?:(?P<digits>\d++(?:[.,:]\d++)*+)"
    rf"(?:(?P<ordinal>st|nd|rd|th)\b|(?P<decade>['’]?s)\b|(?P<scale>(?:[kmb]|[\s-]?(?:[bmt]n|dozen|{SCALE}))\b))?"
    rf"|(?P<words>\b(?:(?:{_SMALL}|{_LARGE})(?:[\s-]{_LARGE}(?:\s(?:and\s)?{_SMALL})?)*|(?:{_any_of(_ORDINALS)})\b)))"
    rf"(?:(?P<unit>\s?%|[\s-]?(?:US\s|U\.S\.\s)?(?:(?:{_any_of(filter(str.isalpha, _UNITS))})|per\scent"
    r"|percentage\spoints?)\b)|(?![^\W\d_]))",
    re.IGNORECASE,
)

_MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()
_FULL_MONTH = "January|February|March|April|May|June|July|August|September|October|November|December"
_MONTH = rf"(?:{_FULL_MONTH}|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)\b"
_DATE = re.compile(
    rf"\b(?P<day1>\d{{1,2}})(?:st|nd|rd|th)?(?:\sof)?\s(?P<month1>{_MONTH})\.?(?:,?\s(?P<year1>\d{{4}})\b)?"
    rf"|\b(?P<month2>{_MONTH})\.?\s(?P<day2>\d{{1,2}})(?:st|nd|rd|th)?\b(?:,?\s(?P<year2>\d{{4}})\b)?"
    rf"|\b(?P<month3>{_MONTH})\.?,?(?:\sof)?\s(?P<year3>\d{{4}})\b"
    r"|\b(?P<year4>\d{4})-(?P<month4>0[1-9]|1[0-2])-(?P<day4>\d\d)(?!\d)"
    rf"|\b(?P<month5>{_FULL_MONTH})\b"
)

_NAME_WORD = re.compile(r"(?:[^\W\d_]\.){2,}|[^\W_]+(?:[.&’'](?!s\b)[^\W_]+)*")
_NAME_GAP = re.compile(r"[\s-]?(?:(?:of|the|and|for|de)\s)*")
# "America" and "American", "Iraq" and "Iraqi", but not "John" and "Johnson".
_NAME_ENDINGS = ("n", "an", "ian", "ean", "ese", "ish", "i", "s")
_HONORIFICS = frozenset("Mr Mrs Ms Miss Dr Sir Prof".split())
_ABBREVIATION = re.compile(r"\b(?:[A-Z]|Mr|Mrs|Ms|Dr|St|Prof|Gen|Sen|Gov|Rep|Lt|Col|Inc|Co|Corp|vs)\.$")
_OPENERS = frozenset(
    "according additionally afterwards altogether although among another because before between currently despite"
    " during earlier early either eventually finally first five following four furthermore given hence however"
    " initially instead last late later meanwhile moreover neither nevertheless next none nonetheless nor otherwise"
    " overall people recently second several similarly since six still subsequently ten therefore third though three"
    " through throughout thus today together two ultimately under unless unlike until upon whereas whether while"
    " within without yes yesterday yet".split()
)
_NO_NAME_ENDINGS = (
    "ers", "ors", "ists", "ics", "ions", "ies", "ments", "ings", "ives", "als", "ing", "ly", "ed", "tion", "sion",
    "ment", "ness", "ity", "ism", "ance", "ence",
)  # fmt: skip


def unsupported_facts(statement: str, quotes: Sequence[str]) -> list[str]:
    """Give the numbers, amounts, dates and names of a statement that none of its quotes holds, in order.

    Numbers are compared by value ("$4.4 billion" is "4,400,000,000 dollars", "three" is "3"), dates by their parts,
    names by the stem of each word or by their initials ("UN"). Empty when all are there.

    Args:
        statement: One sentence of an answer.
        quotes: What it rests on; a document's title may be one of them.
    """
    said, held = _facts(statement), _facts("\n.\n".join(quotes))
    missing = [date.span for date in said.dates if not _holds_date(held, date)]
    # "One of the largest" counts nothing.
    counted = [amount for amount in said.amounts if amount.span.of(statement).lower() != "one"]
    missing += [amount.span for amount in counted if not _holds_amount(held, amount, said)]
    missing += _missing_names(statement, said.names, held)
    return [span.of(statement) for span in sorted(missing, key=lambda span: span.start)]


@dataclass(frozen=True, slots=True)
class _Amount:
    """A number; `value` is text where it is none ("10:30"), `unit` is None where none is given."""

    span: Span
    value: Decimal | str
    unit: str | None


@dataclass(frozen=True, slots=True)
class _Date:
    """A date with at least its month; what is not given is None."""

    span: Span
    year: int | None
    month: int
    day: int | None


@dataclass(frozen=True, slots=True)
class _Facts:
    """What can be checked of a text.

    Attributes:
        names: Each word of a name apart.
        words: Stems of all words.
        initials: Those of the names, in order, with "|" where other words part them.
    """

    amounts: list[_Amount]
    dates: list[_Date]
    names: list[Span]
    words: frozenset[str]
    initials: str

    @property
    def units(self) -> set[str | None]:
        """The units of all amounts."""
        return {amount.unit for amount in self.amounts}

    @property
    def years(self) -> set[Decimal | str | int | None]:
        """All bare numbers and the years of dates."""
        return {amount.value for amount in self.amounts if amount.unit is None} | {date.year for date in self.dates}


def _facts(text: str) -> _Facts:
    dates = _dates(text)
    taken = [date.span for date in dates]
    amounts = [_amount(match) for match in _AMOUNT.finditer(text) if not _is_inside(match.start(), taken)]
    taken += [amount.span for amount in amounts]
    words = list(_NAME_WORD.finditer(text))
    return _Facts(
        amounts=amounts,
        dates=dates,
        names=[_span(match) for match in words if _is_name(text, match) and not _is_inside(match.start(), taken)],
        words=frozenset(stem(match.group()) for match in words),
        initials=_initials(text, [_span(match) for match in words if match.group()[0].isupper()]),
    )


def _span(match: re.Match[str]) -> Span:
    return Span(start=match.start(), end=match.end())


def _is_inside(at: int, spans: Sequence[Span]) -> bool:
    return any(span.start <= at < span.end for span in spans)


def _amount(match: re.Match[str]) -> _Amount:
    digits, words = match["digits"], (match["words"] or "").lower()
    value = _read_number(digits) if digits else _read_number_words(words)
    if isinstance(value, Decimal):
        value *= _MULTIPLIERS[_plain_unit(match["scale"])] if match["scale"] else 1
        value *= -1 if match["sign"] else 1
    unit = _UNITS.get(_plain_unit(match["unit"] or match["currency"] or ""))
    if match["ordinal"] or words in _ORDINALS:
        unit = "th"
    elif match["decade"]:
        unit = "decade"
    return _Amount(_span(match), value, unit)


def _plain_unit(unit: str) -> str:
    return " ".join(unit.lower().replace("-", " ").split()).removeprefix("us ").removeprefix("u.s. ")


def _read_number(digits: str) -> Decimal | str:
    plain = re.sub(r",(?=\d{3}(?!\d)|\d\d,)", "", digits)
    if re.fullmatch(r"\d{1,3}(?:\.\d{3}){2,}", plain):
        plain = plain.replace(".", "")
    plain = plain.replace(",", ".")
    return Decimal(plain) if plain.count(".") < 2 and ":" not in plain and len(plain) < 40 else digits


def _read_number_words(words: str) -> Decimal:
    total = current = 0
    for word in re.findall(r"[a-z]+", words):
        if word not in _MULTIPLIERS:
            current += NUMBER_WORDS.get(word, 0)
        elif word in ("hundred", "dozen"):
            current = max(current, 1) * _MULTIPLIERS[word]
        else:
            total, current = total + max(current, 1) * _MULTIPLIERS[word], 0
    return Decimal(total + current)


def _holds_amount(held: _Facts, amount: _Amount, said: _Facts) -> bool:
    if amount.unit is None and amount.value in {date.year for date in held.dates}:
        return True
    return any(
        amount.value == other.value and _units_agree(amount.unit, other.unit, said.units, held.units)
        for other in held.amounts
    )


def _units_agree(
    said: str | None, there: str | None, said_units: set[str | None], there_units: set[str | None]
) -> bool:
    """Tell whether two equal numbers may count the same thing.

    Where one has no unit, that of a neighbour will do ("from 5 to 7 %"), and none is needed where it only measures.
    """
    if said == there:
        return True
    if said is None:
        return there not in _PARTS_OF_NUMBERS or there in said_units
    return there is None and (said in _MEASURED or said in there_units)


def _dates(text: str) -> list[_Date]:
    return [
        _date(match)
        for match in _DATE.finditer(text)
        if match["month5"] not in ("May", "March") or not _opens_sentence(text, match.start())
    ]


def _date(match: re.Match[str]) -> _Date:
    parts = {name.rstrip("12345"): part for name, part in match.groupdict().items() if part}
    month = parts["month"]
    return _Date(
        _span(match),
        year=int(parts["year"]) if "year" in parts else None,
        month=int(month) if month.isdecimal() else _MONTHS.index(month[:3]) + 1,
        day=int(parts["day"]) if "day" in parts else None,
    )


def _holds_date(held: _Facts, date: _Date) -> bool:
    return any(
        date.month == other.month
        and date.day in (None, other.day)
        and (date.year in (None, other.year) or (other.year is None and date.year in held.years))
        for other in held.dates
    )


def _is_name(text: str, match: re.Match[str]) -> bool:
    word = match.group()
    if word == word.lower() or is_stop_word(word) or word in _HONORIFICS:
        return False
    return not (word[1:].islower() and _opens_sentence(text, match.start()) and _is_no_name(word.lower()))


def _opens_sentence(text: str, at: int) -> bool:
    before = text[max(0, at - 20) : at].rstrip(" \n\"'“‘([*#>-")
    return not before or (before[-1] in ".!?:" and not _ABBREVIATION.search(before))


def _is_no_name(word: str) -> bool:
    """Tell whether a word that begins a sentence is capitalised for that alone.

    Many names are everyday words too ("Bob", "Musk", "Ford"), so only what no name looks like passes: another form
    of a word ("Researchers", "Spending"), and what mostly begins a sentence.
    """
    return word in _OPENERS or (len(word) > 5 and word.endswith(_NO_NAME_ENDINGS))


def _missing_names(statement: str, names: Sequence[Span], held: _Facts) -> list[Span]:
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


def _holds_name(held: _Facts, word: str) -> bool:
    name = stem(word)
    if name in held.words or any(name + ending in held.words for ending in _NAME_ENDINGS):
        return True
    bases = {name.removesuffix(ending) for ending in _NAME_ENDINGS if len(name) > 4}
    letters = word.replace(".", "")
    return bool(bases & held.words) or (letters.isupper() and 2 <= len(letters) <= 6 and letters in held.initials)


def _holds_initials(held: _Facts, statement: str, run: Sequence[Span]) -> bool:
    return len(run) > 1 and stem("".join(span.of(statement)[0] for span in run)) in held.words


def _initials(text: str, capitalised: Sequence[Span]) -> str:
    letters, end = "", 0
    for span in capitalised:
        if not is_stop_word(span.of(text)):
            letters += "" if _NAME_GAP.fullmatch(text, end, span.start) else "|"
            letters += text[span.start]
            end = span.end
    return letters
