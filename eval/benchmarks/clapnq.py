"""ClapNQ: long answers that rest on some sentences of one passage, and questions that it does not answer."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from eval.benchmarks.benchmark import Benchmark, BenchmarkError, Published, Questions, answerable_tag, seen_tag
from eval.benchmarks.files import read_json_lines, some, understood
from eval.benchmarks.own_scorers import score_answer_characters, score_answered
from eval.benchmarks.seen import READER_SAW_CLAPNQ, question_is_seen
from eval.cases import Case, Evidence
from qa.parsing.text import clean

_ANSWERABLE = "clapnq_dev_answerable.public.jsonl"
_UNANSWERABLE = "clapnq_dev_unanswerable.public.jsonl"
_PAPER = "Rosenthal et al. 2024, the passage given, full development set"
_OWN = {"answer_characters": score_answer_characters, "answered": score_answered}
_SEEN_NOTE = (
    "The shipped reader was trained on four fifths of these questions; “unseen” are the others."
    if READER_SAW_CLAPNQ
    else "The shipped reader was not trained on any of these questions."
)
_NOTES = (
    _SEEN_NOTE,
    "rouge_l is over the answerable questions, a refusal scoring 0 (the maximum over the annotators' answers). Read it "
    "beside refusal_recall, the share of unanswerable questions refused, and answer_characters, the mean length of the "
    "answers given.",
    "The evidence is every sentence that any annotator selected; an answer may rightly cite fewer.",
)


def clapnq(folder: Path) -> Benchmark:
    """Give ClapNQ: every question asked of its passage.

    Raises:
        BenchmarkError: A file cannot be read, is not ClapNQ's, or a selected sentence is not in its passage.
    """
    questions = _questions(folder, given=True)
    return Benchmark(
        name="clapnq",
        title="ClapNQ, the passage given (development split)",
        cases=questions.cases,
        documents=questions.documents,
        metrics=(
            *("rouge_l", "refusal_precision", "refusal_recall"),
            *("citation_precision", "citation_recall", "verified", "grounded"),
        ),
        own_scorers=_OWN,
        published=(
            Published(name="GPT-4", figures={"rouge_l": 0.359, "refusal_recall": 0.180}, source=_PAPER),
            Published(name="GPT-3.5", figures={"rouge_l": 0.398, "refusal_recall": 0.370}, source=_PAPER),
            Published(
                name="T5-large, fine-tuned on ClapNQ",
                figures={"rouge_l": 0.572, "refusal_recall": 0.892},
                source=_PAPER,
            ),
            Published(
                name="two sentences most like the question; these questions",
                figures={"rouge_l": 0.539, "refusal_recall": 0.0, "answer_characters": 318.0},
                source="those that share most words with it, on the 100 answerable questions measured here",
                floor=True,
            ),
            Published(
                name="two sentences most like the question",
                figures={"rouge_l": 0.514, "refusal_recall": 0.0, "answer_characters": 317.0},
                source="those that share most words with it; never refuses",
                floor=True,
            ),
        ),
        notes=_NOTES,
    )


def clapnq_pooled(folder: Path) -> Benchmark:
    """Give ClapNQ: every question asked of all passages of both files.

    Raises:
        BenchmarkError: As `clapnq`.
    """
    questions = _questions(folder, given=False)
    return Benchmark(
        name="clapnq-pooled",
        title="ClapNQ, all passages in one index (development split)",
        cases=questions.cases,
        documents=questions.documents,
        metrics=(
            *("rouge_l", "refusal_precision", "refusal_recall", "citation_precision"),
            *("hit_at_10", "mrr_at_10", "verified", "grounded"),
        ),
        own_scorers=_OWN,
        published=(
            Published(
                name="BM25, no stems",
                figures={"hit_at_10": 0.967},
                source="the gold passage among the first ten, in the full development set's pool",
                floor=True,
            ),
        ),
        notes=(*_NOTES, "That another passage of the pool answers an “unanswerable” question cannot be excluded."),
    )


def _questions(folder: Path, *, given: bool) -> Questions:
    documents: dict[str, str] = {}
    names: dict[str, str] = {}  # a passage that stands beside several questions is one document
    cases = []
    for file in (_ANSWERABLE, _UNANSWERABLE):
        path = folder / "clapnq" / file
        for number, item in enumerate(some(read_json_lines(path), path)):
            with understood(path):
                passage = item["passages"][0]
                text = f"{clean(passage['title'])}\n\n{clean(passage['text'])}"
                name = names.setdefault(text, f"{len(names):04}.txt")
                documents[name] = text
                cases.append(_case(item, name, text, number, path, given=given))
    return Questions(tuple(cases), documents)


def _case(item: dict[str, Any], name: str, text: str, number: int, path: Path, *, given: bool) -> Case:
    references = tuple(dict.fromkeys(output["answer"] for output in item["output"] if output["answer"].strip()))
    sentences = [clean(words).strip() for output in item["output"] for words in output["selected_sentences"]]
    answerable = bool(references)
    return Case(
        id=f"clapnq-{item['id']}",
        question=item["input"],
        references=references,
        answerable=answerable,
        evidence=_evidence(sentences, name, text, path, item["id"]) if answerable else (),
        documents=(name,) if given else (),
        tags=(
            answerable_tag(answerable),
            *([seen_tag(question_is_seen(number))] if READER_SAW_CLAPNQ else []),
        ),
    )


def _evidence(sentences: Sequence[str], name: str, text: str, path: Path, case: str) -> tuple[Evidence, ...]:
    """Give the place of each sentence, once.

    Raises:
        BenchmarkError: One is not in the passage.
    """
    body = text.index("\n\n") + 2
    found = {}
    for sentence in filter(None, sentences):
        start = text.find(sentence, body)
        if start < 0:
            raise BenchmarkError(f"{path}: a selected sentence of {case!r} is not in its passage; fetch it again.")
        found[start] = Evidence(document=name, quote=sentence, start=start, end=start + len(sentence))
    return tuple(found[start] for start in sorted(found))
