"""Fit the extractive answerer's logistic model and its refusal thresholds.

    uv run python -m scripts.fit_evidence --bench PATH [--work DIR] [--questions N]

Reads SQuAD 1.1 and 2.0 (development split) and NQ-open under PATH, without what the span reader was trained on,
asks our own retrieval for passages as the answerer would get them, and labels a sentence 1 when it is in the
question's paragraph and holds a gold answer. Each question is asked in one of three ways in turn: of its paragraph
alone, of the whole corpus, and of the corpus without its paragraph, which is how a question looks whose answer
nobody wrote down. The figures it prints are cross-validated over articles: no question is judged by a model that
saw its article. Writes `qa/models/evidence.json`. Takes about ten minutes on two cores; `--work` keeps indexes.
"""

from __future__ import annotations

import itertools
import json
import os
import platform
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import numpy as np
import typer
from numpy.typing import NDArray

from bench.squad import Squad, SquadQuestion, load_squad, write_corpus
from eval.confidence import calibration_error
from qa.adapters.caching_embedder import CachingEmbedder
from qa.adapters.local_embedder import LocalEmbedder
from qa.answering.candidates import Sentence, candidate_sentences
from qa.answering.contexts import contexts_of
from qa.answering.extractive import ExtractiveAnswerer
from qa.answering.features import FEATURES, features_of
from qa.answering.questions import read_question
from qa.answering.rules import penalties_of
from qa.api import embedded_reader, open_chatbot
from qa.bundled_files import embedder_folder, evidence_file
from qa.chatbot import Chatbot
from qa.domain import RankedPassage
from qa.interfaces import Embedder
from qa.settings import Settings
from training.reader_data import natural_questions, trained_articles

_SEED = 7
_FOLDS = 5
# Lots of 21 held-out questions of NQ, which are kept together as an article's questions are; 21 has no factor 5.
_LOTS = 21
_RIDGE = 1.0
# Shares of answerable questions that may be refused. The second was chosen by what it does on the gold set for
# seeds/, whose questions are less like their text than SQuAD's: a development set.
_EAGER_REFUSES, _BALANCED_REFUSES = 0.05, 0.085

Matrix = NDArray[np.float64]


class Way(StrEnum):
    """How a question is asked; see the top of this file."""

    ALONE = "alone"
    OPEN = "open"
    REMOVED = "removed"


@dataclass(frozen=True, slots=True)
class Example:
    """A question's candidate sentences: features (sentences, features) and 0/1 labels (sentences,).

    Attributes:
        penalties: As `penalties_of`, shape (sentences,); they are not fitted, but count for the thresholds.
        answerable: The question has an answer, and its paragraph was not removed.
    """

    features: Matrix
    penalties: Matrix
    labels: Matrix
    answerable: bool
    article: str


def main(
    bench: Annotated[Path, typer.Option(help="Folder of the public benchmark data.")],
    work: Annotated[Path, typer.Option(help="Folder for indexes, kept for a next run.")] = Path("runs/fit"),
    questions: Annotated[int, typer.Option(help="Questions of each file at most.")] = 1200,
) -> None:
    """Fit, print cross-validated figures, and write the model file."""
    embedder = CachingEmbedder(LocalEmbedder(embedder_folder(), threads=1), capacity=100_000)
    trained = trained_articles(bench)
    examples: list[Example] = []
    for name in ("dev-v1.1", "dev-v2.0"):
        squad = load_squad(bench / "squad" / f"{name}.public.json")
        unseen = [question for question in squad.questions if question.article not in trained]
        examples += _examples(squad, unseen, work / name, embedder, questions)
        typer.echo(f"{name}: {len(examples)} examples so far")
    asked = _natural_questions(bench)
    held_out_questions = [question for question in asked.questions if question.article]
    # Without its own passage, another of NQ's may well answer: those would be labelled wrongly.
    examples += [
        example
        for example in _examples(asked, held_out_questions, work / "nq", embedder, questions)
        if example.answerable
    ]
    typer.echo(f"nq: {len(examples)} examples so far")
    held_out = _cross_validate(examples)
    thresholds = _thresholds(held_out, examples)
    slope, offset = _platt_scaling(held_out, examples)
    figures = _figures(held_out, examples, thresholds, slope, offset)
    weights, bias = _fit(examples)
    record = {
        "weights": {name: round(float(weight), 4) for name, weight in zip(FEATURES, weights, strict=True)},
        "bias": round(bias, 4),
        "thresholds": thresholds,
        "confidence": {"slope": round(slope, 4), "offset": round(offset, 4)},
        "provenance": {
            "script": "scripts/fit_evidence.py",
            "data": "SQuAD 1.1 and 2.0, development split (CC BY-SA 4.0), NQ-open: facts about them only, no text",
            "examples": len(examples),
            "embedder": embedder.fingerprint,
            "reader": embedded_reader(Settings()).fingerprint,
            "seed": _SEED,
            "python": platform.python_version(),
            "cross_validated": figures,
        },
    }
    evidence_file().write_text(json.dumps(record, indent=2) + "\n", encoding="utf-8")
    typer.echo(json.dumps(record, indent=2))


def _natural_questions(bench: Path) -> Squad:
    """Give NQ-open as a corpus of passages; a held-out question's "article" is one of 20 lots, others have none."""
    items = natural_questions(bench)
    names = [f"{number:04}.txt" for number in range(len(items))]
    return Squad(
        paragraphs={name: f"{item.title}\n\n{item.text}" for name, item in zip(names, items, strict=True)},
        questions=tuple(
            SquadQuestion(
                id=name,
                text=item.question,
                answers=item.answers,
                document_id=name,
                article=f"nq-{number % _LOTS}" if item.held_out else "",
            )
            for number, (name, item) in enumerate(zip(names, items, strict=True))
        ),
    )


def _examples(
    squad: Squad, unseen: Sequence[SquadQuestion], work: Path, embedder: Embedder, most: int
) -> list[Example]:
    write_corpus(squad, work / "corpus")
    settings = Settings(corpus_dir=work / "corpus", data_dir=work / "data", threads=1)
    chosen = sorted(np.random.default_rng(_SEED).permutation(len(unseen))[:most])
    with open_chatbot(settings, embedder=embedder) as bot, ThreadPoolExecutor(os.cpu_count()) as pool:
        bot.open()
        ways = itertools.islice(itertools.cycle(Way), len(chosen))
        examples = list(pool.map(lambda at, way: _example(bot, embedder, unseen[at], way), chosen, ways))
    return [example for example in examples if example is not None]


def _example(bot: Chatbot, embedder: Embedder, question: SquadQuestion, way: Way) -> Example | None:
    passages = _passages(bot, question, way)
    assert isinstance(bot.answerer, ExtractiveAnswerer)
    sentences = candidate_sentences(embedder, bot.answerer.reader, question.text, passages).sentences
    if not sentences:
        return None
    read, contexts = read_question(question.text), contexts_of(sentences)
    return Example(
        features=features_of(read, sentences, contexts),
        penalties=penalties_of(read, sentences, contexts),
        labels=np.array([_answers(question, sentence) for sentence in sentences], dtype=np.float64),
        answerable=bool(question.answers) and way is not Way.REMOVED,
        article=question.article,
    )


def _passages(bot: Chatbot, question: SquadQuestion, way: Way) -> list[RankedPassage]:
    most = bot.settings.passages_read
    if way is Way.ALONE:
        return bot.search(question.text, limit=most, where={"document_id": question.document_id})
    found = bot.search(question.text, limit=2 * most)
    if way is Way.REMOVED:
        found = [ranked for ranked in found if ranked.passage.document_id != question.document_id]
    return found[:most]


def _answers(question: SquadQuestion, sentence: Sentence) -> bool:
    in_paragraph = sentence.ranked.passage.document_id == question.document_id
    return in_paragraph and any(answer in sentence.text for answer in question.answers)


def _fit(examples: Sequence[Example]) -> tuple[Matrix, float]:
    """Fit a ridge logistic regression by Newton's method; the bias is not penalised."""
    features = np.vstack([example.features for example in examples])
    labels = np.concatenate([example.labels for example in examples])
    design = np.hstack([features, np.ones((len(features), 1))])
    penalty = np.full(design.shape[1], _RIDGE)
    penalty[-1] = 0.0
    weights = np.zeros(design.shape[1])
    for _ in range(25):
        probabilities = 1 / (1 + np.exp(-design @ weights))
        slope = design.T @ (probabilities - labels) + penalty * weights
        curvature = (design * (probabilities * (1 - probabilities))[:, None]).T @ design + np.diag(penalty)
        step = np.linalg.solve(curvature, slope)
        weights -= step
        if np.abs(step).max() < 1e-6:
            break
    return weights[:-1], float(weights[-1])


def _cross_validate(examples: Sequence[Example]) -> list[Matrix]:
    """Give each example's probabilities by a model that did not see its article."""
    articles = sorted({example.article for example in examples})
    np.random.default_rng(_SEED).shuffle(articles)
    fold_of = {article: number % _FOLDS for number, article in enumerate(articles)}
    models = [_fit([item for item in examples if fold_of[item.article] != fold]) for fold in range(_FOLDS)]
    probabilities = []
    for example in examples:
        weights, bias = models[fold_of[example.article]]
        probabilities.append(np.asarray(1 / (1 + np.exp(-(example.features @ weights + bias - example.penalties)))))
    return probabilities


def _thresholds(held_out: Sequence[Matrix], examples: Sequence[Example]) -> dict[str, float]:
    """Give the thresholds on the best sentence's probability.

    "eager" and "balanced" refuse 5 % and 8.5 % of the answerable questions; "careful" errs equally
    often both ways, over unanswerable questions that are mostly harder than users' own.
    """
    best = np.array([probabilities.max() for probabilities in held_out])
    answerable = np.array([example.answerable for example in examples])
    yes, no = np.sort(best[answerable]), np.sort(best[~answerable])
    grid = np.unique(np.round(best, 4))
    refused = np.searchsorted(yes, grid) / len(yes)
    answered = 1 - np.searchsorted(no, grid) / len(no)
    return {
        "eager": round(float(np.quantile(yes, _EAGER_REFUSES)), 4),
        "balanced": round(float(np.quantile(yes, _BALANCED_REFUSES)), 4),
        "careful": float(grid[np.argmin(np.abs(refused - answered))]),
    }


def _platt_scaling(held_out: Sequence[Matrix], examples: Sequence[Example]) -> tuple[float, float]:
    """Give slope and offset that turn the best sentence's log-odds into those that the question is answerable.

    From Platt, "Probabilistic outputs for support vector machines", 1999, by Newton's method.
    """
    log_odds = _best_log_odds(held_out)
    answerable = np.array([example.answerable for example in examples], dtype=np.float64)
    design = np.stack([log_odds, np.ones_like(log_odds)], axis=1)
    weights = np.zeros(2)
    for _ in range(25):
        probabilities = 1 / (1 + np.exp(-design @ weights))
        curvature = (design * (probabilities * (1 - probabilities))[:, None]).T @ design
        weights -= np.linalg.solve(curvature, design.T @ (probabilities - answerable))
    return float(weights[0]), float(weights[1])


def _best_log_odds(held_out: Sequence[Matrix]) -> Matrix:
    best = np.clip([probabilities.max() for probabilities in held_out], 1e-9, 1 - 1e-9)
    return np.asarray(np.log(best / (1 - best)))


def _figures(
    held_out: Sequence[Matrix], examples: Sequence[Example], thresholds: dict[str, float], slope: float, offset: float
) -> dict[str, float]:
    best = np.array([probabilities.max() for probabilities in held_out])
    answerable = np.array([example.answerable for example in examples])
    reachable = [at for at, example in enumerate(examples) if example.labels.any()]
    first = [examples[at].labels[int(np.argmax(held_out[at]))] for at in reachable]
    yes, no = best[answerable], np.sort(best[~answerable])
    below = np.searchsorted(no, yes) / len(no)
    confidence = 1 / (1 + np.exp(-(slope * _best_log_odds(held_out) + offset)))
    return {
        "expected_calibration_error": round(
            calibration_error(np.stack([confidence, answerable.astype(np.float64)], axis=1)), 4
        ),
        "sentence_right_where_retrieved": round(float(np.mean(first)), 4),
        "answerable_auc": round(float(below.mean()), 4),
        "refused_of_unanswerable": round(float(np.mean(no < thresholds["balanced"])), 4),
        "answered_of_answerable": round(float(np.mean(yes >= thresholds["balanced"])), 4),
    }


if __name__ == "__main__":
    typer.run(main)
