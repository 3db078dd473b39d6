"""Reading a workbook in a child process with limits, so that a hostile file only harms that."""

from __future__ import annotations

import io
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from bgest_analysis.errors import UNSAFE_INPUT, UnsafeInput
from bgest_analysis.read.child_main import arguments_of
from bgest_analysis.read.guard import Limits, preflight, refuse
from bgest_analysis.read.workbook import SheetCells
from bgest_analysis.text.messages import Message


def read_in_child(path: Path, shown_as: str, limits: Limits | None = None) -> list[SheetCells]:
    """Return the sheets of a workbook, parsed by a process of its own.

    Parameters
    ----------
    path
        The workbook.
    shown_as
        Its name in messages.
    limits
        What it may be at most, and what the child may use.

    Raises
    ------
    UnsafeInput
        If the file is refused, or its reading ends badly (memory, time, a crash).
    """
    chosen = limits or Limits()
    preflight(path, shown_as, chosen)
    command = [
        sys.executable,
        "-P",
        "-m",
        "bgest_analysis.read.child_main",
        *arguments_of(path.absolute(), shown_as, chosen),
    ]
    try:
        done = subprocess.run(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=chosen.seconds,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise refuse(
            "{file} non si legge entro {secondi:int} secondi: può essere danneggiato o ostile; "
            "aprirlo con Excel, salvarlo e rimandarlo, oppure dividerlo",
            shown_as,
            secondi=chosen.seconds,
        ) from error
    return _received(done.returncode, done.stdout, shown_as)


def _received(code: int, output: bytes, shown_as: str) -> list[SheetCells]:
    lines = io.BytesIO(output)
    first = lines.readline()
    if code == UNSAFE_INPUT and first:
        refusal = Message.from_json(json.loads(first)["rifiuto"])
        raise UnsafeInput(refusal.template, **dict(refusal.values))
    if code != 0 or not first:
        raise refuse(
            "{file} fa fallire la lettura (codice {codice}): è danneggiato, troppo grande o "
            "ostile; aprirlo con Excel, salvarlo e rimandarlo",
            shown_as,
            codice=code,
        )
    return [_sheet(head, lines) for head in json.loads(first)["fogli"]]


def _sheet(head: dict[str, Any], lines: io.BytesIO) -> SheetCells:
    columns = [json.loads(lines.readline()) for _ in range(head.pop("width"))]
    merged = tuple((int(a), int(b), int(c), int(d)) for a, b, c, d in head.pop("merged"))
    texts = [column[0] for column in columns]
    return SheetCells(texts=texts, kinds=[column[1] for column in columns], merged=merged, **head)
