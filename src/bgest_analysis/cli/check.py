"""``bgest check FILE…``: every problem of a file at once, where it is and how to mend it."""

from __future__ import annotations

import argparse
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from bgest_analysis.clean.official.check import check_official
from bgest_analysis.clean.places import known_places
from bgest_analysis.clean.project.files import (
    PROJECT_TABLES,
    clean_project_file,
    needs_key,
    read_raw_tables,
    recognise_shape,
    survey_items,
    without_item_map,
)
from bgest_analysis.clean.sources import clean_context
from bgest_analysis.cli.main import message_language
from bgest_analysis.cli.marking import write_marked_copy
from bgest_analysis.engine.cleaning import study_key
from bgest_analysis.errors import DONE, PROBLEMS_FOUND, SourceMissing, UnknownLayout, UsageError
from bgest_analysis.problems.record import Problem, ProblemLog
from bgest_analysis.problems.register import Accounting
from bgest_analysis.read.project import ReadOptions, nearest_table, read_project_file
from bgest_analysis.read.surveys import looks_like_survey
from bgest_analysis.schema.ingresso import input_columns
from bgest_analysis.schema.model import Table
from bgest_analysis.schema.registry import TABLES
from bgest_analysis.study.load import load_study
from bgest_analysis.study.model import Study
from bgest_analysis.text.messages import T
from bgest_analysis.workspace import Workspace


@dataclass(frozen=True)
class Checked:
    """One sheet of one file: its problems, its accounts, and the marked copy if there is one.

    Parameters
    ----------
    titles
        Our column -> what a sender calls it.
    """

    log: ProblemLog
    accounting: Accounting
    marked: Path | None = None
    titles: Mapping[str, str] = field(default_factory=dict)

    def problems(self) -> list[Problem]:
        """Return the problems, columns by their titles."""
        named = self.titles
        return [replace(p, column=named.get(p.column, p.column)) for p in self.log.problems()]


def execute(options: argparse.Namespace) -> int:
    """Check files against their table; nothing of the study is changed."""
    workspace = Workspace.find(options.study or Path.cwd())
    study = load_study(workspace)
    language = message_language(options)
    checked = [
        part
        for file in options.files
        for part in check_file(workspace, study, file, options.table, language)
    ]
    if options.json:
        print(json.dumps([to_json(part, language) for part in checked], ensure_ascii=False))
    else:
        for part in checked:
            print_part(part, language)
        for copy in sorted({part.marked for part in checked if part.marked}):
            print(T("copia segnata: {file}", file=str(copy)).render(language))
    return PROBLEMS_FOUND if any(len(part.log) for part in checked) else DONE


def check_file(
    workspace: Workspace, study: Study, file: Path, wanted: str | None, language: str
) -> list[Checked]:
    """Read and clean one file; a project file with problems gets a marked copy beside it.

    Raises
    ------
    SourceMissing
        If it is not there.
    UsageError
        If the table asked for does not exist.
    """
    if not file.is_file():
        raise SourceMissing("non trovo il file {file}", file=str(file))
    items = survey_items(clean_context(workspace, study, None).items_file)
    table = find_project_table(file, wanted) or recognise_shape(file, file.name, items)
    if table is None:
        try:
            parts = check_official(file, file.name, known_places(study))
        except UnknownLayout:
            if looks_like_survey(file, ReadOptions(shown_as=file.name)):
                raise without_item_map(file.name) from None
            near = nearest_table(file, ReadOptions(shown_as=file.name))
            if near is None or near[0].name not in PROJECT_TABLES:
                raise
            raise _resembles(file.name, *near) from None
        return [Checked(part.log, part.accounting) for part in parts]
    return check_project(workspace, study, file, table, language)


def _resembles(name: str, table: Table, known: Sequence[str]) -> UnknownLayout:
    return UnknownLayout(
        "{file}: non è chiaro di che tabella si tratta; somiglia a «{titolo}» (intestazioni "
        "riconosciute: {note}). Se è quella, indicarla con --table {tabella} oppure mettere il "
        "file in data/raw/{tabella}/; altrimenti partire dal modello",
        file=name,
        titolo=table.title_it,
        note=", ".join(known),
        tabella=table.name,
    )


def check_project(
    workspace: Workspace, study: Study, file: Path, table: Table, language: str
) -> list[Checked]:
    """Check a file of the project against its table."""
    key = study_key(workspace, study) if needs_key(table) else None
    context = clean_context(workspace, study, key)
    cleaned = clean_project_file(file, file.name, table, context)
    logs = [part.log for part in cleaned]
    marked = None
    if any(len(log) for log in logs):
        raws = read_raw_tables(file, file.name, table, survey_items(context.items_file))
        marked = write_marked_copy(file, raws, logs, table, language)
    titles = {column.name: column.title_it for column in (*table.columns, *input_columns(table))}
    return [Checked(part.log, part.accounting, marked, titles) for part in cleaned]


def find_project_table(file: Path, wanted: str | None) -> Table | None:
    """Return the project table of a file, None for an official file.

    The option decides, then the folder the file is in, then its headers.

    Raises
    ------
    UsageError
        If the table asked for does not exist.
    """
    if wanted is not None:
        if wanted not in TABLES:
            raise UsageError(
                "la tabella «{name}» non esiste; quelle note sono {known}",
                name=wanted,
                known=sorted(TABLES),
            )
        return TABLES[wanted] if wanted in PROJECT_TABLES else None
    if file.resolve().parent.name in PROJECT_TABLES:
        return TABLES[file.resolve().parent.name]
    try:
        found = read_project_file(file, None, ReadOptions(shown_as=file.name))
    except UnknownLayout:
        return None
    names = {raw.layout.rpartition(".")[2] for raw in found}.intersection(PROJECT_TABLES)
    return TABLES[names.pop()] if len(names) == 1 else None


def print_part(part: Checked, language: str) -> None:
    """Print the problems of one sheet, then its accounts."""
    for problem in part.problems():
        print(problem_line(problem, language))
    accounts = part.accounting
    total = T(
        "{file}: righe {read:int} = pulite {kept:int} + quarantena {aside:int} + scartate "
        "{dropped:int}; problemi {problems:int}",
        file=f"{accounts.file} {accounts.sheet}".strip(),
        read=accounts.rows_in,
        kept=accounts.tidy,
        aside=accounts.quarantined,
        dropped=sum(accounts.dropped.values()),
        problems=len(part.log),
    )
    print(total.render(language))


def where(problem: Problem, language: str) -> Sequence[str]:
    """Return file, sheet, row, column of a problem, those it has."""
    parts = [problem.file]
    if problem.sheet:
        parts.append(T("foglio {s}", s=problem.sheet).render(language))
    if problem.row is not None:
        parts.append(T("riga {r}", r=problem.row).render(language))
    if problem.column:
        parts.append(T("colonna {c}", c=problem.column).render(language))
    return parts


def problem_line(problem: Problem, language: str) -> str:
    """Return "file, sheet, row, column: what (rule, treatment). Remedy"."""
    what = problem.message().render(language)
    remedy = T("Rimedio: {r}", r=problem.remedy()).render(language)
    rule = f"[{problem.rule.code}, {problem.rule.treatment}]"
    return f"{', '.join(where(problem, language))}: {what} {rule}. {remedy}"


def to_json(part: Checked, language: str) -> dict[str, Any]:
    """Return the problems and accounts of one sheet for another program."""
    return {
        "conti": part.accounting.to_json(),
        "copia_segnata": None if part.marked is None else str(part.marked),
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
            for problem in part.problems()
        ],
    }
