"""A tiny benchmark folder in SQuAD's form, made by the test."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

ARTICLES = {
    "Otter": {
        "The otter eats fish and crabs.": ["What does the otter eat?", "Who eats crabs?"],
        "A sea otter sleeps on its back in the kelp.": ["Where does a sea otter sleep?"],
    },
    "AC/DC": {"The band formed in Sydney in 1973.": ["In which city did the band form?"]},
}


@pytest.fixture
def bench_folder(tmp_path: Path) -> Path:
    """A folder like ../shared/bench with three paragraphs and four questions."""
    path = tmp_path / "bench" / "squad" / "dev-v1.1.public.json"
    path.parent.mkdir(parents=True)
    path.write_text(json.dumps({"data": [_article(*item) for item in ARTICLES.items()]}), "utf-8")
    return tmp_path / "bench"


def _article(title: str, paragraphs: dict[str, list[str]]) -> dict[str, object]:
    return {
        "title": title,
        "paragraphs": [
            {
                "context": text,
                "qas": [
                    {"id": f"{title}-{question}", "question": f" {question} ", "answers": []} for question in questions
                ],
            }
            for text, questions in paragraphs.items()
        ],
    }
