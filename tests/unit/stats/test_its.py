from __future__ import annotations

import numpy as np
import pytest
import statsmodels.api as sm
from statsmodels.tsa.arima.model import ARIMA

from bgest_analysis.errors import EstimationError
from bgest_analysis.stats import its


def _series(n=60, event=30, seed=1, noise=1.0, phi=0.0):
    generator = np.random.default_rng(seed)
    shocks = generator.standard_normal(n) * noise
    errors = np.zeros(n)
    for t in range(n):
        errors[t] = phi * errors[t - 1] * (t > 0) + shocks[t]
    t = np.arange(n)
    return 20 + 0.3 * t + 5 * (t >= event) + 0.4 * np.maximum(t - event, 0) + errors


def test_without_noise_the_truth_comes_back():
    found = its.segmented_regression(_series(noise=1e-6), 30, lags=2)
    assert found.names == ("costante", "tendenza", "livello_1", "pendenza_1")
    assert found.coefficient == pytest.approx([20, 0.3, 5, 0.4], abs=1e-5)
    assert found.fitted[-1] - found.counterfactual[-1] == pytest.approx(5 + 0.4 * 29, abs=1e-4)


def test_two_events_season_and_terms():
    t = np.arange(72)
    covid = ((t >= 26) & (t < 32)).astype(float)
    y = 10 + 0.1 * t + 4 * (t >= 36) + 2 * (t >= 50) - 6 * covid + 3 * (t % 12 == 7)
    found = its.segmented_regression(
        y + np.random.default_rng(1).normal(0, 1e-6, 72), [36, 50], lags=3, slopes=[True, False],
        covariates=covid, season=12,
    )  # fmt: skip
    by_name = dict(zip(found.names, found.coefficient, strict=True))
    assert by_name["livello_1"] == pytest.approx(4, abs=1e-4)
    assert by_name["livello_2"] == pytest.approx(2, abs=1e-4)
    assert by_name["termine_1"] == pytest.approx(-6, abs=1e-4)
    assert by_name["stagione_8"] == pytest.approx(3, abs=1e-4)
    assert "pendenza_2" not in by_name


def test_excluded_months_do_not_stop_time():
    y = _series(noise=1e-6)
    y[10:14] = -100
    exclude = (np.arange(60) >= 10) & (np.arange(60) < 14)
    found = its.segmented_regression(y, 30, lags=2, exclude=exclude)
    assert found.coefficient == pytest.approx([20, 0.3, 5, 0.4], abs=1e-5)
    assert found.used.size == 56


def test_newey_west_agrees_with_its_formula():
    y = _series(phi=0.5)
    X = np.column_stack([np.ones(60), np.arange(60)])
    found = its.newey_west(y, X, 3)
    inverse = np.linalg.inv(X.T @ X)
    u = y - X @ inverse @ X.T @ y
    scores = X * u[:, None]
    meat = scores.T @ scores
    for lag in range(1, 4):
        cross = scores[lag:].T @ scores[:-lag]
        meat += (1 - lag / 4) * (cross + cross.T)
    expected = np.sqrt(np.diag(inverse @ meat @ inverse) * 60 / 58)
    assert found.std_error == pytest.approx(expected)
    plain = its.newey_west(y, X, 0, small_sample=False)
    assert plain.std_error == pytest.approx(sm.OLS(y, X).fit(cov_type="HC0").bse)


def test_lags_change_the_error_and_are_kept():
    one, two = (its.segmented_regression(_series(phi=0.6), 30, lags=k) for k in (0, 4))
    assert one.coefficient == pytest.approx(two.coefficient)
    assert one.std_error[2] != pytest.approx(two.std_error[2])
    assert two.lags == 4
    assert two.residual_autocorrelation > 0.2


def test_counts_with_exposure():
    generator = np.random.default_rng(2)
    t, exposure = np.arange(48), generator.uniform(800, 1200, 48)
    rate = np.exp(-3 + 0.01 * t + 0.5 * (t >= 24))
    found = its.segmented_regression(
        generator.poisson(rate * exposure), 24, lags=2, slopes=False, exposure=exposure,
        family="poisson",
    )  # fmt: skip
    level = found.position("livello_1")
    assert found.low[level] < 0.5 < found.high[level]
    ratio = found.fitted[30] / found.counterfactual[30]
    assert ratio == pytest.approx(np.exp(found.coefficient[level]))


def test_exact_ar1_reaches_the_maximum():
    y = _series(n=120, phi=0.6, seed=4)
    X = np.column_stack([np.ones(120), np.arange(120)])
    found = its.ar1_regression(y, X)
    other = ARIMA(y, exog=X, order=(1, 0, 0), trend="n").fit()
    assert found.log_likelihood >= other.llf - 1e-6
    assert found.phi == pytest.approx(other.params[2], abs=2e-3)
    assert found.coefficient == pytest.approx(other.params[:2], rel=5e-3)
    for step in (-1e-3, 1e-3):
        assert its._ar1_profile(y, X, found.phi + step)[0] < found.log_likelihood


@pytest.mark.full
def test_coverage_with_autocorrelated_errors():
    covered = [
        (r := its.ar1_regression(_series(seed=s, phi=0.4), _design())).low[2] <= 5 <= r.high[2]
        for s in range(1000)
    ]
    assert np.mean(covered) > 0.90


def _design(n=60, event=30):
    t = np.arange(n)
    return np.column_stack([np.ones(n), t, t >= event, np.maximum(t - event, 0)])


@pytest.mark.parametrize(
    "call",
    [
        lambda: its.segmented_regression(_series(), 2, lags=1),
        lambda: its.segmented_regression(_series(), 58, lags=1),
        lambda: its.segmented_regression(_series(), 30, lags=60),
        lambda: its.segmented_regression(_series(), 30, lags=-1),
        lambda: its.segmented_regression(_series(), 30, lags=1, covariates=np.ones(60)),
        lambda: its.segmented_regression(-_series(), 30, lags=1, family="poisson"),
        lambda: its.ar1_regression([1, 2, 3, 4], np.ones((4, 3))),
        lambda: its.segmented_regression(np.full(60, 3.0), 30, lags=1),
        lambda: its.newey_west(np.full(60, 3.0), _design(), 1),
        lambda: its.ar1_regression(np.full(60, 3.0), _design()),
    ],
)
def test_impossible_series_are_refused(call):
    with pytest.raises(EstimationError):
        call()
