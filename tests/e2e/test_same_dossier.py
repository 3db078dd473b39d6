"""The whole dossier of the synthetic example, made twice: every file the same, byte by byte."""

from __future__ import annotations

import shutil
from collections import Counter
from pathlib import Path

import pytest

from tests.lib.runs import bgest

pytestmark = pytest.mark.full

SAMPLE = ("--ambito", "ES1", "--notebook", "01_territorio", "--notebook", "04_copertura_equita")
KINDS = {".ipynb", ".html", ".docx", ".xlsx", ".pdf", ".svg", ".png", ".parquet", ".json"}


def make(root: Path, folder: Path, *arguments: str) -> Path:
    """Copy the example to a folder and make its dossier there."""
    shutil.copytree(root / "example", folder)
    done = bgest("run", "--study", str(folder), *arguments, timeout=3 * 3600)
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    return folder


def made(study: Path) -> set[str]:
    """Return all files that a run makes; times of day and the state are in hidden ones."""
    found = [path for top in ("reports", "data/processed") for path in (study / top).rglob("*")]
    names = [path.relative_to(study) for path in found if path.is_file()]
    return {
        name.as_posix() for name in names if not any(part.startswith(".") for part in name.parts)
    }


def compare(one: Path, other: Path, names: set[str], capsys: pytest.CaptureFixture[str]) -> None:
    """Check that the named files are the same, and print how many there are of each kind."""
    kinds = Counter(Path(name).suffix for name in names)
    differing = sorted(
        name for name in names if (one / name).read_bytes() != (other / name).read_bytes()
    )
    with capsys.disabled():
        print(f"\n{len(names)} files {dict(kinds.most_common())}: {len(differing)} differ")
    assert differing == []


@pytest.fixture(scope="module")
def forked(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make all areas with two forked jobs at once."""
    folder = tmp_path_factory.mktemp("qui") / "studio"
    return make(root, folder, "--engine", "fork", "--jobs", "2")


def test_another_folder_number_of_jobs_and_engine_give_the_same_bytes(
    root: Path, forked: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    other = make(
        root, tmp_path / "altrove, città {x}" / "altro nome", "--engine", "spawn", "--jobs", "1"
    )
    assert made(other) == made(forked)
    assert {Path(name).suffix for name in made(forked)} >= KINDS
    compare(forked, other, made(forked), capsys)


def test_stock_kernels_give_the_same_bytes(
    root: Path, forked: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Of two notebooks of an area; the documents of a part of the notebooks are others."""
    other = make(root, tmp_path / "terzo", "--engine", "stock", "--jobs", "2", *SAMPLE)
    kinds = (".ipynb", ".parquet")
    common = {name for name in made(other) & made(forked) if name.endswith(kinds)}
    executed = [name for name in common if name.endswith(".ipynb")]
    assert len(executed) == 2
    compare(forked, other, common, capsys)
