"""The register of publications: who, when, which files, under which thresholds."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from dataclasses import astuple, dataclass, fields
from pathlib import Path

from bgest_analysis.engine.files import write_whole
from bgest_analysis.errors import UsageError
from bgest_analysis.workspace import Workspace

FOLDER = "pubblicazioni"
FILE_NAME = "registro.csv"
TABLES = "tabelle"
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")


@dataclass(frozen=True)
class Line:
    """One published file."""

    data: str
    primo_controllo: str
    secondo_controllo: str
    pacchetto: str
    sha256_pacchetto: str
    file: str
    sha256_esecuzione: str
    sha256: str
    soglia: int
    arrotondamento: int


def register_file(workspace: Workspace) -> Path:
    """Return where the register is."""
    return workspace.root / FOLDER / FILE_NAME


def kept_tables(workspace: Workspace) -> Path:
    """Return the folder with the protected tables of each publication, by package."""
    return workspace.root / FOLDER / TABLES


def add_lines(file: Path, lines: Iterable[Line]) -> None:
    """Add lines to the register, which is written whole; lines that are there stay, once."""
    heads = [item.name for item in fields(Line)]
    old = _rows(file)
    if old and old[0] != heads:
        raise UsageError(
            "{file}: le colonne non sono quelle del registro; rimetterlo com'era",
            file=f"{FOLDER}/{file.name}",
        )
    new = [[_safe(str(value)) for value in astuple(line)] for line in lines]
    out = io.StringIO()
    added = [line for line in new if line not in old]
    csv.writer(out, lineterminator="\n").writerows([heads, *old[1:], *added])
    write_whole(file, out.getvalue())


def _rows(file: Path) -> list[list[str]]:
    if not file.is_file():
        return []
    with file.open(encoding="utf-8", newline="") as lines:
        return list(csv.reader(lines))


def _safe(text: str) -> str:
    """Return a text that no spreadsheet takes for a formula."""
    return f"'{text}" if text.startswith(FORMULA_STARTS) else text
