from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from bgest_analysis.engine.backend import InlineBackend
from bgest_analysis.engine.job import Job, Step
from bgest_analysis.engine.quick import FILE_NAME, forget_run, nothing_to_do, remember_run
from bgest_analysis.engine.runner import run_jobs
from bgest_analysis.workspace import PACKAGE_DIR, Workspace
from tests.lib.engine_study import make_job, make_study

CLOSING = {"lavori": 3}


@pytest.fixture(autouse=True)
def unchanging_code(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bgest_analysis.engine.quick.code_hash", lambda cache, **parts: "c")


@pytest.fixture
def study(tmp_path: Path) -> Workspace:
    study = make_study(tmp_path / "studio", a="uno", b="due")
    plan = jobs(study)
    run_jobs(study, plan, InlineBackend())
    remember_run(study, ["run"], plan, CLOSING)
    return study


def jobs(study: Workspace) -> list[Job]:
    page = study.reports / "index.html"
    return [
        make_job(study, "pulito", reads=("a",)),
        make_job(study, "indice", reads=("b",), makes=(page,), step=Step.INDEX),
    ]


def test_the_same_command_has_nothing_to_do(study: Workspace) -> None:
    assert nothing_to_do(study, ["run"]) == CLOSING
    assert nothing_to_do(study, ["run"]) == CLOSING


def test_another_command_is_another_run(study: Workspace) -> None:
    assert nothing_to_do(study, ["run", "--ambito", "BSE"]) is None


def edit(name: str) -> Callable[[Workspace], None]:
    return lambda study: (study.root / name).write_text("changed", encoding="utf-8") and None


def remove(name: str) -> Callable[[Workspace], None]:
    return lambda study: (study.root / name).unlink()


CHANGES = {
    "a raw file changed": edit("data/raw/a.txt"),
    "a raw file gone": remove("data/raw/a.txt"),
    "a new raw file": edit("data/raw/nuovo.csv"),
    "the study file changed": edit("study.toml"),
    "local settings appeared": edit("study.local.toml"),
    "a table edited": edit("data/processed/pulito.txt"),
    "a page gone": remove("reports/index.html"),
    "the manifest gone": remove("reports/run.json"),
    "the memory damaged": edit(f"data/processed/.stato/{FILE_NAME}"),
    "forgotten": forget_run,
}


@pytest.mark.parametrize("change", CHANGES)
def test_whatever_a_run_rests_on_is_looked_at(study: Workspace, change: str) -> None:
    CHANGES[change](study)
    found = nothing_to_do(study, ["run"])
    assert found is None or change == "local settings appeared"


def test_a_new_notebook_is_seen(study: Workspace) -> None:
    (study.root / "notebooks").mkdir()
    (study.root / "notebooks" / "90_mio.ipynb").write_text("{}", encoding="utf-8")
    assert nothing_to_do(study, ["run"]) is None


def test_changed_code_is_seen(study: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bgest_analysis.engine.quick.code_hash", lambda cache, **parts: "d")
    assert nothing_to_do(study, ["run"]) is None


def test_a_file_touched_but_not_changed_is_no_change(study: Workspace) -> None:
    os.utime(study.raw / "a.txt", ns=(1, 1))
    assert nothing_to_do(study, ["run"]) == CLOSING


def loaded_by(module: str) -> set[str]:
    """Return the packages that importing a module loads."""
    code = f"import {module}, sys; print(*sys.modules)"
    env = {**os.environ, "PYTHONPATH": str(PACKAGE_DIR.parent)}
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, env=env
    )
    return {name.partition(".")[0] for name in done.stdout.split()}


@pytest.mark.parametrize(
    ("module", "heavy"),
    [
        ("bgest_analysis.engine.quick", {"numpy", "pandas", "pyarrow", "papermill", "nbformat"}),
        ("bgest_analysis.engine.runner", {"pandas", "papermill", "nbformat", "IPython"}),
        ("bgest_analysis.engine.engines", {"pandas", "papermill", "nbformat", "distributed"}),
    ],
)
def test_what_waits_for_others_loads_nothing_heavy(module: str, heavy: set[str]) -> None:
    assert loaded_by(module).isdisjoint(heavy)
