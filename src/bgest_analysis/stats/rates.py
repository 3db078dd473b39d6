"""Proportions, rates and standardised ratios with their intervals.

All functions are vectorised over their counts. A denominator of zero is refused: without
exposure there is no rate. Sources: Wilson (1927), Clopper and Pearson (1934), Newcombe (1998,
Stat Med 17:857 and 17:873), Brown, Cai and DasGupta (2001), Garwood (1936), Byar in Breslow and
Day (1987), Fay and Feuer (1997, Stat Med 16:791).
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike
from scipy import stats

from bgest_analysis.errors import EstimationError
from bgest_analysis.stats.checks import (
    FloatArray,
    choice,
    confidence,
    finite_array,
    non_negative,
    positive,
    same_length,
    vector,
)
from bgest_analysis.stats.intervals import Interval, scalar_or_array

PROPORTION_METHODS = ("wilson", "wilson_cc", "exact", "mid_p", "jeffreys", "agresti_coull", "wald")
COUNT_METHODS = ("garwood", "byar", "mid_p", "normal")


def proportion_interval(
    successes: ArrayLike, n: ArrayLike, level: float = 0.95, method: str = "wilson"
) -> Interval:
    """Return the proportion `successes / n` with its interval.

    Parameters
    ----------
    successes, n
        Counts of persons (or cases), broadcast together.
    level
        Confidence level.
    method
        ``wilson`` (score), ``wilson_cc`` (with continuity correction), ``exact``
        (Clopper-Pearson), ``mid_p``, ``jeffreys`` (equal tails, ends 0 and 1 kept at the
        boundary cases' quantiles), ``agresti_coull`` and ``wald`` (both clipped to [0, 1]).

    Returns
    -------
    Interval
        Unit: proportion, from 0 to 1.

    Raises
    ------
    EstimationError
        If `n` is zero, a count is negative, or successes exceed `n`.
    """
    x, total = _binomial_counts(successes, n)
    z = float(stats.norm.isf((1 - confidence(level)) / 2))
    tail = (1 - level) / 2
    match choice(method, PROPORTION_METHODS, "metodo"):
        case "wilson":
            low, high = _wilson(x, total, z)
        case "wilson_cc":
            low, high = _wilson_corrected(x, total, z)
        case "exact":
            low, high = _clopper_pearson(x, total, tail)
        case "mid_p":
            low, high = _binomial_mid_p(x, total, tail)
        case "jeffreys":
            low = stats.beta.ppf(tail, x + 0.5, total - x + 0.5)
            high = stats.beta.isf(tail, x + 0.5, total - x + 0.5)
        case "agresti_coull":
            low, high = _wald((x + z * z / 2) / (total + z * z), total + z * z, z)
        case _:
            low, high = _wald(x / total, total, z)
    ends = (scalar_or_array(low), scalar_or_array(high))
    return Interval(scalar_or_array(x / total), *ends, level, method, "proporzione")


def wilson(successes: ArrayLike, n: ArrayLike, level: float = 0.95) -> Interval:
    """Return the proportion with its Wilson score interval; see `proportion_interval`.

    Raises
    ------
    EstimationError
        As `proportion_interval`.
    """
    return proportion_interval(successes, n, level, "wilson")


def clopper_pearson(successes: ArrayLike, n: ArrayLike, level: float = 0.95) -> Interval:
    """Return the proportion with its exact binomial interval; see `proportion_interval`.

    Raises
    ------
    EstimationError
        As `proportion_interval`.
    """
    return proportion_interval(successes, n, level, "exact")


def rate_interval(
    events: ArrayLike,
    exposure: ArrayLike = 1.0,
    per: float = 1.0,
    level: float = 0.95,
    method: str = "garwood",
) -> Interval:
    """Return the Poisson rate `per * events / exposure` with its interval.

    Parameters
    ----------
    events
        Counts (not negative); fractional counts are allowed for ``byar`` and ``garwood``.
    exposure
        Denominator: residents, hours, person-years. Broadcast against `events`.
    per
        Unit of the rate, e.g. 1000 for "per 1,000 residents".
    method
        ``garwood`` (exact, chi-square quantiles), ``byar`` (cube-root approximation),
        ``mid_p`` (exact less half the probability of what was seen), ``normal`` (events +/- z
        root events, clipped at 0).

    Returns
    -------
    Interval
        Unit: ``"per {per}"``.

    Raises
    ------
    EstimationError
        If an exposure is not positive or a count is negative.
    """
    x = non_negative(finite_array(events, "eventi"), "eventi")
    base = positive(finite_array(exposure, "esposizione"), "esposizione")
    low, high = _count_bounds(x, confidence(level), choice(method, COUNT_METHODS, "metodo"))
    scaled = [scalar_or_array(per * part / base) for part in (x, low, high)]
    return Interval(scaled[0], scaled[1], scaled[2], level, method, f"per {per:g}")


def poisson_interval(events: ArrayLike, level: float = 0.95, method: str = "garwood") -> Interval:
    """Return a Poisson count with the interval of its mean; see `rate_interval`.

    Raises
    ------
    EstimationError
        If a count is negative.
    """
    return rate_interval(events, 1.0, 1.0, level, method)


def standardised_ratio(
    observed: ArrayLike, expected: ArrayLike, level: float = 0.95, method: str = "byar"
) -> Interval:
    """Return observed / expected (1 = as expected) with its interval.

    `observed` are counts; `expected` the counts that the reference rates would give. The
    expected counts are taken as known (Breslow and Day 1987).

    Raises
    ------
    EstimationError
        If an expected count is not positive or an observed one negative.
    """
    base = positive(finite_array(expected, "attesi"), "attesi")
    result = rate_interval(observed, base, 1.0, level, method)
    return Interval(result.value, result.low, result.high, level, method, "rapporto")


def expected_counts(
    population: ArrayLike, reference_events: ArrayLike, reference_population: ArrayLike
) -> FloatArray:
    """Return the indirectly standardised expected count of each area.

    Parameters
    ----------
    population
        Residents, areas x strata.
    reference_events, reference_population
        Events and residents of the reference, one per stratum.

    Returns
    -------
    FloatArray
        Expected events, one per area.

    Raises
    ------
    EstimationError
        If a reference stratum has no residents.
    """
    rates = vector(reference_events, "eventi") / positive(
        vector(reference_population, "popolazione"), "popolazione"
    )
    result: FloatArray = finite_array(population, "popolazione") @ rates
    return result


def direct_rate(
    events: ArrayLike,
    population: ArrayLike,
    standard: ArrayLike,
    per: float = 1.0,
    level: float = 0.95,
) -> Interval:
    """Return the directly standardised rate with the gamma interval of Fay and Feuer (1997).

    Parameters
    ----------
    events, population, standard
        Events, residents and standard weights, one per stratum; the weights are scaled to 1.

    Returns
    -------
    Interval
        Unit: per `per` residents.

    Raises
    ------
    EstimationError
        If lengths differ or a stratum has no residents.
    """
    x = non_negative(vector(events, "eventi"), "eventi")
    base = positive(vector(population, "popolazione"), "popolazione")
    weights = non_negative(vector(standard, "standard"), "standard")
    same_length(eventi=x, popolazione=base, standard=weights)
    factor = weights / weights.sum() / base
    rate, variance, largest = factor @ x, factor**2 @ x, factor.max()
    tail = (1 - confidence(level)) / 2
    low = _gamma_quantile(tail, rate, variance) if rate > 0 else 0.0
    high = _gamma_quantile(1 - tail, rate + largest, variance + largest**2)
    ends = [np.asarray(per * end) for end in (rate, low, high)]
    return Interval(
        scalar_or_array(ends[0]), scalar_or_array(ends[1]), scalar_or_array(ends[2]),
        level, "fay_feuer", f"per {per:g}",
    )  # fmt: skip


def proportion_difference(
    successes_1: ArrayLike,
    n_1: ArrayLike,
    successes_2: ArrayLike,
    n_2: ArrayLike,
    level: float = 0.95,
) -> Interval:
    """Return p1 - p2 of independent samples with Newcombe's hybrid score interval (method 10).

    Raises
    ------
    EstimationError
        As `proportion_interval`.
    """
    one, two = wilson(successes_1, n_1, level), wilson(successes_2, n_2, level)
    difference = one.value - two.value
    low = difference - np.hypot(one.value - one.low, two.high - two.value)
    high = difference + np.hypot(one.high - one.value, two.value - two.low)
    ends = (scalar_or_array(low), scalar_or_array(high))
    return Interval(scalar_or_array(difference), *ends, level, "newcombe", "differenza")


def rate_ratio(
    events_1: ArrayLike,
    exposure_1: ArrayLike,
    events_2: ArrayLike,
    exposure_2: ArrayLike,
    level: float = 0.95,
) -> Interval:
    """Return the ratio of two Poisson rates with the exact conditional interval.

    Given the total, events of the first are binomial; the Clopper-Pearson ends of that
    proportion are turned into ends of the ratio. No events in the second: the ratio and its
    upper end are infinite, which is an answer.

    Raises
    ------
    EstimationError
        If both counts are zero or an exposure is not positive.
    """
    x1, x2 = finite_array(events_1, "eventi_1"), finite_array(events_2, "eventi_2")
    e1 = positive(finite_array(exposure_1, "esposizione_1"), "esposizione_1")
    e2 = positive(finite_array(exposure_2, "esposizione_2"), "esposizione_2")
    share = clopper_pearson(x1, x1 + x2, level)
    parts = [_odds(part) * e2 / e1 for part in (share.value, share.low, share.high)]
    return Interval(
        scalar_or_array(parts[0]), scalar_or_array(parts[1]), scalar_or_array(parts[2]),
        level, "exact", "rapporto",
    )  # fmt: skip


def _odds(share: FloatArray) -> FloatArray:
    share = np.asarray(share, dtype=np.float64)
    with np.errstate(divide="ignore"):
        result: FloatArray = np.where(share < 1, share / np.where(share < 1, 1 - share, 1), np.inf)
    return result


def _binomial_counts(successes: ArrayLike, n: ArrayLike) -> tuple[FloatArray, FloatArray]:
    x = non_negative(finite_array(successes, "successi"), "successi")
    total = positive(finite_array(n, "n"), "n")
    x, total = np.broadcast_arrays(x, total)
    if (x > total).any():
        raise EstimationError("successi: alcuni superano il totale n")
    return x, total


def _wilson(x: FloatArray, n: FloatArray, z: float) -> tuple[FloatArray, FloatArray]:
    centre = (x + z * z / 2) / (n + z * z)
    half = z / (n + z * z) * np.sqrt(x * (n - x) / n + z * z / 4)
    # At the borders the formula gives 0 and 1 but for rounding.
    return np.where(x == 0, 0.0, centre - half), np.where(x == n, 1.0, centre + half)


def _wilson_corrected(x: FloatArray, n: FloatArray, z: float) -> tuple[FloatArray, FloatArray]:
    p, zz = x / n, z * z
    low_root = np.sqrt(np.maximum(zz - 2 - 1 / n + 4 * p * (n * (1 - p) + 1), 0))
    high_root = np.sqrt(np.maximum(zz + 2 - 1 / n + 4 * p * (n * (1 - p) - 1), 0))
    low = (2 * x + zz - 1 - z * low_root) / (2 * (n + zz))
    high = (2 * x + zz + 1 + z * high_root) / (2 * (n + zz))
    return (
        np.where(x == 0, 0.0, np.maximum(low, 0.0)),
        np.where(x == n, 1.0, np.minimum(high, 1.0)),
    )


def _clopper_pearson(x: FloatArray, n: FloatArray, tail: float) -> tuple[FloatArray, FloatArray]:
    low = stats.beta.ppf(tail, np.where(x > 0, x, 1), n - x + 1)
    high = stats.beta.isf(tail, x + 1, np.where(x < n, n - x, 1))
    return np.where(x > 0, low, 0.0), np.where(x < n, high, 1.0)


def _binomial_mid_p(x: FloatArray, n: FloatArray, tail: float) -> tuple[FloatArray, FloatArray]:
    def upper(p: FloatArray) -> FloatArray:
        value: FloatArray = stats.binom.sf(x, n, p) + 0.5 * stats.binom.pmf(x, n, p)
        return value

    low = _increasing_root(upper, tail, np.zeros(x.shape), np.ones(x.shape))
    high = _increasing_root(upper, 1 - tail, np.zeros(x.shape), np.ones(x.shape))
    return np.where(x > 0, low, 0.0), np.where(x < n, high, 1.0)


def _increasing_root(
    function: Callable[[FloatArray], FloatArray], target: float, low: FloatArray, high: FloatArray
) -> FloatArray:
    for _ in range(80):
        middle = 0.5 * (low + high)
        below = function(middle) < target
        low, high = np.where(below, middle, low), np.where(below, high, middle)
    result: FloatArray = 0.5 * (low + high)
    return result


def _wald(p: FloatArray, n: FloatArray, z: float) -> tuple[FloatArray, FloatArray]:
    half = z * np.sqrt(p * (1 - p) / n)
    return np.maximum(p - half, 0.0), np.minimum(p + half, 1.0)


def _count_bounds(x: FloatArray, level: float, method: str) -> tuple[FloatArray, FloatArray]:
    tail = (1 - level) / 2
    z = float(stats.norm.isf(tail))
    if method == "garwood":
        low = stats.gamma.ppf(tail, np.where(x > 0, x, 1))
        return np.where(x > 0, low, 0.0), stats.gamma.isf(tail, x + 1)
    if method == "byar":
        safe, up = np.where(x > 0, x, 1), x + 1
        low = safe * (1 - 1 / (9 * safe) - z / (3 * np.sqrt(safe))) ** 3
        return np.where(x > 0, low, 0.0), up * (1 - 1 / (9 * up) + z / (3 * np.sqrt(up))) ** 3
    if method == "mid_p":
        return _poisson_mid_p(x, tail)
    return np.maximum(x - z * np.sqrt(x), 0), x + z * np.sqrt(x)


def _poisson_mid_p(x: FloatArray, tail: float) -> tuple[FloatArray, FloatArray]:
    def upper(mean: FloatArray) -> FloatArray:
        value: FloatArray = stats.poisson.sf(x, mean) + 0.5 * stats.poisson.pmf(x, mean)
        return value

    top = np.asarray(stats.gamma.isf(tail / 2, x + 1))
    low = _increasing_root(upper, tail, np.zeros(x.shape), top)
    high = _increasing_root(upper, 1 - tail, np.zeros(x.shape), top)
    return np.where(x > 0, low, 0.0), high


def _gamma_quantile(probability: float, mean: float, variance: float) -> float:
    return float(stats.gamma.ppf(probability, mean**2 / variance, scale=variance / mean))
