"""Cranfield: 1,400 abstracts, 225 questions of their readers, judged by grades."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from eval.benchmarks.benchmark import Benchmark, BenchmarkError
from eval.benchmarks.files import read_text, some, understood
from eval.benchmarks.own_scorers import graded_mrr, graded_ndcg
from eval.cases import Case
from qa.parsing.text import clean

_RECORD = re.compile(r"^\.I[ \t]+(\d+)[ \t]*$", re.MULTILINE)
_FIELD = re.compile(r"^\.([TABW])[ \t]*$", re.MULTILINE)
# The collection's own readme: 1 is a complete answer, 2 of a high degree of relevance, 3 useful, 4 of minimum
# interest. (ir_datasets reads the numbers the other way round, as gains.)
_GAINS = {1: 4, 2: 3, 3: 2, 4: 1}
_SOURCE_PAPER = -1
_COLUMNS = 3


def cranfield(folder: Path) -> Benchmark:
    """Give Cranfield's questions, to be searched only.

    Raises:
        BenchmarkError: A file cannot be read, is not Cranfield's, or names a question or an abstract that is not there.
    """
    folder = folder / "cranfield"
    documents = _documents(folder / "cran.all.1400")
    cases = _cases(folder / "cran.qry")
    judged = _judgements(folder / "cranqrel", cases, documents)
    gains = {
        case: {document: _GAINS[code] for document, code in of_case.items() if code in _GAINS}
        for case, of_case in judged.items()
    }
    as_gains = {
        case: {document: code for document, code in of_case.items() if code > 0} for case, of_case in judged.items()
    }
    sources = {
        case: {document for document, code in of_case.items() if code == _SOURCE_PAPER}
        for case, of_case in judged.items()
    }
    return Benchmark(
        name="cranfield",
        title="Cranfield, all abstracts in one index, searched only",
        cases=cases,
        documents=documents,
        metrics=(),
        own_scorers={
            "graded_ndcg_at_10": graded_ndcg(gains, sources),
            "graded_mrr_at_10": graded_mrr(gains, sources),
            "usual_ndcg_at_10": graded_ndcg(as_gains),
        },
        notes=(
            "Judgements name a question by its place, 1 to 225, not by the number that it carries.",
            "graded_…: grades as the collection's readme has them, 1 (a complete answer) gaining 4 and 4 (of minimum "
            "interest) gaining 1. The document graded −1, one a question and right on its topic, is passed over: it "
            "seems to be the paper from which the question came.",
            "usual_ndcg_at_10: the grades taken as gains and −1 as not relevant, as tools that read the file through "
            "ir_datasets do; for comparing with their figures only.",
            "A document is ranked by its best passage. Abstracts without a text are left out.",
        ),
        search_only=True,
    )


def _documents(path: Path) -> dict[str, str]:
    documents = {}
    for number, fields in _records(path):
        title, text = " ".join(fields.get("T", "").split()), clean(fields.get("W", "")).strip()
        body = " ".join(text.split())
        if body.startswith(title):  # nearly always: what follows ".W" begins with the title once more
            body = body[len(title) :].strip()
        if title or body:
            documents[f"{number:04}.txt"] = clean(f"{title}\n\n{body}").strip()
    return dict(some(list(documents.items()), path))


def _cases(path: Path) -> tuple[Case, ...]:
    records = some(list(_records(path)), path)
    with understood(path):
        return tuple(
            Case(id=f"cranfield-{place:03}", question=" ".join(fields["W"].split()))
            for place, (_, fields) in enumerate(records, start=1)
        )


def _judgements(path: Path, cases: tuple[Case, ...], documents: dict[str, str]) -> dict[str, dict[str, int]]:
    """Give the grade by case id and document id, without documents that have no text.

    Raises:
        BenchmarkError: A line has another form, or names a question that is not there, or a grade that is unknown.
    """
    judged: dict[str, dict[str, int]] = {}
    for number, line in enumerate(read_text(path).splitlines(), start=1):
        words = line.split()
        if not words:
            continue
        if len(words) != _COLUMNS or not all(re.fullmatch(r"-?\d+", word) for word in words):
            raise BenchmarkError(f"{path}, line {number}: it is not three numbers; fetch it again.")
        place, document, code = map(int, words)
        if not 1 <= place <= len(cases):
            raise BenchmarkError(f"{path}, line {number}: there is no question {place}; fetch both files again.")
        if code not in _GAINS and code != _SOURCE_PAPER:
            raise BenchmarkError(f"{path}, line {number}: the grade {code} is unknown; fetch it again.")
        if (name := f"{document:04}.txt") in documents:
            judged.setdefault(cases[place - 1].id, {})[name] = code
    if not judged:
        raise BenchmarkError(f"{path} judges no document of the collection; fetch it again.")
    return judged


def _records(path: Path) -> Iterator[tuple[int, dict[str, str]]]:
    """Give each record's number and its fields by their letter.

    Raises:
        BenchmarkError: The file cannot be read.
    """
    _, *parts = _RECORD.split(read_text(path).replace("\r\n", "\n"))  # the questions have them, the rest has not
    for number, record in zip(parts[::2], parts[1::2], strict=True):
        _, *fields = _FIELD.split(record)
        found: dict[str, str] = {}
        for letter, text in zip(fields[::2], fields[1::2], strict=True):
            found[letter] = f"{found[letter]}\n{text}" if letter in found else text
        yield int(number), found
