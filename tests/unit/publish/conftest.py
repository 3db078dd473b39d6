"""Runs that may be published, made once and copied."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from bgest_analysis.workspace import Workspace
from tests.lib.finished_run import FinishedRun, people_block
from tests.lib.studies import write_study


@pytest.fixture
def run(tmp_path: Path) -> FinishedRun:
    return FinishedRun(write_study(tmp_path / "studio"))


@pytest.fixture(scope="session")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a study whose run may be published; tests copy it."""
    made = FinishedRun(write_study(tmp_path_factory.mktemp("finito") / "studio"))
    made.write_table([1230, 25, None])
    made.write(people_block())
    return made.workspace.root


@pytest.fixture
def copy_of(written: Path, tmp_path: Path) -> Callable[[], FinishedRun]:
    """Return a copy of the run that may be published."""

    def make() -> FinishedRun:
        target = tmp_path / str(len(list(tmp_path.iterdir()))) / "copia"
        shutil.copytree(written, target)
        return FinishedRun(Workspace(target))

    return make
