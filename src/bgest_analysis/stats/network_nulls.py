"""What a network's numbers would be by chance: same degrees, permuted labels, one meeting less.

Two-mode graphs with the same margins are drawn by trades (curveball: Strona et al. 2014, Nature
Communications 5:4114), one-mode graphs by edge swaps (Maslov and Sneppen 2002). QAP: Krackhardt
(1987, Social Networks 10:171). Leave-one-meeting-out: the jackknife of Efron and Tukey.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import permutations as permutations_of

import numpy as np
from numpy.typing import ArrayLike

from bgest_analysis.errors import EstimationError
from bgest_analysis.stats.checks import (
    BoolArray,
    FloatArray,
    IntArray,
    choice,
    confidence,
    matrix,
)

Rng = np.random.Generator | int
Statistic = Callable[[FloatArray], float]


@dataclass(frozen=True, slots=True)
class AgainstChance:
    """A statistic of a network against random networks of the same degrees.

    Attributes
    ----------
    observed
        The statistic, in its own unit.
    mean, low, high
        Mean and central interval over random networks.
    z
        (observed - mean) / standard deviation; 0 where random networks are all alike.
    p_value
        Two-sided, (1 + count) / (1 + draws), twice the smaller tail at most 1.
    draws
        Random networks.
    """

    observed: float
    mean: float
    low: float
    high: float
    z: float
    p_value: float
    draws: int


@dataclass(frozen=True, slots=True)
class LeaveOneOut:
    """A statistic without each column (meeting) in turn.

    Attributes
    ----------
    observed
        With all columns.
    without
        Without each, in order.
    low, high
        Smallest and largest of `without`.
    std_error
        Jackknife standard error.
    most_influential
        Position of the column whose absence changes most.
    """

    observed: float
    without: FloatArray
    low: float
    high: float
    std_error: float
    most_influential: int


@dataclass(frozen=True, slots=True)
class QapCorrelation:
    """Correlation of two networks over the same nodes with its permutation p-value.

    Attributes
    ----------
    correlation
        Pearson's, over pairs, -1 to 1.
    p_value, p_greater, p_less
        Two-sided (|r*| >= |r|), and each side; the identity counts as one permutation.
    permutations
        Permutations used, identity included.
    exact
        Whether they are all n! permutations.
    """

    correlation: float
    p_value: float
    p_greater: float
    p_less: float
    permutations: int
    exact: bool


def random_incidence(incidence: ArrayLike, rng: Rng = 0, trades: int | None = None) -> BoolArray:
    """Return a random two-mode network in which every body and meeting keeps its attendances.

    `trades`: pairs of rows that exchange what they do not share; default 5 per row.

    Raises
    ------
    EstimationError
        If `incidence` is not a table.
    """
    table = matrix(incidence, "presenze") != 0
    return _traded(table, np.random.default_rng(rng), trades or 5 * table.shape[0])


def random_graph(adjacency: ArrayLike, rng: Rng = 0, swaps: int | None = None) -> BoolArray:
    """Return a random simple graph in which every node keeps its degree (edge swaps).

    `swaps`: attempts; default 10 per tie.

    Raises
    ------
    EstimationError
        If `adjacency` is not square and symmetric.
    """
    ties: BoolArray = matrix(adjacency, "legami") != 0
    if ties.shape[0] != ties.shape[1] or (ties != ties.T).any():
        raise EstimationError("legami: serve una tabella quadrata e simmetrica")
    result: BoolArray = ties.copy()
    np.fill_diagonal(result, False)
    edges = np.argwhere(np.triu(result))
    if len(edges) < 2:
        return result
    _swap(result, edges, np.random.default_rng(rng), swaps or 10 * len(edges))
    return result


def compare_with_random(
    network: ArrayLike,
    statistic: Statistic,
    draws: int = 999,
    rng: Rng = 0,
    mode: str = "two-mode",
    level: float = 0.95,
) -> AgainstChance:
    """Return `statistic` of a network against random ones of the same degrees.

    Parameters
    ----------
    network
        Incidence (``two-mode``, rows = bodies) or adjacency (``one-mode``).
    statistic
        Function of the 0/1 network, e.g. ``lambda b: centralisation(project(b))``.

    Raises
    ------
    EstimationError
        As `random_incidence` and `random_graph`.
    """
    choice(mode, ("two-mode", "one-mode"), "modo")
    table = matrix(network, "rete") != 0
    generator = np.random.default_rng(rng)
    observed = float(statistic(table.astype(np.float64)))
    found = np.empty(draws)
    current = table
    for draw in range(draws):
        # A chain from the observed network, mixed afresh before every draw.
        if mode == "two-mode":
            current = random_incidence(current, generator)
        else:
            current = random_graph(current, generator)
        found[draw] = statistic(current.astype(np.float64))
    tail = (1 - confidence(level)) / 2
    low, high = np.quantile(found, [tail, 1 - tail])
    spread = float(found.std(ddof=1)) if draws > 1 else 0.0
    near = 1e-9 * max(1.0, abs(observed))
    tails = [(1 + (found >= observed - near).sum()) / (1 + draws),
             (1 + (found <= observed + near).sum()) / (1 + draws)]  # fmt: skip
    z = (observed - float(found.mean())) / spread if spread > near else 0.0
    return AgainstChance(
        observed, float(found.mean()), float(low), float(high), z,
        float(min(1.0, 2 * min(tails))), draws,
    )  # fmt: skip


def leave_one_out(network: ArrayLike, statistic: Statistic) -> LeaveOneOut:
    """Return `statistic` without each column (meeting) of an incidence table.

    Raises
    ------
    EstimationError
        If there are fewer than two columns.
    """
    table = matrix(network, "presenze")
    m = table.shape[1]
    if m < 2:
        raise EstimationError("con un solo incontro non c'è nulla da togliere")
    observed = float(statistic(table))
    without = np.array([statistic(np.delete(table, column, axis=1)) for column in range(m)])
    error = float(np.sqrt((m - 1) / m * ((without - without.mean()) ** 2).sum()))
    return LeaveOneOut(
        observed, without, float(without.min()), float(without.max()), error,
        int(np.abs(without - observed).argmax()),
    )  # fmt: skip


def qap_correlation(
    first: ArrayLike,
    second: ArrayLike,
    permutations: int = 4999,
    rng: Rng = 0,
    directed: bool = False,
) -> QapCorrelation:
    """Return the correlation of two networks over the same nodes, nodes of one permuted.

    All n! permutations up to 7 nodes, random ones beyond.

    Raises
    ------
    EstimationError
        If shapes differ, or ties of one network do not vary.
    """
    a, b = matrix(first, "prima rete"), matrix(second, "seconda rete")
    if a.shape != b.shape or a.shape[0] != a.shape[1] or a.shape[0] < 3:
        raise EstimationError("QAP: servono due tabelle quadrate degli stessi nodi, almeno tre")
    n = a.shape[0]
    used = ~np.eye(n, dtype=bool) if directed else np.triu(np.ones((n, n), dtype=bool), 1)
    if np.ptp(a[used]) == 0 or np.ptp(b[used]) == 0:
        raise EstimationError("QAP: i legami di una delle due reti non variano")
    orders = _node_orders(n, permutations, np.random.default_rng(rng))
    fixed = (a[used] - a[used].mean()) / a[used].std()
    target = (b - b[used].mean()) / b[used].std()
    rows, columns = np.nonzero(used)
    found = target[orders[:, rows], orders[:, columns]] @ fixed / rows.size
    seen = found[0]
    greater, less = found >= seen - 1e-12, found <= seen + 1e-12
    return QapCorrelation(
        float(seen), float((np.abs(found) >= abs(seen) - 1e-12).mean()), float(greater.mean()),
        float(less.mean()), len(orders), n <= 7,
    )  # fmt: skip


def _node_orders(n: int, permutations: int, generator: np.random.Generator) -> IntArray:
    if n <= 7:
        return np.array(list(permutations_of(range(n))), dtype=np.int64)
    drawn = generator.permuted(np.tile(np.arange(n), (permutations, 1)), axis=1)
    return np.concatenate([np.arange(n)[None, :], drawn])


def _traded(table: BoolArray, generator: np.random.Generator, trades: int) -> BoolArray:
    """Return the table after `trades` curveball trades between random pairs of rows."""
    rows = [set(np.flatnonzero(row).tolist()) for row in table]
    if len(rows) < 2:
        return table.copy()
    for _ in range(trades):
        i, j = generator.choice(len(rows), 2, replace=False)
        shared = rows[i] & rows[j]
        loose = sorted(rows[i] ^ rows[j])
        generator.shuffle(loose)
        cut = len(rows[i]) - len(shared)
        rows[i], rows[j] = shared | set(loose[:cut]), shared | set(loose[cut:])
    result = np.zeros_like(table)
    for position, columns in enumerate(rows):
        result[position, sorted(columns)] = True
    return result


def _swap(ties: BoolArray, edges: IntArray, generator: np.random.Generator, attempts: int) -> None:
    """Exchange the ends of random pairs of ties in place, never making loops or doubles."""
    picks = generator.integers(0, len(edges), (attempts, 2))
    turns = generator.random(attempts) < 0.5
    for (one, two), turn in zip(picks, turns, strict=True):
        a, b = edges[one]
        c, d = edges[two] if turn else edges[two][::-1]
        if len({a, b, c, d}) < 4 or ties[a, d] or ties[c, b]:
            continue
        ties[[a, b, c, d], [b, a, d, c]] = False
        ties[[a, d, c, b], [d, a, b, c]] = True
        edges[one], edges[two] = (a, d), (c, b)
