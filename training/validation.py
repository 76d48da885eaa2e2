"""How well a reader does on questions about articles that training does not see, gold paragraph given."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer

from eval.matching import normalised_tokens, token_f1
from qa.answering.reading import LONGEST_ANSWER
from scripts.logistic import area_under_curve
from training.reader_data import ValidationQuestion

Scores = NDArray[np.float32]
Score = Callable[[Sequence[int], Sequence[int]], Scores]


def validate(score: Score, tokenizer: Tokenizer, questions: Sequence[ValidationQuestion]) -> dict[str, float]:
    """Give a reader's figures; see `figures`.

    Args:
        score: Gives two scores a token, shape (tokens, 2), for a text's token ids and type ids.
        tokenizer: As `plan.reading_tokenizer` sets it.
        questions: Answerable and unanswerable ones.
    """
    readings = []
    for question in questions:
        encoding = tokenizer.encode(question.question, question.context)
        scores = score(encoding.ids, encoding.type_ids)
        first, last, margin = best_span(scores, encoding.type_ids.index(1), len(encoding.ids) - 1)
        text = question.context[encoding.offsets[first][0] : encoding.offsets[last][1]]
        readings.append((text, margin))
    return figures(questions, readings)


def best_span(scores: Scores, begin: int, end: int) -> tuple[int, int, float]:
    """Give the best span's first and last token from `begin` until before `end`, and by how much it beats "none"."""
    starts, ends = scores[begin:end, 0].astype(np.float64), scores[begin:end, 1].astype(np.float64)
    sums = starts[:, None] + ends[None, :]
    sums[~(np.tri(len(starts), dtype=bool).T & ~np.tri(len(starts), k=-LONGEST_ANSWER, dtype=bool).T)] = -np.inf
    first, last = np.unravel_index(int(np.argmax(sums)), sums.shape)
    margin = float(sums[first, last]) - float(scores[0, 0]) - float(scores[0, 1])
    return begin + int(first), begin + int(last), margin


def figures(questions: Sequence[ValidationQuestion], readings: Sequence[tuple[str, float]]) -> dict[str, float]:
    """Give what is logged, from each question's best span and its margin over "none".

    Returns:
        "em" and "f1" of the best span on answerable questions, whatever the margin (best of the gold answers);
        "auc", the chance that an answerable question has a higher margin than an unanswerable one; "null_accuracy",
        the share of all questions where the margin's sign is right, with its two parts "answered" and "refused".
        A figure over no questions is left out.
    """
    margins = np.array([margin for _, margin in readings])
    answerable = np.array([bool(question.answers) for question in questions], dtype=bool)
    gold = [
        (text, question.answers) for (text, _), question in zip(readings, questions, strict=True) if question.answers
    ]
    found: dict[str, float] = {"questions": len(questions)}
    if gold:
        found["em"] = _mean(
            [max(normalised_tokens(text) == normalised_tokens(g) for g in golds) for text, golds in gold]
        )
        found["f1"] = _mean([max(token_f1(text, g) for g in golds) for text, golds in gold])
        found["answered"] = _mean(margins[answerable] > 0)
    if not answerable.all():
        found["refused"] = _mean(margins[~answerable] <= 0)
    if gold and not answerable.all():
        found["auc"] = round(area_under_curve(margins, answerable), 4)
    if len(questions):
        found["null_accuracy"] = _mean((margins > 0) == answerable)
    return found


def _mean(values: Sequence[float] | NDArray[np.bool_] | NDArray[np.float64]) -> float:
    return round(float(np.mean(values)), 4)
