"""What a Dask worker is asked to do; the package is installed where it runs."""

from __future__ import annotations

import os
import secrets
import threading
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import Future
from dataclasses import replace
from pathlib import Path
from typing import Any

from bgest_analysis.engine.fingerprint import code_hash, lock_hash
from bgest_analysis.engine.hashing import HashCache
from bgest_analysis.engine.machine import blas_kernel
from bgest_analysis.engine.perform import Task
from bgest_analysis.engine.sidecar import FOLDER, Sidecar

PROOF_FILE = "prova_cartella"


def worker_facts(state: str, token: str) -> dict[str, Any]:
    """Return what must be the same on every machine of a run."""
    cache = HashCache(Path(os.devnull))
    return {
        "codice": code_hash(cache),
        "pacchetti": lock_hash(cache),
        "blas": blas_kernel(),
        "cartella": _read_token(Path(state) / FOLDER / PROOF_FILE) == token,
    }


def _read_token(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except OSError:
        return ""


class SharedSidecar:
    """A forking process that several threads of a worker give jobs to."""

    def __init__(self, state: Path, modules: Iterable[str]) -> None:
        self._sidecar = Sidecar(state, modules)
        self._waiting: dict[str, Future[dict[str, Any]]] = {}
        self._lock = threading.Lock()
        self.gone = False
        threading.Thread(target=self._listen, daemon=True).start()

    def run(self, task: Task) -> Future[dict[str, Any]]:
        """Order a job; the future holds how its process ended."""
        future: Future[dict[str, Any]] = Future()
        with self._lock:
            self._waiting[task.job.id] = future
            self._sidecar.run(task)
        return future

    def kill(self, job_id: str) -> None:
        """Order the end of a job."""
        with self._lock:
            self._sidecar.kill(job_id)

    def _listen(self) -> None:
        while not self.gone:
            answer = self._sidecar.answer()
            if answer["event"] == "ended":
                self._waiting.pop(answer["id"]).set_result(answer)
            elif answer["event"] in ("gone", "refused"):
                self._end(answer)

    def _end(self, answer: Mapping[str, Any]) -> None:
        with self._lock:
            self.gone = True
            end = {"code": answer.get("code", 1), "signal": answer.get("signal", 0)}
            for future in self._waiting.values():
                future.set_result(end)
            self._waiting.clear()
        self._sidecar.close()


class _Sidecars:
    """The forking processes of this worker, one for each study."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._open: dict[str, SharedSidecar] = {}

    def of(self, state: str, modules: Iterable[str]) -> SharedSidecar:
        with self._lock:
            found = self._open.get(state)
            if found is None or found.gone:
                found = self._open[state] = SharedSidecar(Path(state), modules)
            return found

    def kill(self, job_ids: Iterable[str]) -> None:
        with self._lock:
            for sidecar in self._open.values():
                for job_id in job_ids:
                    sidecar.kill(job_id)


_SIDECARS = _Sidecars()


def do_remote(data: Mapping[str, Any], state: str, modules: list[str]) -> dict[str, Any]:
    """Do a task on this worker's host and return how its process ended."""
    task = Task.from_json(data)
    attempt = Attempt(task, secrets.token_hex(4))
    own = attempt.begin()
    answer = _SIDECARS.of(state, modules).run(own).result()
    attempt.hand_over()
    return dict(answer)


def stop_remote(job_ids: list[str]) -> None:
    """End the processes of these jobs, if they are this worker's."""
    _SIDECARS.kill(job_ids)


class Attempt:
    """One try at a task, in folders beside the job's staging folders."""

    def __init__(self, task: Task, name: str) -> None:
        self._task = task
        self._old = task.folder.name
        self._new = f"{task.folder.name}.{name}"

    def _own(self, path: Path) -> Path:
        return Path(*(self._new if part == self._old else part for part in path.parts))

    def begin(self) -> Task:
        """Make the folders and return the task that writes into them."""
        job = self._task.job
        outputs = tuple(self._own(path) for path in job.outputs)
        folders = tuple(self._own(path) for path in job.folders)
        folder = self._own(self._task.folder)
        for path in (*(path.parent for path in outputs), *folders, folder):
            path.mkdir(parents=True, exist_ok=True)
        return replace(self._task, job=job.with_outputs(outputs, folders), folder=folder)

    def hand_over(self) -> None:
        """Move what was written to the job's staging folders."""
        for base in self._bases():
            for path in sorted(self._own(base).rglob("*")):
                if path.is_file():
                    target = base / path.relative_to(self._own(base))
                    target.parent.mkdir(parents=True, exist_ok=True)
                    os.replace(path, target)

    def _bases(self) -> set[Path]:
        job = self._task.job
        return set(self._staging_folders((*job.outputs, *job.folders, self._task.folder / "x")))

    def _staging_folders(self, paths: Iterable[Path]) -> Iterator[Path]:
        for path in paths:
            yield from (parent for parent in path.parents if parent.name == self._old)
