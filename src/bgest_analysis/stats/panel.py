"""Panels of units over periods: fixed and random effects, two-by-two difference in differences.

Formulas in Baltagi (2013); random effects through linearmodels. With few units use `wildboot` or
`cr2` for inference, passing units and periods as `fixed_effects`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from linearmodels.panel import RandomEffects
from numpy.typing import ArrayLike
from scipy import stats

from bgest_analysis.errors import EstimationError
from bgest_analysis.stats.checks import (
    FloatArray,
    IntArray,
    choice,
    confidence,
    finite_array,
    labels,
    matrix,
    positive,
    same_length,
    vector,
)

EFFECTS = ("entity", "time", "twoways", "none")
ERRORS = ("classical", "robust", "clustered")


@dataclass(frozen=True, slots=True)
class PanelFit:
    """A panel regression, one element per regressor.

    Attributes
    ----------
    coefficient, std_error, t, p_value, low, high
        Outcome units per unit of the regressor.
    r2_within
        Share of within-unit variation explained.
    n, units, periods
        Rows, distinct units and periods.
    effects, errors, level
        Effects taken off, kind of errors, confidence level.
    """

    coefficient: FloatArray
    std_error: FloatArray
    t: FloatArray
    p_value: FloatArray
    low: FloatArray
    high: FloatArray
    r2_within: float
    n: int
    units: int
    periods: int
    effects: str
    errors: str
    level: float


@dataclass(frozen=True, slots=True)
class TwoByTwo:
    """Difference in differences of four means, outcome units.

    Attributes
    ----------
    estimate
        (treated after - treated before) - (control after - control before).
    std_error, low, high
        From the errors of the four means taken as independent; None without them.
    change_treated, change_control
        The two differences.
    """

    estimate: float
    std_error: float | None
    low: float | None
    high: float | None
    change_treated: float
    change_control: float


def fixed_effects(
    outcome: ArrayLike,
    design: ArrayLike,
    unit: Any,
    time: Any,
    *,
    effects: str = "entity",
    errors: str = "clustered",
    clusters: Any = None,
    weights: ArrayLike | None = None,
    small_sample: bool = True,
    level: float = 0.95,
) -> PanelFit:
    """Return the within (fixed effects) regression.

    Parameters
    ----------
    outcome, design, unit, time
        n, n x k (no constant), labels of unit and period of each row; each pair once.
    effects
        ``entity`` (unit), ``time``, ``twoways`` or ``none`` (a constant alone).
    errors
        ``classical`` (degrees of freedom less all effects), ``robust`` (HC1) or ``clustered``
        (by unit, or by `clusters`).
    weights
        Positive weights of the rows.
    small_sample
        Clustered errors only: the factor G/(G-1) (n-1)/(n-k-1) of Stata's `xtreg, fe`, which does
        not count absorbed effects; without it, none. linearmodels counts periods, fixest counts
        what is not nested: a few per cent apart.

    Raises
    ------
    EstimationError
        If a unit-period is repeated, or a regressor does not vary within the effects.
    """
    choice(effects, EFFECTS, "effetti")
    choice(errors, ERRORS, "errori")
    frame, columns = _frame(outcome, design, unit, time, weights, clusters)
    w = frame["peso"].to_numpy()
    places = [frame.index.get_level_values(part).to_numpy() for part in (0, 1)]
    absorbed = _absorbed(places, effects)
    moved = demean(frame[["esito", *columns]].to_numpy(), absorbed, w)
    original = demean(frame[columns].to_numpy(), [np.zeros(len(frame), dtype=np.int64)], w)
    _check_variation(moved[:, 1:], original)
    root = np.sqrt(w)[:, None]
    rows = moved * root
    beta, gap, inverse = _least_squares(rows[:, 0], rows[:, 1:])
    used = sum(int(codes.max()) for codes in absorbed) + 1
    df = len(frame) - beta.size - used
    if df <= 0:
        raise EstimationError("panel: non restano gradi di libertà")
    covariance = _covariance(
        rows[:, 1:], gap, inverse, errors, df, frame["gruppo"].to_numpy(), small_sample
    )
    if errors == "clustered":
        df = int(frame["gruppo"].nunique()) - 1
    error = np.sqrt(np.diag(covariance))
    half = stats.t.isf((1 - confidence(level)) / 2, df) * error
    within = 1 - float(gap @ gap) / float(rows[:, 0] @ rows[:, 0])
    units, periods = (int(codes.max()) + 1 for codes in places)
    return PanelFit(
        beta, error, beta / error, 2 * stats.t.sf(np.abs(beta / error), df), beta - half,
        beta + half, within, len(frame), units, periods, effects, errors, level,
    )  # fmt: skip


def demean(columns: FloatArray, absorbed: list[IntArray], weights: FloatArray) -> FloatArray:
    """Return `columns` (n x k) less the (weighted) means of every set of codes in `absorbed`.

    One set is exact; several by alternating projections to 1e-13 of the scale.
    """
    moved = columns - np.average(columns, axis=0, weights=weights)
    scale = np.abs(moved).max(initial=0.0)
    totals = [np.bincount(codes, weights) for codes in absorbed]
    for _ in range(10_000):
        largest = 0.0
        for codes, total in zip(absorbed, totals, strict=True):
            sums = [np.bincount(codes, weights * column) for column in moved.T]
            means = np.column_stack(sums) / total[:, None]
            moved = moved - means[codes]
            largest = max(largest, float(np.abs(means).max()))
        if len(absorbed) == 1 or largest <= 1e-13 * scale:
            break
    return moved


def _absorbed(places: list[IntArray], effects: str) -> list[IntArray]:
    chosen = {"entity": [0], "time": [1], "twoways": [0, 1], "none": []}[effects]
    return [places[part] for part in chosen] or [np.zeros(places[0].size, dtype=np.int64)]


def _check_variation(moved: FloatArray, original: FloatArray) -> None:
    scale = np.sqrt((original**2).sum(axis=0))
    left = np.sqrt((moved**2).sum(axis=0))
    if (left <= 1e-9 * scale).any() or np.linalg.matrix_rank(moved / left) < moved.shape[1]:
        raise EstimationError("panel: un regressore non varia oltre gli effetti, o è collineare")


def _least_squares(y: FloatArray, X: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray]:
    inverse = np.asarray(np.linalg.inv(X.T @ X), dtype=np.float64)
    beta = inverse @ (X.T @ y)
    return beta, y - X @ beta, inverse


def _covariance(
    X: FloatArray,
    gap: FloatArray,
    inverse: FloatArray,
    errors: str,
    df: int,
    groups: IntArray,
    small_sample: bool,
) -> FloatArray:
    n, k = X.shape
    if errors == "classical":
        return inverse * float(gap @ gap) / df
    scores = X * gap[:, None]
    factor = n / df
    if errors == "clustered":
        names, codes = np.unique(groups, return_inverse=True)
        scores = np.column_stack([np.bincount(codes, column) for column in scores.T])
        if names.size < 2:
            raise EstimationError("panel: servono almeno due gruppi")
        factor = names.size / (names.size - 1) * (n - 1) / (n - k - 1) if small_sample else 1.0
    result: FloatArray = factor * inverse @ (scores.T @ scores) @ inverse
    return result


def random_effects(
    outcome: ArrayLike, design: ArrayLike, unit: Any, time: Any, level: float = 0.95
) -> PanelFit:
    """Return the random effects (Swamy-Arora) regression; a constant is added last.

    Raises
    ------
    EstimationError
        As `fixed_effects`.
    """
    X = matrix(design, "regressori")
    with_constant = np.column_stack([X, np.ones(X.shape[0])])
    frame, columns = _frame(outcome, with_constant, unit, time, None, None)
    try:
        fit = RandomEffects(frame["esito"], frame[columns]).fit(small_sample=False)
    except ValueError as error:
        raise EstimationError("panel: regressori collineari o costanti") from error
    return _panel_fit(fit, frame, "random", "classical", level)


def two_by_two(
    treated_before: float,
    treated_after: float,
    control_before: float,
    control_after: float,
    std_errors: ArrayLike | None = None,
    level: float = 0.95,
) -> TwoByTwo:
    """Return the difference in differences of four means.

    `std_errors` are those of the four means in the order of the arguments, independent samples.

    Raises
    ------
    EstimationError
        If a mean is not finite or an error negative.
    """
    means = finite_array(
        [treated_before, treated_after, control_before, control_after], "medie"
    )  # fmt: skip
    gains = (float(means[1] - means[0]), float(means[3] - means[2]))
    value = gains[0] - gains[1]
    if std_errors is None:
        return TwoByTwo(value, None, None, None, *gains)
    errors = vector(std_errors, "errori", 4)
    if errors.size != 4 or (errors < 0).any():
        raise EstimationError("servono quattro errori standard, non negativi")
    error = float(np.sqrt((errors**2).sum()))
    half = float(stats.norm.isf((1 - confidence(level)) / 2)) * error
    return TwoByTwo(value, error, value - half, value + half, *gains)


def _frame(
    outcome: ArrayLike,
    design: ArrayLike,
    unit: Any,
    time: Any,
    weights: ArrayLike | None,
    clusters: Any,
) -> tuple[pd.DataFrame, list[str]]:
    y, X = vector(outcome, "esito", 3), matrix(design, "regressori")
    units, periods = labels(unit, "unità")[1], labels(time, "periodi")[1]
    w = np.ones(y.size) if weights is None else positive(vector(weights, "pesi"), "pesi")
    groups = units if clusters is None else labels(clusters, "gruppi")[1]
    same_length(esito=y, regressori=X, unità=units, periodi=periods, pesi=w, gruppi=groups)
    columns = [f"x{position}" for position in range(X.shape[1])]
    frame = pd.DataFrame(X, columns=columns)
    frame = frame.assign(esito=y, peso=w, gruppo=groups, unit=units, time=periods)
    if frame.duplicated(["unit", "time"]).any():
        raise EstimationError("panel: qualche unità ha due righe nello stesso periodo")
    return frame.set_index(["unit", "time"]), columns


def _panel_fit(
    fit: Any, frame: pd.DataFrame, effects: str, errors: str, level: float
) -> PanelFit:  # fmt: skip
    ends = fit.conf_int(confidence(level))
    return PanelFit(
        fit.params.to_numpy(), fit.std_errors.to_numpy(), fit.tstats.to_numpy(),
        fit.pvalues.to_numpy(), ends["lower"].to_numpy(), ends["upper"].to_numpy(),
        float(fit.rsquared_within), len(frame), frame.index.get_level_values(0).nunique(),
        frame.index.get_level_values(1).nunique(), effects, errors, level,
    )  # fmt: skip
