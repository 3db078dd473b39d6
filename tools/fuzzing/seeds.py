"""What is mutated: valid files of every kind a command reads, and the command that reads each.

The synthetic study is written and run once; a case works on a copy of it made of hard links.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from random import Random

import openpyxl

from bgest_analysis.errors import DONE, SOME_FAILED
from bgest_analysis.workspace import Workspace

SCALE = "0.05"
AREA = "VBM"
MARK = "FILE"  # in a command: the mutated file


@dataclass(frozen=True)
class Seed:
    """A valid file and the commands that read it.

    Parameters
    ----------
    kind
        A name for the counts.
    source
        The valid file.
    place
        Where the mutated one stands in a copy of the study.
    commands
        Words after ``bgest``; one of them is chosen.
    """

    kind: str
    source: Path
    place: str
    commands: tuple[tuple[str, ...], ...]


def make_study(folder: Path, environment: dict[str, str]) -> None:
    """Write the synthetic study, run it for one area and one analysis, draw a coded sample."""
    if (folder / "fatto").exists():
        return
    shutil.rmtree(folder, ignore_errors=True)
    study = str(folder / "studio")
    area = ["--ambito", "distretto", "--notebook", "02_rete_governance", "--no-example"]
    for words in (
        ["example", study, "--scale", SCALE],
        ["run", "--study", study, *area],
        ["sample", "--study", study, "--size", "30"],
    ):
        done = subprocess.run([sys.executable, "-m", "bgest_analysis", *words], check=False,
                              env=environment, stdout=subprocess.DEVNULL)  # fmt: skip
        if done.returncode not in (DONE, SOME_FAILED):  # a study so small has too few cases
            raise SystemExit(done.returncode)
    for book in (folder / "studio" / "data" / "campione").glob("codifica_*.xlsx"):
        _fill(book)
    _make_others(folder)
    (folder / "fatto").touch()


def _fill(path: Path) -> None:
    """Choose codes as a coder would."""
    random, book = Random(path.name), openpyxl.load_workbook(path)
    page, lists = book["Codifica"], book["Elenchi"]
    for column in (1, 2):
        names = [cell.value for cell in lists[chr(64 + column)][1:] if cell.value]
        for row in range(2, page.max_row + 1):
            page.cell(row, column + 1).value = random.choice(names)
    book.save(path)


def _make_others(folder: Path) -> None:
    """Make what the study lacks: a zip of a table, xls and ods where LibreOffice is there."""
    raw, others = folder / "studio" / "data" / "raw", folder / "altri"
    others.mkdir()
    table = next((raw / "territorio").glob("popolazione*.csv"))
    with zipfile.ZipFile(others / "popolazione.zip", "w", 8) as archive:
        archive.write(table, "popolazione.csv")
    office = shutil.which("soffice")
    if office is not None:
        book = min((raw / "interventi").glob("*.xlsx"), key=lambda path: path.stat().st_size)
        for kind in ("xls", "ods"):
            shutil.copyfile(book, others / "registro.xlsx")
            command = [office, f"-env:UserInstallation={(folder / 'office').as_uri()}",
                       "--headless", "--convert-to", kind, "--outdir", str(others),
                       str(others / "registro.xlsx")]  # fmt: skip
            subprocess.run(command, check=True, stdout=subprocess.DEVNULL)


def find_seeds(folder: Path) -> list[list[Seed]]:
    """Return the seeds, in groups that get equal shares of the cases."""
    study = folder / "studio"
    direct = [
        replace(seed, kind=f"{seed.kind}, lettore", commands=(("read", MARK),))
        for seed in (*_books(study), *_others(folder))
        if seed.kind in ("xlsx", "xls", "ods")
    ]
    groups = [
        direct,
        direct,
        [*_books(study), *_codings(study)],
        [*_texts(study), *_others(folder)],
        [*_settings(study)],
        [*_own(study)],
    ]
    return [sorted(group, key=lambda seed: (seed.kind, seed.place)) for group in groups]


def _check(path: Path) -> tuple[tuple[str, ...], ...]:
    return ("check", MARK), ("check", MARK, "--table", path.parent.name)


def _books(study: Path) -> Iterator[Seed]:
    for path in (study / "data/raw").glob("*/*.xlsx"):
        yield Seed("xlsx", path, path.name, _check(path))


def _codings(study: Path) -> Iterator[Seed]:
    books = sorted((study / "data/campione").glob("codifica_*.xlsx"))
    for path in books:
        other = next(book for book in books if book != path)
        place = f"data/campione/{path.name}"
        yield Seed("xlsx", path, place, (("sample", "--read", MARK, str(other)),))


def _texts(study: Path) -> Iterator[Seed]:
    for path in (study / "data/raw").glob("*/*.csv"):
        yield Seed("csv", path, path.name, (("check", MARK),))
        if path.parent.name == "interventi":
            yield Seed("csv", path, path.name, _check(path))


def _others(folder: Path) -> Iterator[Seed]:
    for path in (folder / "altri").iterdir():
        yield Seed(path.suffix[1:], path, path.name, _check(Path("interventi") / path.name))
    for path in (folder / "studio/reports").rglob("dossier.docx"):
        for name in ("dossier.docx", "dossier.xlsx", "dossier.zip", "dossier.csv"):
            yield Seed("docx", path, name, (("check", MARK),))


def _settings(study: Path) -> Iterator[Seed]:
    reads = (("status",), ("retain",))
    yield Seed("toml", study / "study.toml", "study.toml", reads)
    for path in (study / "studio").glob("*.csv"):
        yield Seed("csv di studio", path, f"studio/{path.name}", reads)
    yield Seed("geojson", study / "studio/geometria.geojson", "studio/geometria.geojson",
               (("borders",),))  # fmt: skip


def _own(study: Path) -> Iterator[Seed]:
    """Yield what earlier runs left: state, manifest, tables."""
    workspace = Workspace(study)
    state = workspace.relative(workspace.state)
    document = "reports/it/distretto/dossier.html#tabella-1"
    looks: Sequence[tuple[str, ...]] = (("status",), ("trace", document))
    files = [
        p for p in workspace.state.iterdir() if p.is_file() and p.suffix in (".json", ".jsonl")
    ]
    for path in files:
        yield Seed("json", path, f"{state}/{path.name}", (("status",),))
    yield Seed("json", workspace.reports / "run.json", "reports/run.json", tuple(looks))
    for path in workspace.reports.rglob("*.ipynb"):
        yield Seed("json", path, workspace.relative(path), (("trace", document),))
    for name, commands in (
        ("tidy_conti", (("status",),)),
        ("tidy_interventi", (("sample", "--size", "20"),)),
    ):
        path = workspace.processed / f"{name}.parquet"
        yield Seed("parquet", path, workspace.relative(path), commands)
    for path in (workspace.processed / "fonti").rglob("p*.parquet"):
        yield Seed("parquet", path, workspace.relative(path), (("trace", document),))


def copy_study(study: Path, folder: Path) -> None:
    """Copy a study as hard links: what a command writes, it writes beside and moves in place."""
    shutil.copytree(study, folder, copy_function=os.link)
