"""Questions that a passage nearly answers: ones that it answers, with one thing changed.

SQuAD 2.0's writers fool readers in these ways (Rajpurkar, Jia, Liang: "Know What You Don't Know", 2018, table 1):
another name, number or date, an opposite, a negation. The passage then has the question's words but not the fact.
"""

from __future__ import annotations

import random
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar

from qa.splitting import sentence_spans
from training.examples import ReaderExample, unanswered, words
from training.word_kinds import OPPOSITES, SIBLINGS

_Item = TypeVar("_Item")
_TRIES = 6
# A word that training met mostly in near misses would give them away, whatever the passage says.
_MOST_PER_REAL_USE = 3
_NAME_PART = r"(?:(?:[A-Z]|Mr|Mrs|Ms|Dr|St|Jr|Sr)\.|[A-Z][\w’'&-]*\w)"
_NAME = re.compile(rf"{_NAME_PART}(?: (?:(?:of|de|la|von|van|the|du|di|der) ){{0,2}}{_NAME_PART})*")
_HALF_A_NAME = re.compile(r"-[a-z]")  # "Apple-designed"
_LONGEST_NAME = 5  # words
_POSSESSIVE = re.compile(r"[’']s?$")
# Not a part of a word with a hyphen: "white-minority rule", "street-legal".
_WORD = re.compile(r"(?<![\w-])\w+(?![\w-])")
_YEAR = re.compile(r"(?<![\w.,-])(?:1\d{3}|20[0-4]\d)(?=s?\b)(?![.,]\d|-)")
_NUMBER = re.compile(r"(?<![\w.,-])(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?(?![\w-])")
_SENTENCE_START = re.compile(r"(?:^|[.!?:]\s|[\"“(])$")
# The last word, or the first before "of", tells what such a name names.
_NAMED_THINGS = frozenset(
    "act army award awards battle bridge castle cathedral church club college company corporation council county "
    "court department district dynasty empire festival hospital house island islands king kingdom lake law library "
    "mountain mountains museum ocean order palace park party prize province queen railway republic revolution river "
    "school sea society station street theatre theorem tower treaty university valley war".split()
)
_FUNCTION_WORDS = frozenset(
    "a about according although am an and any are as at be been being by can could did do does during for from had "
    "has have he her his how i if in into is it its many may might much must name not of on one or she should since "
    "some than that the their them there these they this those to up was we were what when where which while who "
    "whom whose why will with would you".split()
)
_WHO = re.compile(r"\b[Ww]h(?:o|om|ose|ich (?:man|woman|person|actor|singer|king|president|author))\b")
_WHERE = re.compile(r"\b(?:[Ww]here|(?:[Ii]n )?[Ww]h(?:at|ich) (?:city|country|state|town|province|nation))\b")
# "Who was on board?" and "Where did they go?", where a contraction is good English; not "When was he born?".
_NEGATABLE = re.compile(
    r"^(?:Who|What|Where|Which(?: \w+){1,3}) (is|are|was|were|does|did|has|have|could|would)\b(?! not|n)"
)
_NEVER = re.compile(r"^(?:Who|What \w+|Which \w+) (?=\w+ed\b|won\b|wrote\b|led\b|became\b|took\b|sold\b)")
_NEGATION = re.compile(r"\b(?:not|never|no|none|nor|without|neither|except|unlike)\b|n[’']t\b", re.IGNORECASE)
_BORN = re.compile(r"^(When|Where|In what \w+|What year) was (.+?) born\b")
_DIED = re.compile(r"^(When|Where|In what \w+|What year) did (.+?) die\b")
_DEATH = re.compile(r"\b(?:di(?:ed|es|e|ing)|dead|death|killed|murdered|assassinated|buried)\b|\d{3,4} ?[–-] ?.*\d{4}")
_BIRTH = re.compile(r"\b(?:born|birth|native)\b|\d{3,4} ?[–-] ?.*\d{4}")


class Way(StrEnum):
    """How a question was changed."""

    NAME = "name"
    SIBLING = "sibling"
    OPPOSITE = "opposite"
    NEGATION = "negation"


# How often a way is tried at all. Nearly every question can be negated, and few real ones are: "not" would soon mean
# "not there".
WAYS_TRIED = {Way.NAME: 1.0, Way.SIBLING: 1.0, Way.OPPOSITE: 1.0, Way.NEGATION: 0.05}
_FARTHEST_YEAR, _LATEST_YEAR = 60, 2020


@dataclass(frozen=True, slots=True)
class Change:
    """Another text for the characters from `start` to `end` of a question."""

    way: Way
    start: int
    end: int
    new: str

    def of(self, question: str) -> str:
        """Give the changed question, with "a" or "an" as the new word needs it."""
        before = question[: self.start]
        if re.search(r"\ban? $", before) and self.new[:1].isalpha():
            before = before.rstrip()[: -len(before.split()[-1])] + ("an " if self.new[0].lower() in "aeiou" else "a ")
        return before + self.new + question[self.end :]


class NearMisses:
    """Makes near misses of questions whose answer's place is known."""

    def __init__(self, examples: Sequence[ReaderExample]) -> None:
        contexts = sorted({example.context for example in examples})
        self._lower_case = {word for context in contexts for word in re.findall(r"\b[a-z]+\b", context)}
        self._asked = Counter(word for example in examples for word in set(re.findall(r"\w+", example.question)))
        self._kinds = self._kinds_of_answers(examples)
        self._names = {context: sorted(set(self._names_in(context))) for context in contexts}
        self._mentions: dict[str, list[str]] = defaultdict(list)
        pools: dict[str, set[str]] = defaultdict(set)
        for context in contexts:
            for name in self._names[context]:
                self._mentions[name].append(context)
                pools[self.kind_of(name)].add(name)
        self._pools = {kind: sorted(names) for kind, names in pools.items() if not kind.startswith("other")}
        self._questions: dict[str, list[frozenset[str]]] = defaultdict(list)
        for example in examples:
            self._questions[example.context].append(_stems(example.question))

    def of(self, example: ReaderExample, shown: ReaderExample, generator: random.Random) -> ReaderExample | None:
        """Give a near miss of `example` for the part of its passage that `shown` has; None when none is safe."""
        for way in generator.sample(list(Way), len(Way)):
            if generator.random() >= WAYS_TRIED[way]:
                continue
            tried = 0
            for change in self._changes(way, example, shown, generator):
                if self._is_safe(example, change):
                    return unanswered(change.of(example.question), shown.context)
                tried += 1
                if tried == _TRIES:
                    break
        return None

    def kind_of(self, name: str) -> str:
        """Give what a name seems to name: "person", "place", "university", …, or "other" with its length."""
        parts = name.split()
        for part in (parts[-1], parts[0]):
            if part.lower() in _NAMED_THINGS:
                return part.lower()
        known = self._kinds.get(name) or (self._kinds.get(parts[-1]) if len(parts) > 1 else None)
        if known:
            return known
        if name.isupper():
            return "other acronym"
        return f"other {min(len(parts), 2)}"

    def _kinds_of_answers(self, examples: Sequence[ReaderExample]) -> dict[str, str]:
        """Learn from the answers to "Who" and "Where" which names are persons' and which are places'."""
        kinds: dict[str, Counter[str]] = defaultdict(Counter)
        for example in examples:
            kind = (_WHO.search(example.question) and "person") or (_WHERE.search(example.question) and "place")
            found = _NAME.fullmatch(example.answer.strip())
            if kind and found:
                kinds[found.group()][kind] += 1
                if kind == "person":
                    kinds[found.group().split()[-1]][kind] += 1
        return {
            name: count.most_common(1)[0][0]
            for name, count in kinds.items()
            if len(count) == 1 and name.lower() not in self._lower_case
        }

    def _names_in(self, text: str) -> Iterator[str]:
        for start, end in self._name_places(text):
            yield text[start:end]

    def _name_places(self, text: str) -> Iterator[tuple[int, int]]:
        for match in _NAME.finditer(text):
            start, name = match.start(), _POSSESSIVE.sub("", match.group())
            first, _, rest = name.partition(" ")
            if first.lower() in _FUNCTION_WORDS or (
                rest and first.lower() in self._lower_case and _SENTENCE_START.search(text[:start][-2:])
            ):
                start, name = start + len(first) + 1, rest
            parts = name.split(" ")
            usual = name.lower() in self._lower_case or name in _SIBLING_WORDS or _HALF_A_NAME.search(name)
            if len(name) > 1 and name[0].isupper() and not usual and len(parts) <= _LONGEST_NAME:
                yield start, start + len(name)

    def _changes(
        self, way: Way, example: ReaderExample, shown: ReaderExample, generator: random.Random
    ) -> Iterator[Change]:
        match way:
            case Way.NAME:
                yield from self._other_names(example, shown, generator)
            case Way.SIBLING:
                yield from _in_some_order(self._siblings(example, shown, generator), generator)
            case Way.OPPOSITE:
                yield from _in_some_order(self._opposites(example, generator), generator)
            case Way.NEGATION:
                yield from _negations(example)

    def _other_names(self, example: ReaderExample, shown: ReaderExample, generator: random.Random) -> Iterator[Change]:
        """Give names for names: of the same passage, then of passages that mention the name, then any."""
        question = example.question
        for start, end in _in_some_order(self._name_places(question), generator):
            old = question[start:end]
            # Where the passage does not mention it, "he" may well be right: nothing would tell right from wrong.
            if not _mentions(shown.context, old.split()[-1]):
                continue
            kind = self.kind_of(old)
            near = [name for name in self._names.get(example.context, ()) if self.kind_of(name) == kind]
            others = [context for context in self._mentions.get(old, ()) if context != example.context]
            related = {
                name
                for context in generator.sample(others, min(3, len(others)))
                for name in self._names[context]
                if self.kind_of(name) == kind
            }
            any_of_kind = self._pools.get(kind, [])
            for names in (near, sorted(related - {*near}), generator.sample(any_of_kind, min(2, len(any_of_kind)))):
                for new in generator.sample(names, min(2, len(names))):
                    yield Change(Way.NAME, start, end, new)

    def _siblings(self, example: ReaderExample, shown: ReaderExample, generator: random.Random) -> Iterator[Change]:
        question = example.question
        numbers = ((_YEAR, _another_year, _near_in_time), (_NUMBER, _another_number, _of_like_length))
        for pattern, invented, alike in numbers:
            for match in pattern.finditer(question):
                old = match.group()
                if (pattern is _NUMBER and _YEAR.fullmatch(old)) or not _mentions(shown.context, old):
                    continue
                found = sorted({other for other in pattern.findall(example.context) if alike(other, old)} - {old})
                new = generator.choice(found) if found and generator.random() < 0.7 else invented(old, generator)
                yield Change(Way.SIBLING, match.start(), match.end(), new)
        for match in _WORD.finditer(question):
            if match.start() and match.group() in _SIBLING_WORDS and _mentions(shown.context, match.group()):
                row = _SIBLING_WORDS[match.group()]
                here = [word for word in row if _mentions(example.context, word)]
                new = generator.choice(here if here and generator.random() < 0.5 else row)
                if self._is_asked_enough(new, match.group(), generator):
                    yield Change(Way.SIBLING, match.start(), match.end(), new)

    def _opposites(self, example: ReaderExample, generator: random.Random) -> Iterator[Change]:
        question = example.question
        for pattern, told, aux, verb in ((_BORN, _DEATH, "did", "die"), (_DIED, _BIRTH, "was", "born")):
            match = pattern.search(question)
            if match and not told.search(example.context):
                yield Change(
                    Way.OPPOSITE, match.start(), match.end(), f"{match.group(1)} {aux} {match.group(2)} {verb}"
                )
        for match in _WORD.finditer(question):
            old = match.group()
            for new in _opposites_of(question, match):
                if not _mentions(example.context, new) and self._is_asked_enough(new, old, generator):
                    yield Change(Way.OPPOSITE, match.start(), match.end(), new)

    def _is_asked_enough(self, new: str, old: str, generator: random.Random) -> bool:
        return generator.random() < _MOST_PER_REAL_USE * self._asked[new] / max(1, self._asked[old])

    def _is_safe(self, example: ReaderExample, change: Change) -> bool:
        """Tell whether the passage no longer answers, as far as words can tell."""
        question, changed = example.question, change.of(example.question)
        old, new, answer = question[change.start : change.end], change.new, example.answer
        if changed.lower() == question.lower():
            return False
        answering = _answering_sentences(example)
        if change.way is Way.NEGATION:
            return not _NEGATION.search(answering)
        if _is_asked_already(changed, new, self._questions[example.context]):
            return False
        if " " in old and change.way is Way.OPPOSITE:  # born and died, which were checked where they were made
            return True
        if _may_mean_the_same(old, new, example.context) or _share_words(new, answer):
            return False
        if _share_words(new, question[: change.start] + question[change.end :]) or _mentions(answering, new):
            return False
        rest = _stems(question[: change.start] + question[change.end :])
        return all(
            len(rest & _stems(sentence)) <= len(rest) / 2
            for sentence in (span.of(example.context) for span in sentence_spans(example.context))
            if _mentions(sentence, new.split()[-1])
        )


_SIBLING_WORDS = {word: tuple(other for other in row if other != word) for row in SIBLINGS for word in row}


def _with_both_directions(pairs: Iterable[tuple[str, str]]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    for one, other in pairs:
        found[one].append(other)
        found[other].append(one)
    return dict(found)


_OPPOSITE_WORDS = _with_both_directions(OPPOSITES)


def _opposites_of(question: str, found: re.Match[str]) -> list[str]:
    """Give a word's opposites; where it may be another part of speech, only if its neighbours tell."""
    word, before, behind = found.group(), question[: found.start()].lower(), question[found.end() :].lower()
    if not before or behind.startswith((" up", " know")):  # "ended up", "best known"
        return []
    of_a_thing, of_a_deed = before.endswith("the "), bool(re.search(r"\b(?:did|does|do|to|will)\b", before))
    if word in ("first", "last"):
        ordinal = of_a_thing or re.search(r"(?:\b(?:his|her|its|their)|[’']s) $", before)
        return ["last" if word == "first" else "first"] if ordinal else []
    if word in ("most", "least"):
        superlative = of_a_thing and re.match(r" \w+ \w", behind)
        return ["least" if word == "most" else "most"] if superlative else []
    if word == "end":
        return ["beginning"] if of_a_thing else ["begin"] if of_a_deed else []
    if word == "beginning":
        return ["end"] if of_a_thing else []
    if word in ("begin", "start"):
        return ["end"] if of_a_deed and not of_a_thing else []
    return _OPPOSITE_WORDS.get(word, [])


def _negations(example: ReaderExample) -> Iterator[Change]:
    question = example.question
    if _NEGATION.search(question):
        return
    never = _NEVER.match(question)
    if never:
        yield Change(Way.NEGATION, never.end(), never.end(), "never ")
    negatable = _NEGATABLE.match(question)
    if negatable and negatable.group(1) in ("is", "are") and question.startswith(("Who", "What is", "What are")):
        yield Change(Way.NEGATION, negatable.end(), negatable.end(), " not")
    elif negatable:
        yield Change(Way.NEGATION, negatable.end(), negatable.end(), "n't")


def _another_year(old: str, generator: random.Random) -> str:
    year = int(old)
    step = generator.randint(1, 4) * 10 if old.endswith("0") else generator.randint(1, 15)
    return str(year - step if year + step > _LATEST_YEAR or generator.random() < 0.5 else year + step)


def _another_number(old: str, generator: random.Random) -> str:
    whole, dot, fraction = old.replace(",", "").partition(".")
    number = int(whole)
    other = number + generator.randint(1, max(3, number // 3))
    return (f"{other:,}" if "," in old else str(other)) + dot + fraction


def _near_in_time(year: str, other: str) -> bool:
    return abs(int(year) - int(other)) <= _FARTHEST_YEAR


def _of_like_length(number: str, other: str) -> bool:
    return abs(len(number) - len(other)) <= 1 and not _YEAR.fullmatch(number)


def _is_asked_already(changed: str, new: str, questions: Iterable[frozenset[str]]) -> bool:
    """Tell whether somebody asked much the same of this passage, which then answers."""
    stems, told = _stems(changed), _stems(new)
    return any(told <= other and 5 * len(stems & other) >= 3 * len(stems | other) for other in questions)


def _may_mean_the_same(old: str, new: str, context: str) -> bool:
    if old.lower() == new.lower() or _share_words(old, new):
        return True
    if _is_short_for(old, new) or _is_short_for(new, old):
        return True
    # "New York (Gotham)", "Gotham, also called New York": side by side is often the same.
    side_by_side = r"\W+(?:\w+\W+){0,3}?"
    one, other = re.escape(old), re.escape(new)
    return bool(re.search(rf"\b{one}{side_by_side}{other}\b|\b{other}{side_by_side}{one}\b", context, re.IGNORECASE))


def _is_short_for(name: str, long: str) -> bool:
    """Tell whether a word of `name` is the initials of `long`: "the NES" of "Nintendo Entertainment System"."""
    initials = "".join(word[0] for word in long.split() if word[0].isupper())
    return len(initials) > 1 and any(word.startswith(initials) and word.isupper() for word in name.split())


def _share_words(one: str, other: str) -> bool:
    return bool(_stems(one) & _stems(other))


def _stems(text: str) -> frozenset[str]:
    """Give the beginnings of the words that say something: "Germany" and "German" are one."""
    return frozenset(
        word[:5] for word in words(text) if word not in _FUNCTION_WORDS and (len(word) > 1 or word.isdigit())
    )


def _mentions(text: str, word: str) -> bool:
    return re.search(rf"\b{re.escape(word)}\b", text, re.IGNORECASE) is not None


def _answering_sentences(example: ReaderExample) -> str:
    if example.start is None or example.end is None:
        return example.context
    spans = [span for span in sentence_spans(example.context) if span.start < example.end and span.end > example.start]
    return " ".join(span.of(example.context) for span in spans) or example.context


def _in_some_order(items: Iterable[_Item], generator: random.Random) -> list[_Item]:
    found = list(items)
    generator.shuffle(found)
    return found
