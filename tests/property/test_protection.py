"""No hidden count can be computed: random tables, two and three ways, alone and linked."""

from __future__ import annotations

import functools
import itertools

import numpy as np
import pandas as pd
import pytest
from scipy.optimize import Bounds, LinearConstraint, linprog, milp

from bgest_analysis.privacy.audit import audit
from bgest_analysis.privacy.build import build_system
from bgest_analysis.privacy.complement import choose_hidden
from bgest_analysis.privacy.protect import Candidate, protect_tables
from bgest_analysis.privacy.system import System
from bgest_analysis.schema.lineage import Lineage
from bgest_analysis.schema.model import Column, Layer, Origin, Table, Type

THRESHOLD = 5
FAST, FULL = 9, 1000
ATTACKED = 200  # seeds on which a second program searches both ends of every small count


def table_of(name, keys):
    columns = [Column(key, Type.STR, key, key) for key in keys]
    columns += [
        Column("n_persone", Type.INT, "n", "n", count=True),
        Column("quota", Type.DEC, "quota", "share", rests_on="n_persone"),
    ]
    return Table(name, Layer.IND, "", "", "", "", tuple(columns), tuple(keys), about_people=True)


def cube(rng, sizes):
    """Return a table of counts with all its margins; many counts are small."""
    names = ["area", "servizio", "sesso"][: len(sizes)]
    totals = ["distretto", "tot", "T"][: len(sizes)]
    inner = rng.negative_binomial(0.8, 0.07, size=sizes)
    levels = [[f"{name}{i}" for i in range(size)] for name, size in zip(names, sizes, strict=True)]
    rows = []
    for cell in itertools.product(*(range(size + 1) for size in sizes)):
        where = tuple(slice(None) if i == size else i for i, size in zip(cell, sizes, strict=True))
        labels = [
            total if i == size else level[i]
            for i, size, level, total in zip(cell, sizes, levels, totals, strict=True)
        ]
        rows.append((*labels, int(inner[where].sum())))
    frame = pd.DataFrame(rows, columns=[*names, "n_persone"]).astype({"n_persone": "Int64"})
    return names, frame.assign(quota=0.5)


def tables_of(seed):
    """Return one random case: a 2-way or 3-way table, with a linked margin of its own."""
    rng = np.random.default_rng(seed)
    sizes = [(7, 6), (7, 4, 2), (4, 3, 2)][seed % 3]
    names, frame = cube(rng, sizes)
    tables = {"ind_grande": (table_of("grande", names), frame)}
    if seed % 2:
        margin = frame[frame[names[1:]].isin(["tot", "T"]).all(axis=1)]
        margin = margin.drop(columns=names[1:]).reset_index(drop=True)
        tables["ind_margine"] = (table_of("margine", names[:1]), margin)
    return tables


def attack(system, hidden):
    """Yield what another program can compute of each small count: one search an end."""
    columns = {count: i for i, count in enumerate(sorted(hidden.counts, key=str))}
    rows, right = [], []
    for one in system.sums:
        row, known = np.zeros(len(columns)), 0.0
        for count, sign in ((one.total, 1), *((part, -1) for part in one.parts)):
            if count in columns:
                row[columns[count]] += sign
            else:
                known -= sign * system.values[count]
        if row.any():
            rows.append(row)
            right.append(known)
    bounds = [(1, THRESHOLD - 1) if c in hidden.primary else (1, None) for c in columns]
    for count in hidden.primary:
        goal = np.zeros(len(columns))
        goal[columns[count]] = 1
        equations = {"A_eq": np.array(rows), "b_eq": np.array(right)} if rows else {}
        low = linprog(goal, bounds=bounds, **equations)
        high = linprog(-goal, bounds=bounds, **equations)
        yield low.fun, -high.fun


def check(seed):
    tables = tables_of(seed)
    system = build_system(tables)
    hidden = choose_hidden(system, THRESHOLD)
    small = {count for count, value in system.values.items() if 1 <= value < THRESHOLD}
    assert small <= hidden.counts
    again = audit(system, hidden.primary, hidden.secondary, THRESHOLD)
    assert [i for i in again if not i.is_safe(THRESHOLD)] == []
    if seed < ATTACKED:
        for low, high in attack(system, hidden):
            assert low <= 1 + 1e-6, seed
            assert high >= THRESHOLD - 1 - 1e-6, seed
    return len(small), len(hidden.counts), len(system.values)


@pytest.mark.parametrize("seed", range(FAST))
def test_no_hidden_count_can_be_computed(seed):
    check(seed)


@pytest.mark.full
def test_no_hidden_count_can_be_computed_in_a_thousand_tables():
    small, hidden, cells = (sum(part) for part in zip(*map(check, range(FULL)), strict=True))
    print(f"{FULL} tables, {cells} counts, {small} small, {hidden} hidden ({hidden / cells:.1%})")
    assert hidden < 0.75 * cells


def linked_tables(seed):
    """Return three tables of the same persons: area by service, area by outcome, totals.

    The names differ from table to table; the outcome's parts stand in columns, one with a share;
    the third has the totals of the areas under a name of its own.
    """
    rng = np.random.default_rng(seed)
    areas, services = int(rng.integers(3, 8)), int(rng.integers(2, 6))
    inner = rng.negative_binomial(0.9, 0.05, size=(areas, services))
    names = [f"A{n}" for n in range(areas)]
    by_service = [
        (area, f"s{n}", int(value))
        for area, row in zip(names, inner, strict=True)
        for n, value in enumerate(row)
    ]
    by_service += [("distretto", f"s{n}", int(v)) for n, v in enumerate(inner.sum(axis=0))]
    totals = [*inner.sum(axis=1).tolist(), int(inner.sum())]
    yes = [int(rng.binomial(total, rng.choice([0.1, 0.5, 0.9]))) for total in totals[:-1]]
    yes.append(sum(yes))
    every = [*names, "distretto"]
    outcome = pd.DataFrame({"area": every, "casi": totals, "si": yes})
    outcome = outcome.assign(no=outcome["casi"] - outcome["si"], quota=0.5)
    return {
        "ind_servizi": (table_of("servizi", ["area", "servizio"]), frame_of(by_service)),
        "ind_esiti": (
            outcome_table(),
            outcome.astype(dict.fromkeys(["casi", "si", "no"], "Int64")),
        ),
        "ind_totali": (
            total_table(),
            pd.DataFrame({"area": every, "n": totals}).astype({"n": "Int64"}),
        ),
    }


def frame_of(rows):
    frame = pd.DataFrame(rows, columns=["area", "servizio", "n_persone"])
    return frame.astype({"n_persone": "Int64"}).assign(quota=0.5)


def total_table():
    columns = (Column("area", Type.STR, "", ""), Column("n", Type.INT, "", "", count=True))
    return Table("totali", Layer.IND, "", "", "", "", columns, ("area",), about_people=True)


def outcome_table():
    columns = (
        Column("area", Type.STR, "", ""),
        Column("casi", Type.INT, "", "", count=True),
        Column("si", Type.INT, "", "", count=True, part_of="casi"),
        Column("no", Type.INT, "", "", count=True, part_of="casi"),
        Column("quota", Type.DEC, "", "", rests_on="si"),
    )
    return Table("esiti", Layer.IND, "", "", "", "", columns, ("area",), about_people=True)


class Attacker:
    """A reader of the shown tables who knows how they were made, and nothing of ``src``.

    Unknown cells are variables; every sum the reader can think of is an equation.
    """

    def __init__(self, shown):
        self.values, self.low, self.high, self.rows = {}, {}, {}, []
        for name, column in (("servizi", "n_persone"), ("esiti", "casi"), ("esiti", "si"),
                             ("esiti", "no"), ("totali", "n")):  # fmt: skip
            frame = shown[f"ind_{name}"]
            for record in frame.to_dict("records"):
                cell = (name, column, record["area"], record.get("servizio", ""))
                self._see(cell, record[column], record["protezione"], column)
        areas = {cell[2] for cell in self.low} - {"distretto"}
        services = {cell[3] for cell in self.low} - {""}
        for service in services:
            parts = [("servizi", "n_persone", area, service) for area in areas]
            self._sum(("servizi", "n_persone", "distretto", service), parts)
        for name, column in (("esiti", "casi"), ("esiti", "si"), ("esiti", "no"), ("totali", "n")):
            parts = [(name, column, area, "") for area in areas]
            self._sum((name, column, "distretto", ""), parts)
        for area in (*areas, "distretto"):
            whole = ("esiti", "casi", area, "")
            self._sum(whole, [("esiti", "si", area, ""), ("esiti", "no", area, "")])
            self._sum(whole, [("servizi", "n_persone", area, service) for service in services])
            self._sum(whole, [("totali", "n", area, "")])

    def _see(self, cell, value, marks, column):
        if not pd.isna(value):
            self.low[cell] = self.high[cell] = int(value)
        else:
            small = f"{column}:{THRESHOLD}" in marks.split("|")
            self.low[cell], self.high[cell] = 1, THRESHOLD - 1 if small else np.inf

    def _sum(self, total, parts):
        if all(cell in self.low for cell in (total, *parts)):
            self.rows.append((total, parts))

    def intervals(self):
        """Yield (cell, smallest, largest) of every cell marked as small."""
        place = {cell: n for n, cell in enumerate(self.low)}
        matrix = np.zeros((len(self.rows), len(place)))
        for row, (total, parts) in enumerate(self.rows):
            matrix[row, place[total]] += 1
            for part in parts:
                matrix[row, place[part]] -= 1
        bounds = [(self.low[c], None if np.isinf(self.high[c]) else self.high[c]) for c in place]
        for cell, at in place.items():
            if self.low[cell] < self.high[cell] < np.inf:
                goal = np.eye(len(place))[at]
                ends = [
                    linprog(sign * goal, A_eq=matrix, b_eq=np.zeros(len(matrix)), bounds=bounds)
                    for sign in (1, -1)
                ]
                yield cell, ends[0].fun, -ends[1].fun


def attack_linked(seed):
    """Return cells, small cells, hidden cells, attacks tried, cells pinned to one value."""
    tables = linked_tables(seed)
    candidates = {
        name: Candidate(table, frame, Lineage(Origin.PROGETTO))
        for name, (table, frame) in tables.items()
    }
    shown = protect_tables(candidates, THRESHOLD)
    found = list(Attacker(shown).intervals())
    pinned = sum(high - low < 1 - 1e-6 for _, low, high in found)
    counts = {
        name: [c.name for c in table.columns if c.count] for name, (table, _) in tables.items()
    }
    cells = sum(len(frame) * len(counts[name]) for name, (_, frame) in tables.items())
    hidden = sum(int(shown[name][counts[name]].isna().sum().sum()) for name in tables)
    return np.array([cells, len(found), hidden, 2 * len(found), pinned])


@pytest.mark.parametrize("seed", range(4))
def test_an_attacker_who_links_three_tables_pins_no_small_count(seed):
    cells, small, hidden, _, pinned = attack_linked(seed)
    assert pinned == 0
    assert small <= hidden <= cells


@pytest.mark.full
@pytest.mark.xfail(
    strict=True,
    reason="links between tables with other names get a second hidden cell only, not the linear "
    "programme: 285 of 5,140 small cells were pinned over 1,000 triples (docs/fiducia.md)",
)
def test_an_attacker_who_links_a_thousand_triples_of_tables_pins_no_small_count():
    cells, small, hidden, tried, pinned = sum(attack_linked(seed) for seed in range(FULL))
    print(
        f"{FULL} linked triples, {cells} cells, {small} marked small, {hidden} hidden "
        f"({hidden / cells:.1%}), {tried} attacks tried, {pinned} pinned"
    )
    assert pinned == 0


def greedy_hidden(system: System):
    """Return how many counts a plain greedy method hides: no sum with exactly one hidden."""
    hidden = system.small(THRESHOLD)
    sums_of = system.sums_of()
    todo = list(hidden)
    while todo:
        for one in sums_of.get(todo.pop(), []):
            free = [m for m in one.members if m not in hidden and system.values[m] > 0]
            if len(hidden.intersection(one.members)) == 1 and free:
                chosen = min(free, key=lambda m: (system.values[m], str(m)))
                hidden.add(chosen)
                todo.append(chosen)
    return hidden


def optimum_hidden(system: System):
    """Return the fewest counts hidden so that no sum has exactly one hidden (MILP).

    A bound from below on what protection needs: an audit may want more.
    """
    cells = sorted(system.values, key=str)
    place = {cell: n for n, cell in enumerate(cells)}
    rows = []
    for one in system.sums:
        for member in one.members:
            row = np.zeros(len(cells))
            row[place[member]] = -1
            for other in one.members:
                row[place[other]] += 1 if other != member else 0
            rows.append(row)  # hidden members besides this one >= this one
    small = system.small(THRESHOLD)
    low = [float(cell in small) for cell in cells]
    high = [float(cell in small or system.values[cell] > 0) for cell in cells]
    found = milp(
        np.ones(len(cells)),
        constraints=LinearConstraint(np.array(rows), lb=0) if rows else (),
        bounds=Bounds(low, high),
        integrality=np.ones(len(cells)),
    )
    return round(found.fun) if found.success else None


@functools.cache
def hidden_by_three(seed):
    """Return cells, and how many the product, a greedy method and the optimum hide."""
    rng = np.random.default_rng(seed)
    names, frame = cube(rng, [4, 3])
    system = build_system({"ind_grande": (table_of("grande", names), frame)})
    best = optimum_hidden(system)
    ours = choose_hidden(system, THRESHOLD).counts
    return len(system.values), len(ours), len(greedy_hidden(system)), best


def compare(seeds):
    found = [hidden_by_three(seed) for seed in seeds]
    solved = [one for one in found if one[3] is not None]
    return len(solved), [sum(part) for part in zip(*solved, strict=True)]


def test_not_much_more_is_hidden_than_the_fewest_that_could_do():
    tables, (cells, ours, _, best) = compare(range(12))
    assert tables >= 8
    assert best <= ours <= best + 0.25 * cells


@pytest.mark.full
def test_share_hidden_against_a_greedy_method_and_the_optimum():
    tables, (cells, ours, greedy, best) = compare(range(200))
    print(
        f"{tables} tables 4x3, {cells} counts: hidden {ours / cells:.1%}, "
        f"greedy {greedy / cells:.1%}, fewest possible {best / cells:.1%}"
    )
    assert best <= ours


def test_a_lone_small_count_takes_a_companion_in_every_direction():
    rows = [
        ("a", "x", 3), ("a", "y", 20), ("a", "tot", 23),
        ("b", "x", 10), ("b", "y", 30), ("b", "tot", 40),
        ("distretto", "x", 13), ("distretto", "y", 50), ("distretto", "tot", 63),
    ]  # fmt: skip
    frame = pd.DataFrame(rows, columns=["area", "servizio", "n_persone"])
    frame = frame.astype({"n_persone": "Int64"}).assign(quota=0.1)
    candidate = Candidate(table_of("t", ["area", "servizio"]), frame, Lineage(Origin.PROGETTO))
    shown = protect_tables({"ind_t": candidate}, THRESHOLD)["ind_t"]
    marks = shown.set_index(["area", "servizio"])["protezione"].to_dict()
    assert marks["a", "x"] == "n_persone:5|quota"
    assert marks["a", "y"] == marks["b", "x"] == marks["b", "y"] == "n_persone|quota"
    assert marks["distretto", "tot"] == ""
    assert shown["quota"].isna().sum() == 4


def test_a_table_with_no_small_count_is_shown_whole():
    frame = pd.DataFrame({"area": ["a", "b"], "n_persone": [5, 0], "quota": [0.1, 0.0]})
    frame = frame.astype({"n_persone": "Int64"})
    candidate = Candidate(table_of("t", ["area"]), frame, Lineage(Origin.PROGETTO))
    shown = protect_tables({"ind_t": candidate}, THRESHOLD)["ind_t"]
    assert shown["protezione"].tolist() == ["", ""]


def test_a_small_total_of_small_parts_does_not_narrow_them():
    rows = [("a", 1), ("b", 1), ("distretto", 2)]
    frame = pd.DataFrame(rows, columns=["area", "n_persone"]).astype({"n_persone": "Int64"})
    candidate = Candidate(
        table_of("t", ["area"]), frame.assign(quota=0.1), Lineage(Origin.PROGETTO)
    )
    shown = protect_tables({"ind_t": candidate}, THRESHOLD)["ind_t"]
    assert shown["n_persone"].isna().all()
    assert shown["protezione"].tolist()[2] == "n_persone|quota"
