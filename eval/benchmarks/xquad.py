"""XQuAD, English: is the very place of the answer marked?"""

from __future__ import annotations

from pathlib import Path

from eval.benchmarks.benchmark import Benchmark, BenchmarkError, answerable_tag, seen_tag
from eval.benchmarks.files import read_json, some, understood
from eval.benchmarks.own_scorers import score_answer_place, score_answer_span, score_answered
from eval.benchmarks.seen import unseen_articles
from eval.benchmarks.squad import UNSEEN_NOTE
from eval.benchmarks.squad_files import Squad, SquadQuestion, squad_of
from eval.cases import Case, Evidence
from qa.parsing.text import clean


def xquad(folder: Path) -> Benchmark:
    """Give the English part of XQuAD: every question asked of its own paragraph; the evidence is the answer itself.

    Raises:
        BenchmarkError: A file cannot be read, or an answer is not at its offset.
    """
    path = folder / "xquad" / "xquad.en.public.json"
    plain, unseen = read_json(path), unseen_articles(folder)
    with understood(path):
        squad = squad_of(plain)
        some(list(squad.questions), path)
        cases = tuple(_case(question, squad, unseen, path) for question in squad.questions)
    return Benchmark(
        name="xquad",
        title="XQuAD, English, the paragraph given (development split)",
        cases=cases,
        documents={name: clean(text) for name, text in squad.paragraphs.items()},
        metrics=("exact_match", "token_f1", "citation_precision", "citation_recall", "verified", "grounded"),
        own_scorers={
            "answer_span": score_answer_span,
            "answer_place": score_answer_place,
            "answered": score_answered,
        },
        notes=(
            UNSEEN_NOTE,
            "answer_span: a citation's marked words are the gold answer's characters exactly, in the right occurrence; "
            "answer_place: they touch them. There is one gold answer a question, where SQuAD has several, so exact "
            "match is lower than SQuAD's.",
        ),
    )


def _case(question: SquadQuestion, squad: Squad, unseen: set[str], path: Path) -> Case:
    text, start, (answer, *_) = squad.paragraphs[question.document_id], question.answer_start, question.answers
    if start is None or text[start : start + len(answer)] != answer:
        raise BenchmarkError(f"{path}: the answer of question {question.id!r} is not at its offset; fetch it again.")
    start, answer, text = len(clean(text[:start])), clean(answer), clean(text)
    if text[start : start + len(answer)] != answer:
        raise BenchmarkError(
            f"{path}: the answer of question {question.id!r} has no place once invisible characters are taken out; "
            "leave that question out of the file."
        )
    evidence = Evidence(document=question.document_id, quote=answer, start=start, end=start + len(answer))
    return Case(
        id=question.id,
        question=question.text,
        answers=question.answers,
        evidence=(evidence,),
        documents=(question.document_id,),
        tags=(answerable_tag(True), seen_tag(question.article not in unseen)),
    )
