"""The lock that keeps a second writer out of a data folder."""

from __future__ import annotations

from pathlib import Path

from filelock import FileLock, Timeout

from qa.errors import DataDirError, LockedError

# So long a writer waits for a lock that is held; a reader that mends the index holds it for less, mostly.
_PATIENCE_SECONDS = 0.3


class WriterLock:
    """Held by the one process that writes to a data folder; the system frees it when the process dies."""

    def __init__(self, data_dir: Path, *, patient: bool = True) -> None:
        self._data_dir = data_dir
        self._lock = FileLock(data_dir / "writer.lock", timeout=_PATIENCE_SECONDS if patient else 0)

    def __enter__(self) -> None:
        try:
            self._lock.acquire()
        except Timeout:
            raise LockedError(
                f"Another process is writing to {self._data_dir}; wait until it has finished, then run this again."
            ) from None
        except OSError as error:
            raise DataDirError(
                f"The data folder {self._data_dir} cannot be written ({error.strerror}); "
                "choose another with --data-dir or QA_DATA_DIR."
            ) from error

    def __exit__(self, *_: object) -> None:
        self._lock.release()
