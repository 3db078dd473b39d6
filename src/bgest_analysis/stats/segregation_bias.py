"""What chance alone does to segregation in small units: nulls and bias corrections.

With few persons per unit the dissimilarity index is far from zero even when everybody is placed
at random. Carrington and Troske (1997, JBES 15:402) rescale by the mean under randomness; Allen,
Burgess, Davidson and Windmeijer (2015, Econometrics Journal 18:40) correct by bootstrap and by
density. All draws are made at once, as arrays draws x units.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import xlogy

from bgest_analysis.errors import EstimationError
from bgest_analysis.stats.checks import (
    FloatArray,
    choice,
    confidence,
    non_negative,
    same_length,
    vector,
)
from bgest_analysis.stats.segregation import (
    correlation_ratio,
    dissimilarity,
    entropy_index,
    gini_segregation,
    isolation,
)

Rng = np.random.Generator | int
IndexOfDraws = Callable[[FloatArray, FloatArray], FloatArray]
INDICES = ("dissimilarity", "isolation", "correlation_ratio", "entropy", "gini")
_BLOCK = 4_000_000  # numbers held at once while drawing


@dataclass(frozen=True, slots=True)
class RandomnessTest:
    """An index against what chance alone gives in units of these sizes.

    Attributes
    ----------
    observed
        The index as measured, 0 to 1.
    null_mean, null_low, null_high
        Mean and central interval of the index when persons are placed at random.
    excess
        (observed - mean) / (1 - mean): Carrington and Troske's index; below 0 when more even
        than chance.
    p_value
        Share of random placements at least as segregated, (1 + count) / (1 + draws).
    draws
        Number of random placements.
    level
        Level of the central interval.
    """

    observed: float
    null_mean: float
    null_low: float
    null_high: float
    excess: float
    p_value: float
    draws: int
    level: float


@dataclass(frozen=True, slots=True)
class CorrectedDissimilarity:
    """Dissimilarity with the upward bias of small units taken off.

    Attributes
    ----------
    raw
        The index as measured, 0 to 1.
    corrected
        The index after correction, never outside [0, 1].
    low, high
        Bootstrap percentile interval, shifted by the estimated bias; None for the density method
        without draws.
    method
        ``"density"`` or ``"bootstrap"``.
    """

    raw: float
    corrected: float
    low: float | None
    high: float | None
    method: str


def draw_null(
    group: ArrayLike,
    total: ArrayLike,
    draws: int = 1000,
    rng: Rng = 0,
    model: str = "binomial",
    index: str = "dissimilarity",
) -> FloatArray:
    """Return the index in `draws` random placements of the group over the units.

    Parameters
    ----------
    group, total
        Counts per unit.
    model
        ``binomial``: each person belongs to the group with the overall share;
        ``hypergeometric``: the group's size is kept as well as every unit's.
    index
        One of `INDICES`.

    Raises
    ------
    EstimationError
        If the group or the rest is empty, or a name is unknown.
    """
    own, size, function = _prepared(group, total, index)
    generator = np.random.default_rng(rng)
    rows = max(1, _BLOCK // size.size)
    parts = [
        function(_placements(own, size, min(rows, draws - start), generator, model), size)
        for start in range(0, draws, rows)
    ]
    return np.concatenate(parts)


def compare_with_chance(
    group: ArrayLike,
    total: ArrayLike,
    draws: int = 1000,
    rng: Rng = 0,
    model: str = "binomial",
    index: str = "dissimilarity",
    level: float = 0.95,
) -> RandomnessTest:
    """Return the index against its distribution under random placement; see `draw_null`.

    Raises
    ------
    EstimationError
        As `draw_null`.
    """
    null = draw_null(group, total, draws, rng, model, index)
    own, size, _ = _prepared(group, total, index)
    observed = float(_SCALAR[index](own, size))
    mean = float(null.mean())
    tail = (1 - confidence(level)) / 2
    low, high = np.quantile(null, [tail, 1 - tail])
    reached = int((null >= observed - 1e-12).sum())
    excess = (observed - mean) / (1 - mean)
    p_value = (1 + reached) / (1 + draws)
    return RandomnessTest(
        observed, mean, float(low), float(high), excess, p_value, draws, level
    )  # fmt: skip


def correct_dissimilarity(
    group: ArrayLike,
    total: ArrayLike,
    method: str = "density",
    draws: int = 1000,
    rng: Rng = 0,
    level: float = 0.95,
) -> CorrectedDissimilarity:
    """Return the dissimilarity index without the upward bias of small units.

    ``density``: each |x_i/X - y_i/Y|, in units of its standard error, is replaced by the centre
    that makes what was seen most likely for a folded normal (zero up to one standard error).
    ``bootstrap``: 2 D - mean(D*), both groups drawn again from their own multinomials; the
    interval is the percentile interval of D* - 2 (mean(D*) - D). Allen et al. (2015). Neither
    takes all the bias off when there is no segregation, and both take a little too much off when
    there is a lot of it: show the raw index beside.

    Raises
    ------
    EstimationError
        If the group or the rest is empty, or the method is unknown.
    """
    choice(method, ("density", "bootstrap"), "metodo")
    own, size, _ = _prepared(group, total, "dissimilarity")
    raw = dissimilarity(own, size)
    shifted = _bootstrap_dissimilarity(own, size, draws, np.random.default_rng(rng))
    bias = float(shifted.mean()) - raw
    corrected = raw - bias if method == "bootstrap" else _density_corrected(own, size)
    # Resampling adds the bias a second time: both are taken off.
    tail = (1 - confidence(level)) / 2
    ends = np.clip(np.quantile(shifted - 2 * bias, [tail, 1 - tail]), 0, 1)
    return CorrectedDissimilarity(
        raw, float(np.clip(corrected, 0, 1)), float(ends[0]), float(ends[1]), method
    )


def _density_corrected(own: FloatArray, size: FloatArray) -> float:
    rest = size - own
    p, q = own / own.sum(), rest / rest.sum()
    error = np.sqrt(p * (1 - p) / own.sum() + q * (1 - q) / rest.sum())
    seen = np.divide(np.abs(p - q), error, out=np.zeros(p.shape), where=error > 0)
    centre = np.where(error > 0, error * _most_likely_centre(seen), np.abs(p - q))
    return float(0.5 * centre.sum())


def _most_likely_centre(seen: FloatArray) -> FloatArray:
    """Return the mean of a folded unit normal that makes `seen` most likely (0 up to 1).

    The likelihood equation is centre = seen tanh(seen centre), solved by Newton steps.
    """
    centre = seen.copy()
    for _ in range(60):
        bend = np.tanh(seen * centre)
        slope = 1 - seen**2 * (1 - bend**2)
        step = (centre - seen * bend) / np.where(np.abs(slope) > 1e-9, slope, 1.0)
        centre = np.clip(centre - step, 0.0, seen)
    return np.where(seen <= 1, 0.0, centre)


def _bootstrap_dissimilarity(
    own: FloatArray, size: FloatArray, draws: int, generator: np.random.Generator
) -> FloatArray:
    rest = size - own
    p = generator.multinomial(round(own.sum()), own / own.sum(), draws) / round(own.sum())
    q = generator.multinomial(round(rest.sum()), rest / rest.sum(), draws) / round(rest.sum())
    result: FloatArray = 0.5 * np.abs(p - q).sum(axis=1)
    return result


def _prepared(
    group: ArrayLike, total: ArrayLike, index: str
) -> tuple[FloatArray, FloatArray, IndexOfDraws]:
    choice(index, INDICES, "indice")
    own = non_negative(vector(group, "gruppo"), "gruppo")
    size = vector(total, "totale")
    same_length(gruppo=own, totale=size)
    if (own > size).any() or own.sum() in (0, size.sum()):
        raise EstimationError("segregazione: il gruppo o il resto non ha persone, o lo supera")
    return own, size, _VECTOR[index]


def _placements(
    own: FloatArray, size: FloatArray, draws: int, generator: np.random.Generator, model: str
) -> FloatArray:
    choice(model, ("binomial", "hypergeometric"), "modello")
    whole = np.rint(size).astype(np.int64)
    if model == "hypergeometric":
        return generator.multivariate_hypergeometric(
            whole, round(own.sum()), size=draws, method="marginals"
        ).astype(np.float64)
    drawn = generator.binomial(whole, own.sum() / size.sum(), (draws, whole.size))
    return drawn.astype(np.float64)


def _many_dissimilarity(own: FloatArray, size: FloatArray) -> FloatArray:
    x, y = _spread(own), _spread(size - own)
    result: FloatArray = 0.5 * np.abs(x - y).sum(axis=1)
    return result


def _many_isolation(own: FloatArray, size: FloatArray) -> FloatArray:
    result: FloatArray = (_spread(own) * own / np.where(size > 0, size, 1)).sum(axis=1)
    return result


def _many_correlation_ratio(own: FloatArray, size: FloatArray) -> FloatArray:
    share = own.sum(axis=1) / size.sum()
    usable = (share > 0) & (share < 1)
    ratio = (_many_isolation(own, size) - share) / np.where(usable, 1 - share, 1)
    return np.where(usable, ratio, 0.0)


def _many_entropy(own: FloatArray, size: FloatArray) -> FloatArray:
    inner = own / np.where(size > 0, size, 1)
    whole = own.sum(axis=1) / size.sum()
    total = _binary_entropy(whole)
    within = (size * _binary_entropy(inner)).sum(axis=1) / size.sum()
    return np.where(total > 0, 1 - within / np.where(total > 0, total, 1), 0.0)


def _many_gini(own: FloatArray, size: FloatArray) -> FloatArray:
    order = np.argsort(own / np.where(size > 0, size, 1), axis=1, kind="stable")
    x = np.cumsum(np.take_along_axis(_spread(own), order, 1), axis=1)
    y = np.cumsum(np.take_along_axis(_spread(size - own), order, 1), axis=1)
    result: FloatArray = np.abs((x[:, :-1] * y[:, 1:] - x[:, 1:] * y[:, :-1]).sum(axis=1))
    return result


def _binary_entropy(share: FloatArray) -> FloatArray:
    result: FloatArray = -xlogy(share, share) - xlogy(1 - share, 1 - share)
    return result


def _spread(counts: FloatArray) -> FloatArray:
    total = counts.sum(axis=1, keepdims=True)
    return counts / np.where(total > 0, total, 1)


_VECTOR: dict[str, IndexOfDraws] = {
    "dissimilarity": _many_dissimilarity,
    "isolation": _many_isolation,
    "correlation_ratio": _many_correlation_ratio,
    "entropy": _many_entropy,
    "gini": _many_gini,
}
_SCALAR = {
    "dissimilarity": dissimilarity,
    "isolation": isolation,
    "correlation_ratio": correlation_ratio,
    "entropy": entropy_index,
    "gini": gini_segregation,
}
