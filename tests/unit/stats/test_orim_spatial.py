from __future__ import annotations

import numpy as np
import pytest
from esda import Geary, Moran
from libpysal.weights import W

from bgest_analysis.errors import EstimationError
from bgest_analysis.stats import orim, spatial

NAN = np.nan


def test_score_is_lower_less_higher():
    # Shares 0.2, 0.3, 0.5: scores 0 - 0.8, 0.2 - 0.5, 0.5 - 0.
    found = orim.ordinal_scores([1] * 2 + [2] * 3 + [3] * 5)
    assert np.unique(found) == pytest.approx([-0.8, -0.3, 0.5])


def test_the_sample_mean_is_zero_with_and_without_weights():
    generator = np.random.default_rng(1)
    x, w = generator.integers(1, 5, 200), generator.uniform(0.5, 2, 200)
    assert orim.ordinal_scores(x).mean() == pytest.approx(0)
    assert np.average(orim.ordinal_scores(x, w), weights=w) == pytest.approx(0)


def test_only_the_order_of_answers_matters():
    x = [1, 2, 2, 5, 9]
    assert orim.ordinal_scores(x) == pytest.approx(orim.ordinal_scores([10, 20, 20, 21, 22]))


def test_missing_answers():
    table = np.array([[1, 2], [2, NAN], [3, 1], [NAN, NAN]])
    complete = orim.orim_index(table)
    available = orim.orim_index(table, missing="available")
    assert list(np.isnan(complete)) == [False, True, False, True]
    assert list(np.isnan(available)) == [False, False, False, True]
    assert complete[0] == pytest.approx((-2 / 3 + 0.5) / 2)
    assert available[1] == pytest.approx(0)


def test_groups_of_one_sample():
    index = np.array([0.2, 0.4, 0.6, -0.5, NAN, -0.3, 0.1])
    found = orim.orim_by_group(index, list("aaabbbc"))
    assert found.mean == pytest.approx([0.4, -0.4, 0.1])
    assert list(found.n) == [3, 2, 1]
    assert np.isinf(found.high[2])
    assert found.high[0] == pytest.approx(0.4 + 4.302653 * 0.2 / np.sqrt(3), rel=1e-6)


def test_a_variable_without_answers_is_refused():
    with pytest.raises(EstimationError):
        orim.orim_index([[NAN, 1], [NAN, 2]])


def _grid(side=5):
    pairs = [(r * side + c, r * side + c + 1) for r in range(side) for c in range(side - 1)]
    pairs += [(r * side + c, r * side + c + side) for r in range(side - 1) for c in range(side)]
    return spatial.contiguity(pairs, side * side)


@pytest.mark.parametrize("seed", range(3))
def test_moran_and_geary_agree_with_esda(seed):
    x = np.random.default_rng(seed).standard_normal(25)
    table = _grid()
    w = W({i: list(np.flatnonzero(row)) for i, row in enumerate(table)}, silence_warnings=True)
    w.transform = "r"
    other = Moran(x, w, permutations=0)
    found = spatial.moran(x, table)
    assert (found.value, found.z) == pytest.approx((other.I, other.z_rand))
    other = Geary(x, w, permutations=0)
    found = spatial.geary(x, table)
    assert (found.value, found.z) == pytest.approx((other.C, other.z_rand))


def test_a_gradient_is_seen_and_permuted():
    x = np.repeat(np.arange(5.0), 5)
    found = spatial.moran(x, _grid(), permutations=199, rng=1)
    assert found.value > 0.6
    assert found.p_permutation == pytest.approx(1 / 200)
    assert spatial.lag(x, _grid())[12] == pytest.approx(2)


def test_islands_are_a_choice():
    table = np.zeros((26, 26))
    table[:25, :25] = _grid()
    x = np.random.default_rng(1).standard_normal(26)
    kept, dropped = spatial.moran(x, table), spatial.moran(x, table, drop_islands=True)
    assert (kept.n, kept.islands) == (26, 1)
    assert dropped.value == pytest.approx(spatial.moran(x[:25], _grid()).value)
    assert kept.value != dropped.value


@pytest.mark.parametrize(
    "call",
    [
        lambda: spatial.moran(np.ones(25), _grid()),
        lambda: spatial.moran(np.arange(25), np.zeros((25, 25))),
        lambda: spatial.moran(np.arange(24), _grid()),
        lambda: spatial.contiguity([(0, 9)], 5),
    ],
)
def test_impossible_maps_are_refused(call):
    with pytest.raises(EstimationError):
        call()
