"""Whether neighbouring areas are alike: Moran's I and Geary's c, on arrays.

`weights` is areas x areas (any non-negative numbers, zero diagonal). Moments as in Cliff and Ord
(1981), under randomisation of the values (default) or under normality; numbers agree with spdep
and esda. Islands (areas without neighbours)
stay in n unless `drop_islands`: programs differ, so it is an argument.
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
    matrix,
    non_negative,
    same_length,
    vector,
)


@dataclass(frozen=True, slots=True)
class Autocorrelation:
    """A statistic of spatial autocorrelation.

    Attributes
    ----------
    value
        Moran's I (0 about none, 1 alike) or Geary's c (1 about none, 0 alike).
    expected, variance
        Under the assumption chosen (randomisation of the values over the areas by default).
    z, p_normal
        Standardised value and its two-sided normal p-value.
    p_permutation
        (1 + count) / (1 + permutations), the side of the value; None without permutations.
    n, islands
        Areas used, and how many have no neighbour.
    """

    value: float
    expected: float
    variance: float
    z: float
    p_normal: float
    p_permutation: float | None
    n: int
    islands: int


def moran(
    values: ArrayLike,
    weights: ArrayLike,
    *,
    row_standardised: bool = True,
    drop_islands: bool = False,
    assumption: str = "randomisation",
    permutations: int = 0,
    rng: np.random.Generator | int = 0,
) -> Autocorrelation:
    """Return Moran's I = n / S0 * z'Wz / z'z with its moments.

    `assumption`: ``randomisation`` or ``normality``.

    Raises
    ------
    EstimationError
        If there are fewer than four areas, no neighbours, or values do not vary.
    """
    choice(assumption, ("randomisation", "normality"), "ipotesi")
    x, W, islands = _prepared(values, weights, row_standardised, drop_islands)
    z = x - x.mean()
    n, scale = x.size, x.size / W.sum() / float(z @ z)
    value = float(z @ W @ z * scale)
    expected = -1.0 / (n - 1)
    variance = _moran_variance(z, W, assumption)
    drawn = None
    if permutations:
        shuffled = np.random.default_rng(rng).permuted(np.tile(z, (permutations, 1)), axis=1)
        drawn = np.einsum("pi,ij,pj->p", shuffled, W, shuffled, optimize=True) * scale
    return _result(value, expected, variance, drawn, n, islands)


def geary(
    values: ArrayLike,
    weights: ArrayLike,
    *,
    row_standardised: bool = True,
    drop_islands: bool = False,
    assumption: str = "randomisation",
) -> Autocorrelation:
    """Return Geary's c = (n-1) sum w (x_i - x_j)^2 / (2 S0 z'z) with its moments.

    Raises
    ------
    EstimationError
        As `moran`.
    """
    choice(assumption, ("randomisation", "normality"), "ipotesi")
    x, W, islands = _prepared(values, weights, row_standardised, drop_islands)
    z = x - x.mean()
    n, s0, s1, s2 = x.size, *_sums(W)
    gap = np.subtract.outer(x, x) ** 2
    value = float((n - 1) * (W * gap).sum() / (2 * s0 * (z @ z)))
    variance = ((2 * s1 + s2) * (n - 1) - 4 * s0**2) / (2 * (n + 1) * s0**2)
    if assumption == "randomisation":
        k = _kurtosis(z)
        variance = (n - 1) * s1 * (n * n - 3 * n + 3 - (n - 1) * k)
        variance -= 0.25 * (n - 1) * s2 * (n * n + 3 * n - 6 - (n * n - n + 2) * k)
        variance += s0**2 * (n * n - 3 - (n - 1) ** 2 * k)
        variance /= n * (n - 2) * (n - 3) * s0**2
    return _result(value, 1.0, variance, None, n, islands)


def lag(values: ArrayLike, weights: ArrayLike) -> FloatArray:
    """Return the mean of each area's neighbours (0 for islands).

    Raises
    ------
    EstimationError
        If shapes do not agree.
    """
    x, W = vector(values, "valori"), matrix(weights, "vicinanze")
    same_length(valori=x, vicinanze=W)
    result: FloatArray = _row_standardised(W) @ x
    return result


def contiguity(pairs: ArrayLike, n: int) -> FloatArray:
    """Return the symmetric 0/1 weights of `n` areas from pairs of positions of neighbours.

    Raises
    ------
    EstimationError
        If a position is out of range.
    """
    chosen = matrix(pairs, "coppie").astype(np.int64)
    if chosen.shape[1] != 2 or chosen.min() < 0 or chosen.max() >= n:
        raise EstimationError("coppie: posizioni fuori dalle {numero} aree", numero=n)
    W = np.zeros((n, n))
    W[chosen[:, 0], chosen[:, 1]] = W[chosen[:, 1], chosen[:, 0]] = 1.0
    np.fill_diagonal(W, 0.0)
    return W


def _prepared(
    values: ArrayLike, weights: ArrayLike, standardise: bool, drop_islands: bool
) -> tuple[FloatArray, FloatArray, int]:
    x = vector(values, "valori", 4)
    W = non_negative(matrix(weights, "vicinanze"), "vicinanze").copy()
    same_length(valori=x, vicinanze=W)
    if W.shape[0] != W.shape[1]:
        raise EstimationError("vicinanze: serve una tabella quadrata")
    np.fill_diagonal(W, 0.0)
    alone = (W.sum(axis=0) == 0) & (W.sum(axis=1) == 0)
    if drop_islands:
        x, W = x[~alone], W[~alone][:, ~alone]
    if x.size < 4 or W.sum() == 0 or np.ptp(x) == 0:
        raise EstimationError("autocorrelazione: servono quattro aree, vicini e valori che variano")
    return x, _row_standardised(W) if standardise else W, int(alone.sum())


def _row_standardised(W: FloatArray) -> FloatArray:
    total = W.sum(axis=1, keepdims=True)
    result: FloatArray = np.divide(W, total, out=np.zeros(W.shape), where=total > 0)
    return result


def _sums(W: FloatArray) -> tuple[float, float, float]:
    s1 = 0.5 * ((W + W.T) ** 2).sum()
    s2 = ((W.sum(axis=0) + W.sum(axis=1)) ** 2).sum()
    return float(W.sum()), float(s1), float(s2)


def _kurtosis(z: FloatArray) -> float:
    return float((z**4).mean() / (z**2).mean() ** 2)


def _moran_variance(z: FloatArray, W: FloatArray, assumption: str) -> float:
    n, s0, s1, s2 = z.size, *_sums(W)
    if assumption == "normality":
        moment = (n * n * s1 - n * s2 + 3 * s0**2) / ((n * n - 1) * s0**2)
        return float(moment - 1 / (n - 1) ** 2)
    k = _kurtosis(z)
    first = n * ((n * n - 3 * n + 3) * s1 - n * s2 + 3 * s0**2)
    second = k * ((n * n - n) * s1 - 2 * n * s2 + 6 * s0**2)
    moment = (first - second) / ((n - 1) * (n - 2) * (n - 3) * s0**2)
    return float(moment - 1 / (n - 1) ** 2)


def _result(
    value: float,
    expected: float,
    variance: float,
    drawn: FloatArray | None,
    n: int,
    islands: int,
) -> Autocorrelation:
    z = (value - expected) / float(np.sqrt(variance)) if variance > 0 else 0.0
    p_permutation = None
    if drawn is not None:
        above = int((drawn >= value - 1e-12).sum())
        below = int((drawn <= value + 1e-12).sum())
        p_permutation = (1 + min(above, below)) / (1 + drawn.size)
    p = 2 * float(stats.norm.sf(abs(z)))
    return Autocorrelation(value, expected, variance, z, p, p_permutation, n, islands)
