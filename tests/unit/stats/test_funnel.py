from __future__ import annotations

import numpy as np
import pytest
from scipy import stats as sps

from bgest_analysis.errors import EstimationError
from bgest_analysis.stats import funnel


def test_limits_close_in_on_the_target():
    found = funnel.ratio_limits([5, 50, 500, 5000])
    assert (np.diff(found.low) > 0).all()
    assert (np.diff(found.high) < 0).all()
    assert found.high[-1] == pytest.approx(1 + 1.96 / np.sqrt(5000), abs=1e-3)


def test_limits_interpolate_the_exact_distribution():
    # Spiegelhalter 2005, A.1.1: r_p - (P(R <= r_p) - p) / P(R = r_p).
    r = sps.poisson.ppf(0.975, 20)
    expected = r - (sps.poisson.cdf(r, 20) - 0.975) / sps.poisson.pmf(r, 20)
    assert funnel.ratio_limits(20).high == pytest.approx(expected / 20)
    assert sps.poisson.cdf(r - 1, 20) < 0.975 < sps.poisson.cdf(r, 20)


def test_proportions_stay_in_the_unit_interval():
    found = funnel.proportion_limits([1, 10, 1000], 0.97, 0.998)
    assert (found.high <= 1).all()
    assert (found.low >= 0).all()
    assert found.low[2] < 0.97 < found.high[2]


def test_rates_have_the_unit_asked_for():
    found = funnel.rate_limits([1000, 10000], 5.0, per=1000)
    assert found.low[1] < 5 < found.high[1]
    assert found.high[1] == pytest.approx(funnel.ratio_limits(50.0).high * 5, rel=1e-9)


def test_chance_alone_has_a_factor_of_about_one():
    generator = np.random.default_rng(1)
    expected = generator.uniform(20, 200, 3000)
    found = funnel.ratio_overdispersion(generator.poisson(expected), expected, winsor=0)
    assert found.factor == pytest.approx(1, abs=0.08)
    outside = abs(found.z) > 1.96
    assert outside.mean() == pytest.approx(0.05, abs=0.015)


def test_winsorising_stops_one_outlier():
    expected = np.full(20, 50.0)
    observed = np.append(np.arange(41, 60), 300)
    plain = funnel.ratio_overdispersion(observed, expected, winsor=0)
    trimmed = funnel.ratio_overdispersion(observed, expected)
    assert plain.factor > 10
    assert trimmed.factor < 1
    assert trimmed.between_sd == 0
    assert trimmed.z_additive == pytest.approx(trimmed.z)


def test_overdispersion_by_hand():
    found = funnel.overdispersion([-3, -1, 0, 2, 4], [1, 1, 1, 1, 1], winsor=0)
    assert found.factor == pytest.approx(6)
    assert found.between_sd**2 == pytest.approx((5 * 6 - 4) / (5 - 1))
    assert found.z_multiplicative[0] == pytest.approx(-3 / np.sqrt(6))
    assert found.z_additive[0] == pytest.approx(-3 / np.sqrt(7.5))


def test_overdispersed_limits_are_wider():
    plain, wide = funnel.ratio_limits(100.0), funnel.ratio_limits(100.0, factor=4)
    assert wide.high - 1 == pytest.approx(2 * (plain.high - 1))
    assert funnel.ratio_limits(100.0, factor=0.5).high == plain.high
    assert funnel.ratio_limits(2.0, factor=50).low == 0


def test_proportion_overdispersion_uses_the_pooled_share():
    found = funnel.proportion_overdispersion([10, 50, 90], [100, 100, 100], winsor=0)
    assert found.z[1] == pytest.approx(0, abs=1e-12)
    assert found.factor > 30


@pytest.mark.parametrize(
    "call",
    [
        lambda: funnel.ratio_limits([0, 5]),
        lambda: funnel.proportion_limits([10], 1.0),
        lambda: funnel.overdispersion([1.0], [1.0]),
        lambda: funnel.overdispersion([1, 2], [1, 1], winsor=0.5),
        lambda: funnel.ratio_limits([5], target=0),
    ],
)
def test_impossible_funnels_are_refused(call):
    with pytest.raises(EstimationError):
        call()
