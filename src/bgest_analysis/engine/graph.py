"""The order of jobs: a job comes after those it names and those that make what it reads."""

from __future__ import annotations

import heapq
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

from bgest_analysis.engine.job import Job
from bgest_analysis.errors import BgestError


def producers(jobs: Iterable[Job]) -> dict[Path, str]:
    """Return which job makes each file."""
    return {path: job.id for job in jobs for path in job.outputs}


def needed(job: Job, makers: Mapping[Path, str]) -> set[str]:
    """Return the jobs without which a job cannot be done."""
    return {*job.after, *(makers[path] for path in job.inputs if path in makers)}


def predecessors(jobs: Sequence[Job]) -> dict[str, set[str]]:
    """Return, for each job, the jobs to be done, or tried, before it.

    Raises
    ------
    BgestError
        If ids or outputs repeat, a predecessor is unknown, or jobs wait for each other.
    """
    _check_names(jobs)
    makers = producers(jobs)
    graph = {
        job.id: {*job.after, *(makers[path] for path in job.reads if path in makers)}
        for job in jobs
    }
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        circle = list(error.args[1])
        raise BgestError("i lavori si aspettano a vicenda: {jobs}", jobs=circle) from error
    return graph


def _check_names(jobs: Sequence[Job]) -> None:
    names = Counter([job.id for job in jobs])
    names.update(str(path) for job in jobs for path in job.outputs)
    twice = [name for name, times in names.items() if times > 1]
    if twice:
        raise BgestError("lavori o risultati dichiarati due volte: {names}", names=twice)
    unknown = sorted({name for job in jobs for name in job.after} - {job.id for job in jobs})
    if unknown:
        raise BgestError("lavori sconosciuti tra i precedenti: {names}", names=unknown)


class Frontier:
    """The jobs that may be done now, handed out in the plan's order."""

    def __init__(self, jobs: Sequence[Job]) -> None:
        self._jobs = list(jobs)
        self._place = {job.id: place for place, job in enumerate(jobs)}
        before = predecessors(jobs)
        self._waits = {job_id: len(names) for job_id, names in before.items()}
        self._after: dict[str, list[str]] = {job.id: [] for job in jobs}
        for job_id, names in before.items():
            for name in names:
                self._after[name].append(job_id)
        makers = producers(jobs)
        self._needs = {job.id: needed(job, makers) for job in jobs}
        self._ready = [place for place, job in enumerate(jobs) if not self._waits[job.id]]

    def next(self) -> Job | None:
        """Take the next job whose predecessors are all done, ``None`` if there is none now."""
        return self._jobs[heapq.heappop(self._ready)] if self._ready else None

    def done(self, job_id: str) -> None:
        """Let those that waited for this job come forward (also when it failed)."""
        for name in self._after[job_id]:
            self._waits[name] -= 1
            if not self._waits[name]:
                heapq.heappush(self._ready, self._place[name])

    def dependants(self, job_id: str) -> list[Job]:
        """Return all that cannot be done without this job, in the plan's order."""
        found: set[str] = set()
        todo = [job_id]
        while todo:
            name = todo.pop()
            fresh = {other for other in self._after[name] if name in self._needs[other]} - found
            found |= fresh
            todo.extend(fresh)
        return [job for job in self._jobs if job.id in found]


def sort_jobs(jobs: Sequence[Job]) -> list[Job]:
    """Return the jobs in an order in which each comes after those it needs."""
    frontier = Frontier(jobs)
    found = []
    while (job := frontier.next()) is not None:
        found.append(job)
        frontier.done(job.id)
    return found


def select_jobs(jobs: Sequence[Job], wanted: Iterable[str]) -> list[Job]:
    """Return the wanted jobs and all that they need, in the plan's order."""
    graph = predecessors(jobs)
    keep: set[str] = set()
    todo = list(wanted)
    while todo:
        job_id = todo.pop()
        if job_id not in keep:
            keep.add(job_id)
            todo.extend(graph[job_id])
    return [job for job in jobs if job.id in keep]
