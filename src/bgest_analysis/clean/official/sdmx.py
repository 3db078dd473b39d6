"""ISTAT's data warehouse, SDMX-CSV: residents, foreigners by citizenship, residence permits."""

from __future__ import annotations

import re
from collections.abc import Mapping

import pandas as pd

from bgest_analysis.clean.official.countries import country_by_iso2, eu_members
from bgest_analysis.clean.official.groups import check_parts, check_provinces, covered
from bgest_analysis.clean.official.keys import check_keys
from bgest_analysis.clean.official.ledger import Ledger, Mask
from bgest_analysis.clean.official.mergers import follow_mergers
from bgest_analysis.clean.official.model import CleanedOfficial, KnownPlaces
from bgest_analysis.clean.official.numbers import check_counts
from bgest_analysis.clean.official.places import (
    drop_elsewhere,
    drop_other_provinces,
    read_areas,
    read_codes,
)
from bgest_analysis.clean.official.rules import (
    AGGREGATO_CITTADINANZA,
    ALTRA_DIMENSIONE,
    CITTADINANZA_SCONOSCIUTA,
    CODICE_NON_AMMESSO,
    COMUNI_NON_SOMMANO,
    ETA_NON_SOMMANO,
    PARTI_NON_SOMMANO,
    SESSI_NON_SOMMANO,
)
from bgest_analysis.clean.official.tidy import popolazione, popolazione_province, tidy_rows
from bgest_analysis.clean.official.years import first_of_january, read_years
from bgest_analysis.read.raw import RawTable

SEXES = {"1": "M", "2": "F", "9": "T", "M": "M", "F": "F", "T": "T"}
STATUSES = {"p": "provvisorio", "e": "provvisorio"}
ALL_AGES = frozenset({"TOTAL", ""})
ALL_STATES = frozenset({"99", "9", "TOTAL", ""})
AGES = frozenset({*(str(age) for age in range(100)), "100+"})
STATELESS = "XXA"
_AGE = re.compile(r"Y(\d{1,2})$")


def clean_sdmx_popolazione(raw: RawTable, places: KnownPlaces) -> CleanedOfficial:
    """Tables ``popolazione`` (comuni) and ``popolazione_province``, 1 January of each year."""
    ledger = Ledger(raw)
    kinds = ledger.layout.facts["tipi_dato"]
    _keep_only(ledger, "tipo_dato", set(kinds))
    _keep_only(ledger, "stato_civile", ALL_STATES)
    _keep_only(ledger, "frequenza", {"A", ""})
    eta = _ages(ledger)
    provinces, comuni = read_areas(ledger, "area")
    codes = read_codes(ledger, "area", places, comuni)
    facts = {
        "cittadinanza": ledger.text("tipo_dato").map(kinds).fillna("").astype("str"),
        "anno": read_years(ledger, "anno"),
        "sesso": _coded(ledger, "sesso", SEXES),
        "eta": eta,
    }
    n = check_counts(ledger, "n")
    area = codes.where(comuni, provinces)
    check_keys(ledger, {"area": area, **facts}, "area")
    _check_sums(ledger, area, facts, n)
    frame = pd.DataFrame({"provincia": area.str[:3], **facts, "n": n})
    compared = covered(frame, codes, comuni, places)
    check_provinces(ledger, COMUNI_NON_SOMMANO, frame, comuni, compared, "n")
    days = first_of_january(facts["anno"])
    today = follow_mergers(ledger, codes, days, "area", places)
    drop_elsewhere(ledger, today, "area", places, comuni)
    drop_other_provinces(ledger, provinces, "area", places, ~comuni)
    columns = {**facts, "n": n, "stato_dato": _statuses(ledger)}
    return ledger.finish(_by_level(ledger, comuni, today, provinces, columns))


def _by_level(
    ledger: Ledger,
    comuni: Mask,
    codes: pd.Series,
    provinces: pd.Series,
    columns: Mapping[str, pd.Series],
) -> dict[str, pd.DataFrame]:
    alive = ledger.alive
    of_comuni = tidy_rows(ledger, alive & comuni, {"cod_istat": codes, **columns})
    of_provinces = tidy_rows(ledger, alive & ~comuni, {"cod_provincia": provinces, **columns})
    tables = {
        "popolazione": popolazione([of_comuni]),
        "popolazione_province": popolazione_province([of_provinces]),
    }
    return {name: table for name, table in tables.items() if len(table)} or {
        "popolazione": tables["popolazione"]
    }


def _check_sums(
    ledger: Ledger, area: pd.Series, facts: Mapping[str, pd.Series], n: pd.Series
) -> None:
    frame = pd.DataFrame({"area": area, **facts, "n": n})
    check_parts(ledger, SESSI_NON_SOMMANO, frame, "sesso", ("M", "F"), "T", "n")
    check_parts(ledger, ETA_NON_SOMMANO, frame, "eta", AGES, "tot", "n")


def _keep_only(ledger: Ledger, role: str, values: set[str] | frozenset[str]) -> None:
    """Take out the rows of breakdowns that no table of ours has."""
    if ledger.has(role):
        other = ~ledger.text(role).isin(list(values)).to_numpy(dtype=bool)
        ledger.apply(ALTRA_DIMENSIONE, other, role)


def _coded(ledger: Ledger, role: str, codes: Mapping[str, str]) -> pd.Series:
    """Translate a column of codes; rows with another code stand aside."""
    text = ledger.text(role)
    unknown = ~text.isin(list(codes)).to_numpy(dtype=bool)
    ledger.apply(CODICE_NON_AMMESSO, unknown, role, text)
    return text.map(codes).fillna("").astype("str")


def _ages(ledger: Ledger) -> pd.Series:
    if not ledger.has("eta"):
        return pd.Series(["tot"] * ledger.n, dtype="str")
    text = ledger.text("eta")
    codes = {form: _age(form) for form in text.unique()}
    eta = text.map(codes).astype("str")
    ledger.apply(ALTRA_DIMENSIONE, eta.eq("").to_numpy(dtype=bool), "eta")
    return eta


def _age(form: str) -> str:
    if form in ALL_AGES:
        return "tot"
    if form in ("Y_GE100", "Y100", "Y_GE_100"):
        return "100+"
    found = _AGE.match(form)
    return str(int(found.group(1))) if found else ""


def _statuses(ledger: Ledger) -> pd.Series:
    if not ledger.has("stato"):
        return pd.Series(["definitivo"] * ledger.n, dtype="str")
    flags = ledger.text("stato").str.casefold()
    return flags.map(STATUSES).fillna("definitivo").astype("str")


def clean_sdmx_cittadinanza(raw: RawTable, places: KnownPlaces) -> CleanedOfficial:
    """Tables ``stranieri_province`` (totals, EU) and ``stranieri_provincia`` (countries, if any).

    Areas of the world are checked against the total and left out; ``EU28`` is the Union without
    Italy of the file's year, whatever its label says.
    """
    ledger = Ledger(raw)
    layout = ledger.layout.facts
    _keep_only(ledger, "tipo_dato", set(layout["tipi_dato"]))
    _keep_only(ledger, "stato_civile", ALL_STATES)
    _keep_only(ledger, "eta", ALL_AGES)
    provinces, comuni = read_areas(ledger, "area")
    ledger.apply(ALTRA_DIMENSIONE, comuni, "area")
    facts = {
        "provincia": provinces,
        "anno": read_years(ledger, "anno"),
        "sesso": _coded(ledger, "sesso", SEXES),
        "cittadinanza": ledger.text("cittadinanza"),
    }
    n = check_counts(ledger, "n")
    countries = _countries(ledger, facts["cittadinanza"])
    check_keys(ledger, facts, "cittadinanza")
    frame = pd.DataFrame({**facts, "n": n})
    check_parts(ledger, SESSI_NON_SOMMANO, frame, "sesso", ("M", "F"), "T", "n")
    _check_areas(ledger, frame, countries)
    drop_other_provinces(ledger, provinces, "area", places)
    return ledger.finish(_citizenship_tables(ledger, facts, n, countries))


def _countries(ledger: Ledger, text: pd.Series) -> pd.Series:
    """Return ISO3 of the rows of one country, "" for groups; unknown codes stand aside.

    In a file of areas alone the stateless are one more area.
    """
    layout = ledger.layout.facts
    groups = {layout["totale"], *layout["unione"], *layout["aree"]}
    iso3 = text.map(country_by_iso2()).fillna("").astype("str")
    single = iso3.ne("").to_numpy(dtype=bool)
    stateless = text.eq(layout["apolidi"]).to_numpy(dtype=bool)
    unknown = ~single & ~stateless & ~text.isin(list(groups)).to_numpy(dtype=bool)
    ledger.apply(CITTADINANZA_SCONOSCIUTA, unknown, "cittadinanza", text)
    return iso3.mask(stateless, STATELESS) if single.any() else iso3


def _check_areas(ledger: Ledger, frame: pd.DataFrame, countries: pd.Series) -> None:
    """Areas of the world (leaves only) and stateless add up to the total."""
    layout = ledger.layout.facts
    named = set(frame["cittadinanza"].unique())
    if countries.ne("").any():
        parts = [str(code) for code in frame["cittadinanza"][countries.ne("")].unique()]
    else:
        leaves = {
            code
            for code in (*layout["aree"], *layout["unione"], layout["apolidi"])
            if code in named
        }
        parts = [code for code in leaves if not any(o.startswith(f"{code}_") for o in leaves)]
    check_parts(
        ledger,
        PARTI_NON_SOMMANO,
        frame,
        "cittadinanza",
        parts,
        layout["totale"],
        "n",
        complete=False,
    )


def _citizenship_tables(
    ledger: Ledger, facts: Mapping[str, pd.Series], n: pd.Series, countries: pd.Series
) -> dict[str, pd.DataFrame]:
    layout = ledger.layout.facts
    text = facts["cittadinanza"]
    single = countries.ne("").to_numpy(dtype=bool)
    group = ~single & ~text.isin([layout["totale"], *layout["unione"]]).to_numpy(dtype=bool)
    ledger.apply(AGGREGATO_CITTADINANZA, group, "cittadinanza", text)
    by_sex = ~single & facts["sesso"].ne("T").to_numpy(dtype=bool)
    ledger.apply(ALTRA_DIMENSIONE, by_sex, "sesso")
    tables = {}
    if single.any():
        tables["stranieri_provincia"] = stranieri_provincia(ledger, single, facts, n, countries)
    totals = ~single & text.eq(layout["totale"]).to_numpy(dtype=bool)
    union = ~single & ~totals
    tables["stranieri_province"] = stranieri_province(ledger, facts, n, totals, union)
    return tables


def stranieri_provincia(
    ledger: Ledger,
    where: Mask,
    facts: Mapping[str, pd.Series],
    n: pd.Series,
    countries: pd.Series,
) -> pd.DataFrame:
    """Return the table of foreigners by province, country and sex."""
    kept = ledger.alive & where
    years = facts["anno"].fillna(1900).astype("int64")
    ue = [c in eu_members(y) for c, y in zip(countries, years, strict=True)]
    columns = {
        "cod_provincia": facts["provincia"],
        "anno": facts["anno"],
        "cittadinanza_iso3": countries,
        "sesso": facts["sesso"],
        "n": n,
        "ue": pd.Series(pd.array(ue, dtype="boolean")),
    }
    return tidy_rows(ledger, kept, columns)


def stranieri_province(
    ledger: Ledger,
    facts: Mapping[str, pd.Series],
    n: pd.Series,
    totals: Mask,
    union: Mask,
) -> pd.DataFrame:
    """Return foreigners and EU citizens among them, one row a province and year."""
    alive = ledger.alive
    key = ["cod_provincia", "anno"]
    columns = {"cod_provincia": facts["provincia"], "anno": facts["anno"]}
    all_of_them = tidy_rows(ledger, alive & totals, {**columns, "stranieri": n})
    citizens = tidy_rows(ledger, alive & union, {**columns, "stranieri_ue": n})
    joined = all_of_them.merge(citizens[[*key, "stranieri_ue"]], on=key, how="left")
    return joined[[*key, "stranieri", "stranieri_ue", "fonte_file", "fonte_riga"]]


def clean_sdmx_permessi(raw: RawTable, places: KnownPlaces) -> CleanedOfficial:
    """Table ``permessi_provincia``: permits of non-EU citizens by province, duration and sex."""
    ledger = Ledger(raw)
    layout = ledger.layout.facts
    _keep_only(ledger, "tipo_dato", set(layout["tipi_dato"]))
    _keep_only(ledger, "cittadinanza_recente", {"WORLD", ""})
    _keep_only(ledger, "motivo", {"ALL", "TOTAL", ""})
    _keep_only(ledger, "eta", ALL_AGES)
    _keep_only(ledger, "stato_civile", ALL_STATES)
    provinces, comuni = read_areas(ledger, "area")
    ledger.apply(ALTRA_DIMENSIONE, comuni, "area")
    facts = {
        "cod_provincia": provinces,
        "anno": read_years(ledger, "anno"),
        "durata_permesso": _coded(ledger, "durata", layout["durate"]),
        "sesso": _coded(ledger, "sesso", SEXES),
    }
    n = check_counts(ledger, "n")
    check_keys(ledger, facts, "area")
    frame = pd.DataFrame({**facts, "n": n})
    check_parts(ledger, SESSI_NON_SOMMANO, frame, "sesso", ("M", "F"), "T", "n")
    durations = ("lungo_periodo", "a_termine")
    check_parts(ledger, PARTI_NON_SOMMANO, frame, "durata_permesso", durations, "tot", "n")
    drop_other_provinces(ledger, provinces, "area", places)
    table = tidy_rows(ledger, ledger.alive, {**facts, "n": n})
    return ledger.finish({"permessi_provincia": table})
