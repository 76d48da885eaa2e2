"""Builders of small cases and answers; every test names only what it is about."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from eval.cases import Case, Evidence
from qa.domain import Answer, Citation, Seconds, Usage

DOCUMENT = "Ada founded Acme in 2016. Acme paid $6.5 billion for Ampere. Bob runs Acme."


@pytest.fixture
def document() -> str:
    """The text of a.txt, which cases and citations quote."""
    return DOCUMENT


@pytest.fixture
def make_case() -> Callable[..., Case]:
    def make(**changes: Any) -> Case:
        fields: dict[str, Any] = {
            "id": "founder",
            "question": "Who founded Acme?",
            "history": (),
            "answers": ("Ada",),
            "answers_all": (),
            "answerable": True,
            "evidence": (evidence_for("Ada founded Acme in 2016."),),
            "tags": ("fact",),
        }
        return Case(**{**fields, **changes})

    return make


@pytest.fixture
def make_unanswerable(make_case: Callable[..., Case]) -> Callable[..., Case]:
    def make(**changes: Any) -> Case:
        unknown = {"id": "uber", "question": "Who founded Uber?", "answers": (), "answerable": False}
        return make_case(**{**unknown, "evidence": (), "tags": ("near-miss",), **changes})

    return make


@pytest.fixture
def make_answer() -> Callable[..., Answer]:
    def make(text: str = "Ada founded Acme in 2016. [1]", **changes: Any) -> Answer:
        fields: dict[str, Any] = {
            "question": "Who founded Acme?",
            "standalone_question": "Who founded Acme?",
            "status": "answered",
            "text": text,
            "short_answer": None,
            "confidence": 0.9,
            "statements": (),
            "citations": (),
            "passages": (),
            "model": "scripted",
            "usage": Usage(),
            "seconds": Seconds(retrieve=0.1, answer=0.1, total=0.2),
        }
        return Answer(**{**fields, **changes})

    return make


@pytest.fixture
def refusal(make_answer: Callable[..., Answer]) -> Answer:
    return make_answer("I could not find this in the documents.", status="not_found")


@pytest.fixture
def cite() -> Callable[..., Citation]:
    def make(quote: str, number: int = 1, **changes: Any) -> Citation:
        start = DOCUMENT.find(quote)
        fields: dict[str, Any] = {
            "number": number,
            "document_id": "a.txt",
            "title": "Acme",
            "source": "a.txt",
            "page": None,
            "start": start,
            "end": start + len(quote),
            "quote": quote,
            "verified": True,
        }
        return Citation(**{**fields, **changes})

    return make


def evidence_for(quote: str) -> Evidence:
    start = DOCUMENT.index(quote)
    return Evidence(document="a.txt", quote=quote, start=start, end=start + len(quote))


@pytest.fixture(name="evidence_for")
def evidence_for_fixture() -> Callable[[str], Evidence]:
    return evidence_for
