"""One process at a time at a file."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from eval.run_record import OutputError
from qa.errors import InputError


class RunningError(InputError):
    """Raised when another process is at the very same run, or file."""


@contextmanager
def held(path: Path, busy: str) -> Iterator[None]:
    """Hold a lock file while the block runs.

    Args:
        path: The lock file; its folder is there.
        busy: The message when another process holds it.

    Raises:
        RunningError: Another process holds it.
        OutputError: It cannot be written.
    """
    lock = FileLock(path)
    try:
        lock.acquire(timeout=0)
    except Timeout:
        raise RunningError(busy) from None
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise OutputError(f"The file {path} cannot be written ({reason}); choose another folder.") from error
    try:
        yield
    finally:
        if os.name == "posix":  # elsewhere an open file cannot be deleted
            path.unlink(missing_ok=True)  # while it is held, so that nobody else just took it
        lock.release()
