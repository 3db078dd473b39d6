from __future__ import annotations

import numpy as np
import pytest
from statsmodels.duration.survfunc import SurvfuncRight, survdiff

from bgest_analysis.errors import EstimationError
from bgest_analysis.stats import survival as surv

# Acute myelogenous leukaemia, Miller (1997); R's survival::aml. Weeks, 1 = relapse.
KEPT = ([9, 13, 13, 18, 23, 28, 31, 34, 45, 48, 161], [1, 1, 0, 1, 1, 0, 1, 1, 0, 1, 0])
NOT_KEPT = ([5, 5, 8, 8, 12, 16, 23, 27, 30, 33, 43, 45], [1, 1, 1, 1, 1, 0, 1, 1, 1, 1, 1, 1])
WEEKS, RELAPSE = KEPT[0] + NOT_KEPT[0], KEPT[1] + NOT_KEPT[1]
ARM = ["kept"] * 11 + ["not"] * 12


def test_curve_of_the_kept_arm():
    curve = surv.kaplan_meier(*KEPT)
    assert curve.at(13) == pytest.approx(0.8182, abs=5e-5)
    assert curve.at(48) == pytest.approx(0.1841, abs=5e-5)
    assert curve.at(1) == 1
    assert curve.std_error[0] == pytest.approx(0.0867, abs=5e-5)


@pytest.mark.parametrize(
    ("arm", "median", "low", "high"), [(KEPT, 31, 18, np.inf), (NOT_KEPT, 23, 8, np.inf)]
)
def test_medians_as_r_prints_them(arm, median, low, high):
    # survfit(Surv(time, status) ~ x, data = aml): 31 (18, NA) and 23 (8, NA).
    found = surv.survival_quantile(surv.kaplan_meier(*arm, transform="log"))
    assert (found.value, found.low, found.high) == (median, low, high)


def test_all_patients_together():
    # survfit(Surv(time, status) ~ 1, data = aml): 27 (18, 45).
    found = surv.survival_quantile(surv.kaplan_meier(WEEKS, RELAPSE, transform="log"))
    assert (found.value, found.low, found.high) == (27, 18, 45)


def test_logrank_as_r_prints_it():
    found = surv.logrank(WEEKS, RELAPSE, ARM)
    assert found.statistic == pytest.approx(3.4, abs=0.05)
    assert found.p_value == pytest.approx(0.0653, abs=5e-5)
    assert found.observed.sum() == found.expected.sum() == pytest.approx(18)


def test_peto_weights_are_those_of_statsmodels():
    found = surv.logrank(WEEKS, RELAPSE, ARM, rho=1)
    chi2, p = survdiff(np.array(WEEKS), np.array(RELAPSE), np.array(ARM), weight_type="fh", fh_p=1)
    assert (found.statistic, found.p_value) == pytest.approx((chi2, p))


@pytest.mark.parametrize("seed", range(4))
def test_curve_agrees_with_statsmodels(seed):
    generator = np.random.default_rng(seed)
    times, ended = generator.integers(1, 15, 60), generator.random(60) < 0.6
    curve = surv.kaplan_meier(times, ended)
    other = SurvfuncRight(times, ended.astype(int))
    moments = curve.events > 0
    assert curve.survival[moments] == pytest.approx(other.surv_prob)
    assert curve.std_error[moments] == pytest.approx(other.surv_prob_se, abs=1e-12)


def test_weights_are_repetitions():
    plain = surv.kaplan_meier([2, 2, 3, 5], [1, 1, 0, 1])
    weighted = surv.kaplan_meier([2, 3, 5], [1, 0, 1], weights=[2, 1, 1])
    assert weighted.survival == pytest.approx(plain.survival)
    assert weighted.low == pytest.approx(plain.low)


def test_delayed_entry_counts_only_those_already_there():
    curve = surv.kaplan_meier([4, 6, 8], [1, 1, 1], entry=[0, 5, 0])
    assert list(curve.at_risk) == [2, 2, 1]


def test_unmet_requests_leave_the_median_unknown():
    found = surv.median_time([3, 5, 30, 30, 30], [1, 1, 0, 0, 0])
    assert np.isinf(found.value)
    assert found.low == 3
    assert not found.bounded


def test_nobody_waits_in_the_end_and_the_median_is_a_midpoint():
    curve = surv.kaplan_meier([1, 2, 3, 4], [1, 1, 1, 1])
    assert surv.survival_quantile(curve).value == 2.5
    assert curve.survival[-1] == 0
    assert np.isfinite(curve.high).all()


def test_mean_within_a_horizon():
    curve = surv.kaplan_meier([1, 2, 3, 4], [1, 1, 1, 1])
    assert surv.restricted_mean(curve, 4).value == pytest.approx(2.5)
    assert surv.restricted_mean(curve, 2).value == pytest.approx(1.75)
    with pytest.raises(EstimationError):
        surv.restricted_mean(surv.kaplan_meier([1, 2], [1, 0]), 5)


def test_cox_with_one_tie_free_covariate():
    # coxph(Surv(time, status) ~ x, data = aml): 0.9155, se 0.5119.
    found = surv.cox(WEEKS, RELAPSE, np.array(ARM) == "not")
    assert found.coefficient == pytest.approx([0.9155], abs=5e-5)
    assert found.std_error == pytest.approx([0.5119], abs=5e-5)
    assert found.events == 18


@pytest.mark.parametrize(
    ("times", "events", "covariates"),
    [([1, 2, 3], [0, 0, 0], [1, 2, 3]), ([1, 2, 3], [1, 1, 1], [1, 1, 1])],
)
def test_cox_without_information_is_refused(times, events, covariates):
    with pytest.raises(EstimationError):
        surv.cox(times, events, covariates)


@pytest.mark.parametrize(
    ("times", "events"), [([-1, 2], [1, 1]), ([1, 2], [1, 2]), ([1], [1, 0]), ([], [])]
)
def test_impossible_waits_are_refused(times, events):
    with pytest.raises(EstimationError):
        surv.kaplan_meier(times, events)


def test_groups_that_all_end_together_cannot_be_compared():
    with pytest.raises(EstimationError, match="insieme"):
        surv.logrank([5, 5, 5, 5], [1, 1, 1, 1], ["a", "a", "b", "b"])
