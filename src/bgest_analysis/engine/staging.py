"""Outputs appear whole: a job writes in a staging folder, its files are moved when all are there.

The staging folder mirrors the study, so that links between the outputs of one job hold. It is
on the same disk as the files' places, so that moving is one step.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from bgest_analysis.engine.hashing import HashCache
from bgest_analysis.engine.job import Job, Step, name_of, path_of
from bgest_analysis.engine.state import Made, Record
from bgest_analysis.workspace import Workspace

FOLDER = "in_corso"
PLACES = 9  # how many names of a document are tried when they are held open
FAILED_FOLDER = "failed"
LEFT_OVER = re.compile(r"\.(\d+|parquet|xlsx)\.tmp$")  # what a killed write leaves
KEPT_STEPS = frozenset({Step.DOCUMENT, Step.INDEX})  # what people edit


def _homes(workspace: Workspace) -> tuple[tuple[Path, Path], ...]:
    """Return the folders that hold outputs, and where each one's staging folder stands."""
    reports, root = workspace.reports, workspace.root
    return (reports, reports / f".{FOLDER}"), (root, workspace.state / FOLDER)


def clear_staging(workspace: Workspace) -> None:
    """Remove what a killed run may have left."""
    for _, stage in _homes(workspace):
        shutil.rmtree(stage, ignore_errors=True)


def clear_unfinished(workspace: Workspace) -> None:
    """Remove the half-written files of killed commands; no other run may be going on."""
    own = (workspace.root / name for name in ("data", "testi", "pubblicazioni"))
    for folder in (workspace.reports, workspace.state, *own):
        for path in folder.rglob("*.tmp"):
            if LEFT_OVER.search(path.name):
                path.unlink(missing_ok=True)


@dataclass(frozen=True)
class Staging:
    """The staging folder of one job.

    Parameters
    ----------
    workspace, job
        The job as planned, with its final outputs.
    """

    workspace: Workspace
    job: Job

    @property
    def folder(self) -> Path:
        """Where the job's own notes stand (its outcome, what it printed)."""
        return self.workspace.state / FOLDER / self._name

    @property
    def _name(self) -> str:
        return hashlib.sha256(self.job.id.encode()).hexdigest()[:16]

    def staged(self, path: Path) -> Path:
        """Return where a final path stands while the job runs."""
        for home, stage in _homes(self.workspace):
            if path.is_relative_to(home):
                return stage / self._name / path.relative_to(home)
        return path.with_name(f".{FOLDER}-{self._name}-{path.name}")

    def prepare(self) -> Job:
        """Make the folder anew and return the job that writes into it."""
        self.discard()
        self.folder.mkdir(parents=True)
        outputs = tuple(self.staged(path) for path in self.job.outputs)
        folders = tuple(self.staged(path) for path in self.job.folders)
        for path in (*(path.parent for path in outputs), *folders):
            path.mkdir(parents=True, exist_ok=True)
        return self.job.with_outputs(outputs, folders)

    def finals(self) -> Iterator[Path]:
        """Yield the final place of every output: those declared, those found in folders."""
        yield from self.job.outputs
        for folder in self.job.folders:
            staged = self.staged(folder)
            for path in sorted(staged.rglob("*")):
                if path.is_file():
                    yield folder / path.relative_to(staged)

    def missing(self) -> list[str]:
        """Return the names of declared outputs that did not appear."""
        absent = [path for path in self.job.outputs if not self.staged(path).is_file()]
        return [name_of(self.workspace, path) for path in absent]

    def discard(self) -> None:
        """Remove the folder."""
        for _, stage in _homes(self.workspace):
            shutil.rmtree(stage / self._name, ignore_errors=True)

    def keep_failed(self) -> list[Path]:
        """Move copies of failed notebooks to their ``failed/`` folders and return where."""
        moved = []
        for staged, final in self._failed_copies():
            if staged.is_file():
                final.parent.mkdir(parents=True, exist_ok=True)
                os.replace(staged, final)
                moved.append(final)
        return moved

    def drop_failed(self) -> None:
        """Remove the copies that earlier failures left: the job has succeeded."""
        for _, final in self._failed_copies():
            final.unlink(missing_ok=True)
            if final.parent.is_dir() and not any(final.parent.iterdir()):
                final.parent.rmdir()

    def _failed_copies(self) -> Iterator[tuple[Path, Path]]:
        for final in self.job.outputs:
            staged = self.staged(final)
            yield (
                staged.parent / FAILED_FOLDER / staged.name,
                final.parent / FAILED_FOLDER / final.name,
            )


@dataclass(frozen=True)
class Placed:
    """Where a job's outputs are now.

    Parameters
    ----------
    made
        Each output.
    kept
        Edited documents that were left alone; their new version has a number.
    held
        Documents that another program holds open, and where the new version is.
    """

    made: tuple[Made, ...]
    kept: tuple[Path, ...]
    held: tuple[tuple[Path, Path], ...]


class Placement:
    """Moves finished outputs to their places without overwriting what somebody edited.

    Parameters
    ----------
    ours
        SHA-256 of files that earlier runs made, beyond the job's own record.
    """

    def __init__(self, workspace: Workspace, cache: HashCache, ours: frozenset[str]) -> None:
        self.workspace = workspace
        self._cache = cache
        self._ours = ours

    def place(self, staging: Staging, record: Record | None) -> Placed:
        """Move a job's outputs.

        Raises
        ------
        PermissionError
            If a file that is not a document is held open by another program.
        """
        past = {} if record is None else {item.declared: item for item in record.outputs}
        made, kept, held = [], [], []
        for path in list(staging.finals()):
            declared = name_of(self.workspace, path)
            staged = staging.staged(path)
            digest = self._cache.digest(staged) or ""
            path.parent.mkdir(parents=True, exist_ok=True)
            targets = self._targets(staging.job, path, past.get(declared), digest)
            target, busy = _move(staged, targets)
            self._cache.moved(staged, target)
            held += [(place, target) for place in busy]
            if target != path and not busy:
                kept.append(path)
            made.append(Made(declared, name_of(self.workspace, target), digest))
        self._drop_replaced(past, {*(item.name for item in made), *self._names(held)})
        return Placed(tuple(made), tuple(kept), tuple(held))

    def _targets(self, job: Job, path: Path, past: Made | None, digest: str) -> list[Path]:
        """Return the places that may be written, the best one first."""
        if job.step not in KEPT_STEPS:
            return [path]
        known = self._ours | {digest} | ({past.sha256} if past else set())
        free = (place for place in numbered(path) if self._is_free(place, known))
        return list(islice(free, PLACES))

    def _is_free(self, path: Path, known: frozenset[str] | set[str]) -> bool:
        found = self._cache.digest(path)
        return found is None or found in known

    def _names(self, held: Sequence[tuple[Path, Path]]) -> list[str]:
        return [name_of(self.workspace, path) for path, _ in held]

    def _drop_replaced(self, past: dict[str, Made], now: set[str]) -> None:
        """Remove a numbered copy of ours when the output stands elsewhere now."""
        for item in past.values():
            path = path_of(self.workspace, item.name)
            if item.name not in now and self._cache.digest(path) == item.sha256:
                with suppress(PermissionError):  # held open: it stays, with its number
                    path.unlink()


def _move(staged: Path, targets: Sequence[Path]) -> tuple[Path, list[Path]]:
    """Move a file to the first place that no other program holds open; return the held ones too."""
    held: list[Path] = []
    for target in targets[:-1]:
        try:
            os.replace(staged, target)
        except PermissionError:
            held.append(target)
        else:
            return target, held
    os.replace(staged, targets[-1])
    return targets[-1], held


def numbered(path: Path) -> Iterator[Path]:
    """Yield ``dossier.docx``, ``dossier-2.docx``, ``dossier-3.docx`` and so on."""
    yield path
    number = 2
    while True:
        yield path.with_name(f"{path.stem}-{number}{path.suffix}")
        number += 1
