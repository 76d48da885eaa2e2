"""Natural Questions, open, with gold passages: what people typed into a search engine."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from eval.benchmarks.benchmark import Benchmark, Published, Questions, answerable_tag, seen_tag, with_words
from eval.benchmarks.files import read_json_lines, some, understood
from eval.benchmarks.own_scorers import score_answered, score_subspan
from eval.benchmarks.seen import question_is_seen
from eval.cases import Case, Evidence
from qa.parsing.text import clean

_UNSEEN_NOTE = (
    "“Unseen” is every fifth question, which the shipped reader was not trained on; “seen in training” are the others, "
    "whose figures flatter. The answerer's logistic model and its thresholds were fitted on the unseen ones as well."
)
_SUBSPAN_NOTE = (
    "subspan_15: the first 15 words of the reply (the short answer, or the text where there is none) contain a gold "
    "answer; without the cap, copying the passage would score 1."
)
_MORE = (_UNSEEN_NOTE, _SUBSPAN_NOTE)


def nq(folder: Path) -> Benchmark:
    """Give NQ: every question asked of the pool of all gold passages.

    Raises:
        BenchmarkError: The file cannot be read, or is not NQ's.
    """
    questions = _questions(folder, given=False)
    return Benchmark(
        name="nq",
        title="Natural Questions (open), all gold passages in one index (development split)",
        cases=questions.cases,
        documents=questions.documents,
        metrics=(
            *("exact_match", "token_f1", "correct"),
            *("recall_at_1", "recall_at_5", "recall_at_10", "mrr_at_10"),
            *("verified", "grounded"),
        ),
        own_scorers={"subspan_15": score_subspan, "answered": score_answered},
        published=(
            Published(
                name="BM25, no stems",
                figures={"recall_at_1": 0.757, "recall_at_5": 0.910, "recall_at_10": 0.938},
                source="on the full set's pool, which is larger",
                floor=True,
            ),
        ),
        notes=(*_MORE, "Only the gold passages are in the index, not all of Wikipedia."),
    )


def nq_gold(folder: Path) -> Benchmark:
    """Give NQ: every question asked of its gold passage.

    Raises:
        BenchmarkError: The file cannot be read, or is not NQ's.
    """
    questions = _questions(folder, given=True)
    return Benchmark(
        name="nq-gold",
        title="Natural Questions (open), the gold passage given (development split)",
        cases=questions.cases,
        documents=questions.documents,
        metrics=("exact_match", "token_f1", "correct", "verified", "grounded"),
        own_scorers={"subspan_15": score_subspan, "answered": score_answered},
        published=(
            Published(
                name="Llama-2-70b-chat",
                figures={"subspan_15": 0.847},
                source="best-subspan EM with the gold passage, of its whole reply, on the full set",
            ),
        ),
        notes=_MORE,
    )


def _questions(folder: Path, *, given: bool) -> Questions:
    path = folder / "nq_open_oracle" / "nq-open-oracle.public.jsonl"
    items = some(read_json_lines(path), path)
    documents: dict[str, str] = {}
    names: dict[str, str] = {}  # a passage that answers several questions is one document
    cases = []
    with understood(path):
        for number, item in enumerate(items):
            passage = item["ctxs"][0]
            start, text = _as_document(passage)
            name = names.setdefault(text, f"{len(names):04}.txt")
            documents[name] = text
            cases.append(
                Case(
                    id=f"nq-{number:04}",
                    question=item["question"],
                    answers=with_words(map(str, item["answers"])),
                    evidence=(Evidence(document=name, quote=text[start:], start=start, end=len(text)),),
                    documents=(name,) if given else (),
                    tags=(answerable_tag(True), seen_tag(question_is_seen(number))),
                )
            )
    return Questions(tuple(cases), documents)


def _as_document(passage: dict[str, Any]) -> tuple[int, str]:
    """Give a passage under its title, and where it starts there."""
    heading = clean(f"{passage.get('title') or 'Untitled'}\n\n")
    return len(heading), heading + clean(passage["text"])
