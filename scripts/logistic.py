"""Ridge logistic regression by Newton's method, and how well its probabilities tell."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Matrix = NDArray[np.float64]

_STEPS, _ENOUGH = 40, 1e-6


def fit_logistic(features: Matrix, labels: Matrix, ridge: float) -> tuple[Matrix, float]:
    """Fit weights and bias of log-odds = features · weights + bias; the bias is not penalised.

    Args:
        features: Shape (examples, features).
        labels: 0 or 1, shape (examples,).
        ridge: Penalty on half the squared length of the weights.

    Returns:
        Weights, shape (features,), and the bias.
    """
    design = np.hstack([features, np.ones((len(features), 1))])
    penalty = np.full(design.shape[1], ridge)
    penalty[-1] = 0.0
    weights = np.zeros(design.shape[1])
    for _ in range(_STEPS):
        probabilities = sigmoid(design @ weights)
        slope = design.T @ (probabilities - labels) + penalty * weights
        curvature = (design * (probabilities * (1 - probabilities))[:, None]).T @ design + np.diag(penalty)
        step = np.linalg.solve(curvature, slope)
        weights -= step
        if np.abs(step).max() < _ENOUGH:
            break
    return weights[:-1], float(weights[-1])


def fit_standardised(features: Matrix, labels: Matrix, ridge: float) -> tuple[Matrix, float]:
    """Fit as `fit_logistic`, on features of mean 0 and deviation 1; give weights and bias for them as they were."""
    mean, deviation = features.mean(axis=0), features.std(axis=0) + 1e-9
    weights, bias = fit_logistic((features - mean) / deviation, labels, ridge)
    return weights / deviation, bias - float(mean @ (weights / deviation))


def sigmoid(log_odds: Matrix) -> Matrix:
    """Turn log-odds into probabilities."""
    return np.asarray(1.0 / (1.0 + np.exp(-np.clip(log_odds, -30, 30))))


def log_odds_of(probabilities: Matrix) -> Matrix:
    """Turn probabilities into log-odds, -21 to 21."""
    clipped = np.clip(probabilities, 1e-9, 1 - 1e-9)
    return np.asarray(np.log(clipped / (1 - clipped)))


def area_under_curve(scores: Matrix, positive: NDArray[np.bool_]) -> float:
    """Give the chance, 0 to 1, that a positive example scores higher than another one; ties count half."""
    others = np.sort(scores[~positive])
    below = np.searchsorted(others, scores[positive], "left") + np.searchsorted(others, scores[positive], "right")
    return float(below.mean()) / (2 * len(others))
