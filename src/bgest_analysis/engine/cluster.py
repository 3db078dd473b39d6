"""Jobs on several machines: Dask carries the orders, a forking process on each host does them.

The study's folder is shared and stands at the same path everywhere. A Dask worker has threads
and so must not fork: it hands each job to a sidecar process of its own. An attempt writes in a
folder of its own, moved to the job's staging folder when it is whole, so a worker that dies in
the middle, or comes back late, spoils nothing.
"""

from __future__ import annotations

import contextlib
import logging
import os
import queue
import secrets
import socket
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import distributed as untyped_distributed

from bgest_analysis.engine.context import IN_PROCESS
from bgest_analysis.engine.job import Job
from bgest_analysis.engine.perform import Report, Task, read_report
from bgest_analysis.engine.preload import modules_for
from bgest_analysis.engine.remote import PROOF_FILE, do_remote, stop_remote, worker_facts
from bgest_analysis.engine.sidecar import FOLDER, exit_of
from bgest_analysis.errors import AnalysisFailed, MachineLacks
from bgest_analysis.workspace import Workspace

distributed: Any = untyped_distributed
logger = logging.getLogger(__name__)

CONNECT_SECONDS = 20
LOOK_SECONDS = 1.0
LOST = frozenset({"lost", "cancelled"})
RETRIES = 3
FACTS = {
    "codice": "il programma",
    "pacchetti": "i pacchetti installati",
    "blas": "la libreria BLAS o il processore",
    "cartella": "la cartella dello studio",
}


class DaskBackend:
    """Jobs on the workers of a Dask scheduler.

    Parameters
    ----------
    workspace
        The study, in a folder that the workers see at the same path.
    jobs
        The plan: what its jobs need is loaded before forking.
    address
        The scheduler's, e.g. ``tcp://10.0.0.5:8786``.

    Raises
    ------
    MachineLacks
        If the scheduler does not answer, or no worker is like this machine.
    """

    engine = IN_PROCESS

    def __init__(self, workspace: Workspace, jobs: Sequence[Job], address: str) -> None:
        self._state = workspace.state
        self._modules = modules_for(jobs)
        self._run = secrets.token_hex(8)
        self._crew = Crew(_connect(address), address, workspace.state)
        self._client = self._crew.client
        self._address = address
        self._sent: dict[str, Sent] = {}
        self._ended: queue.SimpleQueue[Sent] = queue.SimpleQueue()
        self._crew.require_some()
        self.capacity = 1
        self._usable()

    def _usable(self) -> frozenset[str]:
        """Return the usable workers that are there now; as many jobs at once as their threads."""
        threads = self._crew.usable()
        self.capacity = max(1, sum(threads.values()))
        return frozenset(threads)

    def submit(self, task: Task) -> None:
        self._send(task, 0)

    def _send(self, task: Task, times: int) -> None:
        """Give a task to the usable workers; without any it waits for one to come."""
        name = task.job.id
        sent = self._sent[name] = Sent(task, self._usable(), times)
        if not sent.workers:
            return
        sent.future = self._client.submit(
            do_remote,
            task.to_json(),
            str(self._state),
            self._modules,
            key=f"{name}-{task.key[:16]}-{self._run}-{times}",
            workers=sorted(sent.workers),
            allow_other_workers=False,
            retries=RETRIES,
        )
        sent.future.add_done_callback(lambda _: self._ended.put(sent))

    def wait(self) -> Report:
        while True:
            try:
                sent = self._ended.get(timeout=LOOK_SECONDS)
            except queue.Empty:
                self._look_around()
                continue
            if self._sent.get(sent.task.job.id) is sent:
                return self._report(sent)

    def _look_around(self) -> None:
        """Send again what waits for workers that are no longer there."""
        if self._client.status != "running":
            raise _lost(self._address)
        present = self._usable()
        for sent in list(self._sent.values()):
            if present and not sent.workers & present:
                self._send(sent.task, sent.times + 1)
                if sent.future is not None:
                    self._client.cancel([sent.future])

    def _report(self, sent: Sent) -> Report:
        name, future = sent.task.job.id, sent.future
        del self._sent[name]
        if future.status in LOST:
            raise _lost(self._address)
        if future.status == "error":
            error = AnalysisFailed(
                "{job}: i worker a cui era affidato si sono chiusi più volte ({error})",
                job=name,
                error=type(future.exception()).__name__,
            )
            return Report(name, error)
        return read_report(sent.task, exit_of(future.result()))

    def close(self) -> None:
        if self._client.status == "running" and self._sent:
            self._client.run(stop_remote, list(self._sent))
            self._client.cancel([sent.future for sent in self._sent.values() if sent.future])
        self._client.close()
        self._crew.close()


@dataclass
class Sent:
    """A task given away: to which workers, how many times before, its Dask future."""

    task: Task
    workers: frozenset[str]
    times: int
    future: Any = None


class Crew:
    """The workers of a scheduler, each judged once: only those like this machine are used."""

    def __init__(self, client: Any, address: str, state: Path) -> None:
        self.client = client
        self._address = address
        self._state = state
        self._token = _leave_token(state)
        self._own = worker_facts(str(state), self._token)
        self._judged: dict[str, list[str]] = {}

    def usable(self) -> dict[str, int]:
        """Return the usable workers that are there now, and their threads."""
        workers = self.client.scheduler_info(n_workers=-1)["workers"]
        fresh = [address for address in workers if address not in self._judged]
        if fresh:
            self._judge(fresh)
        return {a: int(w["nthreads"]) for a, w in workers.items() if self._judged.get(a) == []}

    def _judge(self, addresses: list[str]) -> None:
        told = self.client.run(
            worker_facts, str(self._state), self._token, workers=addresses, on_error="ignore"
        )
        for address, facts in told.items():
            self._judged[address] = differences(self._own, facts)
            if self._judged[address]:
                logger.warning("worker %s refused: %s", address, self._judged[address])

    def require_some(self) -> None:
        """Check that a worker can be used; give the first one time to come.

        Raises
        ------
        MachineLacks
            If none can; says what is different about those that are there.
        """
        with contextlib.suppress(TimeoutError):
            self.client.wait_for_workers(1, timeout=CONNECT_SECONDS)
        if self.usable():
            return
        different = sorted({name for names in self._judged.values() for name in names})
        self.close()
        self.client.close()
        raise MachineLacks(
            "nessun worker utilizzabile su {address}: {n} collegati; da qui differiscono per "
            "{different}",
            address=self._address,
            n=len(self._judged),
            different=different or ["nulla"],
        )

    def close(self) -> None:
        """Remove the secret from the study's folder."""
        (self._state / FOLDER / PROOF_FILE).unlink(missing_ok=True)


def differences(own: Mapping[str, Any], other: Mapping[str, Any]) -> list[str]:
    """Return, in words, what would make another machine's results differ from ours."""
    return [words for name, words in FACTS.items() if own.get(name) != other.get(name)]


def _leave_token(state: Path) -> str:
    """Write a secret in the study's folder: who can read it there shares the folder."""
    token = secrets.token_hex(16)
    (state / FOLDER).mkdir(parents=True, exist_ok=True)
    path = state / FOLDER / PROOF_FILE
    path.write_text(token, encoding="utf-8")
    os.chmod(path, 0o600)
    return token


def _connect(address: str) -> Any:
    parts = urlsplit(address)
    try:
        socket.create_connection((parts.hostname or "", parts.port or 0), timeout=5).close()
        return distributed.Client(address, timeout=CONNECT_SECONDS, set_as_default=False)
    except (OSError, ValueError) as error:
        raise MachineLacks(
            "lo scheduler {address} non risponde; controllare che sia avviato e raggiungibile",
            address=address,
        ) from error


def _lost(address: str) -> MachineLacks:
    return MachineLacks(
        "lo scheduler {address} non risponde più; ciò che era fatto è salvo: rilanciando bgest "
        "run si riparte da lì",
        address=address,
    )
