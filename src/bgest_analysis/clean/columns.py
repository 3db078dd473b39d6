"""Which parser reads which column: chosen from the schema, the header's unit and the study."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import pandas as pd

from bgest_analysis.clean.cells import rules
from bgest_analysis.clean.cells.coded import parse_code_lists, parse_codes
from bgest_analysis.clean.cells.dates import DateOptions, parse_dates
from bgest_analysis.clean.cells.flags import parse_flags
from bgest_analysis.clean.cells.hours import DAY, HoursOptions, Unit, parse_minutes
from bgest_analysis.clean.cells.numbers import NumberOptions, parse_numbers
from bgest_analysis.clean.cells.parsed import Parsed
from bgest_analysis.clean.cells.percents import parse_percents
from bgest_analysis.clean.cells.periods import parse_period
from bgest_analysis.clean.cells.texts import parse_texts
from bgest_analysis.schema.codes import COUNTRIES, LANGUAGES
from bgest_analysis.schema.common import MONTH, QUARTER
from bgest_analysis.schema.model import Column, Type
from bgest_analysis.vocabulary.load import load_codes, load_comuni, load_lingue, load_paesi
from bgest_analysis.vocabulary.matcher import Vocabulary

MONTH_OF_MINUTES = 31 * DAY


@dataclass(frozen=True)
class ColumnContext:
    """What is known of a column beside its schema.

    Parameters
    ----------
    unit
        Unit that the header names: ``ore``, ``minuti`` or ``""``.
    vocabularies
        The study's names by column (``ambito_id``, ``ente_id``, ``progetto_id``…).
    date1904
        The workbook counts its days from 1904.
    """

    unit: str = ""
    vocabularies: Mapping[str, Vocabulary] = field(default_factory=dict)
    date1904: bool = False


def parse_column(
    column: Column, text: pd.Series, kinds: pd.Series | None, context: ColumnContext
) -> Parsed:
    """Read a column of cells into the type its schema says."""
    vocabulary = vocabulary_of(column, context)
    if column.type is Type.LIST:
        return parse_code_lists(text, vocabulary, kinds) if vocabulary else parse_texts(text, kinds)
    if vocabulary is not None:
        return parse_codes(text, vocabulary, kinds)
    if column.pattern in (MONTH, QUARTER):
        return _periods(column, text, kinds)
    if column.unit == "minuti":
        return parse_minutes(text, kinds, _hours(column, context))
    return _plain(column, text, kinds, context)


def vocabulary_of(column: Column, context: ColumnContext) -> Vocabulary | None:
    """Return the names a column's values come from, ``None`` if it is no list of codes."""
    if column.name in context.vocabularies:
        return context.vocabularies[column.name]
    if column.name == "cod_istat":
        return load_comuni()
    if not column.codes:
        return None
    special = {COUNTRIES: load_paesi, LANGUAGES: load_lingue}
    return special[column.codes]() if column.codes in special else load_codes(column.codes)


def _hours(column: Column, context: ColumnContext) -> HoursOptions:
    unit = Unit.ORE if context.unit == "ore" else Unit.MINUTI
    ceiling = DAY if column.maximum is not None else MONTH_OF_MINUTES
    return HoursOptions(unit=unit, ceiling=ceiling)


def _plain(
    column: Column, text: pd.Series, kinds: pd.Series | None, context: ColumnContext
) -> Parsed:
    if column.type is Type.DATE:
        return parse_dates(text, kinds, DateOptions(date1904=context.date1904))
    if column.type is Type.BOOL:
        return parse_flags(text, kinds)
    if column.type is Type.DEC and column.name.endswith("_pct"):
        return parse_percents(text, kinds)
    if column.type in (Type.INT, Type.DEC):
        options = NumberOptions(integer=column.type is Type.INT, money=column.unit == "euro")
        return parse_numbers(text, kinds, options)
    return parse_texts(text, kinds)


def _periods(column: Column, text: pd.Series, kinds: pd.Series | None) -> Parsed:
    """Read months and quarters into ``2021-03`` and ``2021-T2``."""
    periods = parse_period(text, kinds)
    start = periods.start.values
    wanted = {"mese", "giorno"} if column.pattern == MONTH else {"trimestre"}
    fits = periods.precision.isin(wanted)
    if column.pattern == MONTH:
        names = start.dt.strftime("%Y-%m")
    else:
        quarter = start.dt.quarter.astype("Int64").astype("str")
        names = start.dt.strftime("%Y") + "-T" + quarter
    own = text.str.strip().where(text.str.strip().str.fullmatch(column.pattern))
    values = own.fillna(names.where(fits)).astype("str")
    as_written = own.notna().to_numpy()
    another_length = (~fits & start.notna()).to_numpy() & ~as_written
    outcome = periods.start.outcome.astype("str").mask(as_written, "ok")
    rule = periods.start.rule.astype("str").mask(as_written, "")
    return Parsed(
        values,
        outcome.mask(another_length, "errore").astype(periods.start.outcome.dtype),
        rule.mask(another_length, rules.PERIOD_UNREADABLE.code).astype("category"),
    )
