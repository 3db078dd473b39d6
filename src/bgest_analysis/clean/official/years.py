"""The year a file speaks of: in its title, else in its name; or a column of years."""

from __future__ import annotations

import datetime as dt
import re

import numpy as np
import pandas as pd

from bgest_analysis.clean.official.ledger import Ledger
from bgest_analysis.clean.official.rules import ANNO_DISCORDE, ANNO_ILLEGGIBILE
from bgest_analysis.errors import UnknownLayout
from bgest_analysis.read.header import year_in
from bgest_analysis.read.raw import RawTable

_YEAR = re.compile(r"((?:19|20)\d\d)(?:-01-01)?(?:[.,]0+)?$")


def year_of(ledger: Ledger, raw: RawTable) -> int:
    """Return the year of a file that has it in its title or in its name.

    Raises
    ------
    UnknownLayout
        If neither names one year.
    """
    title = year_in(raw.remarks.get("titolo", ""))
    name = year_in(raw.remarks.get("nome_file", ""))
    year = title or name
    if year is None:
        raise UnknownLayout(
            "{file}: né il titolo («{titolo}») né il nome del file dicono un solo anno; "
            "riscaricare il file senza togliere la prima riga, o mettere l'anno nel nome",
            file=raw.file,
            titolo=raw.remarks.get("titolo", ""),
        )
    if title and name and title != name:
        ledger.log.add(ANNO_DISCORDE, [1], "", [f"{title}, {name}"])
    return year


def first_of_january(years: pd.Series) -> list[dt.date]:
    """Return the day the figures of each row refer to (an unreadable year gives 1 Jan 1900)."""
    days = {year: dt.date(int(year), 1, 1) for year in years.fillna(1900).unique()}
    return [days[year] for year in years.fillna(1900)]


def read_years(ledger: Ledger, role: str) -> pd.Series:
    """Return a column of years (``2023`` or ``2023-01-01``); rows without one stand aside."""
    text = ledger.text(role)
    found = {form: _YEAR.match(form) for form in text.unique()}
    year_of_form = {form: int(m.group(1)) if m else pd.NA for form, m in found.items()}
    years = pd.Series(
        pd.array([year_of_form[form] for form in text], dtype="Int64"), index=text.index
    )
    ledger.apply(ANNO_ILLEGGIBILE, np.asarray(years.isna(), dtype=bool), role, text)
    return years
