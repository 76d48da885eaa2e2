"""Drafts about one document, and a file for the cases that they become."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from eval.drafting.case_file import CaseFile
from eval.drafting.drafts import Draft


@pytest.fixture
def texts(document: str) -> dict[str, str]:
    return {"a.txt": document}


@pytest.fixture
def make_draft(evidence_for) -> Callable[..., Draft]:
    def make(**changes: Any) -> Draft:
        evidence = evidence_for("Ada founded Acme in 2016.")
        fields = {"question": "Who founded Acme?", "answers": ("Ada",), "evidence": (evidence,), "source": evidence}
        return Draft(**{**fields, **changes})

    return make


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "new" / "cases.jsonl"


@pytest.fixture
def file(path: Path) -> CaseFile:
    return CaseFile(path)
