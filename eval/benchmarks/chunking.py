"""Chroma's chunking benchmark: does search bring just the characters that matter?"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from eval.benchmarks.benchmark import Benchmark, BenchmarkError, Published
from eval.benchmarks.files import read_csv, read_text, some, understood
from eval.cases import Case, Evidence
from qa.parsing.text import clean

_SOURCE = "Smith and Troynikov 2024, five passages retrieved, all five corpora"
_FLOOR = "BM25 without stems, five passages retrieved, all five corpora"
_HERE = "BM25 without stems, five passages retrieved, on the three corpora and 276 questions measured here"
_FIGURES = {
    "all-MiniLM-L6-v2, best splitter": (0.824, 0.035, _SOURCE),
    "text-embedding-3-large, recursive, 200 tokens": (0.881, 0.069, _SOURCE),
    "text-embedding-3-large, recursive, 400 tokens": (0.895, 0.036, _SOURCE),
    "text-embedding-3-large, clusters, 400 tokens": (0.913, 0.045, _SOURCE),
    "text-embedding-3-large, GPT-4o as the splitter": (0.919, 0.039, _SOURCE),
    "BM25, 150 words, 75 of them twice; these corpora": (0.903, 0.053, _HERE),
    "BM25, 300 words; these corpora": (0.961, 0.030, _HERE),
    "BM25, 150 words, 75 of them twice": (0.867, 0.050, _FLOOR),
    "BM25, 300 words": (0.917, 0.028, _FLOOR),
}


class _Corpus:
    """A corpus as its file has it, and as the library will hold it."""

    def __init__(self, text: str) -> None:
        self.text, self.clean = text, clean(text)

    def place(self, start: int) -> int:
        """Give where a character of the file is in the clean text, where invisible ones are not counted."""
        return start if self.clean == self.text else len(clean(self.text[:start]))


def chunking(folder: Path) -> Benchmark:
    """Give the questions with their character ranges, the corpora in one index.

    Raises:
        BenchmarkError: A file cannot be read, or a range of a question does not hold its text.
    """
    path = folder / "chunking_evaluation" / "questions_df.public.csv"
    rows = some(read_csv(path), path)
    with understood(path):
        names = dict.fromkeys(row["corpus_id"] for row in rows)
    corpora = {name: _Corpus(read_text(folder / "chunking_evaluation" / "corpora" / f"{name}.md")) for name in names}
    with understood(path):
        cases = tuple(_case(row, corpora, number, path) for number, row in enumerate(rows))
    return Benchmark(
        name="chunking",
        title=f"Chunking evaluation, {len(corpora)} of 5 corpora in one index (development split)",
        cases=cases,
        documents={f"{name}.txt": corpus.clean for name, corpus in corpora.items()},
        metrics=("range_recall", "range_precision", "range_iou"),
        published=tuple(
            Published(
                name=name,
                figures={"range_recall": recall, "range_iou": iou},
                source=source,
                floor=source in (_FLOOR, _HERE),
            )
            for name, (recall, iou, source) in _FIGURES.items()
        ),
        notes=(
            "Five passages are retrieved. Recall: evidence characters covered; precision: covered of all retrieved, "
            "overlaps counted twice; IoU: covered of retrieved and missed together. Means over questions.",
            "Three corpora make a smaller index than five, and recall is easier: see the floors on these corpora.",
        ),
        search_only=True,
    )


def _case(row: dict[str, str], corpora: dict[str, _Corpus], number: int, path: Path) -> Case:
    name = row["corpus_id"]
    references = json.loads(row["references"])
    case = Case(
        id=f"chunking-{number:03}",
        question=row["question"],
        evidence=tuple(_evidence(reference, name, corpora[name], number, path) for reference in references),
        tags=(name,),
    )
    if not case.evidence:
        raise BenchmarkError(f"{path}, question {number + 1}: it has no references; leave it out.")
    return case


def _evidence(reference: dict[str, Any], name: str, corpus: _Corpus, number: int, path: Path) -> Evidence:
    """Give a reference as evidence in the clean text.

    A range that does not hold its text is an error, not put right by a search: which occurrence is meant decides.
    """
    start, end, quote = reference["start_index"], reference["end_index"], reference["content"]
    if corpus.text[start:end] != quote or not quote:
        raise BenchmarkError(
            f"{path}, question {number + 1}: the characters {start}–{end} of {name}.md are not its reference; "
            "fetch both files again, of one version."
        )
    place, quote = corpus.place(start), clean(quote)
    return Evidence(document=f"{name}.txt", quote=quote, start=place, end=place + len(quote))
