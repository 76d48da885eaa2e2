"""What a judge is shown: the material of a case and its answer, each piece between tags that nobody can forge."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

from eval.cases import Case
from eval.json_replies import new_nonce, tagged
from qa.domain import Answer, Citation
from qa.interfaces import Message
from qa.prompts import Prompts

_T = TypeVar("_T")


@dataclass(frozen=True, kw_only=True, slots=True)
class Claim:
    """A statement of an answer and the quotes that should support it.

    Attributes:
        number: 1, 2, 3 … in the order of the answer.
        quotes: Of its citations; empty when it has none.
    """

    number: int
    text: str
    quotes: tuple[Citation, ...]


def claims_of(answer: Answer) -> list[Claim]:
    """Give an answer's statements with their quotes."""
    citations = {citation.number: citation for citation in answer.citations}
    return [
        Claim(
            number=number,
            text=statement.text,
            quotes=tuple(citations[each] for each in statement.citations if each in citations),
        )
        for number, statement in enumerate(answer.statements, 1)
    ]


def is_verbatim(claim: Claim) -> bool:
    """Tell whether a statement is one of its quotes, word for word; white space does not count."""
    return any(claim.text.split() == citation.quote.split() for citation in claim.quotes)


def correctness_messages(prompts: Prompts, case: Case, answer: Answer, *, turn: int = 0) -> list[Message]:
    """Give what is asked to learn whether an answer is correct; each `turn` has the known answers in another order."""
    nonce = new_nonce()
    earlier = "".join(f"Earlier question: {each.question}\nEarlier answer: {each.answer}\n\n" for each in case.history)
    material = (
        tagged("question", nonce, f"{earlier}{case.question}"),
        tagged("known", nonce, _known(case, turn)),
        tagged("answer", nonce, " ".join(each.text for each in answer.statements) or answer.text),
    )
    return _messages(prompts.fill("judge_correctness", nonce=nonce), material)


def faithfulness_messages(prompts: Prompts, claims: Sequence[Claim], *, turn: int = 0) -> list[Message]:
    """Give what is asked to learn which statements are supported; each `turn` has them in another order."""
    nonce = new_nonce()
    material = [piece for claim in _turned(claims, turn) for piece in _shown(claim, nonce)]
    return _messages(prompts.fill("judge_faithfulness", nonce=nonce), material)


def _messages(system: str, material: Sequence[str]) -> list[Message]:
    return [Message(role="system", text=system), Message(role="user", text="\n\n".join(material))]


def _shown(claim: Claim, nonce: str) -> list[str]:
    quotes = [tagged("quote", nonce, each.quote, of=claim.number, document=each.title) for each in claim.quotes]
    return [tagged("statement", nonce, claim.text, number=claim.number), *quotes]


def _known(case: Case, turn: int) -> str:
    groups = case.answer_groups
    parts = [
        f"Part {number} of {len(groups)}, any of: {' | '.join(_turned(group, turn))}"
        for number, group in enumerate(groups, 1)
    ]
    references = [f"Reference: {reference}" for reference in _turned(case.references, turn)]
    return "\n".join([*parts, *references])


def _turned(items: Sequence[_T], turn: int) -> list[_T]:
    by = turn % len(items) if items else 0
    return [*items[by:], *items[:by]]
