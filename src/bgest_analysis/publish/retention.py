"""Retention: project files as received, older than the study says they may be kept."""

from __future__ import annotations

import csv
import datetime as dt
import hashlib
import io
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from bgest_analysis.engine.files import write_whole
from bgest_analysis.engine.lock import run_lock
from bgest_analysis.engine.staging import clear_unfinished
from bgest_analysis.errors import UsageError
from bgest_analysis.schema.registry import TABLES
from bgest_analysis.schema.territorio import TABLES as PUBLIC
from bgest_analysis.study.model import Study
from bgest_analysis.workspace import Workspace

REGISTER = "registro_conservazione.csv"
HEADS = ("data", "file", "ultima_modifica", "mesi", "sha256")


@dataclass(frozen=True, order=True)
class Expired:
    """A file kept too long: its name, the day it was last changed, its SHA-256."""

    file: str
    changed: str
    sha256: str


def expired_files(workspace: Workspace, study: Study, today: dt.date) -> list[Expired]:
    """Return the project files older than the study's retention; public figures never expire.

    A file's age is counted from the day it was last changed, as its folder says.

    Raises
    ------
    UsageError
        If the study does not say how long files may be kept.
    """
    months = study.trattamento.conservazione_mesi
    if months is None:
        raise UsageError(
            "study.toml non dice per quanto tempo si conservano i file: scrivere [trattamento] "
            "conservazione_mesi = 60, secondo il registro dei trattamenti"
        )
    limit = months_before(today, months)
    return sorted(_older(workspace, study, limit))


def _older(workspace: Workspace, study: Study, limit: dt.date) -> Iterator[Expired]:
    for path in sorted(_project_files(workspace, study)):
        changed = dt.datetime.fromtimestamp(path.stat().st_mtime, tz=dt.UTC).date()
        if changed < limit:
            digest = hashlib.sha256(path.read_bytes()).hexdigest()
            yield Expired(workspace.relative(path), changed.isoformat(), digest)


def _project_files(workspace: Workspace, study: Study) -> set[Path]:
    names = set(TABLES) - {table.name for table in PUBLIC}
    folders = [workspace.raw / name for name in sorted(names)]
    found = {path for folder in folders for path in folder.rglob("*") if path.is_file()}
    found |= {workspace.root / f.file for f in study.fonti if f.tabella in names}
    inside = workspace.raw.resolve()
    return {path for path in found if path.is_file() and path.resolve().is_relative_to(inside)}


def months_before(day: dt.date, months: int) -> dt.date:
    """Return the same day some months earlier, or the last day of that month."""
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    after = dt.date(year + (month + 1) // 12, (month + 1) % 12 + 1, 1)
    return min(dt.date(year, month + 1, 1) + dt.timedelta(day.day - 1), after - dt.timedelta(1))


def delete_expired(
    workspace: Workspace, study: Study, expired: list[Expired], today: dt.date
) -> None:
    """Delete files, each after its line stands in the register.

    Raises
    ------
    MachineLacks
        If a run is going on in the same folder.
    """
    with run_lock(workspace.state):
        clear_unfinished(workspace)
        for item in expired:
            _add_line(workspace, item, study.trattamento.conservazione_mesi or 0, today)
            (workspace.root / item.file).unlink()


def _add_line(workspace: Workspace, item: Expired, months: int, today: dt.date) -> None:
    file = workspace.root / "data" / REGISTER
    old = file.read_text(encoding="utf-8") if file.is_file() else ""
    line = [today.isoformat(), item.file, item.changed, str(months), item.sha256]
    if line in csv.reader(io.StringIO(old)):
        return  # of a deletion that was interrupted before the file was gone
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    if not old:
        writer.writerow(HEADS)
    writer.writerow(line)
    write_whole(file, old + out.getvalue())
