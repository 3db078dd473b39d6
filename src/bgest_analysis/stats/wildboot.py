"""The restricted wild cluster bootstrap, fully enumerated, with ties counted.

For all v in {-1, +1}^G (or Webb's six points) the outcome is rebuilt from the restricted fit plus
v_g times the restricted residuals of cluster g, and t is computed again;
p = #{|t*| >= |t|} / #draws. Ties count: the identity and its mirror always give |t| itself, so p
is never zero. It is not exact: with 7 clusters, 3 treated, it rejects about 6.6% at 5%. Call it
"fully enumerated". Sources: Cameron, Gelbach and Miller (2008, REStat 90:414); Webb (2023,
Canadian J. Economics 56:839); MacKinnon, Nielsen and Webb (2023, J. Econometrics 232:272).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from bgest_analysis.errors import EstimationError
from bgest_analysis.stats.checks import FloatArray, choice, confidence
from bgest_analysis.stats.cluster_fit import (
    CoefficientParts,
    clustered_data,
    coefficient_parts,
    contrast_of,
)
from bgest_analysis.stats.intervals import bisect_end

POINTS = {
    "rademacher": (-1.0, 1.0),
    "webb": tuple(sign * np.sqrt(size) for sign in (-1, 1) for size in (0.5, 1.0, 1.5)),
}
ENUMERATED_AT_MOST = 2**18 + 2**15  # full sets: 2^18 signs (G = 18), 6^7 Webb points (G = 7)
_TIE = 1e-9


@dataclass(frozen=True, slots=True)
class WildBootstrap:
    """A restricted wild cluster bootstrap test, with the interval that inverts it.

    Attributes
    ----------
    estimate
        The coefficient, in outcome units per unit of the regressor.
    std_error, t
        Cluster-robust (CR1) error and t statistic against `null`.
    p_value
        Share of draws with |t*| >= |t|, ties counted.
    p_smallest
        Smallest p-value these draws can give.
    low, high
        Values of the coefficient not rejected at 1 - level; infinite ends are answers.
    clusters, draws
        Number of clusters; number of weight vectors (all of them when enumerated).
    enumerated
        True when every weight vector was used: "fully enumerated", which is not "exact".
    weights, level, null
        Distribution of the weights, confidence level, value tested.
    """

    estimate: float
    std_error: float
    t: float
    p_value: float
    p_smallest: float
    low: float | None
    high: float | None
    clusters: int
    draws: int
    enumerated: bool
    weights: str
    level: float
    null: float


def wild_cluster_bootstrap(
    outcome: ArrayLike,
    design: ArrayLike,
    clusters: Any,
    coefficient: int | ArrayLike = -1,
    *,
    null: float = 0.0,
    weights: str = "rademacher",
    draws: int = 9999,
    rng: np.random.Generator | int = 0,
    level: float = 0.95,
    interval: bool = True,
    sample_weights: ArrayLike | None = None,
    fixed_effects: Sequence[Any] = (),
) -> WildBootstrap:
    """Return the restricted wild cluster bootstrap of one coefficient.

    Parameters
    ----------
    outcome, design, clusters
        n, n x k (constant included when wanted) and n labels.
    coefficient
        Position of the coefficient in `design` (default the last), or a contrast of k numbers.
    null
        Value under the null hypothesis, imposed on the residuals (restricted).
    weights
        ``rademacher``, ``webb``, or ``auto``: Webb when all signs give fewer than 100 distinct
        |t| (up to 7 clusters). Few signs make p coarse: 7 clusters give only 64 distinct |t|.
    draws
        Random weight vectors where enumeration is too large (more than 18 clusters with signs,
        7 with Webb's points); the identity is added to them, so p = (1 + count) / (1 + draws).
    interval
        Whether to invert the test (cheap: each value costs one pass over the draws).
    sample_weights, fixed_effects
        Weights of rows, and vectors of labels added as dummies.

    Raises
    ------
    EstimationError
        If the coefficient is not identified, there are fewer than two clusters, or its
        cluster-robust variance is zero (nothing to compare with).
    """
    choice(weights, ("rademacher", "webb", "auto"), "pesi")
    data = clustered_data(outcome, design, clusters, sample_weights, fixed_effects)
    parts = coefficient_parts(data, contrast_of(coefficient, data))
    groups = data.clusters.size
    if weights == "auto":
        weights = "webb" if 2 ** (groups - 1) < 100 else "rademacher"
    v, total, enumerated = _weight_vectors(groups, weights, draws, np.random.default_rng(rng))
    error = _std_error(parts)
    ends: tuple[float | None, float | None] = (None, None)
    if interval:
        ends = _inverted(parts, v, 1 - confidence(level), error)
    p, least = _p_value(parts, v, null)
    return WildBootstrap(
        parts.estimate, error, (parts.estimate - null) / error, p, least, *ends,
        groups, total, enumerated, weights, level, null,
    )  # fmt: skip


def _weight_vectors(
    groups: int, weights: str, draws: int, generator: np.random.Generator
) -> tuple[FloatArray, int, bool]:
    """Return weight vectors (one of each mirrored pair), the identity first when drawn."""
    points = POINTS[weights]
    total = len(points) ** groups
    if total <= ENUMERATED_AT_MOST:
        # |t*| is the same for v and -v: half of the vectors say everything.
        return _all_vectors(groups, points), total, True
    v = np.array(points)[generator.integers(0, len(points), (draws + 1, groups), dtype=np.int8)]
    v[0] = 1.0
    return v, draws + 1, False


def _all_vectors(groups: int, points: tuple[float, ...]) -> FloatArray:
    if len(points) == 2:
        bits = np.arange(2 ** (groups - 1))[:, None] >> np.arange(groups - 1) & 1
        return np.column_stack([np.ones(len(bits)), 1.0 - 2.0 * bits])
    positive = [point for point in points if point > 0]
    tails = np.array(list(product(points, repeat=groups - 1)))
    heads = np.repeat(positive, len(tails))
    return np.column_stack([heads, np.tile(tails, (len(positive), 1))])


def _std_error(parts: CoefficientParts) -> float:
    # The unrestricted fit is the restricted one at the estimate.
    scores = parts.score_outcome - parts.estimate * parts.score_regressor
    error = float(np.sqrt(parts.correction * (scores**2).sum())) / parts.square
    scale = np.sqrt((parts.score_outcome**2).sum()) / parts.square
    if error <= 1e-12 * max(scale, abs(parts.estimate), 1e-300):
        raise EstimationError("varianza nulla tra i gruppi: il test non è possibile")
    return error


def _t_squared(parts: CoefficientParts, v: FloatArray, null: float) -> FloatArray:
    """Return the squared t of every weight vector under the null, up to a constant factor."""
    scores = parts.score_outcome - null * parts.score_regressor
    mix = parts.mix_outcome - null * parts.mix_regressor
    refitted = v @ np.column_stack([np.diag(scores) - mix.T, scores])
    left = refitted[:, :-1]
    return _ratio(refitted[:, -1] ** 2, np.einsum("dg,dg->d", left, left))


def _ratio(top: FloatArray, bottom: FloatArray) -> FloatArray:
    """Return top / bottom; infinite where only the bottom vanishes, 0 where both do."""
    floor = 1e-20 * max(float(top.max()), float(bottom.max()), 1e-300)
    result: FloatArray = np.where(
        bottom > floor,
        top / np.where(bottom > floor, bottom, 1.0),
        np.where(top > floor, np.inf, 0.0),
    )
    return result


def _p_value(parts: CoefficientParts, v: FloatArray, null: float) -> tuple[float, float]:
    found = _t_squared(parts, v, null)
    seen = _t_squared(parts, np.ones((1, v.shape[1])), null)[0]
    reached = found >= seen * (1 - 2 * _TIE)
    alike = (v == v[:, :1]).all(axis=1)  # v and -v proportional to the identity
    return float(reached.mean()), float(alike.mean())


def _inverted(
    parts: CoefficientParts, v: FloatArray, alpha: float, error: float
) -> tuple[float, float]:
    """Return the smallest and largest values not rejected.

    The squared t of every draw is a ratio of two squares in the value tested: with the origin at
    the estimate each value costs one pass over the draws. Outward to 10,000 errors; beyond that
    an end is called infinite.
    """
    centred = parts.score_outcome - parts.estimate * parts.score_regressor
    mix = parts.mix_outcome - parts.estimate * parts.mix_regressor
    every = np.concatenate([np.ones((1, v.shape[1])), v])
    own = [every @ part for part in (centred, parts.score_regressor)]
    base = every @ (np.diag(centred) - mix.T)
    slope = every @ (np.diag(parts.score_regressor) - parts.mix_regressor.T)
    square = [(base**2).sum(axis=1), (base * slope).sum(axis=1), (slope**2).sum(axis=1)]

    def accepts(shift: float) -> bool:
        bottom = square[0] - 2 * shift * square[1] + shift**2 * square[2]
        squared = _ratio((own[0] - shift * own[1]) ** 2, np.maximum(bottom, 0.0))
        return bool((squared[1:] >= squared[0] * (1 - 2 * _TIE)).mean() > alpha)

    ends = [_far_end(accepts, side * error) for side in (-1.0, 1.0)]
    return parts.estimate + ends[0], parts.estimate + ends[1]


def _far_end(accepts: Callable[[float], bool], step: float) -> float:
    steps = step * np.geomspace(0.05, 1e4, 40)
    last = next((i for i in reversed(range(40)) if accepts(float(steps[i]))), None)
    if last is None:
        return bisect_end(accepts, 0.0, float(steps[0]))
    if last == len(steps) - 1:
        return float(np.copysign(np.inf, step))
    return bisect_end(accepts, float(steps[last]), float(steps[last + 1]))
