from __future__ import annotations

from itertools import product

import numpy as np
import pytest

from bgest_analysis.errors import EstimationError
from bgest_analysis.stats.wildboot import wild_cluster_bootstrap


def _study(seed=1, groups=7, treated=3, persons=8, effect=0.5):
    generator = np.random.default_rng(seed)
    clusters = np.repeat(np.arange(groups), persons)
    d = (clusters < treated).astype(float)
    x = generator.standard_normal(clusters.size)
    y = effect * d + 0.3 * x + generator.standard_normal(groups)[clusters] * 0.5
    y += generator.standard_normal(clusters.size)
    return y, np.column_stack([np.ones(clusters.size), x, d]), clusters


def _t(y, X, clusters, null, j=-1):
    inverse = np.linalg.inv(X.T @ X)
    beta = inverse @ X.T @ y
    u = y - X @ beta
    meat = sum(
        np.outer(s, s)
        for g in np.unique(clusters)
        if (s := X[clusters == g].T @ u[clusters == g]) is not None
    )
    G, (n, k) = len(np.unique(clusters)), X.shape
    variance = G / (G - 1) * (n - 1) / (n - k) * inverse @ meat @ inverse
    return (beta[j] - null) / np.sqrt(variance[j, j])


def _by_force(y, X, clusters, null=0.0, points=(-1, 1)):
    others = X[:, :-1]
    shifted = y - null * X[:, -1]
    fit = others @ np.linalg.lstsq(others, shifted, rcond=None)[0] + null * X[:, -1]
    u = y - fit
    seen = abs(_t(y, X, clusters, null))
    reached, total = 0, 0
    for v in product(points, repeat=len(np.unique(clusters))):
        found = _t(fit + np.array(v)[clusters] * u, X, clusters, null)
        reached += abs(found) >= seen * (1 - 1e-9)
        total += 1
    return reached / total


@pytest.mark.parametrize("null", [0.0, 0.7])
@pytest.mark.parametrize("treated", [1, 2, 3])
def test_p_value_is_the_full_enumeration(null, treated):
    y, X, clusters = _study(treated=treated)
    found = wild_cluster_bootstrap(y, X, clusters, null=null)
    assert found.p_value == pytest.approx(_by_force(y, X, clusters, null))
    assert found.t == pytest.approx(_t(y, X, clusters, null))
    assert (found.draws, found.enumerated) == (128, True)


def test_webb_points_are_enumerated_too():
    y, X, clusters = _study(groups=4, treated=2)
    points = [s * np.sqrt(a) for s in (-1, 1) for a in (0.5, 1, 1.5)]
    found = wild_cluster_bootstrap(y, X, clusters, weights="webb")
    assert found.p_value == pytest.approx(_by_force(y, X, clusters, points=points))
    assert found.draws == 6**4


def test_auto_takes_webb_only_where_signs_are_coarse():
    assert wild_cluster_bootstrap(*_study(groups=6), weights="auto").weights == "webb"
    assert wild_cluster_bootstrap(*_study(groups=12), weights="auto").weights == "rademacher"


def test_p_is_never_zero_and_the_smallest_is_said():
    y, X, clusters = _study(effect=50.0)
    found = wild_cluster_bootstrap(y, X, clusters)
    assert found.p_value >= found.p_smallest == pytest.approx(2 / 128)


@pytest.mark.parametrize("level", [0.8, 0.9])
def test_the_interval_is_where_the_test_does_not_reject(level):
    y, X, clusters = _study(groups=8, treated=4)
    found = wild_cluster_bootstrap(y, X, clusters, level=level)
    for end, outward in ((found.low, -1e-5), (found.high, 1e-5)):
        inside = wild_cluster_bootstrap(y, X, clusters, null=end - outward).p_value
        outside = wild_cluster_bootstrap(y, X, clusters, null=end + outward).p_value
        assert inside > 1 - level >= outside


def test_three_clusters_bound_nothing():
    found = wild_cluster_bootstrap(*_study(groups=3, treated=1))
    assert np.isinf(found.low)
    assert np.isinf(found.high)
    assert found.p_smallest == 0.25


def test_random_draws_come_close_to_enumeration():
    y, X, clusters = _study(groups=19, treated=8)
    drawn = wild_cluster_bootstrap(y, X, clusters, rng=1, draws=4999)
    y2, X2, c2 = _study(groups=19, treated=8)
    other = wild_cluster_bootstrap(y2, X2, c2, rng=2, draws=4999)
    assert not drawn.enumerated
    assert drawn.p_value == pytest.approx(other.p_value, abs=0.03)
    assert drawn.low == pytest.approx(other.low, abs=0.1)


def test_a_contrast_of_one_coefficient_is_that_coefficient():
    y, X, clusters = _study()
    one = wild_cluster_bootstrap(y, X, clusters, 1)
    two = wild_cluster_bootstrap(y, X, clusters, [0, 2, 0])
    assert two.estimate == pytest.approx(2 * one.estimate)
    assert two.p_value == one.p_value


def test_a_contrast_of_two_coefficients_is_a_change_of_columns():
    y, X, clusters = _study()
    found = wild_cluster_bootstrap(y, X, clusters, [0, 1, 1])
    # b1 + b2 is the coefficient of x when d is replaced by d - x.
    same = wild_cluster_bootstrap(
        y, np.column_stack([X[:, 0], X[:, 2] - X[:, 1], X[:, 1]]), clusters
    )
    assert found.estimate == pytest.approx(same.estimate)
    assert found.p_value == same.p_value


def test_fixed_effects_are_dummies():
    y, X, clusters = _study()
    month = np.arange(y.size) % 4
    dummies = (month[:, None] == np.arange(1, 4)).astype(float)
    given = wild_cluster_bootstrap(y, np.column_stack([dummies, X]), clusters)
    absorbed = wild_cluster_bootstrap(y, X, clusters, fixed_effects=[month])
    assert absorbed.estimate == pytest.approx(given.estimate)
    assert absorbed.std_error == pytest.approx(given.std_error)
    assert absorbed.p_value == given.p_value


def test_weights_of_rows_multiply_by_their_roots():
    y, X, clusters = _study()
    w = np.linspace(0.5, 2, y.size)
    root = np.sqrt(w)
    found = wild_cluster_bootstrap(y, X, clusters, sample_weights=w)
    expected = _by_force(y * root, X * root[:, None], clusters)
    assert found.p_value == pytest.approx(expected)


@pytest.mark.parametrize("seed", range(3))
def test_units_and_origin_do_not_matter(seed):
    y, X, clusters = _study(seed)
    one = wild_cluster_bootstrap(y, X, clusters)
    two = wild_cluster_bootstrap(1000 * y + 7e4, X, clusters)
    assert one.p_value == two.p_value
    assert two.high == pytest.approx(1000 * one.high, rel=1e-4)


def test_what_is_not_identified_is_refused():
    y, X, clusters = _study()
    with pytest.raises(EstimationError, match="collineare"):
        wild_cluster_bootstrap(y, X, clusters, fixed_effects=[clusters])
    with pytest.raises(EstimationError, match="due gruppi"):
        wild_cluster_bootstrap(y, X, np.zeros(y.size))
    with pytest.raises(EstimationError):
        wild_cluster_bootstrap(y, X, clusters, 5)


def test_no_variance_no_test():
    clusters = np.repeat(np.arange(4), 3)
    d = (clusters < 2).astype(float)
    with pytest.raises(EstimationError, match="varianza nulla"):
        wild_cluster_bootstrap(2 * d + 1, np.column_stack([np.ones(12), d]), clusters)
