from __future__ import annotations

import numpy as np
import pytest
from scipy import stats as sps

from bgest_analysis.errors import EstimationError
from bgest_analysis.stats import rates


def test_a_vector_of_counts_gives_vectors():
    result = rates.wilson([81, 15, 0], [263, 148, 20])
    assert result.low == pytest.approx([0.25529, 0.06239, 0.0], abs=1e-5)
    assert result.value.shape == (3,)


def test_scalars_give_numbers():
    result = rates.wilson(8, 10)
    assert float(result.value) == 0.8
    assert f"{result.low:.2f}-{result.high:.2f}" == "0.49-0.94"


@pytest.mark.parametrize("method", rates.PROPORTION_METHODS)
@pytest.mark.parametrize(("x", "n"), [(0, 20), (20, 20), (1, 29), (500, 1000)])
def test_every_interval_holds_its_estimate_and_stays_in_the_unit_interval(method, x, n):
    result = rates.proportion_interval(x, n, method=method)
    assert 0 <= result.low <= result.value + (method == "jeffreys") <= 2
    assert result.low >= 0
    assert result.high <= 1


@pytest.mark.parametrize("x", [0, 1, 7, 40])
def test_exact_interval_has_the_tails_it_promises(x):
    result = rates.clopper_pearson(x, 40, 0.9)
    if x > 0:
        assert sps.binom.sf(x - 1, 40, result.low) == pytest.approx(0.05, abs=1e-9)
    if x < 40:
        assert sps.binom.cdf(x, 40, result.high) == pytest.approx(0.05, abs=1e-9)


@pytest.mark.parametrize("x", [0, 1, 12])
def test_mid_p_lies_inside_the_exact_interval(x):
    exact, mid = rates.poisson_interval(x), rates.poisson_interval(x, method="mid_p")
    assert exact.low <= mid.low <= mid.high <= exact.high
    exact, mid = rates.wilson(x, 30), rates.proportion_interval(x, 30, method="mid_p")
    assert mid.low < x / 30 + 1e-12 < mid.high


def test_continuity_corrected_score_of_newcombe():
    # Newcombe 1998, Table I, method 4.
    result = rates.proportion_interval([81, 15, 0, 1], [263, 148, 20, 29], method="wilson_cc")
    assert result.low == pytest.approx([0.2535, 0.0598, 0, 0.0018], abs=5e-5)
    assert result.high == pytest.approx([0.3682, 0.1644, 0.2005, 0.1963], abs=5e-5)


def test_rate_per_thousand():
    result = rates.rate_interval([0, 10], [500, 2000], per=1000)
    assert result.value == pytest.approx([0, 5])
    assert result.high == pytest.approx([3.6888794541 * 2, 18.39035604 / 2])
    assert result.unit == "per 1000"


def test_byar_is_near_the_exact_interval():
    exact, byar = rates.poisson_interval(10), rates.poisson_interval(10, method="byar")
    assert byar.low == pytest.approx(exact.low, rel=0.01)
    assert byar.high == pytest.approx(exact.high, rel=0.01)


def test_expected_counts_use_each_stratum():
    expected = rates.expected_counts([[100, 200], [50, 0]], [10, 30], [1000, 1000])
    assert expected == pytest.approx([7.0, 0.5])
    ratio = rates.standardised_ratio([14, 0], expected)
    assert ratio.value == pytest.approx([2.0, 0.0])
    assert ratio.low[1] == 0


def test_direct_rate_with_one_stratum_is_the_exact_poisson_interval():
    direct, plain = rates.direct_rate([12], [400], [1]), rates.rate_interval(12, 400)
    assert direct.value == pytest.approx(plain.value)
    assert (direct.low, direct.high) == pytest.approx((plain.low, plain.high))


def test_direct_rate_without_events_starts_at_zero():
    result = rates.direct_rate([0, 0], [100, 300], [1, 1])
    assert result.low == 0
    assert result.high == pytest.approx(3.6888794541 * 0.5 / 100)


def test_rate_ratio_with_no_events_in_the_second_is_unbounded():
    result = rates.rate_ratio(5, 100, 0, 100)
    assert np.isinf(result.high)
    assert result.low > 0
    assert not result.bounded


def test_rate_ratio_of_equal_counts_is_symmetric():
    result = rates.rate_ratio(30, 100, 30, 50)
    assert result.value == pytest.approx(0.5)
    assert result.low * result.high == pytest.approx(0.25)


@pytest.mark.parametrize(
    ("x", "n"), [(1, 0), (-1, 10), (11, 10), (np.nan, 10), (3, np.inf)], ids=str
)
def test_impossible_counts_are_refused(x, n):
    with pytest.raises(EstimationError):
        rates.wilson(x, n)


def test_no_exposure_is_refused_in_italian():
    with pytest.raises(EstimationError, match="denominatore"):
        rates.rate_interval(3, 0)


@pytest.mark.parametrize("level", [0, 1, 95])
def test_a_level_is_a_share(level):
    with pytest.raises(EstimationError):
        rates.wilson(3, 10, level)


def test_an_unknown_method_names_those_allowed():
    with pytest.raises(EstimationError, match="wilson"):
        rates.proportion_interval(1, 2, method="bootstrap")
