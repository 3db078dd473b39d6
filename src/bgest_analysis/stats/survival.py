"""Waiting times when some are still waiting: Kaplan-Meier, quantiles, log-rank, Cox.

`duration` is the time waited (any unit, e.g. days), `event` 1 where the wait ended and 0 where it
was cut off (unmet requests stay in the sample as censored). Sources: Kaplan and Meier (1958);
Greenwood (1926); Brookmeyer and Crowley (1982); Peto and Peto (1972); Cox (1972), ties after
Efron (1977). Conventions follow R's `survival`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike
from scipy import stats
from statsmodels.duration.hazard_regression import PHReg

from bgest_analysis.errors import EstimationError
from bgest_analysis.stats.checks import (
    BoolArray,
    FloatArray,
    Labels,
    choice,
    confidence,
    flags,
    labels,
    matrix,
    non_negative,
    positive,
    same_length,
    vector,
)
from bgest_analysis.stats.intervals import Interval, scalar_or_array

TRANSFORMS = ("log-log", "log", "plain")


@dataclass(frozen=True, slots=True)
class SurvivalCurve:
    """A Kaplan-Meier curve at its distinct times, one element per time.

    Attributes
    ----------
    time
        Distinct durations, ascending, in the unit of the input.
    at_risk, events, censored
        Persons waiting just before, whose wait ended, and cut off at each time (weighted).
    survival
        Share still waiting just after each time, 1 to 0.
    std_error
        Greenwood's standard error of `survival`.
    low, high
        Ends of the pointwise interval, within [0, 1].
    level, transform
        Confidence level, and the scale on which the interval is symmetric.
    """

    time: FloatArray
    at_risk: FloatArray
    events: FloatArray
    censored: FloatArray
    survival: FloatArray
    std_error: FloatArray
    low: FloatArray
    high: FloatArray
    level: float
    transform: str

    def at(self, time: float) -> float:
        """Return the share still waiting just after `time`."""
        position = int(np.searchsorted(self.time, time, side="right"))
        return float(self.survival[position - 1]) if position else 1.0


@dataclass(frozen=True, slots=True)
class LogRank:
    """Comparison of survival between groups.

    Attributes
    ----------
    statistic, df, p_value
        Chi-square, its degrees of freedom, its p-value.
    groups
        Labels, sorted.
    observed, expected
        Events seen, and expected were all curves one, per group.
    """

    statistic: float
    df: int
    p_value: float
    groups: Labels
    observed: FloatArray
    expected: FloatArray


@dataclass(frozen=True, slots=True)
class CoxModel:
    """A proportional hazards model; one element per covariate.

    Attributes
    ----------
    coefficient
        Log hazard ratio per unit of the covariate.
    std_error, p_value
        Of the coefficient, normal approximation.
    low, high
        Ends of the interval of the log hazard ratio.
    log_likelihood
        Partial log-likelihood.
    n, events
        Persons and ended waits.
    """

    coefficient: FloatArray
    std_error: FloatArray
    p_value: FloatArray
    low: FloatArray
    high: FloatArray
    log_likelihood: float
    n: int
    events: int


def kaplan_meier(
    duration: ArrayLike,
    event: ArrayLike,
    level: float = 0.95,
    transform: str = "log-log",
    entry: ArrayLike | None = None,
    weights: ArrayLike | None = None,
) -> SurvivalCurve:
    """Return the Kaplan-Meier curve of the time to `event`.

    S(t) = product over event times of (1 - d/n); Greenwood's variance of log S.

    Parameters
    ----------
    duration
        Time to the end of the wait or to the cut, not negative.
    event
        1 = ended, 0 = cut off (censored).
    transform
        Scale of the interval: ``log-log`` (default), ``log`` (R's default) or ``plain``.
    entry
        Time at which each came under observation (delayed entry); default 0.
    weights
        Frequency weights; default 1.

    Raises
    ------
    EstimationError
        If lengths differ, a time is negative, or an entry is not before its duration.
    """
    choice(transform, TRANSFORMS, "trasformazione")
    times, ended, start, weight = _survival_input(duration, event, entry, weights)
    distinct = np.unique(times)
    died = _sum_at(distinct, times, weight * ended)
    cut = _sum_at(distinct, times, weight * ~ended)
    risk = _at_risk(distinct, times, start, weight)
    with np.errstate(divide="ignore", invalid="ignore"):
        survival = np.asarray(np.cumprod(1 - died / risk), dtype=np.float64)
        step = np.where(died > 0, died / (risk * (risk - died)), 0.0)
    hazard = np.asarray(np.cumsum(step), dtype=np.float64)
    low, high = _survival_bounds(survival, hazard, confidence(level), transform)
    error = survival * np.sqrt(np.where(survival > 0, hazard, 0.0))
    return SurvivalCurve(
        distinct, risk, died, cut, survival, error, low, high, level, transform
    )  # fmt: skip


def survival_quantile(curve: SurvivalCurve, share: float = 0.5) -> Interval:
    """Return the time by which `share` of the waits have ended, with its interval.

    The smallest time at which the curve is at or below 1 - share (the middle of the step where
    it equals it, as R does); the ends are the same of the two borders (Brookmeyer and Crowley).
    Infinite where the curve or the border never comes down so far: an answer, not an error.

    Raises
    ------
    EstimationError
        If `share` is not between 0 and 1.
    """
    level = 1 - confidence(share)
    value, low, high = (
        _first_crossing(curve.time, border, level)
        for border in (curve.survival, curve.low, curve.high)
    )
    parts = [scalar_or_array(np.asarray(part)) for part in (value, low, high)]
    return Interval(
        parts[0], parts[1], parts[2], curve.level, "brookmeyer_crowley", "tempo"
    )  # fmt: skip


def median_time(duration: ArrayLike, event: ArrayLike, level: float = 0.95) -> Interval:
    """Return the median time to `event`, censored waits included; see `survival_quantile`.

    Raises
    ------
    EstimationError
        As `kaplan_meier`.
    """
    return survival_quantile(kaplan_meier(duration, event, level))


def restricted_mean(curve: SurvivalCurve, horizon: float) -> Interval:
    """Return the mean wait within `horizon`, the area under the curve up to it.

    Variance: sum of (area beyond t)^2 d / (n (n - d)) (Klein and Moeschberger 2003, 4.5).

    Raises
    ------
    EstimationError
        If `horizon` is not positive, or beyond the last time while some still wait.
    """
    if horizon <= 0 or (horizon > curve.time[-1] and curve.survival[-1] > 0):
        raise EstimationError("attesa media: orizzonte {valore} fuori dai dati", valore=horizon)
    inside = curve.time < horizon
    edges = np.concatenate([[0.0], curve.time[inside], [horizon]])
    areas = np.diff(edges) * np.concatenate([[1.0], curve.survival[inside]])
    beyond = areas.sum() - np.cumsum(areas)[:-1]
    died, risk = curve.events[inside], curve.at_risk[inside]
    left = np.where(risk > died, risk - died, np.inf)
    error = np.sqrt((beyond**2 * died / (risk * left)).sum())
    half = stats.norm.isf((1 - curve.level) / 2) * error
    value = areas.sum()
    ends = [scalar_or_array(np.asarray(end)) for end in (value, value - half, value + half)]
    return Interval(ends[0], ends[1], ends[2], curve.level, "normale", "tempo")


def logrank(duration: ArrayLike, event: ArrayLike, group: Any, rho: float = 0.0) -> LogRank:
    """Return the log-rank test that the groups wait alike.

    `rho` weighs event times by S(t-)^rho (Fleming and Harrington): 0 is the log-rank test, 1 the
    Peto-Peto modification of the Gehan-Wilcoxon.

    Raises
    ------
    EstimationError
        If there are fewer than two groups, no event, or all at a time nobody survives.
    """
    times, ended, _, _ = _survival_input(duration, event, None, None)
    names, codes = labels(group, "gruppo")
    same_length(durata=times, gruppo=codes)
    if names.size < 2 or not ended.any():
        raise EstimationError("log-rank: servono due gruppi e almeno un evento")
    member = codes[:, None] == np.arange(names.size)
    moments = np.unique(times[ended])
    risk = (times[:, None] >= moments).T.astype(np.float64) @ member
    died = ((times[:, None] == moments) & ended[:, None]).T.astype(np.float64) @ member
    n, d = risk.sum(axis=1), died.sum(axis=1)
    weight = np.append(1.0, np.cumprod(1 - d / n)[:-1]) ** rho
    share = risk / n[:, None]
    observed, expected = weight @ died, weight @ (share * d[:, None])
    spread = weight**2 * d * np.where(n > 1, (n - d) / np.where(n > 1, n - 1, 1), 0)
    variance = np.diag(spread @ share) - (share * spread[:, None]).T @ share
    if not np.diag(variance).max() > 0:
        raise EstimationError("log-rank: tutti gli eventi insieme, le curve non si confrontano")
    gap = (observed - expected)[1:]
    statistic = float(gap @ np.linalg.pinv(variance[1:, 1:]) @ gap)
    df = int(np.linalg.matrix_rank(variance[1:, 1:]))
    return LogRank(
        statistic, df, float(stats.chi2.sf(statistic, df)), names, observed, expected
    )  # fmt: skip


def cox(
    duration: ArrayLike,
    event: ArrayLike,
    covariates: ArrayLike,
    level: float = 0.95,
    ties: str = "efron",
    entry: ArrayLike | None = None,
    strata: Sequence[Any] | None = None,
) -> CoxModel:
    """Return Cox's proportional hazards model (statsmodels `PHReg`).

    `covariates` is persons x k, without a constant. `ties`: ``efron`` (as R) or ``breslow``.

    Raises
    ------
    EstimationError
        If there is no event, or the covariates are collinear.
    """
    choice(ties, ("efron", "breslow"), "ties")
    times, ended, start, _ = _survival_input(duration, event, entry, None)
    X = matrix(covariates, "covariate")
    same_length(durata=times, covariate=X)
    if not ended.any():
        raise EstimationError("Cox: nessun evento, tutte le attese sono interrotte")
    if np.linalg.matrix_rank(X - X.mean(axis=0)) < X.shape[1]:
        raise EstimationError("Cox: covariate collineari o costanti")
    late = None if entry is None else start
    groups = None if strata is None else labels(strata, "strati")[1]
    fit = PHReg(times, X, status=ended, entry=late, strata=groups, ties=ties).fit(disp=0)
    half = stats.norm.isf((1 - confidence(level)) / 2) * fit.bse
    return CoxModel(
        fit.params, fit.bse, fit.pvalues, fit.params - half, fit.params + half,
        float(fit.llf), int(times.size), int(ended.sum()),
    )  # fmt: skip


def _survival_input(
    duration: ArrayLike, event: ArrayLike, entry: ArrayLike | None, weights: ArrayLike | None
) -> tuple[FloatArray, BoolArray, FloatArray, FloatArray]:
    times = non_negative(vector(duration, "durata"), "durata")
    ended = flags(event, "evento")
    start = np.full(times.size, -np.inf) if entry is None else vector(entry, "ingresso")
    weight = np.ones(times.size) if weights is None else positive(vector(weights, "pesi"), "pesi")
    same_length(durata=times, evento=ended, ingresso=start, pesi=weight)
    if (start >= times).any():
        raise EstimationError("ingresso: alcuni ingressi non precedono la loro durata")
    return times, ended, start, weight


def _sum_at(distinct: FloatArray, times: FloatArray, amount: FloatArray) -> FloatArray:
    places = np.searchsorted(distinct, times)
    return np.asarray(np.bincount(places, amount, distinct.size), dtype=np.float64)


def _at_risk(
    distinct: FloatArray, times: FloatArray, start: FloatArray, weight: FloatArray
) -> FloatArray:
    """Return the weight of those with start < t <= time at each distinct time t."""
    gone = np.concatenate([[0.0], np.cumsum(_sum_at(distinct, times, weight))[:-1]])
    order = np.argsort(start, kind="stable")
    entered = np.concatenate([[0.0], np.cumsum(weight[order])])
    result: FloatArray = entered[np.searchsorted(start[order], distinct, side="left")] - gone
    return result


def _survival_bounds(
    survival: FloatArray, hazard: FloatArray, level: float, transform: str
) -> tuple[FloatArray, FloatArray]:
    z = stats.norm.isf((1 - level) / 2)
    inner = (survival > 0) & (survival < 1)
    s = np.where(inner, survival, 0.5)
    v = np.where(inner, hazard, 0.0)
    if transform == "plain":
        low, high = s - z * s * np.sqrt(v), s + z * s * np.sqrt(v)
    elif transform == "log":
        low, high = s * np.exp(-z * np.sqrt(v)), s * np.exp(z * np.sqrt(v))
    else:
        theta = np.exp(z * np.sqrt(v) / np.log(s))
        low, high = s ** (1 / theta), s**theta
    low, high = np.maximum(low, 0.0), np.minimum(high, 1.0)
    # Where nobody is left the variance is not defined: R shows no upper end, here it stays.
    last = np.concatenate([[1.0], np.where(inner, high, 1.0)[:-1]])
    border = np.where(survival >= 1, 1.0, np.minimum.accumulate(last))
    return np.where(inner, low, np.where(survival >= 1, 1.0, 0.0)), np.where(inner, high, border)


def _first_crossing(time: FloatArray, curve: FloatArray, level: float) -> float:
    tolerance = 1e-9
    below = np.flatnonzero(curve <= level + tolerance)
    if not below.size:
        return float("inf")
    first = int(below[0])
    lower = np.flatnonzero(curve < level - tolerance)
    if abs(curve[first] - level) <= tolerance and lower.size:
        return float(0.5 * (time[first] + time[lower[0]]))
    return float(time[first])
