"""The logistic regression that the answerer's models are fitted with."""

import numpy as np
import pytest

from scripts.logistic import area_under_curve, fit_logistic, fit_standardised, log_odds_of, sigmoid


@pytest.fixture(scope="module")
def drawn():
    """Twenty thousand labels drawn with known weights, 1.5 and -0.5, and bias, 0.3."""
    generator = np.random.default_rng(3)
    features = generator.normal(size=(20_000, 2)) * [1.0, 4.0]
    log_odds = features @ [1.5, -0.5] + 0.3
    return features, (generator.random(20_000) < sigmoid(log_odds)).astype(np.float64)


@pytest.mark.parametrize("fit", [fit_logistic, fit_standardised])
def test_the_weights_that_labels_were_drawn_with_are_found_again(fit, drawn):
    weights, bias = fit(*drawn, 1e-6)
    assert weights == pytest.approx([1.5, -0.5], abs=0.08)
    assert bias == pytest.approx(0.3, abs=0.06)


def test_a_ridge_makes_weights_smaller(drawn):
    loose, tight = fit_logistic(*drawn, 0.0)[0], fit_logistic(*drawn, 5_000.0)[0]
    assert np.all(np.abs(tight) < np.abs(loose))


def test_log_odds_and_probabilities_are_each_others_reverse():
    probabilities = np.array([0.01, 0.5, 0.9])
    assert sigmoid(log_odds_of(probabilities)) == pytest.approx(probabilities)


@pytest.mark.parametrize(
    ("scores", "area"), [([1, 2, 3, 4], 1.0), ([4, 3, 2, 1], 0.0), ([1, 1, 1, 1], 0.5), ([1, 3, 2, 4], 0.75)]
)
def test_the_area_under_the_curve_counts_pairs_in_order(scores, area):
    assert area_under_curve(np.array(scores, dtype=float), np.array([False, False, True, True])) == area
