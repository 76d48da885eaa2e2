"""Answers in a chat model's words: one call, statement by statement, each with the quotes that should prove it."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from qa.answering.reply import REPLY_SCHEMA, Reply, ReplyReader
from qa.domain import Passage, RankedPassage, Status, Usage
from qa.errors import ModelError, UnreadableReply
from qa.gate import plain
from qa.interfaces import (
    Answerer,
    ChatModel,
    Draft,
    DraftEnd,
    DraftStatement,
    DraftText,
    Message,
    ReplyEnd,
)
from qa.model_calls import broken_off
from qa.pricing import PriceTable
from qa.prompts import Prompts

_ENDINGS = {
    "length": "The chat model reached its limit of tokens; the answer may lack its end.",
    "filter": "The service withheld a part of the chat model's answer.",
    "cut": "The connection to the chat model closed early; the answer may lack its end.",
}


@dataclass
class _Call:
    """What is known so far of the calls for one answer."""

    ends: list[ReplyEnd | None] = field(default_factory=list)  # None for a call that broke off
    problem: str | None = None


@dataclass(frozen=True, kw_only=True)
class GenerativeAnswerer:
    """Has a chat model answer from passages; where it cannot, the fallback does, and the answer says so.

    Attributes:
        fallback: Answers when the chat model does not.
        count_tokens: Tells how long texts are, in tokens of about the chat model's size.
        passages_wanted: Most passages that are sent.
        passage_budget: Most tokens of passages that are sent; at least one passage always is, whole.
        max_statements: Most sentences that the model is asked for.
    """

    model: ChatModel
    prompts: Prompts
    prices: PriceTable
    fallback: Answerer
    count_tokens: Callable[[Sequence[str]], list[int]]
    passages_wanted: int = 8
    passage_budget: int = 4000
    max_statements: int = 8

    @property
    def name(self) -> str:
        """The chat model's name."""
        return self.model.name

    def answer(self, question: str, passages: Sequence[RankedPassage]) -> Iterator[Draft]:
        """Give the statements as the model completes them, and how it sums up; see `Answerer`."""
        if not passages:
            yield DraftEnd(status="not_found", short_answer=None, confidence=None)
            return
        call = _Call()
        sent = self._packed([ranked.passage for ranked in passages])
        begun, reply = False, None
        for event in self._written(self._messages(question, sent), sent, call):
            if isinstance(event, Reply):
                reply = event
                continue
            if isinstance(event, DraftStatement):
                begun = True
            yield event
        usage = self.prices.usage(self.name, call.ends)
        if not begun and (reply is None or call.problem):
            yield from self._fallen_back(question, passages, call.problem, usage)
            return
        yield DraftEnd(
            status=_status(reply, begun, call.problem),
            short_answer=_short_answer(reply),
            confidence=None,
            notices=(call.problem,) if call.problem else (),
            usage=usage,
        )

    def _written(
        self, messages: Sequence[Message], sent: Sequence[Passage], call: _Call
    ) -> Iterator[DraftText | DraftStatement | Reply]:
        """Give what the model writes, asking once more for what cannot be read; what stopped it is `call.problem`."""
        reader = ReplyReader(sent)
        try:
            yield from self._read(messages, reader, call)
        except UnreadableReply as error:
            call.problem = f"The chat model's reply could not be read: {error}"
            if not reader.begun:
                yield from self._repaired(messages, reader, call, str(error))
        except ModelError as error:
            call.problem = str(error)

    def _repaired(
        self, messages: Sequence[Message], reader: ReplyReader, call: _Call, problem: str
    ) -> Iterator[DraftText | DraftStatement | Reply]:
        again = [
            *messages,
            Message(role="assistant", text=reader.text[:4000] or "(nothing)"),
            Message(role="user", text=self.prompts.fill("repair", problem=problem)),
        ]
        first, call.problem = call.problem, None
        try:
            yield from self._read(again, ReplyReader(reader.passages), call)
        except ModelError:
            call.problem = first

    def _read(
        self, messages: Sequence[Message], reader: ReplyReader, call: _Call
    ) -> Iterator[DraftText | DraftStatement | Reply]:
        call.ends.append(None)
        end: ReplyEnd | None = None
        try:
            for piece in self.model.stream(messages, schema=REPLY_SCHEMA):
                if isinstance(piece, ReplyEnd):
                    call.ends[-1] = end = piece
                else:
                    # What the gate leaves nothing of says nothing.
                    yield from (draft for draft in map(_gated, reader.feed(piece)) if draft.text)
        except ModelError as error:
            call.ends[-1] = broken_off(error)
            raise
        if end is not None and end.finish != "stop":
            call.problem = _ENDINGS[end.finish]
            return
        yield reader.finish()

    def _packed(self, passages: Sequence[Passage]) -> list[Passage]:
        """Give the best passages that fit the budget, whole; one that does not fit is passed over."""
        sent: list[Passage] = []
        left = self.passage_budget
        for passage, tokens in zip(passages, self.count_tokens([each.text for each in passages]), strict=True):
            if tokens <= left or not sent:
                sent.append(passage)
                left -= tokens
        return sent

    def _messages(self, question: str, sent: Sequence[Passage]) -> list[Message]:
        nonce = secrets.token_hex(6)
        blocks = "\n\n".join(_block(number, passage, nonce) for number, passage in enumerate(sent, 1))
        return [
            Message(role="system", text=self.prompts.fill("answer", nonce=nonce, most=self.max_statements)),
            Message(role="user", text=self.prompts.fill("question", passages=blocks, question=question)),
        ]

    def _fallen_back(
        self, question: str, passages: Sequence[RankedPassage], problem: str | None, usage: Usage
    ) -> Iterator[Draft]:
        told = f"{problem or 'The chat model gave no answer.'} The {self.fallback.name} answerer answered instead."
        for draft in self.fallback.answer(question, passages[: self.fallback.passages_wanted]):
            if isinstance(draft, DraftEnd):
                notices = (told, *draft.notices)
                yield replace(draft, notices=notices, usage=usage, model=draft.model or self.fallback.name)
            else:
                yield draft


def _gated(draft: DraftText | DraftStatement) -> DraftText | DraftStatement:
    """Take out of a model's sentence what could load, link or pass for a citation."""
    return replace(draft, text=plain(draft.text))


def _block(number: int, passage: Passage, nonce: str) -> str:
    title = " ".join(passage.title.split()).replace('"', "'")
    return f'<passage-{nonce} number="{number}" title="{title}">\n{passage.text}\n</passage-{nonce}>'


def _status(reply: Reply | None, begun: bool, problem: str | None) -> Status:
    if not begun:
        return "not_found"
    if problem or reply is None:
        return "partial"
    return reply.status if reply.status != "not_found" else "partial"


def _short_answer(reply: Reply | None) -> str | None:
    """Give the model's short answer, gated; whether a verified quote has these words is checked with the citations."""
    return None if reply is None or reply.short_answer is None else plain(reply.short_answer) or None
