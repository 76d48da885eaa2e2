"""Drafts in a chat model's words: a question, an answer and a quote from one passage, each of them checked by code."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from eval.cases import Evidence
from eval.drafting.drafts import Draft
from eval.json_replies import JsonAsker, chat_model_of, new_nonce, tagged
from eval.matching import contains, normalised_tokens
from qa.domain import Span, Usage
from qa.errors import ModelError, ModelRefusedError, UnreadableReply
from qa.gate import plain
from qa.interfaces import ChatModel, Message
from qa.pricing import PriceTable, load_prices
from qa.prompts import Prompts, load_prompts
from qa.quotes import find_quote
from qa.settings import Settings
from qa.splitting import sentence_spans

DRAFTING = ("draft_case", "repair")
"""The prompts that a drafter sends."""

_PASSAGE_CHARS = 1_500
_FEWEST_PASSAGE_CHARS = 40
_LONGEST_QUESTION, _LONGEST_ANSWER = 300, 150  # characters
_FAILURES = 3  # in a row
_POINTING = ("passage", "text above", "this document", "the text", "the author")

_SCHEMA: dict[str, Any] = {
    "type": "object",
    "properties": {name: {"type": "string"} for name in ("question", "answer", "quote")},
    "required": ["question", "answer", "quote"],
    "additionalProperties": False,
}


@dataclass(frozen=True)
class ModelDrafter:
    """Has a chat model draft cases; for one thread at a time.

    Attributes:
        prompts: Must hold those named in `DRAFTING`.
        turned_down: How many drafts were turned down so far, by reason.
    """

    model: ChatModel
    prompts: Prompts
    prices: PriceTable
    turned_down: Counter[str] = field(default_factory=Counter)
    _asker: JsonAsker = field(init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_asker", JsonAsker(self.model, self.prompts, self.prices))

    @property
    def usage(self) -> Usage:
        """Tokens and dollars so far; unknown where the service did not say them of a call."""
        return self._asker.usage

    def close(self) -> None:
        """Let go of the model's connections."""
        self.model.close()

    def drafts(self, texts: Mapping[str, str], *, seed: int = 0) -> Iterator[Draft]:
        """Draft a case from each passage, going round the documents; what is turned down is counted, not given.

        A draft's quote is in the passage word for word, its answer in the quote, and not in the question.

        Args:
            texts: Document texts by document id; one that cannot be read (`KeyError`) is passed over.
            seed: Chooses the order of documents and passages.

        Raises:
            ModelRefusedError: The service refuses the key or the request.
            ModelError: The service failed three times in a row.
        """
        failures = 0
        for document, span in _passages(texts, seed):
            try:
                draft = self._draft(document, texts[document], span)
            except UnreadableReply:
                failures = 0
                self.turned_down["the reply could not be read"] += 1
            except ModelRefusedError:
                raise
            except ModelError:
                failures += 1
                if failures == _FAILURES:
                    raise
                self.turned_down["the model did not answer"] += 1
            else:
                failures = 0
                if isinstance(draft, Draft):
                    yield draft
                else:
                    self.turned_down[draft] += 1

    def _draft(self, document: str, text: str, span: Span) -> Draft | str:
        """Give a draft, or the reason why there is none."""
        nonce = new_nonce()
        messages = [
            Message(role="system", text=self.prompts.fill("draft_case", nonce=nonce)),
            Message(role="user", text=f"Document: {plain(document)}\n\n{tagged('passage', nonce, span.of(text))}"),
        ]
        reply = self._asker.ask(messages, _SCHEMA, _texts_of)
        question, answer = plain(reply["question"]), reply["answer"].strip()
        if not (question and answer and reply["quote"].strip()):
            return "the passage states no fact to ask for"
        place = find_quote(reply["quote"], span.of(text))
        if place is None:
            return "the quote is not in the passage"
        start, end = span.start + place.start, span.start + place.end
        evidence = Evidence(document=document, quote=text[start:end], start=start, end=end)
        if (problem := _problem(question, answer, evidence.quote)) is not None:
            return problem
        return Draft(
            question=question, answers=(answer,), evidence=(evidence,), source=evidence, tags=("model-drafted",)
        )


def open_drafter(settings: Settings, *, model: str | None = None) -> ModelDrafter:
    """Give a drafter that asks the settings' chat service; close it when it is done.

    Args:
        settings: Its key or address must be set.
        model: The drafter's model; None takes `settings.model`.

    Raises:
        SettingsError: There is no chat service.
        PromptError: A prompt cannot be used.
    """
    return ModelDrafter(
        chat_model_of(settings, "Drafting with a model", model),
        load_prompts(settings.prompts_dir, DRAFTING),
        load_prices(settings.prices_file),
    )


def _problem(question: str, answer: str, quote: str) -> str | None:
    """Give why a draft is turned down; None when it is sound."""
    if len(question) > _LONGEST_QUESTION or not question.endswith("?"):
        return "the question is none"
    if any(words in question.lower() for words in _POINTING):
        return "the question points to the passage"
    if not normalised_tokens(answer) or len(answer) > _LONGEST_ANSWER or not contains(quote, answer):
        return "the answer is not in the quote"
    if contains(question, answer):
        return "the question gives the answer away"
    return None


def _texts_of(reply: Mapping[str, Any]) -> dict[str, str]:
    for name in ("question", "answer", "quote"):
        if not isinstance(reply.get(name), str):
            raise UnreadableReply(f'"{name}" is no text.')
    return {name: str(reply[name]) for name in ("question", "answer", "quote")}


def _passages(texts: Mapping[str, str], seed: int) -> Iterator[tuple[str, Span]]:
    """Give passages of whole sentences, one of each document in turn, until there are no more."""
    ids = sorted(texts)
    random.Random(seed).shuffle(ids)
    left: dict[str, list[Span]] = {}
    while ids:
        for document in list(ids):
            if document not in left:
                left[document] = _spans(document, texts, seed)
            if not left[document]:
                ids.remove(document)
                continue
            yield document, left[document].pop()


def _spans(document: str, texts: Mapping[str, str], seed: int) -> list[Span]:
    try:
        text = texts[document]
    except KeyError:
        return []
    spans: list[Span] = []
    for sentence in sentence_spans(text):
        if spans and sentence.end - spans[-1].start <= _PASSAGE_CHARS:
            spans[-1] = Span(start=spans[-1].start, end=sentence.end)
        else:
            spans.append(sentence)
    spans = [span for span in spans if span.end - span.start >= _FEWEST_PASSAGE_CHARS]
    random.Random(f"{seed}:{document}").shuffle(spans)
    return spans
