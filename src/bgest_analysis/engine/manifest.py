"""``run.json``: what a run was made from, with what, and what it made. Written last.

It holds no time, no name of a machine and no absolute path: the same study gives the same file.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sysconfig
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bgest_analysis.engine.files import read_json, write_json
from bgest_analysis.engine.fingerprint import installed, lock_file, pinned
from bgest_analysis.engine.job import JSON, Job
from bgest_analysis.engine.machine import machine_facts
from bgest_analysis.engine.state import Record
from bgest_analysis.schema.model import VERSION as SCHEMA_VERSION
from bgest_analysis.workspace import PACKAGE_DIR, Workspace

FILE_NAME = "run.json"
VERSION = 1
PREVIOUS = "run.precedente.json"
DONE = "fatto"
FAILED = "fallito"
SKIPPED = "saltato"
OWN_PACKAGE = "bgest-analysis"
_FILE = {"file": str, "sha256": str}
_JOB = {"id": str, "passo": str, "stato": str, "impostazioni": dict, "ingressi": [str]}
SHAPE = {
    "parametri": {"aree": [str], "analisi": [str], "lingue": [str], "parametri": dict},
    "ingressi": [_FILE],
    "uscite": [_FILE],
    "lavori": [{**_JOB, "uscite": [str]}],
}

Beside = Callable[[Workspace, Mapping[str, Any]], None]


@dataclass(frozen=True)
class Entry:
    """A job in the manifest: its record if it is done, else its status alone."""

    job: Job
    status: str
    record: Record | None = None

    def to_json(self) -> dict[str, Any]:
        done = self.record if self.status == DONE else None
        return {
            "id": self.job.id,
            "passo": str(self.job.step),
            "stato": self.status,
            "chiave": None if done is None else done.key,
            "impostazioni": dict(self.job.settings),
            "ingressi": [] if done is None else sorted(done.facts.inputs),
            "uscite": [] if done is None else sorted(made.name for made in done.outputs),
        }


def write_manifest(
    workspace: Workspace,
    entries: Sequence[Entry],
    parameters: Mapping[str, JSON],
    beside: Beside | None = None,
) -> None:
    """Write ``run.json``, unless the one there says the same already.

    Parameters
    ----------
    entries
        One a job, in the order of the plan.
    parameters
        What the run was asked for (territory, languages, period).
    beside
        Writes, just before it, what else is made from the manifest.
    """
    file = workspace.reports / FILE_NAME
    jobs = [entry.to_json() for entry in entries]
    old = read_json(file)
    if isinstance(old, dict) and old.get("lavori") == jobs and old.get("parametri") == parameters:
        return
    manifest = _manifest(workspace, entries, jobs, parameters)
    if beside is not None:
        beside(workspace, manifest)
    write_json(file, manifest, indent=1)


def _manifest(
    workspace: Workspace,
    entries: Sequence[Entry],
    jobs: list[dict[str, Any]],
    parameters: Mapping[str, JSON],
) -> dict[str, Any]:
    records = [entry.record for entry in entries if entry.status == DONE and entry.record]
    return {
        "versione": VERSION,
        "versione_schema": SCHEMA_VERSION,
        "parametri": dict(parameters),
        "commit": commit_of(workspace.root),
        "codice": records[0].facts.code if records else None,
        "pacchetti": records[0].facts.lock if records else None,
        "versioni": package_versions(),
        "macchina": machine_facts(),
        "ingressi": _files(pair for record in records for pair in raw_inputs(record, records)),
        "uscite": _files((made.name, made.sha256) for item in records for made in item.outputs),
        "lavori": jobs,
    }


def raw_inputs(record: Record, records: Iterable[Record]) -> list[tuple[str, str]]:
    """Return name and hash of the inputs of a job that no other job made."""
    made = {item.declared for other in records for item in other.outputs}
    return [(name, sha) for name, sha in record.facts.inputs.items() if name not in made]


def _files(pairs: Iterable[tuple[str, str]]) -> list[dict[str, str]]:
    return [{"file": name, "sha256": sha} for name, sha in sorted(set(pairs))]


def retire_manifest(workspace: Workspace) -> None:
    """Take ``run.json`` away before the first output changes: no run is current until the end."""
    file = workspace.reports / FILE_NAME
    if file.is_file():
        workspace.state.mkdir(parents=True, exist_ok=True)
        write_json(workspace.state / PREVIOUS, read_json(file), indent=1)
        file.unlink()


def read_manifest(workspace: Workspace) -> dict[str, Any] | None:
    """Return ``run.json``, or ``None`` if there is none or it is damaged (a run makes it anew)."""
    found = read_json(workspace.reports / FILE_NAME)
    return found if _fits(found, SHAPE) else None


def _fits(found: Any, shape: Any) -> bool:
    """Tell whether JSON has at least the keys of a shape, each of the type it has there."""
    if isinstance(shape, dict):
        return isinstance(found, dict) and all(
            key in found and _fits(found[key], inner) for key, inner in shape.items()
        )
    if isinstance(shape, list):
        return isinstance(found, list) and all(_fits(item, shape[0]) for item in found)
    return isinstance(found, shape)


def known_outputs(workspace: Workspace) -> frozenset[str]:
    """Return the SHA-256 of the files that the last runs made, as their manifests say."""
    files = (workspace.reports / FILE_NAME, workspace.state / PREVIOUS)
    found = [data for data in map(read_json, files) if isinstance(data, dict)]
    listed = [data.get("uscite") for data in found]
    items = [item for outputs in listed if isinstance(outputs, list) for item in outputs]
    return frozenset(str(item.get("sha256")) for item in items if isinstance(item, dict))


def package_versions() -> dict[str, str]:
    """Return the versions of the packages that the lock pins, as installed."""
    site = Path(sysconfig.get_paths()["purelib"])
    names = pinned(lock_file())
    wanted = None if names is None else names | {OWN_PACKAGE}
    pairs = [item.rpartition("-") for item in installed(site, wanted)]
    return {name: version for name, _, version in pairs}


def commit_of(folder: Path) -> str | None:
    """Return the git commit of a folder (or of our source), with ``+`` if files were changed."""
    git = shutil.which("git")
    if git is None:
        return None
    return _commit(git, folder) or _commit(git, PACKAGE_DIR)


def _commit(git: str, folder: Path) -> str | None:
    env = {**os.environ, "GIT_OPTIONAL_LOCKS": "0"}
    head = _ask(git, folder, env, "rev-parse", "HEAD")
    if not head:
        return None
    changed = _ask(git, folder, env, "status", "--porcelain", "--untracked-files=no")
    return head + ("+" if changed else "")


def _ask(git: str, folder: Path, env: dict[str, str], *words: str) -> str:
    command = [git, "-C", str(folder), *words]
    found = subprocess.run(command, env=env, capture_output=True, text=True, check=False)
    return found.stdout.strip() if found.returncode == 0 else ""
