"""What a run says while it goes on: a bar on a terminal, plain lines elsewhere."""

from __future__ import annotations

import errno
import os
import pty
import re
import subprocess
import sys

import pytest

from bgest_analysis.cli.progress import Reporter
from bgest_analysis.engine.events import Event, EventKind, Progress
from bgest_analysis.text.messages import T

STORY = (
    Event(EventKind.PLANNED, Progress(total=3)),
    Event(EventKind.STARTED, Progress(total=3, running=1, seconds_left=42.0), "clean/a"),
    Event(EventKind.DONE, Progress(total=3, done=1, seconds_left=21.0), "clean/a", seconds=1.25),
    Event(EventKind.FAILED, Progress(total=3, done=1, failed=1), "notebook/b", T("manca a")),
    Event(EventKind.FINISHED, Progress(total=3, done=2, failed=1)),
)
COLOURS = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")
TELL = """
from bgest_analysis.cli.progress import Reporter
from tests.e2e.test_progress import STORY
with Reporter("it", False) as reporter:
    for event in STORY:
        reporter(event)
        if reporter._bar is not None:
            reporter._bar.progress.refresh()
print("ultima riga")
"""


def on_a_terminal(command: list[str], **more: str) -> str:
    """Return what a command prints on a terminal of 100 columns."""
    ours, theirs = pty.openpty()
    environment = {**os.environ, "TERM": "xterm", "COLUMNS": "100", **more}
    with subprocess.Popen(command, stdout=theirs, stderr=theirs, env=environment) as process:
        os.close(theirs)
        pieces = []
        while piece := read_piece(ours):
            pieces.append(piece)
        assert process.wait() == 0
    os.close(ours)
    return b"".join(pieces).decode("utf-8")


def read_piece(terminal: int) -> bytes:
    try:
        return os.read(terminal, 1 << 16)
    except OSError as error:  # how Linux says that the other side is closed
        if error.errno != errno.EIO:
            raise
        return b""


def test_a_terminal_shows_a_bar_with_the_time_left(root):
    raw = on_a_terminal([sys.executable, "-c", TELL], PYTHONPATH=str(root))
    said = COLOURS.sub("", raw)
    assert said != raw
    assert "circa 42 s" in said
    assert "circa 21 s" in said
    assert "clean/a" in said
    assert "\u2501" in said  # the bar
    assert "[2/3] fallito notebook/b: manca a" in said
    assert "[1/3] fatto" not in said
    assert said.rstrip().endswith("ultima riga")


def test_elsewhere_plain_lines_tell_the_same(capsys):
    with Reporter("it", as_json=False) as reporter:
        for event in STORY:
            reporter(event)
    said = capsys.readouterr().out
    assert said.splitlines() == [
        "[1/3] fatto clean/a 1.2 s",
        "[2/3] fallito notebook/b: manca a",
    ]
    assert "\x1b" not in said


@pytest.mark.slow
def test_a_real_run_ends_with_where_the_results_are_and_what_to_type_next(made, said):
    lines = said.splitlines()
    told = [re.fullmatch(r"\[(\d+)/(\d+)\] fatto \S+ \d+\.\d s", line) for line in lines[:-4]]
    assert all(told), [line for line, found in zip(lines, told, strict=False) if not found]
    assert {int(found[2]) for found in told} == {len(told)}
    assert lines[-4].startswith(f"fatti {len(told)} lavori, 0 erano già aggiornati, 0 non riusciti")
    assert lines[-3].startswith("righe lette")
    assert lines[-2] == f"risultati: {made / 'reports' / 'index.html'}"
    assert lines[-1] == "poi: bgest status --explain; bgest check FILE"
