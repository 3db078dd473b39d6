"""Cleaning any sheet: every row is accounted for, nothing personal comes out, twice is once."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bgest_analysis.clean.project.model import CleanContext, CleanedProject
from bgest_analysis.clean.project.tidy import clean_project
from bgest_analysis.clean.project.vocabularies import study_vocabularies
from bgest_analysis.privacy.pseudonyms import example_key
from bgest_analysis.schema.contract import validate_table
from bgest_analysis.schema.ingresso import input_columns
from bgest_analysis.schema.model import Table, Type
from bgest_analysis.schema.registry import find_table
from bgest_analysis.study.load import load_study
from bgest_analysis.workspace import Workspace
from tests.lib.cleaning import make_raw

ROOT = Path(__file__).resolve().parents[2]
TABLES = (
    "interventi",
    "destinatari",
    "servizi_ricevuti",
    "mediatori",
    "timesheet",
    "incontri",
    "presenze",
    "indicatori",
    "budget",
    "attivita",
    "relazioni",
    "proposte",
    "pratiche",
    "questionari",
    "codifiche_qual",
)
PLAUSIBLE = (
    "", "-", "n.d.", "idem", "sì", "1", "2,5", "1:30", "90'", "03/04/2022", "aprile 22",
    "II trim. 2022", "01/01/0001", "31/02/2021", "Val Cavallina", "Clusone", "Seriate", "arabo",
    "ghanese", "marocchina", "rumena", "concluso", "non coperto", "A", "approvato", "rimod_1",
    "1.234,50 €", "cabina", "equipe", "U1", "U1|U2", "M_fiducia", "likert_1_5", "Cooperativa Ruah",
    "città", "cittÃ ", "=1+1", "\u00a0", "\ufffd", "prima", "casi; modello",
)  # fmt: skip


@cache
def context() -> CleanContext:
    """Return what the sheets are cleaned for; not a fixture, which a failure would print whole."""
    study = load_study(Workspace(ROOT))
    return CleanContext(study, study_vocabularies(study), example_key())


@st.composite
def sheets(draw: st.DrawFn, table: Table) -> list[dict[str, str]]:
    columns = [column.name for column in input_columns(table)]
    used = draw(st.lists(st.sampled_from(columns), min_size=1, unique=True))
    cell = st.one_of(st.sampled_from(PLAUSIBLE), st.text(max_size=12))
    rows = st.lists(st.fixed_dictionaries(dict.fromkeys(used, cell)), max_size=6)
    return draw(rows) or [dict.fromkeys(used, "")]


def check(cleaned: CleanedProject, table: Table, n: int) -> None:
    for name, frame in cleaned.tables.items():
        validate_table(frame, find_table(name))
    accounting = cleaned.accounting
    assert accounting.rows_in == n
    assert len(cleaned.quarantine) == accounting.quarantined
    assert len(cleaned.tables[table.name]) <= accounting.tidy
    problems = cleaned.log.to_frame()
    asked = problems[problems["trattamento"] == "revisione"]
    assert int(cleaned.review["celle"].sum()) >= len(asked.drop_duplicates(["riga", "colonna"]))


def run(name: str, data: st.DataObject) -> None:
    table = find_table(name)
    rows = data.draw(sheets(table))
    first = clean_project(make_raw(rows), table, context())
    check(first, table, len(rows))
    again = clean_project(make_raw(rows), table, context())
    for key, frame in first.tables.items():
        pd.testing.assert_frame_equal(frame, again.tables[key])


@pytest.mark.parametrize("name", TABLES)
@settings(derandomize=True, deadline=None, max_examples=5)
@given(data=st.data())
def test_every_sheet_is_accounted_for(name: str, data: st.DataObject) -> None:
    run(name, data)


@pytest.mark.full
@pytest.mark.parametrize("name", TABLES)
@settings(derandomize=True, deadline=None, max_examples=300)
@given(data=st.data())
def test_every_sheet_is_accounted_for_at_length(name: str, data: st.DataObject) -> None:
    run(name, data)


def as_sent(frame: pd.DataFrame, table: Table) -> list[dict[str, str]]:
    """Return clean rows as a sender would write them, for the columns a sender has."""
    known = [c for c in input_columns(table) if c.name in frame.columns]
    return [
        {column.name: _text(row[column.name], column.type) for column in known}
        for row in frame.to_dict("records")
    ]


def _text(value: object, kind: Type) -> str:
    if pd.isna(value):
        return ""
    if kind is Type.DATE:
        return f"{value:%d/%m/%Y}"
    if kind is Type.BOOL:
        return "sì" if value else "no"
    return re.sub(r"\.0$", "", str(value)).replace(".", ",") if kind is Type.DEC else str(value)


@pytest.mark.parametrize("name", ["incontri", "relazioni", "budget", "indicatori", "pratiche"])
@settings(derandomize=True, deadline=None, max_examples=8)
@given(data=st.data())
def test_cleaning_what_is_clean_changes_nothing(name: str, data: st.DataObject) -> None:
    table = find_table(name)
    once = clean_project(make_raw(data.draw(sheets(table))), table, context()).tables[name]
    if once.empty:
        return
    twice = clean_project(make_raw(as_sent(once, table)), table, context()).tables[name]
    columns = [c for c in table.column_names if c not in ("fonte_file", "fonte_riga")]
    pd.testing.assert_frame_equal(once[columns], twice[columns])
