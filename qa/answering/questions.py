"""What a question asks for: its kind, its telling words and its parts."""

from __future__ import annotations

import re
from dataclasses import dataclass

from qa.answering.kinds import Kind, kind_of
from qa.answering.terms import Token, rarity, tokenize

_PART = re.compile(
    r"(?:[;?]\s*|,?\s+)(?:and|but|also|as well as|plus)?,?\s*(?=(?:who|what|when|where|why|which|how|whose)\b)",
    re.IGNORECASE,
)
_PLURAL = re.compile(
    r"\b(?:which|what) (?:[\w.-]+ ){0,3}?(?!does|was|is|has|this|news|series|means)(?:[a-z]+(?:[^su\W]s|ies)|people)"
    r" (?:are|were|have|has|had|did|do|does|will|would|might|may|can|could|should)\b",
    re.IGNORECASE,
)
_SMALL_TALK = re.compile(
    r"\W*(hello|hi|hey|good (morning|afternoon|evening|day)|thanks|thank you|bye|goodbye|ok(ay)?|test)"
    r"( there| again| all| everyone| very much| a lot| for your help)?\W*",
    re.IGNORECASE,
)
_MOST_PARTS = 6
_AFTER_THE = re.compile(r"\b[Tt]he $")
_ROLES = frozenset(
    "agent agreement borrower building buyer client company consultant contract contractor customer employee employer"
    " fee franchisee franchisor goods guarantor insured insurer landlord lender lessee lessor licensee licensor manager"
    " owner parties party premises product products property provider purchaser rent seller service services supplier"
    " tenant term vendor".split()
)
_JOINED = re.compile(r"(?:\band\b|\balso\b|;|\?)\W*$", re.IGNORECASE)
_COMPARISON = re.compile(
    r"\b(compar\w+|versus|vs\.?|difference between|differ(s|ent)? from|than|or|both|either|more|less|larger|bigger"
    r"|smaller|exceeds?)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Term:
    """A telling word of a question.

    Attributes:
        weight: 0 (common) to 1 (rare).
        is_name: A name or a number: an answer that does not have it is about something else.
    """

    token: Token
    weight: float
    is_name: bool


@dataclass(frozen=True, slots=True)
class Question:
    """A question, read.

    Attributes:
        terms: Its telling words, each stem once, in order; empty for small talk and for "Who was it?".
        compares: It sets two or more things against each other.
        asks_for_several: It asks which things, not which thing.
    """

    text: str
    kind: Kind
    terms: tuple[Term, ...]
    compares: bool
    asks_for_several: bool = False


def read_question(text: str) -> Question:
    """Find out what a question asks for."""
    return Question(
        text=text,
        kind=kind_of(text),
        terms=_terms(text),
        compares=_COMPARISON.search(text) is not None,
        asks_for_several=_PLURAL.search(text) is not None,
    )


def in_usual_case(text: str) -> str:
    """Give a question that was typed all in capitals in small letters, for capitals tell names; others as they are."""
    return text.lower() if text.isupper() and len(text.split()) > 1 else text


def question_parts(text: str) -> list[str]:
    """Cut a question that asks several things into its parts; a single question is its only part.

    "Who leads X and when was it founded?" has two; a relative clause ("the firm which …") starts none. What has
    more than six parts is no question but a text; it stays whole.
    """
    text = " ".join(text.split())
    parts, start = [], 0
    for cut in _PART.finditer(text):
        joint = text[start : cut.end()]
        if cut.start() > start and _JOINED.search(joint) and len(tokenize(text[start : cut.start()])) >= 3:
            parts.append(text[start : cut.start()].strip(" ,;?"))
            start = cut.end()
    rest = text[start:].strip(" ,;")
    parts += [rest] if rest else []
    return parts if len(parts) <= _MOST_PARTS else [text]


def _is_role(text: str, token: Token) -> bool:
    """Tell whether a word is what a contract calls a party or a thing, as in "the Tenant"; all of it is about these."""
    return token.surface.lower() in _ROLES and _AFTER_THE.search(text, 0, token.start) is not None


def _terms(text: str) -> tuple[Term, ...]:
    if _SMALL_TALK.fullmatch(text):
        return ()
    terms: dict[str, Term] = {}
    typed_in_lower_case = text == text.lower()
    for position, token in enumerate(tokenize(text)):
        if token.is_stop_word or token.stem in terms:
            continue
        weight = rarity(token.surface)
        # The first word is capitalised in any case; it is a name when it is no everyday word.
        capital = token.is_capitalised and (position > 0 or weight >= 0.95 or not token.surface[1:].islower())
        # Who types all in lower case writes names so too; they are among the words that are in no vocabulary.
        is_name = (capital and not _is_role(text, token)) or token.is_number or (typed_in_lower_case and weight >= 1.0)
        terms[token.stem] = Term(token=token, weight=weight, is_name=is_name)
    return tuple(terms.values())
