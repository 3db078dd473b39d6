"""Durations as people write them -> whole minutes.

The one thing a single cell cannot say is whether "1,30" is an hour and a half or 1.3 hours: that
is decided for the column from the other cells, and written down; where the column does not say
either, the cell goes to a person.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import pandas as pd

from bgest_analysis.clean.cells import rules
from bgest_analysis.clean.cells.hours_words import minutes_in_words
from bgest_analysis.clean.cells.missing import missing_cell
from bgest_analysis.clean.cells.parsed import (
    Cell,
    Distinct,
    Parsed,
    ambiguous,
    distinct,
    fixed,
    wrong,
)
from bgest_analysis.read.raw import CellKind
from bgest_analysis.text.messages import Message, T

DAY = 24 * 60
MANY_CELLS = 5  # cells that lean one way, and none the other, that are enough to decide


class Unit(StrEnum):
    """What a bare number in the column counts (from its header)."""

    ORE = "ore"
    MINUTI = "minuti"


class Comma(StrEnum):
    """What the two digits after the comma of "1,30" are, in this column."""

    DECIMALI = "decimali"
    SESSAGESIMALI = "sessagesimali"
    INCERTI = "incerti"


@dataclass(frozen=True)
class HoursOptions:
    """How to read a column of durations.

    Parameters
    ----------
    unit
        What a bare number counts.
    ceiling
        Minutes above which a bare number of hours is not believed (a day for one intervention,
        31 days for a monthly timesheet).
    comma
        The meaning of "1,30" when the layout of the source declares it.
    """

    unit: Unit = Unit.ORE
    ceiling: int = DAY
    comma: Comma = Comma.INCERTI


@dataclass(frozen=True)
class _Split:
    """A number with a fraction that could be minutes: 1,30 -> hours 1, digits "30"."""

    hours: int
    digits: str

    @property
    def minutes(self) -> int:
        return int(self.digits.ljust(2, "0"))

    @property
    def clock_possible(self) -> bool:
        return len(self.digits) <= 2 and self.minutes <= 59

    @property
    def same_either_way(self) -> bool:
        return self.minutes == 0

    @property
    def says_decimal(self) -> bool:
        """Sure evidence of decimals: one digit 5 (half an hour) or more than 59."""
        return not self.clock_possible or self.digits == "5"

    @property
    def says_clock(self) -> bool:
        """Evidence of minutes: as decimals they would be odd (0.30 h = 18 minutes)."""
        return len(self.digits) == 2 and self.minutes in {5, 10, 15, 20, 30, 40, 45}

    @property
    def leans_decimal(self) -> bool:
        return len(self.digits) == 2 and self.minutes in {25, 50}


_APPROXIMATE = re.compile(
    r"^(?:circa|ca\.?|c\.ca|~|±|più o meno)\s*(?=\d|un|mezz)|\s*(?:circa|ca\.?|c\.ca)$"
)
_NUMBER = re.compile(r"^(-?)(\d{1,5})(?:[.,](\d+))?$")
_UNIT_HOURS = r"(?:h|hh|hr|hrs|ora|ore)\.?"
_UNIT_MINUTES = r"(?:m|mn|min|mins|minuto|minuti|'|′)\.?"
_CLOCK = re.compile(r"^(\d{1,4}):(\d{1,2})(?::(\d{1,2}))?$")
_HOURS_MINUTES = re.compile(
    rf"^(\d{{1,4}})\s*{_UNIT_HOURS}\s*(?:e|,)?\s*(\d{{1,2}})\s*(?:{_UNIT_MINUTES})?$"
)
_HOURS = re.compile(rf"^(-?\d{{1,5}}(?:[.,]\d+)?)\s*{_UNIT_HOURS}$")
_HOURS_BEFORE = re.compile(rf"^{_UNIT_HOURS}\s*(\S.*)$")
_MINUTES = re.compile(rf"^(-?\d{{1,5}})(?:[.,]0+)?\s*{_UNIT_MINUTES}$")
_FROM_TO = re.compile(
    r"^(?:dalle|dalla|h|ore)?\s*(?:ore)?\s*(\d{1,2})[:.](\d{2})\s*(?:-|–|/|alle|a|all')\s*"
    r"(?:ore)?\s*(\d{1,2})[:.](\d{2})$"
)
_RANGE = re.compile(
    rf"^\d+(?:[.,]\d+)?\s*(?:-|–|/|o|a)\s*\d+(?:[.,]\d+)?\s*(?:{_UNIT_HOURS}|{_UNIT_MINUTES})?$"
)
_ISO = re.compile(r"^PT(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?$")


def parse_minutes(
    text: pd.Series, kinds: pd.Series | None = None, options: HoursOptions | None = None
) -> Parsed:
    """Read durations into whole minutes (``Int64``).

    Parameters
    ----------
    text
        Cells as text; index = rows of the file.
    kinds
        What the spreadsheet said each cell was (``CellKind``), ``None`` for text files.
    options
        What the header or the layout says of the column.

    Returns
    -------
    Parsed
        Minutes, zero or more; ``decisions`` says how "1,30" was read and why.
    """
    chosen = options or HoursOptions()
    values = distinct(text, kinds)
    comma, decision = _comma_of(values, chosen)
    cells = values.read(lambda value, kind: read_minutes(value, kind, chosen, comma))
    return values.spread(cells, "Int64", decision)


def read_minutes(text: str, kind: CellKind, options: HoursOptions, comma: Comma) -> Cell:
    """Read one duration; ``comma`` is the decision taken for the column."""
    nothing = missing_cell(text, kind)
    if nothing is not None:
        return nothing
    readers = {
        CellKind.TIME: _from_time,
        CellKind.DURATION: _from_duration,
        CellKind.DATE: _from_date,
    }
    if kind in readers:
        return readers[kind](text)
    if kind is CellKind.BOOLEAN:
        return wrong(rules.WRONG_KIND.code)
    return _from_text(_fold(text), options, comma)


def _fold(text: str) -> str:
    plain = text.replace("\u00a0", " ").replace("’", "'").replace("`", "'").replace("´", "'")
    return re.sub(r"\s+", " ", plain).strip().lower()


# --- cells that the spreadsheet had typed -----------------------------------------------------
def _whole(minutes: float, value_rule: str = "") -> Cell:
    if minutes < -1e-9:
        return wrong(rules.HOURS_NEGATIVE.code)
    rounded = int(np.floor(minutes + 0.5))
    if abs(minutes - rounded) > 1e-6:
        return fixed(rounded, rules.HOURS_ROUNDED.code)
    return fixed(rounded, value_rule) if value_rule else Cell(rounded)


def _from_time(text: str) -> Cell:
    hours, minutes, seconds = (float(part) for part in text.split(":"))
    return _whole(hours * 60 + minutes + seconds / 60)


def _from_duration(text: str) -> Cell:
    return _whole(float(text) / 60)


def _from_date(text: str) -> Cell:
    """Undo the h:mm trap: 25:30 arrives as 1900-01-01 01:30 and 24:00 as 1900-01-01."""
    moment = dt.datetime.fromisoformat(text)
    starts = {1899: dt.datetime(1899, 12, 31), 1900: dt.datetime(1899, 12, 31)}
    start = {**starts, 1904: dt.datetime(1904, 1, 1)}.get(moment.year)
    if start is None:
        return wrong(rules.HOURS_DATE.code)
    return _whole((moment - start).total_seconds() / 60, rules.HOURS_OVER_DAY.code)


# --- cells that are text or plain numbers -----------------------------------------------------
def _from_text(text: str, options: HoursOptions, comma: Comma) -> Cell:
    bare = _APPROXIMATE.sub("", text).strip()
    cell = _exact(bare, options, comma)
    if bare != text and cell.value is not None:
        return fixed(cell.value, rules.APPROXIMATE.code)
    return cell


def _exact(text: str, options: HoursOptions, comma: Comma) -> Cell:
    for pattern, reader in (
        (_CLOCK, _clock),
        (_HOURS_MINUTES, _clock),
        (_MINUTES, lambda found: _whole(float(found[1]))),
        (_ISO, _iso),
        (_FROM_TO, _from_to),
    ):
        if found := pattern.match(text.upper() if pattern is _ISO else text):
            return reader(found)
    if found := _NUMBER.match(text):
        return _number(found, options, comma)
    return _with_unit(text, options, comma)


def _with_unit(text: str, options: HoursOptions, comma: Comma) -> Cell:
    hours = HoursOptions(Unit.ORE, 10**7, options.comma)
    if found := _HOURS.match(text):
        return _exact(found[1], hours, comma)
    if found := _HOURS_BEFORE.match(text):
        return _exact(found[1], hours, comma)
    if _RANGE.match(text):
        return ambiguous(rules.HOURS_RANGE.code)
    minutes = minutes_in_words(text)
    if minutes is not None:
        return fixed(minutes, rules.HOURS_WORDS.code)
    return wrong(rules.HOURS_UNREADABLE.code)


def _clock(found: re.Match[str]) -> Cell:
    minutes = int(found[2])
    seconds = int(found[3] or 0) if found.re is _CLOCK else 0
    if minutes > 59 or seconds > 59:
        return wrong(rules.HOURS_MINUTES.code)
    return _whole(int(found[1]) * 60 + minutes + seconds / 60)


def _iso(found: re.Match[str]) -> Cell:
    hours, minutes, seconds = (float(part or 0) for part in found.groups())
    return _whole(hours * 60 + minutes + seconds / 60)


def _from_to(found: re.Match[str]) -> Cell:
    start_h, start_m, end_h, end_m = (int(part) for part in found.groups())
    minutes = end_h * 60 + end_m - start_h * 60 - start_m
    if max(start_h, end_h) > 24 or max(start_m, end_m) > 59 or minutes <= 0:
        return ambiguous(rules.HOURS_RANGE.code)
    return fixed(minutes, rules.HOURS_FROM_TO.code)


def _number(found: re.Match[str], options: HoursOptions, comma: Comma) -> Cell:
    if found[1] and float(found[0].replace(",", ".")) != 0:
        return wrong(rules.HOURS_NEGATIVE.code)
    number = float(found[0].replace(",", "."))
    if options.unit is Unit.MINUTI:
        return _whole(number)
    if number * 60 > options.ceiling:
        return ambiguous(rules.HOURS_TOO_LONG.code)
    split = _Split(int(found[2]), found[3] or "")
    if split.same_either_way or not split.clock_possible or split.digits == "5":
        return _decimal(number, split)
    return _by_column(number, split, comma)


def _decimal(number: float, split: _Split) -> Cell:
    """Read decimal hours, unless the fraction only makes sense as a share of a day."""
    of_day, of_hour = number * DAY, number * 60
    if len(split.digits) >= 4 and _near(of_day) and not _near(of_hour):
        return ambiguous(rules.HOURS_DAY_FRACTION.code)
    return _whole(of_hour)


def _near(value: float) -> bool:
    return abs(value - round(value)) < 1e-6


def _by_column(number: float, split: _Split, comma: Comma) -> Cell:
    if comma is Comma.DECIMALI:
        minutes = _whole(number * 60).value
        return fixed(minutes, rules.HOURS_AS_DECIMAL.code)
    if comma is Comma.SESSAGESIMALI:
        return fixed(split.hours * 60 + split.minutes, rules.HOURS_AS_CLOCK.code)
    return ambiguous(rules.HOURS_DECIMAL_OR_CLOCK.code)


# --- the decision for the column --------------------------------------------------------------
def _comma_of(values: Distinct, options: HoursOptions) -> tuple[Comma, tuple[Message, ...]]:
    splits = [(split, int(n)) for split, n in _splits(values) if split is not None]
    open_cells = sum(n for split, n in splits if _undecided(split))
    if options.unit is Unit.MINUTI or not open_cells:
        return Comma.INCERTI, ()
    if options.comma is not Comma.INCERTI:
        return options.comma, (_decision(options.comma, open_cells, 0, 0),)
    decimal = sum(n for split, n in splits if split.says_decimal)
    leaning = sum(n for split, n in splits if split.leans_decimal)
    clocks = {split.digits: 0 for split, _ in splits if split.says_clock}
    for split, n in splits:
        if split.says_clock:
            clocks[split.digits] += n
    comma = _weigh(decimal, leaning, clocks)
    return comma, (_decision(comma, open_cells, decimal + leaning, sum(clocks.values())),)


def _undecided(split: _Split) -> bool:
    return not (split.same_either_way or split.says_decimal)


def _weigh(decimal: int, leaning: int, clocks: dict[str, int]) -> Comma:
    """Weigh the cells: "1,30" alone proves nothing, next to "0,45" it is minutes."""
    clock = sum(clocks.values())
    if clock and (decimal or leaning):
        return Comma.INCERTI
    if decimal:
        return Comma.DECIMALI
    if len(clocks) >= 2 or clock >= MANY_CELLS:
        return Comma.SESSAGESIMALI
    return Comma.DECIMALI if leaning >= MANY_CELLS else Comma.INCERTI


def _decision(comma: Comma, cells: int, decimal: int, clock: int) -> Message:
    return T(
        "le {celle:int} durate come «1,30» sono lette come {lettura} "
        "(celle a favore dei decimali: {decimali:int}, dei minuti: {minuti:int})",
        celle=cells,
        lettura=T(_READINGS[comma]),
        decimali=decimal,
        minuti=clock,
    )


_READINGS = {
    Comma.DECIMALI: "ore con decimali",
    Comma.SESSAGESIMALI: "ore e minuti",
    Comma.INCERTI: "incerte, da rivedere",
}


def _splits(values: Distinct) -> list[tuple[_Split | None, int]]:
    return [
        (_split(text, kind), int(count))
        for text, kind, count in zip(values.texts, values.kinds, values.counts, strict=True)
    ]


def _split(text: str, kind: CellKind) -> _Split | None:
    if kind not in (CellKind.TEXT, CellKind.NUMBER):
        return None
    bare = _APPROXIMATE.sub("", _fold(text)).strip()
    if unit := _HOURS.match(bare) or _HOURS_BEFORE.match(bare):
        bare = unit[1]
    found = _NUMBER.match(bare)
    if found is None or not found[3] or len(found[3]) > 2:
        return None
    return _Split(int(found[2]), found[3])
