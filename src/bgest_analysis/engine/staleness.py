"""Why a job has to be done again, or that it has not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from bgest_analysis.engine.fingerprint import code_hash, lock_hash
from bgest_analysis.engine.graph import producers, sort_jobs
from bgest_analysis.engine.hashing import FILE_NAME, HashCache
from bgest_analysis.engine.job import Job, job_key, name_of, path_of
from bgest_analysis.engine.state import Facts, Record, State
from bgest_analysis.text.messages import Message, T
from bgest_analysis.workspace import Workspace


class Why(StrEnum):
    """The kinds of reason, from the most to the least obvious."""

    NEW = "nuovo"
    INPUT_MISSING = "ingresso_mancante"
    INPUT_CHANGED = "ingresso_cambiato"
    SETTINGS = "parametri"
    CODE = "codice"
    LOCK = "pacchetti"
    OUTPUT_MISSING = "uscita_mancante"
    OUTPUT_EDITED = "uscita_modificata"
    PREDECESSOR = "lavoro_precedente"


_SENTENCES = {
    Why.NEW: "mai eseguito",
    Why.INPUT_MISSING: "manca il file {what}",
    Why.INPUT_CHANGED: "è cambiato {what}",
    Why.SETTINGS: "sono cambiati i parametri: {what}",
    Why.CODE: "è cambiato il programma",
    Why.LOCK: "sono cambiati i pacchetti installati",
    Why.OUTPUT_MISSING: "manca il risultato {what}",
    Why.OUTPUT_EDITED: "il risultato {what} non è più quello prodotto",
    Why.PREDECESSOR: "va rifatto prima {what}",
}


@dataclass(frozen=True)
class Reason:
    """One reason why a job is stale: its kind, and which file, parameter or job."""

    why: Why
    what: str = ""

    def message(self) -> Message:
        """Return the reason as a sentence."""
        return T(_SENTENCES[self.why], what=self.what)


class Surveyor:
    """Compares jobs with what was done, reading each file at most once.

    Parameters
    ----------
    workspace
        The study.
    rehash
        Read every file anew instead of believing ``stat``.
    """

    def __init__(self, workspace: Workspace, *, rehash: bool = False) -> None:
        self.workspace = workspace
        self.cache = HashCache(workspace.state / FILE_NAME, rehash=rehash)
        self.state = State(workspace.state)
        self.code = code_hash(self.cache)
        self.lock = lock_hash(self.cache)

    def facts(self, job: Job) -> Facts:
        """Return what the job's key is made of, as things are now (missing files left out)."""
        digests = [(name_of(self.workspace, path), self.cache.digest(path)) for path in job.reads]
        present = {name: digest for name, digest in digests if digest is not None}
        return Facts.of(job, present, self.code, self.lock)

    def missing_inputs(self, job: Job) -> list[str]:
        """Return the names of input files that are not there."""
        paths = [path for path in job.inputs if self.cache.digest(path) is None]
        return [name_of(self.workspace, path) for path in paths]

    def explain(self, job: Job) -> list[Reason]:
        """Return why a job has to be done; an empty list if it has not.

        Files of predecessors are taken as they are now.
        """
        missing = [Reason(Why.INPUT_MISSING, name) for name in self.missing_inputs(job)]
        record = self.state.get(job.id)
        if record is None:
            return [Reason(Why.NEW), *missing]
        facts = self.facts(job)
        reasons = missing + compare_facts(record.facts, facts) + self._compare_outputs(job, record)
        if not reasons and record.key != job_key(job, facts.inputs, facts.code, facts.lock):
            return [Reason(Why.NEW)]
        return reasons

    def _compare_outputs(self, job: Job, record: Record) -> list[Reason]:
        made = {item.declared: item for item in record.outputs}
        within = [path_of(self.workspace, name) for name in made]
        found = [p for p in within if any(p.is_relative_to(folder) for folder in job.folders)]
        reasons = []
        for path in (*job.outputs, *found):
            item = made.get(name_of(self.workspace, path))
            if item is None:
                reasons.append(Reason(Why.OUTPUT_MISSING, name_of(self.workspace, path)))
                continue
            digest = self.cache.digest(path_of(self.workspace, item.name))
            if digest != item.sha256:
                why = Why.OUTPUT_MISSING if digest is None else Why.OUTPUT_EDITED
                reasons.append(Reason(why, item.name))
        return reasons

    def save(self) -> None:
        """Keep the hashes learnt."""
        self.cache.save()


def compare_facts(old: Facts, new: Facts) -> list[Reason]:
    """Return what differs between the facts a job was done with and those of now."""
    gone = old.inputs.keys() - new.inputs.keys()
    changed = [name for name in new.inputs if old.inputs.get(name) != new.inputs[name]]
    reasons = [Reason(Why.INPUT_CHANGED, name) for name in sorted({*changed, *gone})]
    keys = sorted(old.settings.keys() | new.settings.keys())
    moved = [key for key in keys if old.settings.get(key) != new.settings.get(key)]
    if moved:
        reasons.append(Reason(Why.SETTINGS, ", ".join(moved)))
    if old.code != new.code or old.action != new.action or old.step != new.step:
        reasons.append(Reason(Why.CODE))
    if old.lock != new.lock:
        reasons.append(Reason(Why.LOCK))
    return reasons


@dataclass(frozen=True)
class JobStatus:
    """A job and why it is stale (no reason: it is not)."""

    job: Job
    reasons: tuple[Reason, ...]


def survey(workspace: Workspace, jobs: Sequence[Job], *, rehash: bool = False) -> list[JobStatus]:
    """Return the status of each job, in the order they would run, without running any."""
    surveyor = Surveyor(workspace, rehash=rehash)
    makers = producers(jobs)
    stale: set[str] = set()
    found = []
    for job in sort_jobs(jobs):
        before = sorted({*job.after, *(makers[p] for p in job.reads if p in makers)} & stale)
        upstream = [Reason(Why.PREDECESSOR, job_id) for job_id in before]
        reasons = (*surveyor.explain(job), *upstream)
        if reasons:
            stale.add(job.id)
        found.append(JobStatus(job, reasons))
    surveyor.save()
    return found
