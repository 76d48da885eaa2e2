"""SQuAD 1.1 and 2.0 as a corpus: each paragraph a document of its own."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from bench.errors import BenchError

_Item = TypeVar("_Item")


@dataclass(frozen=True, slots=True)
class SquadQuestion:
    """A question about one paragraph; `answers` is empty when the paragraph does not answer it."""

    id: str
    text: str
    answers: tuple[str, ...]
    document_id: str
    article: str


@dataclass(frozen=True, slots=True)
class Squad:
    """Paragraphs by document id, and the questions about them in the file's order."""

    paragraphs: dict[str, str]
    questions: tuple[SquadQuestion, ...]


def load_development_split(bench: Path) -> Squad:
    """Read the SQuAD 1.1 development split from the folder of public benchmark data.

    Raises:
        BenchError: The file is not there, or is not a SQuAD file with at least one question.
    """
    path = bench / "squad" / "dev-v1.1.public.json"
    try:
        squad = load_squad(path)
    except OSError as error:
        raise BenchError(
            f"{path} cannot be read ({error.strerror}); give the folder of the benchmark data with --bench."
        ) from error
    except (ValueError, KeyError, TypeError) as error:
        raise BenchError(f"{path} is not a SQuAD file ({error!r}); fetch it again.") from error
    if not squad.questions:
        raise BenchError(f"{path} holds no questions; fetch it again.")
    return squad


def load_squad(path: Path) -> Squad:
    """Read a SQuAD file; a paragraph's document id is "article/number.txt".

    Raises:
        OSError: The file cannot be read.
    """
    paragraphs: dict[str, str] = {}
    questions: list[SquadQuestion] = []
    for article in json.loads(path.read_text(encoding="utf-8"))["data"]:
        for number, paragraph in enumerate(article["paragraphs"]):
            name = f"{article['title'].replace('/', '_')}/{number:03}.txt"
            paragraphs[name] = paragraph["context"]
            questions += [
                SquadQuestion(
                    id=item["id"],
                    text=item["question"].strip(),
                    answers=tuple(dict.fromkeys(answer["text"] for answer in item["answers"])),
                    document_id=name,
                    article=article["title"],
                )
                for item in paragraph["qas"]
            ]
    return Squad(paragraphs=paragraphs, questions=tuple(questions))


def write_corpus(squad: Squad, folder: Path) -> None:
    """Write each paragraph to its file under `folder`; a file that holds it already is not touched."""
    for name, text in squad.paragraphs.items():
        path, data = folder / name, text.encode("utf-8")
        if not path.exists() or path.read_bytes() != data:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)


def corpus_key(squad: Squad) -> str:
    """Give a short name for these paragraphs, so that indexes of different files never share a folder."""
    texts = json.dumps(squad.paragraphs, sort_keys=True)
    return f"squad-{hashlib.sha256(texts.encode()).hexdigest()[:8]}"


def evenly(items: Sequence[_Item], most: int | None) -> list[_Item]:
    """Give at most `most` items, spread evenly over all of them, in order; None gives all."""
    if most is None or most >= len(items):
        return list(items)
    return [items[turn * len(items) // most] for turn in range(most)]
