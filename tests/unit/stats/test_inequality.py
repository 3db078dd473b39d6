from __future__ import annotations

import numpy as np
import pytest

from bgest_analysis.errors import EstimationError
from bgest_analysis.stats import inequality as ine


@pytest.mark.parametrize(
    ("values", "expected"),
    [([1, 1, 1], 0.0), ([0, 0, 1], 2 / 3), ([1, 2, 3, 4], 0.25), ([5], 0.0)],
)
def test_gini(values, expected):
    assert ine.gini(values) == pytest.approx(expected)


def test_corrected_gini_reaches_one_when_one_has_all():
    assert ine.gini([0, 0, 1], corrected=True) == pytest.approx(1)


@pytest.mark.parametrize("index", [ine.gini, ine.theil, ine.hoover, ine.coefficient_of_variation])
def test_weights_are_repetitions(index):
    assert index([1, 4, 6], [2, 1, 3]) == pytest.approx(index([1, 1, 4, 6, 6, 6]))


@pytest.mark.parametrize("index", [ine.gini, ine.theil, ine.hoover, ine.atkinson])
def test_the_unit_of_measure_does_not_matter(index):
    assert index([1, 4, 6]) == pytest.approx(index([1000, 4000, 6000]))


def test_theil_splits_exactly():
    values, groups = [1, 2, 3, 10, 20], ["a", "a", "a", "b", "b"]
    found = ine.decompose_theil(values, groups)
    within = (6 * ine.theil([1, 2, 3]) + 30 * ine.theil([10, 20])) / 36
    assert found.within == pytest.approx(within)
    assert found.between + found.within == pytest.approx(ine.theil(values))
    assert ine.decompose_theil([2, 2], ["a", "b"]).between_share == 0


def test_extremes_with_a_zero_are_infinite():
    assert ine.extreme_ratio([0, 3]) == np.inf
    assert ine.extreme_ratio([2, 3]) == 1.5


def test_zeros_and_logarithms():
    assert ine.theil([0, 1]) == pytest.approx(np.log(2))
    assert ine.atkinson([0, 1]) == 1.0
    with pytest.raises(EstimationError):
        ine.mean_log_deviation([0, 1])


def test_concentration_follows_the_ranking():
    assert ine.concentration_index([1, 2, 3, 4], [1, 2, 3, 4]) == pytest.approx(0.25)
    assert ine.concentration_index([1, 2, 3, 4], [4, 3, 2, 1]) == pytest.approx(-0.25)
    assert ine.concentration_index([1, 2, 3, 4], [1, 1, 1, 1]) == pytest.approx(0)


def test_lorenz_curve_area_is_the_gini():
    persons, quantity = ine.lorenz_curve([3, 1, 2, 9])
    assert 1 - 2 * np.trapezoid(quantity, persons) == pytest.approx(ine.gini([3, 1, 2, 9]))


def test_bootstrap_holds_the_estimate_and_repeats():
    values = [3.0, 5, 8, 2, 9, 4, 7]
    one, two = ine.bootstrap_index(values, rng=3), ine.bootstrap_index(values, rng=3)
    assert one.low < one.value < one.high + 0.05
    assert (one.low, one.high) == (two.low, two.high)


def test_chance_in_counts_is_taken_off():
    # Seven areas with the same true rate: the raw index is chance only.
    exposure = np.full(7, 1000.0)
    events = np.array([9, 11, 14, 8, 10, 12, 6])
    found = ine.poisson_bootstrap_index(events, exposure, rng=2)
    assert found.low == 0
    assert found.value < 0.75 * ine.gini(events / exposure)


@pytest.mark.parametrize(
    ("values", "weights"), [([0, 0], None), ([-1, 2], None), ([1, 2], [1]), ([1, 2], [-1, 1])]
)
def test_impossible_input_is_refused(values, weights):
    with pytest.raises(EstimationError):
        ine.gini(values, weights)


def test_two_units_are_no_bootstrap():
    with pytest.raises(EstimationError, match="tre"):
        ine.bootstrap_index([1, 2])
