from __future__ import annotations

import numpy as np
import pytest
from statsmodels.miscmodels.ordinal_model import OrderedModel
from statsmodels.regression.mixed_linear_model import MixedLM

from bgest_analysis.errors import EstimationError
from bgest_analysis.stats import mixed
from bgest_analysis.stats.ordinal_mixed import ordinal_mixed


def _persons(groups=7, persons=40, icc=0.3, seed=1, sizes=None):
    generator = np.random.default_rng(seed)
    sizes = [persons] * groups if sizes is None else sizes
    codes = np.repeat(np.arange(len(sizes)), sizes)
    x = generator.standard_normal(codes.size)
    u = generator.normal(0, np.sqrt(icc), len(sizes))
    e = generator.normal(0, np.sqrt(1 - icc), codes.size)
    return 2 + 0.5 * x + u[codes] + e, codes, x


@pytest.mark.parametrize("method", ["reml", "ml"])
def test_unequal_groups_agree_with_statsmodels(method):
    y, codes, x = _persons(sizes=[5, 30, 12, 44, 8, 20, 16])
    found = mixed.random_intercept(y, codes, x, method)
    fit = MixedLM(y, np.column_stack([np.ones(y.size), x]), codes).fit(reml=method == "reml")
    assert found.coefficient == pytest.approx(fit.fe_params, rel=1e-4)
    assert found.between == pytest.approx(fit.cov_re.item(), rel=1e-3)
    assert found.within == pytest.approx(fit.scale, rel=1e-4)
    assert found.log_likelihood == pytest.approx(fit.llf, abs=1e-4)
    effects = [value.iloc[0] for value in fit.random_effects.values()]
    assert found.effect == pytest.approx(effects, abs=1e-3)


def test_balanced_reml_is_the_anova():
    y, codes, _ = _persons()
    found, anova = mixed.random_intercept(y, codes), mixed.icc_anova(y, codes)
    assert found.icc == pytest.approx(anova.value, abs=1e-6)
    assert found.icc_low < found.icc < found.icc_high
    assert anova.low < anova.value < anova.high
    assert found.p_between < 0.05


def test_no_difference_between_groups_is_an_answer():
    y = np.tile([1.0, 2, 3, 4], 5)
    codes = np.repeat(np.arange(5), 4)
    found = mixed.random_intercept(y, codes)
    assert (found.between, found.icc, found.icc_low, found.p_between) == (0, 0, 0, 1)
    assert (found.effect == 0).all()
    anova = mixed.icc_anova(y, codes)
    assert anova.value < 0
    assert anova.low == 0


@pytest.mark.full
def test_coverage_of_the_icc_interval_with_seven_groups():
    inside = {"profile": [], "anova": []}
    for seed in range(1000):
        y, codes, _ = _persons(icc=0.1, seed=seed, persons=50)
        found, anova = mixed.random_intercept(y, codes), mixed.icc_anova(y, codes)
        inside["profile"].append(found.icc_low <= 0.1 <= found.icc_high)
        inside["anova"].append(anova.low <= 0.1 <= anova.high)
    print({name: np.mean(values) for name, values in inside.items()})
    assert np.mean(inside["anova"]) == pytest.approx(0.95, abs=0.025)
    assert np.mean(inside["profile"]) > 0.90


def test_random_slopes():
    generator = np.random.default_rng(5)
    codes = np.repeat(np.arange(30), 12)
    day = np.tile(np.arange(12.0), 30)
    slope = generator.normal(1, 0.5, 30)[codes]
    y = 3 + slope * day + generator.normal(0, 1, 360)
    X = np.column_stack([np.ones(360), day])
    found = mixed.linear_mixed(y, X, codes, X)
    assert found.coefficient[1] == pytest.approx(1, abs=0.3)
    assert np.sqrt(found.random_covariance[1, 1]) == pytest.approx(0.5, abs=0.2)


def _answers(sigma=1.0, groups=12, persons=60, seed=4):
    generator = np.random.default_rng(seed)
    codes = np.repeat(np.arange(groups), persons)
    x = generator.integers(0, 2, codes.size).astype(float)
    latent = (
        0.8 * x + generator.normal(0, sigma, groups)[codes] + generator.logistic(size=codes.size)
    )
    return np.digitize(latent, [-1.0, 0.5, 2.0]), codes, x


def test_ordinal_recovers_its_parameters():
    answer, codes, x = _answers()
    found = ordinal_mixed(answer, codes, x)
    assert found.low[0] < 0.8 < found.high[0]
    assert found.sigma_low < 1.0 < found.sigma_high
    assert found.p_between < 1e-6
    assert np.corrcoef(found.effect, np.bincount(codes, answer))[0, 1] > 0.9


def test_more_points_change_little():
    answer, codes, x = _answers(persons=15)
    few, many = (ordinal_mixed(answer, codes, x, points=p).log_likelihood for p in (9, 31))
    assert few == pytest.approx(many, abs=1e-3)


def test_without_group_differences_it_is_the_plain_model():
    answer, codes, x = _answers(sigma=0.0, seed=8)
    found = ordinal_mixed(answer, codes, x)
    plain = OrderedModel(answer, x[:, None], distr="logit").fit(disp=0, method="bfgs")
    assert found.sigma < 0.3
    assert found.coefficient[0] == pytest.approx(plain.params[0], abs=0.02)
    if found.sigma == 0:
        assert found.p_between == 1
        assert found.std_error[0] == pytest.approx(plain.bse[0], rel=0.02)


def test_order_of_categories_is_given():
    answer, codes, x = _answers()
    names = np.array(["per nulla", "poco", "abbastanza", "molto"])
    order = [*names, "moltissimo"]
    found = ordinal_mixed(names[answer], codes, x, order)
    assert list(found.categories) == list(names)
    assert found.coefficient == pytest.approx(ordinal_mixed(answer, codes, x).coefficient)


@pytest.mark.parametrize(
    "call",
    [
        lambda: mixed.random_intercept([1, 2, 3], [0, 1, 2]),
        lambda: mixed.random_intercept([1, 2, 3, 4], [0, 0, 0, 0]),
        lambda: mixed.random_intercept([1, 1, 1, 1], [0, 0, 1, 1]),
        lambda: mixed.icc_anova([1, 1, 2, 2], [0, 0, 1, 1]),
        lambda: ordinal_mixed([1, 1, 1, 1], [0, 0, 1, 1]),
        lambda: ordinal_mixed(["a", "b", "a", "b"], [0, 0, 1, 1], categories=["a"]),
        lambda: ordinal_mixed([1, 2, 1, 2], [0, 0, 1, 1], [1, 1, 1, 1]),
    ],
)
def test_impossible_models_are_refused(call):
    with pytest.raises(EstimationError):
        call()
