"""A person looks at drafts in the terminal, one by one; what is accepted is in the file at once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TextIO

from eval.drafting.case_file import CaseFile
from eval.drafting.drafts import DRAFT_TAG, Draft
from eval.matching import contains
from qa.parsing.text import clean

_AROUND = 160  # characters shown before and after a quote
_KEYS = "[a]ccept  [e]dit the question  [w]rite the answer  [n]ot answerable  [r]eject  [q]uit > "
_ALTERNATIVES = "|"


@dataclass(frozen=True, slots=True)
class Reviewed:
    """What became of drafts.

    Attributes:
        skipped: Drafts that could not be cases as they were; only without a person, who could complete them.
        stopped: Whether the person quit before the drafts came to their end.
    """

    accepted: int
    rejected: int
    skipped: int = 0
    stopped: bool = False


class _Quit(Exception):
    """Raised when the person quits, by key, by Ctrl+C, or because the input ends."""


def review(
    drafts: Iterable[Draft], file: CaseFile, texts: Mapping[str, str], *, answers: TextIO, screen: TextIO
) -> Reviewed:
    """Show each draft that the file does not know, and do what the person says.

    Args:
        drafts: May take their time, as those of a chat model.
        file: Where accepted cases and rejections go.
        texts: Document texts by document id, for what stands around a quote.
        answers: The person's keys, a line each; its end is the same as "q".
        screen: Where drafts and questions are shown.

    Raises:
        OutputError: The file cannot be written; what was accepted before is there.
        QAError: The drafts cannot go on, as when a chat model's key is refused.
    """
    accepted = rejected = 0
    try:
        for number, draft in enumerate(_new(drafts, file), 1):
            print(f"\n--- Draft {number} ---", file=screen)
            kept = _Desk(draft, texts, answers, screen).decided()
            if kept is None:
                file.reject(draft)
                rejected += 1
            else:
                file.accept(kept, draft)
                accepted += 1
    except (_Quit, KeyboardInterrupt):
        return Reviewed(accepted, rejected, stopped=True)
    return Reviewed(accepted, rejected)


def write_drafts(drafts: Iterable[Draft], file: CaseFile, most: int) -> Reviewed:
    """Append drafts that the file does not know, tagged "draft", without a person who looks at them.

    Args:
        drafts: Those that lack an answer are passed over.
        file: Where they go.
        most: How many, at least 1.

    Raises:
        OutputError: The file cannot be written; what was written before is there.
        QAError: The drafts cannot go on.
    """
    accepted = skipped = 0
    for draft in _new(drafts, file):
        if not draft.is_complete:
            skipped += 1
            continue
        file.accept(draft, None, DRAFT_TAG)
        accepted += 1
        if accepted == most:
            break
    return Reviewed(accepted, 0, skipped)


def _new(drafts: Iterable[Draft], file: CaseFile) -> Iterator[Draft]:
    return (draft for draft in drafts if not file.knows(draft))


class _Desk:
    """One draft before the person."""

    def __init__(self, draft: Draft, texts: Mapping[str, str], answers: TextIO, screen: TextIO) -> None:
        self._draft = draft
        self._texts = texts
        self._answers = answers
        self._screen = screen

    def decided(self) -> Draft | None:
        """Give the draft as it was accepted; None when it was rejected.

        Raises:
            _Quit: The person quits.
        """
        self._show()
        while True:
            key = self._read(_KEYS).lower()
            if key == "q":
                raise _Quit
            if key == "r":
                return None
            if key == "a":
                if self._draft.is_complete:
                    return self._draft
                self._say("It has no answer yet: write it with w, or say with n that the documents do not answer.")
            elif key == "e":
                self._edit_question()
            elif key == "w":
                self._write_answer()
            elif key == "n":
                self._draft = replace(self._draft, answerable=False, answers=(), references=(), evidence=())
                self._show()

    def _edit_question(self) -> None:
        if question := self._read("New question (empty leaves it): "):
            self._draft = replace(self._draft, question=question)
        self._show()

    def _write_answer(self) -> None:
        line = self._read(f"Answer, alternatives with {_ALTERNATIVES} between them (empty leaves it): ")
        if written := tuple(part.strip() for part in line.split(_ALTERNATIVES) if part.strip()):
            source = self._draft.source
            evidence = self._draft.evidence or ((source,) if source else ())
            holding = tuple(place for place in evidence if any(contains(place.quote, each) for each in written))
            if not holding and evidence:
                self._say("No quote has these words: the case is kept without evidence.")
            self._draft = replace(self._draft, answerable=True, answers=written, references=(), evidence=holding)
        self._show()

    def _read(self, prompt: str) -> str:
        print(prompt, end="", file=self._screen, flush=True)
        line = self._answers.readline()
        if not line:  # the end of the input, which Ctrl+D makes too
            print(file=self._screen)
            raise _Quit
        return clean(line).strip()

    def _say(self, words: str) -> None:
        print(words, file=self._screen)

    def _show(self) -> None:
        draft = self._draft
        for turn in draft.history:
            self._say(f"  Before:   {_line(turn.question)} — {_line(turn.answer)}")
        self._say(f"  Question: {_line(draft.question)}")
        if not draft.answerable:
            self._say("  Answer:   none, the documents do not answer this")
        else:
            given = f" {_ALTERNATIVES} ".join(map(_line, (*draft.answers, *draft.references)))
            self._say(f"  Answer:   {given or '(to be written)'}")
        for place in draft.evidence or ((draft.source,) if draft.source else ()):
            around = _around(self._texts.get(place.document, ""), place.start, place.end) or f"»{_line(place.quote)}«"
            self._say(f"  From {_line(place.document)}, characters {place.start}–{place.end}:\n    {around}")
        if draft.check:
            self._say(f"  Check:    {_line(draft.check)}")


def _around(text: str, start: int, end: int) -> str:
    """Give a quote between » and « with what stands around it; empty when the text does not reach so far."""
    if end > len(text):
        return ""
    before, after = text[max(0, start - _AROUND) : start], text[end : end + _AROUND]
    lead, trail = "…" if start > _AROUND else "", "…" if end + _AROUND < len(text) else ""
    return f"{lead}{_line(before, keep_end=True)}»{_line(text[start:end])}«{_line(after, keep_end=True)}{trail}"


def _line(text: str, *, keep_end: bool = False) -> str:
    """Give text on one line, without what could move the cursor or colour the screen."""
    shown = " ".join(clean(text).split())
    if keep_end and shown:
        shown = f"{' ' if text[0].isspace() else ''}{shown}{' ' if text[-1].isspace() else ''}"
    return shown
