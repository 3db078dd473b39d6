"""How long jobs took, in a side file of no result, and how long the rest may take."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Iterable
from pathlib import Path
from statistics import fmean
from typing import Any

from bgest_analysis.engine.files import read_json, write_json
from bgest_analysis.engine.job import Job
from bgest_analysis.engine.perform import Report

FILE_NAME = ".tempi.json"


class Timings:
    """Durations of past and present jobs.

    Parameters
    ----------
    file
        The side file; missing or damaged, nothing is known of the past.
    """

    def __init__(self, file: Path) -> None:
        self._file = file
        self._jobs = _load(file)
        self._start = _now()
        self._fresh: dict[str, list[float]] = {}
        self._estimate: tuple[float, float | None] | None = None

    def add(self, job: Job, report: Report) -> None:
        """Note how long a job took and how much memory it needed."""
        self._jobs[job.id] = {"secondi": report.seconds, "picco_mb": report.peak_mb}
        self._fresh.setdefault(str(job.step), []).append(report.seconds)

    def left(self, jobs: Iterable[Job], at_once: int) -> float | None:
        """Return the seconds that jobs may take, so many at once; ``None`` if nothing is known.

        Reckoned once a second at most, so that thousands of jobs cost no more each than ten.
        """
        now = time.monotonic()
        if self._estimate is None or now - self._estimate[0] >= 1:
            self._estimate = (now, self._reckon(jobs, at_once))
        return self._estimate[1]

    def _reckon(self, jobs: Iterable[Job], at_once: int) -> float | None:
        known = [self._expected(job) for job in jobs]
        found = [seconds for seconds in known if seconds is not None]
        if known and not found:
            return None
        return sum(found) * len(known) / max(1, len(found)) / at_once

    def _expected(self, job: Job) -> float | None:
        past = self._jobs.get(job.id)
        if past is not None:
            return float(past["secondi"])
        fresh = self._fresh.get(str(job.step))
        return fmean(fresh) if fresh else None

    def save(self) -> None:
        """Write the side file, with the time of day of this run."""
        data = {"versione": 1, "inizio": self._start, "fine": _now(), "lavori": self._jobs}
        write_json(self._file, data, indent=1)


def _now() -> str:
    return dt.datetime.now(dt.UTC).isoformat(timespec="seconds")


def _load(file: Path) -> dict[str, dict[str, Any]]:
    data = read_json(file)
    jobs = data.get("lavori") if isinstance(data, dict) else None
    if not isinstance(jobs, dict):
        return {}
    return {key: item for key, item in jobs.items() if _is_sound(item)}


def _is_sound(item: Any) -> bool:
    return isinstance(item, dict) and isinstance(item.get("secondi"), int | float)
