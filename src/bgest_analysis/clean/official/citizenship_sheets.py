"""ISTAT's Excel export of foreigners by country of citizenship: one sheet a territory."""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np
import pandas as pd

from bgest_analysis.clean.official.countries import aggregates, country_by_name, eu_members
from bgest_analysis.clean.official.keys import check_keys
from bgest_analysis.clean.official.ledger import Ledger, Mask
from bgest_analysis.clean.official.model import CleanedOfficial, KnownPlaces
from bgest_analysis.clean.official.numbers import against, check_counts, differs
from bgest_analysis.clean.official.places import Area, areas
from bgest_analysis.clean.official.rules import (
    AGGREGATO_CITTADINANZA,
    AGGREGATO_TERRITORIALE,
    CITTADINANZA_SCONOSCIUTA,
    FUORI_TERRITORIO,
    PARTI_NON_SOMMANO,
    SESSI_NON_SOMMANO,
)
from bgest_analysis.clean.official.tidy import tidy_rows
from bgest_analysis.clean.official.years import year_of
from bgest_analysis.errors import UnknownLayout
from bgest_analysis.read.raw import RawTable
from bgest_analysis.vocabulary.matcher import fold

SEXES = ("M", "F", "T")
_TERRITORY = re.compile(r"territorio: *([^|]+)|territory: *([^|]+)", re.IGNORECASE)
_INDICATOR = re.compile(r"indicatore: *([^|]+)|indicator: *([^|]+)", re.IGNORECASE)
_TIME = re.compile(r"(?:tempo|time): *(\d{4})", re.IGNORECASE)
_CODE = re.compile(r"\b(IT[A-Z0-9]{1,4}|IT)\b")


@dataclass(frozen=True)
class Sheet:
    """What stands above the table of one sheet."""

    province: Area | None
    year: int


def clean_cittadinanza_excel(raw: RawTable, places: KnownPlaces) -> CleanedOfficial:
    """Tables ``stranieri_provincia`` (countries) and ``stranieri_province`` (totals, EU).

    A sheet of a region or of the country is left out whole. Groups of countries are told by a
    list of names, never by blanks; countries must add up to "Mondo".
    """
    ledger = Ledger(raw)
    sheet = read_sheet_facts(ledger, raw)
    names = ledger.text("paese").str.replace("\xa0", " ").str.strip()
    everything = np.ones(ledger.n, dtype=bool)
    if sheet.province is None:
        ledger.apply(AGGREGATO_TERRITORIALE, everything, "paese")
        return ledger.finish({"stranieri_provincia": _countries_table(ledger, sheet, names, {})})
    iso3, groups = _read_countries(ledger, names)
    counts = _counts(ledger)
    check_keys(ledger, {"paese": names.map(fold)}, "paese")
    _check_total(ledger, names, iso3, counts)
    ledger.apply(AGGREGATO_CITTADINANZA, groups & ~_is(names, ledger, "totale"), "paese", names)
    if sheet.province.cod_provincia not in places.province:
        ledger.apply(FUORI_TERRITORIO, everything, "paese")
    tables = {
        "stranieri_provincia": _countries_table(ledger, sheet, iso3, counts),
        "stranieri_province": _totals_table(ledger, sheet, names, iso3, counts),
    }
    return ledger.finish(tables)


def read_sheet_facts(ledger: Ledger, raw: RawTable) -> Sheet:
    """Return territory and year of a sheet, from the lines above its table and its name.

    Raises
    ------
    UnknownLayout
        If the sheet has another indicator, or no known territory.
    """
    title = raw.remarks.get("titolo", "")
    indicator = _first(_INDICATOR, title)
    if indicator and fold(indicator) not in ledger.layout.facts["indicatori"]:
        raise UnknownLayout(
            "{file}, foglio {foglio}: l'indicatore è «{indicatore}», non gli stranieri residenti "
            "al 1° gennaio; esportare la tabella con quell'indicatore",
            file=raw.file,
            foglio=raw.sheet,
            indicatore=indicator,
        )
    found = _TIME.search(title)
    year = int(found.group(1)) if found else year_of(ledger, raw)
    return Sheet(_province(raw, _first(_TERRITORY, title)), year)


def _first(pattern: re.Pattern[str], text: str) -> str:
    found = pattern.search(text)
    return next((group.strip() for group in found.groups() if group), "") if found else ""


def _province(raw: RawTable, territory: str) -> Area | None:
    """The province by the code in the sheet's name, else by its name; ``None`` for larger areas.

    Where both are there they must agree.
    """
    code = _CODE.search(raw.sheet)
    by_name = {fold(area.nome): area for area in areas().values()}
    named = by_name.get(fold(territory))
    coded = areas().get(code.group(1)) if code else None
    if coded and territory and named != coded and named is not None:
        raise UnknownLayout(
            "{file}, foglio {foglio}: il codice del foglio e il territorio scritto sopra la "
            "tabella («{territorio}») non sono la stessa provincia; esportare di nuovo la tabella",
            file=raw.file,
            foglio=raw.sheet,
            territorio=territory,
        )
    return coded or named


def _read_countries(ledger: Ledger, names: pd.Series) -> tuple[pd.Series, Mask]:
    known = country_by_name()
    iso3 = names.map({form: known.get(fold(form), "") for form in names.unique()}).astype("str")
    grouped = {form for form in names.unique() if fold(form) in _groups(ledger)}
    groups = names.isin(grouped).to_numpy(dtype=bool)
    unknown = iso3.eq("").to_numpy(dtype=bool) & ~groups
    ledger.apply(CITTADINANZA_SCONOSCIUTA, unknown, "paese", names)
    return iso3.mask(groups, ""), groups


def _groups(ledger: Ledger) -> frozenset[str]:
    facts = ledger.layout.facts
    return aggregates() | {*facts["totale"], *facts["unione"]}


def _is(names: pd.Series, ledger: Ledger, fact: str) -> Mask:
    wanted = set(ledger.layout.facts[fact])
    forms = [form for form in names.unique() if fold(form) in wanted]
    return names.isin(forms).to_numpy(dtype=bool)


def _counts(ledger: Ledger) -> dict[str, pd.Series]:
    counts = {sex: check_counts(ledger, sex) for sex in SEXES}
    both = counts["M"] + counts["F"]
    ledger.apply(SESSI_NON_SOMMANO, differs(both, counts["T"]), "T", against(both, counts["T"]))
    return counts


def _check_total(
    ledger: Ledger, names: pd.Series, iso3: pd.Series, counts: dict[str, pd.Series]
) -> None:
    """The countries add up to "Mondo"; if not, the row of the total stands aside.

    Not compared where a country stands aside: the sum would miss it.
    """
    total = _is(names, ledger, "totale") & ledger.alive
    if total.sum() != 1 or ledger.aside.any():
        return
    countries = iso3.ne("").to_numpy(dtype=bool) & ledger.alive
    for sex in SEXES:
        expected = int(counts[sex][countries].sum())
        published = int(counts[sex][total].iloc[0])
        if expected != published:
            shown = [f"{expected} ≠ {published}"] * ledger.n
            ledger.apply(PARTI_NON_SOMMANO, total, sex, shown)


def _countries_table(
    ledger: Ledger, sheet: Sheet, iso3: pd.Series, counts: dict[str, pd.Series]
) -> pd.DataFrame:
    kept = ledger.alive & iso3.ne("").to_numpy(dtype=bool) & bool(counts)
    members = eu_members(sheet.year)
    ue = pd.Series(pd.array([country in members for country in iso3], dtype="boolean"))
    province = sheet.province.cod_provincia if sheet.province else ""
    columns = {"cod_provincia": province, "anno": sheet.year, "cittadinanza_iso3": iso3}
    empty = pd.Series(pd.array([pd.NA] * ledger.n, dtype="Int64"))
    parts = [
        tidy_rows(ledger, kept, {**columns, "sesso": sex, "n": counts.get(sex, empty), "ue": ue})
        for sex in SEXES
    ]
    return pd.concat(parts, ignore_index=True)


def _totals_table(
    ledger: Ledger,
    sheet: Sheet,
    names: pd.Series,
    iso3: pd.Series,
    counts: dict[str, pd.Series],
) -> pd.DataFrame:
    total = ledger.alive & _is(names, ledger, "totale")
    members = eu_members(sheet.year)
    union = ledger.alive & np.array([country in members for country in iso3], dtype=bool)
    citizens = pd.array([int(counts["T"][union].sum())] * int(total.sum()), dtype="Int64")
    province = sheet.province.cod_provincia if sheet.province else ""
    columns = {"cod_provincia": province, "anno": sheet.year, "stranieri": counts["T"]}
    table = tidy_rows(ledger, total, columns).assign(stranieri_ue=citizens)
    return table[["cod_provincia", "anno", "stranieri", "stranieri_ue", "fonte_file", "fonte_riga"]]
