"""What is around a run fails or changes: files, clocks, folders, locale, fonts, network."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

from bgest_analysis.engine.backend import InlineBackend
from bgest_analysis.engine.runner import run_jobs
from bgest_analysis.errors import DONE, MACHINE_LACKS, PROBLEMS_FOUND, SourceMissing
from bgest_analysis.schema.store import read_facts, read_table
from bgest_analysis.workspace import Workspace
from tests.lib.engine_study import make_job, make_study
from tests.lib.studies import write_study

MEETINGS = "Incontro;Data;Livello\ni1;31/02/2021;Boh\n"


@pytest.fixture
def study(tmp_path: Path) -> Workspace:
    return make_study(tmp_path / "studio", a="uno", b="due")


@pytest.fixture
def sheet(tmp_path: Path) -> Path:
    """Return a small project file with problems, in a study of its own."""
    workspace = write_study(tmp_path / "studio")
    path = workspace.raw / "incontri" / "incontri.csv"
    path.parent.mkdir(parents=True)
    path.write_text(MEETINGS, encoding="utf-8")
    return path


def check(sheet: Path, **environment: str | None) -> subprocess.CompletedProcess[str]:
    """Check the file in a process with another environment (``None`` takes a variable away)."""
    whole = {**os.environ, **{k: v for k, v in environment.items() if v is not None}}
    kept = {k: v for k, v in whole.items() if environment.get(k, "") is not None}
    study = str(sheet.parents[3])
    command = [sys.executable, "-m", "bgest_analysis", "check", str(sheet), "--study", study]
    return subprocess.run(command, env=kept, capture_output=True, encoding="utf-8", check=False)


@pytest.mark.parametrize(("until", "made"), [(4, "uno+"), (5, "uno++")])
def test_a_file_that_changes_under_a_job_is_read_again(study, until, made):
    jobs = [make_job(study, "p", "change_input", reads=("a",), settings={"until": until})]
    assert run_jobs(study, jobs, InlineBackend()).exit_code == DONE
    assert (study.processed / "p.txt").read_text(encoding="utf-8") == made
    assert run_jobs(study, jobs, InlineBackend()).done == ()


def test_a_file_that_never_stands_still_is_told(study):
    jobs = [make_job(study, "p", "change_input", reads=("a",), settings={"until": 99})]
    result = run_jobs(study, jobs, InlineBackend())
    assert "data/raw/a.txt cambia mentre viene letto; chiudere" in str(result.failed["p"])
    assert not (study.processed / "p.txt").exists()


@pytest.mark.parametrize("shift", [-3600, 3600], ids=["indietro", "avanti"])
def test_a_clock_that_was_moved_hides_no_change(study, monkeypatch, shift):
    jobs = [make_job(study, "p", reads=("a",))]
    run_jobs(study, jobs, InlineBackend())
    found = (study.raw / "a.txt").stat()
    real = time.time_ns
    monkeypatch.setattr(
        "bgest_analysis.engine.hashing.time.time_ns", lambda: real() + shift * 10**9
    )
    run_jobs(study, jobs, InlineBackend())
    (study.raw / "a.txt").write_text("tre", encoding="utf-8")  # as long as before
    os.utime(study.raw / "a.txt", ns=(found.st_atime_ns, found.st_mtime_ns))  # and as old
    assert run_jobs(study, jobs, InlineBackend()).done == ("p",)
    assert (study.processed / "p.txt").read_text(encoding="utf-8").startswith("0:tre")


@pytest.mark.parametrize("size", [0, 4, 200, -9])
def test_a_truncated_table_is_made_again(study, size):
    jobs = [make_job(study, "t", "write_parquet", makes=(study.processed / "t.parquet",))]
    run_jobs(study, jobs, InlineBackend())
    path = study.processed / "t.parquet"
    whole = path.read_bytes()
    path.write_bytes(whole[:size])
    for read in (read_table, read_facts):
        with pytest.raises(SourceMissing, match="danneggiata: eseguire bgest run"):
            read(path)
    assert run_jobs(study, jobs, InlineBackend()).done == ("t",)
    assert path.read_bytes() == whole


@pytest.mark.slow
@pytest.mark.parametrize(
    "environment",
    [
        {"LC_ALL": "C", "LANG": None, "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
        pytest.param({"HOME": "/proc/nessuna", "XDG_CONFIG_HOME": None}, marks=pytest.mark.full),
        pytest.param({"PATH": "/nessuna"}, marks=pytest.mark.full),
    ],
    ids=["locale", "casa", "programmi"],
)
def test_a_bare_environment_changes_nothing(sheet, environment):
    usual = check(sheet)
    (copy,) = sheet.parent.glob("*.xlsx")
    bytes_before = copy.read_bytes()
    copy.unlink()
    bare = check(sheet, **environment)
    assert (usual.returncode, bare.returncode) == (PROBLEMS_FOUND, PROBLEMS_FOUND)
    assert bare.stdout == usual.stdout
    assert "è" in bare.stdout or "à" in bare.stdout
    (copy,) = sheet.parent.glob("*.xlsx")
    assert copy.read_bytes() == bytes_before


def small_disk(place: Path, size: str, command: list[str]) -> subprocess.CompletedProcess[str]:
    """Do a command in a mount namespace of its own, in which a folder is a small disk."""
    script = 'mount -t tmpfs -o size="$1" tmpfs "$2" && shift 2 && exec "$@"'
    return subprocess.run(
        ["unshare", "--mount", "sh", "-c", script, "sh", size, str(place), *command],
        capture_output=True, encoding="utf-8", check=False,
    )  # fmt: skip


def can_mount() -> bool:
    if shutil.which("unshare") is None or os.geteuid() != 0:
        return False
    return subprocess.run(["unshare", "--mount", "true"], check=False).returncode == 0


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux" or not can_mount(), reason="mounting needs root, Linux")
def test_a_full_temporary_folder_is_told_or_not_needed(sheet, tmp_path):
    temporary = tmp_path / "temporanei"
    temporary.mkdir()
    command = ["env", f"TMPDIR={temporary}", sys.executable, "-m", "bgest_analysis", "check",
               str(sheet), "--study", str(sheet.parents[3])]  # fmt: skip
    fill = f'head -c 1M /dev/zero > "{temporary}/pieno" 2>/dev/null; exec "$@"'
    ended = small_disk(temporary, "64k", ["sh", "-c", fill, "sh", *command])
    assert ended.returncode in (PROBLEMS_FOUND, MACHINE_LACKS), ended.stderr
    assert "Traceback" not in ended.stderr
    if ended.returncode == MACHINE_LACKS:
        assert "fare spazio" in ended.stderr
        assert list(sheet.parent.iterdir()) == [sheet]
