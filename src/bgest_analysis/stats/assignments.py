"""Every assignment a design could have made, and the statistic under each of them.

The difference of (weighted) means is made of subset sums: those of each half of the units are
listed once, and all assignments follow by adding every sum of one half to every sum of the
other. C(22, 11) = 705,432 assignments take tens of milliseconds.
"""

from __future__ import annotations

import math
from itertools import combinations

import numpy as np

from bgest_analysis.errors import EstimationError
from bgest_analysis.stats.checks import BoolArray, FloatArray, IntArray

ENUMERATED_AT_MOST = 5_000_000


def count_assignments(treated: BoolArray, strata: IntArray) -> int:
    """Return how many ways the treated of each stratum could have been chosen."""
    sizes, chosen = np.bincount(strata), np.bincount(strata, treated)
    return math.prod(
        math.comb(int(n), round(m)) for n, m in zip(sizes, chosen, strict=True)
    )  # fmt: skip


def list_assignments(n: int, m: int) -> BoolArray:
    """Return all C(n, m) assignments as a boolean table, assignments x units.

    Raises
    ------
    EstimationError
        If there are more than `ENUMERATED_AT_MOST`.
    """
    total = math.comb(n, m)
    if total > ENUMERATED_AT_MOST:
        raise EstimationError("troppe assegnazioni ({numero}) per elencarle", numero=total)
    picks = np.fromiter(
        (unit for chosen in combinations(range(n), m) for unit in chosen), np.int64, total * m
    )
    table = np.zeros((total, n), dtype=bool)
    table[np.repeat(np.arange(total), m), picks] = True
    return table


def draw_assignments(
    treated: BoolArray, strata: IntArray, draws: int, generator: np.random.Generator
) -> BoolArray:
    """Return `draws` random assignments with the treated of each stratum kept in number."""
    keys = generator.random((draws, treated.size))
    table = np.zeros((draws, treated.size), dtype=bool)
    for stratum in range(int(strata.max()) + 1):
        units = np.flatnonzero(strata == stratum)
        chosen = int(treated[units].sum())
        order = np.argsort(keys[:, units], axis=1)[:, :chosen]
        np.put_along_axis(table, units[order], True, axis=1)
    return table


def differences_of_all(
    values: FloatArray, treated: BoolArray, strata: IntArray, weights: FloatArray
) -> FloatArray:
    """Return the difference of weighted means of each column under every assignment.

    `values` is units x q; the result q x assignments. Strata count by their total weight;
    strata where nothing could vary carry no information and are left out.
    """
    shares = _stratum_shares(treated, strata, weights)
    total = np.zeros((values.shape[1], 1))
    for stratum, share in enumerate(shares):
        units = np.flatnonzero(strata == stratum)
        if share == 0:
            continue
        found = share * _differences_within(
            values[units], weights[units], int(treated[units].sum())
        )
        total = (total[:, :, None] + found[:, None, :]).reshape(values.shape[1], -1)
    return total


def differences_of_table(
    values: FloatArray, table: BoolArray, strata: IntArray, weights: FloatArray
) -> FloatArray:
    """Return the difference of weighted means of each column (q x assignments) of `table`.

    `table` is assignments x units; an assignment that treats nobody, or everybody, in a stratum
    that counts is refused.

    Raises
    ------
    EstimationError
        If a row leaves a side empty.
    """
    total = np.zeros((values.shape[1], table.shape[0]))
    shares = _stratum_shares(table[0], strata, weights)
    for stratum, share in enumerate(shares):
        units = np.flatnonzero(strata == stratum)
        if share == 0:
            continue
        chosen = table[:, units].astype(np.float64)
        weight = chosen @ weights[units]
        rest = weights[units].sum() - weight
        if (weight <= 0).any() or (rest <= 0).any():
            raise EstimationError("un'assegnazione dello schema lascia vuoto un gruppo")
        sums = chosen @ (weights[units, None] * values[units])
        whole = (weights[units, None] * values[units]).sum(axis=0)
        total += share * (sums / weight[:, None] - (whole - sums) / rest[:, None]).T
    return total


def _stratum_shares(treated: BoolArray, strata: IntArray, weights: FloatArray) -> FloatArray:
    chosen, size = np.bincount(strata, treated), np.bincount(strata)
    weight = np.bincount(strata, weights) * ((chosen > 0) & (chosen < size))
    if weight.sum() == 0:
        raise EstimationError("nessuno strato ha insieme trattati e non trattati")
    result: FloatArray = weight / weight.sum()
    return result


def _differences_within(values: FloatArray, weights: FloatArray, chosen: int) -> FloatArray:
    columns = np.column_stack([weights, weights[:, None] * values])
    sums = subset_sums(columns, chosen)
    whole = columns.sum(axis=0)[:, None]
    result: FloatArray = sums[1:] / sums[0] - (whole[1:] - sums[1:]) / (whole[0] - sums[0])
    return result


def subset_sums(columns: FloatArray, chosen: int) -> FloatArray:
    """Return the sums of every column (q x C(n, chosen)) over all subsets of `chosen` rows."""
    half = columns.shape[0] // 2
    first, second = _sums_by_size(columns[:half]), _sums_by_size(columns[half:])
    blocks = [
        (first[k][:, :, None] + second[chosen - k][:, None, :]).reshape(columns.shape[1], -1)
        for k in range(max(0, chosen - columns.shape[0] + half), min(half, chosen) + 1)
    ]
    return np.concatenate(blocks, axis=1)


def _sums_by_size(columns: FloatArray) -> list[FloatArray]:
    """Return, for each size, the column sums (q x subsets) of all subsets of that size."""
    sums = [np.zeros((columns.shape[1], 1))]
    for row in columns:
        grown = [sums[0]]
        for size in range(1, len(sums)):
            grown.append(np.concatenate([sums[size], sums[size - 1] + row[:, None]], axis=1))
        grown.append(sums[-1] + row[:, None])
        sums = grown
    return sums
