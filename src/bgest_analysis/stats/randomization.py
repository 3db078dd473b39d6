"""Randomisation inference over the assignments that the design could really have made.

The only inference here that may be called exact: under the sharp null the outcomes are fixed and
only the assignment is random. Ties count, so the p-value is never zero, and the smallest one the
design allows always stands beside it (1/35 for 3 treated of 7). Sources: Fisher (1935);
Rosenbaum (2002, Stat Sci 17:286) for covariates and inversion; Westfall and Young (1993) for
several outcomes; Young (2019, QJE 134:557).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike
from scipy import stats

from bgest_analysis.errors import EstimationError
from bgest_analysis.stats.assignments import (
    ENUMERATED_AT_MOST,
    count_assignments,
    differences_of_all,
    differences_of_table,
    draw_assignments,
)
from bgest_analysis.stats.checks import (
    BoolArray,
    FloatArray,
    IntArray,
    choice,
    confidence,
    flags,
    labels,
    matrix,
    positive,
    same_length,
    vector,
)
from bgest_analysis.stats.cluster_means import cluster_means

SIDES = ("two-sided", "greater", "less")
_TIE = 1e-9


@dataclass(frozen=True, slots=True)
class RandomizationResult:
    """A randomisation test with the interval that inverts it.

    Attributes
    ----------
    estimate
        Difference of means, treated less others, in the unit of the outcome.
    p_value
        Share of assignments whose statistic is at least as extreme, ties counted.
    p_smallest
        The smallest p-value this design can give, whatever the outcomes.
    low, high
        Constant effects not rejected at 1 - level; infinite where the design cannot exclude any.
    n_assignments
        Assignments in the scheme (all of them, also when only some were drawn).
    exact
        True when all assignments were enumerated; False when `draws` were drawn.
    draws
        Assignments used.
    level, alternative, null
        Confidence level, side, and effect under the null.
    """

    estimate: float
    p_value: float
    p_smallest: float
    low: float
    high: float
    n_assignments: int
    exact: bool
    draws: int
    level: float
    alternative: str
    null: float


def randomization_test(
    outcome: ArrayLike,
    treated: ArrayLike,
    *,
    strata: Any = None,
    assignments: ArrayLike | None = None,
    clusters: Any = None,
    covariates: ArrayLike | None = None,
    weights: ArrayLike | None = None,
    null: float = 0.0,
    alternative: str = "two-sided",
    level: float = 0.95,
    draws: int = 9999,
    rng: np.random.Generator | int = 0,
) -> RandomizationResult:
    """Return the randomisation test of a constant effect `null`, with the interval inverted.

    Parameters
    ----------
    outcome, treated
        One per unit; `treated` 0/1 as it happened.
    strata
        Labels inside which treatment was assigned; the number treated in each is kept.
    assignments
        The scheme itself, assignments x units of 0/1, when it is neither complete nor
        stratified; must contain what happened. Equally likely rows; repeat a row to weigh it.
    clusters
        Labels of what was assigned: outcomes become cluster means, one vote each. `strata` and
        `assignments` then speak of units, or of clusters sorted by label for `assignments`.
    covariates
        Units x k; outcomes (less the effect tested) are first freed of them by least squares.
    weights
        Weight of each unit in its mean.
    draws
        Assignments drawn when there are more than 5,000,000; then `exact` is False and
        p = (1 + count) / (1 + draws): what happened is added to the draws.

    Raises
    ------
    EstimationError
        If nobody or everybody is treated, the scheme lacks what happened, or it has one row.
    """
    choice(alternative, SIDES, "alternativa")
    confidence(level)
    y, d, groups, w, X = _units(outcome, treated, strata, clusters, weights, covariates)
    both = _free_of(X, w, np.column_stack([y, d.astype(np.float64)]))
    seen = differences_of_table(both, d[None, :], groups, w)[:, 0]
    found, total, exact = _distribution(both, d, groups, w, assignments, draws, rng)
    if found.shape[1] < 2:
        raise EstimationError("lo schema ha una sola assegnazione: nessun test è possibile")
    p = _p_value(found, seen, null, alternative)
    least = _smallest(found[1], seen[1], alternative, exact)
    low, high = _inverted(found, seen, alternative, 1 - level)
    return RandomizationResult(
        float(seen[0] / seen[1]), p, least, low, high, total, exact, found.shape[1],
        level, alternative, null,
    )  # fmt: skip


def smallest_p(
    treated: ArrayLike,
    strata: Any = None,
    assignments: ArrayLike | None = None,
    alternative: str = "two-sided",
) -> float:
    """Return the smallest p-value that a randomisation test of this design can give.

    1 / assignments, twice as much two-sided where the mirror of what happened is in the scheme
    too. Asked before any outcome is seen.

    Raises
    ------
    EstimationError
        As `randomization_test`.
    """
    d = flags(treated, "trattati")
    result = randomization_test(
        d.astype(np.float64), d, strata=strata, assignments=assignments, alternative=alternative
    )
    return result.p_smallest


def sign_flip_test(
    differences: ArrayLike,
    null: float = 0.0,
    alternative: str = "two-sided",
    level: float = 0.95,
    draws: int = 99999,
    rng: np.random.Generator | int = 0,
) -> RandomizationResult:
    """Return the exact sign-flip test of paired differences (mean), with its interval.

    All 2^n changes of sign up to 22 pairs, `draws` random ones beyond (then not exact).

    Raises
    ------
    EstimationError
        If there are fewer than two pairs.
    """
    choice(alternative, SIDES, "alternativa")
    x = vector(differences, "differenze", 2)
    exact = 2.0**x.size <= ENUMERATED_AT_MOST
    if exact:
        found = _sign_sums(np.column_stack([x, np.ones(x.size)])) / x.size
    else:
        signs = np.random.default_rng(rng).choice((-1.0, 1.0), (draws + 1, x.size))
        signs[0] = 1.0  # what was seen is one of them
        found = (signs @ np.column_stack([x, np.ones(x.size)])).T / x.size
    seen = np.array([x.mean(), 1.0])
    low, high = _inverted(found, seen, alternative, 1 - confidence(level))
    return RandomizationResult(
        float(seen[0]), _p_value(found, seen, null, alternative),
        _smallest(found[1], 1.0, alternative, exact), low, high, 2**x.size, exact,
        found.shape[1], level, alternative, null,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class FisherExact:
    """Fisher's exact test of a 2 x 2 table.

    Attributes
    ----------
    p_value
        Of the side asked for; two-sided sums tables no more likely than the one seen.
    odds_ratio
        Sample odds ratio ad/bc; infinite when b or c is zero, 1 when a side is empty too.
    alternative
        Side.
    """

    p_value: float
    odds_ratio: float
    alternative: str


def fisher_exact(table: ArrayLike, alternative: str = "two-sided") -> FisherExact:
    """Return Fisher's exact test of a 2 x 2 table of counts (hypergeometric, margins fixed).

    Raises
    ------
    EstimationError
        If the table is not 2 x 2, has negative counts or is empty.
    """
    choice(alternative, SIDES, "alternativa")
    counts = matrix(table, "tabella")
    if counts.shape != (2, 2) or (counts < 0).any() or counts.sum() == 0:
        raise EstimationError("Fisher: serve una tabella 2 x 2 di conteggi")
    (a, b), (c, d) = counts
    odds = float(a * d / (b * c)) if b * c > 0 else (float("inf") if a * d > 0 else 1.0)
    p = float(stats.fisher_exact(np.rint(counts).astype(int), alternative).pvalue)
    return FisherExact(p, odds, alternative)


def adjusted_p_values(
    outcomes: ArrayLike,
    treated: ArrayLike,
    *,
    strata: Any = None,
    draws: int = 9999,
    rng: np.random.Generator | int = 0,
) -> FloatArray:
    """Return step-down p-values of several outcomes (units x q) adjusted by Westfall and Young.

    The largest of the studentised differences over the outcomes not yet rejected, under every
    assignment: dependence between outcomes is used, the familywise error kept.

    Raises
    ------
    EstimationError
        As `randomization_test`.
    """
    Y, d = matrix(outcomes, "esiti"), flags(treated, "trattati")
    groups = np.zeros(d.size, dtype=np.int64) if strata is None else labels(strata, "strati")[1]
    same_length(esiti=Y, trattati=d, strati=groups)
    _both_sides(d)
    w = np.ones(d.size)
    seen = np.abs(differences_of_table(Y, d[None, :], groups, w)[:, 0])
    found, _, _ = _distribution(Y, d, groups, w, None, draws, rng)
    spread = np.sqrt((found**2).mean(axis=1))
    spread = np.where(spread > 0, spread, 1.0)
    order = np.argsort(-seen / spread, kind="stable")
    ranked = (np.abs(found) / spread[:, None])[order]
    largest = np.maximum.accumulate(ranked[::-1], axis=0)[::-1]
    reached = largest >= ((seen / spread)[order] * (1 - _TIE))[:, None]
    p = np.maximum.accumulate(reached.mean(axis=1))
    result = np.empty(seen.size)
    result[order] = p
    return result


def _units(
    outcome: ArrayLike,
    treated: ArrayLike,
    strata: Any,
    clusters: Any,
    weights: ArrayLike | None,
    covariates: ArrayLike | None,
) -> tuple[FloatArray, BoolArray, IntArray, FloatArray, FloatArray | None]:
    y, d = vector(outcome, "esito", 2), flags(treated, "trattati")
    w = np.ones(y.size) if weights is None else positive(vector(weights, "pesi"), "pesi")
    groups = np.zeros(y.size, dtype=np.int64) if strata is None else labels(strata, "strati")[1]
    X = None if covariates is None else matrix(covariates, "covariate")
    same_length(esito=y, trattati=d, strati=groups, pesi=w)
    if clusters is not None:
        y, d, groups, X = _to_clusters(y, d, groups, X, clusters, w)
        w = np.ones(y.size)
    _both_sides(d)
    return y, d, groups, w, X


def _to_clusters(
    y: FloatArray,
    d: BoolArray,
    strata: IntArray,
    X: FloatArray | None,
    clusters: Any,
    w: FloatArray,
) -> tuple[FloatArray, BoolArray, IntArray, FloatArray | None]:
    means = cluster_means(y, d, clusters, w)
    stratum = cluster_means(strata.astype(np.float64), d, clusters).mean
    if (stratum != np.rint(stratum)).any():
        raise EstimationError("almeno un gruppo sta in più strati")
    if X is not None:
        X = np.column_stack([cluster_means(column, d, clusters, w).mean for column in X.T])
    return means.mean, means.treated, stratum.astype(np.int64), X


def _both_sides(d: BoolArray) -> None:
    if not d.any() or d.all():
        raise EstimationError("serve almeno un trattato e un non trattato: non c'è confronto")


def _free_of(X: FloatArray | None, w: FloatArray, columns: FloatArray) -> FloatArray:
    if X is None:
        return columns
    root = np.sqrt(w)[:, None]
    design = np.column_stack([np.ones(len(X)), X])
    fit = np.linalg.lstsq(design * root, columns * root, rcond=None)[0]
    result: FloatArray = columns - design @ fit
    return result


def _distribution(
    values: FloatArray,
    d: BoolArray,
    groups: IntArray,
    w: FloatArray,
    assignments: ArrayLike | None,
    draws: int,
    rng: np.random.Generator | int,
) -> tuple[FloatArray, int, bool]:
    if assignments is not None:
        table = matrix(assignments, "assegnazioni").astype(bool)
        if table.shape[1] != d.size or not (table == d).all(axis=1).any():
            raise EstimationError("lo schema delle assegnazioni non contiene quella avvenuta")
        return differences_of_table(values, table, groups, w), table.shape[0], True
    total = count_assignments(d, groups)
    if total <= ENUMERATED_AT_MOST:
        return differences_of_all(values, d, groups, w), total, True
    drawn = draw_assignments(d, groups, draws, np.random.default_rng(rng))
    table = np.concatenate([d[None, :], drawn])  # what happened is one of them
    return differences_of_table(values, table, groups, w), total, False


def _p_value(found: FloatArray, seen: FloatArray, null: float, alternative: str) -> float:
    statistic, observed = found[0] - null * found[1], seen[0] - null * seen[1]
    tie = _TIE * max(float(np.abs(statistic).max()), abs(observed))
    if alternative == "two-sided":
        reached = np.abs(statistic) >= abs(observed) - tie
    elif alternative == "greater":
        reached = statistic >= observed - tie
    else:
        reached = statistic <= observed + tie
    return float(reached.mean())


def _smallest(overlap: FloatArray, own: float, alternative: str, exact: bool) -> float:
    """Return the share of assignments that no outcome can tell from the one that happened."""
    if not exact:
        return 1.0 / overlap.size
    near = own * (1 - _TIE)
    reached = np.abs(overlap) >= near if alternative == "two-sided" else overlap >= near
    return float(reached.mean())


def _inverted(
    found: FloatArray, seen: FloatArray, alternative: str, alpha: float
) -> tuple[float, float]:
    """Return the effects not rejected, from the values at which each assignment changes sides.

    Assignment z is at least as extreme for effects between its own two ends; the end of the
    interval is the (floor(alpha N) + 1)-th most distant of them.
    """
    a, b, c, e = found[0], found[1], float(seen[0]), float(seen[1])
    rank = int(np.floor(alpha * a.size + 1e-9))
    with np.errstate(divide="ignore", invalid="ignore"):
        same = np.where(b < e * (1 - _TIE), (c - a) / (e - b), np.nan)
        mirror = np.where(b > -e * (1 - _TIE), (c + a) / (e + b), np.nan)
    if alternative == "greater":
        return float(np.sort(np.where(np.isnan(same), -np.inf, same))[rank]), float("inf")
    if alternative == "less":
        return float("-inf"), float(np.sort(np.where(np.isnan(same), np.inf, same))[-rank - 1])
    none = np.isnan(same) | np.isnan(mirror)
    low = np.where(none, -np.inf, np.fmin(same, mirror))
    high = np.where(none, np.inf, np.fmax(same, mirror))
    return float(np.sort(low)[rank]), float(np.sort(high)[-rank - 1])


def _sign_sums(columns: FloatArray) -> FloatArray:
    sums = np.zeros((columns.shape[1], 1))
    for row in columns:
        sums = np.concatenate([sums + row[:, None], sums - row[:, None]], axis=1)
    return sums
