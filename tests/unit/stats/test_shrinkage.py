from __future__ import annotations

import numpy as np
import pytest
from scipy import integrate
from scipy import stats as sps

from bgest_analysis.errors import EstimationError
from bgest_analysis.stats import shrinkage as shr

X = np.array([2, 15, 40, 3, 22, 9, 31])
N = np.array([120, 800, 1500, 200, 900, 700, 1000.0])
METHODS = [shr.marshall, shr.gamma_poisson, shr.beta_binomial]


@pytest.mark.parametrize("method", METHODS)
def test_every_rate_moves_towards_the_mean_and_small_areas_most(method):
    found = method(X, N)
    assert ((found.shrunken - found.mean) * (found.raw - found.mean) >= 0).all()
    assert (abs(found.shrunken - found.mean) <= abs(found.raw - found.mean) + 1e-12).all()
    assert found.weight.argmin() == N.argmin()
    assert found.weight.argmax() == N.argmax()


@pytest.mark.parametrize("method", METHODS)
def test_areas_that_differ_by_chance_alone_get_the_mean(method):
    found = method([10, 10, 10, 10], [100, 100, 100, 100])
    assert found.variance == 0
    assert found.shrunken == pytest.approx([0.1] * 4)
    assert (found.weight == 0).all()


def test_gamma_poisson_recovers_its_prior():
    generator = np.random.default_rng(3)
    exposure = np.full(4000, 50.0)
    events = generator.poisson(generator.gamma(4, 0.25 / 4, 4000) * exposure)
    found = shr.gamma_poisson(events, exposure)
    assert found.mean == pytest.approx(0.25, rel=0.02)
    assert found.variance == pytest.approx(0.25**2 / 4, rel=0.08)


def test_beta_binomial_recovers_its_prior():
    generator = np.random.default_rng(4)
    successes = generator.binomial(40, generator.beta(3, 9, 4000))
    found = shr.beta_binomial(successes, np.full(4000, 40))
    assert found.mean == pytest.approx(0.25, rel=0.02)
    assert found.variance == pytest.approx(0.25 * 0.75 / 13, rel=0.08)


def test_the_gamma_likelihood_is_the_integral():
    value = shr._gamma_poisson_profile(np.array([7.0]), np.array([20.0]))(0.3, 2.5)
    mixed, _ = integrate.quad(
        lambda rate: sps.poisson.pmf(7, 20 * rate) * sps.gamma.pdf(rate, 2.5, scale=0.3 / 2.5), 0, 5
    )
    assert value == pytest.approx(np.log(mixed), abs=1e-8)


def test_posterior_interval_is_the_gamma_quantile():
    found = shr.gamma_poisson(X, N, level=0.9)
    shape = found.mean**2 / found.variance
    rate = found.mean / found.variance
    expected = sps.gamma.ppf([0.05, 0.95], shape + X[2], scale=1 / (rate + N[2]))
    assert [found.low[2], found.high[2]] == pytest.approx(expected)


def test_the_fit_is_a_maximum():
    found = shr.gamma_poisson(X, N)
    profile = shr._gamma_poisson_profile(X.astype(float), N)
    best = profile(found.mean, found.mean**2 / found.variance)
    for factor in (0.97, 1.03):
        assert profile(found.mean * factor, found.mean**2 / found.variance) < best
        assert profile(found.mean, found.mean**2 / found.variance * factor) < best


def test_local_rates_with_everybody_a_neighbour_are_the_global_ones():
    local = shr.marshall_local(X, N, np.ones((7, 7)))
    assert local == pytest.approx(shr.marshall(X, N).shrunken)


def test_an_island_keeps_only_its_own_neighbourhood():
    near = np.zeros((7, 7))
    assert shr.marshall_local(X, N, near) == pytest.approx(X / N)


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize(
    ("x", "n"), [([0, 0], [5, 5]), ([1, 2], [5, 0]), ([1], [5]), ([-1, 2], [5, 5])]
)
def test_impossible_areas_are_refused(method, x, n):
    with pytest.raises(EstimationError):
        method(x, n)
