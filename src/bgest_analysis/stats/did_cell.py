"""One two-period comparison with its influence function: regression, weighting or both.

ATT of units with `treated` = 1 on the change `delta`, controls those with 0. Estimators and
influence functions of Sant'Anna and Zhao (2020, J. Econometrics 219:101), as in R's DRDID
(`reg_did_panel`, `std_ipw_did_panel`, `drdid_panel`).
"""

from __future__ import annotations

import numpy as np
from scipy import special

from bgest_analysis.errors import EstimationError
from bgest_analysis.stats.checks import FloatArray

METHODS = ("reg", "ipw", "dr")


def did_cell(
    delta: FloatArray, treated: FloatArray, X: FloatArray, weights: FloatArray, method: str
) -> tuple[float, FloatArray]:
    """Return the ATT of one cell and the influence of each of its units.

    `X` is units x k with a constant; `weights` positive. The influence has mean zero and the
    variance of the ATT is its mean square over the number of units.

    Raises
    ------
    EstimationError
        If covariates are collinear among the controls, or the groups do not overlap.
    """
    if method == "reg":
        return _regression(delta, treated, X, weights)
    score, share = _propensity(treated, X, weights)
    odds = weights * (1 - treated) * share / (1 - share)
    if method == "ipw":
        return _weighting(delta, weights * treated, odds, X, score)
    return _doubly_robust(delta, treated, odds, X, weights, score)


def _outcome_model(
    delta: FloatArray, treated: FloatArray, X: FloatArray, weights: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """Return the prediction for everybody and the influence (n x k) of its coefficients."""
    controls = weights * (1 - treated)
    square = (X * controls[:, None]).T @ X / delta.size
    if np.linalg.cond(square) > 1e12:
        raise EstimationError("event study: covariate collineari tra i controlli di una coorte")
    inverse = np.linalg.inv(square)
    beta = inverse @ (X.T @ (controls * delta)) / delta.size
    predicted = X @ beta
    return predicted, (controls * (delta - predicted))[:, None] * X @ inverse


def _regression(
    delta: FloatArray, treated: FloatArray, X: FloatArray, weights: FloatArray
) -> tuple[float, FloatArray]:
    predicted, influence = _outcome_model(delta, treated, X, weights)
    w = weights * treated
    own = float((w * delta).mean() / w.mean())
    other = float((w * predicted).mean() / w.mean())
    first = w * (delta - own)
    second = w * (predicted - other) + influence @ (w[:, None] * X).mean(axis=0)
    return own - other, (first - second) / w.mean()


def _propensity(
    treated: FloatArray, X: FloatArray, weights: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """Return the influence (n x k) of the logit coefficients, and the probabilities."""
    beta = np.zeros(X.shape[1])
    for _ in range(100):
        share = special.expit(X @ beta)
        gradient = X.T @ (weights * (treated - share))
        information = (X * (weights * share * (1 - share))[:, None]).T @ X
        if np.linalg.cond(information) > 1e14:
            raise EstimationError("event study: trattati e controlli non si sovrappongono")
        step = np.linalg.solve(information, gradient)
        beta = beta + step
        if np.abs(step).max() < 1e-12 * max(1.0, float(np.abs(beta).max())):
            break
    share = np.minimum(special.expit(X @ beta), 1 - 1e-6)
    inverse = np.linalg.inv((X * (weights * share * (1 - share))[:, None]).T @ X) * treated.size
    return (weights * (treated - share))[:, None] * X @ inverse, share


def _weighting(
    delta: FloatArray, w: FloatArray, odds: FloatArray, X: FloatArray, score: FloatArray
) -> tuple[float, FloatArray]:
    own = float((w * delta).mean() / w.mean())
    other = float((odds * delta).mean() / odds.mean())
    moment = ((odds * (delta - other))[:, None] * X).mean(axis=0)
    control = (odds * (delta - other) + score @ moment) / odds.mean()
    return own - other, w * (delta - own) / w.mean() - control


def _doubly_robust(
    delta: FloatArray,
    treated: FloatArray,
    odds: FloatArray,
    X: FloatArray,
    weights: FloatArray,
    score: FloatArray,
) -> tuple[float, FloatArray]:
    predicted, influence = _outcome_model(delta, treated, X, weights)
    w, gap = weights * treated, delta - predicted
    own = float((w * gap).mean() / w.mean())
    other = float((odds * gap).mean() / odds.mean())
    first = (w * (gap - own) - influence @ (w[:, None] * X).mean(axis=0)) / w.mean()
    moment = ((odds * (gap - other))[:, None] * X).mean(axis=0)
    second = odds * (gap - other) + score @ moment
    second = (second - influence @ (odds[:, None] * X).mean(axis=0)) / odds.mean()
    return own - other, first - second
