"""The engines a user can name, and the one for this machine."""

from __future__ import annotations

import importlib
import os
import sys
from collections.abc import Sequence
from enum import StrEnum

from bgest_analysis.engine.address import check_address
from bgest_analysis.engine.backend import Backend
from bgest_analysis.engine.context import IN_PROCESS, STOCK
from bgest_analysis.engine.fork import ForkBackend
from bgest_analysis.engine.job import Job
from bgest_analysis.engine.spawn import SpawnBackend
from bgest_analysis.errors import MachineLacks
from bgest_analysis.workspace import Workspace


class EngineName(StrEnum):
    """How jobs are run: all give the same bytes."""

    FORK = "fork"
    SPAWN = "spawn"
    STOCK = "stock"


def can_fork() -> bool:
    """Tell whether this system lets a loaded process be forked safely and be watched."""
    if not sys.platform.startswith("linux") or not hasattr(os, "pidfd_open"):
        return False
    try:
        os.close(os.pidfd_open(os.getpid()))
    except OSError:
        return False
    return True


def default_engine() -> EngineName:
    """Return the fastest engine of this machine."""
    return EngineName.FORK if can_fork() else EngineName.SPAWN


def open_backend(
    workspace: Workspace, jobs: Sequence[Job], capacity: int, name: EngineName | None = None
) -> Backend:
    """Return the runner of an engine; nothing is started before the first job.

    Parameters
    ----------
    jobs
        The plan.
    capacity
        Jobs at once.
    name
        ``None`` for the machine's own.

    Raises
    ------
    MachineLacks
        If ``fork`` is asked of a system that cannot.
    """
    wanted = name or default_engine()
    if wanted is EngineName.FORK and not can_fork():
        raise MachineLacks(
            "il motore «fork» funziona solo su Linux; usare --engine spawn, che dà gli stessi file"
        )
    engine = STOCK if wanted is EngineName.STOCK else IN_PROCESS
    if wanted is EngineName.SPAWN or not can_fork():
        return SpawnBackend(workspace.state, capacity, engine)
    return ForkBackend(workspace.state, jobs, capacity, engine)


def open_cluster(workspace: Workspace, jobs: Sequence[Job], address: str) -> Backend:
    """Return the runner on a Dask scheduler's workers (extra ``dask``).

    Raises
    ------
    UsageError
        If the address is neither encrypted nor on this machine.
    MachineLacks
        If Dask is not installed, the scheduler does not answer, or no worker is like this machine.
    """
    check_address(address)
    cluster = importlib.import_module("bgest_analysis.engine.cluster")
    backend: Backend = cluster.DaskBackend(workspace, jobs, address)
    return backend
