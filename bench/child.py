"""Python in a process of its own, with its time and its peak memory."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from bench.errors import BenchError

_ROOT = Path(__file__).resolve().parent.parent
MAXRSS_BYTES = 1 if sys.platform == "darwin" else 1024
"""The unit of `ru_maxrss`: bytes on macOS, KiB elsewhere."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ChildRun:
    """What a process cost.

    Attributes:
        wall: Seconds from its start to its end.
        cpu: User and system seconds, all its threads together; other work on the machine disturbs it less.
        peak_mb: Peak resident memory in MB. Linux counts the parent's memory at the fork too, so the parent
            must stay small: it loads no model and no index, and hands such work to a child.
        stdout: What it printed.
    """

    wall: float
    cpu: float
    peak_mb: float
    stdout: str


def run_python(arguments: Sequence[str], *, stdin: str = "") -> ChildRun:
    """Run this interpreter with `arguments` from the project's root, without the user's `QA_…` settings.

    Raises:
        BenchError: It failed; the message has the last line of its stderr.
    """
    with tempfile.TemporaryFile() as given, tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        given.write(stdin.encode("utf-8"))
        given.seek(0)
        started = time.perf_counter()
        process = subprocess.Popen(
            [sys.executable, *arguments], cwd=_ROOT, env=_environment(), stdin=given, stdout=out, stderr=err
        )
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.perf_counter() - started
        process.returncode = os.waitstatus_to_exitcode(status)
        out.seek(0)
        err.seek(0)
        if process.returncode != 0:
            raise _failed(arguments, process.returncode, err.read().decode("utf-8", "replace"))
        return ChildRun(
            wall=wall,
            cpu=usage.ru_utime + usage.ru_stime,
            peak_mb=usage.ru_maxrss * MAXRSS_BYTES / 1e6,
            stdout=out.read().decode("utf-8"),
        )


def _environment() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if not name.startswith("QA_")}


def _failed(arguments: Sequence[str], code: int, stderr: str) -> BenchError:
    last = (stderr.strip().splitlines() or ["no message"])[-1]
    command = " ".join(arguments)
    return BenchError(f"`python {command}` ended with {code} ({last}); run it by hand to see more.")
