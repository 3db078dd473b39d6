"""What can be computed of hidden counts: the short way finds what linear programming finds."""

import numpy as np
import pandas as pd
import pytest
from scipy.optimize import linprog

from bgest_analysis.privacy.audit import audit, ends_of_one_sum, in_order
from bgest_analysis.privacy.build import build_system
from bgest_analysis.privacy.complement import choose_hidden
from bgest_analysis.privacy.system import Count, Sum, System
from bgest_analysis.schema.model import Column, Layer, Table, Type

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


def people_table(name, keys):
    columns = [Column(key, Type.STR, key, key) for key in keys]
    columns.append(Column("persone", Type.INT, "n", "n", count=True))
    return Table(name, Layer.IND, "", "", "", "", tuple(columns), tuple(keys), about_people=True)


def by_age(counts, total):
    rows = {"eta": [*counts, "tutti"], "persone": [*counts.values(), total]}
    return pd.DataFrame(rows).astype({"persone": "Int64"})


def test_tables_of_other_people_do_not_hide_each_other_s_sums():
    """Same ages, other persons: each table's total still protects its small count."""
    first = by_age({"0-17": 30, "18-34": 20, "35-59": 50}, 100)
    second = by_age({"0-17": 11, "18-34": 13, "35-59": 35, "nd": 1}, 60)
    table = people_table("prima", ["eta"]), people_table("seconda", ["eta"])
    system = build_system({"ind_prima": (table[0], first), "ind_seconda": (table[1], second)})
    totals = {system.values[one.total] for one in system.sums}
    assert totals == {100, 60}
    hidden = choose_hidden(system, THRESHOLD)
    assert len(hidden.primary) == 1
    assert len(hidden.secondary) == 1


def test_a_table_of_fewer_cells_does_not_break_the_sum_of_another():
    whole = by_age({"0-17": 2, "18-34": 20, "35-59": 50}, 72)
    part = pd.DataFrame({"eta": ["60+"], "persone": [9]}).astype({"persone": "Int64"})
    table = people_table("intera", ["eta"]), people_table("parte", ["eta"])
    system = build_system({"ind_intera": (table[0], whole), "ind_parte": (table[1], part)})
    assert [system.values[one.total] for one in system.sums] == [72]


def test_the_same_cells_are_the_same_counts():
    one = by_age({"0-17": 2, "18-34": 20}, 22)
    table = people_table("una", ["eta"]), people_table("altra", ["eta"])
    system = build_system({"ind_una": (table[0], one), "ind_altra": (table[1], one)})
    assert len(system.values) == 3
    assert all(len(places) == 2 for places in system.places.values())


def test_marks_that_would_give_each_other_away_are_taken_off():
    """Four ones make a small total, shown again as the only quarter of the year."""
    areas = {f"A{n}": 1 for n in range(4)}
    rows = [(area, "2021", "tutti", n) for area, n in areas.items()]
    rows += [("tutti", "2021", "tutti", 4), ("tutti", "2021", "T4", 4), ("A0", "2021", "T4", 1)]
    rows += [(area, "2022", "tutti", 20) for area in areas] + [("tutti", "2022", "tutti", 80)]
    rows += [(area, "tutti", "tutti", 21) for area in areas] + [("tutti", "tutti", "tutti", 84)]
    frame = pd.DataFrame(rows, columns=["area", "anno", "trimestre", "persone"])
    table = people_table("anni", ["area", "anno", "trimestre"])
    system = build_system({"ind_anni": (table, frame.astype({"persone": "Int64"}))})
    hidden = choose_hidden(system, THRESHOLD)
    assert all(interval.is_safe(THRESHOLD) for interval in hidden.intervals)
    assert {count for count, value in system.values.items() if value < THRESHOLD} <= hidden.counts
