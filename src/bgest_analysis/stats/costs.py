"""Cost-effectiveness with its uncertainty: ratio with Fieller's interval, plane, curve.

Sources: Fieller (1954); Willan and Briggs (2006); Black (1990) for the plane; van Hout et al.
(1994) and Fenwick, Claxton and Sculpher (2001, Health Economics 10:779) for the acceptability
curve; Stinnett and Mullahy (1998) for net benefit. A Fieller set that is not an interval is an
answer: the data do not tell the sign of the effect.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy import stats

from bgest_analysis.errors import EstimationError
from bgest_analysis.stats.checks import (
    BoolArray,
    FloatArray,
    IntArray,
    confidence,
    finite_array,
    flags,
    labels,
    same_length,
    vector,
)

BOUNDED, EXCLUSIVE, EVERYTHING = "intervallo", "esterno", "tutto"


@dataclass(frozen=True, slots=True)
class FiellerSet:
    """The confidence set of a ratio of two means.

    Attributes
    ----------
    ratio
        Numerator over denominator; infinite where the denominator is zero.
    shape
        ``"intervallo"``: low <= ratio <= high; ``"esterno"``: ratio <= low or ratio >= high
        (the denominator may be zero); ``"tutto"``: the whole line.
    low, high
        Ends; infinite for ``"tutto"``.
    g
        Squared critical value over squared t of the denominator: the set is bounded if g < 1.
    level
        Confidence level.
    """

    ratio: float
    shape: str
    low: float
    high: float
    g: float
    level: float

    @property
    def bounded(self) -> bool:
        """Whether the set is an interval."""
        return self.shape == BOUNDED

    def contains(self, value: float) -> bool:
        """Return whether `value` belongs to the set."""
        if self.shape == EVERYTHING:
            return True
        inside = self.low <= value <= self.high
        return inside if self.shape == BOUNDED else (value <= self.low or value >= self.high)


@dataclass(frozen=True, slots=True)
class CostEffectiveness:
    """Two options compared, treated less others.

    Attributes
    ----------
    cost, effect
        Differences of means: euro per person, effect units per person.
    cost_error, effect_error, correlation
        Standard errors of the two differences and their correlation.
    ratio
        Incremental cost-effectiveness ratio with its Fieller set, euro per effect unit.
    """

    cost: float
    effect: float
    cost_error: float
    effect_error: float
    correlation: float
    ratio: FiellerSet


@dataclass(frozen=True, slots=True)
class BootstrapPlane:
    """Resampled differences on the cost-effectiveness plane.

    Attributes
    ----------
    cost, effect
        Differences in each resample, euro and effect units per person.
    north_east, south_east, south_west, north_west
        Share of resamples in each quadrant (north = dearer, east = better).
    """

    cost: FloatArray
    effect: FloatArray
    north_east: float
    south_east: float
    south_west: float
    north_west: float


@dataclass(frozen=True, slots=True)
class AcceptabilityCurve:
    """How likely the first option is worth it, at each willingness to pay.

    Attributes
    ----------
    willingness
        Euro per effect unit.
    probability
        Share of draws with positive net benefit.
    net_benefit, low, high
        Mean net benefit (euro per person) and its interval.
    """

    willingness: FloatArray
    probability: FloatArray
    net_benefit: FloatArray
    low: FloatArray
    high: FloatArray


def fieller(
    numerator: float,
    denominator: float,
    numerator_variance: float,
    denominator_variance: float,
    covariance: float = 0.0,
    level: float = 0.95,
    df: float = np.inf,
) -> FiellerSet:
    """Return Fieller's set of the ratio of two (jointly normal) means.

    All r with (a - r b)^2 <= c^2 (vaa - 2 r vab + r^2 vbb), c the t quantile with `df` degrees
    of freedom (normal by default). `numerator_variance` and the others are of the means.

    Raises
    ------
    EstimationError
        If a variance is negative or the covariance impossible.
    """
    a, b, vaa, vbb, vab = (
        float(finite_array(x, "fieller"))
        for x in (numerator, denominator, numerator_variance, denominator_variance, covariance)
    )
    if vaa < 0 or vbb < 0 or vab**2 > vaa * vbb * (1 + 1e-9):
        raise EstimationError("Fieller: varianze negative o covarianza impossibile")
    c2 = float(stats.t.isf((1 - confidence(level)) / 2, df)) ** 2
    square, cross, free = b * b - c2 * vbb, a * b - c2 * vab, a * a - c2 * vaa
    ratio = a / b if b != 0 else float("inf")
    g = c2 * vbb / (b * b) if b != 0 else float("inf")
    root = cross * cross - square * free
    if square > 0:
        half = np.sqrt(max(root, 0.0))
        ends = ((cross - half) / square, (cross + half) / square)
        return FiellerSet(ratio, BOUNDED, float(ends[0]), float(ends[1]), g, level)
    if square < 0 and root > 0:
        half = np.sqrt(root)
        return FiellerSet(
            ratio,
            EXCLUSIVE,
            float((cross + half) / square),
            float((cross - half) / square),
            g,
            level,
        )
    if square == 0 and cross != 0:
        end = free / (2 * cross)
        low, high = (end, np.inf) if cross > 0 else (-np.inf, end)
        return FiellerSet(ratio, BOUNDED, float(low), float(high), g, level)
    return FiellerSet(ratio, EVERYTHING, float("-inf"), float("inf"), g, level)


def cost_effectiveness(
    cost: ArrayLike, effect: ArrayLike, treated: ArrayLike, level: float = 0.95
) -> CostEffectiveness:
    """Return the incremental cost-effectiveness of the treated against the others.

    `cost` (euro) and `effect` are one per person; variances are unpooled, normal approximation.

    Raises
    ------
    EstimationError
        If a side has fewer than two persons.
    """
    c, e, d = _persons(cost, effect, treated)
    sides = [np.cov(np.vstack([c[side], e[side]])) / side.sum() for side in (d, ~d)]
    covariance = sides[0] + sides[1]
    gain = [float(x[d].mean() - x[~d].mean()) for x in (c, e)]
    errors = np.sqrt(np.diag(covariance))
    product = float(errors.prod())
    ratio = fieller(
        gain[0], gain[1], covariance[0, 0], covariance[1, 1], covariance[0, 1], level
    )  # fmt: skip
    correlation = float(covariance[0, 1] / product) if product > 0 else 0.0
    return CostEffectiveness(
        gain[0], gain[1], float(errors[0]), float(errors[1]), correlation, ratio
    )  # fmt: skip


def cost_per_unit(
    cost: ArrayLike, units: ArrayLike, level: float = 0.95
) -> FiellerSet:  # fmt: skip
    """Return the ratio of totals sum(cost)/sum(units) over services with Fieller's set.

    One row per service (or month): the pair of means is treated as bivariate normal, t with
    n - 1 degrees of freedom.

    Raises
    ------
    EstimationError
        If there are fewer than three rows.
    """
    c, u = vector(cost, "costi", 3), vector(units, "unità", 3)
    n = same_length(costi=c, unità=u)
    v = np.cov(np.vstack([c, u])) / n
    return fieller(
        float(c.mean()), float(u.mean()), v[0, 0], v[1, 1], v[0, 1], level, n - 1
    )  # fmt: skip


def bootstrap_plane(
    cost: ArrayLike,
    effect: ArrayLike,
    treated: ArrayLike,
    draws: int = 2000,
    rng: np.random.Generator | int = 0,
    clusters: ArrayLike | None = None,
) -> BootstrapPlane:
    """Return resampled differences of cost and effect, each side drawn again with replacement.

    With `clusters` whole clusters are drawn (treatment must not vary inside them).

    Raises
    ------
    EstimationError
        If a side has fewer than two persons, or two clusters.
    """
    c, e, d = _persons(cost, effect, treated)
    codes = np.arange(c.size) if clusters is None else labels(clusters, "gruppi")[1]
    same_length(costi=c, gruppi=codes)
    generator = np.random.default_rng(rng)
    one = _resampled_means(np.column_stack([c, e])[d], codes[d], draws, generator)
    two = _resampled_means(np.column_stack([c, e])[~d], codes[~d], draws, generator)
    dc, de = (one - two).T
    dear, better = dc > 0, de > 0
    return BootstrapPlane(
        dc, de, float((dear & better).mean()), float((~dear & better).mean()),
        float((~dear & ~better).mean()), float((dear & ~better).mean()),
    )  # fmt: skip


def acceptability_curve(
    cost: ArrayLike, effect: ArrayLike, willingness: ArrayLike, level: float = 0.95
) -> AcceptabilityCurve:
    """Return the acceptability curve from draws of the differences of cost and effect.

    probability(w) = share of draws with w * effect - cost > 0 (Fenwick et al. 2001). The curve
    needs a comparator: `cost` and `effect` are differences, e.g. of a `BootstrapPlane`.

    Raises
    ------
    EstimationError
        If lengths differ.
    """
    c, e = vector(cost, "costi"), vector(effect, "effetti")
    w = vector(willingness, "disponibilità")
    same_length(costi=c, effetti=e)
    net = w[:, None] * e - c
    tail = (1 - confidence(level)) / 2
    low, high = np.quantile(net, [tail, 1 - tail], axis=1)
    return AcceptabilityCurve(w, (net > 0).mean(axis=1), net.mean(axis=1), low, high)


def acceptability_normal(comparison: CostEffectiveness, willingness: ArrayLike) -> FloatArray:
    """Return the acceptability curve of normal differences, without draws.

    Raises
    ------
    EstimationError
        If a willingness is not finite.
    """
    w = vector(willingness, "disponibilità")
    mean = w * comparison.effect - comparison.cost
    variance = (w * comparison.effect_error) ** 2 + comparison.cost_error**2
    variance = variance - 2 * w * (
        comparison.correlation * comparison.cost_error * comparison.effect_error
    )
    spread = np.sqrt(np.maximum(variance, 0.0))
    z = np.divide(mean, spread, out=np.sign(mean) * np.inf, where=spread > 0)
    result: FloatArray = stats.norm.cdf(np.nan_to_num(z, nan=0.0))
    return result


def _persons(
    cost: ArrayLike, effect: ArrayLike, treated: ArrayLike
) -> tuple[FloatArray, FloatArray, BoolArray]:
    c, e, d = vector(cost, "costi"), vector(effect, "effetti"), flags(treated, "trattati")
    same_length(costi=c, effetti=e, trattati=d)
    if d.sum() < 2 or (~d).sum() < 2:
        raise EstimationError("costo-efficacia: servono almeno due persone per parte")
    return c, e, d


def _resampled_means(
    rows: FloatArray, codes: IntArray, draws: int, generator: np.random.Generator
) -> FloatArray:
    """Return means (draws x columns) of rows when whole clusters are drawn again."""
    distinct, place = np.unique(codes, return_inverse=True)
    if distinct.size < 2:
        raise EstimationError("bootstrap: servono almeno due gruppi per parte")
    sums = np.column_stack([np.bincount(place, column) for column in rows.T])
    sizes = np.bincount(place).astype(np.float64)
    times = generator.multinomial(distinct.size, np.full(distinct.size, 1 / distinct.size), draws)
    result: FloatArray = (times @ sums) / (times @ sizes)[:, None]
    return result
