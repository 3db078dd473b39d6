from __future__ import annotations

import math
from itertools import combinations

import numpy as np
import pytest

from bgest_analysis.errors import EstimationError
from bgest_analysis.stats import assignments as asg
from bgest_analysis.stats import randomization as ran
from bgest_analysis.stats.cluster_means import cluster_means

Y = np.array([5.1, 7.4, 3.3, 6.0, 8.2, 4.4, 5.9])
D = np.array([1, 0, 0, 1, 1, 0, 0])


def _by_force(y, d, tau=0.0):
    y = np.asarray(y) - tau * np.asarray(d)
    seen, reached, total = y[d == 1].mean() - y[d == 0].mean(), 0, 0
    for chosen in combinations(range(len(y)), int(d.sum())):
        z = np.isin(np.arange(len(y)), chosen)
        reached += abs(y[z].mean() - y[~z].mean()) >= abs(seen) - 1e-12
        total += 1
    return reached / total


def test_p_value_is_the_full_enumeration():
    found = ran.randomization_test(Y, D)
    assert found.p_value == pytest.approx(_by_force(Y, D))
    assert (found.n_assignments, found.exact) == (35, True)
    assert found.estimate == pytest.approx(Y[D == 1].mean() - Y[D == 0].mean())


@pytest.mark.parametrize("level", [0.6, 0.9, 0.95])
def test_the_interval_is_where_the_test_does_not_reject(level):
    found = ran.randomization_test(Y, D, level=level)
    step = 1e-6
    for end, outward in ((found.low, -step), (found.high, step)):
        assert _by_force(Y, D, end - outward) > 1 - level
        assert _by_force(Y, D, end + outward) <= 1 - level


@pytest.mark.parametrize(
    ("m", "n", "p"), [(1, 7, 1 / 7), (2, 7, 1 / 21), (3, 7, 1 / 35), (7, 14, 2 / 3432)]
)
def test_smallest_attainable_p(m, n, p):
    assert ran.smallest_p([1] * m + [0] * (n - m)) == pytest.approx(p)


def test_one_sided_smallest_p_is_half_where_the_mirror_is_in_the_scheme():
    d = [1] * 7 + [0] * 7
    assert ran.smallest_p(d, alternative="greater") == pytest.approx(1 / 3432)


def test_a_design_that_cannot_reject_has_no_bounds():
    found = ran.randomization_test(Y, [1, 0, 0, 0, 0, 0, 0])
    assert (found.low, found.high) == (-np.inf, np.inf)
    assert found.p_smallest > 0.05


def test_ties_count():
    found = ran.randomization_test([1, 1, 1, 1, 1, 1], [1, 1, 1, 0, 0, 0])
    assert found.p_value == 1


@pytest.mark.parametrize("side", ["greater", "less"])
def test_one_sided_interval_is_open_on_the_other_side(side):
    found = ran.randomization_test(Y, D, alternative=side, level=0.9)
    end = found.low if side == "greater" else found.high
    sign = 1 if side == "greater" else -1

    def p(tau):
        return ran.randomization_test(Y, D, alternative=side, null=tau).p_value

    assert p(end + sign * 1e-6) > 0.1
    assert p(end - sign * 1e-6) <= 0.1


def test_many_assignments_are_summed_not_looped():
    generator = np.random.default_rng(1)
    y = generator.standard_normal(22)
    found = ran.randomization_test(y, np.arange(22) < 11)
    assert found.n_assignments == math.comb(22, 11) == 705432
    assert found.exact
    assert 0 < found.p_value <= 1


def test_subset_sums_are_all_there():
    values = np.array([[1.0], [10], [100], [1000], [10000]])
    sums = sorted(asg.subset_sums(values, 2)[0])
    assert sums == sorted(sum(pair) for pair in combinations(values[:, 0], 2))


def test_strata_keep_their_number_of_treated():
    strata = [0, 0, 0, 0, 1, 1, 1]
    found = ran.randomization_test(Y, D, strata=strata)
    assert found.n_assignments == 6 * 3
    one, two = Y[[0, 3]].mean() - Y[[1, 2]].mean(), Y[4] - Y[[5, 6]].mean()
    assert found.estimate == pytest.approx((4 * one + 3 * two) / 7)


def test_the_scheme_may_be_given_as_a_table():
    whole = asg.list_assignments(7, 3)
    table = ran.randomization_test(Y, D, assignments=whole)
    plain = ran.randomization_test(Y, D)
    assert table.p_value == plain.p_value
    assert (table.low, table.high) == pytest.approx((plain.low, plain.high))
    few = whole[[(row == D).all() or row[0] for row in whole]]
    assert ran.randomization_test(Y, D, assignments=few).n_assignments == 15
    with pytest.raises(EstimationError, match="non contiene"):
        ran.randomization_test(Y, D, assignments=whole[~(whole == D).all(axis=1)])


def test_weights_are_those_of_the_means():
    w = np.array([1, 2, 3, 1, 2, 3, 1.0])
    found = ran.randomization_test(Y, D, weights=w)
    treated = D == 1
    expected = np.average(Y[treated], weights=w[treated]) - np.average(
        Y[~treated], weights=w[~treated]
    )
    assert found.estimate == pytest.approx(expected)
    assert found.p_value >= 1 / 35


def test_clusters_vote_once():
    clusters = np.repeat(list("abcdefg"), [1, 4, 2, 5, 3, 2, 6])
    generator = np.random.default_rng(0)
    y = np.repeat(Y, [1, 4, 2, 5, 3, 2, 6]) + generator.standard_normal(23)
    d = np.repeat(D, [1, 4, 2, 5, 3, 2, 6])
    means = cluster_means(y, d, clusters)
    direct = ran.randomization_test(means.mean, means.treated)
    assert ran.randomization_test(y, d, clusters=clusters).p_value == direct.p_value
    with pytest.raises(EstimationError, match="varia dentro"):
        ran.randomization_test(y, np.arange(23) % 2, clusters=clusters)


def test_covariates_take_out_what_they_explain():
    generator = np.random.default_rng(2)
    x = generator.standard_normal(14) * 5
    d = np.arange(14) % 2
    y = 2 * x + 1.5 * d + generator.standard_normal(14) * 0.3
    plain, adjusted = ran.randomization_test(y, d), ran.randomization_test(y, d, covariates=x)
    assert adjusted.p_value < 0.01 < plain.p_value
    assert adjusted.low < 1.5 < adjusted.high
    assert adjusted.high - adjusted.low < plain.high - plain.low


def test_too_many_assignments_are_drawn_and_said_so():
    generator = np.random.default_rng(3)
    y, d = generator.standard_normal(60), np.arange(60) % 2
    found = ran.randomization_test(y + 3 * d, d, draws=499, rng=4)
    assert not found.exact
    assert found.p_value == pytest.approx(1 / 500)
    assert found.n_assignments == math.comb(60, 30)
    assert found.low < 3 < found.high


def test_sign_flips_by_force():
    x = np.array([1.2, -0.4, 2.2, 0.8, 1.9, -0.1])
    flips = np.array(np.meshgrid(*[[-1, 1]] * 6)).reshape(6, -1).T
    expected = (abs(flips @ x) >= abs(x.sum()) - 1e-12).mean()
    found = ran.sign_flip_test(x, level=0.9)
    assert found.p_value == pytest.approx(expected)
    assert found.p_smallest == pytest.approx(2 / 64)
    for end, outward in ((found.low, -1e-6), (found.high, 1e-6)):
        assert ran.sign_flip_test(x, null=end - outward).p_value > 0.1
        assert ran.sign_flip_test(x, null=end + outward).p_value <= 0.1


def test_adjusted_p_values_keep_order_and_exceed_the_plain_ones():
    generator = np.random.default_rng(5)
    d = np.arange(10) % 2
    Y4 = generator.standard_normal((10, 4)) + np.outer(d, [4, 0, 2, 0])
    adjusted = ran.adjusted_p_values(Y4, d)
    plain = np.array([ran.randomization_test(column, d).p_value for column in Y4.T])
    assert (adjusted >= plain - 1e-12).all()
    assert adjusted[0] == pytest.approx(2 / 252)
    assert adjusted[0] <= adjusted[2] <= min(adjusted[1], adjusted[3])


def test_two_outcomes_that_are_the_same_cost_nothing():
    d = np.arange(8) % 2
    y = np.array([1, 4, 2, 6, 3, 9, 2, 5.0])
    adjusted = ran.adjusted_p_values(np.column_stack([y, 3 * y]), d)
    assert adjusted == pytest.approx([ran.randomization_test(y, d).p_value] * 2)


@pytest.mark.parametrize(
    ("y", "d"), [([1, 2], [1, 1]), ([1, 2], [0, 0]), ([1, 2, 3], [1, 0]), ([1, np.nan], [1, 0])]
)
def test_impossible_designs_are_refused(y, d):
    with pytest.raises(EstimationError):
        ran.randomization_test(y, d)
