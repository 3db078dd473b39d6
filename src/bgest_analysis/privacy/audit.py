"""What an attacker can compute of the hidden counts, by linear programming.

The attacker knows every published count and every sum, that a hidden count of the first kind
lies in 1..threshold-1 (its mark says so) and that no hidden count is zero; of a count that no
cell shows, only that it is not negative. For each hidden count
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
PASSES = 20
SEED = 2463


@dataclass(frozen=True)
class Interval:
    """What can be computed of one hidden count: it lies in low..high."""

    count: Count
    low: float
    high: float
    primary: bool
    unprinted: bool = False

    def is_safe(self, threshold: int) -> bool:
        """Tell whether nothing more is known of it than its mark says.

        A count of the first kind must keep the whole of 1..threshold-1; one that lost its mark,
        or that no cell shows, must not be known exactly.
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
    """Return the interval of every hidden count below the threshold, printed or not.

    That a larger one, hidden for their sake, were known exactly would harm nobody.

    Parameters
    ----------
    memory
        What earlier audits of the same system found of a component; added to.
    """
    known: Memory = {} if memory is None else memory
    hidden = set(primary) | set(secondary) | system.unprinted
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
    order = {count: place for place, count in enumerate(in_order(hidden))}
    graph.add_nodes_from(order)
    for place, one in enumerate(sums):
        graph.add_edges_from((count, place) for count in one.members if count in hidden)
    for nodes in nx.connected_components(graph):
        counts = sorted((node for node in nodes if isinstance(node, Count)), key=order.__getitem__)
        places = sorted(node for node in nodes if isinstance(node, int))
        yield counts, [sums[place] for place in places]


def in_order(counts: Collection[Count]) -> list[Count]:
    """Return counts in an order that does not depend on how this process hashes."""
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
    bounds: list[tuple[float, float | None]] = [
        (int(count not in system.unprinted), threshold - 1 if count in primary else None)
        for count in counts
    ]
    wanted = [count for count in counts if system.values[count] < threshold]
    if len(sums) <= 1:
        ends = ends_of_one_sum(matrix.toarray().sum(axis=0), float(right.sum()), bounds)
        known = dict(zip(counts, ends, strict=True))
        return [Interval(c, *known[c], c in primary, c in system.unprinted) for c in wanted]
    problem = _Problem(matrix.tocsr(), right, bounds)
    outer = problem.narrow()
    inner = problem.sample([system.values[count] + 2 * threshold for count in counts])
    found = []
    for count in wanted:
        place, kind = column[count], (count in primary, count in system.unprinted)
        seen, bound = (Interval(count, *ends[place], *kind) for ends in (inner, outer))
        if seen.is_safe(threshold):
            found.append(seen)
        elif not bound.is_safe(threshold):
            found.append(bound)
        else:
            found.append(Interval(count, *problem.extremes(place), *kind))
    return found


def ends_of_one_sum(
    signs: np.ndarray, right: float, bounds: Sequence[tuple[float, float | None]]
) -> list[tuple[float, float]]:
    """Return the interval of each count tied to others by one sum, or by none.

    What is left of the sum when the others take their least and their most is all that can be
    known of a count, so no search is needed. Most hidden counts of a study are such.

    Parameters
    ----------
    signs
        Of each count in the sum, +1 or -1; all zero where there is no sum. Shape (counts,).
    right
        What the signed counts add up to.
    bounds
        Of each count; ``None`` for no upper one.
    """
    least = np.array([low for low, _ in bounds], dtype=float)
    most = np.array([np.inf if high is None else high for _, high in bounds])
    if not signs.any():
        return list(zip(least.tolist(), most.tolist(), strict=True))
    smallest, largest = np.where(signs > 0, least, -most), np.where(signs > 0, most, -least)
    others = ~np.eye(len(signs), dtype=bool)
    lowest = right - np.where(others, largest, 0.0).sum(axis=1)
    highest = right - np.where(others, smallest, 0.0).sum(axis=1)
    low = np.maximum(least, np.where(signs > 0, lowest, -highest))
    high = np.minimum(most, np.where(signs > 0, highest, -lowest))
    return list(zip(low.tolist(), high.tolist(), strict=True))


@dataclass(frozen=True)
class _Problem:
    """The sums of one component as equations, and the bounds of its hidden counts."""

    matrix: Any
    right: np.ndarray
    bounds: list[tuple[float, float | None]]

    def narrow(self) -> list[tuple[float, float]]:
        """Return intervals no narrower than the true ones, sum by sum until nothing changes.

        What is unsafe here is unsafe: no search is needed for it.
        """
        bounds = list(self.bounds)
        rows = [
            (row.indices, row.data)
            for row in (self.matrix[place] for place in range(self.matrix.shape[0]))
        ]
        for _ in range(PASSES):
            before = list(bounds)
            for (places, signs), right in zip(rows, self.right.tolist(), strict=True):
                ends = ends_of_one_sum(signs, right, [bounds[place] for place in places])
                for place, (low, high) in zip(places, ends, strict=True):
                    bounds[place] = (low, None if np.isinf(high) else high)
            if bounds == before:
                break
        return [(float(low), np.inf if high is None else float(high)) for low, high in bounds]

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

    def _best(self, goal: np.ndarray, bounds: Sequence[tuple[float, float | None]]) -> Any:
        found = linprog(goal, A_eq=self.matrix, b_eq=self.right, bounds=bounds, method="highs")
        if not found.success and found.status != UNBOUNDED:
            raise ArithmeticError(f"the audit could not be solved: {found.message}")
        return found
