"""Published cases beyond those of ``stats_cases.json``: small data sets printed in their source."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats as distributions

from bgest_analysis.stats.agreement import fleiss_kappa
from bgest_analysis.stats.mixed import icc_anova
from bgest_analysis.stats.multiplicity import adjust_p_values
from bgest_analysis.stats.paired import mcnemar, paired_t
from bgest_analysis.stats.randomization import sign_flip_test
from bgest_analysis.stats.rates import poisson_interval
from bgest_analysis.stats.survival import cox, kaplan_meier, logrank, survival_quantile

# Freireich et al. (1963, Blood 21:699), weeks of remission; as in Gehan (1965) and Cox (1972).
TREATED = [6, 6, 6, 6, 7, 9, 10, 10, 11, 13, 16, 17, 19, 20, 22, 23, 25, 32, 32, 34, 35]
ENDED = [1, 1, 1, 0, 1, 0, 1, 0, 0, 1, 1, 0, 0, 0, 1, 1, 0, 0, 0, 0, 0]
PLACEBO = [1, 1, 2, 2, 3, 4, 4, 5, 5, 8, 8, 8, 8, 11, 11, 12, 12, 15, 17, 22, 23]
WEEKS = np.array([*TREATED, *PLACEBO], dtype=float)
RELAPSED = np.array([*ENDED, *[1] * len(PLACEBO)])
ON_PLACEBO = np.repeat([0.0, 1.0], 21)


def test_remission_curve_of_freireich():
    curve = kaplan_meier(TREATED, ENDED)
    published = {6: 0.857, 7: 0.807, 10: 0.753, 13: 0.690, 16: 0.627, 22: 0.538, 23: 0.448}
    for week, share in published.items():
        assert curve.at(week) == pytest.approx(share, abs=5e-4)
    assert survival_quantile(curve).value == 23
    assert survival_quantile(kaplan_meier(PLACEBO, [1] * 21)).value == 8


def test_log_rank_and_cox_of_freireich():
    """Chi-square 16.79 (Kleinbaum and Klein); Cox 1.5092 with Breslow ties, 1.5721 with Efron."""
    assert logrank(WEEKS, RELAPSED, ON_PLACEBO).statistic == pytest.approx(16.79, abs=0.005)
    efron = cox(WEEKS, RELAPSED, ON_PLACEBO)
    assert efron.coefficient[0] == pytest.approx(1.5721, abs=5e-5)
    assert efron.std_error[0] == pytest.approx(0.4124, abs=5e-5)
    breslow = cox(WEEKS, RELAPSED, ON_PLACEBO, ties="breslow")
    assert breslow.coefficient[0] == pytest.approx(1.5092, abs=5e-5)


def test_maize_of_darwin():
    """Fisher (1935, Design of Experiments, 21): t = 2.148; 1,726 of 32,768 sign changes."""
    eighths = np.array([49, -67, 8, 16, 6, 23, 28, 41, 14, 29, 56, 24, 75, 60, -48], dtype=float)
    found = paired_t(eighths, np.zeros(15))
    assert found.statistic == pytest.approx(2.148, abs=5e-4)
    assert found.p_value == pytest.approx(0.0497, abs=5e-5)
    assert sign_flip_test(eighths).p_value == pytest.approx(1_726 / 32_768, abs=1e-12)


def test_judges_of_shrout_and_fleiss():
    """Shrout and Fleiss (1979, table 4): ICC(1,1) = .17, from -.13 to .72; here none is below 0."""
    scores = [[9, 2, 5, 8], [6, 1, 3, 2], [8, 4, 6, 8], [7, 1, 2, 6], [10, 5, 6, 9], [6, 2, 4, 7]]
    found = icc_anova(np.ravel(scores), np.repeat(np.arange(6), 4))
    assert found.value == pytest.approx(0.17, abs=0.005)
    assert found.low == 0.0
    assert found.high == pytest.approx(0.72, abs=0.005)


def test_fourteen_raters_of_fleiss():
    """The worked example of Fleiss' kappa with ten subjects and fourteen raters: 0.210."""
    counts = [
        [0, 0, 0, 0, 14], [0, 2, 6, 4, 2], [0, 0, 3, 5, 6], [0, 3, 9, 2, 0], [2, 2, 8, 1, 1],
        [7, 7, 0, 0, 0], [3, 2, 6, 3, 0], [2, 5, 3, 2, 2], [6, 5, 2, 1, 0], [0, 2, 2, 3, 7],
    ]  # fmt: skip
    assert fleiss_kappa(counts) == pytest.approx(0.210, abs=5e-4)


def test_approval_of_agresti():
    """Agresti (Categorical Data Analysis, 10.1): z squared 17.36 without correction."""
    before = np.repeat([1, 1, 0, 0], [794, 150, 86, 570])
    after = np.repeat([1, 0, 1, 0], [794, 150, 86, 570])
    found = mcnemar(before, after)
    exact = 2 * distributions.binom.cdf(86, 236, 0.5)
    assert found.p_value == pytest.approx(exact, rel=1e-9)
    assert pytest.approx(17.36, abs=0.005) == (150 - 86) ** 2 / 236


@pytest.mark.parametrize(
    ("events", "low", "high"),
    [(0, 0.0, 3.689), (1, 0.0253, 5.572), (10, 4.795, 18.390), (20, 12.217, 30.888)],
)
def test_limits_of_garwood(events, low, high):
    """Garwood (1936, Biometrika 28:437), 95% limits of a Poisson mean, as tabulated since."""
    found = poisson_interval(events)
    assert found.low == pytest.approx(low, abs=6e-4)
    assert found.high == pytest.approx(high, abs=6e-4)


def test_corrections_as_r_prints_them():
    """`p.adjust` of R on the same four values."""
    p = [0.01, 0.02, 0.03, 0.04]
    assert adjust_p_values(p, "holm").adjusted == pytest.approx([0.04, 0.06, 0.06, 0.06])
    assert adjust_p_values(p, "fdr_bh").adjusted == pytest.approx([0.04] * 4)
    assert adjust_p_values(p, "bonferroni").adjusted == pytest.approx([0.04, 0.08, 0.12, 0.16])
