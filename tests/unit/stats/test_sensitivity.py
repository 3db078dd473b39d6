from __future__ import annotations

from itertools import product

import numpy as np
import pytest
import statsmodels.api as sm

from bgest_analysis.errors import EstimationError
from bgest_analysis.stats import sensitivity as sens
from bgest_analysis.stats.paired import signed_rank

GAPS = np.array([3.1, -0.4, 1.2, 2.2, 0.9, -1.1, 4.0, 0.3])


def _ordinary(seed=1, n=300):
    generator = np.random.default_rng(seed)
    z = generator.standard_normal((n, 3))
    d = z @ [0.5, 0.2, 0] + generator.standard_normal(n)
    return 0.4 * d + z @ [0.8, 0, 0.3] + generator.standard_normal(n), d, z


@pytest.mark.parametrize("gamma", [1.0, 1.5, 3.0])
def test_exact_bound_by_force(gamma):
    ranks = abs(GAPS).argsort().argsort() + 1.0
    seen = ranks[GAPS > 0].sum()
    chance = gamma / (1 + gamma)
    total = 0.0
    for signs in product([0, 1], repeat=GAPS.size):
        if np.dot(signs, ranks) >= seen:
            total += chance ** sum(signs) * (1 - chance) ** (GAPS.size - sum(signs))
    found = sens.rosenbaum_bounds(GAPS, gamma=[gamma], method="exact")
    assert found.p_high[0] == pytest.approx(total)


def test_no_bias_is_the_signed_rank_test():
    found = sens.rosenbaum_bounds(GAPS, gamma=[1], method="exact")
    assert found.p_high[0] == found.p_low[0]
    assert 2 * found.p_high[0] == pytest.approx(signed_rank(GAPS, 0 * GAPS).p_value)


def test_bounds_open_with_bias_and_break_down():
    found = sens.rosenbaum_bounds(GAPS + 2, gamma=[1, 2, 4])
    assert (np.diff(found.p_high) > 0).all()
    assert (np.diff(found.p_low) < 0).all()
    at = sens.rosenbaum_bounds(GAPS + 2, gamma=[max(found.breakdown, 1)])
    assert at.p_high[0] == pytest.approx(0.05, abs=1e-6)


def test_robustness_value_undoes_the_estimate():
    base = sens.omitted_variable(0.5, 0.1, 200)
    found = sens.adjusted_estimate(base, base.robustness_value, base.robustness_value)
    assert found.estimate == pytest.approx(0, abs=1e-12)
    half = sens.omitted_variable(0.5, 0.1, 200, q=0.5)
    left = sens.adjusted_estimate(base, half.robustness_value, half.robustness_value)
    assert left.estimate == pytest.approx(0.25)


def test_robustness_value_for_significance():
    base = sens.omitted_variable(0.5, 0.1, 200)
    found = sens.adjusted_estimate(base, base.robustness_value_alpha, base.robustness_value_alpha)
    assert found.low == pytest.approx(0, abs=1e-3)
    assert sens.omitted_variable(0.1, 0.1, 200).robustness_value_alpha == 0


def test_regression_agrees_with_statsmodels():
    y, d, z = _ordinary()
    fit = sm.OLS(y, sm.add_constant(np.column_stack([d, z]))).fit()
    found = sens.omitted_variable_regression(y, d, z)
    assert (found.estimate, found.std_error) == pytest.approx((fit.params[1], fit.bse[1]))
    assert found.df == fit.df_resid


def test_the_bias_formula_is_an_identity():
    # Leaving out a covariate gives exactly the adjusted estimate with its own partial R2.
    y, d, z = _ordinary()
    short = sens.omitted_variable_regression(y, d, z[:, 1:])
    full = sens.omitted_variable_regression(y, d, z)
    inner = np.column_stack([z[:, 1:], np.ones(len(y))])
    r2_d = sens._group_r2(d, np.column_stack([z[:, :1], inner]), np.array([0]))
    r2_y = sens._group_r2(y, np.column_stack([z[:, :1], inner, d]), np.array([0]))
    found = sens.adjusted_estimate(short, r2_d, r2_y)
    assert found.estimate == pytest.approx(full.estimate)
    assert found.std_error == pytest.approx(full.std_error)


def test_a_stronger_benchmark_takes_more_away():
    y, d, z = _ordinary()
    estimates = [sens.benchmark(y, d, z, 0, k).estimate for k in (0.5, 1, 2)]
    assert estimates[0] > estimates[1] > estimates[2]


@pytest.mark.parametrize(
    "call",
    [
        lambda: sens.rosenbaum_bounds([0, 0, 1]),
        lambda: sens.rosenbaum_bounds(GAPS, gamma=[0.5]),
        lambda: sens.omitted_variable(1, 0, 10),
        lambda: sens.adjusted_estimate(sens.omitted_variable(1, 1, 10), 1.0, 0.1),
        lambda: sens.omitted_variable_regression([1, 2, 3, 4], [1, 1, 1, 1], [1, 2, 3, 5]),
        lambda: sens.benchmark(*_ordinary(), 0, 50),
    ],
)
def test_impossible_questions_are_refused(call):
    with pytest.raises(EstimationError):
        call()
