"""Clean columns -> the same columns as people write them; every spoiled cell is marked."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from bgest_analysis.example.draws import Bools, Ints, Texts
from bgest_analysis.example.files.dirt import Marks
from bgest_analysis.example.files.pages import MINUTES_OF_A_DAY, Typed
from bgest_analysis.vocabulary.load import codes, read_list

EPOCH = dt.date(1899, 12, 30)
Forms = Mapping[str, Sequence[str]]  # as written -> other ways of writing it
MONTHS = (
    "gennaio", "febbraio", "marzo", "aprile", "maggio", "giugno", "luglio", "agosto",
    "settembre", "ottobre", "novembre", "dicembre",
)  # fmt: skip
MISSING = ("n.d.", "-", "/", "n.p.")
IMPOSSIBLE_MINUTES = 1_500
MOJIBAKE_TEXTS = ("É", "é", "à", "è", "ì", "ò", "ù", "’")


@dataclass
class Sheet:
    """A frame of cells being spoiled.

    Parameters
    ----------
    cells
        Cells as they will be written; the index labels the rows.
    taken
        Column -> rows already spoiled, left alone by what follows.
    excel
        Dates and durations may be true ones; else everything is text.
    """

    rng: np.random.Generator
    cells: pd.DataFrame
    marks: Marks
    taken: dict[str, Bools]
    excel: bool

    def choose(self, column: str, share: float, able: Bools | None = None) -> Ints:
        """Return some rows (positions) of a column not spoiled yet, at least one if able."""
        free = ~self.taken.get(column, np.zeros(len(self.cells), dtype=bool))
        free &= self.cells[column].notna().to_numpy()
        rows = np.flatnonzero(free if able is None else free & able)
        wanted = min(len(rows), max(1, round(share * len(self.cells)))) if share else 0
        return np.sort(self.rng.permutation(rows)[:wanted])

    def put(self, kind: str, column: str, rows: Ints, values: Sequence[object]) -> None:
        """Write spoiled values in some rows of a column."""
        column_values = self.cells[column].to_numpy(dtype=object, copy=True)
        for row, value in zip(rows, values, strict=True):
            column_values[row] = value
        self.cells[column] = pd.Series(column_values, index=self.cells.index, dtype=object)
        taken = self.taken.setdefault(column, np.zeros(len(self.cells), dtype=bool))
        taken[rows] = True
        self.marks.add(kind, column, self.cells.index.to_numpy()[rows])


def new_sheet(
    rng: np.random.Generator, cells: pd.DataFrame, *, excel: bool, marks: Marks | None = None
) -> Sheet:
    """Return a sheet with nothing spoiled yet."""
    return Sheet(rng, cells.astype(object), marks or Marks(), {}, excel)


def replace_forms(sheet: Sheet, kind: str, column: str, share: float, forms: Forms) -> None:
    """Write some cells in another known form; ``forms`` is by the value as written."""
    values = sheet.cells[column].to_numpy()
    able = np.array([bool(forms.get(value)) for value in values], dtype=bool)
    rows = sheet.choose(column, share, able)
    written = [_one(sheet.rng, forms[values[row]]) for row in rows]
    sheet.put(kind, column, rows, written)


def replace_with(
    sheet: Sheet, kind: str, column: str, share: float, forms: Sequence[str],
    able: Bools | None = None,
) -> None:  # fmt: skip
    """Write some cells with any of these texts."""
    rows = sheet.choose(column, share, able)
    sheet.put(kind, column, rows, [_one(sheet.rng, forms) for _ in rows])


def _one(rng: np.random.Generator, forms: Sequence[str]) -> str:
    return forms[int(rng.integers(0, len(forms)))]


def text_forms(name: str, aliases: Sequence[str] = ()) -> tuple[str, ...]:
    """Return other ways of writing a name: capitals, small letters, blanks, aliases."""
    return (name.upper(), name.lower(), f" {name} ", name.replace(" ", "  ", 1), *aliases)


def code_forms(lista: str) -> dict[str, tuple[str, ...]]:
    """Return Italian title of a code -> its aliases that no other code of the list has."""
    listed = codes(lista)
    every = [alias for code in listed for alias in code.alias]
    return {
        code.titolo_it: tuple(alias for alias in code.alias if every.count(alias) == 1)
        for code in listed
    }


def code_titles(lista: str) -> dict[str, str]:
    """Return code -> Italian title, which is how most cells write it."""
    return {code.codice: code.titolo_it for code in codes(lista)}


def language_forms(spoken: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """Return Italian name of a language -> its known other spellings."""
    aliases = read_list("lingue_alias").groupby("iso639_3")["forma"].apply(tuple)
    names = read_list("lingue").set_index("iso639_3")["nome_it"]
    return {names[code]: aliases.get(code, ())[:6] for code in spoken}


# --- days -----------------------------------------------------------------------------------
def write_days(sheet: Sheet, column: str) -> None:
    """Write days as Excel dates, or as 03/04/2022 in a text file."""
    days = pd.to_datetime(sheet.cells[column])
    written = (days.dt.date if sheet.excel else days.dt.strftime("%d/%m/%Y")).astype(object)
    sheet.cells[column] = written.where(days.notna(), None)


def spoil_days(sheet: Sheet, column: str, share: float) -> None:
    """Write some days in other forms; an Excel serial only in a workbook."""
    rows = sheet.choose(column, share)
    days = [day_of(value) for value in sheet.cells[column].iloc[rows]]
    forms = DAY_FORMS if sheet.excel else DAY_FORMS[:-1]
    chosen = sheet.rng.integers(0, len(forms), len(rows))
    written = [forms[k](day) for k, day in zip(chosen, days, strict=True)]
    sheet.put("data_forma", column, rows, written)


def day_of(value: object) -> dt.date:
    """Return the day of a cell written by ``write_days``."""
    if isinstance(value, dt.date):
        return value
    day, month, year = str(value).split("/")
    return dt.date(int(year), int(month), int(day))


def _serial(day: dt.date) -> object:
    return Typed(float((day - EPOCH).days), "General")


DAY_FORMS: tuple[Callable[[dt.date], object], ...] = (
    lambda day: f"{day.day}/{day.month}/{day.year}",
    lambda day: f"{day.day:02d}-{day.month:02d}-{day.year}",
    lambda day: f"{day.day:02d}.{day.month:02d}.{day.year}",
    lambda day: f"{day.day} {MONTHS[day.month - 1]} {day.year}",
    lambda day: day.isoformat(),
    lambda day: f"{day.day:02d}/{day.month:02d}/{day.year % 100:02d}",
    _serial,
)


def spoil_days_beyond_repair(sheet: Sheet, column: str, share: float) -> None:
    """Write days that do not exist, months instead of days, and years wrong by ten."""
    rows = sheet.choose(column, share)
    years = [day_of(value).year for value in sheet.cells[column].iloc[rows]]
    sheet.put("data_impossibile", column, rows, [f"31/02/{year}" for year in years])
    rows = sheet.choose(column, share)
    days = [day_of(value) for value in sheet.cells[column].iloc[rows]]
    months = [f"{MONTHS[day.month - 1]} {day.year % 100:02d}" for day in days]
    sheet.put("data_periodo", column, rows, months)
    rows = sheet.choose(column, share / 2)
    days = [day_of(value) for value in sheet.cells[column].iloc[rows]]
    late = [f"{day.day:02d}/{day.month:02d}/{day.year + 10}" for day in days]
    sheet.put("data_fuori_periodo", column, rows, late)


# --- durations ------------------------------------------------------------------------------
def clock(minutes: int) -> str:
    """Return 90 as "1:30"."""
    return f"{minutes // 60}:{minutes % 60:02d}"


def decimal_hours(minutes: int) -> str:
    """Return 90 as "1,5" and 75 as "1,25"."""
    return f"{minutes / 60:g}".replace(".", ",") if minutes % 15 == 0 else f"{minutes}'"


def sexagesimal_hours(minutes: int) -> str:
    """Return 90 as "1,30"."""
    return f"{minutes // 60},{minutes % 60:02d}"


MIXED_HOURS: tuple[Callable[[int], str], ...] = (
    clock,
    lambda m: f"{m // 60}h{m % 60:02d}",
    lambda m: f"{m // 60} h e {m % 60}'" if m % 60 else f"{m // 60} ore",
    lambda m: f"{m}'",
    lambda m: f"{m} min",
)
WORDS = {30: "mezz'ora", 45: "tre quarti d'ora", 60: "un'ora", 90: "un'ora e mezza"}


def mixed_hours(rng: np.random.Generator, minutes: int) -> str:
    """Return a duration in one of many notations, now and then in words."""
    if minutes in WORDS and rng.random() < 0.25:
        return WORDS[minutes]
    return MIXED_HOURS[int(rng.integers(0, len(MIXED_HOURS)))](minutes)


def excel_hours(rng: np.random.Generator, minutes: int) -> object:
    """Return a duration as a true Excel time, under one of the formats people give it."""
    form = "[h]:mm" if rng.random() < 0.5 else "h:mm"
    return Typed(minutes / MINUTES_OF_A_DAY, form)


def spoil_minutes(sheet: Sheet, column: str, share: float) -> None:
    """Write some whole minutes with signs or as a clock, and a few beyond a day."""
    positive = np.array([bool(value) for value in sheet.cells[column]], dtype=bool)
    rows = sheet.choose(column, share, positive)
    minutes = [int(value) for value in sheet.cells[column].iloc[rows]]
    signed = [MIXED_HOURS[k](m) for k, m in zip(
        sheet.rng.choice([1, 3, 4], len(rows)), minutes, strict=True)]  # fmt: skip
    sheet.put("minuti_forma", column, rows, signed)
    rows = sheet.choose(column, share / 40, positive)
    sheet.put(
        "minuti_impossibili", column, rows, [IMPOSSIBLE_MINUTES + 5 * int(r % 7) for r in rows]
    )


# --- texts ----------------------------------------------------------------------------------
def spoil_blanks(sheet: Sheet, column: str, share: float) -> None:
    """Add blanks around some texts, one of them the kind that does not break a line."""
    rows = sheet.choose(column, share)
    texts = [str(value) for value in sheet.cells[column].iloc[rows]]
    ends = ["\u00a0" if k % 2 else "  " for k in range(len(rows))]
    sheet.put("spazi", column, rows, [text + end for text, end in zip(texts, ends, strict=True)])


def spoil_encoding(sheet: Sheet, column: str, share: float) -> None:
    """Write some accented texts as UTF-8 read as cp1252: Équipe becomes Ã‰quipe."""
    values = sheet.cells[column].to_numpy()
    able = np.array([_can_break(value) for value in values], dtype=bool)
    rows = sheet.choose(column, share, able)
    sheet.put("mojibake", column, rows, [broken(str(values[row])) for row in rows])


def broken(text: str) -> str:
    """Return a text whose UTF-8 bytes were read as cp1252."""
    return text.encode("utf-8").decode("cp1252")


def _can_break(value: object) -> bool:
    text = str(value)
    if not any(sign in text for sign in MOJIBAKE_TEXTS):
        return False
    # à becomes a capital A and a byte that cp1252 does not know how to show.
    return all(byte not in (0x81, 0x8D, 0x8F, 0x90, 0x9D) for byte in text.encode("utf-8"))


def titled(values: Texts, lista: str) -> Texts:
    """Return codes as their Italian titles, missing ones as ``None``."""
    titles = code_titles(lista)
    return np.array([titles.get(value) for value in values], dtype=object)
