"""Agreement between coders and reliability of scales.

Sources: Cohen (1960, 1968); Fleiss, Cohen and Everitt (1969) for standard errors; Fleiss (1971);
Gwet (2008); Krippendorff (2004); Cronbach (1951); Feldt (1965) for the interval of alpha.
Agreement that cannot be judged (all answers in one category) is refused with its reason.
"""

from __future__ import annotations

from collections.abc import Sequence
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
    matrix,
    non_negative,
    same_length,
)
from bgest_analysis.stats.intervals import Interval
from bgest_analysis.stats.rates import wilson


@dataclass(frozen=True, slots=True)
class Kappa:
    """Agreement beyond chance between two coders.

    Attributes
    ----------
    value
        1 = full agreement, 0 = as by chance; negative below chance.
    std_error
        Large-sample standard error (Fleiss, Cohen and Everitt 1969).
    low, high
        Normal interval, cut at [-1, 1].
    observed, expected
        (Weighted) share of agreement, seen and by chance, 0 to 1.
    n
        Items coded by both.
    categories
        Labels, in the order used for the weights.
    """

    value: float
    std_error: float
    low: float
    high: float
    observed: float
    expected: float
    n: int
    categories: Labels


@dataclass(frozen=True, slots=True)
class Alpha:
    """Cronbach's alpha of a scale.

    Attributes
    ----------
    value
        Reliability, at most 1; negative when items run against each other.
    low, high
        Feldt's interval.
    standardised
        Alpha of the items brought to equal variance (from the mean correlation).
    if_dropped
        Alpha without each item, in the order of the columns; empty with two items.
    n, complete
        Persons with at least one answer used; persons with all answers.
    items
        Number of items.
    missing
        ``"pairwise"`` or ``"complete"``.
    """

    value: float
    low: float
    high: float
    standardised: float
    if_dropped: FloatArray
    n: int
    complete: int
    items: int
    missing: str


def percent_agreement(first: Any, second: Any, level: float = 0.95) -> Interval:
    """Return the share of items coded alike, with its Wilson interval.

    Raises
    ------
    EstimationError
        If lengths differ or a label is missing.
    """
    _, one, two = _paired_codes(first, second, None)
    return wilson(float((one == two).sum()), one.size, level)


def cohen_kappa(
    first: Any,
    second: Any,
    weights: str | None = None,
    categories: Sequence[Any] | None = None,
    level: float = 0.95,
) -> Kappa:
    """Return Cohen's kappa of two coders of the same items.

    Parameters
    ----------
    first, second
        Labels given by each coder, one per item.
    weights
        None (any disagreement counts the same), ``linear`` or ``quadratic`` for ordered
        categories.
    categories
        All categories in their order; default: those seen, sorted.

    Raises
    ------
    EstimationError
        If lengths differ, a label is missing or unknown, or one category holds everything.
    """
    names, one, two = _paired_codes(first, second, categories)
    table = np.bincount(one * names.size + two, minlength=names.size**2)
    return kappa_from_table(table.reshape(names.size, -1), weights, level, names)


def kappa_from_table(
    table: ArrayLike,
    weights: str | ArrayLike | None = None,
    level: float = 0.95,
    categories: Labels | None = None,
) -> Kappa:
    """Return (weighted) kappa from the square table of counts, first coder in rows.

    `weights` may also be a matrix of agreement weights (1 on the diagonal).

    Raises
    ------
    EstimationError
        If the table is not square, is empty, or one category holds everything.
    """
    counts = non_negative(matrix(table, "tabella"), "tabella")
    if counts.shape[0] != counts.shape[1] or counts.sum() <= 0:
        raise EstimationError("kappa: serve una tabella quadrata con almeno un caso")
    w = _agreement_weights(weights, counts.shape[0])
    n = counts.sum()
    p = counts / n
    rows, columns = p.sum(axis=1), p.sum(axis=0)
    observed, expected = float((w * p).sum()), float(rows @ w @ columns)
    if 1 - expected < 1e-12:
        raise EstimationError("kappa non stimabile: tutte le risposte in una sola categoria")
    value = (observed - expected) / (1 - expected)
    both = (w @ columns)[:, None] + (rows @ w)[None, :]
    inner = (p * (w * (1 - expected) - both * (1 - observed)) ** 2).sum()
    outer = (observed * expected - 2 * expected + observed) ** 2
    error = float(np.sqrt(max(inner - outer, 0.0) / n)) / (1 - expected) ** 2
    half = float(stats.norm.isf((1 - confidence(level)) / 2)) * error
    names = np.arange(counts.shape[0]) if categories is None else categories
    low, high = max(value - half, -1.0), min(value + half, 1.0)
    return Kappa(value, error, low, high, observed, expected, round(n), names)


def fleiss_kappa(counts: ArrayLike) -> float:
    """Return Fleiss' kappa; `counts` is items x categories, raters who chose each.

    Every item needs the same number of raters.

    Raises
    ------
    EstimationError
        If raters differ between items, are fewer than two, or all chose one category.
    """
    table = non_negative(matrix(counts, "conteggi"), "conteggi")
    raters = table.sum(axis=1)
    if raters[0] < 2 or (raters != raters[0]).any():
        raise EstimationError("kappa di Fleiss: servono due o più codificatori, uguali per caso")
    shares = table.sum(axis=0) / table.sum()
    chance = float((shares**2).sum())
    if 1 - chance < 1e-12:
        raise EstimationError("kappa non stimabile: tutte le risposte in una sola categoria")
    pairs = (table * (table - 1)).sum(axis=1) / (raters * (raters - 1))
    return (float(pairs.mean()) - chance) / (1 - chance)


def gwet_ac1(first: Any, second: Any, categories: Sequence[Any] | None = None) -> float:
    """Return Gwet's AC1, steadier than kappa when one category prevails.

    Raises
    ------
    EstimationError
        If lengths differ, or there is only one category.
    """
    names, one, two = _paired_codes(first, second, categories)
    if names.size < 2:
        raise EstimationError("AC1 non stimabile: una sola categoria")
    both = np.concatenate([one, two])
    shares = np.bincount(both, minlength=names.size) / both.size
    chance = float((shares * (1 - shares)).sum() / (names.size - 1))
    return (float((one == two).mean()) - chance) / (1 - chance)


def krippendorff_alpha(ratings: ArrayLike, scale: str = "nominal") -> float:
    """Return Krippendorff's alpha; `ratings` is coders x items, missing as NaN.

    `scale`: ``nominal``, ``ordinal``, ``interval`` or ``ratio``. Items coded once are left out.

    Raises
    ------
    EstimationError
        If no item has two codings, or all codings are one value.
    """
    choice(scale, ("nominal", "ordinal", "interval", "ratio"), "scala")
    table = np.atleast_2d(np.asarray(ratings, dtype=np.float64))
    table = table[:, (~np.isnan(table)).sum(axis=0) >= 2]
    values = np.unique(table[~np.isnan(table)])
    if values.size < 2:
        raise EstimationError("alpha di Krippendorff: servono casi doppi e almeno due valori")
    seen = (table[:, :, None] == values).sum(axis=0).astype(np.float64)
    raters = seen.sum(axis=1)
    pairs = seen[:, :, None] * seen[:, None, :] - seen[:, :, None] * np.eye(values.size)
    coincidence = (pairs / (raters - 1)[:, None, None]).sum(axis=0)
    margin = coincidence.sum(axis=0)
    distance = _squared_distance(values, margin, scale)
    chance = np.outer(margin, margin) - np.diag(margin)
    found = (coincidence * distance).sum()
    return float(1 - (margin.sum() - 1) * found / (chance * distance).sum())


def cronbach_alpha(items: ArrayLike, missing: str = "pairwise", level: float = 0.95) -> Alpha:
    """Return Cronbach's alpha; `items` is persons x items, missing answers as NaN.

    alpha = k/(k-1) (1 - trace(C)/sum(C)), C the covariances of the items: from the persons who
    answered both (``pairwise``) or all (``complete``). Reverse the reversed items before.

    Raises
    ------
    EstimationError
        If there are fewer than two items, too few answers, or no variance in the total.
    """
    choice(missing, ("pairwise", "complete"), "dati mancanti")
    table = np.asarray(items, dtype=np.float64)
    if table.ndim != 2 or table.shape[1] < 2:
        raise EstimationError("alpha: servono almeno due item")
    answered = ~np.isnan(table)
    complete = answered.all(axis=1)
    table = table[complete] if missing == "complete" else table[answered.any(axis=1)]
    if complete.sum() < 2 or (missing == "pairwise" and table.shape[0] < 2):
        raise EstimationError("alpha: meno di due persone con tutte le risposte")
    covariance = _pairwise_covariance(table)
    n, k = table.shape
    value = _alpha(covariance)
    scale = np.sqrt(np.diag(covariance))
    if (scale == 0).any():
        raise EstimationError("alpha: almeno un item ha la stessa risposta per tutti")
    dropped = [_alpha(np.delete(np.delete(covariance, i, 0), i, 1)) for i in range(k) if k > 2]
    tail = (1 - confidence(level)) / 2
    df = (n - 1, (n - 1) * (k - 1))
    low = 1 - (1 - value) * stats.f.isf(tail, *df)
    high = 1 - (1 - value) * stats.f.ppf(tail, *df)
    return Alpha(
        value, float(low), float(high), _alpha(covariance / np.outer(scale, scale)),
        np.array(dropped), n, int(complete.sum()), k, missing,
    )  # fmt: skip


def _alpha(covariance: FloatArray) -> float:
    k, total = covariance.shape[0], covariance.sum()
    if total <= 0:
        raise EstimationError("alpha non stimabile: il totale della scala non varia")
    return float(k / (k - 1) * (1 - np.trace(covariance) / total))


def _pairwise_covariance(table: FloatArray) -> FloatArray:
    """Return covariances with divisor n-1, each from the rows where both are present."""
    present = (~np.isnan(table)).astype(np.float64)
    filled = np.where(present > 0, table, 0.0)
    filled = filled - present * (filled.sum(axis=0) / present.sum(axis=0))
    n = present.T @ present
    if (n < 2).any():
        raise EstimationError("alpha: due item non hanno mai risposte insieme")
    means = filled.T @ present
    result: FloatArray = (filled.T @ filled - means * means.T / n) / (n - 1)
    return result


def _agreement_weights(weights: str | ArrayLike | None, size: int) -> FloatArray:
    if weights is None:
        return np.eye(size)
    if not isinstance(weights, str):
        return matrix(weights, "pesi")
    choice(weights, ("linear", "quadratic"), "pesi")
    steps = np.abs(np.subtract.outer(np.arange(size), np.arange(size))) / max(size - 1, 1)
    result: FloatArray = 1 - (steps if weights == "linear" else steps**2)
    return result


def _paired_codes(
    first: Any, second: Any, categories: Sequence[Any] | None
) -> tuple[Labels, Any, Any]:
    one, two = np.asarray(first), np.asarray(second)
    n = same_length(primo=one, secondo=two)
    names, codes = labels(np.concatenate([one, two]), "codifiche")
    if categories is None:
        return names, codes[:n], codes[n:]
    order = {label: position for position, label in enumerate(categories)}
    unknown = [name for name in names.tolist() if name not in order]
    if unknown:
        raise EstimationError("codifiche: {numero} categorie non previste", numero=len(unknown))
    place = np.array([order[name] for name in names.tolist()])
    return np.asarray(categories), place[codes[:n]], place[codes[n:]]


def _squared_distance(values: FloatArray, margin: FloatArray, scale: str) -> FloatArray:
    if scale == "nominal":
        return 1 - np.eye(values.size)
    gap = np.subtract.outer(values, values)
    if scale == "interval":
        return gap**2
    if scale == "ratio":
        total = np.add.outer(values, values)
        return np.divide(gap, total, out=np.zeros(gap.shape), where=total != 0) ** 2
    middle = np.cumsum(margin) - margin / 2
    return np.subtract.outer(middle, middle) ** 2
