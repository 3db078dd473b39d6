"""Synthetic controls: one treated unit against a weighted mix of the others.

Synthetic difference in differences, synthetic control and difference in differences on one
outcome matrix through synthdid-py (Arkhangelsky et al. 2021, AER 111:4088); the classic synthetic
control of Abadie, Diamond and Hainmueller (2010, JASA 105:493) through pysyncon; placebo
inference over the donors with the smallest p-value the design allows.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike
from pysyncon import Synth
from synthdid import did_estimate, sc_estimate, synthdid_estimate

from bgest_analysis.errors import EstimationError
from bgest_analysis.stats.checks import BoolArray, FloatArray, choice, flags, matrix, same_length

METHODS = ("sdid", "sc", "did", "classic")


@dataclass(frozen=True, slots=True)
class SyntheticControl:
    """The effect on the treated units against their synthetic control.

    Attributes
    ----------
    estimate
        Mean effect over the periods after treatment, outcome units.
    unit_weights
        Weight of each unit, in the order of the rows; 0 for the treated.
    time_weights
        Weight of each period before treatment (all equal for ``did``, none for ``sc``).
    gap
        Treated mean less synthetic control at every period (intercept not removed).
    rmspe_before, rmspe_after
        Root mean square of the gap before and after; before is taken free of its weighted mean
        for methods with an intercept.
    method
        ``"sdid"``, ``"sc"``, ``"did"`` or ``"classic"``.
    """

    estimate: float
    unit_weights: FloatArray
    time_weights: FloatArray
    gap: FloatArray
    rmspe_before: float
    rmspe_after: float
    method: str


@dataclass(frozen=True, slots=True)
class PlaceboTest:
    """The effect against those found by pretending each donor was treated.

    Attributes
    ----------
    estimate
        Effect on the treated, outcome units.
    placebo
        Effect found for each donor in turn.
    p_value
        Share of units, the treated included, with an effect (or ratio) at least as large.
    p_smallest
        1 / (donors + 1).
    std_error
        Standard deviation of the placebo effects (Arkhangelsky et al. 2021, algorithm 4, one
        treated unit).
    rmspe_before
        RMSPE of the treated before treatment.
    ratio, placebo_ratio
        RMSPE after over before, of the treated and of each donor.
    p_ratio
        Share of units with a ratio at least as large (Abadie et al. 2010).
    """

    estimate: float
    placebo: FloatArray
    p_value: float
    p_smallest: float
    std_error: float
    rmspe_before: float
    ratio: float
    placebo_ratio: FloatArray
    p_ratio: float


def synthetic_control(
    outcome: ArrayLike, treated: ArrayLike, first_period: int, method: str = "sdid"
) -> SyntheticControl:
    """Return the effect on the treated units from period `first_period` on.

    Parameters
    ----------
    outcome
        Units x periods, no missing values.
    treated
        0/1 per unit.
    first_period
        Position of the first period after treatment (= number of periods before).
    method
        ``sdid`` (synthetic difference in differences), ``sc`` (synthetic control, no
        intercept), ``did``, or ``classic`` (Abadie's: weights of smallest RMSPE before treatment,
        no ridge).

    Raises
    ------
    EstimationError
        If there are fewer than two donors, or fewer than two periods before treatment.
    """
    choice(method, METHODS, "metodo")
    Y, d = matrix(outcome, "esiti"), flags(treated, "trattati")
    same_length(esiti=Y, trattati=d)
    if (~d).sum() < 2 or not d.any() or not 2 <= first_period < Y.shape[1]:
        raise EstimationError(
            "controllo sintetico: servono due donatori, un trattato, due periodi prima e uno dopo"
        )
    return _fitted(Y, d, first_period, method)


def placebo_test(
    outcome: ArrayLike, treated: ArrayLike, first_period: int, method: str = "sdid"
) -> PlaceboTest:
    """Return the placebo test over donors of one treated unit.

    Raises
    ------
    EstimationError
        If more than one unit is treated, or as `synthetic_control`.
    """
    Y, d = matrix(outcome, "esiti"), flags(treated, "trattati")
    same_length(esiti=Y, trattati=d)
    if d.sum() != 1:
        raise EstimationError("test placebo: serve una sola unità trattata")
    found = synthetic_control(Y, d, first_period, method)
    donors = np.flatnonzero(~d)
    if donors.size < 3:
        raise EstimationError("test placebo: servono almeno tre donatori")
    others = [
        synthetic_control(Y[donors], np.arange(donors.size) == place, first_period, method)
        for place in range(donors.size)
    ]
    placebo = np.array([other.estimate for other in others])
    ratios = np.array([_ratio(other) for other in others])
    own, n = _ratio(found), donors.size + 1
    return PlaceboTest(
        found.estimate, placebo, (1 + int((np.abs(placebo) >= abs(found.estimate)).sum())) / n,
        1 / n, float(placebo.std()), found.rmspe_before, own, ratios,
        (1 + int((ratios >= own).sum())) / n,
    )  # fmt: skip


def _fitted(Y: FloatArray, d: BoolArray, before: int, method: str) -> SyntheticControl:
    order = np.concatenate([np.flatnonzero(~d), np.flatnonzero(d)])
    donors = int((~d).sum())
    if method == "classic":
        return _classic(Y, d, before)
    estimators: dict[str, Callable[..., object]] = {
        "sdid": synthdid_estimate, "sc": sc_estimate, "did": did_estimate,
    }  # fmt: skip
    fit = estimators[method](Y[order], donors, before)
    omega = np.asarray(fit.weights.omega, dtype=np.float64)  # type: ignore[attr-defined]
    time = np.asarray(fit.weights.lambda_, dtype=np.float64)  # type: ignore[attr-defined]
    weights = np.zeros(Y.shape[0])
    weights[order[:donors]] = omega
    return _described(Y, d, before, weights, time, float(fit), method)  # type: ignore[arg-type]


def _classic(Y: FloatArray, d: BoolArray, before: int) -> SyntheticControl:
    control = pd.DataFrame(Y[~d, :before].T)
    target = pd.Series(Y[d, :before].mean(axis=0), name="trattata")
    model = Synth()
    # pysyncon divides each period by its spread: this V undoes it, plain least squares is left.
    spread = np.var(np.vstack([Y[~d, :before], target.to_numpy()]), axis=0, ddof=1)
    model.fit(X0=control, X1=target, Z0=control, Z1=target, custom_V=spread)
    weights = np.zeros(Y.shape[0])
    weights[~d] = np.asarray(model.W, dtype=np.float64)
    gap = Y[d].mean(axis=0) - weights @ Y
    estimate = float(gap[before:].mean())
    return _described(Y, d, before, weights, np.zeros(before), estimate, "classic")


def _described(
    Y: FloatArray,
    d: BoolArray,
    before: int,
    weights: FloatArray,
    time: FloatArray,
    estimate: float,
    method: str,
) -> SyntheticControl:
    gap = Y[d].mean(axis=0) - weights @ Y
    level = float(time @ gap[:before]) if method in ("sdid", "did") else 0.0
    early, late = (
        float(np.sqrt(((part - level) ** 2).mean())) for part in (gap[:before], gap[before:])
    )
    return SyntheticControl(estimate, weights, time, gap, early, late, method)


def _ratio(found: SyntheticControl) -> float:
    return found.rmspe_after / found.rmspe_before if found.rmspe_before > 0 else float("inf")
