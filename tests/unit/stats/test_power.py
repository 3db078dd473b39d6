from __future__ import annotations

import numpy as np
import pytest
from scipy import stats
from statsmodels.stats.power import TTestIndPower

from bgest_analysis.errors import EstimationError
from bgest_analysis.stats import multiplicity, power
from bgest_analysis.stats.randomization import randomization_test


@pytest.mark.parametrize(
    ("clusters", "icc", "expected"),
    [
        ((4, 3), 0.02, 0.53),
        ((4, 3), 0.05, 0.70),
        ((4, 3), 0.10, 0.92),
        ((7, 7), 0.02, 0.32),
        ((7, 7), 0.05, 0.43),
        ((7, 7), 0.10, 0.56),
    ],
)
def test_what_seven_and_fourteen_clusters_can_see(clusters, icc, expected):
    found = power.minimum_detectable_effect(*clusters, 50, icc)
    assert found.effect == pytest.approx(expected, abs=0.006)
    assert found.df == sum(clusters) - 2


def test_the_noncentral_effect_has_the_power_asked_for():
    found = power.minimum_detectable_effect(4, 3, 50, 0.1, noncentral=True)
    limit = stats.t.isf(0.025, 5)
    centre = found.effect / found.std_error
    assert stats.nct.sf(limit, 5, centre) + stats.nct.cdf(-limit, 5, centre) == pytest.approx(0.8)


@pytest.mark.parametrize(
    ("m", "icc", "cv", "expected"),
    [(20, 0.05, 0, 1.95), (1, 0.3, 0, 1), (50, 0, 0, 1), (20, 0.05, 0.5, 2.2)],
)
def test_design_effect(m, icc, cv, expected):
    assert power.design_effect(m, icc, cv) == pytest.approx(expected)
    assert power.effective_size(390, m, icc, cv) == pytest.approx(390 / expected)


@pytest.mark.parametrize("effect", [0.2, 0.5, 0.8, -0.5])
def test_sample_size_agrees_with_statsmodels(effect):
    assert power.sample_size_means(effect) == pytest.approx(
        TTestIndPower().solve_power(abs(effect), power=0.8, alpha=0.05), rel=1e-6
    )


def test_unequal_groups_and_one_side():
    n = power.sample_size_means(0.4, ratio=2, alternative="greater")
    assert TTestIndPower().power(0.4, n, 0.05, 2, alternative="larger") == pytest.approx(0.8)


def test_proportions_by_the_arcsine():
    assert power.sample_size_proportions(0.5, 0.75) == pytest.approx(
        2 * (2.8015852 / 0.5235988) ** 2, rel=1e-5
    )
    assert power.sample_size_proportions(0.5, 0.75, 0.9) == pytest.approx(76.65294, abs=1e-4)


def t_test(y, d):
    one, two = y[d == 1], y[d == 0]
    spread = ((one - one.mean()) ** 2).sum() + ((two - two.mean()) ** 2).sum()
    error = np.sqrt(spread / (y.size - 2) * (1 / one.size + 1 / two.size))
    return 2 * stats.t.sf(abs(one.mean() - two.mean()) / error, y.size - 2)


def test_simulated_effect_is_near_the_formula():
    found = power.simulate_detectable_effect(t_test, 7, 7, 50, 0.05, draws=800, rng=1)
    assert found.effect == pytest.approx(0.43, abs=0.04)
    assert found.power == pytest.approx(0.8, abs=0.02)


def test_a_design_that_sees_nothing_says_infinite():
    def exact(y, d):
        return randomization_test(y, d).p_value

    found = power.simulate_detectable_effect(exact, 6, 1, 50, 0.05, draws=40)
    assert found.effect == np.inf
    assert found.power == 0


def test_power_under_no_effect_is_the_size():
    found = power.simulate_power(t_test, 7, 7, 50, 0.05, 0.0, draws=1000, rng=2)
    assert found.power == pytest.approx(0.05, abs=3 * 0.007)


@pytest.mark.parametrize(
    "call",
    [
        lambda: power.minimum_detectable_effect(0, 7, 50, 0.1),
        lambda: power.minimum_detectable_effect(1, 1, 50, 0.1),
        lambda: power.design_effect(0, 0.1),
        lambda: power.sample_size_means(0),
        lambda: power.sample_size_proportions(0.5, 0.5),
        lambda: power.sample_size_proportions(0.5, 1.5),
        lambda: multiplicity.adjust_p_values([0.5, 1.2]),
        lambda: multiplicity.adjust_p_values([0.5], "tukey"),
    ],
)
def test_impossible_questions_are_refused(call):
    with pytest.raises(EstimationError):
        call()


@pytest.mark.parametrize("method", list(multiplicity.METHODS))
def test_one_outcome_needs_no_correction(method):
    assert multiplicity.adjust_p_values([0.03], method).adjusted == pytest.approx([0.03])


def test_holm_by_hand():
    found = multiplicity.adjust_p_values([0.04, 0.01, 0.03])
    assert found.adjusted == pytest.approx([0.06, 0.03, 0.06])
    assert list(found.rejected) == [False, True, False]
