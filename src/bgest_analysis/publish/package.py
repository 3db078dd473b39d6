"""The package that may leave: one zip with its manifest, the same bytes for the same files."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from bgest_analysis.engine.files import write_whole_bytes
from bgest_analysis.engine.lock import run_lock
from bgest_analysis.engine.staging import clear_unfinished
from bgest_analysis.errors import UsageError
from bgest_analysis.publish.audit import REPORTS, Audit, Copy, audit_run
from bgest_analysis.publish.differencing import table_file
from bgest_analysis.publish.findings import Finding
from bgest_analysis.publish.register import FOLDER, Line, add_lines, kept_tables, register_file
from bgest_analysis.report.word.package import ZIP_TIME
from bgest_analysis.study.model import Study
from bgest_analysis.workspace import Workspace

VERSION = 1
MANIFEST = "manifest.json"


@dataclass(frozen=True)
class Eyes:
    """Who looked at the files before they left, and on which day (ISO)."""

    first: str
    second: str
    day: str

    def __post_init__(self) -> None:
        names = [" ".join(name.casefold().split()) for name in (self.first, self.second)]
        if not all(names) or names[0] == names[1]:
            raise UsageError(
                "servono due persone diverse: --first chi ha controllato, --second chi ha "
                "ricontrollato"
            )


@dataclass(frozen=True)
class Published:
    """How it went: the package, or why there is none."""

    findings: tuple[Finding, ...]
    package: Path | None = None
    files: int = 0


def publish(workspace: Workspace, study: Study, eyes: Eyes, home: Path) -> Published:
    """Audit the current run and, if nothing is found, make the package and register it.

    The tables are kept and the register is written before the package appears: a command that
    was killed can leave a line without its package, never a package without its line.

    Raises
    ------
    MachineLacks
        If a run is going on in the same folder.
    """
    with run_lock(workspace.state):
        clear_unfinished(workspace)
        audit = audit_run(workspace, study, home)
        if audit.findings:
            return Published(tuple(audit.findings))
        data = zip_bytes(study, audit, eyes.day)
        package = _package_place(workspace, study, eyes.day, data)
        digest = hashlib.sha256(data).hexdigest()
        _keep_tables(kept_tables(workspace) / package.stem, audit)
        add_lines(register_file(workspace), _lines(audit, eyes, package.name, digest))
        write_whole_bytes(package, data)
    return Published((), package, len(audit.copies))


def zip_bytes(study: Study, audit: Audit, day: str) -> bytes:
    """Return the package: files in order, one time stamp, the manifest first."""
    manifest = {
        "versione": VERSION,
        "studio": study.id,
        "data": day,
        "soglia": audit.limits.threshold,
        "arrotondamento": audit.limits.base,
        "file": [_entry(copy) for copy in _ordered(audit)],
    }
    text = json.dumps(manifest, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        _add(archive, MANIFEST, text.encode())
        for copy in _ordered(audit):
            _add(archive, copy.name.removeprefix(REPORTS), copy.data)
    return out.getvalue()


def _ordered(audit: Audit) -> Sequence[Copy]:
    return sorted(audit.copies, key=lambda copy: copy.name)


def _entry(copy: Copy) -> dict[str, str | int]:
    return {
        "file": copy.name.removeprefix(REPORTS),
        "byte": len(copy.data),
        "sha256": copy.sha256,
        "sha256_esecuzione": copy.sha256_run,
    }


def _add(archive: zipfile.ZipFile, name: str, data: bytes) -> None:
    info = zipfile.ZipInfo(name, ZIP_TIME)
    info.compress_type = zipfile.ZIP_DEFLATED
    info.external_attr = 0o644 << 16
    archive.writestr(info, data)


def _package_place(workspace: Workspace, study: Study, day: str, data: bytes) -> Path:
    """Return where the package goes; another one of the same day is not overwritten."""
    folder = workspace.root / FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    name, number = f"{study.id}-{day}", 1
    path = folder / f"{name}.zip"
    while path.exists() and path.read_bytes() != data:
        number += 1
        path = folder / f"{name}-{number}.zip"
    return path


def _lines(audit: Audit, eyes: Eyes, package: str, digest: str) -> list[Line]:
    limits = audit.limits
    return [
        Line(
            data=eyes.day,
            primo_controllo=eyes.first,
            secondo_controllo=eyes.second,
            pacchetto=package,
            sha256_pacchetto=digest,
            file=copy.name.removeprefix(REPORTS),
            sha256_esecuzione=copy.sha256_run,
            sha256=copy.sha256,
            soglia=limits.threshold,
            arrotondamento=limits.base,
        )
        for copy in _ordered(audit)
    ]


def _keep_tables(folder: Path, audit: Audit) -> None:
    """Keep the protected tables: all later publications are compared with them."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, path in sorted(audit.tables.items()):
        write_whole_bytes(table_file(folder, name), path.read_bytes())
