"""What a run tells while it goes on; terminals, bars and other programs listen."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from bgest_analysis.text.messages import Message


class EventKind(StrEnum):
    """What happened."""

    PLANNED = "pianificato"
    STARTED = "iniziato"
    DONE = "fatto"
    CURRENT = "aggiornato"
    FAILED = "fallito"
    SKIPPED = "saltato"
    NOTE = "nota"
    INTERRUPTED = "interrotto"
    FINISHED = "finito"


@dataclass(frozen=True)
class Progress:
    """Counts of jobs so far.

    Parameters
    ----------
    seconds_left
        Estimate from earlier durations; ``None`` while there is nothing to go by.
    """

    total: int = 0
    done: int = 0
    current: int = 0
    failed: int = 0
    skipped: int = 0
    running: int = 0
    seconds_left: float | None = None

    @property
    def settled(self) -> int:
        """Jobs that nothing more will happen to."""
        return self.done + self.current + self.failed + self.skipped

    def to_json(self) -> dict[str, Any]:
        return {**vars(self), "settled": self.settled}


@dataclass(frozen=True)
class Event:
    """One thing that happened.

    Parameters
    ----------
    job
        Id of the job, ``""`` for the run as a whole.
    message
        Why a job runs, failed or was skipped; a note.
    seconds
        How long the job took.
    """

    kind: EventKind
    progress: Progress
    job: str = ""
    message: Message | None = None
    seconds: float | None = None

    def to_json(self, language: str = "it") -> dict[str, Any]:
        """Return the event for another program, the message in words."""
        words = None if self.message is None else self.message.render(language)
        return {
            "versione": 1,
            "evento": str(self.kind),
            "lavoro": self.job,
            "messaggio": words,
            "secondi": self.seconds,
            "avanzamento": self.progress.to_json(),
        }


Events = Callable[[Event], None]


def ignore_events(event: Event) -> None:
    """Observe nothing."""
