"""What a run tells, on a terminal, in a log, or as JSON lines for other programs."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from types import TracebackType

from bgest_analysis.engine.events import Event, EventKind
from bgest_analysis.text.messages import T

TOLD = (EventKind.DONE, EventKind.FAILED, EventKind.SKIPPED, EventKind.NOTE)


class Reporter:
    """Observes a run: a bar on a terminal, plain lines elsewhere, JSON lines if asked."""

    def __init__(self, language: str, as_json: bool) -> None:
        self.language = language
        self._tell: Callable[[Event], None] = self._line
        self._bar: TerminalBar | None = None
        if as_json:
            self._tell = self._json
        elif sys.stdout.isatty():
            self._bar = TerminalBar(language)
            self._tell = self._bar.update

    def __call__(self, event: Event) -> None:
        self._tell(event)

    def __enter__(self) -> Reporter:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._bar is not None:
            self._bar.close()

    def _json(self, event: Event) -> None:
        print(json.dumps(event.to_json(self.language), ensure_ascii=False), flush=True)

    def _line(self, event: Event) -> None:
        if event.kind in TOLD:
            print(event_line(event, self.language), flush=True)


def event_line(event: Event, language: str) -> str:
    """Return one line: how far, what, how long or why."""
    place = f"[{event.progress.settled}/{event.progress.total}]"
    seconds = "" if event.seconds is None else f" {event.seconds:.1f} s"
    words = "" if event.message is None else f": {event.message.render(language)}"
    kind = T("{k}", k=str(event.kind)).render(language)
    return f"{place} {kind} {event.job}{seconds}{words}"


class TerminalBar:
    """A bar with the time left, drawn by rich (imported only here)."""

    def __init__(self, language: str) -> None:
        from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

        self.language = language
        left = TextColumn("{task.fields[left]}")
        columns = (TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn(), left)
        self.progress = Progress(*columns, transient=True)
        self.task = self.progress.add_task("", total=None, left="")
        self.progress.start()

    def update(self, event: Event) -> None:
        """Show where the run is; failures and notes stay on the screen."""
        if event.kind in (EventKind.FAILED, EventKind.SKIPPED, EventKind.NOTE):
            self.progress.console.print(event_line(event, self.language), markup=False)
        seconds = event.progress.seconds_left
        left = "" if seconds is None else T("circa {s:int} s", s=seconds).render(self.language)
        self.progress.update(
            self.task,
            total=event.progress.total,
            completed=event.progress.settled,
            description=event.job[:50],
            left=left,
        )

    def close(self) -> None:
        self.progress.stop()
