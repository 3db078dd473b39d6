from __future__ import annotations

from pathlib import Path

import pytest

from bgest_analysis.engine.job import Job, Step, job_from_json, job_key, name_of, path_of
from bgest_analysis.workspace import PACKAGE_DIR, Workspace

STUDY = Workspace(Path("/studi/uno"))
JOB = Job(
    id="clean/popolazione",
    step=Step.CLEAN,
    action="pacchetto.modulo:funzione",
    inputs=(Path("/studi/uno/data/raw/a.csv"),),
    outputs=(Path("/studi/uno/data/processed/a.parquet"),),
    settings={"anni": [2020, 2021], "soglia": 5},
    after=("x",),
    timeout=3.5,
)


def test_json_and_back() -> None:
    assert job_from_json(JOB.to_json()) == JOB


@pytest.mark.parametrize(
    ("change", "same"),
    [
        ({"id": "altro"}, True),
        ({"after": ()}, True),
        ({"timeout": None}, True),
        ({"outputs": ()}, True),
        ({"settings": {"soglia": 5, "anni": [2020, 2021]}}, True),
        ({"settings": {"anni": [2020, 2021], "soglia": 6}}, False),
        ({"step": Step.TIDY}, False),
        ({"action": "pacchetto.modulo:altra"}, False),
    ],
)
def test_key_depends_on_what_changes_the_result(change: dict[str, object], same: bool) -> None:
    other = Job(**{**vars(JOB), **change})
    inputs = {"data/raw/a.csv": "1" * 64}
    assert (job_key(other, inputs, "c", "l") == job_key(JOB, inputs, "c", "l")) is same


@pytest.mark.parametrize(
    ("inputs", "code", "lock"),
    [
        ({"b": "1"}, "c", "l"),
        ({"a": "2"}, "c", "l"),
        ({"a": "1"}, "d", "l"),
        ({"a": "1"}, "c", "m"),
    ],
)
def test_key_depends_on_content_code_and_lock(inputs: dict[str, str], code: str, lock: str) -> None:
    assert job_key(JOB, inputs, code, lock) != job_key(JOB, {"a": "1"}, "c", "l")


@pytest.mark.parametrize(
    ("path", "name"),
    [
        (STUDY.root / "data" / "raw" / "a.csv", "data/raw/a.csv"),
        (STUDY.reports / "it" / "BSE" / "dossier.html", "reports/it/BSE/dossier.html"),
        (PACKAGE_DIR / "vocabulary" / "paesi.csv", "bgest_analysis/vocabulary/paesi.csv"),
    ],
)
def test_names_do_not_hold_the_folder_and_lead_back(path: Path, name: str) -> None:
    assert name_of(STUDY, path) == name
    assert path_of(STUDY, name) == path


def test_reports_may_stand_outside_the_study() -> None:
    study = Workspace(Path("/studi/esempio"), Path("/altrove/reports/esempio"))
    path = study.reports / "index.html"
    assert name_of(study, path) == "reports/index.html"
    assert path_of(study, "reports/index.html") == path


def test_the_same_study_elsewhere_has_the_same_names() -> None:
    other = Workspace(Path("/un altro posto/è qui"))
    assert name_of(other, other.raw / "a.csv") == name_of(STUDY, STUDY.raw / "a.csv")
