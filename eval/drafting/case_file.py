"""The file that accepted cases are appended to: what is accepted is on disk at once, and nothing is proposed twice."""

from __future__ import annotations

import errno
import os
import re
from collections.abc import Mapping
from pathlib import Path

from eval.case_files import as_line, load_cases
from eval.cases import Case, CaseError
from eval.drafting.drafts import FINGERPRINT_CHARS, Draft, case_of
from eval.matching import normalised_tokens
from eval.run_record import OutputError

_FINGERPRINT = re.compile(rf"-([0-9a-f]{{{FINGERPRINT_CHARS}}})$")


class CaseFile:
    """A JSON Lines file of cases, and beside it `<name>.rejected` with the fingerprints of what was turned down.

    A kill at any moment loses nothing that was accepted or rejected. One process at a time may write to it.
    """

    def __init__(self, path: Path, texts: Mapping[str, str] | None = None) -> None:
        """Read what is there; a file that is not there is created with the first case.

        Args:
            path: Its name ends in anything but ".csv".
            texts: Document texts, for cases whose evidence leaves out its place; see `load_cases`.

        Raises:
            CaseError: What is there is no file of cases.
            OutputError: The file cannot be read.
        """
        if path.suffix.lower() == ".csv":
            raise CaseError(f"Cases are appended as JSON Lines, not as CSV; choose another name than {path}.")
        self.path = path
        self._rejected_path = path.with_name(f"{path.name}.rejected")
        try:
            cases = load_cases(path, texts) if path.exists() and path.stat().st_size else []
            rejected = self._rejected_path.read_text(encoding="utf-8") if self._rejected_path.exists() else ""
        except OSError as error:
            raise _unusable(path, error) from error
        self._fingerprints = {match[1] for case in cases if (match := _FINGERPRINT.search(case.id))}
        self._fingerprints.update(rejected.split())
        self._questions = {_key(case) for case in cases}

    def knows(self, draft: Draft) -> bool:
        """Tell whether a draft, or a case with its question and history, was accepted or rejected before."""
        return draft.fingerprint in self._fingerprints or _key(draft) in self._questions

    def accept(self, draft: Draft, original: Draft | None = None, *tags: str) -> Case:
        """Append a draft as a case.

        Args:
            draft: A complete one, as it was edited.
            original: As it was proposed, by which it is known again; None when it was not edited.
            tags: Further ones.

        Raises:
            OutputError: The file cannot be written; it is as it was.
        """
        fingerprint = (original or draft).fingerprint
        case = case_of(draft, fingerprint, *tags)
        _append(self.path, as_line(case))
        self._fingerprints.add(fingerprint)
        self._questions.add(_key(case))
        return case

    def reject(self, draft: Draft) -> None:
        """Remember that a draft is not wanted.

        Raises:
            OutputError: The file cannot be written; it is as it was.
        """
        _append(self._rejected_path, draft.fingerprint)
        self._fingerprints.add(draft.fingerprint)


def _key(case: Case | Draft) -> tuple[object, ...]:
    return (*normalised_tokens(case.question), case.history)


def _append(path: Path, line: str) -> None:
    """Add a line, or leave the file as it is; a last line without an end gets one."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("ab+", buffering=0) as file:
            size = file.seek(0, os.SEEK_END)
            file.seek(max(0, size - 1))
            start = "" if file.read(1) in (b"\n", b"") else "\n"
            whole = f"{start}{line}\n".encode("utf-8", "replace")
            if file.write(whole) != len(whole):
                file.truncate(size)
                raise OSError(errno.ENOSPC, "only a part could be written; the disk may be full")
    except OSError as error:
        raise _unusable(path, error) from error


def _unusable(path: Path, error: OSError) -> OutputError:
    reason = error.strerror or type(error).__name__
    return OutputError(f"The file {path} cannot be used ({reason}); mend that, or choose another file.")
