"""Headers people write -> our columns, by a table of synonyms; an unknown one is never guessed."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from functools import cache
from importlib.resources import files

import pandas as pd
from rapidfuzz import fuzz, process

from bgest_analysis.read.raw import RawTable
from bgest_analysis.schema.ingresso import input_columns, is_required
from bgest_analysis.schema.model import Table
from bgest_analysis.vocabulary.matcher import fold

REMARK = "intestazioni"
NEAREST = 78.0
SHORTEST = 4
_BRACKETS = re.compile(r"\(([^)]*)\)|\[([^\]]*)\]")
_NUMBERING = re.compile(r"^\s*(?:\d{1,2}|[a-z])\s*[.)\-]\s+", re.IGNORECASE)
_UP_TO_DATE = re.compile(r"\s+(?:al|fino al)\s+\d{1,2}[/.]\d{1,2}[/.]\d{2,4}\s*$", re.IGNORECASE)
_UNITS = {
    "minuti": {"min", "minuti", "mm", "in minuti", "espressa in minuti"},
    "ore": {"h", "hh", "ore", "hh mm", "h mm", "ore minuti", "in ore", "ore e minuti"},
}


@dataclass(frozen=True)
class Header:
    """A header that is one of our columns; ``unit`` is ``ore``, ``minuti`` or ``""``."""

    column: str
    text: str
    letter: str
    unit: str = ""


@dataclass(frozen=True)
class UnknownHeader:
    """A header nobody knows, with the nearest column of the table as a suggestion only."""

    text: str
    letter: str
    nearest: str = ""


@dataclass(frozen=True)
class HeaderReport:
    """What was made of the headers of one sheet.

    Parameters
    ----------
    known
        One entry a recognised column.
    unknown
        Headers left aside, and columns with values under an empty header (text ``""``).
    repeated
        Headers that mean a column already found to their left: left aside.
    missing
        Required columns that no header names.
    """

    known: tuple[Header, ...]
    unknown: tuple[UnknownHeader, ...] = ()
    repeated: tuple[Header, ...] = ()
    missing: tuple[str, ...] = ()

    @property
    def letters(self) -> dict[str, str]:
        """Our column -> letter of the sheet."""
        return {header.column: header.letter for header in self.known}

    @property
    def units(self) -> dict[str, str]:
        """Our column -> unit its header names."""
        return {header.column: header.unit for header in self.known if header.unit}

    def to_json(self) -> str:
        return json.dumps(asdict(self), ensure_ascii=False, sort_keys=True)

    @staticmethod
    def from_json(text: str) -> HeaderReport:
        """Rebuild a report from ``to_json``."""
        data = json.loads(text)
        return HeaderReport(
            tuple(Header(**entry) for entry in data["known"]),
            tuple(UnknownHeader(**entry) for entry in data["unknown"]),
            tuple(Header(**entry) for entry in data["repeated"]),
            tuple(data["missing"]),
        )


def header_report(raw: RawTable) -> HeaderReport:
    """Return the report on the headers of a table that was read."""
    return HeaderReport.from_json(raw.remarks[REMARK])


@dataclass(frozen=True)
class Synonyms:
    """The known headers of one table, folded, with column and unit."""

    table: Table
    forms: dict[str, tuple[str, str]]

    def find(self, text: str) -> tuple[str, str] | None:
        """Return column and unit of a header, ``None`` if it is not known."""
        for form in _forms(text):
            if form in self.forms:
                column, unit = self.forms[form]
                return column, _unit_in_brackets(text) or unit
        return None

    def nearest(self, text: str) -> str:
        """Return the title of the column whose known headers resemble ``text`` most."""
        form = fold(text)[:80]
        if len(form) < SHORTEST:
            return ""
        near = process.extractOne(form, self.forms.keys(), scorer=_likeness, score_cutoff=NEAREST)
        if near is None:
            return ""
        column = self.forms[near[0]][0]
        titles = {c.name: c.title_it for c in input_columns(self.table)}
        return titles.get(column, column)


def _likeness(form: str, known: str, **_: object) -> float:
    """Return how much two headers resemble each other, words in any order (0 to 100).

    A known header that stands whole within a longer one counts as near.
    """
    whole = len(known) > SHORTEST and set(known.split()) < set(form.split())
    return max(fuzz.ratio(form, known), fuzz.token_sort_ratio(form, known), 85.0 * whole)


def _forms(text: str) -> Iterable[str]:
    """Yield the forms to try: as written, without brackets, a leading number, a closing date."""
    without = _BRACKETS.sub(" ", text)
    bare = _NUMBERING.sub("", without)
    undated = _UP_TO_DATE.sub("", bare)
    return dict.fromkeys(form for form in map(fold, (text, without, bare, undated)) if form)


def _unit_in_brackets(text: str) -> str:
    inside = {fold(group) for found in _BRACKETS.findall(text) for group in found if group}
    return next((unit for unit, forms in _UNITS.items() if inside & forms), "")


@cache
def _synonym_rows() -> tuple[tuple[str, str, str, str], ...]:
    source = files("bgest_analysis.read") / "intestazioni" / "sinonimi.csv"
    with source.open("r", encoding="utf-8") as handle:
        table = pd.read_csv(handle, dtype="str", keep_default_na=False)
    return tuple(table.itertuples(index=False, name=None))


def known_forms() -> tuple[str, ...]:
    """Return every form of a header that some table knows."""
    return tuple(form for _, _, form, _ in _synonym_rows())


@cache
def _synonyms(name: str, columns: tuple[str, ...]) -> dict[str, tuple[str, str]]:
    rows = [row for row in _synonym_rows() if row[0] in ("*", name) and row[1] in columns]
    general = [row for row in rows if row[0] == "*"]
    own = [row for row in rows if row[0] == name]
    return {fold(form): (column, unit) for _, column, form, unit in [*general, *own]}


def synonyms(table: Table) -> Synonyms:
    """Return the known headers of a table: synonyms, then titles and names of its columns."""
    columns = input_columns(table)
    forms = dict(_synonyms(table.name, tuple(column.name for column in columns)))
    for column in columns:
        unit = column.unit if column.unit == "minuti" else ""
        for form in (column.title_en, column.title_it, column.name):
            forms[fold(form)] = (column.name, unit)
    return Synonyms(table, forms)


def letter(position: int) -> str:
    """Return the letters of a column from its position (0 is A)."""
    letters = ""
    position += 1
    while position:
        position, rest = divmod(position - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def map_headers(
    names: Sequence[str], filled: Sequence[bool], known: Synonyms
) -> tuple[HeaderReport, dict[str, int]]:
    """Say which of our columns each header is.

    Parameters
    ----------
    names
        Header texts, one a column of the sheet, ``""`` where there is none.
    filled
        Whether the column has values below.

    Returns
    -------
    report, places
        The report; our column -> position in the sheet.
    """
    found: dict[str, int] = {}
    headers: list[Header] = []
    repeated: list[Header] = []
    unknown: list[UnknownHeader] = []
    for place, text in enumerate(names):
        match = known.find(text) if text else None
        if match is None:
            if text or filled[place]:
                unknown.append(UnknownHeader(text, letter(place), known.nearest(text)))
        elif match[0] in found:
            repeated.append(Header(match[0], text, letter(place), match[1]))
        else:
            found[match[0]] = place
            headers.append(Header(match[0], text, letter(place), match[1]))
    missing = [
        column.name
        for column in input_columns(known.table)
        if is_required(known.table, column) and column.name not in found
    ]
    return HeaderReport(tuple(headers), tuple(unknown), tuple(repeated), tuple(missing)), found
