from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from bgest_analysis.errors import EstimationError
from bgest_analysis.stats import costs


def _accepted(r, a, b, vaa, vbb, vab, level):
    c = stats.norm.isf((1 - level) / 2)
    return (a - r * b) ** 2 <= c**2 * (vaa - 2 * r * vab + r**2 * vbb)


@pytest.mark.parametrize(
    ("b", "shape"),
    [(3.0, costs.BOUNDED), (-3.0, costs.BOUNDED), (1.0, costs.EXCLUSIVE), (0.0, costs.EXCLUSIVE)],
)
def test_the_set_is_where_the_linear_test_does_not_reject(b, shape):
    case = (10.0, b, 4.0, 1.0, 0.5, 0.95)
    found = costs.fieller(*case[:5], level=0.95)
    assert found.shape == shape
    for r in np.linspace(-60, 60, 4801):
        assert found.contains(r) == _accepted(r, *case)


def test_nothing_known_is_the_whole_line():
    found = costs.fieller(0.5, 0.5, 4.0, 4.0, 0.0)
    assert found.shape == costs.EVERYTHING
    assert found.contains(1e9)
    assert not found.bounded
    assert found.g > 1


def test_a_certain_denominator_is_a_plain_interval():
    found = costs.fieller(10, 2, 4, 0)
    assert [found.low, found.high] == pytest.approx(
        [(10 - 1.959964 * 2) / 2, (10 + 1.959964 * 2) / 2]
    )
    assert found.g == 0


def test_t_quantile_with_degrees_of_freedom():
    wide, narrow = costs.fieller(10, 5, 1, 0.1, df=5), costs.fieller(10, 5, 1, 0.1)
    assert wide.low < narrow.low < 2 < narrow.high < wide.high


def _trial(n=400, seed=1):
    generator = np.random.default_rng(seed)
    d = np.arange(n) % 2
    cost = 1000 + 300 * d + generator.normal(0, 200, n)
    return cost, 0.5 + 0.15 * d + generator.normal(0, 0.3, n), d


def test_ratio_of_a_trial():
    cost, effect, d = _trial()
    found = costs.cost_effectiveness(cost, effect, d)
    assert found.ratio.ratio == pytest.approx(found.cost / found.effect)
    assert found.ratio.contains(2000)
    welch = stats.ttest_ind(cost[d == 1], cost[d == 0], equal_var=False)
    assert found.cost / found.cost_error == pytest.approx(welch.statistic)


def test_plane_and_curve():
    plane = costs.bootstrap_plane(*_trial(), draws=1000, rng=2)
    quadrants = [plane.north_east, plane.south_east, plane.south_west, plane.north_west]
    assert sum(quadrants) == pytest.approx(1)
    assert plane.north_east > 0.99
    curve = costs.acceptability_curve(plane.cost, plane.effect, [0, 2000, 20000])
    assert curve.probability[0] == 0
    assert curve.probability[2] > 0.99
    assert (np.diff(curve.probability) >= 0).all()
    # Where the probability is a half the mean net benefit is about zero.
    assert abs(curve.net_benefit[1]) < 3 * (curve.high[1] - curve.low[1])


def test_the_normal_curve_is_the_limit_of_the_drawn_one():
    trial = _trial()
    plane = costs.bootstrap_plane(*trial, draws=8000, rng=3)
    willingness = np.array([500, 1500, 2000, 2500, 4000])
    drawn = costs.acceptability_curve(plane.cost, plane.effect, willingness).probability
    formula = costs.acceptability_normal(costs.cost_effectiveness(*trial), willingness)
    assert drawn == pytest.approx(formula, abs=0.03)


def test_clusters_are_drawn_whole():
    cost, effect, d = _trial(40)
    clusters = np.arange(40) // 8 * 2 + d
    plane = costs.bootstrap_plane(cost, effect, d, 500, 1, clusters)
    assert len(np.unique(np.round(plane.cost, 9))) > 100


def test_cost_of_an_hour():
    hours, euro = np.array([10, 20, 15, 30]), np.array([250, 480, 400, 710])
    found = costs.cost_per_unit(euro, hours)
    assert found.ratio == pytest.approx(1840 / 75)
    assert found.low < found.ratio < found.high


@pytest.mark.parametrize(
    "call",
    [
        lambda: costs.fieller(1, 1, -1, 1),
        lambda: costs.fieller(1, 1, 1, 1, 2),
        lambda: costs.cost_effectiveness([1, 2, 3], [1, 2, 3], [1, 0, 0]),
        lambda: costs.cost_per_unit([1, 2], [1, 2]),
    ],
)
def test_impossible_ratios_are_refused(call):
    with pytest.raises(EstimationError):
        call()
