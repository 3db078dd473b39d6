"""Segregation of a group over units: indices of evenness, exposure, concentration.

`group` and `total` are counts per unit (comune, quartiere, plesso). Definitions: Massey and
Denton (1988, Social Forces 67:281); multigroup Theil's H: Reardon and Firebaugh (2002). What
chance alone does to these indices in small units is in `segregation_bias`.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import xlogy

from bgest_analysis.errors import EstimationError
from bgest_analysis.stats.checks import (
    FloatArray,
    matrix,
    non_negative,
    positive,
    same_length,
    vector,
)


@dataclass(frozen=True, slots=True)
class SegregationIndices:
    """All indices of one group over the same units; each is a pure number.

    Attributes
    ----------
    dissimilarity
        Share of the group that would have to move for evenness, 0 to 1.
    isolation
        Share of the group in the unit of an average member, 0 to 1.
    interaction
        Share of the others in the unit of an average member; 1 - isolation with two groups.
    correlation_ratio
        Isolation adjusted for the share of the group (eta squared), 0 to 1.
    entropy
        Theil's H, 0 (even) to 1.
    gini
        Gini of the units' shares, 0 to 1.
    concentration
        Delta: as dissimilarity, but against the units' surface; None without surfaces.
    """

    dissimilarity: float
    isolation: float
    interaction: float
    correlation_ratio: float
    entropy: float
    gini: float
    concentration: float | None


def segregation_indices(
    group: ArrayLike, total: ArrayLike, area: ArrayLike | None = None
) -> SegregationIndices:
    """Return every index of `group` within `total`, both counts per unit.

    Parameters
    ----------
    group, total
        Persons of the group and all persons, one per unit.
    area
        Surface of each unit (any unit), for the concentration index.

    Raises
    ------
    EstimationError
        If the group or the rest is empty, or the group exceeds the total somewhere.
    """
    own, total_ = _group_and_total(group, total)
    return SegregationIndices(
        dissimilarity(own, total_),
        isolation(own, total_),
        interaction(own, total_),
        correlation_ratio(own, total_),
        entropy_index(own, total_),
        gini_segregation(own, total_),
        None if area is None else concentration(own, area),
    )


def dissimilarity(group: ArrayLike, total: ArrayLike) -> float:
    """Return D = 1/2 sum |x_i/X - y_i/Y|, y the persons outside the group.

    Raises
    ------
    EstimationError
        If the group or the rest is empty, or the group exceeds the total somewhere.
    """
    own, total_ = _group_and_total(group, total)
    rest = total_ - own
    return float(0.5 * np.abs(own / own.sum() - rest / rest.sum()).sum())


def isolation(group: ArrayLike, total: ArrayLike) -> float:
    """Return xPx = sum (x_i/X)(x_i/t_i).

    Raises
    ------
    EstimationError
        As `dissimilarity`.
    """
    own, total_ = _group_and_total(group, total)
    return float((own / own.sum() * _shares(own, total_)).sum())


def interaction(group: ArrayLike, total: ArrayLike, other: ArrayLike | None = None) -> float:
    """Return xPy = sum (x_i/X)(y_i/t_i): contact of the group with `other` (default: the rest).

    Raises
    ------
    EstimationError
        As `dissimilarity`, or if lengths differ.
    """
    own, total_ = _group_and_total(group, total)
    met = total_ - own if other is None else non_negative(vector(other, "altri"), "altri")
    same_length(gruppo=own, altri=met)
    return float((own / own.sum() * _shares(met, total_)).sum())


def correlation_ratio(group: ArrayLike, total: ArrayLike) -> float:
    """Return eta squared, (isolation - P) / (1 - P), P the share of the group.

    Raises
    ------
    EstimationError
        As `dissimilarity`.
    """
    own, total_ = _group_and_total(group, total)
    share = own.sum() / total_.sum()
    return float((isolation(own, total_) - share) / (1 - share))


def entropy_index(group: ArrayLike, total: ArrayLike) -> float:
    """Return Theil's H of the group against the rest; see `multigroup_entropy_index`.

    Raises
    ------
    EstimationError
        As `dissimilarity`.
    """
    own, total_ = _group_and_total(group, total)
    return multigroup_entropy_index(np.column_stack([own, total_ - own]))


def gini_segregation(group: ArrayLike, total: ArrayLike) -> float:
    """Return G = sum_ij t_i t_j |p_i - p_j| / (2 T^2 P (1 - P)), by sorting.

    Raises
    ------
    EstimationError
        As `dissimilarity`.
    """
    own, total_ = _group_and_total(group, total)
    order = np.argsort(_shares(own, total_), kind="stable")
    x = np.cumsum(own[order]) / own.sum()
    y = np.cumsum((total_ - own)[order]) / (total_ - own).sum()
    before_x, before_y = np.append(0.0, x[:-1]), np.append(0.0, y[:-1])
    return float(abs((before_x * y - x * before_y).sum()))


def concentration(group: ArrayLike, area: ArrayLike) -> float:
    """Return Delta = 1/2 sum |x_i/X - a_i/A| (Hoover): share that would move for even density.

    Raises
    ------
    EstimationError
        If the group is empty or a surface is not positive.
    """
    own = non_negative(vector(group, "gruppo"), "gruppo")
    surface = positive(vector(area, "superficie"), "superficie")
    same_length(gruppo=own, superficie=surface)
    if own.sum() == 0:
        raise EstimationError("segregazione: il gruppo non ha persone")
    return float(0.5 * np.abs(own / own.sum() - surface / surface.sum()).sum())


def location_quotient(group: ArrayLike, total: ArrayLike) -> FloatArray:
    """Return, per unit, its share of the group over the share everywhere (1 = as everywhere).

    Raises
    ------
    EstimationError
        If a unit has no persons, or the group is empty.
    """
    own, total_ = _group_and_total(group, total)
    result: FloatArray = own / positive(total_, "totale") / (own.sum() / total_.sum())
    return result


def multigroup_entropy_index(counts: ArrayLike) -> float:
    """Return Theil's multigroup H = sum t_i (E - E_i) / (T E), natural logarithms.

    `counts` is units x groups. Zero is an even spread, one complete separation.

    Raises
    ------
    EstimationError
        If fewer than two groups have persons.
    """
    table, shares, everywhere = _group_shares(counts)
    size = table.sum(axis=1)
    whole = -xlogy(everywhere, everywhere).sum()
    units = -xlogy(shares, shares).sum(axis=1)
    return float((size * (whole - units)).sum() / (size.sum() * whole))


def multigroup_dissimilarity(counts: ArrayLike) -> float:
    """Return D = sum_ij t_i |p_ij - P_j| / (2 T I), I = sum P_j (1 - P_j) (Sakoda 1981).

    Raises
    ------
    EstimationError
        If fewer than two groups have persons.
    """
    table, shares, everywhere = _group_shares(counts)
    size = table.sum(axis=1)
    distance = (size[:, None] * np.abs(shares - everywhere)).sum()
    return float(distance / (2 * size.sum() * (everywhere * (1 - everywhere)).sum()))


def mutual_information(counts: ArrayLike) -> float:
    """Return Theil and Finizza's M (nats): H times the entropy of the groups.

    Raises
    ------
    EstimationError
        If fewer than two groups have persons.
    """
    _, _, everywhere = _group_shares(counts)
    return multigroup_entropy_index(counts) * float(-xlogy(everywhere, everywhere).sum())


def _group_shares(counts: ArrayLike) -> tuple[FloatArray, FloatArray, FloatArray]:
    table = non_negative(matrix(counts, "conteggi"), "conteggi")
    table = table[table.sum(axis=1) > 0]
    if (table.sum(axis=0) > 0).sum() < 2:
        raise EstimationError("segregazione: servono almeno due gruppi con persone")
    shares = table / table.sum(axis=1, keepdims=True)
    return table, shares, table.sum(axis=0) / table.sum()


def _shares(part: FloatArray, total: FloatArray) -> FloatArray:
    return np.divide(part, total, out=np.zeros(total.shape), where=total > 0)


def _group_and_total(group: ArrayLike, total: ArrayLike) -> tuple[FloatArray, FloatArray]:
    own = non_negative(vector(group, "gruppo"), "gruppo")
    total_ = vector(total, "totale")
    same_length(gruppo=own, totale=total_)
    if (own > total_).any():
        raise EstimationError("segregazione: in qualche unità il gruppo supera il totale")
    if own.sum() == 0 or own.sum() == total_.sum():
        raise EstimationError("segregazione: il gruppo o il resto non ha persone")
    return own, total_
