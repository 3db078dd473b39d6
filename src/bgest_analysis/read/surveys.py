"""Questionnaires exported wide, one row a person, -> one row an answer, by the study's item map."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from rapidfuzz import fuzz, process

from bgest_analysis.errors import StudyError, UnknownLayout
from bgest_analysis.read.exports import Entry, Program, long_table, programs
from bgest_analysis.read.grid import Grid
from bgest_analysis.read.headers import NEAREST, REMARK, Header, HeaderReport, UnknownHeader, letter
from bgest_analysis.read.project import ReadOptions, read_grids
from bgest_analysis.read.raw import RawTable
from bgest_analysis.schema.model import Table
from bgest_analysis.schema.registry import TABLES
from bgest_analysis.vocabulary.matcher import fold

LAYOUT = "questionari"
LARGEST = 100_000
_CODE = re.compile(r"^([A-Za-z]\w{0,30}(?:\[\w+\])?)\s*[.:]\s+")
_NUMBERING = re.compile(r"^\s*\d{1,3}\s*[.)\-]\s*")
_PLAIN = "carta"
TOP = 20
FEWEST_ROLES = 2


@dataclass(frozen=True)
class SurveyItem:
    """One line of the study's item map.

    Parameters
    ----------
    question
        Header of the export: the question's text, or its code.
    item, scale
        Code of the item and of its scale, for an answer.
    column
        Column of ``questionari`` that the answer fills for the whole person (``sesso``,
        ``ambito_id``…), instead of an item.
    """

    question: str
    item: str = ""
    scale: str = ""
    column: str = ""


def item_map(rows: Sequence[Mapping[str, str]]) -> tuple[SurveyItem, ...]:
    """Return the item map from rows with ``domanda``, ``item``, ``scala``, ``colonna``.

    Raises
    ------
    StudyError
        If a line has neither item nor column, both, an unknown column, or a question twice.
    """
    table: Table = TABLES[LAYOUT]
    found: dict[str, SurveyItem] = {}
    for number, row in enumerate(rows, start=2):
        entry = SurveyItem(
            row["domanda"].strip(),
            row.get("item", "").strip(),
            row.get("scala", "").strip(),
            row.get("colonna", "").strip(),
        )
        form = fold(entry.question)
        named = bool(entry.item) != bool(entry.column)
        known = not entry.column or entry.column in table.column_names
        if not form or not named or not known or form in found:
            raise StudyError(
                "la mappa delle domande, riga {riga}: servono una domanda scritta una volta sola "
                "e o un item o una colonna dei questionari",
                riga=number,
            )
        found[form] = entry
    return tuple(found.values())


def read_survey(
    path: Path, items: Sequence[SurveyItem], options: ReadOptions | None = None
) -> list[RawTable]:
    """Return the answers of an export of Google Forms, Microsoft Forms, LimeSurvey or paper.

    Parameters
    ----------
    items
        The study's item map; a question that is not in it is listed, never guessed.

    Returns
    -------
    list of RawTable
        Columns ``risposta_id``, ``item``, ``scala``, ``valore`` and those the map fills; an
        unanswered question is a row with an empty ``valore``. E-mail, names and addresses of
        the export are not read.

    Raises
    ------
    UnknownLayout
        If no sheet has a question of the map.
    """
    chosen = options or ReadOptions()
    shown_as = chosen.shown_as or path.name
    book = read_grids(path, chosen)
    tables = [table for grid in book.grids if (table := _read(grid, items, shown_as)) is not None]
    if not tables:
        raise UnknownLayout(
            "in {file} non trovo le domande della mappa dello studio; controllare la colonna "
            "«domanda» della mappa: deve ripetere le intestazioni del file",
            file=shown_as,
        )
    return book.remark_unread(tables)


def looks_like_survey(path: Path, options: ReadOptions) -> bool:
    """Tell whether a file has the headers that programs of online forms write by themselves."""
    rows = (row for grid in read_grids(path, options).grids for row in grid.top(TOP))
    return any(
        program.name != _PLAIN and sum(map(bool, program.roles_of(_bare(row)))) >= FEWEST_ROLES
        for row in rows
        for program in programs("moduli")
    )


def _bare(headers: Sequence[str]) -> list[str]:
    """Return headers without the code that LimeSurvey may write before them."""
    return [_CODE.sub("", header) for header in headers]


@dataclass(frozen=True)
class _Plan:
    """What each column of an export is."""

    program: str
    answers: dict[int, SurveyItem]
    columns: dict[int, str]
    report: HeaderReport


def _read(grid: Grid, items: Sequence[SurveyItem], shown_as: str) -> RawTable | None:
    cells = grid.top(LARGEST)
    plans = [(row, _plan(headers, items)) for row, headers in enumerate(cells[:TOP])]
    header, plan = max(plans, key=lambda p: (len(p[1].answers), -p[0]), default=(0, None))
    if plan is None or not plan.answers:
        return None
    fixed = tuple(dict.fromkeys(plan.columns.values()))
    names = ("risposta_id", *(name for name in fixed if name != "risposta_id"))
    entries = []
    for place in range(header + 1, len(cells)):
        row = cells[place]
        if not any(row):
            continue
        person = {name: row[column] for column, name in plan.columns.items()}
        person["risposta_id"] = person.get("risposta_id") or f"R{grid.lines[place]}"
        values = tuple(person[name] for name in names)
        entries += [
            Entry(place, (*values, item.item, item.scale, row[column]))
            for column, item in plan.answers.items()
        ]
    return long_table(
        grid,
        shown_as,
        f"{LAYOUT}.{plan.program}",
        (*names, "item", "scala", "valore"),
        entries,
        remarks={"riga_intestazione": str(grid.lines[header]), REMARK: plan.report.to_json()},
    )


def _plan(headers: Sequence[str], items: Sequence[SurveyItem]) -> _Plan:
    program, roles = _program(headers)
    forms = {fold(item.question): item for item in items}
    answers: dict[int, SurveyItem] = {}
    columns: dict[int, str] = {}
    unknown: list[UnknownHeader] = []
    for place, header in enumerate(headers):
        item = _item(header, forms)
        if item is not None and item.column:
            columns[place] = item.column
        elif item is not None:
            answers[place] = item
        elif roles[place] in ("risposta_id", "lingua_questionario"):
            columns[place] = roles[place]
        elif header and not roles[place]:
            unknown.append(UnknownHeader(header[:80], letter(place), _nearest(header, forms)))
    known = [Header(item.item, headers[p][:80], letter(p)) for p, item in answers.items()]
    known += [Header(name, headers[place][:80], letter(place)) for place, name in columns.items()]
    return _Plan(program.name, answers, columns, HeaderReport(tuple(known), tuple(unknown)))


def _program(headers: Sequence[str]) -> tuple[Program, list[str]]:
    """Return the program whose own columns the export has most of; else paper."""
    known = programs("moduli")
    best = max(known, key=lambda p: (sum(map(bool, p.roles_of(headers))), p.name == _PLAIN))
    return best, best.roles_of(headers)


def _item(header: str, forms: Mapping[str, SurveyItem]) -> SurveyItem | None:
    """Find a header in the map: as it is, without its number, by its code ("G1Q2. Quanto…")."""
    code = _CODE.match(header)
    tries = [header, _NUMBERING.sub("", header)]
    if code:
        tries += [code[1], header[code.end() :]]
    return next((forms[fold(text)] for text in tries if fold(text) in forms), None)


def _nearest(header: str, forms: Mapping[str, SurveyItem]) -> str:
    near = process.extractOne(
        fold(header)[:200], forms.keys(), scorer=fuzz.WRatio, score_cutoff=NEAREST
    )
    return forms[near[0]].question if near else ""
