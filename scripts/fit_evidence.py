"""Fit the extractive answerer's logistic model and its refusal thresholds.

    uv run python -m scripts.fit_evidence --bench PATH [--work DIR] [--questions N]

Reads SQuAD 1.1 and 2.0 (development split) under PATH, asks our own retrieval for passages as the answerer
would get them, and labels a sentence 1 when it is in the question's paragraph and holds a gold answer. The
figures it prints are cross-validated over articles: no question is judged by a model that saw its article.
Writes `qa/models/evidence.json`. Takes about ten minutes on two cores; `--work` keeps indexes for a next run.
"""

from __future__ import annotations

import json
import platform
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import numpy as np
import typer
from numpy.typing import NDArray

from bench.squad import Squad, SquadQuestion, load_squad, write_corpus
from qa.adapters.local_embedder import LocalEmbedder
from qa.answering.candidates import Sentence, candidate_sentences
from qa.answering.evidence import FEATURES, features_of
from qa.answering.questions import read_question
from qa.api import open_chatbot
from qa.bundled_files import embedder_folder, evidence_file
from qa.chatbot import Chatbot
from qa.interfaces import Embedder, Vector
from qa.settings import Settings

_SEED = 7
_FOLDS = 5
_RIDGE = 1.0
# Share of answerable questions that may be refused, beside the balanced threshold.
_EAGER_REFUSES, _CAREFUL_ANSWERS = 0.10, 0.10

Matrix = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Example:
    """A question's candidate sentences: features (sentences, features) and 0/1 labels (sentences,)."""

    features: Matrix
    labels: Matrix
    answerable: bool
    article: str


class RememberingEmbedder:
    """The embedder, with each text embedded once: paragraphs are read by many questions."""

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder
        self._known: dict[str, Vector] = {}

    @property
    def fingerprint(self) -> str:
        """As the embedder's."""
        return self._embedder.fingerprint

    @property
    def dimensions(self) -> int:
        """As the embedder's."""
        return self._embedder.dimensions

    def embed(self, texts: Sequence[str]) -> Vector:
        """As the embedder's."""
        new = list(dict.fromkeys(text for text in texts if text not in self._known))
        if new:
            self._known.update(zip(new, self._embedder.embed(new), strict=True))
        return np.stack([self._known[text] for text in texts])

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """As the embedder's."""
        return self._embedder.count_tokens(texts)


def main(
    bench: Annotated[Path, typer.Option(help="Folder of the public benchmark data.")],
    work: Annotated[Path, typer.Option(help="Folder for indexes, kept for a next run.")] = Path("runs/fit"),
    questions: Annotated[int, typer.Option(help="Questions of each file at most.")] = 8000,
) -> None:
    """Fit, print cross-validated figures, and write the model file."""
    embedder = RememberingEmbedder(LocalEmbedder(embedder_folder()))
    examples: list[Example] = []
    for name in ("dev-v1.1", "dev-v2.0"):
        squad = load_squad(bench / "squad" / f"{name}.public.json")
        examples += _examples(squad, work / name, embedder, questions)
        typer.echo(f"{name}: {len(examples)} examples so far")
    held_out = _cross_validate(examples)
    thresholds = _thresholds(held_out, examples)
    figures = _figures(held_out, examples, thresholds)
    weights, bias = _fit(examples)
    record = {
        "weights": {name: round(float(weight), 4) for name, weight in zip(FEATURES, weights, strict=True)},
        "bias": round(bias, 4),
        "thresholds": thresholds,
        "provenance": {
            "script": "scripts/fit_evidence.py",
            "data": "SQuAD 1.1 and 2.0, development split (CC BY-SA 4.0): facts about it only, no text",
            "examples": len(examples),
            "embedder": embedder.fingerprint,
            "seed": _SEED,
            "python": platform.python_version(),
            "cross_validated": figures,
        },
    }
    evidence_file().write_text(json.dumps(record, indent=2) + "\n", encoding="utf-8")
    typer.echo(json.dumps(record, indent=2))


def _examples(squad: Squad, work: Path, embedder: Embedder, most: int) -> list[Example]:
    write_corpus(squad, work / "corpus")
    settings = Settings(corpus_dir=work / "corpus", data_dir=work / "data")
    chosen = np.random.default_rng(_SEED).permutation(len(squad.questions))[:most]
    examples = []
    with open_chatbot(settings, embedder=embedder) as bot:
        for turn, at in enumerate(sorted(chosen)):
            # Every other question is asked of its paragraph alone, as with a small corpus or `where`.
            example = _example(bot, embedder, squad.questions[at], alone=turn % 2 == 0)
            if example is not None:
                examples.append(example)
    return examples


def _example(bot: Chatbot, embedder: Embedder, question: SquadQuestion, *, alone: bool) -> Example | None:
    where = {"document_id": question.document_id} if alone else None
    passages = bot.search(question.text, limit=bot.settings.passages_read, where=where)
    sentences = candidate_sentences(embedder, question.text, passages).sentences
    if not sentences:
        return None
    labels = np.array([_answers(question, sentence) for sentence in sentences], dtype=np.float64)
    return Example(
        features=features_of(read_question(question.text), sentences),
        labels=labels,
        answerable=bool(question.answers),
        article=question.article,
    )


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
        probabilities.append(np.asarray(1 / (1 + np.exp(-(example.features @ weights + bias)))))
    return probabilities


def _thresholds(held_out: Sequence[Matrix], examples: Sequence[Example]) -> dict[str, float]:
    """Give the thresholds on the best sentence's probability, from unanswerable and answered questions.

    Only files with unanswerable questions can tell them; "balanced" errs equally often both ways.
    """
    best = np.array([probabilities.max() for probabilities in held_out])
    answerable = np.array([example.answerable for example in examples])
    yes, no = np.sort(best[answerable]), np.sort(best[~answerable])
    grid = np.unique(np.round(best, 4))
    refused = np.searchsorted(yes, grid) / len(yes)
    answered = 1 - np.searchsorted(no, grid) / len(no)
    balanced = float(grid[np.argmin(np.abs(refused - answered))])
    return {
        "eager": round(float(np.quantile(yes, _EAGER_REFUSES)), 4),
        "balanced": round(balanced, 4),
        "careful": round(float(np.quantile(no, 1 - _CAREFUL_ANSWERS)), 4),
    }


def _figures(
    held_out: Sequence[Matrix], examples: Sequence[Example], thresholds: dict[str, float]
) -> dict[str, float]:
    best = np.array([probabilities.max() for probabilities in held_out])
    answerable = np.array([example.answerable for example in examples])
    reachable = [at for at, example in enumerate(examples) if example.labels.any()]
    first = [examples[at].labels[int(np.argmax(held_out[at]))] for at in reachable]
    yes, no = best[answerable], np.sort(best[~answerable])
    below = np.searchsorted(no, yes) / len(no)
    return {
        "sentence_right_where_retrieved": round(float(np.mean(first)), 4),
        "answerable_auc": round(float(below.mean()), 4),
        "refused_of_unanswerable": round(float(np.mean(no < thresholds["balanced"])), 4),
        "answered_of_answerable": round(float(np.mean(yes >= thresholds["balanced"])), 4),
    }


if __name__ == "__main__":
    typer.run(main)
