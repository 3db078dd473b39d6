"""A notebook opens the tables it declared, and no others."""

from __future__ import annotations

import shutil
from pathlib import Path

import pandas as pd
import pytest

from bgest_analysis.errors import SchemaViolation, SourceMissing
from bgest_analysis.notebook.door import Run, start
from bgest_analysis.schema.lineage import Lineage
from bgest_analysis.schema.model import Origin
from bgest_analysis.schema.store import write_table
from bgest_analysis.workspace import Workspace
from tests.lib.studies import write_study

ROOT = Path(__file__).parents[3]
NAME = "02_rete_governance"


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Return an analysis in a study in which two tables were made; one of them is declared."""
    workspace: Workspace = write_study(tmp_path / "studio")
    (workspace.root / "notebooks").mkdir()
    shutil.copy(ROOT / "notebooks" / f"{NAME}.ipynb", workspace.root / "notebooks")
    for name in ("ind_seggi", "ind_segreto"):
        path = workspace.protected_table(name)
        path.parent.mkdir(parents=True, exist_ok=True)
        write_table(path, pd.DataFrame({"area": ["NO"]}), Lineage(Origin.PROGETTO))
    monkeypatch.chdir(workspace.root)
    return start(NAME, tables=("ind_seggi", "ind_assente"), results=("ris_x",), ambito="NO")


def test_a_declared_table_is_opened(run: Run) -> None:
    assert run.table("ind_seggi")["area"].tolist() == ["NO"]
    assert (run.has("ind_seggi"), run.has("ind_assente"), run.has("ris_x")) == (True, False, False)


@pytest.mark.parametrize("name", ["ind_segreto", "tidy_interventi", "../tidy_interventi", "ris_y"])
def test_another_table_is_an_error_though_it_is_there(run: Run, name: str) -> None:
    for opening in (run.table, run.has):
        with pytest.raises(SchemaViolation, match="senza dichiararla"):
            opening(name)


def test_a_declared_table_that_was_not_made_is_missing(run: Run) -> None:
    with pytest.raises(SourceMissing):
        run.table("ind_assente")


def test_a_model_that_was_not_declared_is_an_error(run: Run) -> None:
    with pytest.raises(SchemaViolation, match="senza dichiararlo"):
        run.estimate("effetti")
