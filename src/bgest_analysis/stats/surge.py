"""A surge that fades: how large it was on its first day, how fast it halved, how sure that is.

From a known day on, the expected count of a period is multiplied by 1 + size x mean over the
period of 0.5^(days / half-life). The other terms (level, trend, seasons, other shocks) are
log-linear. The likelihood is Poisson, computed on a grid of (size, half-life) with the other terms
at their maximum; the intervals are those of the profile likelihood (Venzon and Moolgavkar 1988)
with the dispersion of quasi-likelihood (McCullagh and Nelder 1989, section 9.2).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy import stats

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

SIZES = np.expm1(np.linspace(np.log(0.2), np.log(21.0), 61))  # -0.8 to 20 times the ordinary
HALF_LIVES = np.geomspace(10.0, 1_500.0, 31)  # days
STEPS = 8


@dataclass(frozen=True, slots=True)
class Profile:
    """A quantity with its profile-likelihood interval.

    Attributes
    ----------
    value
        Where the likelihood is largest.
    low, high
        Ends of the interval; where the grid ends inside it the data set no limit on that side: the
        low end is then the least possible value (-1, or 0 days), the high one infinite.
    """

    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Surge:
    """A surge that halves at a constant pace.

    Attributes
    ----------
    size
        Extra on the first day, in multiples of the ordinary level; negative for a fall.
    half_life
        Days in which the extra halves.
    statistic, p_value
        Likelihood ratio over dispersion (F) against no surge, and its p-value.
    dispersion
        Pearson's, at least 1.
    fitted, ordinary
        Expected counts of every period, with the surge and without.
    n, df, level
        Periods, degrees of freedom left, confidence level.
    """

    size: Profile
    half_life: Profile
    statistic: float
    p_value: float
    dispersion: float
    fitted: FloatArray
    ordinary: FloatArray
    n: int
    df: int
    level: float


def fading_surge(
    counts: ArrayLike,
    begin: ArrayLike,
    end: ArrayLike,
    design: ArrayLike,
    *,
    exposure: ArrayLike | None = None,
    half_lives: ArrayLike = HALF_LIVES,
    sizes: ArrayLike = SIZES,
    level: float = 0.95,
) -> Surge:
    """Return size and half-life of a surge that starts on day 0.

    Parameters
    ----------
    counts
        Events of each period, or another amount that is not negative (hours).
    begin, end
        First day of each period and the day after its last, counted from the shock.
    design
        Periods x k: constant, trend, seasons, other shocks (log scale).
    exposure
        Positive amount the counts are in proportion to; default 1.
    half_lives, sizes
        Grid of days and of multiples (> -1), both ascending; one half-life alone fixes it.

    Raises
    ------
    EstimationError
        If the periods are too few for the terms, none lies after the shock, the design is
        collinear, or the grid is out of range.
    """
    y, X = non_negative(vector(counts, "conteggi"), "conteggi"), matrix(design, "disegno")
    start, stop = vector(begin, "inizio"), vector(end, "fine")
    base = np.ones(y.size) if exposure is None else positive(vector(exposure, "base"), "base")
    n = same_length(conteggi=y, disegno=X, inizio=start, fine=stop, base=base)
    h = positive(vector(half_lives, "tempi di dimezzamento"), "tempi di dimezzamento")
    a = vector(sizes, "ampiezze", 3)
    _check(y, X, start, stop, a, h)
    pull = np.array([intensity(start, stop, days) for days in h])
    ratio = base * (1 + a[:, None, None] * pull[None, :, :])
    found = _log_likelihood(y, X, ratio.reshape(-1, n)).reshape(a.size, h.size)
    i, j = np.unravel_index(int(np.argmax(found)), found.shape)
    fitted = _means(y, X, ratio[i, j][None, :])[0]
    df = n - X.shape[1] - 1 - int(h.size > 1)
    spread = max(1.0, float(((y - fitted) ** 2 / fitted).sum()) / df)
    peak = float(found[i, j])
    cut = peak - spread * float(stats.f.isf(1 - confidence(level), 1, df)) / 2
    none = float(_log_likelihood(y, X, base[None, :])[0])
    shared = 1 + int(h.size > 1)
    statistic = max(0.0, 2 * (peak - none) / spread / shared)
    return Surge(
        _profile(np.log1p(a), found.max(axis=1), cut, np.expm1),
        _profile(np.log(h), found.max(axis=0), cut, np.exp),
        statistic, float(stats.f.sf(statistic, shared, df)), spread,
        fitted, fitted * base / ratio[i, j], n, df, level,
    )  # fmt: skip


def intensity(begin: FloatArray, end: FloatArray, half_life: float) -> FloatArray:
    """Return the mean over each period of 0.5^(days since 0 / half-life), 0 before day 0.

    `begin` and `end` in days from the shock, end not included; the integral over the period,
    divided by its length.
    """
    rate = np.log(2) / half_life
    first, last = np.maximum(begin, 0.0), np.maximum(end, 0.0)
    area = (np.exp(-rate * first) - np.exp(-rate * last)) / rate
    result: FloatArray = area / (end - begin)
    return result


def _check(
    y: FloatArray, X: FloatArray, begin: FloatArray, end: FloatArray, a: FloatArray, h: FloatArray
) -> None:
    if (a <= -1).any() or (np.diff(a) <= 0).any() or (np.diff(h) <= 0).any():
        raise EstimationError("ondata: ampiezze e tempi devono crescere, le ampiezze sopra -1")
    if (end <= begin).any():
        raise EstimationError("ondata: ogni periodo deve finire dopo il suo inizio")
    if (end <= 0).all() or (begin >= 0).all():
        raise EstimationError("ondata: servono periodi prima e dopo l'inizio")
    if y.size < X.shape[1] + 4:
        raise EstimationError("ondata: troppo pochi periodi per i termini del modello")
    if np.linalg.matrix_rank(X) < X.shape[1]:
        raise EstimationError("ondata: termini collineari")
    if y.sum() == 0:
        raise EstimationError("ondata: tutti i conteggi sono zero")


def _means(y: FloatArray, X: FloatArray, ratio: FloatArray) -> FloatArray:
    """Return the expected counts with the log-linear terms at their maximum, one row a ratio.

    Fisher scoring with offset log(ratio), all rows at once; the first step starts from the data.
    """
    n, k = X.shape
    pairs = np.einsum("nk,nl->nkl", X, X).reshape(n, k * k)
    eta = np.log(y + 0.5)[None, :] - np.log(ratio)
    for _ in range(STEPS):
        mu = np.exp(np.clip(eta, -30, 30)) * ratio
        worked = eta + y / mu - 1
        information = (mu @ pairs).reshape(-1, k, k)
        score = (mu * worked) @ X
        beta = np.linalg.solve(information, score[:, :, None])[:, :, 0]
        eta = beta @ X.T
    result: FloatArray = np.exp(np.clip(eta, -30, 30)) * ratio
    return result


def _log_likelihood(y: FloatArray, X: FloatArray, ratio: FloatArray) -> FloatArray:
    mu = _means(y, X, ratio)
    result: FloatArray = (y * np.log(mu) - mu).sum(axis=1)
    return result


def _profile(grid: FloatArray, height: FloatArray, cut: float, back: np.ufunc) -> Profile:
    """Return the top of a profile (by the parabola through it) and where it crosses `cut`."""
    top = int(np.argmax(height))
    peak = float(grid[top])
    if 0 < top < grid.size - 1:
        left, middle, right = height[top - 1 : top + 2]
        bend = left - 2 * middle + right
        peak += 0.5 * (left - right) / bend * (grid[top + 1] - grid[top]) if bend < 0 else 0.0
    ends = [_crossing(grid, height, cut, range(top, -1, -1))]
    ends.append(_crossing(grid, height, cut, range(top, grid.size)))
    low, high = (float(back(end)) for end in ends)
    return Profile(float(back(peak)), low, high)


def _crossing(grid: FloatArray, height: FloatArray, cut: float, places: range) -> float:
    """Return where the profile, followed from its top, falls below `cut`; infinite if never."""
    before = places[0]
    for place in places:
        if height[place] < cut:
            share = (height[before] - cut) / (height[before] - height[place])
            return float(grid[before] + share * (grid[place] - grid[before]))
        before = place
    return float("inf") * places.step
