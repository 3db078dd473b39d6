from __future__ import annotations

import networkx as nx
import numpy as np
import pytest
import statsmodels.api as sm
from diff_diff import CallawaySantAnna
from linearmodels.panel import PanelOLS

from bgest_analysis.errors import EstimationError
from bgest_analysis.stats import network_groups, panel, staggered, synth


def _rows(units=9, periods=8, seed=1):
    generator = np.random.default_rng(seed)
    unit, time = np.repeat(np.arange(units), periods), np.tile(np.arange(periods), units)
    x = generator.standard_normal((unit.size, 2)) + unit[:, None] * 0.3
    y = x @ [1.0, -0.5] + unit + 0.2 * time + generator.standard_normal(unit.size)
    return y, x, unit, time


@pytest.mark.parametrize("effects", panel.EFFECTS)
@pytest.mark.parametrize("weighted", [False, True])
def test_fixed_effects_are_dummies(effects, weighted):
    y, x, unit, time = _rows()
    w = np.linspace(0.5, 2, y.size) if weighted else None
    dummies = [np.ones(y.size)]
    if effects in ("entity", "twoways"):
        dummies += [(unit == g).astype(float) for g in range(1, 9)]
    if effects in ("time", "twoways"):
        dummies += [(time == t).astype(float) for t in range(1, 8)]
    design = np.column_stack([x, *dummies])
    fit = sm.WLS(y, design, weights=1 if w is None else w).fit()
    found = panel.fixed_effects(y, x, unit, time, effects=effects, errors="classical", weights=w)
    assert found.coefficient == pytest.approx(fit.params[:2])
    assert found.std_error == pytest.approx(fit.bse[:2])
    assert found.p_value == pytest.approx(fit.pvalues[:2])


def test_unbalanced_panels_agree_with_linearmodels():
    import pandas as pd

    y, x, unit, time = _rows()
    keep = np.random.default_rng(2).random(y.size) < 0.8
    y, x, unit, time = y[keep], x[keep], unit[keep], time[keep]
    frame = pd.DataFrame(x, index=pd.MultiIndex.from_arrays([unit, time])).assign(y=y)
    other = PanelOLS(frame["y"], frame[[0, 1]], entity_effects=True, time_effects=True).fit()
    found = panel.fixed_effects(y, x, unit, time, effects="twoways", errors="classical")
    assert found.coefficient == pytest.approx(other.params.to_numpy())
    assert found.std_error == pytest.approx(other.std_errors.to_numpy())


def test_clustered_errors_by_hand():
    y, x, unit, time = _rows()
    moved = panel.demean(np.column_stack([y, x]), [unit], np.ones(y.size))
    beta = np.linalg.lstsq(moved[:, 1:], moved[:, 0], rcond=None)[0]
    u = moved[:, 0] - moved[:, 1:] @ beta
    inverse = np.linalg.inv(moved[:, 1:].T @ moved[:, 1:])
    meat = sum(np.outer(s, s) for g in range(9) for s in [moved[unit == g, 1:].T @ u[unit == g]])
    plain = panel.fixed_effects(y, x, unit, time, small_sample=False)
    assert plain.std_error == pytest.approx(np.sqrt(np.diag(inverse @ meat @ inverse)))
    factor = 9 / 8 * 71 / 69
    found = panel.fixed_effects(y, x, unit, time)
    assert found.std_error == pytest.approx(plain.std_error * np.sqrt(factor))


def test_two_by_two():
    found = panel.two_by_two(20.44, 21.03, 23.33, 21.17, [0.51, 0.52, 1.35, 0.94])
    assert found.estimate == pytest.approx(2.75)
    assert found.std_error == pytest.approx(np.sqrt(0.51**2 + 0.52**2 + 1.35**2 + 0.94**2))
    assert (found.change_treated, found.change_control) == pytest.approx((0.59, -2.16))


@pytest.mark.parametrize(
    "call",
    [
        lambda: panel.fixed_effects([1, 2, 3, 4], [1, 1, 2, 2], [0, 0, 1, 1], [0, 1, 0, 1]),
        lambda: panel.fixed_effects([1, 2, 3, 4], [1, 3, 2, 5], [0, 0, 1, 1], [0, 0, 0, 1]),
        lambda: panel.two_by_two(1, 2, 3, np.nan),
        lambda: panel.two_by_two(1, 2, 3, 4, [1, 1]),
    ],
)
def test_impossible_panels_are_refused(call):
    with pytest.raises(EstimationError):
        call()


def _adopters(seed=1, units=60, effect=1.0):
    generator = np.random.default_rng(seed)
    cohort = generator.choice([0, 3, 5], units)
    unit, time = np.repeat(np.arange(units), 7), np.tile(np.arange(1, 8), units)
    start = cohort[unit]
    x = generator.standard_normal(units)[unit]
    y = unit * 0.1 + 0.3 * time + 0.2 * x * time + effect * ((start > 0) & (time >= start))
    return y + generator.normal(0, 0.5, y.size), unit, time, start, x


@pytest.mark.parametrize("method", ["reg", "ipw", "dr"])
@pytest.mark.parametrize("control", ["never", "not_yet"])
@pytest.mark.parametrize("base", ["varying", "universal"])
def test_group_times_agree_with_diff_diff(method, control, base):
    import pandas as pd

    y, unit, time, start, x = _adopters()
    frame = pd.DataFrame({"y": y, "unit": unit, "time": time, "g": start, "x": x})
    names = {"never": "never_treated", "not_yet": "not_yet_treated"}
    model = CallawaySantAnna(
        estimation_method=method, control_group=names[control], base_period=base
    )
    other = model.fit(frame, "y", "unit", "time", "g")
    found = staggered.callaway_santanna(
        y, unit, time, start, method=method, control=control, base=base
    )
    rows = zip(found.cohort, found.period, found.effect, found.std_error, strict=True)
    cells = {(g, t): (effect, error) for g, t, effect, error in rows}
    for key, cell in other.group_time_effects.items():
        if cell["n_treated"] and np.isfinite(cell["se"]):
            assert cells[tuple(map(float, key))] == pytest.approx((cell["effect"], cell["se"]))


def test_planted_effect_is_found_with_a_covariate_that_bends_trends():
    y, unit, time, start, x = _adopters(units=400, effect=1.0)
    for method in ("reg", "dr", "ipw"):
        found = staggered.callaway_santanna(y, unit, time, start, covariates=x, method=method)
        assert found.simple.overall == pytest.approx(1.0, abs=0.15)
        assert found.dynamic.index[0] == -3
    assert found.units == 400


def test_weights_and_clusters():
    y, unit, time, start, _ = _adopters()
    plain = staggered.callaway_santanna(y, unit, time, start)
    heavy = staggered.callaway_santanna(y, unit, time, start, weights=np.full(y.size, 3.0))
    assert heavy.effect == pytest.approx(plain.effect)
    assert heavy.std_error == pytest.approx(plain.std_error)
    clustered = staggered.callaway_santanna(y, unit, time, start, clusters=unit // 6)
    assert clustered.effect == pytest.approx(plain.effect)
    assert clustered.std_error != pytest.approx(plain.std_error)
    groups = unit[time == 1] // 6
    sums = np.array([plain.influence[groups == g].sum(axis=0) for g in range(10)])
    assert clustered.std_error == pytest.approx(np.sqrt((sums**2).sum(axis=0)) / 60)


def test_all_treated_at_once_has_no_controls():
    y, unit, time, _, _ = _adopters()
    with pytest.raises(EstimationError):
        staggered.callaway_santanna(y, unit, time, np.full(y.size, 4))
    with pytest.raises(EstimationError, match="bilanciato"):
        staggered.callaway_santanna(y[1:], unit[1:], time[1:], np.full(y.size - 1, 4))


def test_sun_abraham_is_callaway_santanna_with_universal_base():
    y, unit, time, start, _ = _adopters()
    one = staggered.sun_abraham(y, unit, time, start)
    two = staggered.callaway_santanna(y, unit, time, start, base="universal").dynamic
    effects = dict(zip(two.index, two.effect, strict=True))
    for event, effect in zip(one.index, one.effect, strict=True):
        if event >= 0:
            assert effect == pytest.approx(effects[event], abs=1e-8)


def _factor(seed=1, effect=3.0):
    generator = np.random.default_rng(seed)
    loading = generator.uniform(0, 1, (12, 2))
    loading[0] = [0.5, 0.5]
    factor = np.column_stack([np.linspace(0, 10, 20), np.sin(np.arange(20))])
    Y = 5 + loading @ factor.T + generator.normal(0, 0.05, (12, 20))
    Y[0, 14:] += effect
    return Y, (np.arange(12) == 0).astype(float)


@pytest.mark.parametrize("method", ["sdid", "sc", "classic"])
def test_a_planted_effect_on_one_unit(method):
    Y, treated = _factor()
    found = synth.synthetic_control(Y, treated, 14, method)
    assert found.estimate == pytest.approx(3, abs=0.3)
    assert found.unit_weights.sum() == pytest.approx(1)
    assert found.unit_weights[0] == 0
    assert (found.unit_weights >= -1e-9).all()
    assert found.gap[14:].mean() > 2


def test_placebo_p_is_never_below_the_smallest():
    Y, treated = _factor()
    found = synth.placebo_test(Y, treated, 14, "sc")
    assert found.p_smallest == pytest.approx(1 / 12)
    assert found.p_value == found.p_ratio == found.p_smallest
    assert found.placebo.size == 11


@pytest.mark.parametrize(
    "call",
    [
        lambda: synth.synthetic_control(np.ones((2, 5)), [1, 0], 3),
        lambda: synth.synthetic_control(np.ones((4, 5)), [1, 0, 0, 0], 1),
        lambda: synth.synthetic_control(np.ones((4, 5)), [1, 0, 0, 0], 5),
        lambda: synth.placebo_test(np.ones((5, 5)), [1, 1, 0, 0, 0], 3),
    ],
)
def test_impossible_controls_are_refused(call):
    with pytest.raises(EstimationError):
        call()


def test_groups_of_a_network():
    graph = nx.barbell_graph(4, 0)
    ties, side = nx.to_numpy_array(graph), np.repeat([0, 1], 4)
    parts = [set(range(4)), set(range(4, 8))]
    assert network_groups.modularity(ties, side) == pytest.approx(
        nx.community.modularity(graph, parts)
    )
    assert list(network_groups.communities(ties).member) == list(side)
    assert network_groups.transitivity(ties) == pytest.approx(nx.transitivity(graph))
    assert network_groups.external_internal(ties, side) == pytest.approx((1 - 12) / 13)
    with pytest.raises(EstimationError):
        network_groups.modularity(np.zeros((3, 3)), [0, 1, 1])
