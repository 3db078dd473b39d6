"""A job: what it needs, what it makes, and the key that says whether it has to be done again.

An action is named, not passed, so that a forked child, a fresh interpreter and a worker on
another machine can all run it: ``"package.module:function"``, called with the workspace and the
job. It writes to ``job.outputs`` and nowhere else; while it runs these are paths in a staging
folder, moved to their places by the runner once all of them are there.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from pathlib import Path
from typing import Any

from bgest_analysis.workspace import PACKAGE_DIR, Workspace, shipped_notebooks

JSON = Any  # what json.dumps takes: None, bool, int, float, str, lists and dicts of these


class Step(StrEnum):
    """Which part of the way of the data a job is."""

    CLEAN = "clean"
    TIDY = "tidy"
    INDICATOR = "indicator"
    PROTECT = "protect"
    NOTEBOOK = "notebook"
    FIGURES = "figures"
    DOCUMENT = "document"
    INDEX = "index"


@dataclass(frozen=True)
class Job:
    """One thing to make.

    Parameters
    ----------
    id
        Unique in the plan, stable between runs, e.g. ``"notebook/01_territorio/BSE"``.
    step
        Part of the way of the data.
    action
        ``"package.module:function"``.
    inputs
        Files read; their content is part of the key. A job that reads another's output comes
        after it without saying so in ``after``.
    outputs
        Files made, all of them.
    wants
        Files of other jobs that are read if they could be made; a job that wants them waits for
        them, and is done also without.
    folders
        Folders whose every file is an output too, where names are not known beforehand.
    settings
        JSON that changes the result; part of the key.
    after
        Ids of further jobs that have to be done before.
    timeout
        Seconds after which the job is stopped; ``None`` for the run's own limit.
    """

    id: str
    step: Step
    action: str
    inputs: tuple[Path, ...] = ()
    outputs: tuple[Path, ...] = ()
    settings: Mapping[str, JSON] = field(default_factory=dict)
    after: tuple[str, ...] = ()
    timeout: float | None = None
    wants: tuple[Path, ...] = ()
    folders: tuple[Path, ...] = ()

    @property
    def reads(self) -> tuple[Path, ...]:
        """All files it may read."""
        return (*self.inputs, *self.wants)

    def with_outputs(self, outputs: tuple[Path, ...], folders: tuple[Path, ...] = ()) -> Job:
        """Return the same job writing elsewhere."""
        return replace(self, outputs=outputs, folders=folders)

    def to_json(self) -> dict[str, JSON]:
        """Return plain JSON data; ``job_from_json`` is its inverse."""
        return {
            "id": self.id,
            "step": str(self.step),
            "action": self.action,
            "inputs": [str(path) for path in self.inputs],
            "outputs": [str(path) for path in self.outputs],
            "settings": dict(self.settings),
            "after": list(self.after),
            "timeout": self.timeout,
            "wants": [str(path) for path in self.wants],
            "folders": [str(path) for path in self.folders],
        }


def job_from_json(data: Mapping[str, JSON]) -> Job:
    """Rebuild a job from ``Job.to_json``."""
    return Job(
        id=data["id"],
        step=Step(data["step"]),
        action=data["action"],
        inputs=tuple(Path(item) for item in data["inputs"]),
        outputs=tuple(Path(item) for item in data["outputs"]),
        settings=data["settings"],
        after=tuple(data["after"]),
        timeout=data["timeout"],
        wants=tuple(Path(item) for item in data["wants"]),
        folders=tuple(Path(item) for item in data["folders"]),
    )


def job_key(job: Job, inputs: Mapping[str, str], code: str, lock: str) -> str:
    """Return the SHA-256 over all that a job's result depends on.

    Parameters
    ----------
    inputs
        Content hash by name, see ``name_of``.
    code, lock
        Hashes of our source and of the installed packages.
    """
    parts = [str(job.step), job.action, job.settings, sorted(inputs.items()), code, lock]
    return hashlib.sha256(canonical(parts).encode()).hexdigest()


def canonical(data: JSON) -> str:
    """Return JSON text that is the same for the same data."""
    return json.dumps(data, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def name_of(workspace: Workspace, path: Path) -> str:
    """Return a file's name for records: the same wherever the study's folder stands."""
    text = str(path)
    for prefix, base in _bases(workspace):
        if text.startswith(base):
            return prefix + text[len(base) :].replace("\\", "/")
    shipped = path.parent == shipped_notebooks()
    return f"notebooks/{path.name}" if shipped else path.name


def path_of(workspace: Workspace, name: str) -> Path:
    """Inverse of ``name_of`` for files of the study, its reports and the package."""
    for prefix, base in _bases(workspace):
        if prefix and name.startswith(prefix):
            return Path(base + name[len(prefix) :])
    return workspace.root / name


def _bases(workspace: Workspace) -> tuple[tuple[str, str], ...]:
    sep = "\\" if "\\" in str(Path("a/b")) else "/"
    return (
        ("reports/", f"{workspace.reports}{sep}"),
        ("", f"{workspace.root}{sep}"),
        ("bgest_analysis/", f"{PACKAGE_DIR}{sep}"),
    )
