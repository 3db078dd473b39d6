"""The ORIM/ISMU integration index: mean ridit-like score over ordinal variables.

For each ordinal variable a category scores the share of the sample below it less the share above
it, in [-1, 1] (= 2 ridit - 1, Bross 1958); a person's index is the mean over the variables
(Regione Lombardia, Osservatorio ORIM, Fondazione ISMU). The mean over the sample is 0 by
construction: compare groups inside one sample, never across samples.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike
from scipy import stats

from bgest_analysis.errors import EstimationError
from bgest_analysis.stats.checks import (
    FloatArray,
    Labels,
    choice,
    confidence,
    labels,
    positive,
    same_length,
    vector,
)


@dataclass(frozen=True, slots=True)
class OrimGroups:
    """The mean index of groups of one sample, no unit, -1 to 1 (0 = the whole sample).

    Attributes
    ----------
    groups
        Labels, sorted.
    mean, low, high
        Mean index of each group and its t interval; a group of one has an infinite interval.
    n
        Persons with an index in each group.
    level
        Confidence level.
    """

    groups: Labels
    mean: FloatArray
    low: FloatArray
    high: FloatArray
    n: FloatArray
    level: float


def ordinal_scores(values: ArrayLike, weights: ArrayLike | None = None) -> FloatArray:
    """Return the score of each person on one ordinal variable, NaN where it is missing.

    `values` are ordered codes, higher = better integrated; missing as NaN. Score = weighted
    share of lower answers less share of higher ones among those who answered.

    Raises
    ------
    EstimationError
        If nobody answered or lengths differ.
    """
    x = np.asarray(values, dtype=np.float64)
    if x.ndim != 1 or np.isnan(x).all():
        raise EstimationError("indice ORIM: una variabile non ha risposte")
    w = np.ones(x.size) if weights is None else positive(vector(weights, "pesi"), "pesi")
    same_length(valori=x, pesi=w)
    answered = ~np.isnan(x)
    distinct, codes = np.unique(x[answered], return_inverse=True)
    share = np.bincount(codes, w[answered], distinct.size) / w[answered].sum()
    below = np.cumsum(share) - share
    result = np.full(x.size, np.nan)
    result[answered] = (below - (1 - below - share))[codes]
    return result


def orim_index(
    variables: ArrayLike, weights: ArrayLike | None = None, missing: str = "complete"
) -> FloatArray:
    """Return the index of each person: mean of the scores over the variables.

    Parameters
    ----------
    variables
        Persons x variables of ordered codes, higher = better integrated, missing as NaN.
    weights
        Survey weights of the persons, used for the shares.
    missing
        ``complete``: NaN for persons with a missing answer; ``available``: mean over the
        variables answered.

    Returns
    -------
    FloatArray
        One per person, -1 to 1, NaN where it has none.

    Raises
    ------
    EstimationError
        If a variable has no answers.
    """
    choice(missing, ("complete", "available"), "dati mancanti")
    table = np.asarray(variables, dtype=np.float64)
    table = table[:, None] if table.ndim == 1 else table
    scores = np.column_stack([ordinal_scores(column, weights) for column in table.T])
    count = (~np.isnan(scores)).sum(axis=1)
    usable = count == scores.shape[1] if missing == "complete" else count > 0
    total = np.nansum(scores, axis=1)
    result: FloatArray = np.divide(total, count, out=np.full(count.size, np.nan), where=usable)
    return result


def orim_by_group(
    index: ArrayLike, groups: Any, weights: ArrayLike | None = None, level: float = 0.95
) -> OrimGroups:
    """Return the mean index of each group, persons without index left out.

    The interval is Student's, with the weighted variance and Kish's effective number.

    Raises
    ------
    EstimationError
        If lengths differ or a group has no index at all.
    """
    x = np.asarray(index, dtype=np.float64)
    names, codes = labels(groups, "gruppi")
    w = np.ones(x.size) if weights is None else positive(vector(weights, "pesi"), "pesi")
    same_length(indice=x, gruppi=codes, pesi=w)
    used = ~np.isnan(x)
    rows = [_group_mean(x[used & (codes == g)], w[used & (codes == g)], level) for g in
            range(names.size)]  # fmt: skip
    mean, low, high, n = np.array(rows).T
    return OrimGroups(names, mean, low, high, n, confidence(level))


def _group_mean(x: FloatArray, w: FloatArray, level: float) -> tuple[float, float, float, float]:
    if x.size == 0:
        raise EstimationError("indice ORIM: un gruppo non ha nessun indice")
    mean = float(np.average(x, weights=w))
    effective = float(w.sum() ** 2 / (w**2).sum())
    if x.size < 2:
        return mean, float("-inf"), float("inf"), 1.0
    variance = float(np.average((x - mean) ** 2, weights=w)) / max(effective - 1, 1e-12)
    half = float(stats.t.isf((1 - level) / 2, max(effective - 1, 1e-12))) * np.sqrt(variance)
    return mean, mean - half, mean + half, float(x.size)
