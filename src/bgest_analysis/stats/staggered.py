"""Practices adopted at different times: event studies that do not mix early and late adopters.

Group-time effects of Callaway and Sant'Anna (2021, J. Econometrics 225:200) on balanced panels,
aggregated four ways with the influence of the estimated weights; the numbers are those of R's
`did`, and of diff-diff, which has no calendar aggregation. Sun and Abraham (2021, J. Econometrics
225:175) through diff-diff, hidden behind this module. With seven Ambiti these errors are too
small: for inference pass the design to `wildboot` or `randomization`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from diff_diff import SunAbraham
from numpy.typing import ArrayLike
from scipy import stats

from bgest_analysis.errors import EstimationError
from bgest_analysis.stats.checks import (
    BoolArray,
    FloatArray,
    IntArray,
    choice,
    confidence,
    labels,
    matrix,
    positive,
    same_length,
    vector,
)
from bgest_analysis.stats.did_cell import METHODS, did_cell


@dataclass(frozen=True, slots=True)
class Effects:
    """Effects by some index (event time, cohort, calendar time), outcome units.

    Attributes
    ----------
    index
        Event time (0 = first treated period), cohort or period; empty for the overall alone.
    effect, std_error, low, high
        One per index; normal intervals.
    overall, overall_error
        Their average: over event times >= 0, over cohorts by size, over periods.
    """

    index: FloatArray
    effect: FloatArray
    std_error: FloatArray
    low: FloatArray
    high: FloatArray
    overall: float
    overall_error: float


@dataclass(frozen=True, slots=True)
class StaggeredEffects:
    """Group-time average effects on the treated and their aggregations.

    Attributes
    ----------
    cohort, period
        Of each group-time effect.
    effect, std_error
        One per group-time, outcome units.
    influence
        Units x group-times: variance of an effect = sum of squares / units^2.
    simple
        Overall effect, group-times after treatment weighted by cohort size.
    dynamic, by_cohort, calendar
        The aggregations.
    units, treated_units
        Units in the panel, and those ever treated.
    """

    cohort: FloatArray
    period: FloatArray
    effect: FloatArray
    std_error: FloatArray
    influence: FloatArray
    simple: Effects
    dynamic: Effects
    by_cohort: Effects
    calendar: Effects
    units: int
    treated_units: int


@dataclass(frozen=True, slots=True)
class _Panel:
    Y: FloatArray
    periods: FloatArray
    cohort: FloatArray
    X: FloatArray
    weights: FloatArray
    clusters: IntArray


def callaway_santanna(
    outcome: ArrayLike,
    unit: Any,
    time: ArrayLike,
    cohort: ArrayLike,
    *,
    covariates: ArrayLike | None = None,
    control: str = "never",
    method: str = "dr",
    base: str = "varying",
    anticipation: int = 0,
    weights: ArrayLike | None = None,
    clusters: Any = None,
    level: float = 0.95,
) -> StaggeredEffects:
    """Return group-time effects and their aggregations.

    Parameters
    ----------
    outcome, unit, time, cohort
        One per row of a balanced panel. `cohort` is the first treated period of the unit, 0 or
        infinite for never.
    covariates
        Rows x k, without constant; the value in the base period of each comparison is used.
    control
        ``never`` or ``not_yet`` (never and not yet treated).
    method
        ``dr`` (doubly robust), ``reg`` or ``ipw``; the same without covariates.
    base
        ``varying`` (previous period before treatment) or ``universal``.
    anticipation
        Periods before treatment in which units may already react.
    weights
        Weight of the unit, taken from its first period.
    clusters
        Label of each row's cluster (constant in a unit); default: the unit.

    Raises
    ------
    EstimationError
        If the panel is not balanced, no cohort has a period before treatment, or there are no
        controls.
    """
    choice(control, ("never", "not_yet"), "controlli")
    choice(method, METHODS, "metodo")
    choice(base, ("varying", "universal"), "base")
    panel = _panel(outcome, unit, time, cohort, covariates, weights, clusters)
    cells = _cells(panel, control, method, base, anticipation)
    if not cells:
        raise EstimationError("event study: nessuna coorte ha un periodo prima e dei controlli")
    g, t, att = (np.array([cell[part] for cell in cells]) for part in range(3))
    influence = np.column_stack([cell[3] for cell in cells])
    return _aggregated(panel, g, t, att, influence, confidence(level))


def sun_abraham(
    outcome: ArrayLike,
    unit: Any,
    time: ArrayLike,
    cohort: ArrayLike,
    *,
    covariates: ArrayLike | None = None,
    control: str = "never",
    level: float = 0.95,
) -> Effects:
    """Return Sun and Abraham's interaction-weighted event study (errors clustered by unit).

    The reference period is the one before treatment. Arguments as `callaway_santanna`.

    Raises
    ------
    EstimationError
        If there are no controls or the design is singular.
    """
    choice(control, ("never", "not_yet"), "controlli")
    frame, names = _rows(outcome, unit, time, cohort, covariates)
    group = {"never": "never_treated", "not_yet": "not_yet_treated"}[control]
    try:
        fit = SunAbraham(control_group=group, alpha=1 - confidence(level)).fit(
            frame, "esito", "unit", "time", "cohort", covariates=names or None
        )
    except ValueError as error:
        raise EstimationError("event study: disegno non stimabile (Sun-Abraham)") from error
    found = sorted(fit.event_study_effects.items())
    effect = np.array([float(row["effect"]) for _, row in found])
    spread = np.array([float(row["se"]) for _, row in found])
    index = np.array([float(event) for event, _ in found])
    return _effects(index, effect, spread, float(fit.overall_att), float(fit.overall_se), level)


def _rows(
    outcome: ArrayLike, unit: Any, time: ArrayLike, cohort: ArrayLike, covariates: ArrayLike | None
) -> tuple[pd.DataFrame, list[str]]:
    y, t = vector(outcome, "esito", 4), vector(time, "periodi")
    start = np.asarray(cohort, dtype=np.float64)
    start = np.where(np.isfinite(start), start, 0.0)
    codes = labels(unit, "unità")[1]
    X = np.zeros((y.size, 0)) if covariates is None else matrix(covariates, "covariate")
    same_length(esito=y, unità=codes, periodi=t, coorti=start, covariate=X)
    names = [f"x{position}" for position in range(X.shape[1])]
    frame = pd.DataFrame(X, columns=names)
    return frame.assign(esito=y, unit=codes, time=t, cohort=start), names


def _panel(
    outcome: ArrayLike,
    unit: Any,
    time: ArrayLike,
    cohort: ArrayLike,
    covariates: ArrayLike | None,
    weights: ArrayLike | None,
    clusters: Any,
) -> _Panel:
    frame, names = _rows(outcome, unit, time, cohort, covariates)
    rows = len(frame)
    w = np.ones(rows) if weights is None else positive(vector(weights, "pesi"), "pesi")
    codes = frame["unit"].to_numpy() if clusters is None else labels(clusters, "gruppi")[1]
    frame = frame.assign(peso=w, gruppo=codes).sort_values(["unit", "time"], kind="stable")
    periods = np.unique(frame["time"].to_numpy())
    n = int(frame["unit"].nunique())
    if rows != n * periods.size or frame.duplicated(["unit", "time"]).any():
        raise EstimationError(
            "event study: il panel non è bilanciato ({righe} righe, {unita} unità, {periodi} "
            "periodi)", righe=rows, unita=n, periodi=int(periods.size),
        )  # fmt: skip
    shape = (n, periods.size)
    start = frame["cohort"].to_numpy().reshape(shape)
    groups = frame["gruppo"].to_numpy().reshape(shape)
    if np.ptp(start, axis=1).any() or np.ptp(groups, axis=1).any():
        raise EstimationError("event study: la coorte o il gruppo di un'unità cambia nel tempo")
    X = frame[names].to_numpy().reshape(*shape, len(names))
    X = np.concatenate([np.ones((*shape, 1)), X], axis=2)
    first = np.where(start[:, 0] > periods[-1], 0.0, start[:, 0])
    weight = frame["peso"].to_numpy().reshape(shape)[:, 0]
    return _Panel(
        frame["esito"].to_numpy().reshape(shape), periods, first, X, weight, groups[:, 0]
    )  # fmt: skip


def _cells(
    panel: _Panel, control: str, method: str, base: str, anticipation: int
) -> list[tuple[float, float, float, FloatArray]]:
    cells = []
    for g in np.unique(panel.cohort[panel.cohort > 0]):
        before = np.flatnonzero(panel.periods < g - anticipation)
        if not before.size:
            continue  # always treated: no period to compare with
        for now, t in enumerate(panel.periods):
            pre = int(before[-1])
            if base == "varying" and t < g - anticipation:
                pre = now - 1
            if pre < 0:
                continue
            cell = _cell(panel, float(g), now, pre, control, method, anticipation)
            if cell is not None:
                cells.append((float(g), float(t), *cell))
    return cells


def _cell(
    panel: _Panel, g: float, now: int, pre: int, control: str, method: str, anticipation: int
) -> tuple[float, FloatArray] | None:
    n = panel.cohort.size
    if now == pre:
        return 0.0, np.zeros(n)
    own, others = panel.cohort == g, _controls(panel, g, max(now, pre), control, anticipation)
    if not others.any():
        return None
    used = own | others
    value, influence = did_cell(
        (panel.Y[:, now] - panel.Y[:, pre])[used], own[used].astype(np.float64),
        panel.X[used, min(now, pre)], panel.weights[used], method,
    )  # fmt: skip
    spread = np.zeros(n)
    spread[used] = influence * n / used.sum()
    return value, spread


def _controls(panel: _Panel, g: float, last: int, control: str, anticipation: int) -> BoolArray:
    never: BoolArray = panel.cohort == 0
    if control == "never":
        return never
    later: BoolArray = panel.cohort > panel.periods[last] + anticipation
    result: BoolArray = (never | later) & (panel.cohort != g)
    return result


def _aggregated(
    panel: _Panel, g: FloatArray, t: FloatArray, att: FloatArray, inf: FloatArray, level: float
) -> StaggeredEffects:
    size = np.array([(panel.weights * (panel.cohort == c)).mean() for c in g])
    size = size / panel.weights.mean()
    member = (panel.cohort[:, None] == g) * (panel.weights / panel.weights.mean())[:, None]
    error = _errors(inf, panel.clusters)
    after = t >= g

    def mixed(keep: BoolArray) -> tuple[float, FloatArray]:
        share = size[keep] / size[keep].sum()
        drift = (member[:, keep] - size[keep]) / size[keep].sum()
        drift = drift - drift.sum(axis=1, keepdims=True) * share
        return float(share @ att[keep]), inf[:, keep] @ share + drift @ att[keep]

    def by(values: FloatArray, keep: BoolArray, plain: bool = False) -> tuple[Any, Any, Any]:
        index = np.unique(values[keep])
        parts = []
        for value in index:
            chosen = keep & (values == value)
            if plain:
                parts.append((float(att[chosen].mean()), inf[:, chosen].mean(axis=1)))
            else:
                parts.append(mixed(chosen))
        return index, np.array([p[0] for p in parts]), np.column_stack([p[1] for p in parts])

    def averaged(index: FloatArray, effect: FloatArray, part: FloatArray, keep: BoolArray) -> Any:
        overall = part[:, keep].mean(axis=1)
        return _effects(
            index, effect, _errors(part, panel.clusters), float(effect[keep].mean()),
            float(_errors(overall[:, None], panel.clusters)[0]), level,
        )  # fmt: skip

    if not after.any():
        raise EstimationError("event study: nessun periodo dopo il trattamento")
    value, part = mixed(after)
    none = np.zeros(0)
    simple = _effects(
        none, none, none, value, float(_errors(part[:, None], panel.clusters)[0]), level
    )  # fmt: skip
    index, effect, part = by(t - g, np.ones(t.size, dtype=bool))
    dynamic = averaged(index, effect, part, index >= 0)
    calendar = averaged(*(c := by(t, after)), np.ones(c[0].size, dtype=bool))
    index, effect, part = by(g, after, plain=True)
    return StaggeredEffects(
        g, t, att, error, inf, simple, dynamic,
        _by_cohort(panel, index, effect, part, level), calendar,
        int(panel.cohort.size), int((panel.cohort > 0).sum()),
    )  # fmt: skip


def _by_cohort(
    panel: _Panel, cohorts: FloatArray, effect: FloatArray, part: FloatArray, level: float
) -> Effects:
    """Return the effect of each cohort, and their mean by size with its weights' influence."""
    scaled = panel.weights / panel.weights.mean()
    member = (panel.cohort[:, None] == cohorts) * scaled[:, None]
    size = member.mean(axis=0)
    share = size / size.sum()
    drift = (member - size) / size.sum()
    drift = drift - drift.sum(axis=1, keepdims=True) * share
    whole = part @ share + drift @ effect
    return _effects(
        cohorts, effect, _errors(part, panel.clusters), float(share @ effect),
        float(_errors(whole[:, None], panel.clusters)[0]), level,
    )  # fmt: skip


def _errors(influence: FloatArray, clusters: IntArray) -> FloatArray:
    """Return root of the sum over clusters of squared summed influence, over units."""
    order = np.argsort(clusters, kind="stable")
    starts = np.flatnonzero(np.diff(clusters[order], prepend=-1))
    sums = np.add.reduceat(influence[order], starts, axis=0)
    result: FloatArray = np.sqrt((sums**2).sum(axis=0)) / influence.shape[0]
    return result


def _effects(
    index: FloatArray,
    effect: FloatArray,
    error: FloatArray,
    overall: float,
    overall_error: float,
    level: float,
) -> Effects:
    half = stats.norm.isf((1 - level) / 2) * error
    return Effects(index, effect, error, effect - half, effect + half, overall, overall_error)
