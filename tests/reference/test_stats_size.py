"""Size and coverage of the few-cluster tests, through the public functions.

No effect, ICC 0.10, 50 persons per cluster: a cluster's mean has variance ICC + (1 - ICC) / 50.
With equal clusters and a treatment of whole clusters the tests of persons are those of the means.
The light tier draws 400 studies, the full tier 5,000; measured sizes are printed (pytest -rP).
"""

from __future__ import annotations

import numpy as np
import pytest

from bgest_analysis.stats.cr2 import cluster_robust
from bgest_analysis.stats.power import minimum_detectable_effect
from bgest_analysis.stats.randomization import randomization_test, smallest_p
from bgest_analysis.stats.wildboot import wild_cluster_bootstrap

ICC, PERSONS, ALPHA = 0.10, 50, 0.05
SD = np.sqrt(ICC + (1 - ICC) / PERSONS)
DESIGNS = [(7, 1), (7, 2), (7, 3), (14, 3), (14, 7)]
TIERS = [400, pytest.param(5000, marks=pytest.mark.full)]


def _studies(groups, treated, draws, effect=0.0, seed=20221124):
    d = (np.arange(groups) < treated).astype(float)
    generator = np.random.default_rng([seed, groups, treated])
    return d, generator.normal(0, SD, (draws, groups)) + effect * d


def _monte_carlo_error(share, draws):
    return 3 * np.sqrt(share * (1 - share) / draws)


def _cr2(y, d):
    return cluster_robust(y, np.column_stack([np.ones(d.size), d]), np.arange(d.size))


def _wild(y, d, interval=False):
    design = np.column_stack([np.ones(d.size), d])
    return wild_cluster_bootstrap(y, design, np.arange(d.size), interval=interval)


@pytest.mark.parametrize("draws", TIERS)
@pytest.mark.parametrize(("groups", "treated"), DESIGNS)
def test_randomisation_never_rejects_too_often(groups, treated, draws):
    d, studies = _studies(groups, treated, draws)
    found = [randomization_test(y, d) for y in studies]
    size = np.mean([result.p_value <= ALPHA for result in found])
    attainable = np.floor(ALPHA / smallest_p(d) + 1e-9) * smallest_p(d)
    print(f"casualizzazione {treated} di {groups}: {size:.2%} (ottenibile {attainable:.2%})")
    assert size <= ALPHA + _monte_carlo_error(ALPHA, draws)
    assert abs(size - attainable) <= _monte_carlo_error(max(attainable, 0.01), draws)
    covered = np.mean([result.low <= 0 <= result.high for result in found])
    assert covered >= 0.95 - _monte_carlo_error(0.95, draws)


@pytest.mark.parametrize("draws", TIERS)
@pytest.mark.parametrize(("groups", "treated"), [design for design in DESIGNS if design[1] > 1])
def test_cr2_never_rejects_too_often(groups, treated, draws):
    d, studies = _studies(groups, treated, draws)
    found = [_cr2(y, d) for y in studies]
    size = np.mean([result.p_value[1] <= ALPHA for result in found])
    covered = np.mean([result.low[1] <= 0 <= result.high[1] for result in found])
    print(f"CR2 {treated} di {groups}: {size:.2%}, copertura {covered:.2%}")
    assert size <= ALPHA + _monte_carlo_error(ALPHA, draws)
    assert covered >= 0.93 - _monte_carlo_error(0.93, draws)


@pytest.mark.parametrize("draws", TIERS)
@pytest.mark.parametrize(("groups", "treated"), DESIGNS)
def test_size_of_the_wild_bootstrap(groups, treated, draws):
    d, studies = _studies(groups, treated, draws)
    size = np.mean([_wild(y, d).p_value <= ALPHA for y in studies])
    print(f"wild bootstrap {treated} di {groups}: {size:.2%}")
    assert size <= 0.075 + (_monte_carlo_error(0.075, draws) if draws < 5000 else 0)


@pytest.mark.parametrize("draws", [200, pytest.param(5000, marks=pytest.mark.full)])
@pytest.mark.parametrize(("groups", "treated"), [(7, 3), (14, 7)])
def test_coverage_of_the_wild_bootstrap(groups, treated, draws):
    d, studies = _studies(groups, treated, draws)
    found = [_wild(y, d, interval=True) for y in studies]
    covered = np.mean([result.low <= 0 <= result.high for result in found])
    print(f"wild bootstrap {treated} di {groups}: copertura {covered:.2%}")
    assert covered >= 0.93 - _monte_carlo_error(0.93, draws)


@pytest.mark.parametrize("draws", TIERS)
@pytest.mark.parametrize(("groups", "treated"), [(7, 3), (14, 7)])
def test_power_is_the_one_announced(groups, treated, draws):
    effect = minimum_detectable_effect(groups - treated, treated, PERSONS, ICC).effect
    d, studies = _studies(groups, treated, draws, effect)
    found = [_pooled_t_rejects(y, d) for y in studies]
    print(f"potenza {treated} di {groups} a {effect:.2f} DS: {np.mean(found):.1%}")
    # The formula is an approximation to the noncentral t: one point and a half at 5 df.
    assert np.mean(found) == pytest.approx(0.8, abs=0.02 + _monte_carlo_error(0.8, draws))


def _pooled_t_rejects(y, d):
    from scipy import stats

    return stats.ttest_ind(y[d == 1], y[d == 0]).pvalue <= ALPHA


def test_the_naive_test_is_what_all_this_is_for():
    from scipy import stats

    generator = np.random.default_rng(7)
    d = np.repeat(np.arange(7) < 3, PERSONS)
    rejected = []
    for _ in range(300):
        y = np.repeat(generator.normal(0, np.sqrt(ICC), 7), PERSONS)
        y = y + generator.normal(0, np.sqrt(1 - ICC), 7 * PERSONS)
        rejected.append(stats.ttest_ind(y[d], y[~d]).pvalue <= ALPHA)
    assert np.mean(rejected) == pytest.approx(0.42, abs=_monte_carlo_error(0.42, 300))
