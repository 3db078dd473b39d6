"""Processes that tests start find the package and the tests' own actions."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from bgest_analysis.workspace import PACKAGE_DIR, Workspace
from tests.lib.engine_study import make_study

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(autouse=True)
def importable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join((str(ROOT), str(PACKAGE_DIR.parent))))


@pytest.fixture(autouse=True)
def unchanging_code(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let somebody save a source file between two runs of a test that compares their bytes."""
    monkeypatch.setattr("bgest_analysis.engine.staleness.code_hash", lambda cache: "c" * 64)
    monkeypatch.setattr("bgest_analysis.engine.staleness.lock_hash", lambda cache: "l" * 64)
    monkeypatch.setattr("bgest_analysis.engine.manifest.commit_of", lambda folder: None)


@pytest.fixture
def study(tmp_path: Path) -> Workspace:
    """Return a study in a folder whose name is hard on templates and command lines."""
    return make_study(tmp_path / "città {x} di prova", a="uno", b="due")
