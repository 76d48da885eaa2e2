"""SQuAD 1.1 and 2.0 files: each paragraph a document of its own."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True, slots=True)
class SquadQuestion:
    """A question about one paragraph; `answers` is empty when the paragraph does not answer it.

    Attributes:
        answer_start: Offset of the first answer in the paragraph; None where there is none.
    """

    id: str
    text: str
    answers: tuple[str, ...]
    document_id: str
    article: str
    answer_start: int | None = None


@dataclass(frozen=True, slots=True)
class Squad:
    """Paragraphs by document id, and the questions about them in the file's order."""

    paragraphs: dict[str, str]
    questions: tuple[SquadQuestion, ...]


def load_squad(path: Path) -> Squad:
    """Read a SQuAD file; a paragraph's document id is "article/number.txt".

    Raises:
        OSError: The file cannot be read.
        ValueError, KeyError, TypeError: It is not a SQuAD file.
    """
    return squad_of(json.loads(path.read_text(encoding="utf-8")))


def squad_of(plain: Mapping[str, Any]) -> Squad:
    """Make paragraphs and questions of a file's content.

    Raises:
        KeyError, TypeError: It is not that of a SQuAD file.
    """
    paragraphs: dict[str, str] = {}
    questions: list[SquadQuestion] = []
    for article in plain["data"]:
        for number, paragraph in enumerate(article["paragraphs"]):
            name = f"{article['title'].replace('/', '_')}/{number:03}.txt"
            paragraphs[name] = paragraph["context"]
            questions += [_question(item, name, article["title"]) for item in paragraph["qas"]]
    return Squad(paragraphs=paragraphs, questions=tuple(questions))


def _question(item: Mapping[str, Any], document_id: str, article: str) -> SquadQuestion:
    answers = item["answers"]
    return SquadQuestion(
        id=item["id"],
        text=item["question"].strip(),
        answers=tuple(dict.fromkeys(answer["text"] for answer in answers)),
        document_id=document_id,
        article=article,
        answer_start=answers[0]["answer_start"] if answers and "answer_start" in answers[0] else None,
    )
