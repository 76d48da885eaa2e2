"""MultiHop-RAG, a sample: questions about several news articles, their outlets and dates."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

from eval.benchmarks.benchmark import Benchmark, Published, answerable_tag
from eval.benchmarks.files import read_json, some, understood
from eval.benchmarks.own_scorers import score_all_found, score_answered, score_shared_word
from eval.cases import Case, Evidence
from qa.parsing.text import clean

_NULL = "null_query"
_PAPER = "Tang and Yang 2024, by its own scorer, over whole articles"


def multihop(folder: Path) -> Benchmark:
    """Give the questions, asked of a pool of all evidence sentences; null queries cannot be answered.

    Raises:
        BenchmarkError: The file cannot be read, or is not MultiHop-RAG's.
    """
    path = folder / "multihop_rag_500" / "public.json"
    items = some(read_json(path), path)
    documents: dict[str, str] = {}
    names: dict[str, str] = {}  # a sentence that several questions rest on is one document
    cases = []
    with understood(path):
        for item in items:
            evidence = []
            for found in item["evidence_list"]:
                start, text = _as_document(found)
                name = names.setdefault(text, f"{len(names):04}.txt")
                documents[name] = text
                evidence.append(Evidence(document=name, quote=text[start:], start=start, end=len(text)))
            cases.append(_case(item, tuple(evidence)))
    return Benchmark(
        name="multihop",
        title="MultiHop-RAG, a sample, all evidence sentences in one index (development split)",
        cases=tuple(cases),
        documents=documents,
        metrics=(
            *("exact_match", "correct", "refusal_precision", "refusal_recall"),
            *("recall_at_10", "hit_at_10", "mrr_at_10", "citation_precision", "citation_recall", "verified"),
        ),
        own_scorers={
            "shared_word": score_shared_word,
            "all_found_at_10": score_all_found,
            "answered": score_answered,
        },
        published=(
            Published(name="GPT-4, with retrieval", figures={"shared_word": 0.56}, source=_PAPER),
            Published(name="GPT-4, with the gold evidence", figures={"shared_word": 0.89}, source=_PAPER),
            Published(
                name="BM25, no stems",
                figures={"all_found_at_10": 0.622},
                source="title, outlet and date indexed, as here; .445 without",
                floor=True,
            ),
            Published(name="answering “Yes no”", figures={"shared_word": 0.576}, source="full set", floor=True),
        ),
        notes=(
            "The articles' bodies are not published with the sample: each evidence sentence is a document, under its "
            "title, outlet and date.",
            "exact_match is SQuAD's, a refusal being right for a null query; shared_word is the data set's own scorer, "
            "for which one common word is enough.",
            "Most questions want a yes, a no or a comparison of two articles. The extractive answerer quotes; it never "
            "says yes or no.",
        ),
    )


def _case(item: dict[str, Any], evidence: tuple[Evidence, ...]) -> Case:
    kind = item["question_type"]
    answerable = kind != _NULL
    return Case(
        id=f"multihop-{item['id']}",
        question=item["question"],
        answers=(item["answer"],) if answerable else (),
        answerable=answerable,
        evidence=evidence if answerable else (),
        tags=(answerable_tag(answerable), kind.replace("_", " ")),
    )


def _as_document(evidence: dict[str, Any]) -> tuple[int, str]:
    """Give a sentence under its title, outlet and date, and where it starts there."""
    date = datetime.fromisoformat(evidence["published_at"])
    day = f"{date:%B} {date.day}, {date.year}"
    heading = clean(f"{evidence['title']}\n{evidence['source']}, {day}\n\n")
    return len(heading), heading + clean(evidence["fact"])
