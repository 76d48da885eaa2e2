"""Reading the files of benchmarks, each problem said in one sentence."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from eval.benchmarks.benchmark import BenchmarkError


def read_text(path: Path) -> str:
    """Read a UTF-8 file as it is, line ends included, without its byte order mark.

    Raises:
        BenchmarkError: It cannot be read, or is not UTF-8.
    """
    try:
        return path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise BenchmarkError(
            f"{path} cannot be read ({reason}); give the folder of the benchmark data with --bench."
        ) from error
    except UnicodeDecodeError as error:
        raise BenchmarkError(f"{path} is not UTF-8 text; fetch it again.") from error


def read_json(path: Path) -> Any:
    """Read a file of one JSON value.

    Raises:
        BenchmarkError: As `read_text`, or it is not JSON.
    """
    text = read_text(path)
    with understood(path):
        return json.loads(text)


def read_json_lines(path: Path) -> list[Any]:
    """Read a file of one JSON value a line; blank lines are passed over.

    Raises:
        BenchmarkError: As `read_text`, or a line is not JSON.
    """
    lines = read_text(path).split("\n")  # not splitlines: texts hold its rarer line ends
    with understood(path):
        return [json.loads(line) for line in lines if line.strip()]


def read_csv(path: Path) -> list[dict[str, str]]:
    """Read a CSV file with a header.

    Raises:
        BenchmarkError: As `read_text`, or it is not CSV.
    """
    text = read_text(path)
    with understood(path):
        return list(csv.DictReader(io.StringIO(text, newline=""), strict=True))


@contextmanager
def understood(path: Path) -> Iterator[None]:
    """Turn what Python says of data in another form into a sentence that names the file.

    Raises:
        BenchmarkError: The block met a value that is not there or of another kind.
    """
    try:
        yield
    except (ValueError, KeyError, TypeError, IndexError, AttributeError, csv.Error) as error:
        raise BenchmarkError(f"{path} is not in the form of its data set ({error!r}); fetch it again.") from error


def some(items: list[Any], path: Path) -> list[Any]:
    """Give the items as they are.

    Raises:
        BenchmarkError: There is none.
    """
    if not items:
        raise BenchmarkError(f"{path} holds no questions; fetch it again.")
    return items
