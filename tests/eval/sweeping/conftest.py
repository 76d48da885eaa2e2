"""Three small documents, and cases about them with and without evidence."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from eval.cases import Case, Evidence
from eval.sweeping import Setup, Sweep, compare_chunking, settings_grid
from qa.settings import load_settings
from qa.syncing import no_progress

SUBJECTS = {
    "bridge": "Quill Bridge",
    "tower": "Tern Tower",
    "harbour": "Gull Harbour",
}


def text_about(name: str) -> str:
    """Some 300 tokens, of which one sentence says who built it."""
    filler = " ".join(f"The {name} has part number {part}, which is painted green." for part in range(20))
    return f"The {name} was built by Ada Voss{len(name)} in 19{len(name)}. {filler}"


@pytest.fixture
def subjects(tmp_path: Path) -> Path:
    folder = tmp_path / "subjects"
    folder.mkdir()
    for document, name in SUBJECTS.items():
        (folder / f"{document}.txt").write_text(text_about(name), encoding="utf-8")
    return folder


@pytest.fixture
def cases() -> list[Case]:
    """One case with evidence a document, one without evidence, and one that no document answers."""
    placed = [_case(document, name) for document, name in SUBJECTS.items()]
    return [
        *placed,
        Case(id="bare", question="Who built the Quill Bridge?", answers=("Ada Voss12",)),
        Case(id="bread", question="How do I bake sourdough bread?", answerable=False),
    ]


@pytest.fixture
def compare(subjects: Path, cases: list[Case], tmp_path: Path) -> Callable[..., Sweep]:
    """`compare("passage_tokens=64,128", answers=True, …)` compares on the documents, with one work folder."""

    def run(*assignments: str, answers: bool = False, **changes: Any) -> Sweep:
        setups: list[Setup] = settings_grid(load_settings(corpus_dir=subjects), assignments, answers=answers)
        given: dict[str, Any] = {
            "source": {"name": "cases", "sha256": "0"},
            "work": tmp_path / "work",
            "answers": answers,
            "progress": no_progress,
            "warn": lambda sentence: None,
        }
        return compare_chunking(setups, changes.pop("cases", cases), **{**given, **changes})

    return run


def _case(document: str, name: str) -> Case:
    text = text_about(name)
    quote = text[: text.index(". ") + 1]
    evidence = Evidence(document=f"{document}.txt", quote=quote, start=0, end=len(quote))
    return Case(id=document, question=f"Who built the {name}?", answers=(f"Ada Voss{len(name)}",), evidence=(evidence,))
