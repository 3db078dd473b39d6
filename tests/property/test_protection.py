"""No hidden count can be computed: random tables, two and three ways, alone and linked."""

from __future__ import annotations

import itertools

import numpy as np
import pandas as pd
import pytest
from scipy.optimize import linprog

from bgest_analysis.privacy.audit import audit
from bgest_analysis.privacy.complement import choose_hidden
from bgest_analysis.privacy.protect import Candidate, protect_tables
from bgest_analysis.privacy.system import build_system
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
