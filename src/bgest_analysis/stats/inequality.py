"""Inequality between units or persons: Gini, Theil, extremes, concentration, with intervals.

`values` are non-negative quantities (rates, hours, euro), `weights` the persons behind each.
Sources: Theil (1967); Shorrocks (1980) for the decomposition; Kakwani, Wagstaff and van Doorslaer
(1997) for the concentration index; Efron (1979) for the bootstrap.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import xlogy

from bgest_analysis.errors import EstimationError
from bgest_analysis.stats.checks import (
    FloatArray,
    labels,
    non_negative,
    positive,
    same_length,
    vector,
)
from bgest_analysis.stats.intervals import Interval, percentile_interval


@dataclass(frozen=True, slots=True)
class TheilDecomposition:
    """Theil's T split between and within groups; natural logarithms, no unit.

    Attributes
    ----------
    total, between, within
        The index and its two parts; total = between + within.
    between_share
        between / total, 0 to 1; 0 when there is no inequality at all.
    """

    total: float
    between: float
    within: float
    between_share: float


def gini(values: ArrayLike, weights: ArrayLike | None = None, corrected: bool = False) -> float:
    """Return the Gini index, 0 (all equal) towards 1.

    Half the relative mean difference, by sorting. `corrected` multiplies by n/(n-1), the
    small-sample form (unweighted only).

    Raises
    ------
    EstimationError
        If a value or weight is negative, or the mean is zero.
    """
    x, w = _values_and_weights(values, weights)
    order = np.argsort(x, kind="stable")
    x, w = x[order], w[order] / w.sum()
    before = np.cumsum(w) - w
    raw = float((w * x * (2 * before + w - 1)).sum() / (w * x).sum())
    if not corrected:
        return raw
    if weights is not None or x.size < 2:
        raise EstimationError("Gini corretto: servono almeno due valori e nessun peso")
    return raw * x.size / (x.size - 1)


def theil(values: ArrayLike, weights: ArrayLike | None = None) -> float:
    """Return Theil's T = mean of (x/mu) ln(x/mu); 0 when all are equal, zeros count as 0.

    Raises
    ------
    EstimationError
        If a value or weight is negative, or the mean is zero.
    """
    x, w = _values_and_weights(values, weights)
    ratio = x / np.average(x, weights=w)
    return float(np.average(xlogy(ratio, ratio), weights=w))


def mean_log_deviation(values: ArrayLike, weights: ArrayLike | None = None) -> float:
    """Return Theil's L = mean of ln(mu/x).

    Raises
    ------
    EstimationError
        If a value is not positive: a zero has no logarithm.
    """
    x, w = _values_and_weights(values, weights)
    positive(x, "valori")
    return float(np.average(np.log(np.average(x, weights=w) / x), weights=w))


def atkinson(values: ArrayLike, aversion: float = 1.0, weights: ArrayLike | None = None) -> float:
    """Return Atkinson's index, 1 - (equally distributed equivalent) / mean; 0 to 1.

    `aversion` (epsilon, above 0) weighs the low values; at 1 the equivalent is the geometric
    mean, which a zero value makes zero.

    Raises
    ------
    EstimationError
        If `aversion` is not positive, a value is negative, or the mean is zero.
    """
    if aversion <= 0:
        raise EstimationError("Atkinson: avversione {valore} non positiva", valore=aversion)
    x, w = _values_and_weights(values, weights)
    ratio = x / np.average(x, weights=w)
    if aversion >= 1 and (ratio == 0).any():
        return 1.0
    if aversion == 1:
        return float(1 - np.exp(np.average(np.log(ratio), weights=w)))
    power = 1 - aversion
    return float(1 - np.average(ratio**power, weights=w) ** (1 / power))


def decompose_theil(
    values: ArrayLike, groups: Any, weights: ArrayLike | None = None
) -> TheilDecomposition:
    """Return Theil's T between and within `groups` (one label per value).

    Raises
    ------
    EstimationError
        As `theil`, or if lengths differ.
    """
    x, w = _values_and_weights(values, weights)
    names, codes = labels(groups, "gruppi")
    same_length(valori=x, gruppi=codes)
    size = np.bincount(codes, w, names.size)
    mean = np.bincount(codes, w * x, names.size) / size
    total, between = theil(x, w), theil(mean, size)
    share = between / total if total > 0 else 0.0
    return TheilDecomposition(total, between, total - between, share)


def extreme_ratio(values: ArrayLike) -> float:
    """Return the largest value over the smallest; infinite when the smallest is zero.

    Raises
    ------
    EstimationError
        If a value is negative or all are zero.
    """
    x, _ = _values_and_weights(values, None)
    return float(x.max() / x.min()) if x.min() > 0 else float("inf")


def coefficient_of_variation(values: ArrayLike, weights: ArrayLike | None = None) -> float:
    """Return the (weighted) population standard deviation over the mean.

    Raises
    ------
    EstimationError
        If a value is negative or all are zero.
    """
    x, w = _values_and_weights(values, weights)
    mean = np.average(x, weights=w)
    return float(np.sqrt(np.average((x - mean) ** 2, weights=w)) / mean)


def hoover(values: ArrayLike, weights: ArrayLike | None = None) -> float:
    """Return the share of the total to be moved for everybody to have the mean, 0 to 1.

    Raises
    ------
    EstimationError
        If a value is negative or all are zero.
    """
    x, w = _values_and_weights(values, weights)
    mean = np.average(x, weights=w)
    return float(np.average(np.abs(x - mean), weights=w) / (2 * mean))


def concentration_index(
    values: ArrayLike, ranking: ArrayLike, weights: ArrayLike | None = None
) -> float:
    """Return the concentration index of `values` over units ranked by `ranking`, -1 to 1.

    Negative: the quantity goes mostly to units low in the ranking. Twice the weighted covariance
    of value and fractional rank over the mean (Kakwani et al. 1997); tied ranks share the
    middle one.

    Raises
    ------
    EstimationError
        If a value is negative, all are zero, or lengths differ.
    """
    x, w = _values_and_weights(values, weights)
    rank_by = vector(ranking, "graduatoria")
    same_length(valori=x, graduatoria=rank_by)
    w = w / w.sum()
    distinct, codes = np.unique(rank_by, return_inverse=True)
    block = np.bincount(codes, w, distinct.size)
    rank = (np.cumsum(block) - block / 2)[codes]
    mean = (w * x).sum()
    return float(2 * (w * (x - mean) * (rank - (w * rank).sum())).sum() / mean)


def lorenz_curve(
    values: ArrayLike, weights: ArrayLike | None = None
) -> tuple[FloatArray, FloatArray]:
    """Return the points of the Lorenz curve: cumulative shares of persons and of the quantity.

    Raises
    ------
    EstimationError
        If a value is negative or all are zero.
    """
    x, w = _values_and_weights(values, weights)
    order = np.argsort(x, kind="stable")
    persons = np.append(0.0, np.cumsum(w[order]) / w.sum())
    return persons, np.append(0.0, np.cumsum((w * x)[order]) / (w * x).sum())


def bootstrap_index(
    values: ArrayLike,
    weights: ArrayLike | None = None,
    index: Callable[[FloatArray, FloatArray], float] = gini,
    draws: int = 999,
    rng: np.random.Generator | int = 0,
    level: float = 0.95,
) -> Interval:
    """Return an inequality index with the percentile interval of units drawn again.

    Parameters
    ----------
    index
        Any function of (values, weights), e.g. `gini`, `theil`, `hoover`.
    draws
        Resamples of the units, with replacement. With few units (seven Ambiti) the interval is
        a rough one: the units are all there are, not a sample.

    Raises
    ------
    EstimationError
        If there are fewer than three units, or the index cannot be computed.
    """
    x, w = _values_and_weights(values, weights)
    if x.size < 3:
        raise EstimationError("indice di disuguaglianza: servono almeno tre unità")
    picks = np.random.default_rng(rng).integers(0, x.size, (draws, x.size))
    usable = picks[x[picks].sum(axis=1) > 0]
    found = np.array([index(x[row], w[row]) for row in usable])
    return percentile_interval(index(x, w), found, level, "bootstrap percentile")


def poisson_bootstrap_index(
    events: ArrayLike,
    exposure: ArrayLike,
    index: Callable[[FloatArray, FloatArray], float] = gini,
    draws: int = 999,
    rng: np.random.Generator | int = 0,
    level: float = 0.95,
) -> Interval:
    """Return the index of the rates events/exposure, with chance in the counts as uncertainty.

    Every unit stays; its count is drawn again as Poisson (parametric bootstrap). Use this when
    the units are all there are. The interval is percentile, shifted by the bootstrap bias, and
    not below zero.

    Raises
    ------
    EstimationError
        If an exposure is not positive or there are no events.
    """
    x = non_negative(vector(events, "eventi"), "eventi")
    base = positive(vector(exposure, "esposizione"), "esposizione")
    same_length(eventi=x, esposizione=base)
    value = index(x / base, base)
    drawn = np.random.default_rng(rng).poisson(x, (draws, x.size))
    drawn = drawn[drawn.sum(axis=1) > 0]
    found = np.array([index(row / base, base) for row in drawn])
    shifted = np.maximum(found - 2 * (found.mean() - value), 0.0)
    corrected = max(2 * value - float(found.mean()), 0.0)
    return percentile_interval(corrected, shifted, level, "bootstrap Poisson")


def _values_and_weights(
    values: ArrayLike, weights: ArrayLike | None
) -> tuple[FloatArray, FloatArray]:
    x = non_negative(vector(values, "valori"), "valori")
    w = np.ones(x.size) if weights is None else non_negative(vector(weights, "pesi"), "pesi")
    same_length(valori=x, pesi=w)
    if (w * x).sum() <= 0:
        raise EstimationError("disuguaglianza: la somma dei valori è zero")
    return x, w
