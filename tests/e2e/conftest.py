"""One real run of a real study, shared by the tests that look at what it made."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.lib.runs import bgest, copy_study

SAID = "detto.txt"


@pytest.fixture(scope="session")
def made(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of a study whose dossier of one Ambito and the whole was made."""
    folder = copy_study(root, tmp_path_factory.mktemp("e2e") / "studio àè prova")
    done = bgest(
        "run", "--study", str(folder), "--ambito", "distretto", "--ambito", "BSE", "--no-example"
    )
    assert done.returncode == 0, done.stdout + done.stderr
    (folder.parent / SAID).write_text(done.stdout, encoding="utf-8")
    return folder


@pytest.fixture
def said(made: Path) -> str:
    """Return what the run printed."""
    return (made.parent / SAID).read_text(encoding="utf-8")
