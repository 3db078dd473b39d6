"""Erasure of one person: the rows in the files as received, and all tables made from them.

Rows are blanked, not taken out, so that every other row keeps its number (decisions on doubtful
values name it). What cannot be blanked safely is listed, for somebody to do by hand.
"""

from __future__ import annotations

import csv
import hashlib
import io
import re
import shutil
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import openpyxl
import pandas as pd

from bgest_analysis.engine.files import read_json, write_json, write_whole, write_whole_bytes
from bgest_analysis.engine.lock import run_lock
from bgest_analysis.engine.manifest import FILE_NAME, PREVIOUS
from bgest_analysis.engine.staging import clear_unfinished
from bgest_analysis.errors import SourceMissing, UnsafeInput, UsageError
from bgest_analysis.workspace import Workspace

REGISTER = "registro_cancellazioni.csv"
HEADS = ("data", "file", "righe", "sha256_prima", "sha256_dopo")
SUPERSEDED = "superato"
PARTS = "fonti/*/*/*.parquet"
FILE, ROW = "fonte_file", "fonte_riga"
SHEET_MARK = "#"
EXCEL, TEXT = (".xlsx",), (".csv", ".txt")
WIDE_ENCODINGS = (b"\xff\xfe", b"\xfe\xff")
_PSEUDONYM = re.compile(r"[0-9a-f]{20}")


@dataclass(frozen=True, order=True)
class Place:
    """A row of a file as received (``sheet`` is empty for text files)."""

    file: str
    sheet: str
    row: int


@dataclass
class Erasure:
    """What concerns a person: rows to blank, rows somebody has to see to, what was written."""

    rows: set[Place] = field(default_factory=set)
    by_hand: set[Place] = field(default_factory=set)
    done: list[tuple[str, int, str, str]] = field(default_factory=list)


def find_person(workspace: Workspace, pseudonym: str) -> Erasure:
    """Find the rows that concern a person; nothing is changed.

    Raises
    ------
    UsageError
        If it is not a pseudonym, or no row has it.
    SourceMissing
        If the tables, which say where the rows are, were not made.
    """
    if not _PSEUDONYM.fullmatch(pseudonym):
        raise UsageError("uno pseudonimo ha 20 cifre esadecimali, come nelle tabelle pulite")
    parts = sorted(workspace.processed.glob(PARTS))
    if not parts:
        raise SourceMissing("mancano le tabelle pulite: bgest run, poi ripetere")
    found = Erasure()
    for path in parts:
        for place, alone in _places(path, pseudonym):
            simple = alone and _can_blank(workspace, place)
            (found.rows if simple else found.by_hand).add(place)
    if not found.rows and not found.by_hand:
        raise UsageError("nessuna riga ha questo pseudonimo")
    return found


def _places(path: Path, pseudonym: str) -> Iterator[tuple[Place, bool]]:
    """Yield the rows of a table that name a person, and whether they name nobody else."""
    frame = pd.read_parquet(path)
    if FILE not in frame.columns or ROW not in frame.columns:
        return
    texts = frame.select_dtypes(include=["str", "object"]).astype("str").fillna("")
    exact = texts.isin([pseudonym]).any(axis=1)
    named = texts.apply(lambda column: column.str.contains(pseudonym, regex=False)).any(axis=1)
    among = named & ~exact
    for file, row, alone in zip(
        frame.loc[named, FILE],
        frame.loc[named, ROW],
        ~among[named],
        strict=True,
    ):
        name, _, sheet = str(file).partition(SHEET_MARK)
        yield Place(name, sheet, int(row)), bool(alone)


def _can_blank(workspace: Workspace, place: Place) -> bool:
    path = workspace.root / place.file
    if not path.is_file() or not path.resolve().is_relative_to(workspace.raw.resolve()):
        return False
    if path.suffix.lower() in EXCEL:
        book = openpyxl.load_workbook(path, read_only=True)
        names = list(book.sheetnames)
        book.close()
        return place.sheet in names
    wide = path.read_bytes()[:2] in WIDE_ENCODINGS
    return path.suffix.lower() in TEXT and not wide


def erase_person(workspace: Workspace, pseudonym: str, day: str) -> Erasure:
    """Blank the person's rows, remove all tables made from them, mark the runs as superseded.

    Each file's line is in the register before the file is replaced: a line without its change
    can be recognised by the hashes, a change without its line cannot happen.
    """
    with run_lock(workspace.state):
        clear_unfinished(workspace)
        found = find_person(workspace, pseudonym)
        by_file: dict[str, set[Place]] = defaultdict(set)
        for place in found.rows:
            by_file[place.file].add(place)
        for name in sorted(by_file):
            found.done.append(_blank_file(workspace, name, by_file[name], day))
        mark_superseded(workspace, day)
        forget_tables(workspace)
    return found


def _blank_file(
    workspace: Workspace, name: str, places: set[Place], day: str
) -> tuple[str, int, str, str]:
    path = workspace.root / name
    old = path.read_bytes()
    excel = path.suffix.lower() in EXCEL
    new = blank_workbook(old, places) if excel else blank_lines(old, {p.row for p in places})
    before, after = _sha(old), _sha(new)
    if new != old:  # else an erasure that was interrupted had done it, and its line is there
        add_line(workspace, (day, name, str(len(places)), before, after))
        write_whole_bytes(path, new)
    return name, len(places), before, after


def _sha(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def blank_workbook(data: bytes, places: set[Place]) -> bytes:
    """Return a workbook with rows blanked; formulas become the values they last had.

    openpyxl keeps a formula or its value, and a formula without value would be read as nothing.
    """
    book = openpyxl.load_workbook(io.BytesIO(data), data_only=True)
    cells = [cell for place in places for cell in book[place.sheet][place.row]]
    if not any(cell.value is not None or cell.comment or cell.hyperlink for cell in cells):
        return data  # saving it again would change its bytes
    for place in places:
        sheet = book[place.sheet]
        for cell in sheet[place.row]:
            if not isinstance(cell, openpyxl.cell.MergedCell):
                cell.value = None
                cell.comment = None
                cell.hyperlink = None
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def blank_lines(data: bytes, rows: set[int]) -> bytes:
    """Return a text table with rows blanked; a row is known by the line it starts at."""
    lines = data.split(b"\n")
    if max(rows) > len(lines):
        raise UnsafeInput("il file è cambiato dopo l'ultima esecuzione: bgest run, poi ripetere")
    for row in rows:
        at, quotes = row - 1, 0
        while at < len(lines):
            quotes += lines[at].count(b'"')
            lines[at] = b"\r" if lines[at].endswith(b"\r") else b""
            at += 1
            if quotes % 2 == 0:
                break
    return b"\n".join(lines)


def add_line(workspace: Workspace, line: tuple[str, ...]) -> None:
    """Add a line to the register of erasures, once; it never holds the pseudonym."""
    file = workspace.root / "data" / REGISTER
    old = file.read_text(encoding="utf-8") if file.is_file() else ""
    if list(line) in csv.reader(io.StringIO(old)):
        return  # of an erasure that was interrupted before the file was replaced
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    if not old:
        writer.writerow(HEADS)
    writer.writerow(line)
    write_whole(file, old + out.getvalue())


def mark_superseded(workspace: Workspace, day: str) -> None:
    """Say in the manifests of earlier runs that a person was erased since."""
    for file in (workspace.reports / FILE_NAME, workspace.state / PREVIOUS):
        manifest = read_json(file)
        if isinstance(manifest, dict):
            marked: Mapping[str, object] = {**manifest, SUPERSEDED: {"data": day}}
            write_json(file, marked, indent=1)


def forget_tables(workspace: Workspace) -> None:
    """Remove every table made from the files; the next run makes them without the person.

    Those that say where her rows are go last: an erasure that is interrupted can be repeated.
    """
    found = sorted(workspace.processed.iterdir())
    for path in sorted(found, key=lambda path: path.name == PARTS.partition("/")[0]):
        if path == workspace.state:
            continue
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink()
