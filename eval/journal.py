"""The results of a run that is not over, on disk: a killed run goes on where it stopped."""

from __future__ import annotations

import errno
import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pydantic import ValidationError

from eval.locks import held
from eval.results import RESULT, CaseResult
from eval.run_record import OutputError


class Journal:
    """Results of one run, a line each, kept as they come; get it from `journal_for`."""

    def __init__(self, path: Path, key: str) -> None:
        """Open the journal of the run that `key` names; one of another run is emptied.

        Raises:
            OutputError: It cannot be read or written.
        """
        self._path = path
        try:
            self._results = dict(_kept(path, key))
            kept = [json.dumps({"run": key}), *(_line(result) for result in self._results.values())]
            partial = path.with_suffix(".partial")
            partial.write_text("".join(f"{line}\n" for line in kept), encoding="utf-8")
            partial.replace(path)
            self._file = path.open("ab", buffering=0)  # a line that did not fit is not tried again on closing
        except OSError as error:
            raise _unusable(path, error) from error

    def __len__(self) -> int:
        """Give the number of cases that need not be asked again."""
        return len(self._results)

    def get(self, case_id: str) -> CaseResult | None:
        """Give what an earlier, unfinished run kept of a case; None when it did not come to it, or crashed there."""
        return self._results.pop(case_id, None)

    def keep(self, result: CaseResult) -> None:
        """Append a result; it survives the process from now on.

        Raises:
            OutputError: It cannot be written; the results before it are there.
        """
        line = f"{_line(result)}\n".encode()
        try:
            if self._file.write(line) != len(line):
                raise OSError(errno.ENOSPC, "only a part could be written; the disk may be full")
        except OSError as error:
            raise _unusable(self._path, error) from error

    def close(self) -> None:
        """Close the file."""
        self._file.close()


@contextmanager
def journal_for(folder: Path, key: str, *, fresh: bool = False) -> Iterator[Journal]:
    """Give the journal of the run that `key` names, and delete it when the block ends without an exception.

    Args:
        folder: Where it lies.
        key: Names the run: all that its results depend on.
        fresh: Forget what an earlier run kept.

    Raises:
        RunningError: Another process has it open.
        OutputError: It cannot be read or written.
    """
    path = folder / f"unfinished-{key[:16]}.jsonl"
    with held(path.with_suffix(".lock"), "The very same run is under way in another process; wait for it to end."):
        if fresh:
            path.unlink(missing_ok=True)
        journal = Journal(path, key)
        try:
            yield journal
        finally:
            journal.close()
        path.unlink()


def _line(result: CaseResult) -> str:
    return RESULT.dump_json(result).decode()


def _kept(path: Path, key: str) -> Iterator[tuple[str, CaseResult]]:
    """Give the whole lines of a journal of the run; a crashed case is left out, so that it is asked again."""
    if not path.exists():
        return
    lines = path.read_bytes().split(b"\n")  # not as text: the last line may end within a character
    if lines[0] != json.dumps({"run": key}).encode():
        return
    for line in lines[1:]:
        try:
            result = RESULT.validate_json(line)
        except ValidationError:
            return  # the line that was being written when the process ended
        if result.error is None:
            yield result.case.id, result


def _unusable(path: Path, error: OSError) -> OutputError:
    reason = error.strerror or type(error).__name__
    return OutputError(f"The unfinished run {path} cannot be used ({reason}); mend that, and give the command again.")
