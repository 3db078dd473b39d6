"""What an attacker can compute of the hidden counts, by linear programming.

The attacker knows every published count and every sum, that a hidden count of the first kind
lies in 1..threshold-1 (its mark says so) and that no hidden count is zero. For each hidden count
the smallest and the largest value that fit are found (scipy, HiGHS), component by component of
the sums.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import networkx as nx
import numpy as np
from scipy.optimize import linprog
from scipy.sparse import lil_matrix

from bgest_analysis.privacy.system import Count, Sum, System

SLACK = 1e-6
UNBOUNDED = 3
DIRECTIONS = 14
SEED = 2463


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


Memory = dict[tuple[frozenset[Count], frozenset[Count]], list[Interval]]


def audit(
    system: System,
    primary: Collection[Count],
    secondary: Collection[Count],
    threshold: int,
    memory: Memory | None = None,
) -> list[Interval]:
    """Return the interval of every hidden count.

    Parameters
    ----------
    memory
        What earlier audits of the same system found of a component; added to.
    """
    known: Memory = {} if memory is None else memory
    hidden = set(primary) | set(secondary)
    binding = [one for one in system.sums if hidden.intersection(one.members)]
    small = frozenset(primary)
    found: list[Interval] = []
    for counts, sums in _components(hidden, binding):
        key = (frozenset(counts), small.intersection(counts))
        if key not in known:
            known[key] = _solve(system, counts, sums, set(primary), threshold)
        found += known[key]
    return found


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
    problem = _Problem(matrix.tocsr() if sums else None, right, bounds)
    ends = problem.sample([system.values[count] + 2 * threshold for count in counts])
    found = []
    for place, count in enumerate(counts):
        interval = Interval(count, *ends[place], count in primary)
        if not interval.is_safe(threshold):
            interval = Interval(count, *problem.extremes(place), count in primary)
        found.append(interval)
    return found


@dataclass(frozen=True)
class _Problem:
    """The sums of one component as equations, and the bounds of its hidden counts."""

    matrix: Any
    right: np.ndarray
    bounds: list[tuple[int, int | None]]

    def sample(self, caps: Sequence[int]) -> list[tuple[float, float]]:
        """Return the widest interval seen for each count among some attainable figures.

        Figures that fit are a proof: a count seen at both ends of what its mark says needs no
        search of its own. Searches in random directions (fixed seed) find most of them.
        """
        generator = np.random.default_rng(SEED)
        size = len(self.bounds)
        bounds = [
            (low, cap if high is None else high)
            for (low, high), cap in zip(self.bounds, caps, strict=True)
        ]
        goals = [np.ones(size), -np.ones(size)]
        goals += [generator.choice([-1.0, 1.0], size) for _ in range(DIRECTIONS)]
        seen = np.array([self._best(goal, bounds).x for goal in goals])
        return list(zip(seen.min(axis=0).tolist(), seen.max(axis=0).tolist(), strict=True))

    def extremes(self, place: int) -> tuple[float, float]:
        """Return the smallest and largest attainable value of one count."""
        goal = np.zeros(len(self.bounds))
        goal[place] = 1.0
        low, high = self._best(goal, self.bounds), self._best(-goal, self.bounds)
        return float(low.fun), np.inf if high.status == UNBOUNDED else -float(high.fun)

    def _best(self, goal: np.ndarray, bounds: Sequence[tuple[int, int | None]]) -> Any:
        equations = {} if self.matrix is None else {"A_eq": self.matrix, "b_eq": self.right}
        found = linprog(goal, bounds=bounds, method="highs", **equations)
        if not found.success and found.status != UNBOUNDED:
            raise ArithmeticError(f"the audit could not be solved: {found.message}")
        return found
