"""One writer at a time, across processes; a dead one does not block."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import pytest

from qa.errors import DataDirError, LockedError
from qa.writer_lock import WriterLock

OtherProcess = Callable[..., AbstractContextManager[Any]]
OpenBot = Callable[..., Any]


def test_a_second_writer_is_refused_at_once_while_readers_go_on(
    tmp_path: Path, open_bot: OpenBot, other_process: OtherProcess
) -> None:
    bot = open_bot()
    bot.sync()
    with other_process("hold", tmp_path / "data") as holder:
        assert holder.stdout.readline() == "held\n"
        started = time.monotonic()
        with pytest.raises(LockedError, match="wait until it has finished"):
            bot.sync()
        assert time.monotonic() - started < 1
        assert bot.ask("Who invested in WeWork?").status == "answered"
        assert open_bot().ask("What does the otter eat?").status == "answered"


def test_the_lock_of_a_killed_process_is_free(tmp_path: Path, other_process: OtherProcess) -> None:
    with other_process("hold", tmp_path) as holder:
        assert holder.stdout.readline() == "held\n"
        holder.kill()
        holder.wait()
        with WriterLock(tmp_path):
            pass


def test_it_is_free_after_a_failure_inside(tmp_path: Path) -> None:
    with pytest.raises(ZeroDivisionError), WriterLock(tmp_path):
        raise ZeroDivisionError
    with WriterLock(tmp_path), pytest.raises(LockedError), WriterLock(tmp_path):
        pass


def test_a_data_folder_that_is_no_folder_is_reported(tmp_path: Path) -> None:
    (tmp_path / "data").touch()
    with pytest.raises(DataDirError, match=r"cannot be written .*--data-dir"), WriterLock(tmp_path / "data"):
        pass


def test_a_folder_in_the_place_of_the_lock_is_reported(tmp_path: Path) -> None:
    (tmp_path / "writer.lock").mkdir()
    with pytest.raises(DataDirError, match="--data-dir"), WriterLock(tmp_path):
        pass
