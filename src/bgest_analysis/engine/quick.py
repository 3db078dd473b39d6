"""The answer to "is there anything to do?" without loading what would do it.

After a run in which everything was done, the files that its plan and its results rest on are
remembered. While the command is the same and all of them are the same, so would the run be.
Imports nothing heavy: this is what ``bgest run`` costs when nothing has changed.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from bgest_analysis.engine.files import read_json, write_json
from bgest_analysis.engine.fingerprint import ALWAYS_OUT, code_hash, lock_hash
from bgest_analysis.engine.hashing import FILE_NAME as CACHE
from bgest_analysis.engine.hashing import HashCache
from bgest_analysis.engine.job import Job, path_of
from bgest_analysis.engine.state import State
from bgest_analysis.workspace import Workspace, shipped_notebooks

FILE_NAME = "rapido.json"
VERSION = 1
MANIFEST = "run.json"
REMEMBERED = frozenset({"file", "cartelle", "intorno", "chiusura"})


def nothing_to_do(workspace: Workspace, arguments: Sequence[str]) -> Any:
    """Return what the last run said at its end, if the same run would do nothing; else ``None``.

    Parameters
    ----------
    arguments
        The command as typed: another command is another run.
    """
    found = read_json(workspace.state / FILE_NAME)
    if not isinstance(found, dict) or found.get("versione") != VERSION:
        return None
    if found.get("argomenti") != list(arguments) or not found.keys() >= REMEMBERED:
        return None
    cache = HashCache(workspace.state / CACHE)
    same = all(cache.digest(path) == digest for path, digest in found["file"].items())
    same = same and _surroundings(workspace, cache, found["cartelle"]) == found["intorno"]
    cache.save()
    return found["chiusura"] if same else None


def remember_run(
    workspace: Workspace, arguments: Sequence[str], jobs: Iterable[Job], closing: Any
) -> None:
    """Remember a run that did everything it was asked.

    Parameters
    ----------
    jobs
        Its plan.
    closing
        JSON that ``nothing_to_do`` gives back; not ``None``.
    """
    plan = list(jobs)
    cache = HashCache(workspace.state / CACHE)
    files = {path: cache.digest(path) for path in sorted(_files(workspace, plan))}
    folders = sorted(_folders(workspace, plan))
    data = {
        "versione": VERSION,
        "argomenti": list(arguments),
        "file": files,
        "cartelle": folders,
        "intorno": _surroundings(workspace, cache, folders),
        "chiusura": closing,
    }
    cache.save()
    write_json(workspace.state / FILE_NAME, data)


def forget_run(workspace: Workspace) -> None:
    """Forget the remembered run (one that failed or was interrupted is looked at anew)."""
    (workspace.state / FILE_NAME).unlink(missing_ok=True)


def _files(workspace: Workspace, jobs: Iterable[Job]) -> set[str]:
    """Return all files that the plan names, where they are, and the study's settings."""
    state = State(workspace.state)
    found = {str(path) for path in workspace.root.glob("*.toml")}
    found.add(str(workspace.reports / MANIFEST))
    for job in jobs:
        found.update(str(path) for path in job.reads)
        record = state.get(job.id)
        if record is not None:
            found.update(str(path_of(workspace, made.name)) for made in record.outputs)
    return found


def _folders(workspace: Workspace, jobs: Iterable[Job]) -> set[str]:
    """Return the folders in which a new file would change the plan."""
    plan = list(jobs)
    made = {path for job in plan for path in job.outputs}
    beside = {str(path.parent) for job in plan for path in job.inputs if path not in made}
    own = (workspace.raw, workspace.root / "testi", workspace.root / "notebooks")
    return beside | {str(path) for path in (*own, shipped_notebooks())}


def _surroundings(workspace: Workspace, cache: HashCache, folders: Iterable[str]) -> list[str]:
    """Return hashes of our source (its command line too), of the packages, of the folders."""
    names = hashlib.sha256()
    for folder in folders:
        names.update("\n".join([folder, *sorted(_listing(folder))]).encode() + b"\0")
    return [code_hash(cache, leave_out=ALWAYS_OUT), lock_hash(cache), names.hexdigest()]


def _listing(folder: str) -> Iterator[str]:
    try:
        with os.scandir(folder) as found:
            items = list(found)
    except (FileNotFoundError, NotADirectoryError):
        return
    for item in items:
        if item.name.startswith(".") or item.name == "__pycache__":
            continue
        yield item.path
        if item.is_dir():
            yield from _listing(item.path)
