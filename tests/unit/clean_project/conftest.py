"""The study the tests clean for, and what cleans rows."""

from __future__ import annotations

from pathlib import Path

import pytest

from bgest_analysis.clean.corrections import Decision, collect_decisions
from bgest_analysis.clean.project.model import CleanContext, CleanedProject
from bgest_analysis.clean.project.tidy import clean_project
from bgest_analysis.clean.project.vocabularies import study_vocabularies
from bgest_analysis.privacy.pseudonyms import example_key
from bgest_analysis.schema.contract import validate_table
from bgest_analysis.schema.registry import find_table
from bgest_analysis.study.load import load_study
from bgest_analysis.study.model import Study
from bgest_analysis.workspace import Workspace
from tests.lib.cleaning import Clean, make_raw


@pytest.fixture(scope="session")
def study(root: Path) -> Study:
    return load_study(Workspace(root))


@pytest.fixture(scope="session")
def context(study: Study) -> CleanContext:
    return CleanContext(study, study_vocabularies(study), example_key())


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
