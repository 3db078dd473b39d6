from __future__ import annotations

import numpy as np
import pytest
from scipy import optimize

from bgest_analysis.errors import EstimationError
from bgest_analysis.stats import fay_herriot as fh


def _areas(seed=1, n=40, variance=0.4):
    generator = np.random.default_rng(seed)
    d = generator.uniform(0.2, 1.5, n)
    X = np.column_stack([np.ones(n), generator.standard_normal(n)])
    truth = X @ [2.0, -1.0] + generator.normal(0, np.sqrt(variance), n)
    return truth + generator.normal(0, np.sqrt(d)), d, X, truth


@pytest.mark.parametrize("method", fh.METHODS)
def test_predictor_is_the_mix_of_direct_and_synthetic(method):
    y, d, X, _ = _areas()
    found = fh.fay_herriot(y, d, X, method)
    expected = found.weight * y + (1 - found.weight) * found.synthetic
    assert found.estimate == pytest.approx(expected)
    assert found.weight == pytest.approx(found.variance / (found.variance + d))
    assert (found.mse > 0).all()


def test_equal_errors_have_a_closed_form():
    # With equal D the REML and the moment estimates are s2 - D.
    y = np.array([3.0, 7, 5, 9, 1, 6])
    for method in ("reml", "fh", "prasad_rao"):
        found = fh.fay_herriot(y, np.full(6, 2.0), method=method)
        assert found.variance == pytest.approx(y.var(ddof=1) - 2, abs=1e-6)
    found = fh.fay_herriot(y, np.full(6, 2.0), method="ml")
    assert found.variance == pytest.approx(y.var() - 2, abs=1e-6)


def test_likelihood_is_the_multivariate_normal():
    from scipy.stats import multivariate_normal

    y, d, X, _ = _areas(n=8)
    found = fh.fay_herriot(y, d, X, "ml")
    density = multivariate_normal(found.synthetic, np.diag(d + found.variance)).logpdf(y)
    assert found.log_likelihood == pytest.approx(density)


def test_reml_solves_its_score_equation():
    y, d, X, _ = _areas()
    found = fh.fay_herriot(y, d, X)

    def score(variance):
        inverse = np.diag(1 / (d + variance))
        P = inverse - inverse @ X @ np.linalg.inv(X.T @ inverse @ X) @ X.T @ inverse
        return -np.trace(P) + y @ P @ P @ y

    assert found.variance == pytest.approx(optimize.brentq(score, 1e-3, 5), rel=1e-6)


def test_mse_of_reml_by_its_formula():
    y, d, X, _ = _areas()
    found = fh.fay_herriot(y, d, X)
    a = found.variance
    covariance = np.linalg.inv(X.T @ np.diag(1 / (a + d)) @ X)
    g2 = (d / (a + d)) ** 2 * np.diag(X @ covariance @ X.T)
    g3 = d**2 / (a + d) ** 3 * 2 / (1 / (a + d) ** 2).sum()
    assert found.mse == pytest.approx(a * d / (a + d) + g2 + 2 * g3)


@pytest.mark.parametrize("method", fh.METHODS)
def test_no_variance_between_areas_is_an_answer(method):
    found = fh.fay_herriot([1.0, 1.1, 0.9, 1.0], np.full(4, 2.0), method=method)
    assert found.variance == 0
    assert found.estimate == pytest.approx([1.0] * 4)
    assert np.isfinite(found.mse).all()


@pytest.mark.full
def test_mse_says_the_truth():
    errors, said = [], []
    for seed in range(400):
        y, d, X, truth = _areas(seed, n=30)
        found = fh.fay_herriot(y, d, X)
        errors.append(np.mean((found.estimate - truth) ** 2))
        said.append(found.mse.mean())
    assert np.mean(said) == pytest.approx(np.mean(errors), rel=0.05)


@pytest.mark.parametrize(
    ("y", "d", "X"),
    [
        ([1, 2], [1, 0], None),
        ([1, 2], [1, 1], [[1, 2], [1, 3]]),
        ([1, 2, 3], [1, 1, 1], [1, 0, 0, 0]),
    ],
)
def test_impossible_models_are_refused(y, d, X):
    with pytest.raises(EstimationError):
        fh.fay_herriot(y, d, X)


def test_collinear_covariates_are_refused():
    with pytest.raises(EstimationError, match="collineari"):
        fh.fay_herriot([1, 2, 3, 4], [1] * 4, [[1, 1], [1, 1], [1, 1], [1, 1]])
