"""Waiting for processes without guessing how long they take."""

from __future__ import annotations

import os
import select
from pathlib import Path

LONG = 30.0  # seconds; reached only when something is wrong


def read_ready(pipe: Path) -> int:
    """Return the process id that a process writes into a named pipe, waiting for it."""
    return int(pipe.read_text(encoding="utf-8"))


def has_ended(pid: int) -> bool:
    """Tell whether a process has ended, waiting for it at most ``LONG`` seconds."""
    try:
        handle = os.pidfd_open(pid)
    except ProcessLookupError:
        return True
    try:
        return bool(select.select([handle], [], [], LONG)[0])
    finally:
        os.close(handle)
