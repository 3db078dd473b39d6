"""``bgest check FILE…``: every problem of a file at once, where it is and how to mend it."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

from bgest_analysis.clean.official.check import check_official
from bgest_analysis.clean.official.model import CleanedOfficial, KnownPlaces
from bgest_analysis.clean.places import known_places
from bgest_analysis.cli.main import message_language
from bgest_analysis.errors import DONE, PROBLEMS_FOUND, SourceMissing
from bgest_analysis.problems.record import Problem
from bgest_analysis.study.load import load_study
from bgest_analysis.text.messages import T
from bgest_analysis.workspace import Workspace


def execute(options: argparse.Namespace) -> int:
    """Check files against the study's places and the layouts known."""
    workspace = Workspace.find(options.study or Path.cwd())
    territory = known_places(load_study(workspace))
    checked = [part for file in options.files for part in check_file(file, territory)]
    language = message_language(options)
    if options.json:
        print(json.dumps([to_json(part, language) for part in checked], ensure_ascii=False))
    else:
        for part in checked:
            print_part(part, language)
    return PROBLEMS_FOUND if any(len(part.log) for part in checked) else DONE


def check_file(file: Path, territory: KnownPlaces) -> tuple[CleanedOfficial, ...]:
    """Read and clean one file without writing anything.

    Raises
    ------
    SourceMissing
        If it is not there.
    """
    if not file.is_file():
        raise SourceMissing("non trovo il file {file}", file=str(file))
    return check_official(file, file.name, territory)


def print_part(part: CleanedOfficial, language: str) -> None:
    """Print the problems of one sheet, then its accounts."""
    for problem in part.log.problems():
        print(problem_line(problem, language))
    accounts = part.accounting
    total = T(
        "{file}: righe {read:int} = pulite {kept:int} + quarantena {aside:int} + scartate "
        "{dropped:int}; problemi {problems:int}",
        file=accounts.file,
        read=accounts.rows_in,
        kept=accounts.tidy,
        aside=accounts.quarantined,
        dropped=sum(accounts.dropped.values()),
        problems=len(part.log),
    )
    print(total.render(language))


def problem_line(problem: Problem, language: str) -> str:
    """Return "file, sheet, row, column: what (rule, treatment). Remedy"."""
    where = [problem.file]
    if problem.sheet:
        where.append(T("foglio {s}", s=problem.sheet).render(language))
    if problem.row is not None:
        where.append(T("riga {r}", r=problem.row).render(language))
    where.append(T("colonna {c}", c=problem.column).render(language))
    what = problem.message().render(language)
    remedy = T("Rimedio: {r}", r=problem.remedy()).render(language)
    return f"{', '.join(where)}: {what} [{problem.rule.code}, {problem.rule.treatment}]. {remedy}"


def to_json(part: CleanedOfficial, language: str) -> dict[str, Any]:
    """Return the problems and accounts of one sheet for another program."""
    return {
        "conti": part.accounting.to_json(),
        "problemi": [
            {
                "file": problem.file,
                "foglio": problem.sheet,
                "riga": problem.row,
                "colonna": problem.column,
                "regola": problem.rule.code,
                "trattamento": str(problem.rule.treatment),
                "problema": problem.message().render(language),
                "rimedio": problem.remedy().render(language),
            }
            for problem in part.log.problems()
        ],
    }
