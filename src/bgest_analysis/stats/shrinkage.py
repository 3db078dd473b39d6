"""Rates of small areas pulled towards the whole: Marshall, gamma-Poisson, beta-binomial.

An area with few persons says little about itself: its rate is mixed with that of all areas, the
more the fewer its persons. Sources: Marshall (1991, Applied Statistics 40:283); Clayton and
Kaldor (1987, Biometrics 43:671); Griffiths (1973) for the beta-binomial likelihood.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy import optimize, special, stats

from bgest_analysis.errors import EstimationError
from bgest_analysis.stats.checks import (
    FloatArray,
    confidence,
    matrix,
    non_negative,
    positive,
    same_length,
    vector,
)


@dataclass(frozen=True, slots=True)
class ShrunkenRates:
    """Rates of areas after partial pooling, one element per area.

    Attributes
    ----------
    raw
        events / population, as measured.
    shrunken
        Mixed rate, same unit as `raw`.
    weight
        Share of the area's own rate in the mix, 0 (all pooled) to 1 (not pooled).
    low, high
        Posterior interval of the rate given the fitted prior; None for Marshall's estimator.
    mean
        Rate of all areas towards which each is pulled.
    variance
        Variance between areas of the true rates; 0 when areas differ no more than by chance:
        then every area gets the mean, which is an answer.
    level, method
        Level of the interval; ``"marshall"``, ``"gamma_poisson"`` or ``"beta_binomial"``.
    """

    raw: FloatArray
    shrunken: FloatArray
    weight: FloatArray
    low: FloatArray | None
    high: FloatArray | None
    mean: float
    variance: float
    level: float | None
    method: str


def marshall(events: ArrayLike, population: ArrayLike) -> ShrunkenRates:
    """Return Marshall's (1991) global empirical Bayes rates, by moments.

    m = sum(x)/sum(n); s2 = sum n (r - m)^2 / sum(n); A = max(0, s2 - m / mean(n));
    weight = A / (A + m / n); shrunken = m + weight (r - m).

    Raises
    ------
    EstimationError
        If a population is not positive, events are negative or there are none.
    """
    x, n = _events_and_population(events, population)
    mean, raw = float(x.sum() / n.sum()), x / n
    spread = float((n * (raw - mean) ** 2).sum() / n.sum())
    between = max(0.0, spread - mean / float(n.mean()))
    weight = between / (between + mean / n)
    shrunken = mean + weight * (raw - mean)
    return ShrunkenRates(raw, shrunken, weight, None, None, mean, between, None, "marshall")


def marshall_local(events: ArrayLike, population: ArrayLike, neighbours: ArrayLike) -> FloatArray:
    """Return Marshall's rates pulled towards the mean of each area's neighbourhood.

    `neighbours` is areas x areas, non-zero where two areas are neighbours; an area always
    belongs to its own neighbourhood, so an island is left with its own rate.

    Raises
    ------
    EstimationError
        As `marshall`, or if `neighbours` is not square.
    """
    x, n = _events_and_population(events, population)
    near = (matrix(neighbours, "vicini") != 0) | np.eye(x.size, dtype=bool)
    raw = x / n
    people = near @ n
    mean = near @ x / people
    spread = (near * n * (raw - mean[:, None]) ** 2).sum(axis=1) / people
    between = np.maximum(0.0, spread - mean / (people / near.sum(axis=1)))
    chance = between + mean / n
    weight = np.divide(between, chance, out=np.zeros(x.size), where=chance > 0)
    result: FloatArray = mean + weight * (raw - mean)
    return result


def gamma_poisson(events: ArrayLike, exposure: ArrayLike, level: float = 0.95) -> ShrunkenRates:
    """Return rates events/exposure under a common gamma prior fitted by maximum likelihood.

    events ~ Poisson(exposure * rate), rate ~ Gamma(a, b): the posterior is
    Gamma(a + events, b + exposure). With expected counts as exposure the rates are standardised
    ratios (Clayton and Kaldor 1987).

    Raises
    ------
    EstimationError
        If there are fewer than two areas, no events, or an exposure is not positive.
    """
    x, base = _events_and_population(events, exposure)
    level = confidence(level)
    mean, shape = _fit_two(_gamma_poisson_profile(x, base), float(x.sum() / base.sum()))
    raw = x / base
    if not np.isfinite(shape):
        return _all_alike(raw, mean, level, "gamma_poisson")
    inverse_scale = shape / mean
    own = base / (base + inverse_scale)
    tail = (1 - level) / 2
    posterior = stats.gamma(shape + x, scale=1 / (inverse_scale + base))
    low, high = posterior.ppf(tail), posterior.isf(tail)
    shrunken = (shape + x) / (inverse_scale + base)
    variance = mean**2 / shape
    return ShrunkenRates(raw, shrunken, own, low, high, mean, variance, level, "gamma_poisson")


def beta_binomial(successes: ArrayLike, n: ArrayLike, level: float = 0.95) -> ShrunkenRates:
    """Return proportions under a common beta prior fitted by maximum likelihood.

    successes ~ Binomial(n, p), p ~ Beta(a, b): the posterior is Beta(a + x, b + n - x).

    Raises
    ------
    EstimationError
        If there are fewer than two areas, successes exceed n, or all are 0 or n.
    """
    x, total = _events_and_population(successes, n)
    level = confidence(level)
    if (x > total).any() or x.sum() == total.sum():
        raise EstimationError("proporzioni: successi oltre il totale, o tutti successi")
    pooled = float(x.sum() / total.sum())
    mean, size = _fit_two(_beta_binomial_profile(x, total), pooled, top=1 - 1e-9)
    raw = x / total
    if not np.isfinite(size):
        return _all_alike(raw, mean, level, "beta_binomial")
    a, b = mean * size, (1 - mean) * size
    tail = (1 - level) / 2
    posterior = stats.beta(a + x, b + total - x)
    variance = mean * (1 - mean) / (size + 1)
    return ShrunkenRates(
        raw, (a + x) / (size + total), total / (total + size), posterior.ppf(tail),
        posterior.isf(tail), mean, variance, level, "beta_binomial",
    )  # fmt: skip


def _all_alike(raw: FloatArray, mean: float, level: float, method: str) -> ShrunkenRates:
    """Return the answer when areas differ no more than by chance: the mean for everybody."""
    same = np.full(raw.size, mean)
    return ShrunkenRates(raw, same, np.zeros(raw.size), same, same, mean, 0.0, level, method)


def _gamma_poisson_profile(x: FloatArray, base: FloatArray) -> Callable[[float, float], float]:
    def log_likelihood(mean: float, shape: float) -> float:
        scale = shape / mean
        terms = special.gammaln(shape + x) - special.gammaln(shape)
        terms += shape * np.log(scale / (scale + base)) + x * np.log(base / (scale + base))
        return float(terms.sum() - special.gammaln(x + 1).sum())

    return log_likelihood


def _beta_binomial_profile(x: FloatArray, n: FloatArray) -> Callable[[float, float], float]:
    def log_likelihood(mean: float, size: float) -> float:
        a, b = mean * size, (1 - mean) * size
        return float((special.betaln(a + x, b + n - x) - special.betaln(a, b)).sum())

    return log_likelihood


def _fit_two(
    log_likelihood: Callable[[float, float], float], pooled: float, top: float = np.inf
) -> tuple[float, float]:
    """Return the mean and the prior's precision of largest likelihood.

    The precision is infinite where the likelihood only grows with it: no variance between areas.
    """
    limit = 20.0  # log precision relative to the scale of the problem

    def best_mean(log_size: float) -> tuple[float, float]:
        found = optimize.minimize_scalar(
            lambda t: -log_likelihood(min(pooled * np.exp(t), top), np.exp(log_size)),
            bounds=(-4, 4),
            method="bounded",
            options={"xatol": 1e-10},
        )
        return min(pooled * float(np.exp(found.x)), top), -float(found.fun)

    grid = np.linspace(-6, limit, 53)
    values = [best_mean(point)[1] for point in grid]
    best = int(np.argmax(values))
    # The likelihood flattens out at the pooled model: no gain there means no variance.
    if best >= len(grid) - 1 or values[best] - values[-1] < 1e-6:
        return pooled, float("inf")
    span = (grid[max(best - 1, 0)], grid[best + 1])
    found = optimize.minimize_scalar(
        lambda t: -best_mean(t)[1], bounds=span, method="bounded", options={"xatol": 1e-9}
    )
    mean, _ = best_mean(float(found.x))
    return mean, float(np.exp(found.x))


def _events_and_population(
    events: ArrayLike, population: ArrayLike
) -> tuple[FloatArray, FloatArray]:
    x = non_negative(vector(events, "eventi", 2), "eventi")
    n = positive(vector(population, "popolazione", 2), "popolazione")
    same_length(eventi=x, popolazione=n)
    if x.sum() == 0:
        raise EstimationError("tassi: nessun evento in nessuna area")
    return x, n
