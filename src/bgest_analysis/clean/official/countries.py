"""Countries of citizenship as ISTAT writes them, and who was in the European Union when."""

from __future__ import annotations

import csv
from functools import cache
from importlib.resources import files

from bgest_analysis.vocabulary.matcher import fold

FOLDER = files("bgest_analysis.vocabulary")
ITALY = "ITA"


def _table(name: str) -> list[dict[str, str]]:
    with (FOLDER / name).open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


@cache
def known_countries() -> frozenset[str]:
    """Return the ISO3 codes of the list of countries."""
    return frozenset(row["iso3"] for row in _table("paesi.csv"))


@cache
def eu_members(year: int) -> frozenset[str]:
    """Return the countries in the Union on 1 January of a year, Italy included."""
    day = f"{year:04d}-01-01"
    return frozenset(
        row["iso3"]
        for row in _table("paesi.csv")
        if row["ue_dal"] and row["ue_dal"] <= day and not (row["ue_al"] and row["ue_al"] < day)
    )


@cache
def country_by_iso2() -> dict[str, str]:
    """Return ISO2 -> ISO3."""
    return {row["iso2"]: row["iso3"] for row in _table("paesi.csv") if row["iso2"]}


@cache
def country_by_istat_code() -> dict[str, str]:
    """Return ISTAT's country code (three digits) -> ISO3."""
    return {row["cod_istat_stato"]: row["iso3"] for row in _table("paesi.csv")}


@cache
def country_by_name() -> dict[str, str]:
    """Return folded names of countries -> ISO3, only those that mean one country."""
    pairs = [
        (fold(row[c]), row["iso3"]) for row in _table("paesi.csv") for c in ("nome_it", "nome_en")
    ]
    pairs += [(fold(row["forma"]), row["iso3"]) for row in _table("paesi_alias.csv")]
    meanings: dict[str, set[str]] = {}
    for name, iso3 in pairs:
        meanings.setdefault(name, set()).add(iso3)
    return {name: next(iter(codes)) for name, codes in meanings.items() if len(codes) == 1}


@cache
def aggregates() -> frozenset[str]:
    """Return the folded names of groups of countries ("Mondo", "Africa", "Unione europea")."""
    return frozenset(fold(row["nome"]) for row in _table("aggregati_cittadinanza.csv"))
