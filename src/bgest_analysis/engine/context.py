"""What a job may ask of the run it is in; none of it changes a result."""

from __future__ import annotations

import random
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

from numpy import random as numpy_random

STOCK = "bgest-stock"
IN_PROCESS = "bgest-inprocess"


@dataclass(frozen=True)
class JobContext:
    """The job being done in this process.

    Parameters
    ----------
    engine
        Papermill engine for notebooks: ``bgest-stock`` or ``bgest-inprocess``.
    key
        The job's key, from which random state is seeded.
    """

    engine: str = STOCK
    key: str = ""

    @property
    def seed(self) -> int:
        """A seed that is the same for the same work: 32 bits of the key."""
        return int(self.key[:8] or "0", 16)


NO_JOB = JobContext()
_CURRENT: ContextVar[JobContext] = ContextVar("bgest_job", default=NO_JOB)


def current_job() -> JobContext:
    """Return the context of the job being done, or one of a plain stock run."""
    return _CURRENT.get()


@contextmanager
def job_context(context: JobContext) -> Iterator[JobContext]:
    """Make ``context`` the current one and seed the global random state from its key."""
    token = _CURRENT.set(context)
    reseed(context.seed)
    try:
        yield context
    finally:
        _CURRENT.reset(token)


def reseed(seed: int) -> None:
    """Seed the global state of ``random`` and numpy, for code that passes no generator."""
    random.seed(seed)
    numpy_random.seed(seed)  # noqa: NPY002  the legacy state is the one meant
