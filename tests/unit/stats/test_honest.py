from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from bgest_analysis.errors import EstimationError
from bgest_analysis.stats import honest

BETA = np.array([0.02, -0.01, 0.03, 0.25, 0.4])
SIGMA = 0.01 * (np.eye(5) + 0.3)


def test_a_linear_trend_is_taken_off():
    # With m = 0 the estimator removes any linear trend exactly.
    times = np.array([-4, -3, -2, 1, 2.0])
    plain = honest.smoothness_bounds(BETA, SIGMA, 3, 0)
    tilted = honest.smoothness_bounds(BETA + 0.7 * times, SIGMA, 3, 0)
    trend = np.array([-3, -2, -1, 1, 2.0])
    moved = honest.smoothness_bounds(BETA + 0.7 * trend, SIGMA, 3, 0)
    assert moved.estimate == pytest.approx(plain.estimate)
    assert tilted.estimate != pytest.approx(plain.estimate)
    assert plain.worst_bias == 0
    assert plain.high - plain.estimate == pytest.approx(1.959964 * plain.std_error)


def test_one_pre_period_has_a_closed_form():
    # theta = b1 + b_{-1}; bias at most m.
    beta, sigma = np.array([0.1, 0.5]), np.diag([0.04, 0.09])
    found = honest.smoothness_bounds(beta, sigma, 1, 0.2)
    assert found.estimate == pytest.approx(0.6)
    assert found.std_error == pytest.approx(np.sqrt(0.13))
    assert found.worst_bias == pytest.approx(0.2)
    length = stats.foldnorm.ppf(0.95, 0.2 / np.sqrt(0.13)) * np.sqrt(0.13)
    assert found.high - found.estimate == pytest.approx(length)


@pytest.mark.parametrize("m", [0.01, 0.05, 0.2, 1.0])
def test_no_other_combination_is_shorter(m):
    found = honest.smoothness_bounds(BETA, SIGMA, 3, m)
    weights, distance = np.array([1.0, 0]), np.array([3, 2, 1.0])
    steps, post = honest._bend_maps(3, weights)
    generator = np.random.default_rng(1)
    for _ in range(2000):
        v = generator.standard_normal(3)
        v += distance * (-1 - distance @ v) / (distance @ distance)
        u = np.concatenate([-v, weights])
        bias = m * (post + abs(steps @ v).sum())
        length = honest._half_length(bias, np.sqrt(u @ SIGMA @ u), 0.95)
        assert length >= (found.high - found.low) / 2 - 1e-7


def test_worst_bias_is_reached_and_never_passed():
    m = 0.1
    trend = honest._trend_matrix(3, 2)
    found = honest.smoothness_bounds(np.zeros(5), SIGMA, 3, m)
    values = []
    for signs in np.array(np.meshgrid(*[[-1, 1]] * 4)).reshape(4, -1).T:
        shift = trend[:, 1:] @ (m * signs)
        values.append(honest.smoothness_bounds(shift, SIGMA, 3, m).estimate)
    assert max(values) == pytest.approx(found.worst_bias, rel=1e-6)


def test_bends_are_second_differences():
    trend = honest._trend_matrix(3, 2)
    full = np.insert(trend, 3, 0, axis=0)
    assert np.diff(full[:, 0], n=2) == pytest.approx(0)
    assert np.diff(full[:, 1:], n=2, axis=0) == pytest.approx(np.eye(4))


def test_wider_classes_give_wider_intervals_and_a_breakdown():
    found = [honest.smoothness_bounds(BETA, SIGMA / 50, 3, m) for m in (0, 0.05, 0.2)]
    wide = [bound.high - bound.low for bound in found]
    assert wide[0] < wide[1] < wide[2]
    m = honest.breakdown_m(BETA, SIGMA / 50, 3)
    assert honest.smoothness_bounds(BETA, SIGMA / 50, 3, m * 0.99).low > 0
    assert honest.smoothness_bounds(BETA, SIGMA / 50, 3, m * 1.01).low <= 0
    assert honest.breakdown_m(0 * BETA, SIGMA, 3) == 0


def test_identified_set_of_an_exact_trend():
    found = honest.smoothness_identified_set([-0.3, -0.2, -0.1, 0.6, 0.7], 3, 0)
    assert (found.low, found.high) == pytest.approx((0.5, 0.5))
    found = honest.smoothness_identified_set([-0.3, -0.2, -0.1, 0.6, 0.7], 3, 0.05)
    assert (found.low, found.high) == pytest.approx((0.45, 0.55))
    assert not honest.smoothness_identified_set([-0.3, 0.9, -0.1, 0.6], 3, 0.01).possible


@pytest.mark.full
def test_coverage_under_the_worst_trend():
    generator = np.random.default_rng(3)
    m = 0.1
    trend = honest._trend_matrix(3, 2)[:, 1:] @ (m * np.array([-1, -1, 1, 1]))
    root = np.linalg.cholesky(SIGMA)
    covered = []
    for _ in range(1000):
        found = honest.smoothness_bounds(trend + root @ generator.standard_normal(5), SIGMA, 3, m)
        covered.append(found.low <= 0 <= found.high)
    assert np.mean(covered) >= 0.95 - 3 * np.sqrt(0.05 * 0.95 / 1000)


@pytest.mark.parametrize(
    "call",
    [
        lambda: honest.smoothness_bounds(BETA, SIGMA, 0, 0),
        lambda: honest.smoothness_bounds(BETA, SIGMA, 5, 0),
        lambda: honest.smoothness_bounds(BETA, SIGMA[:4, :4], 3, 0),
        lambda: honest.smoothness_bounds(BETA, SIGMA, 3, -1),
        lambda: honest.smoothness_bounds(BETA, SIGMA, 3, 0, target=[1, 0, 0]),
    ],
)
def test_impossible_event_studies_are_refused(call):
    with pytest.raises(EstimationError):
        call()
