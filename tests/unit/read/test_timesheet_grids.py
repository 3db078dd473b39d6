"""Timesheets as offices keep them: a grid by month, a grid by day, one sheet a person."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from bgest_analysis.clean.project.files import clean_project_file, recognise_shape
from bgest_analysis.clean.project.model import CleanContext
from bgest_analysis.clean.project.vocabularies import study_vocabularies
from bgest_analysis.errors import UnknownLayout
from bgest_analysis.privacy.pseudonyms import example_key
from bgest_analysis.read.project import read_project_file
from bgest_analysis.read.timesheets import read_timesheet_grid
from bgest_analysis.schema.registry import find_table
from bgest_analysis.study.load import load_study
from bgest_analysis.workspace import Workspace

MONTHS = ["gen", "feb", "Marzo", "apr 22", dt.datetime(2022, 5, 1), "06/2022"]
BY_MONTH = [
    ["Cooperativa Esempio, ore 2022"],
    ["Mediatore", *MONTHS, "TOTALE"],
    ["M 1", 10, "8,5", dt.timedelta(hours=25, minutes=30), "-", None, 2, 46],
    ["M 2", None, 3, 3, 3, 3, 3, 15],
    ["Totale", 10, 11.5, 28.5, 3, 3, 5, 61],
]
BY_DAY = [
    ["FOGLIO ORE"],
    ["Mese:", "marzo 2022"],
    ["Cognome e nome", *range(1, 32), "Tot. ore", "Firma"],
    ["M 1", *[2 if day in (1, 3) else None for day in range(1, 32)], 4, "firmato"],
    ["M 2", *[1.5 if day == 2 else None for day in range(1, 32)], 1.5, None],
]
OF_ONE = [
    ["TIMESHEET MENSILE"],
    ["Nome e cognome", "M 1"],
    ["Mese", "Aprile"],
    ["Anno", 2022],
    ["Giorno", "Ore", "Firma operatore"],
    *[[dt.datetime(2022, 4, d), 2 if d % 10 == 0 else None, "fatto"] for d in range(1, 31)],
    ["TOTALE", 6],
]


def save(path: Path, rows: list[list[Any]], name: str = "Foglio1") -> Path:
    book = openpyxl.Workbook()
    book.active.title = name
    for row in rows:
        book.active.append(row)
    book.save(path)
    return path


@pytest.fixture
def context(root: Path) -> CleanContext:
    study = load_study(Workspace(root))
    return CleanContext(study, study_vocabularies(study), example_key())


def minutes(path: Path, context: CleanContext) -> tuple[dict[tuple[int, str], int], Any]:
    [cleaned] = clean_project_file(path, path.name, find_table("timesheet"), context)
    sums = cleaned.accounting
    assert sums.rows_in == sums.tidy + sums.quarantined + sum(sums.dropped.values())
    frame = cleaned.tables["timesheet"]
    codes = frame["mediatore_id"].factorize()[0]
    keys = zip(codes.tolist(), frame["mese"], strict=True)
    return dict(zip(keys, frame["minuti"].astype(int), strict=True)), cleaned


def test_a_grid_of_mediators_by_months(tmp_path: Path, context: CleanContext) -> None:
    found, cleaned = minutes(save(tmp_path / "ore.xlsx", BY_MONTH), context)
    assert found == {
        (0, "2022-01"): 600, (0, "2022-02"): 510, (0, "2022-03"): 1530, (0, "2022-06"): 120,
        (1, "2022-02"): 180, (1, "2022-03"): 180, (1, "2022-04"): 180, (1, "2022-05"): 180,
        (1, "2022-06"): 180,
    }  # fmt: skip
    assert cleaned.accounting.dropped == {"senza_ore": 1, "totale": 6}
    assert len(cleaned.log) == 0


def test_a_grid_of_mediators_by_days_with_signatures(tmp_path: Path, context: CleanContext) -> None:
    found, cleaned = minutes(save(tmp_path / "ore.xlsx", BY_DAY), context)
    assert found == {(0, "2022-03"): 240, (1, "2022-03"): 90}
    assert cleaned.tables["timesheet"]["firmato"].tolist() == [True, False]


def test_the_sheet_of_one_person_named_above_the_days(
    tmp_path: Path, context: CleanContext
) -> None:
    found, cleaned = minutes(save(tmp_path / "ts.xlsx", OF_ONE), context)
    assert found == {(0, "2022-04"): 360}
    assert cleaned.accounting.dropped == {"senza_ore": 27, "totale": 1}
    assert len(cleaned.log) == 0
    assert {step.rule for step in cleaned.steps} >= {"dalle_righe_sopra", "righe_sommate"}


@pytest.mark.parametrize("title", ["Cooperativa Esempio", "anni 2021-2022"])
def test_a_month_without_a_sure_year_is_asked(
    title: str, tmp_path: Path, context: CleanContext
) -> None:
    rows = [[title], ["Mediatore", "gen", "feb", "mar"], ["M 1", 1, 2, 3]]
    found, cleaned = minutes(save(tmp_path / "ore.xlsx", rows), context)
    assert found == {}
    assert cleaned.accounting.quarantined == 3


def test_the_shape_is_recognised_without_being_told(tmp_path: Path) -> None:
    path = save(tmp_path / "ore.xlsx", BY_MONTH)
    with pytest.raises(UnknownLayout):
        read_project_file(path)
    found = recognise_shape(path, path.name, ())
    assert found is not None
    assert found.name == "timesheet"


def test_a_plain_table_is_no_grid(tmp_path: Path) -> None:
    rows = [["Mediatore", "Mese", "Ore"], ["M 1", "gen 22", 3]]
    with pytest.raises(UnknownLayout, match="griglia"):
        read_timesheet_grid(save(tmp_path / "t.xlsx", rows))
