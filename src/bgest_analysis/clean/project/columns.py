"""Which parser reads a column: decided by its definition in the schema, for every table alike."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace

from bgest_analysis.clean.cells.dates import DateOptions, read_date
from bgest_analysis.clean.cells.flags import parse_flags
from bgest_analysis.clean.cells.hours import DAY, HoursOptions, Unit, parse_minutes
from bgest_analysis.clean.cells.missing import missing_cell
from bgest_analysis.clean.cells.numbers import (
    Dot,
    NumberOptions,
    parse_money,
    parse_numbers,
    read_number,
)
from bgest_analysis.clean.cells.parsed import Cell, Outcome, Parsed, fixed, wrong
from bgest_analysis.clean.cells.period_text import Precision
from bgest_analysis.clean.project import rules
from bgest_analysis.clean.project.codes import CodeReader
from bgest_analysis.clean.project.limits import limited
from bgest_analysis.clean.project.period_names import name_periods
from bgest_analysis.clean.project.plain import PERSONAL, codes_as_they_are
from bgest_analysis.clean.project.prepared import Prepared
from bgest_analysis.clean.project.vocabularies import StudyVocabularies
from bgest_analysis.read.grids import persons_of
from bgest_analysis.read.raw import CellKind
from bgest_analysis.schema.codes import COUNTRIES, LANGUAGES, allowed_codes
from bgest_analysis.schema.model import Column, Table, Type
from bgest_analysis.vocabulary.load import load_codes, load_lingue, load_paesi

MONTH_OF_MINUTES = 31 * DAY
FIRST_DAY, LAST_YEAR = 1900, 2060
_WHOLE_NUMBER = re.compile(r"^(\d+)\.0+$")
_BUDGET_APPROVED = re.compile(r"^(budget )?(approvato|iniziale|originario)$")
_BUDGET_CHANGED = re.compile(
    r"^(?:(\d+)\s*[°^aª.]?\s*)?rimod(?:ulato|ulazione|\.)?(?:[\s_n.°]*(\d+))?$"
)


@dataclass(frozen=True)
class Reading:
    """A column read: typed values, how each cell went, suggestions for distinct cells.

    Parameters
    ----------
    suggestions
        One text a distinct cell of the prepared column, codes joined by ``|``; empty when the
        parser makes none.
    """

    parsed: Parsed
    suggestions: tuple[str, ...] = ()


Reader = Callable[[Prepared], Reading]


def choose_reader(
    table: Table,
    column: Column,
    places: StudyVocabularies,
    unit: str = "",
    *,
    date1904: bool = False,
) -> Reader:
    """Return the reader of a column.

    Parameters
    ----------
    unit
        ``ore`` or ``minuti``: what the header says a bare number of a duration counts.
    date1904
        The workbook counts its days from 1904.
    """
    own = _by_name(table, column, places)
    if own is not None:
        return own
    if column.unit == "minuti":
        return _durations(column, unit)
    if column.type is Type.DATE:
        return _dates(DateOptions(FIRST_DAY, LAST_YEAR, date1904=date1904))
    if column.type in (Type.CAT, Type.LIST) and column.codes:
        return _codes(table, column)
    return _BY_TYPE[column.type](column)


def _by_name(table: Table, column: Column, places: StudyVocabularies) -> Reader | None:
    vocabulary = places.by_column.get(column.name)
    if vocabulary is not None and (table.name, column.name) != ("enti", "ente_id"):
        above = places if column.name == "ambito_id" else None
        return _with(CodeReader(vocabulary, places=above), "str")
    readers: dict[str, Reader] = {
        "mese": lambda prepared: Reading(name_periods(prepared, Precision.MESE)),
        "trimestre": lambda prepared: Reading(name_periods(prepared, Precision.TRIMESTRE)),
        "versione_budget": lambda prepared: _each(prepared, _budget_version, "str"),
        "n_persone": lambda prepared: _heads(prepared, column),
        "anno_nascita": lambda prepared: _years(prepared, column),
        "anno_arrivo": lambda prepared: _years(prepared, column),
    }
    return readers.get(column.name)


def _codes(table: Table, column: Column) -> Reader:
    lists = {COUNTRIES: load_paesi, LANGUAGES: load_lingue}
    load = lists.get(column.codes)
    vocabulary = load() if load is not None else load_codes(column.codes)
    allowed = frozenset(code.codice for code in allowed_codes(table, column))
    return _with(CodeReader(vocabulary, allowed, several=column.type is Type.LIST), "str")


def _with(reader: CodeReader, dtype: str) -> Reader:
    def read(prepared: Prepared) -> Reading:
        found = reader.read(prepared)
        return Reading(prepared.spread(found.cells, dtype), found.suggestions)

    return read


def _durations(column: Column, unit: str) -> Reader:
    """Return the reader of minutes; without a header that says so a bare number is hours."""
    ceiling = int(column.maximum) if column.maximum is not None else MONTH_OF_MINUTES
    options = HoursOptions(Unit(unit) if unit else Unit.ORE, ceiling)

    def read(prepared: Prepared) -> Reading:
        return Reading(limited(parse_minutes(prepared.text, prepared.kinds, options), column))

    return read


def _dates(options: DateOptions) -> Reader:
    return lambda prepared: _each(
        prepared, lambda text, kind: read_date(text, kind, options), "datetime64[us]"
    )


def _integers(column: Column) -> Reader:
    options = NumberOptions(integer=True)

    def read(prepared: Prepared) -> Reading:
        reading = _each(
            prepared, lambda text, kind: read_number(text, kind, options, Dot.INCERTO), "Int64"
        )
        return Reading(limited(reading.parsed, column))

    return read


def _decimals(column: Column) -> Reader:
    money = column.name.endswith("_eur")

    def read(prepared: Prepared) -> Reading:
        parse = parse_money if money else parse_numbers
        return Reading(limited(parse(prepared.text, prepared.kinds), column))

    return read


def _flags(_column: Column) -> Reader:
    return lambda prepared: Reading(parse_flags(prepared.text, prepared.kinds))


def _texts(column: Column) -> Reader:
    pattern = re.compile(column.pattern) if column.pattern else None

    def read_text(text: str, kind: CellKind) -> Cell:
        nothing = missing_cell(text, kind)
        if nothing is not None:
            return nothing
        plain = _WHOLE_NUMBER.sub(r"\1", text) if kind is CellKind.NUMBER else text
        short = " ".join(plain.split())
        if PERSONAL.search(short):
            return wrong(rules.PERSON_IN_TEXT.code)
        if pattern is not None and not pattern.fullmatch(short):
            return wrong(rules.BAD_FORM.code)
        return Cell(short)

    def read(prepared: Prepared) -> Reading:
        plain = codes_as_they_are(prepared, column.pattern)
        return Reading(plain) if plain is not None else _each(prepared, read_text, "str")

    return read


_BY_TYPE: dict[Type, Callable[[Column], Reader]] = {
    Type.STR: _texts,
    Type.CAT: _texts,
    Type.LIST: _texts,
    Type.INT: _integers,
    Type.DEC: _decimals,
    Type.BOOL: _flags,
}


def _each(prepared: Prepared, read: Callable[[str, CellKind], Cell], dtype: str) -> Reading:
    return Reading(prepared.spread(prepared.cells.read(read), dtype))


def _heads(prepared: Prepared, column: Column) -> Reading:
    """Read how many were there: a number, or a cross for one; an absence is nobody (0)."""
    parsed = _each(prepared, _head, "Int64").parsed
    bare = replace(column, minimum=0)
    return Reading(limited(parsed, bare))


def _head(text: str, kind: CellKind) -> Cell:
    persons = persons_of(text.strip()) if text.strip() else text
    if persons != text.strip() and persons in ("0", "1"):
        return Cell(0) if persons == "0" else fixed(1, rules.CROSS_IS_ONE.code)
    return read_number(text, kind, NumberOptions(integer=True), Dot.INCERTO)


def _years(prepared: Prepared, column: Column) -> Reading:
    return Reading(limited(_each(prepared, _year, "Int64").parsed, column))


def _year(text: str, kind: CellKind) -> Cell:
    """Read a year, or take it from a whole date."""
    cell = read_number(text, kind, NumberOptions(integer=True), Dot.INCERTO)
    if cell.outcome in (Outcome.OK, Outcome.MANCANTE):
        return cell
    day = read_date(text, kind, DateOptions(FIRST_DAY, LAST_YEAR))
    return fixed(day.value.year, rules.YEAR_FROM_DATE.code) if day.value is not None else cell


def _budget_version(text: str, kind: CellKind) -> Cell:
    nothing = missing_cell(text, kind)
    if nothing is not None:
        return nothing
    plain = " ".join(text.lower().split())
    if _BUDGET_APPROVED.match(plain):
        return Cell("approvato")
    found = _BUDGET_CHANGED.match(plain.replace("i rimod", "1 rimod").replace("1i", "ii"))
    number = (found[1] or found[2]) if found else None
    return Cell(f"rimod_{int(number)}") if number else wrong(rules.BAD_FORM.code)
