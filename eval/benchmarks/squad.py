"""SQuAD 1.1 and 2.0, development split: short answers, and the paragraph that gives them."""

from __future__ import annotations

from pathlib import Path

from eval.benchmarks.benchmark import Benchmark, Published, answerable_tag, seen_tag, with_words
from eval.benchmarks.files import read_json, some, understood
from eval.benchmarks.own_scorers import score_answered
from eval.benchmarks.seen import unseen_articles
from eval.benchmarks.squad_files import Squad, SquadQuestion, squad_of
from eval.cases import Case, Evidence
from qa.parsing.text import clean

UNSEEN_NOTE = (
    "“Unseen” are questions about articles that the shipped reader was not trained on; “seen in training” are the "
    "others, whose figures flatter. The answerer's logistic model and its refusal thresholds, some twenty numbers, "
    "were fitted on questions about the unseen articles: no figure here is of data that nothing was fitted on."
)
_RAJPURKAR = "Rajpurkar et al. 2016, on all of the development set with the paragraph given"


def squad_1_1(folder: Path) -> Benchmark:
    """Give SQuAD 1.1: every question asked of all paragraphs of the split.

    Raises:
        BenchmarkError: A file cannot be read, or is not SQuAD's.
    """
    squad, unseen = squad_in(folder, "1.1"), unseen_articles(folder)
    return Benchmark(
        name="squad-1.1",
        title="SQuAD 1.1, all paragraphs in one index (development split)",
        cases=tuple(_case(question, squad, unseen) for question in squad.questions),
        documents=squad.paragraphs,
        metrics=(
            *("exact_match", "token_f1", "correct"),
            *("recall_at_1", "recall_at_5", "recall_at_10", "mrr_at_10"),
            *("verified", "grounded"),
        ),
        own_scorers={"answered": score_answered},
        published=(
            Published(
                name="BM25, no stems",
                figures={"recall_at_1": 0.757, "recall_at_5": 0.911, "recall_at_10": 0.941},
                source="of paragraphs, on the full development set",
                floor=True,
            ),
            Published(name="logistic regression", figures={"exact_match": 0.401, "token_f1": 0.510}, source=_RAJPURKAR),
        ),
        notes=(
            UNSEEN_NOTE,
            "The published reader was given the right paragraph; ours has to find it among all.",
            "The evidence is the whole paragraph, since SQuAD does not say which occurrence of an answer is meant; so "
            "sentence-exact citations are not measured here (XQuAD does).",
            "Other paragraphs may answer a question too; the retrieval figures count them as wrong.",
        ),
    )


def squad_2_0(folder: Path) -> Benchmark:
    """Give SQuAD 2.0: every question asked of its own paragraph, half of which do not answer.

    Raises:
        BenchmarkError: A file cannot be read, or is not SQuAD's.
    """
    squad, unseen = squad_in(folder, "2.0"), unseen_articles(folder)
    return Benchmark(
        name="squad-2.0",
        title="SQuAD 2.0, the paragraph given (development split)",
        cases=tuple(_case(question, squad, unseen, given=True) for question in squad.questions),
        documents=squad.paragraphs,
        metrics=(
            *("exact_match", "token_f1", "correct"),
            *("refusal_precision", "refusal_recall"),
            *("verified", "grounded"),
        ),
        own_scorers={"answered": score_answered},
        published=(
            Published(
                name="refusing always",
                figures={"exact_match": 0.501, "token_f1": 0.501},
                source="full development set",
                floor=True,
            ),
            Published(
                name="BiDAF + self-attention + ELMo",
                figures={"exact_match": 0.657, "token_f1": 0.679},
                source="full development set",
            ),
            Published(
                name="BERT-large", figures={"exact_match": 0.787, "token_f1": 0.818}, source="full development set"
            ),
        ),
        notes=(UNSEEN_NOTE, "Exact match and F1 count a refusal of an unanswerable question as right, as SQuAD does."),
    )


def squad_in(folder: Path, version: str) -> Squad:
    """Read a version's file from the folder of benchmark data; texts as the library will hold them.

    Raises:
        BenchmarkError: The file cannot be read, is not SQuAD's, or holds no question.
    """
    path = folder / "squad" / f"dev-v{version}.public.json"
    plain = read_json(path)
    with understood(path):
        squad = squad_of(plain)
    some(list(squad.questions), path)
    return Squad({name: clean(text) for name, text in squad.paragraphs.items()}, squad.questions)


def _case(question: SquadQuestion, squad: Squad, unseen: set[str], *, given: bool = False) -> Case:
    text = squad.paragraphs[question.document_id]
    evidence = Evidence(document=question.document_id, quote=text, start=0, end=len(text))
    answers = with_words(question.answers)
    answerable = bool(answers)
    return Case(
        id=question.id,
        question=question.text,
        answers=answers,
        answerable=answerable,
        evidence=(evidence,) if answerable else (),
        documents=(question.document_id,) if given else (),
        tags=(answerable_tag(answerable), seen_tag(question.article not in unseen)),
    )
