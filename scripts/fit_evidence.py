"""Fit the extractive answerer's logistic models and its refusal thresholds.

    uv run python -m scripts.fit_evidence --bench PATH [--work DIR] [--questions N]

Reads SQuAD 1.1 and 2.0 (development split), NQ-open and ClapNQ under PATH, without what the span reader was trained on,
and asks our own retrieval for passages as the answerer would get them (`evidence_examples.py`). The first model weighs
sentences: one is labelled 1 when it is in the question's paragraph and holds a gold answer. The others take the best
sentence and tell whether the question is answerable, among passages that were found or in a paragraph that was given.
The figures it prints are cross-validated over articles: no question is judged by a model that saw its article. Writes
`qa/models/evidence.json`. Takes some ten minutes on two cores; `--work` keeps indexes.
"""

from __future__ import annotations

import json
import platform
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

import numpy as np
import typer
from numpy.typing import NDArray

from eval.confidence import calibration_error
from qa.adapters.caching_embedder import CachingEmbedder
from qa.adapters.local_embedder import LocalEmbedder
from qa.answering.answerability import Scope, given_features
from qa.answering.close_reading import read_closely
from qa.answering.evidence import Evidence, likeliest_first
from qa.answering.features import FEATURES
from qa.answering.questions import read_question
from qa.api import embedded_reader
from qa.bundled_files import embedder_folder, evidence_file
from qa.interfaces import SpanReader
from qa.settings import Settings
from scripts.evidence_examples import Example, Way, clapnq, collect, unseen_natural_questions, unseen_squad
from scripts.logistic import Matrix, area_under_curve, fit_logistic, fit_standardised, log_odds_of, sigmoid

_SEED = 7
_FOLDS = 5
_SENTENCE_RIDGE, _GIVEN_RIDGE = 1.0, 0.3
# ClapNQ's 204 questions, which people typed into a search engine, against SQuAD 2.0's 2,704.
_CLAPNQ_COUNTS = 5
# Shares of answerable questions that may be refused. The second was chosen by what it does on the gold set for
# seeds/, whose questions are less like their text than SQuAD's: a development set.
_EAGER_REFUSES, _BALANCED_REFUSES = 0.05, 0.065
# Of a given paragraph, whose subject is what was asked, an answer is balanced where it is likelier there than not.
_BALANCED_GIVEN = 0.5


def main(
    bench: Annotated[Path, typer.Option(help="Folder of the public benchmark data.")],
    work: Annotated[Path, typer.Option(help="Folder for indexes, kept for a next run.")] = Path("runs/fit"),
    questions: Annotated[int, typer.Option(help="Questions of each file at most.")] = 1200,
) -> None:
    """Fit, print cross-validated figures, and write the model file."""
    embedder = CachingEmbedder(LocalEmbedder(embedder_folder(), threads=1), capacity=100_000)
    reader = embedded_reader(Settings(threads=2))
    squad_1, squad_2 = unseen_squad(bench, "1.1"), unseen_squad(bench, "2.0")
    mixed = [
        *collect(squad_1, work / "dev-v1.1", embedder, Way, questions),
        *collect(squad_2, work / "dev-v2.0", embedder, Way, questions),
        # Without its own passage, another of NQ's may well answer: those would be labelled wrongly.
        *(
            example
            for example in collect(unseen_natural_questions(bench), work / "nq", embedder, Way, questions)
            if example.answerable
        ),
    ]
    typer.echo(f"{len(mixed)} mixed examples")
    given = [
        example
        for squad, name, times in ((squad_2, "dev-v2.0", 1), (clapnq(bench), "clapnq", _CLAPNQ_COUNTS))
        for example in collect(squad, work / name, embedder, [Way.ALONE], 3 * questions) * times
        if example.scope is Scope.GIVEN
    ]
    typer.echo(f"{len(given)} examples of a given paragraph")
    record = fitted(mixed, given, reader)
    record["provenance"] |= {
        "script": "scripts/fit_evidence.py",
        "data": "SQuAD 1.1 and 2.0, development split (CC BY-SA 4.0), NQ-open, ClapNQ: facts about them only, no text",
        "embedder": embedder.fingerprint,
        "reader": reader.fingerprint,
        "python": platform.python_version(),
    }
    evidence_file().write_text(json.dumps(record, indent=2) + "\n", encoding="utf-8")
    typer.echo(json.dumps(record, indent=2))


def fitted(mixed: Sequence[Example], given: Sequence[Example], reader: SpanReader) -> dict[str, Any]:
    """Give what the model file holds: all models, fitted on all examples, thresholds and cross-validated figures."""
    fold_of = _folds([*mixed, *given])
    models = [_fit_sentences([item for item in mixed if fold_of[item.article] != fold]) for fold in range(_FOLDS)]
    weights, bias = _fit_sentences(mixed)
    held_out = [_probabilities(example, *models[fold_of[example.article]]) for example in mixed]
    best = log_odds_of(np.array([probabilities.max() for probabilities in held_out]))
    found = _Answerability(best[:, None], mixed, fold_of, ridge=0.0)
    rows = [_given_row(reader, example, *models[fold_of[example.article]]) for example in given]
    alone = _Answerability(np.array(rows), given, fold_of, ridge=_GIVEN_RIDGE)
    thresholds = {
        Scope.FOUND: found.thresholds(_BALANCED_REFUSES),
        Scope.GIVEN: alone.thresholds(None),
    }
    first = [
        example.labels[_chosen(example, probabilities)]
        for example, probabilities in zip(mixed, held_out, strict=True)
        if example.labels.any()
    ]
    return {
        "weights": {name: round(float(weight), 4) for name, weight in zip(FEATURES, weights, strict=True)},
        "bias": round(bias, 4),
        "further": {name: _probability_at(found, threshold) for name, threshold in thresholds[Scope.FOUND].items()},
        "answerability": {"found": found.fitted(), "given": alone.fitted(), "thresholds": thresholds},
        "provenance": {
            # ClapNQ's count several times.
            "examples": {Scope.FOUND: len(mixed), Scope.GIVEN: len(given)},
            "clapnq_counts": _CLAPNQ_COUNTS,
            "seed": _SEED,
            "cross_validated": {
                "sentence_right_where_retrieved": round(float(np.mean(first)), 4),
                Scope.FOUND: found.figures(thresholds[Scope.FOUND]["balanced"]),
                Scope.GIVEN: alone.figures(thresholds[Scope.GIVEN]["balanced"]),
            },
        },
    }


class _Answerability:
    """A logistic model of whether questions are answerable, and each one's confidence without its fold."""

    def __init__(self, rows: Matrix, examples: Sequence[Example], fold_of: dict[str, int], ridge: float) -> None:
        self._answerable = np.array([example.answerable for example in examples])
        self.weights, self.bias = self._fit(rows, self._answerable, ridge)
        folds = np.array([fold_of[example.article] for example in examples])
        self._confidence = np.zeros(len(rows))
        for fold in range(_FOLDS):
            weights, bias = self._fit(rows[folds != fold], self._answerable[folds != fold], ridge)
            self._confidence[folds == fold] = sigmoid(rows[folds == fold] @ weights + bias)

    @staticmethod
    def _fit(rows: Matrix, answerable: NDArray[np.bool_], ridge: float) -> tuple[Matrix, float]:
        return fit_standardised(rows, answerable.astype(np.float64), ridge)

    def fitted(self) -> list[float]:
        """Give the weights, then the bias, of the model that was fitted on all questions."""
        return [round(float(weight), 4) for weight in (*self.weights, self.bias)]

    def thresholds(self, balanced_refuses: float | None) -> dict[str, float]:
        """Give the thresholds on the confidence.

        "eager" refuses 5 % of the answerable questions. "balanced" refuses the share `balanced_refuses` of them; with
        None it answers what is likelier there than not. "careful" errs equally often both ways, with None only half as
        often in answering what cannot be answered.
        """
        yes, no = np.sort(self._confidence[self._answerable]), np.sort(self._confidence[~self._answerable])
        grid = np.unique(np.round(self._confidence, 4))
        refused, answered = np.searchsorted(yes, grid) / len(yes), 1 - np.searchsorted(no, grid) / len(no)
        equal = float(grid[np.argmin(np.abs(refused - answered))])
        wrongly = float(np.mean(no >= equal))
        if balanced_refuses is None:
            balanced, careful = _BALANCED_GIVEN, float(np.quantile(no, 1 - wrongly / 2))
        else:
            balanced, careful = float(np.quantile(yes, balanced_refuses)), equal
        eager = float(np.quantile(yes, _EAGER_REFUSES))
        return {"eager": round(eager, 4), "balanced": round(balanced, 4), "careful": round(careful, 4)}

    def figures(self, balanced: float) -> dict[str, float]:
        """Give how well the confidence tells, without an example's own fold."""
        yes, no = self._confidence[self._answerable], self._confidence[~self._answerable]
        both = np.stack([self._confidence, self._answerable.astype(np.float64)], axis=1)
        return {
            "expected_calibration_error": round(calibration_error(both), 4),
            "answerable_auc": round(area_under_curve(self._confidence, self._answerable), 4),
            "refused_of_unanswerable": round(float(np.mean(no < balanced)), 4),
            "answered_of_answerable": round(float(np.mean(yes >= balanced)), 4),
        }


def _probability_at(found: _Answerability, confidence: float) -> float:
    """Give the probability of a best sentence that has this confidence."""
    logit = float(log_odds_of(np.array(confidence)))
    return round(float(sigmoid(np.array((logit - found.bias) / found.weights[0]))), 4)


def _folds(examples: Sequence[Example]) -> dict[str, int]:
    """Give each article's fold."""
    articles = sorted({example.article for example in examples})
    np.random.default_rng(_SEED).shuffle(articles)
    return {article: number % _FOLDS for number, article in enumerate(articles)}


def _fit_sentences(examples: Sequence[Example]) -> tuple[Matrix, float]:
    features = np.vstack([example.features for example in examples])
    labels = np.concatenate([example.labels for example in examples])
    return fit_logistic(features, labels, _SENTENCE_RIDGE)


def _probabilities(example: Example, weights: Matrix, bias: float) -> Matrix:
    return sigmoid(example.features @ weights + bias - example.penalties)


def _given_row(reader: SpanReader, example: Example, weights: Matrix, bias: float) -> tuple[float, ...]:
    """Give what the model of a given paragraph goes by, in the order of its weights, of the sentence answered from."""
    probabilities = _probabilities(example, weights, bias)
    chosen = example.sentences[_chosen(example, probabilities)]
    closely = read_closely(reader, example.question, chosen, in_lower_case=example.question.islower())
    return given_features(log_odds_of(probabilities).tolist(), closely)


def _chosen(example: Example, probabilities: Matrix) -> int:
    """Give the place of the sentence that the answerer would answer from: mostly, but not always, the likeliest."""
    weighed = [
        Evidence(sentence, float(probability), answer=None)
        for sentence, probability in zip(example.sentences, probabilities, strict=True)
    ]
    best = likeliest_first(read_question(example.question), weighed)[0]
    return next(at for at, item in enumerate(weighed) if item is best)


if __name__ == "__main__":
    typer.run(main)
