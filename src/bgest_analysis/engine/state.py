"""What was done: for each job the key it was done with and the hashes of what it made.

A journal of one JSON line a job: a line is added when the job's outputs are in place, so a run
that is killed loses at most the job it was in. A torn or damaged line is skipped, which means
that its job is done again.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bgest_analysis.engine.files import write_whole
from bgest_analysis.engine.job import JSON, Job, canonical, job_key

FILE_NAME = "lavori.jsonl"
VERSION = 1


@dataclass(frozen=True)
class Made:
    """One output: the name it was declared under, where it is, the SHA-256 of its bytes.

    The two names differ when somebody had edited the document that stood there.
    """

    declared: str
    name: str
    sha256: str


@dataclass(frozen=True)
class Facts:
    """What a job's key is computed from, kept apart so that a change can be named."""

    step: str
    action: str
    settings: Mapping[str, JSON]
    inputs: Mapping[str, str]
    code: str
    lock: str

    @staticmethod
    def of(job: Job, inputs: Mapping[str, str], code: str, lock: str) -> Facts:
        settings = json.loads(canonical(job.settings))
        return Facts(str(job.step), job.action, settings, dict(inputs), code, lock)


@dataclass(frozen=True)
class Record:
    """A job done."""

    id: str
    key: str
    facts: Facts
    outputs: tuple[Made, ...]

    def to_json(self) -> dict[str, Any]:
        return {
            "versione": VERSION,
            "id": self.id,
            "key": self.key,
            "facts": dict(vars(self.facts)),
            "outputs": [[made.declared, made.name, made.sha256] for made in self.outputs],
        }

    @staticmethod
    def from_json(data: Mapping[str, Any]) -> Record:
        outputs = tuple(Made(*item) for item in data["outputs"])
        return Record(data["id"], data["key"], Facts(**data["facts"]), outputs)


def record_of(job: Job, facts: Facts, outputs: tuple[Made, ...]) -> Record:
    """Return the record of a job just done."""
    return Record(job.id, job_key(job, facts.inputs, facts.code, facts.lock), facts, outputs)


class State:
    """The records of past runs in a folder."""

    def __init__(self, folder: Path) -> None:
        self.file = folder / FILE_NAME
        self._records, self._lines, self._whole = _load(self.file)

    def get(self, job_id: str) -> Record | None:
        """Return a job's last record."""
        return self._records.get(job_id)

    def add(self, record: Record) -> None:
        """Remember a job as done, at once and for good."""
        self.file.parent.mkdir(parents=True, exist_ok=True)
        line = ("" if self._whole else "\n") + canonical(record.to_json()) + "\n"
        with open(self.file, "ab", buffering=0) as stream:
            stream.write(line.encode())
        self._whole = True
        self._lines += 1
        self._records[record.id] = record

    def compact(self) -> None:
        """Drop lines that later ones replaced, when they are the greater part."""
        if self._lines > 2 * len(self._records):
            lines = [canonical(self._records[key].to_json()) for key in sorted(self._records)]
            write_whole(self.file, "".join(f"{line}\n" for line in lines))
            self._lines, self._whole = len(lines), True


def _load(file: Path) -> tuple[dict[str, Record], int, bool]:
    """Return records by id, the number of lines, whether the last line is whole."""
    try:
        text = file.read_bytes().decode("utf-8", "replace")
    except FileNotFoundError:
        return {}, 0, True
    lines = text.splitlines()
    records = [_parse(line) for line in lines if line]
    found = {record.id: record for record in records if record is not None}
    return found, len(lines), not text or text.endswith("\n")


def _parse(line: str) -> Record | None:
    try:
        data = json.loads(line)
        return Record.from_json(data) if data["versione"] == VERSION else None
    except (json.JSONDecodeError, KeyError, TypeError):
        return None
