"""Runs the jobs that are stale, in order, and no others."""

from __future__ import annotations

import signal
import threading
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import chain
from types import FrameType

from bgest_analysis.engine.backend import Backend
from bgest_analysis.engine.events import Event, EventKind, Events, Progress, ignore_events
from bgest_analysis.engine.graph import Frontier
from bgest_analysis.engine.job import JSON, Job, Step, job_key, name_of
from bgest_analysis.engine.lock import run_lock
from bgest_analysis.engine.manifest import (
    DONE,
    FAILED,
    SKIPPED,
    Beside,
    Entry,
    known_outputs,
    retire_manifest,
    write_manifest,
)
from bgest_analysis.engine.perform import Report, Task
from bgest_analysis.engine.retired import retire_tables
from bgest_analysis.engine.staging import Placement, Staging, clear_staging, clear_unfinished
from bgest_analysis.engine.staleness import Surveyor
from bgest_analysis.engine.state import Facts, record_of
from bgest_analysis.engine.timing import FILE_NAME as TIMINGS
from bgest_analysis.engine.timing import Timings
from bgest_analysis.errors import (
    DONE as EXIT_DONE,
)
from bgest_analysis.errors import (
    INTERRUPTED,
    SOME_FAILED,
    AnalysisFailed,
    BgestError,
    SourceError,
    SourceMissing,
)
from bgest_analysis.text.messages import Message, T
from bgest_analysis.workspace import Workspace

RESTARTS = 2  # how often a job is done anew because a file changed under it


@dataclass(frozen=True)
class RunSettings:
    """How a run is done.

    Parameters
    ----------
    parameters
        What was asked for; goes into ``run.json``.
    rehash
        Read every file anew instead of believing ``stat``.
    timeout
        Seconds a job may take if it does not say itself.
    beside
        Writes what else is made from the manifest (``crate.write_crate``), just before it.
    """

    parameters: Mapping[str, JSON] = field(default_factory=dict)
    rehash: bool = False
    timeout: float | None = None
    beside: Beside | None = None


@dataclass(frozen=True)
class RunResult:
    """How a run went: ids of jobs by what became of them.

    Parameters
    ----------
    failed
        With the error of each.
    skipped
        With the failed job that each one needed.
    frames
        For faults of ours, where they were (for ``--debug``).
    """

    done: tuple[str, ...] = ()
    current: tuple[str, ...] = ()
    failed: Mapping[str, BgestError] = field(default_factory=dict)
    skipped: Mapping[str, str] = field(default_factory=dict)
    frames: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    interrupted: bool = False

    @property
    def exit_code(self) -> int:
        """0, 6 if some jobs failed, 130 if interrupted."""
        if self.interrupted:
            return INTERRUPTED
        return SOME_FAILED if self.failed else EXIT_DONE


def run_jobs(
    workspace: Workspace,
    jobs: Sequence[Job],
    backend: Backend,
    settings: RunSettings | None = None,
    events: Events = ignore_events,
) -> RunResult:
    """Do the jobs that are stale and write the manifest.

    A job is judged when those it needs are done, so what they did not change is not done again.
    A failed job's dependants are skipped, the others go on. Ctrl-C and SIGTERM keep what is done.

    Raises
    ------
    MachineLacks
        If another run is going on in the same folder.
    """
    settings = settings or RunSettings()
    with run_lock(workspace.state):
        run = _Run(workspace, jobs, backend, settings, events)
        try:
            with _sigterm_interrupts():
                run.go()
        except KeyboardInterrupt:
            run.interrupt()
        finally:
            backend.close()
            clear_staging(workspace)
        return run.finish()


@contextmanager
def _sigterm_interrupts() -> Iterator[None]:
    """Treat SIGTERM like Ctrl-C while the run goes on (main thread only)."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    old = signal.signal(signal.SIGTERM, _interrupt)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, old)


def _interrupt(number: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt


@dataclass(frozen=True)
class _Started:
    job: Job
    facts: Facts
    staging: Staging


class _Run:
    """One run: what is ready, what is at work, what became of the rest."""

    def __init__(
        self,
        workspace: Workspace,
        jobs: Sequence[Job],
        backend: Backend,
        settings: RunSettings,
        events: Events,
    ) -> None:
        self.workspace, self.jobs, self.backend = workspace, list(jobs), backend
        self.settings, self.events = settings, events
        clear_staging(workspace)
        clear_unfinished(workspace)
        retire_tables(workspace, jobs)
        self.frontier = Frontier(self.jobs)
        self.surveyor = Surveyor(workspace, rehash=settings.rehash)
        self.placement = Placement(workspace, self.surveyor.cache, known_outputs(workspace))
        self.timings = Timings(workspace.reports / TIMINGS)
        self.made = {path for job in self.jobs for path in job.outputs}
        self.restarts: Counter[str] = Counter()
        self.waiting = {job.id: job for job in self.jobs}  # nothing is known of these yet
        self.started: dict[str, _Started] = {}
        self.done: list[str] = []
        self.current: list[str] = []
        self.failed: dict[str, BgestError] = {}
        self.skipped: dict[str, str] = {}
        self.frames: dict[str, tuple[str, ...]] = {}
        self.interrupted = False

    def go(self) -> None:
        self.tell(EventKind.PLANNED)
        while True:
            self.start_ready()
            if not self.started:
                return
            self.settle(self.backend.wait())

    def start_ready(self) -> None:
        while len(self.started) < self.backend.capacity:
            job = self.frontier.next()
            if job is None:
                return
            if self.waiting.pop(job.id, None) is not None:  # else it was skipped
                self.consider(job)

    def consider(self, job: Job) -> None:
        """Start a job, or find that it need not or cannot be done."""
        reasons = self.surveyor.explain(job)
        if not reasons:
            self.current.append(job.id)
            self.frontier.done(job.id)
            self.tell(EventKind.CURRENT, job)
            return
        missing = self.surveyor.missing_inputs(job)
        if missing:
            self.fail(job, SourceMissing("{job}: manca {files}", job=job.id, files=missing))
            return
        self.start(job, reasons[0].message())

    def start(self, job: Job, why: Message) -> None:
        facts = self.surveyor.facts(job)
        staging = Staging(self.workspace, job)
        task = Task(
            job=staging.prepare(),
            key=job_key(job, facts.inputs, facts.code, facts.lock),
            engine=self.backend.engine,
            workspace=self.workspace,
            folder=staging.folder,
            timeout=job.timeout or self.settings.timeout,
        )
        self.started[job.id] = _Started(job, facts, staging)
        self.tell(EventKind.STARTED, job, why)
        self.backend.submit(task)

    def settle(self, report: Report) -> None:
        """Take a finished job in."""
        started = self.started.pop(report.job_id)
        changed = self.changed_meanwhile(started)
        if changed and self.begin_again(started, changed):
            return
        error = _changing_error(started, changed) or report.error or _missing_error(started)
        if error is None:
            self.accept(started, report)
        else:
            started.staging.keep_failed()
            self.fail(started.job, error, report.frames)
        started.staging.discard()

    def changed_meanwhile(self, started: _Started) -> list[str]:
        """Return the files as received that are no longer what they were when the job began."""
        received = [path for path in started.job.reads if path not in self.made]
        names = {name_of(self.workspace, path): path for path in received}
        digest, before = self.surveyor.cache.digest, started.facts.inputs
        return sorted(name for name, path in names.items() if digest(path) != before.get(name))

    def begin_again(self, started: _Started, changed: list[str]) -> bool:
        """Do a job anew whose files changed under it, unless they never stand still."""
        self.restarts[started.job.id] += 1
        if self.restarts[started.job.id] > RESTARTS or self.surveyor.missing_inputs(started.job):
            return False
        started.staging.discard()
        self.start(started.job, T("cambiato durante il lavoro: {files}", files=changed))
        return True

    def accept(self, started: _Started, report: Report) -> None:
        job = started.job
        retire_manifest(self.workspace)
        record = self.surveyor.state.get(job.id)
        placed = self.placement.place(started.staging, record)
        self.surveyor.state.add(record_of(job, started.facts, placed.made))
        started.staging.drop_failed()
        self.timings.add(job, report)
        self.done.append(job.id)
        self.frontier.done(job.id)
        self.tell(EventKind.DONE, job, seconds=report.seconds)
        for path in placed.kept:
            self.tell(EventKind.NOTE, job, _kept_message(self.workspace.relative(path)))
        for path, copy in placed.held:
            self.tell(EventKind.NOTE, job, _held_message(self.workspace.relative(path), copy.name))

    def fail(self, job: Job, error: BgestError, frames: tuple[str, ...] = ()) -> None:
        """Note a failure and skip what needs its outputs."""
        self.failed[job.id], self.frames[job.id] = error, frames
        self.tell(EventKind.FAILED, job, error.message)
        self.give_up(job)
        for other in self.frontier.dependants(job.id):
            if self.waiting.pop(other.id, None) is not None:
                self.skipped[other.id] = job.id
                self.tell(EventKind.SKIPPED, other, T("serve prima {job}", job=job.id))
                self.give_up(other)

    def give_up(self, job: Job) -> None:
        """Take away what an earlier run made of this job, and let those go on that can."""
        if job.step in (Step.NOTEBOOK, Step.FIGURES):
            retire_manifest(self.workspace)
            for path in job.outputs:
                path.unlink(missing_ok=True)
        self.frontier.done(job.id)

    def interrupt(self) -> None:
        self.interrupted = True
        self.tell(EventKind.INTERRUPTED)

    def finish(self) -> RunResult:
        """Write what is known: the manifest only if the run came to its end."""
        self.surveyor.state.compact()
        self.surveyor.save()
        if self.done:
            self.timings.save()
        if not self.interrupted:
            settings = self.settings
            write_manifest(self.workspace, self.entries(), settings.parameters, settings.beside)
            self.surveyor.save()
        self.tell(EventKind.FINISHED)
        return RunResult(
            done=tuple(self.done),
            current=tuple(self.current),
            failed=self.failed,
            skipped=self.skipped,
            frames=self.frames,
            interrupted=self.interrupted,
        )

    def entries(self) -> list[Entry]:
        return [Entry(job, self.status(job), self.surveyor.state.get(job.id)) for job in self.jobs]

    def status(self, job: Job) -> str:
        if job.id in self.failed:
            return FAILED
        return SKIPPED if job.id in self.skipped else DONE

    def tell(
        self,
        kind: EventKind,
        job: Job | None = None,
        message: Message | None = None,
        seconds: float | None = None,
    ) -> None:
        name = "" if job is None else job.id
        self.events(Event(kind, self.progress(), name, message, seconds))

    def progress(self) -> Progress:
        at_work = (item.job for item in self.started.values())
        return Progress(
            total=len(self.jobs),
            done=len(self.done),
            current=len(self.current),
            failed=len(self.failed),
            skipped=len(self.skipped),
            running=len(self.started),
            seconds_left=self.timings.left(
                chain(self.waiting.values(), at_work), self.backend.capacity
            ),
        )


def _missing_error(started: _Started) -> BgestError | None:
    missing = started.staging.missing()
    if not missing:
        return None
    return AnalysisFailed("{job}: finito senza produrre {files}", job=started.job.id, files=missing)


def _changing_error(started: _Started, changed: list[str]) -> BgestError | None:
    if not changed:
        return None
    return SourceError(
        "{job}: {files} cambia mentre viene letto; chiudere il programma che lo scrive e ripetere",
        job=started.job.id,
        files=changed,
    )


def _held_message(file: str, copy: str) -> Message:
    return T(
        "{file} è aperto in un altro programma: la nuova versione è {copy}; chiudere il file",
        file=file,
        copy=copy,
    )


def _kept_message(file: str) -> Message:
    return T("{file} era stato modificato a mano: resta com'è, il nuovo ha un numero", file=file)
