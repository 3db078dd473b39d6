"""What an attacker can compute of the hidden counts, by linear programming.

The attacker knows every published count and every sum, that a hidden count of the first kind
lies in 1..threshold-1 (its mark says so) and that no hidden count is zero. For each hidden count
the smallest and the largest value that fit are found (scipy, HiGHS), component by component of
the sums.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

import networkx as nx
import numpy as np
from scipy.optimize import linprog
from scipy.sparse import lil_matrix

from bgest_analysis.privacy.system import Count, Sum, System

SLACK = 1e-6


@dataclass(frozen=True)
class Interval:
    """What can be computed of one hidden count: it lies in low..high."""

    count: Count
    low: float
    high: float
    primary: bool

    def is_safe(self, threshold: int) -> bool:
        """Tell whether nothing more is known of it than its mark says.

        A count of the first kind must keep the whole of 1..threshold-1; one of the second kind,
        which is not delicate itself, must not be known exactly.
        """
        if self.primary:
            return self.low <= 1 + SLACK and self.high >= threshold - 1 - SLACK
        return self.high - self.low >= 1 - SLACK


def audit(
    system: System, primary: Collection[Count], secondary: Collection[Count], threshold: int
) -> list[Interval]:
    """Return the interval of every hidden count."""
    hidden = set(primary) | set(secondary)
    binding = [one for one in system.sums if hidden.intersection(one.members)]
    return [
        interval
        for counts, sums in _components(hidden, binding)
        for interval in _solve(system, counts, sums, set(primary), threshold)
    ]


def _components(hidden: set[Count], sums: list[Sum]) -> Iterator[tuple[list[Count], list[Sum]]]:
    graph: nx.Graph = nx.Graph()
    graph.add_nodes_from(hidden)
    for place, one in enumerate(sums):
        graph.add_edges_from((count, place) for count in one.members if count in hidden)
    order = {count: place for place, count in enumerate(_sorted(hidden))}
    for nodes in nx.connected_components(graph):
        counts = sorted((node for node in nodes if isinstance(node, Count)), key=order.__getitem__)
        places = sorted(node for node in nodes if isinstance(node, int))
        yield counts, [sums[place] for place in places]


def _sorted(counts: Collection[Count]) -> list[Count]:
    return sorted(counts, key=lambda count: (count.measure, sorted(count.at)))


def _solve(
    system: System, counts: list[Count], sums: list[Sum], primary: set[Count], threshold: int
) -> list[Interval]:
    column = {count: place for place, count in enumerate(counts)}
    matrix = lil_matrix((len(sums), len(counts)))
    right = np.zeros(len(sums))
    for row, one in enumerate(sums):
        for count, sign in ((one.total, 1.0), *((part, -1.0) for part in one.parts)):
            if count in column:
                matrix[row, column[count]] += sign
            else:
                right[row] -= sign * system.values[count]
    bounds: list[tuple[int, int | None]] = [
        (1, threshold - 1 if count in primary else None) for count in counts
    ]
    equations = {"A_eq": matrix.tocsr(), "b_eq": right} if sums else {}
    return [
        Interval(
            count,
            _extreme(column[count], 1.0, len(counts), bounds, equations),
            -_extreme(column[count], -1.0, len(counts), bounds, equations),
            count in primary,
        )
        for count in counts
    ]


def _extreme(
    place: int,
    sign: float,
    size: int,
    bounds: Sequence[tuple[int, int | None]],
    equations: dict[str, object],
) -> float:
    goal = np.zeros(size)
    goal[place] = sign
    found = linprog(goal, bounds=bounds, method="highs", **equations)
    unbounded = 3
    if found.status == unbounded:
        return -np.inf
    if not found.success:
        raise ArithmeticError(f"the audit could not be solved: {found.message}")
    return float(found.fun)
