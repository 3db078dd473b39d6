"""``bgest erase PSEUDONIMO``: takes one person out of the files; only with ``--do``."""

from __future__ import annotations

import argparse
import json
from dataclasses import astuple
from pathlib import Path

from bgest_analysis.cli.days import read_day
from bgest_analysis.cli.main import message_language
from bgest_analysis.errors import DONE, PROBLEMS_FOUND
from bgest_analysis.publish.erasure import Erasure, erase_person, find_person
from bgest_analysis.text.messages import Message, T
from bgest_analysis.workspace import Workspace


def execute(options: argparse.Namespace) -> int:
    """Say where the person's rows are, or blank them; 1 if some need a hand."""
    workspace = Workspace.find(options.study or Path.cwd())
    day = read_day(options.when)
    if options.do:
        found = erase_person(workspace, options.person, day)
    else:
        found = find_person(workspace, options.person)
    if options.json:
        print(json.dumps(to_json(found), ensure_ascii=False))
    else:
        for line in lines(found, done=options.do):
            print(line.render(message_language(options)))
    return PROBLEMS_FOUND if found.by_hand else DONE


def to_json(found: Erasure) -> dict[str, object]:
    """Return the answer for other programs."""
    return {
        "righe": [astuple(place) for place in sorted(found.rows)],
        "a_mano": [astuple(place) for place in sorted(found.by_hand)],
        "file": found.done,
    }


def lines(found: Erasure, *, done: bool) -> list[Message]:
    """Return what is said to a person."""
    said = [
        T("{file} {sheet} riga {row:int}", file=p.file, sheet=p.sheet, row=p.row)
        for p in sorted(found.rows)
    ]
    said += [
        T(
            "da togliere a mano: {file} {sheet} riga {row:int} (riguarda anche altri, o il file "
            "non si può riscrivere)",
            file=p.file,
            sheet=p.sheet,
            row=p.row,
        )
        for p in sorted(found.by_hand)
    ]
    if not done:
        return [*said, T("nulla è stato toccato: per cancellare, --do")]
    return [
        *said,
        T(
            "svuotate {n:int} righe in {files:int} file; registro in "
            "data/registro_cancellazioni.csv; ora bgest run, poi bgest erase finché non trova più "
            "righe",
            n=len(found.rows),
            files=len(found.done),
        ),
    ]
