"""Fifty identifiers in a study's files: none is in anything that a run leaves behind.

Left out of the search: ``data/raw``, the files as received, and the marked copies of ``bgest
check``, which go back to the sender with the sender's own words.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from bgest_analysis.cli.main import main
from bgest_analysis.errors import DONE, PROBLEMS_FOUND, SOME_FAILED
from bgest_analysis.workspace import Workspace, shipped_notebooks
from tests.lib.broken_run import STEPS
from tests.lib.canaries import IDENTIFIERS, PLANTED, hits, plant
from tests.lib.jobs import bare_study, give_key, run_cleaning

RUN = ["run", "--no-example", "--ambito", "distretto", "--ambito", "VCA", "--jobs", "2"]
NOTEBOOK = "11_qualita_dati"


@pytest.fixture
def study(tmp_path: Path, root: Path, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    """Return a study full of persons, with its key; temporary files go into its own folder."""
    for name in ("XDG_CONFIG_HOME", "APPDATA"):
        monkeypatch.setenv(name, str(tmp_path / "config"))
    (tmp_path / "tmp").mkdir()
    monkeypatch.setenv("TMPDIR", str(tmp_path / "tmp"))
    workspace = bare_study(tmp_path / "studio", root)
    plant(workspace.raw)
    give_key(workspace, tmp_path / "config")
    return workspace


def left_behind(folder: Path) -> list[Path]:
    """Return every file but those received and the copies for their senders."""
    files = [path for path in sorted(folder.rglob("*")) if path.is_file()]
    return [path for path in files if "data/raw" not in path.as_posix()]


def call(study: Workspace, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", *arguments],
        cwd=study.root,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])},
        capture_output=True,
        text=True,
        check=False,
        timeout=600,
    )


def test_fifty_of_every_kind_are_planted_and_would_be_found(study: Workspace) -> None:
    raw = [path for path in study.raw.rglob("*") if path.is_file()]
    found = {line.partition(": ")[2] for line in hits(raw)}
    assert set(IDENTIFIERS) - found == set()
    assert len(set(IDENTIFIERS)) >= 50
    assert len(PLANTED) == 9


def test_cleaning_and_checking_leave_none(
    study: Workspace, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run_cleaning(study)
    files = [str(path) for path in sorted(study.raw.rglob("*")) if path.is_file()]
    assert main(["check", "--study", str(study.root), *files]) == PROBLEMS_FOUND
    assert main(["check", "--study", str(study.root), "--json", *files[:1]]) == PROBLEMS_FOUND
    said = capsys.readouterr()
    assert hits(left_behind(tmp_path), (said.out, said.err)) == []


@pytest.mark.full
def test_a_whole_run_leaves_none(study: Workspace, tmp_path: Path) -> None:
    done = call(study, "bgest_analysis", *RUN)
    assert done.returncode == DONE, done.stdout
    status = call(study, "bgest_analysis", "status", "--explain")
    suffixes = {path.suffix for path in left_behind(tmp_path)}
    assert {".docx", ".xlsx", ".pdf", ".html", ".ipynb", ".parquet", ".json"} <= suffixes
    streams = (done.stdout, done.stderr, status.stdout)
    assert hits(left_behind(tmp_path), streams) == []


@pytest.mark.full
@pytest.mark.parametrize("step", sorted(STEPS))
@pytest.mark.parametrize("engine", ["fork", "spawn"])
def test_a_step_that_breaks_in_the_middle_leaves_none(
    study: Workspace, tmp_path: Path, step: str, engine: str
) -> None:
    more = ["--notebook", NOTEBOOK, "--engine", engine]
    done = call(study, "tests.lib.broken_run", step, *RUN, *more)
    if engine == "fork":  # a fresh interpreter has no broken step
        assert done.returncode == SOME_FAILED, done.stdout
    assert hits(left_behind(tmp_path), (done.stdout, done.stderr)) == []


@pytest.mark.full
def test_a_notebook_that_breaks_with_values_in_hand_leaves_none(
    study: Workspace, tmp_path: Path
) -> None:
    notebook = json.loads((shipped_notebooks() / f"{NOTEBOOK}.ipynb").read_text(encoding="utf-8"))
    source = (
        "import logging, sys\nfrom pathlib import Path\n"
        "testo = Path('data/raw/destinatari/persone.csv').read_text()\n"
        "print(testo); print(testo, file=sys.stderr); logging.error(testo)\n"
        "raise ValueError(testo)"
    )
    cell = {**notebook["cells"][-1], "source": source}
    notebook["cells"].append({**cell, "id": "rotta"})
    (study.root / "notebooks").mkdir()
    path = study.root / "notebooks" / f"{NOTEBOOK}.ipynb"
    path.write_text(json.dumps(notebook), encoding="utf-8")
    done = call(study, "bgest_analysis", *RUN, "--notebook", NOTEBOOK)
    assert done.returncode == SOME_FAILED, done.stdout
    assert any("failed" in path.parts for path in left_behind(tmp_path))
    assert hits(left_behind(tmp_path), (done.stdout, done.stderr)) == []
