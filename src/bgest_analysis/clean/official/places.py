"""Codes of comuni: lost zeros put back, unknown ones put aside, the others' territory left out."""

from __future__ import annotations

import csv
import re
from collections.abc import Collection
from dataclasses import dataclass
from functools import cache

import pandas as pd

from bgest_analysis.clean.official.ledger import Ledger, Mask
from bgest_analysis.clean.official.model import KnownPlaces
from bgest_analysis.clean.official.rules import (
    AGGREGATO_TERRITORIALE,
    AREA_SCONOSCIUTA,
    CODICE_ILLEGGIBILE,
    CODICE_STORICO,
    CODICI_SENZA_ZERI,
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


@cache
def older_codes() -> dict[str, str]:
    """Return the code a comune had in an older province -> its code of today."""
    with (FOLDER / "codici_storici.csv").open(encoding="utf-8") as file:
        return {row["cod_storico"]: row["cod_istat"] for row in csv.DictReader(file)}


def drop_totals(ledger: Ledger, *roles: str) -> None:
    """Take out the rows whose code or name says that they are a total."""
    if not ledger.layout.totals:
        return
    pattern = re.compile(ledger.layout.totals)
    for role in roles:
        text = ledger.text(role)
        is_total = {form: pattern.search(fold(form)) is not None for form in text.unique()}
        ledger.apply(TOTALE, text.map(is_total), role, text)


def read_codes(
    ledger: Ledger, role: str, places: KnownPlaces | None, where: Mask | None = None
) -> pd.Series:
    """Return six-digit codes; rows without one, or of no comune, are put aside.

    Lost zeros are put back; a column without zeros anywhere is told once (not at all in the
    sources that publish it so). A comune that changed province gets the code of today.

    Parameters
    ----------
    places
        The comuni that exist; ``None`` for a file that is itself the list of comuni.
    where
        The rows that speak of a comune (all of them by default); others get no code.
    """
    text = ledger.text(role) if where is None else ledger.text(role).where(where, NOWHERE)
    code_of = {form: _six_digits(form) for form in text.unique()}
    codes = text.map(code_of).astype("str")
    none = codes.eq(NOWHERE).to_numpy(dtype=bool)
    ledger.apply(CODICE_ILLEGGIBILE, none if where is None else none & where, role, text)
    _say_lost_zeros(ledger, role, text, codes)
    return codes if places is None else _check_known(ledger, role, codes, places)


def _check_known(ledger: Ledger, role: str, codes: pd.Series, places: KnownPlaces) -> pd.Series:
    bad = {code for code in codes.unique() if code and _is_unknown(code, places)}
    renumbered = {code: older_codes()[code] for code in bad if code in older_codes()}
    ledger.apply(COMUNE_SCONOSCIUTO, codes.isin(bad - renumbered.keys()), role, codes)
    ledger.apply(CODICE_STORICO, codes.isin(renumbered), role, codes)
    return codes.replace(renumbered) if renumbered else codes


def _six_digits(form: str) -> str:
    found = _CODE.match(form) if len(form) <= 16 else None
    code = found.group(1).zfill(6) if found else NOWHERE
    return NOWHERE if code == "000000" or not form.isascii() else code


def _say_lost_zeros(ledger: Ledger, role: str, text: pd.Series, codes: pd.Series) -> None:
    """Tell the codes that lost their zeros: row by row, or once where no code has kept them."""
    found = codes.ne(NOWHERE).to_numpy(dtype=bool)
    repaired = text.ne(codes).to_numpy(dtype=bool) & found
    needing = int(codes[found].str.startswith("0").sum())
    if needing > 1 and not bool(text[found].str.startswith("0").any()):
        ledger.remark(CODICI_SENZA_ZERI, role, int(repaired.sum()))
    else:
        ledger.apply(ZERO_PERSO, repaired, role, text)


def _is_unknown(code: str, places: KnownPlaces) -> bool:
    if code in places.comuni or code in places.abolished:
        return False
    return code[:3] in places.province or not 1 <= int(code[:3]) <= LAST_PROVINCE


def drop_elsewhere(
    ledger: Ledger,
    codes: pd.Series,
    role: str,
    places: KnownPlaces,
    where: Mask | None = None,
) -> None:
    """Take out the rows of comuni (those in ``where``) that are not the study's."""
    elsewhere = ~codes.isin(places.scope).to_numpy(dtype=bool)
    ledger.apply(FUORI_TERRITORIO, elsewhere if where is None else elsewhere & where, role, codes)


def read_province_codes(ledger: Ledger, role: str, places: KnownPlaces | None = None) -> pd.Series:
    """Return three-digit province codes; rows without one are put aside.

    A province of the study's own comuni is readable whatever its number.
    """
    text = ledger.text(role)
    known: Collection[str] = () if places is None else places.province
    code_of = {form: _three_digits(form, known) for form in text.unique()}
    codes = text.map(code_of).astype("str")
    unreadable = codes.eq(NOWHERE).to_numpy(dtype=bool)
    ledger.apply(CODICE_ILLEGGIBILE, unreadable, role, text)
    _say_lost_zeros(ledger, role, text, codes)
    return codes


def _three_digits(form: str, known: Collection[str] = ()) -> str:
    found = _PROVINCE_CODE.match(form) if form.isascii() else None
    code = found.group(1).zfill(3) if found else NOWHERE
    if code in known:
        return code
    return code if code and 1 <= int(code) <= LAST_PROVINCE else NOWHERE


def drop_other_provinces(
    ledger: Ledger,
    codes: pd.Series,
    role: str,
    places: KnownPlaces,
    where: Mask | None = None,
) -> None:
    """Take out the provinces that have no known comune (neighbours of the region stay)."""
    elsewhere = ~codes.isin(places.province).to_numpy(dtype=bool)
    ledger.apply(FUORI_TERRITORIO, elsewhere if where is None else elsewhere & where, role, codes)


def read_areas(ledger: Ledger, role: str) -> tuple[pd.Series, Mask]:
    """Return the province of each area code ("" if none), and which rows are comuni.

    Larger areas (regions, the country) are taken out; unknown codes stand aside.
    """
    text = ledger.text(role)
    comuni = text.str.fullmatch(r"\d{4,6}(?:\.0+)?").to_numpy(dtype=bool)
    provinces = text.map({form: _province(form) for form in text.unique()}).astype("str")
    larger = text.str.fullmatch(r"IT[A-Z0-9]{0,2}").to_numpy(dtype=bool)
    ledger.apply(AGGREGATO_TERRITORIALE, larger, role)
    unknown = ~comuni & ~larger & provinces.eq(NOWHERE).to_numpy(dtype=bool)
    ledger.apply(AREA_SCONOSCIUTA, unknown, role, text)
    return provinces, comuni


def _province(form: str) -> str:
    area = areas().get(form)
    return area.cod_provincia if area else NOWHERE
