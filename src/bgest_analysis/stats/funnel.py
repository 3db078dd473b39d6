"""Funnel plots: which areas differ from the target more than chance, and than each other.

Sources: Spiegelhalter (2005, Stat Med 24:1185), with exact limits by interpolation (A.1.1), and
overdispersion from z-scores winsorised at 10% (section 6), multiplicative or additive (random
effects); Spiegelhalter et al. (2012, JRSS A 175:1).
"""

from __future__ import annotations

from dataclasses import dataclass

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


@dataclass(frozen=True, slots=True)
class FunnelLimits:
    """Limits inside which a unit lies by chance alone, one element per precision.

    Attributes
    ----------
    low, high
        Limits, in the unit of the target.
    target
        The value around which the funnel is drawn.
    level
        Share of units expected inside, e.g. 0.95 or 0.998.
    """

    low: FloatArray
    high: FloatArray
    target: float
    level: float


@dataclass(frozen=True, slots=True)
class Overdispersion:
    """How much more the units vary than chance explains.

    Attributes
    ----------
    factor
        phi: mean of the squared winsorised z-scores; 1 = chance alone.
    between_sd
        tau: standard deviation between units beyond chance, on the scale of the z-scores' values
        (DerSimonian-Laird from phi); 0 is an answer.
    z
        Plain z-score of each unit.
    z_multiplicative, z_additive
        z divided by root of max(phi, 1); z with tau^2 added to the variance.
    n
        Units used.
    """

    factor: float
    between_sd: float
    z: FloatArray
    z_multiplicative: FloatArray
    z_additive: FloatArray
    n: int


def ratio_limits(
    expected: ArrayLike, level: float = 0.95, target: float = 1.0, factor: float = 1.0
) -> FunnelLimits:
    """Return the limits of a standardised ratio observed/expected.

    Exact Poisson quantiles with mean target * expected, interpolated between counts
    (Spiegelhalter 2005, A.1.1); with `factor` > 1 (overdispersion) the distance from the target
    is multiplied by its root.

    Raises
    ------
    EstimationError
        If an expected count or the target is not positive.
    """
    base = positive(finite_array(expected, "attesi"), "attesi")
    mean = base * _positive_number(target, "obiettivo")
    tail = (1 - confidence(level)) / 2
    low, high = (_poisson_quantile(p, mean) / base for p in (tail, 1 - tail))
    return _widened(low, high, target, level, factor)


def rate_limits(
    exposure: ArrayLike, target: float, level: float = 0.95, factor: float = 1.0, per: float = 1.0
) -> FunnelLimits:
    """Return the limits of a Poisson rate around `target` (both per `per` of exposure).

    Raises
    ------
    EstimationError
        If an exposure or the target is not positive.
    """
    base = positive(finite_array(exposure, "esposizione"), "esposizione") / per
    return ratio_limits(base, level, target, factor)


def proportion_limits(
    n: ArrayLike, target: float, level: float = 0.95, factor: float = 1.0
) -> FunnelLimits:
    """Return the limits of a proportion around `target`, exact binomial and interpolated.

    Raises
    ------
    EstimationError
        If n is not positive or the target is not inside (0, 1).
    """
    size = positive(finite_array(n, "n"), "n")
    if not 0 < target < 1:
        raise EstimationError("obiettivo {valore} fuori da (0, 1)", valore=target)
    tail = (1 - confidence(level)) / 2
    low, high = (_binomial_quantile(p, size, target) / size for p in (tail, 1 - tail))
    limits = _widened(low, high, target, level, factor)
    return FunnelLimits(limits.low, np.minimum(limits.high, 1.0), target, level)


def ratio_overdispersion(
    observed: ArrayLike,
    expected: ArrayLike,
    target: float = 1.0,
    winsor: float = 0.1,
    transform: str = "root",
) -> Overdispersion:
    """Return the overdispersion of standardised ratios.

    z-scores: on the root scale, 2 (root(O/E) - root(target)) root(E) (default, steadier), or
    ``plain``, (O/E - target) / root(target / E).

    Raises
    ------
    EstimationError
        If there are fewer than two units or an expected count is not positive.
    """
    choice(transform, ("root", "plain"), "trasformazione")
    o = non_negative(vector(observed, "osservati", 2), "osservati")
    e = positive(vector(expected, "attesi", 2), "attesi")
    same_length(osservati=o, attesi=e)
    if transform == "root":
        return overdispersion(np.sqrt(o / e) - np.sqrt(target), 1 / (2 * np.sqrt(e)), winsor)
    return overdispersion(o / e - target, np.sqrt(target / e), winsor)


def proportion_overdispersion(
    successes: ArrayLike, n: ArrayLike, target: float | None = None, winsor: float = 0.1
) -> Overdispersion:
    """Return the overdispersion of proportions, on the arcsine root scale.

    Raises
    ------
    EstimationError
        If there are fewer than two units or an n is not positive.
    """
    x = non_negative(vector(successes, "successi", 2), "successi")
    size = positive(vector(n, "n", 2), "n")
    same_length(successi=x, n=size)
    centre = float(x.sum() / size.sum()) if target is None else target
    gap = np.arcsin(np.sqrt(x / size)) - np.arcsin(np.sqrt(centre))
    return overdispersion(gap, 1 / (2 * np.sqrt(size)), winsor)


def overdispersion(
    deviation: ArrayLike, std_error: ArrayLike, winsor: float = 0.1
) -> Overdispersion:
    """Return phi and tau from deviations from the target and their standard errors.

    z = deviation / std_error, pulled in to its `winsor` and 1 - `winsor` quantiles;
    phi = mean(z^2); tau^2 = max(0, (n phi - (n - 1)) / (sum w - sum w^2 / sum w)), w = 1/se^2.

    Raises
    ------
    EstimationError
        If there are fewer than two units, an error is not positive, or winsor is not in [0, .5).
    """
    gap = vector(deviation, "scarti", 2)
    error = positive(vector(std_error, "errori", 2), "errori")
    n = same_length(scarti=gap, errori=error)
    if not 0 <= winsor < 0.5:
        raise EstimationError("winsor {valore} fuori da [0, 0.5)", valore=winsor)
    z = gap / error
    trimmed = np.clip(z, *np.quantile(z, [winsor, 1 - winsor]))
    factor = float((trimmed**2).mean())
    w = 1 / error**2
    between = max(0.0, (n * factor - (n - 1)) / float(w.sum() - (w**2).sum() / w.sum()))
    shared = z / np.sqrt(max(factor, 1.0))
    return Overdispersion(
        factor, float(np.sqrt(between)), z, shared, gap / np.sqrt(error**2 + between), n
    )  # fmt: skip


def _widened(
    low: FloatArray, high: FloatArray, target: float, level: float, factor: float
) -> FunnelLimits:
    stretch = np.sqrt(max(factor, 1.0))
    bottom = np.maximum(target - (target - low) * stretch, 0.0)
    return FunnelLimits(bottom, target + (high - target) * stretch, target, level)


def _poisson_quantile(probability: float, mean: FloatArray) -> FloatArray:
    count = stats.poisson.ppf(probability, mean)
    above, at = stats.poisson.cdf(count, mean), stats.poisson.pmf(count, mean)
    result: FloatArray = np.maximum(count - (above - probability) / at, 0.0)
    return result


def _binomial_quantile(probability: float, n: FloatArray, share: float) -> FloatArray:
    count = stats.binom.ppf(probability, np.rint(n), share)
    above, at = stats.binom.cdf(count, np.rint(n), share), stats.binom.pmf(count, np.rint(n), share)
    result: FloatArray = np.maximum(count - (above - probability) / at, 0.0)
    return result


def _positive_number(value: float, campo: str) -> float:
    return float(positive(finite_array(value, campo), campo))
