"""The forms of a period in Italian: month, quarter, half, year, school year."""

from __future__ import annotations

import calendar
import datetime as dt
import re
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

_NAMES = (
    "gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre"
)
MONTHS: dict[str, int] = {
    form: number
    for number, name in enumerate(_NAMES.split(), start=1)
    for form in {name, name[:3], "sett" if number == 9 else name}
}


class Precision(StrEnum):
    """How long the period is."""

    GIORNO = "giorno"
    MESE = "mese"
    MESI = "mesi"
    TRIMESTRE = "trimestre"
    SEMESTRE = "semestre"
    ANNO = "anno"
    ANNO_SCOLASTICO = "anno_scolastico"


@dataclass(frozen=True)
class Period:
    """First and last day, both inside."""

    start: dt.date
    end: dt.date
    precision: Precision


_ROMAN = {"i": 1, "ii": 2, "iii": 3, "iv": 4}
_WORDS = {"primo": 1, "secondo": 2, "terzo": 3, "quarto": 4}
_MONTH = "|".join(sorted(MONTHS, key=len, reverse=True))
_YEAR = r"'?(\d{4}|\d{2})"
_ORDINAL = r"(i{1,3}|iv|[1-4][°º^]?|primo|secondo|terzo|quarto)"
_MONTH_YEAR = re.compile(rf"^({_MONTH})\.?\s*[/.\- ]?\s*{_YEAR}$")
_NUMBER_YEAR = re.compile(r"^(\d{1,2})[/.\-](\d{4})$")
_YEAR_NUMBER = re.compile(r"^(\d{4})[/.\-](\d{2})$")
_MONTHS_YEAR = re.compile(rf"^({_MONTH})\.?\s*(?:-|/|–|a|e)\s*({_MONTH})\.?\s*{_YEAR}$")
_SCHOOL = re.compile(
    rf"^(?:a\.?\s*s\.?|anno scolastico)\s*{_YEAR}\s*(?:[/\-–]\s*{_YEAR})?$|^(\d{{4}})/(\d{{4}})$"
)
_QUARTER = re.compile(
    rf"^{_ORDINAL}\s*(?:trim\.?|trimestre|tr\.?)\s*(?:del(?:l'anno)?\s+)?[/\- ]?\s*{_YEAR}$"
)
_QUARTER_SHORT = re.compile(r"^[qt]\.?\s?([1-4])\s*[/\- ]?\s*(\d{4})$|^(\d{4})[/\- ]?[qt]([1-4])$")
_HALF = re.compile(rf"^{_ORDINAL}\s*(?:sem\.?|semestre)\s*(?:del\s+)?[/\- ]?\s*{_YEAR}$")
_YEAR_ONLY = re.compile(r"^(?:anno\s+)?(\d{4})(?:\.0)?$")


def fold_date(text: str) -> str:
    """Return the text in lower case with plain spaces, apostrophes and dashes."""
    plain = text.replace("\u00a0", " ").replace("’", "'").replace("–", "-").replace("—", "-")
    return re.sub(r"\s+", " ", plain).strip().lower()


def is_period(text: str) -> bool:
    """Tell whether a folded text is a month, a quarter, a year: more than one day."""
    return read_period(text) is not None


def read_period(text: str) -> Period | None:
    """Return the period of a folded text, ``None`` when it is none."""
    for pattern, reader in _READERS:
        if found := pattern.match(text):
            return reader(found)
    return None


def _year(text: str) -> int:
    return int(text) if len(text) == 4 else 2000 + int(text)


def _months(year: int, first: int, last: int, precision: Precision) -> Period | None:
    if not (1 <= first <= last <= 12 and 1900 <= year <= 2100):
        return None
    end = dt.date(year, last, calendar.monthrange(year, last)[1])
    return Period(dt.date(year, first, 1), end, precision)


def _ordinal(text: str) -> int:
    plain = text.rstrip("°º^")
    return _ROMAN.get(plain) or _WORDS.get(plain) or int(plain)


def _month_year(found: re.Match[str]) -> Period | None:
    month = MONTHS[found[1]]
    return _months(_year(found[2]), month, month, Precision.MESE)


def _number_year(found: re.Match[str]) -> Period | None:
    return _months(int(found[2]), int(found[1]), int(found[1]), Precision.MESE)


def _year_number(found: re.Match[str]) -> Period | None:
    """Read 2022-04 as a month and 2021/22 as a school year."""
    year, number = int(found[1]), int(found[2])
    if number == (year + 1) % 100:
        return _school_year(year)
    return _months(year, number, number, Precision.MESE)


def _months_year(found: re.Match[str]) -> Period | None:
    return _months(_year(found[3]), MONTHS[found[1]], MONTHS[found[2]], Precision.MESI)


def _school(found: re.Match[str]) -> Period | None:
    first, second = (found[1], found[2]) if found[1] else (found[3], found[4])
    if second and (_year(second) - _year(first)) != 1:
        return None
    return _school_year(_year(first))


def _school_year(year: int) -> Period | None:
    """Return 1 September to 31 August, the Italian school year."""
    if not 1900 <= year <= 2100:
        return None
    return Period(dt.date(year, 9, 1), dt.date(year + 1, 8, 31), Precision.ANNO_SCOLASTICO)


def _quarter(found: re.Match[str]) -> Period | None:
    last = 3 * _ordinal(found[1])
    return _months(_year(found[2]), last - 2, last, Precision.TRIMESTRE)


def _quarter_short(found: re.Match[str]) -> Period | None:
    number, year = (found[1], found[2]) if found[1] else (found[4], found[3])
    last = 3 * int(number)
    return _months(int(year), last - 2, last, Precision.TRIMESTRE)


def _half(found: re.Match[str]) -> Period | None:
    last = 6 * _ordinal(found[1])
    return _months(_year(found[2]), last - 5, last, Precision.SEMESTRE)


def _year_only(found: re.Match[str]) -> Period | None:
    return _months(int(found[1]), 1, 12, Precision.ANNO)


_READERS: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], Period | None]], ...] = (
    (_MONTH_YEAR, _month_year),
    (_NUMBER_YEAR, _number_year),
    (_YEAR_NUMBER, _year_number),
    (_MONTHS_YEAR, _months_year),
    (_SCHOOL, _school),
    (_QUARTER, _quarter),
    (_QUARTER_SHORT, _quarter_short),
    (_HALF, _half),
    (_YEAR_ONLY, _year_only),
)
