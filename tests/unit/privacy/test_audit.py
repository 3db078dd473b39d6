"""What can be computed of hidden counts: the short way finds what linear programming finds."""

import numpy as np
import pytest
from scipy.optimize import linprog

from bgest_analysis.privacy.audit import audit, ends_of_one_sum, in_order
from bgest_analysis.privacy.system import Count, Sum, System

THRESHOLD = 5


def search(signs, right, bounds, place):
    """Return both ends of a count, by a program of its own."""
    goal = np.eye(len(signs))[place]
    ends = []
    for sign in (1, -1):
        found = linprog(sign * goal, A_eq=[signs], b_eq=[right], bounds=bounds, method="highs")
        assert found.status in (0, 3)
        ends.append(sign * found.fun if found.status == 0 else np.inf)
    return tuple(ends)


@pytest.mark.parametrize("seed", range(40))
def test_one_sum_needs_no_search(seed):
    generator = np.random.default_rng(seed)
    size = int(generator.integers(1, 7))
    signs = np.array([1.0 if seed % 3 else -1.0, *([-1.0] * (size - 1))])
    small = generator.random(size) < 0.6
    values = np.where(
        small, generator.integers(1, THRESHOLD, size), generator.integers(1, 40, size)
    )
    bounds = [(1, THRESHOLD - 1 if one else None) for one in small]
    right = float(signs @ values)
    found = ends_of_one_sum(signs, right, bounds)
    expected = [search(signs, right, bounds, place) for place in range(size)]
    assert np.array(found) == pytest.approx(np.array(expected))


def test_without_a_sum_only_the_mark_is_known():
    assert ends_of_one_sum(np.zeros(2), 0.0, [(1, 4), (1, None)]) == [(1, 4), (1, np.inf)]


def test_two_hidden_parts_bound_each_other():
    def at(area):
        return Count("n", frozenset({("area", area)}))

    one = Sum(at("tutti"), (at("A"), at("B"), at("C")))
    system = System({at("tutti"): 10, at("A"): 1, at("B"): 2, at("C"): 7}, sums=[one])
    found = audit(system, [at("A"), at("B")], [], THRESHOLD)
    assert [(one.low, one.high) for one in found] == [(1, 2), (1, 2)]


def test_the_order_of_counts_does_not_hang_on_hashes():
    counts = [Count(measure, frozenset({("a", str(n))})) for measure in "xy" for n in range(5)]
    assert in_order(set(counts)) == in_order(reversed(counts)) == counts
