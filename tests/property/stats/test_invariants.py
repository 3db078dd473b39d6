"""Things that hold whatever the numbers: bounds, symmetry, units, orders."""

from __future__ import annotations

import os

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bgest_analysis.stats import (
    costs,
    fay_herriot,
    inequality,
    networks,
    orim,
    rates,
    segregation,
    shrinkage,
    survival,
)
from bgest_analysis.stats.randomization import randomization_test, sign_flip_test
from bgest_analysis.stats.wildboot import wild_cluster_bootstrap

few = settings(
    derandomize=True,
    deadline=None,
    max_examples=1000 if os.environ.get("BGEST_FULL") == "1" else 40,
)
numbers = st.floats(-100, 100).map(lambda value: round(value, 3))
positive = st.floats(0.01, 1e4).map(lambda value: round(value, 2))
units = st.lists(st.tuples(st.integers(0, 60), st.integers(0, 60)), min_size=3, max_size=12)


@few
@given(st.integers(0, 300), st.integers(1, 300), st.sampled_from(rates.PROPORTION_METHODS))
def test_proportions_mirror(x, n, method):
    x = min(x, n)
    one = rates.proportion_interval(x, n, method=method)
    two = rates.proportion_interval(n - x, n, method=method)
    assert 0 <= one.low <= one.high <= 1
    assert one.low == pytest.approx(1 - two.high, abs=1e-9)


@few
@given(st.integers(0, 200), positive)
def test_poisson_intervals_hold_their_rate(events, exposure):
    for method in ("garwood", "byar", "mid_p"):
        found = rates.rate_interval(events, exposure, method=method)
        assert 0 <= found.low <= found.value <= found.high


@few
@given(units)
def test_segregation_stays_in_its_bounds(pairs):
    own = np.array([pair[0] for pair in pairs], float)
    total = own + np.array([pair[1] for pair in pairs])
    if own.sum() == 0 or own.sum() == total.sum():
        return
    found = segregation.segregation_indices(own, total)
    for value in (found.dissimilarity, found.isolation, found.entropy, found.gini):
        assert -1e-12 <= value <= 1 + 1e-12
    assert found.isolation + found.interaction == pytest.approx(1)
    assert found.gini >= found.dissimilarity - 1e-12
    # The others are as segregated from the group as the group from them.
    assert segregation.dissimilarity(total - own, total) == pytest.approx(found.dissimilarity)


@few
@given(st.lists(positive, min_size=2, max_size=20), st.floats(0.1, 50))
def test_inequality_has_no_unit_and_falls_with_a_gift_to_all(values, factor):
    x = np.array(values)
    assert 0 <= inequality.gini(x) < 1
    assert inequality.gini(factor * x) == pytest.approx(inequality.gini(x), abs=1e-9)
    assert inequality.theil(factor * x) == pytest.approx(inequality.theil(x), abs=1e-9)
    assert inequality.gini(x + x.mean()) <= inequality.gini(x) + 1e-12
    parts = inequality.decompose_theil(x, np.arange(x.size) % 2)
    assert parts.within >= -1e-12
    assert parts.between >= -1e-12


@few
@given(st.lists(numbers, min_size=4, max_size=8), st.integers(1, 3))
def test_randomisation_is_blind_to_units_and_names(values, treated):
    y, d = np.array(values), np.arange(len(values)) < treated
    one = randomization_test(y, d)
    order = np.random.default_rng(1).permutation(y.size)
    two = randomization_test(-3 * y[order] + 7, d[order])
    assert one.p_smallest <= one.p_value <= 1
    assert two.p_value == one.p_value
    assert one.low <= one.estimate + 1e-9
    assert one.high >= one.estimate - 1e-9
    assert randomization_test(y, d, null=one.estimate).p_value == 1


@few
@given(st.lists(numbers, min_size=2, max_size=9))
def test_sign_flips_mirror(values):
    x = np.array(values)
    one, two = sign_flip_test(x), sign_flip_test(-x)
    assert one.p_value == two.p_value >= one.p_smallest
    assert one.low == pytest.approx(-two.high)


@few
@given(st.integers(0, 10_000), st.integers(4, 8), st.integers(1, 3))
def test_the_wild_bootstrap_is_blind_to_units(seed, groups, treated):
    generator = np.random.default_rng(seed)
    clusters = np.repeat(np.arange(groups), 3)
    y = generator.standard_normal(clusters.size)
    X = np.column_stack([np.ones(y.size), clusters < treated])
    one = wild_cluster_bootstrap(y, X, clusters)
    two = wild_cluster_bootstrap(5 - 100 * y, X, clusters)
    assert one.p_smallest <= one.p_value <= 1
    assert one.p_value == two.p_value
    assert one.low <= one.estimate <= one.high


@few
@given(st.lists(st.tuples(st.integers(0, 30), st.integers(1, 500)), min_size=3, max_size=10))
def test_pooling_only_pulls_together(pairs):
    x = np.array([min(pair) for pair in pairs], float)
    n = np.array([pair[1] for pair in pairs], float)
    if x.sum() == 0:
        return
    found = shrinkage.marshall(x, n)
    assert found.shrunken.max() <= max(found.raw.max(), found.mean) + 1e-12
    assert found.shrunken.min() >= min(found.raw.min(), found.mean) - 1e-12
    assert ((found.weight >= 0) & (found.weight <= 1)).all()


@few
@given(st.lists(st.tuples(numbers, positive), min_size=4, max_size=12))
def test_fay_herriot_lies_between_direct_and_synthetic(pairs):
    y, d = (np.array(part) for part in zip(*pairs, strict=True))
    found = fay_herriot.fay_herriot(y, d)
    low, high = np.minimum(y, found.synthetic), np.maximum(y, found.synthetic)
    assert ((found.estimate >= low - 1e-6) & (found.estimate <= high + 1e-6)).all()
    assert found.variance >= 0


@few
@given(numbers, numbers, positive, positive, st.floats(-0.9, 0.9), numbers)
def test_fieller_is_the_inverted_test(a, b, va, vb, correlation, ratio):
    covariance = correlation * np.sqrt(va * vb)
    found = costs.fieller(a, b, va, vb, covariance)
    gap = (a - ratio * b) ** 2
    limit = 1.959963984540054**2 * (va - 2 * ratio * covariance + ratio**2 * vb)
    if abs(gap - limit) > 1e-6 * max(gap, limit):
        assert found.contains(ratio) == (gap <= limit)


@few
@given(st.lists(st.tuples(st.integers(0, 20), st.booleans()), min_size=1, max_size=30))
def test_survival_only_falls(rows):
    times, ended = (np.array(part) for part in zip(*rows, strict=True))
    curve = survival.kaplan_meier(times, ended)
    assert (np.diff(curve.survival) <= 1e-12).all()
    assert ((curve.low <= curve.survival + 1e-12) & (curve.survival <= curve.high + 1e-12)).all()
    assert curve.events.sum() + curve.censored.sum() == len(rows)


@few
@given(st.lists(st.integers(1, 5), min_size=2, max_size=40))
def test_orim_scores_average_to_zero_and_reverse(values):
    x = np.array(values, float)
    scores = orim.ordinal_scores(x)
    assert scores.mean() == pytest.approx(0, abs=1e-9)
    assert orim.ordinal_scores(-x) == pytest.approx(-scores)
    assert (np.abs(scores) <= 1).all()


@few
@given(st.integers(0, 10_000), st.integers(2, 8), st.integers(1, 8))
def test_a_projection_gives_each_body_its_meetings(seed, bodies, meetings):
    table = np.random.default_rng(seed).random((bodies, meetings)) < 0.5
    ties = networks.project(table)
    shared = table & (table.sum(axis=0) > 1)
    assert ties.sum(axis=1) == pytest.approx(shared.sum(axis=1))
    assert (ties == ties.T).all()
