"""Event studies when trends may not be quite parallel: smoothness bounds.

The trend the treated would have had anyway may bend by at most M from one period to the next
(Delta^SD(M): |second difference| <= M); M = 0 is a linear trend. The fixed-length interval is
the shortest affine one that covers whatever trend of that class holds: theta_hat = l' beta_post -
v' beta_pre, half length = cv(bias / se) se, with worst bias and v chosen by convex optimisation.
Source: Rambachan and Roth (2023, REStud 90:2555), sections 2.4 and 3.2.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy import optimize, stats

from bgest_analysis.errors import EstimationError
from bgest_analysis.stats.checks import FloatArray, confidence, matrix, vector


@dataclass(frozen=True, slots=True)
class SmoothnessBounds:
    """Robust interval of one effect under trends that bend by at most `m` a period.

    Attributes
    ----------
    m
        Largest bend per period, outcome units.
    estimate, std_error
        The affine estimator chosen and its error, outcome units.
    worst_bias
        Largest bias of that estimator under the class.
    low, high
        Fixed-length interval; covers at `level` whatever the trend.
    level
        Confidence level.
    """

    m: float
    estimate: float
    std_error: float
    worst_bias: float
    low: float
    high: float
    level: float


@dataclass(frozen=True, slots=True)
class IdentifiedSet:
    """Effects compatible with the coefficients taken as exact; empty when `possible` is False.

    Attributes
    ----------
    low, high
        Ends, outcome units; infinite when the pre-periods do not bound the trend.
    possible
        False when the pre-period coefficients themselves bend by more than `m`.
    m
        Largest bend per period.
    """

    low: float
    high: float
    possible: bool
    m: float


def smoothness_bounds(
    coefficients: ArrayLike,
    covariance: ArrayLike,
    pre_periods: int,
    m: float = 0.0,
    target: ArrayLike | None = None,
    level: float = 0.95,
) -> SmoothnessBounds:
    """Return the fixed-length interval of an effect under Delta^SD(m).

    Parameters
    ----------
    coefficients
        Event-study coefficients, earliest first, the reference period (just before treatment)
        left out: `pre_periods` of them, then the post ones.
    covariance
        Their covariance.
    m
        Largest bend per period, 0 or more.
    target
        Weights of the post coefficients; default: the first period after treatment.

    Raises
    ------
    EstimationError
        If there is no pre or no post coefficient, shapes do not agree, or `m` is negative.
    """
    beta, sigma, weights = _event_study(coefficients, covariance, pre_periods, target, m)
    pre_steps, post_bias = _bend_maps(pre_periods, weights)
    distance = np.arange(pre_periods, 0, -1.0)
    slope = -float(weights @ np.arange(1.0, weights.size + 1))
    v = _best_combination(sigma, weights, distance, slope, pre_steps, m * post_bias, m, level)
    combination = np.concatenate([-v, weights])
    error = float(np.sqrt(combination @ sigma @ combination))
    bias = float(m * (post_bias + np.abs(pre_steps @ v).sum()))
    half = _half_length(bias, error, confidence(level))
    value = float(combination @ beta)
    return SmoothnessBounds(m, value, error, bias, value - half, value + half, level)


def smoothness_identified_set(
    coefficients: ArrayLike,
    pre_periods: int,
    m: float = 0.0,
    target: ArrayLike | None = None,
) -> IdentifiedSet:
    """Return the effects that coefficients taken as exact allow under Delta^SD(m) (two LPs).

    Raises
    ------
    EstimationError
        As `smoothness_bounds`.
    """
    beta, _, weights = _event_study(
        coefficients, np.eye(np.size(coefficients)), pre_periods, target, m
    )  # fmt: skip
    trend = _trend_matrix(pre_periods, weights.size)
    bends = trend.shape[1] - 1
    limits = [(None, None)] + [(-m, m)] * bends
    objective = weights @ trend[pre_periods:]
    ends = []
    for sign in (1.0, -1.0):
        found = optimize.linprog(
            sign * objective, A_eq=trend[:pre_periods], b_eq=beta[:pre_periods], bounds=limits
        )  # fmt: skip
        if found.status == 2:
            return IdentifiedSet(float("nan"), float("nan"), False, m)
        ends.append(sign * found.fun if found.status == 0 else -sign * np.inf)
    value = float(weights @ beta[pre_periods:])
    return IdentifiedSet(float(value - ends[1]), float(value - ends[0]), True, m)


def breakdown_m(
    coefficients: ArrayLike,
    covariance: ArrayLike,
    pre_periods: int,
    target: ArrayLike | None = None,
    level: float = 0.95,
) -> float:
    """Return the largest bend at which the interval still excludes zero; 0 when none does.

    Raises
    ------
    EstimationError
        As `smoothness_bounds`.
    """

    def excludes(m: float) -> bool:
        found = smoothness_bounds(coefficients, covariance, pre_periods, m, target, level)
        return found.low > 0 or found.high < 0

    if not excludes(0.0):
        return 0.0
    low, high = 0.0, float(np.abs(vector(coefficients, "coefficienti")).max())
    while excludes(high):
        low, high = high, 2 * high
    for _ in range(30):
        middle = 0.5 * (low + high)
        low, high = (middle, high) if excludes(middle) else (low, middle)
    return low


def _event_study(
    coefficients: ArrayLike,
    covariance: ArrayLike,
    pre_periods: int,
    target: ArrayLike | None,
    m: float,
) -> tuple[FloatArray, FloatArray, FloatArray]:
    beta, sigma = vector(coefficients, "coefficienti", 2), matrix(covariance, "covarianza")
    post = beta.size - pre_periods
    if pre_periods < 1 or post < 1 or sigma.shape != (beta.size, beta.size) or m < 0:
        raise EstimationError(
            "event study: servono periodi prima e dopo, una covarianza dello stesso ordine e m >= 0"
        )
    weights = np.eye(post)[0] if target is None else vector(target, "pesi")
    if weights.size != post or not weights.any():
        raise EstimationError("event study: un peso per ogni periodo dopo, non tutti nulli")
    return beta, sigma, weights


def _trend_matrix(pre: int, post: int) -> FloatArray:
    """Return the map from (slope, bends) to the trend at each period, reference left out.

    Column 0 is the slope into the reference period; then the bends at times -(pre-1)..post-1.
    """
    times = np.concatenate([np.arange(-pre, 0), np.arange(1, post + 1)]).astype(np.float64)
    bend_at = np.arange(-(pre - 1), post).astype(np.float64)
    after = np.where(bend_at >= 0, np.maximum(times[:, None] - bend_at, 0.0), 0.0)
    before = np.where(bend_at < 0, np.maximum(bend_at - times[:, None], 0.0), 0.0)
    return np.column_stack([times, after + before])


def _bend_maps(pre: int, weights: FloatArray) -> tuple[FloatArray, float]:
    """Return the map from v to the effect of each pre bend, and the post bends' total effect."""
    trend = _trend_matrix(pre, weights.size)
    steps = trend[:pre, 1:pre].T
    post_bends = weights @ trend[pre:, pre:]
    return steps, float(np.abs(post_bends).sum())


def _best_combination(
    sigma: FloatArray,
    weights: FloatArray,
    distance: FloatArray,
    slope: float,
    steps: FloatArray,
    fixed_bias: float,
    m: float,
    level: float,
) -> FloatArray:
    """Return the v of the shortest interval, subject to distance' v = slope.

    Half length is a convex function of v; the absolute bends are split in two non-negative parts
    so that it is smooth, and the start is the v of smallest variance.
    """
    pre, bends = distance.size, steps.shape[0]
    spread, cross = sigma[:pre, :pre], sigma[:pre, pre:] @ weights
    own = float(weights @ sigma[pre:, pre:] @ weights)
    system = np.block([[spread, distance[:, None]], [distance[None, :], np.zeros((1, 1))]])
    start = np.linalg.solve(system, np.append(cross, slope))[:pre]
    if m == 0 or pre == 1:
        return start
    scale = float(np.sqrt(own))

    def length(x: FloatArray) -> float:
        v = x[:pre]
        variance = max(float(v @ spread @ v - 2 * v @ cross + own), 1e-300)
        bias = fixed_bias + m * x[pre:].sum()
        return _half_length(bias, float(np.sqrt(variance)), level) / scale

    first = steps @ start
    x0 = np.concatenate([start, np.maximum(first, 0), np.maximum(-first, 0)])
    linear = np.vstack(
        [
            np.concatenate([distance, np.zeros(2 * bends)]),
            np.hstack([steps, -np.eye(bends), np.eye(bends)]),
        ]
    )
    right = np.append(slope, np.zeros(bends))
    found = optimize.minimize(
        length,
        x0,
        method="SLSQP",
        bounds=[(None, None)] * pre + [(0, None)] * (2 * bends),
        constraints={"type": "eq", "fun": lambda x: linear @ x - right, "jac": lambda _: linear},
        options={"maxiter": 1000, "ftol": 1e-13},
    )
    v: FloatArray = found.x[:pre]
    v = v - distance * (distance @ v - slope) / (distance @ distance)
    return v if found.fun <= length(x0) + 1e-12 else start


def _half_length(bias: float, error: float, level: float) -> float:
    """Return the `level` quantile of |N(bias, error^2)|."""
    ratio = bias / error
    if ratio > 30:  # the far side of zero has no weight left
        return bias + error * float(stats.norm.ppf(level))
    return error * float(np.sqrt(stats.ncx2.ppf(level, 1, ratio**2)))
