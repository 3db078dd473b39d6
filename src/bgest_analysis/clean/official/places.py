"""Codes of comuni: lost zeros put back, unknown ones put aside, the others' territory left out."""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from bgest_analysis.clean.official.ledger import Ledger, Mask
from bgest_analysis.clean.official.model import KnownPlaces
from bgest_analysis.clean.official.rules import (
    CODICE_ILLEGGIBILE,
    COMUNE_SCONOSCIUTO,
    FUORI_TERRITORIO,
    TOTALE,
    ZERO_PERSO,
)
from bgest_analysis.read.layout import FOLDER
from bgest_analysis.vocabulary.matcher import fold

_CODE = re.compile(r"0*(\d{4,6})(?:[.,]0+)?$")
_PROVINCE_CODE = re.compile(r"(\d{1,3})(?:[.,]0+)?$")
LAST_PROVINCE = 120
NOWHERE = ""


@dataclass(frozen=True)
class Area:
    """A province, as ISTAT's data warehouse names it."""

    cod_provincia: str
    sigla: str
    nome: str


@cache
def areas() -> dict[str, Area]:
    """Return area code (``ITC46``, ``IT108``, NUTS 2021 and 2024) -> province."""
    with (FOLDER / "territori_sdmx.csv").open(encoding="utf-8") as file:
        return {
            row["area"]: Area(row["cod_provincia"], row["sigla"], row["nome"])
            for row in csv.DictReader(file)
        }


def drop_totals(ledger: Ledger, *roles: str) -> None:
    """Take out the rows whose code or name says that they are a total."""
    if not ledger.layout.totals:
        return
    pattern = re.compile(ledger.layout.totals)
    for role in roles:
        text = ledger.text(role)
        is_total = {form: pattern.search(fold(form)) is not None for form in text.unique()}
        ledger.apply(TOTALE, text.map(is_total), role, text)


def read_codes(ledger: Ledger, role: str, places: KnownPlaces) -> pd.Series:
    """Return six-digit codes; rows without one, or of no comune, are put aside.

    An edition that writes all its codes as numbers (no zeros anywhere) is read as such and
    noted once; a code that lost its zero among others that kept it is a repair, row by row.
    """
    text = ledger.text(role)
    distinct = text.unique()
    code_of = {form: _six_digits(form) for form in distinct}
    codes = text.map(code_of).astype("str")
    unreadable = codes.eq(NOWHERE).to_numpy(dtype=bool)
    ledger.apply(CODICE_ILLEGGIBILE, unreadable, role, text)
    bad = {code for code in codes.unique() if code and _is_unknown(code, places)}
    ledger.apply(COMUNE_SCONOSCIUTO, codes.isin(bad), role, text)
    repaired = text.ne(codes).to_numpy(dtype=bool) & ~unreadable
    if not _whole_column_unpadded(text[~unreadable], codes[~unreadable]):
        ledger.apply(ZERO_PERSO, repaired, role, text)
    return codes


def _six_digits(form: str) -> str:
    found = _CODE.match(form) if len(form) <= 16 else None
    code = found.group(1).zfill(6) if found else NOWHERE
    return NOWHERE if code == "000000" or not form.isascii() else code


def _whole_column_unpadded(text: pd.Series, codes: pd.Series) -> bool:
    """No code with a leading zero anywhere, though many need one: how the edition writes them."""
    could = codes.str.startswith("0")
    return int(could.sum()) > 1 and not bool(text.str.startswith("0").any())


def _is_unknown(code: str, places: KnownPlaces) -> bool:
    if code in places.comuni or code in _abolished(places):
        return False
    return code[:3] in places.province or not 1 <= int(code[:3]) <= LAST_PROVINCE


def _abolished(places: KnownPlaces) -> set[Any]:
    return set(places.variazioni["cod_istat_soppresso"])


def drop_elsewhere(ledger: Ledger, codes: pd.Series, role: str, places: KnownPlaces) -> None:
    """Take out the rows of comuni that are not the study's."""
    ledger.apply(FUORI_TERRITORIO, ~codes.isin(places.scope).to_numpy(dtype=bool), role, codes)


def read_province_codes(ledger: Ledger, role: str) -> pd.Series:
    """Return three-digit province codes; rows without one are put aside."""
    text = ledger.text(role)
    code_of = {form: _three_digits(form) for form in text.unique()}
    codes = text.map(code_of).astype("str")
    unreadable = codes.eq(NOWHERE).to_numpy(dtype=bool)
    ledger.apply(CODICE_ILLEGGIBILE, unreadable, role, text)
    repaired = text.ne(codes).to_numpy(dtype=bool) & ~unreadable
    if not _whole_column_unpadded(text[~unreadable], codes[~unreadable]):
        ledger.apply(ZERO_PERSO, repaired, role, text)
    return codes


def _three_digits(form: str) -> str:
    found = _PROVINCE_CODE.match(form) if form.isascii() else None
    code = found.group(1).zfill(3) if found else NOWHERE
    return code if code and 1 <= int(code) <= LAST_PROVINCE else NOWHERE


def drop_other_provinces(ledger: Ledger, codes: pd.Series, role: str, places: KnownPlaces) -> None:
    """Take out the provinces that have no known comune (neighbours of the region stay)."""
    ledger.apply(FUORI_TERRITORIO, ~codes.isin(places.province).to_numpy(dtype=bool), role, codes)


def column(values: Any, kept: Mask) -> npt.NDArray[np.object_]:
    """Return the kept values of a column, in row order."""
    return np.asarray(values, dtype=object)[kept]
