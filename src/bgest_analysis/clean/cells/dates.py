"""Days as people write them -> dates; always day/month/year, never the American order.

A month, a quarter or a school year is a period, not a day: those are read by ``periods``.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass

import pandas as pd

from bgest_analysis.clean.cells import rules
from bgest_analysis.clean.cells.missing import missing_cell
from bgest_analysis.clean.cells.parsed import (
    Cell,
    Outcome,
    Parsed,
    ambiguous,
    distinct,
    fixed,
    missing,
    wrong,
)
from bgest_analysis.clean.cells.period_text import MONTHS, fold_date, is_period
from bgest_analysis.read.raw import CellKind

_EPOCH = dt.date(1899, 12, 30)  # serial 60 is Excel's 29 February 1900, which never was
_EPOCH_1904 = dt.date(1904, 1, 1)
_SENTINELS = {
    dt.date(1, 1, 1): rules.DATE_FAMI.code,
    dt.date(9999, 12, 31): rules.DATE_NO_END.code,
    dt.date(2999, 12, 31): rules.DATE_NO_END.code,
    dt.date(2099, 12, 31): rules.DATE_NO_END.code,
    dt.date(1900, 1, 1): rules.DATE_DEFAULT.code,
    dt.date(1899, 12, 30): rules.DATE_DEFAULT.code,
    dt.date(1899, 12, 31): rules.DATE_DEFAULT.code,
    dt.date(1904, 1, 1): rules.DATE_DEFAULT.code,
}
_EMPTY_TEXTS = {"00/00/0000": rules.DATE_DEFAULT.code, "00/01/1900": rules.DATE_DEFAULT.code}

_MONTH = "|".join(sorted(MONTHS, key=len, reverse=True))
_WEEKDAY = r"(?:(?:luned|marted|mercoled|gioved|venerd)[ìi]'?|sabato|domenica|" + (
    r"lun|mar|mer|gio|ven|sab|dom)\.?,?\s+"
)
_TIME = r"(?:[ t]+(?:ore\s*)?\d{1,2}[:.]\d{2}(?:[:.]\d{2}(?:\.\d+)?)?\s*(?:z|[+-]\d{2}:?\d{2})?)?"
_DAY_FIRST = re.compile(rf"^(\d{{1,2}})\s*([/.\- ])\s*(\d{{1,2}})\s*\2\s*(\d+){_TIME}$")
_YEAR_FIRST = re.compile(rf"^(\d{{4}})([/.\-])(\d{{1,2}})\2(\d{{1,2}}){_TIME}$")
_NAMED = re.compile(
    rf"^(\d{{1,2}})[°º]?\s*(?:[/.\- ]|di\s)?\s*({_MONTH})\.?"
    rf"\s*[/.\- ]?\s*(?:del\s+)?'?(\d+){_TIME}$"
)
_NAMED_NO_YEAR = re.compile(rf"^\d{{1,2}}[°º]?\s*[/.\- ]?\s*(?:{_MONTH})\.?$")
_NO_YEAR = re.compile(r"^\d{1,2}[/.\-]\d{1,2}$")
_COMPACT = re.compile(r"^\d{8}$")
_SERIAL = re.compile(r"^-?\d{1,6}(?:\.\d+)?$")
_ONE_DATE = re.compile(r"\d{1,2}[/.\-]\d{1,2}[/.\-]\d{2,4}")


@dataclass(frozen=True)
class DateOptions:
    """How to read a column of days.

    Parameters
    ----------
    first_year, last_year
        Years outside are not believed; serial numbers are dates only inside.
    pivot
        Two-digit years up to this one are of the 2000s, the others of the 1900s.
    date1904
        The workbook counts days from 1904 (for cells that lost their date format).
    """

    first_year: int = 1900
    last_year: int = 2060
    pivot: int = 40
    date1904: bool = False


def parse_dates(
    text: pd.Series, kinds: pd.Series | None = None, options: DateOptions | None = None
) -> Parsed:
    """Read days into ``datetime64[us]``.

    Parameters
    ----------
    text
        Cells as text; index = rows of the file.
    kinds
        What the spreadsheet said each cell was (``CellKind``), ``None`` for text files.

    Returns
    -------
    Parsed
        Days without the time of day. FAMI's 01/01/0001 is a missing value with its reason, a
        month or a school year goes to a person.
    """
    chosen = options or DateOptions()
    values = distinct(text, kinds)
    cells = values.read(lambda value, kind: read_date(value, kind, chosen))
    return values.spread(cells, "datetime64[us]")


def read_date(text: str, kind: CellKind, options: DateOptions) -> Cell:
    """Read one day."""
    nothing = missing_cell(text, kind)
    if nothing is not None:
        return nothing
    if kind is CellKind.DATE:
        return _judge(dt.date.fromisoformat(text[:10]), options)
    if kind is CellKind.NUMBER:
        return _serial(text, options)
    if kind is CellKind.TIME and text == "00:00:00":
        return missing(rules.DATE_DEFAULT.code)
    if kind in (CellKind.TIME, CellKind.DURATION, CellKind.BOOLEAN):
        return wrong(rules.WRONG_KIND.code)
    return _from_text(fold_date(text), options)


def _judge(day: dt.date, options: DateOptions, rule: str = "") -> Cell:
    if day in _SENTINELS:
        return missing(_SENTINELS[day])
    if not options.first_year <= day.year <= options.last_year:
        return wrong(rules.DATE_YEAR.code)
    return fixed(day, rule) if rule else Cell(day)


def _serial(text: str, options: DateOptions) -> Cell:
    """Read a day number that lost its date format; 2022 is a year, not the 2,022nd day."""
    number = float(text)
    if number == int(number) and 1900 <= number <= 2100:
        return ambiguous(rules.DATE_IS_PERIOD.code)
    if number in (0, 1):
        return missing(rules.DATE_DEFAULT.code)
    if _COMPACT.match(text.removesuffix(".0")):
        return _compact(text.removesuffix(".0"), options)
    epoch = _EPOCH_1904 if options.date1904 else _EPOCH
    if not 0 < number < 100_000:
        return wrong(rules.DATE_UNREADABLE.code)
    return _judge(epoch + dt.timedelta(days=int(number)), options, rules.DATE_SERIAL.code)


def _from_text(text: str, options: DateOptions) -> Cell:
    if text in _EMPTY_TEXTS:
        return missing(_EMPTY_TEXTS[text])
    bare = re.sub(f"^{_WEEKDAY}", "", text)
    if found := _DAY_FIRST.match(bare):
        return _day(found[4], int(found[3]), int(found[1]), options)
    if found := _YEAR_FIRST.match(bare):
        return _day(found[1], int(found[3]), int(found[4]), options)
    if found := _NAMED.match(bare):
        return _day(found[3], MONTHS[found[2]], int(found[1]), options)
    if _COMPACT.match(bare):
        return _compact(bare, options)
    if _SERIAL.match(bare):
        return _serial(bare, options)
    return _not_a_day(bare)


def _not_a_day(text: str) -> Cell:
    if _NO_YEAR.match(text) and not is_period(text):
        return ambiguous(rules.DATE_NO_YEAR.code)
    if _NAMED_NO_YEAR.match(text):
        return ambiguous(rules.DATE_NO_YEAR.code)
    if is_period(text):
        return ambiguous(rules.DATE_IS_PERIOD.code)
    if len(_ONE_DATE.findall(text)) > 1:
        return ambiguous(rules.DATE_SEVERAL.code)
    return wrong(rules.DATE_UNREADABLE.code)


def _day(year: str, month: int, day: int, options: DateOptions) -> Cell:
    if len(year) not in (2, 4):
        return wrong(rules.DATE_YEAR.code)
    short = len(year) == 2
    full = int(year) + (2000 if int(year) <= options.pivot else 1900) if short else int(year)
    made = _make(full, month, day)
    if made is None:
        return wrong(rules.DATE_IMPOSSIBLE.code)
    return _judge(made, options, rules.DATE_SHORT_YEAR.code if short else "")


def _make(year: int, month: int, day: int) -> dt.date | None:
    try:
        return dt.date(year, month, day)
    except ValueError:
        return None


def _compact(text: str, options: DateOptions) -> Cell:
    """Read eight digits: year first or day first, whichever makes a plausible date."""
    orders = [(text[:4], text[4:6], text[6:]), (text[4:], text[2:4], text[:2])]
    readings = [_day(year, int(month), int(day), options) for year, month, day in orders]
    good = {cell.value for cell in readings if cell.value is not None}
    empty = [cell for cell in readings if cell.outcome is Outcome.MANCANTE]
    if len(good) == 1:
        return fixed(good.pop(), rules.DATE_COMPACT.code)
    if good:
        return ambiguous(rules.DATE_COMPACT_AMBIGUOUS.code)
    return empty[0] if empty else wrong(rules.DATE_IMPOSSIBLE.code)
