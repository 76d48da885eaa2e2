"""Thumbs up or down on an answer, kept as lines of JSON in the data folder; nothing leaves the machine."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from threading import Lock
from typing import Literal

from qa.domain import Answer, Turn
from qa.errors import DataDirError

FEEDBACK_FILE = "feedback.jsonl"
"""Its name in the data folder."""

_MOST_BYTES = 10_000_000  # some 5,000 answers

Verdict = Literal["liked", "disliked", "withdrawn"]


@dataclass(frozen=True, kw_only=True, slots=True)
class CitedPlace:
    """Where a citation of a rated answer points: offsets in the document's text, as it was then."""

    document_id: str
    start: int
    end: int
    quote: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Feedback:
    """What a user says of one answer.

    Attributes:
        date: UTC, to the second.
        verdict: The last one on the same question, history and text counts; "withdrawn" takes it back.
        history: The earlier turns that the answer was given with, oldest first.
        status: The answer's: "answered", "partial" or "not_found".
        text: The answer, with its citation numbers.
        citations: By number, ascending.
    """

    date: str
    verdict: Verdict
    question: str
    standalone_question: str
    history: tuple[Turn, ...]
    status: str
    text: str
    short_answer: str | None
    model: str
    citations: tuple[CitedPlace, ...]


def feedback_on(answer: Answer, history: Sequence[Turn], verdict: Verdict) -> Feedback:
    """Give what is kept of a rated answer."""
    return Feedback(
        date=datetime.now(UTC).isoformat(timespec="seconds"),
        verdict=verdict,
        question=answer.question,
        standalone_question=answer.standalone_question,
        history=tuple(history),
        status=answer.status,
        text=answer.text,
        short_answer=answer.short_answer,
        model=answer.model,
        citations=tuple(
            CitedPlace(document_id=each.document_id, start=each.start, end=each.end, quote=each.quote)
            for each in answer.citations
        ),
    )


class FeedbackLog:
    """A file that only grows, a line each; safe to share between threads, and to write from several processes."""

    def __init__(self, path: Path, *, most_bytes: int = _MOST_BYTES) -> None:
        """Name the file, which is created with the first line; it never gets larger than `most_bytes`."""
        self.path = path
        self._most_bytes = most_bytes
        self._lock = Lock()

    def append(self, feedback: Feedback) -> None:
        """Write a line; it survives the process from now on.

        Raises:
            DataDirError: The file cannot be written, or is full.
        """
        line = f"{json.dumps(asdict(feedback), ensure_ascii=False)}\n".encode("utf-8", "replace")
        try:
            with self._lock:
                self._write(line)
        except OSError as error:
            reason = error.strerror or type(error).__name__
            raise DataDirError(
                f"The rating was not kept: {self.path} cannot be written ({reason}). Mend that, and rate again."
            ) from error

    def _write(self, line: bytes) -> None:
        self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        opened = os.open(self.path, os.O_RDWR | os.O_APPEND | os.O_CREAT, 0o600)
        with open(opened, "r+b", buffering=0) as file:  # unbuffered: each line is one write, so that two never mix
            size = file.seek(0, os.SEEK_END)
            if size + len(line) > self._most_bytes:
                raise DataDirError(
                    f"The rating was not kept: {self.path} is full. Make cases of it with "
                    "`qa eval new FILE --ratings` if you like, move it away, and rate again."
                )
            if size and _last_byte(file.fileno(), size) != b"\n":  # a full disk cut the last line short
                line = b"\n" + line
            if file.write(line) != len(line):
                raise OSError(0, "only a part could be written; the disk may be full")


def _last_byte(descriptor: int, size: int) -> bytes:
    os.lseek(descriptor, size - 1, os.SEEK_SET)
    return os.read(descriptor, 1)  # the next write goes to the end all the same: the file is opened to append
