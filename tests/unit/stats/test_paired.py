from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from scipy import stats

from bgest_analysis.errors import EstimationError
from bgest_analysis.stats import paired

X = np.array([5.1, 3.3, 6.2, 7.0, 4.4, 5.8])
Y = np.array([4.0, 3.9, 4.1, 5.2, 4.1, 3.8])


def test_t_agrees_with_scipy():
    found, other = paired.paired_t(X, Y), stats.ttest_rel(X, Y)
    ends = other.confidence_interval()
    assert (found.statistic, found.p_value) == pytest.approx((other.statistic, other.pvalue))
    assert (found.low, found.high) == pytest.approx((ends.low, ends.high))


def test_exact_ranks_with_ties_by_force():
    gap = np.array([1, -1, 2, 2, 3, -1.0])
    ranks = stats.rankdata(abs(gap))
    seen = ranks[gap > 0].sum()
    sums = np.array([np.dot(signs, ranks) for signs in product([0, 1], repeat=6)])
    expected = min(1, 2 * min((sums >= seen).mean(), (sums <= seen).mean()))
    assert paired.signed_rank(gap, 0 * gap).p_value == pytest.approx(expected)


def test_ranks_agree_with_scipy():
    found = paired.signed_rank(X, Y)
    assert found.method == "exact"
    assert found.p_value == pytest.approx(stats.wilcoxon(X, Y, method="exact").pvalue)
    normal = paired.signed_rank(X, Y, "normal")
    other = stats.wilcoxon(X, Y, method="asymptotic", correction=True)
    assert normal.p_value == pytest.approx(other.pvalue)


def test_zero_differences_are_dropped():
    found = paired.signed_rank([1, 2, 3, 9], [1, 1, 1, 1])
    assert found.n == 3
    assert found.p_value == 0.25


def test_the_interval_inverts_the_exact_test():
    found = paired.signed_rank(X, Y, level=0.9)
    gap = X - Y
    assert stats.wilcoxon(gap - found.low - 1e-6, method="exact").pvalue > 0.1
    assert stats.wilcoxon(gap - found.low + 1e-6, method="exact").pvalue <= 0.1
    assert found.low < found.estimate < found.high


def test_too_few_pairs_bound_nothing():
    found = paired.signed_rank([3, 5, 6, 2], [1, 1, 1, 1])
    assert np.isinf(found.low)
    assert np.isinf(found.high)


def test_changes_of_mind():
    found = paired.mcnemar([1] * 10 + [0] * 10, [1] * 4 + [0] * 6 + [1] * 1 + [0] * 9)
    assert (found.to_no, found.to_yes) == (6, 1)
    assert found.p_value == pytest.approx(stats.binomtest(1, 7).pvalue)
    assert found.difference == pytest.approx(0.25)
    assert paired.mcnemar([1, 0], [1, 0]).p_value == 1


@pytest.mark.parametrize(
    "call",
    [
        lambda: paired.paired_t([1, 2], [0, 1]),
        lambda: paired.paired_t([1], [0]),
        lambda: paired.signed_rank([1, 1], [1, 1]),
        lambda: paired.mcnemar([0, 2], [1, 1]),
        lambda: paired.paired_t([1, 2, 3], [1, 2]),
    ],
)
def test_impossible_pairs_are_refused(call):
    with pytest.raises(EstimationError):
        call()
