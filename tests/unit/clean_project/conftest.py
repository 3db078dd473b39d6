"""The study the tests clean for, and a sheet in two lines."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from bgest_analysis.clean.corrections import Decision, collect_decisions
from bgest_analysis.clean.project.model import CleanContext, CleanedProject
from bgest_analysis.clean.project.tidy import clean_project
from bgest_analysis.clean.project.vocabularies import study_vocabularies
from bgest_analysis.privacy.pseudonyms import example_key
from bgest_analysis.read.raw import RawTable, Skipped
from bgest_analysis.schema.contract import validate_table
from bgest_analysis.schema.registry import find_table
from bgest_analysis.study.load import load_study
from bgest_analysis.study.model import Study
from bgest_analysis.workspace import Workspace

FILE = "data/raw/prova/registro.csv"
FIRST_ROW = 2


@pytest.fixture(scope="session")
def study(root: Path) -> Study:
    return load_study(Workspace(root))


@pytest.fixture(scope="session")
def context(study: Study) -> CleanContext:
    return CleanContext(study, study_vocabularies(study), example_key())


def make_raw(
    rows: list[dict[str, str]],
    *,
    file: str = FILE,
    sheet: str = "",
    skipped: tuple[Skipped, ...] = (),
) -> RawTable:
    """Return a sheet whose rows are numbered from 2; a column a row lacks is empty in it."""
    cells = pd.DataFrame(rows, dtype="str").fillna("")
    cells.index = pd.RangeIndex(FIRST_ROW, FIRST_ROW + len(cells), name="riga")
    return RawTable(
        file, sheet, cells, "progetto", len(rows) + sum(len(s.rows) for s in skipped), None, skipped
    )


Clean = Callable[..., CleanedProject]


@pytest.fixture
def clean(context: CleanContext) -> Clean:
    """Return what cleans rows of a table, and checks what comes out against the schema."""

    def run(
        table: str, rows: list[dict[str, str]], *decisions: Decision, **parts: str
    ) -> CleanedProject:
        chosen = CleanContext(
            context.study, context.vocabularies, context.key, collect_decisions(decisions)
        )
        cleaned = clean_project(make_raw(rows, **parts), find_table(table), chosen)
        for name, frame in cleaned.tables.items():
            validate_table(frame, find_table(name))
        return cleaned

    return run


def rules_by_row(cleaned: CleanedProject) -> set[tuple[int, str, str]]:
    """Return (row, column, rule) of every problem that has a row."""
    return {(p.row, p.column, p.rule.code) for p in cleaned.log.problems() if p.row is not None}


def counted(cleaned: CleanedProject, rule: str) -> int:
    """Return how many cells the register says a rule changed."""
    return sum(step.cells for step in cleaned.steps if step.rule == rule)
