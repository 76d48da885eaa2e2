"""What a statement denies or leaves open and its quotes do not, or the reverse."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Literal

from qa.answering.terms import Token, tokenize

State = Literal["free", "negated", "open", "unclear"]
_COMPARED: tuple[set[State], ...] = ({"free"}, {"negated"}, {"open"})

_NEGATION = re.compile(
    r"(?:\b(?:no|not(?! only\b)|never|without|none|nobody|nothing|nowhere|neither|nor|cannot)\b|n['’]t\b)"
    r"(?!\s(?:\w+ly\s)?(?:an?\s)?(?:doubt|question)\b)",  # what there is no doubt of is so
    re.IGNORECASE,
)
_NEGATED_WORDS = 2
# "Did not at any time in 2017 invest": the verb comes after the time.
_AUXILIARY = re.compile(
    r"(?:\b(?:do|does|did|will|would|ca|can|could|wo|shall|should|may|might|must|has|have|had)\s?|\bcan)\Z",
    re.IGNORECASE,
)
_ASIDE = re.compile(r"\s(?:at|in|during|on|under|for|by|with|within|after|before|since|until|despite|as of)\b")
_WORDS_AFTER_ASIDE = 6
# What says "not" of the verb that follows.
_REFUSAL = re.compile(
    r"\b(?:fail(?:s|ed|ing)?|refus(?:e|es|ed|ing)|declin(?:e|es|ed|ing)|neglect(?:s|ed|ing)?|unable|unwilling) to\b",
    re.IGNORECASE,
)
# What says of all that follows that it is not so, and what leaves it open.
_FALSEHOOD = re.compile(
    r"\b(?:false|untrue|incorrect|not true|not the case|(?:a|the) (?:myth|lie|hoax)|(?:falsely|wrongly) \w+ed) that\b",
    re.IGNORECASE,
)
_DOUBT = re.compile(
    r"\bwhether\b|\b(?:unclear|unsure|unknown|uncertain|asks?|asked|see|know|knew|determined?|wonder(?:s|ed)?) if\b"
    r"|\b(?:unclear|unknown|uncertain|doubtful|disputed|unconfirmed) that\b|\bden(?:y|ies|ied|ying) (?=that\b|\w+ing\b)"
    r"|\bdoubt(?:s|ed|ing)? (?:that|if)\b"
    r"|\bno (?:\w+ )?(?:evidence|proof|indications?|signs?|confirmation)(?: so far| yet| at all)? (?:that|of|for)\b",
    re.IGNORECASE,
)
_NO_DOUBT = re.compile(r"(?:\b(?:no|any|little|without|beyond|not|never)|n['’]t)\s(?:a\s)?doubt", re.IGNORECASE)
# "Never failed to" and "not untrue that": whether two make none is not for rules to tell.
_DENIED_BEFORE = re.compile(r"(?:\b(?:not|never|no|nor|cannot)|n['’]t)\s(?:\w+ly\s)?\Z", re.IGNORECASE)

_SENTENCE = re.compile(r"[^.;!?\n]+")
_JOINT = r"(?:but|although|though|whereas|while)\b"
_CLAUSE_END = re.compile(rf"[.,;:!?()\n]|\s[–—]\s|\b{_JOINT}", re.IGNORECASE)
_INTERRUPTION = re.compile(
    rf",\s(?!{_JOINT}|(?:and|or|so|yet)\b)[^,.;:!?()\n]{{1,80}},|\([^()\n]{{1,80}}\)|\s[–—]\s[^–—\n]{{1,80}}\s[–—](?=\s)",
    re.IGNORECASE,
)
_GOES_ON_ELSEWHERE = re.compile(rf"\s?(?:{_JOINT}|(?:and|or|so|yet)\b)", re.IGNORECASE)
_NO_ADVERBS = frozenset(
    "ally apply assembly comply family imply italy july monopoly multiply rally rely reply supply".split()
)


def negation_differs(statement: str, quotes: Sequence[str]) -> bool:
    """Tell whether a telling word is denied or left open in the statement alone, wherever quotes have it, or in them.

    "Not", "no", "never", "n't" and their like, and "failed to" and its, deny the next two telling words of their
    clause, and adverbs before those; what stands between commas or brackets is passed over. "It is false that" denies
    all the rest of its clause, and "whether" and "no evidence that" leave it open. The other words of the same
    sentence are neither denied nor free, so they differ from nothing.
    """
    said, there = _states(statement), _states("\n".join(quotes))
    return any(
        states != there[word] and states in _COMPARED and there[word] in _COMPARED
        for word, states in said.items()
        if word in there
    )


def denies(text: str) -> bool:
    """Tell whether a text has a "not" of any kind, whatever it denies."""
    return _NEGATION.search(text) is not None


def _states(text: str) -> dict[str, set[State]]:
    """Give for each telling word all that it is."""
    found: dict[str, set[State]] = {}
    for match in _SENTENCE.finditer(text):
        sentence = match.group()
        tokens = [token for token in tokenize(sentence) if not token.is_stop_word]
        for token, state in zip(tokens, _states_in(sentence, tokens), strict=True):
            found.setdefault(token.stem, set()).add(state)
    return found


def _states_in(sentence: str, tokens: Sequence[Token]) -> list[State]:
    negated = {token.start for match in _deniers(sentence) for token in _denied(sentence, match, tokens)}
    falsehoods = [match for match in _FALSEHOOD.finditer(sentence) if not _is_denied(sentence, match)]
    false = {token.start for match in falsehoods for token in _rest(sentence, match, tokens)}
    sure = {match.end() for match in _NO_DOUBT.finditer(sentence)}
    doubts = [match for match in _DOUBT.finditer(sentence) if match.start() + len("doubt") not in sure]
    open_ = {token.start for match in doubts for token in _rest(sentence, match, tokens)}
    plain = not (doubts or any(pattern.search(sentence) for pattern in (_NEGATION, _REFUSAL, _FALSEHOOD)))

    def state(at: int) -> State:
        if at in open_:
            return "open"
        if at in negated and at in false:
            return "unclear"
        if at in negated or at in false:
            return "negated"
        return "free" if plain else "unclear"

    return [state(token.start) for token in tokens]


def _deniers(sentence: str) -> Iterator[re.Match[str]]:
    """Give what denies the words after it; two that meet deny nothing for certain."""
    for match in _NEGATION.finditer(sentence):
        meeting = re.compile(r"\s(?:\w+ly\s)?").match(sentence, match.end())
        after = meeting.end() if meeting else match.end()
        if not any(pattern.match(sentence, after) for pattern in (_REFUSAL, _FALSEHOOD)):
            yield match
    yield from (match for match in _REFUSAL.finditer(sentence) if not _is_denied(sentence, match))


def _is_denied(sentence: str, match: re.Match[str]) -> bool:
    return _DENIED_BEFORE.search(sentence, 0, match.start()) is not None


def _denied(sentence: str, match: re.Match[str], tokens: Sequence[Token]) -> Iterator[Token]:
    """Give the words that a "not" denies: two of the next stretch that has more than adverbs."""
    aside = _ASIDE.match(sentence, match.end()) and _AUXILIARY.search(sentence, 0, match.start())
    left = _WORDS_AFTER_ASIDE if aside else _NEGATED_WORDS
    for start, end in _stretches(sentence, match.end()):
        begun = False
        joint = re.search(r"\band\b", sentence[start:end]) if aside else None
        for token in _within(tokens, start, start + joint.start() if joint else end):
            if left == 0:
                return
            yield token
            if not _is_adverb(token):
                begun, left = True, left - 1
        if begun:
            return


def _rest(sentence: str, match: re.Match[str], tokens: Sequence[Token]) -> Iterator[Token]:
    """Give the words of the clause that follows."""
    for start, end in _stretches(sentence, match.end()):
        yield from _within(tokens, start, end)


def _within(tokens: Sequence[Token], start: int, end: int) -> Iterator[Token]:
    return (token for token in tokens if start <= token.start < end)


def _stretches(sentence: str, at: int) -> Iterator[tuple[int, int]]:
    """Give where a clause goes on, from an offset to its end; each interruption parts two stretches."""
    while True:
        stop = _CLAUSE_END.search(sentence, at)
        yield at, stop.start() if stop else len(sentence)
        interruption = _INTERRUPTION.match(sentence, stop.start()) if stop else None
        if interruption is None or _GOES_ON_ELSEWHERE.match(sentence, interruption.end()):
            return
        at = interruption.end()


def _is_adverb(token: Token) -> bool:
    word = token.surface.lower()
    return len(word) > 4 and word.endswith("ly") and word not in _NO_ADVERBS
