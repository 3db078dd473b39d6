"""demo.istat.it, RCS: residents by comune and single citizenship, 1 January."""

from __future__ import annotations

import numpy as np
import pandas as pd

from bgest_analysis.clean.official.countries import (
    ITALY,
    aggregates,
    country_by_istat_code,
    eu_members,
)
from bgest_analysis.clean.official.groups import check_provinces, covered
from bgest_analysis.clean.official.keys import check_keys
from bgest_analysis.clean.official.ledger import Ledger
from bgest_analysis.clean.official.mergers import follow_mergers
from bgest_analysis.clean.official.model import CleanedOfficial, KnownPlaces
from bgest_analysis.clean.official.numbers import against, check_counts, differs
from bgest_analysis.clean.official.places import drop_elsewhere, read_codes
from bgest_analysis.clean.official.rules import (
    AGGREGATO_CITTADINANZA,
    AGGREGATO_TERRITORIALE,
    CITTADINANZA_SCONOSCIUTA,
    COMUNI_NON_SOMMANO,
    SESSI_NON_SOMMANO,
    SUBTOTALE_PROVINCIA,
)
from bgest_analysis.clean.official.tidy import popolazione, tidy_rows
from bgest_analysis.clean.official.years import first_of_january, read_years, year_of
from bgest_analysis.read.raw import RawTable
from bgest_analysis.vocabulary.matcher import fold

SEXES = ("M", "F", "T")


def clean_rcs(raw: RawTable, places: KnownPlaces) -> CleanedOfficial:
    """Table ``popolazione``: comune, citizenship (ISO3, Italy included), sex.

    Adds, for the comuni none of whose rows stands aside, the sums ``tutti``, ``stranieri``,
    ``ue`` (EU citizens who are not Italian) and ``extra_ue`` (stateless included).
    """
    ledger = Ledger(raw)
    years = _years(ledger, raw)
    text = ledger.text("cod_istat")
    provinces = text.str.fullmatch(r"\d{3}").to_numpy(dtype=bool)
    larger = text.str.fullmatch(r"\d{1,2}|IT[A-Z0-9]{0,4}|[Ii]talia").to_numpy(dtype=bool)
    ledger.apply(AGGREGATO_TERRITORIALE, larger, "cod_istat")
    comuni = ~provinces & ~larger
    codes = read_codes(ledger, "cod_istat", places, comuni)
    countries = _countries(ledger)
    counts = _counts(ledger)
    area = codes.where(comuni, text)
    key = {"area": area, "anno": years, "cittadinanza": countries}
    check_keys(ledger, key, "cod_istat")
    frame = pd.DataFrame(
        {"provincia": area.str[:3], "anno": years, "cittadinanza": countries, "n": counts["T"]}
    )
    compared = covered(frame, codes, comuni, places)
    check_provinces(ledger, COMUNI_NON_SOMMANO, frame, comuni, compared, "T")
    ledger.apply(SUBTOTALE_PROVINCIA, provinces, "cod_istat")
    today = follow_mergers(ledger, codes, first_of_january(years), "cod_istat", places)
    whole = _untouched(ledger, today)
    drop_elsewhere(ledger, today, "cod_istat", places)
    table = _tidy(ledger, today, years, countries, counts)
    return ledger.finish({"popolazione": with_sums(table, whole)})


def _years(ledger: Ledger, raw: RawTable) -> pd.Series:
    if ledger.has("anno"):
        return read_years(ledger, "anno")
    return pd.Series([year_of(ledger, raw)] * ledger.n, dtype="Int64")


def _countries(ledger: Ledger) -> pd.Series:
    text = ledger.text("cod_stato")
    names = ledger.text("stato")
    known = country_by_istat_code()
    countries = text.map({form: known.get(form.zfill(3), "") for form in text.unique()})
    unknown = countries.eq("").to_numpy(dtype=bool)
    groups = {form for form in names.unique() if fold(form) in aggregates()}
    together = unknown & names.isin(groups).to_numpy(dtype=bool)
    ledger.apply(AGGREGATO_CITTADINANZA, together, "stato", names)
    ledger.apply(CITTADINANZA_SCONOSCIUTA, unknown & ~together, "cod_stato", text + " " + names)
    return countries.astype("str")


def _counts(ledger: Ledger) -> dict[str, pd.Series]:
    counts = {sex: check_counts(ledger, sex) for sex in SEXES if ledger.has(sex)}
    if {"M", "F"} <= counts.keys():
        both = counts["M"] + counts["F"]
        wrong = differs(both, counts["T"])
        ledger.apply(SESSI_NON_SOMMANO, wrong, "T", against(both, counts["T"]))
    return counts


def _untouched(ledger: Ledger, codes: pd.Series) -> set[str]:
    """Comuni none of whose rows stands aside."""
    return set(codes[ledger.alive]) - set(codes[ledger.aside])


def _tidy(
    ledger: Ledger,
    codes: pd.Series,
    years: pd.Series,
    countries: pd.Series,
    counts: dict[str, pd.Series],
) -> pd.DataFrame:
    facts = {
        "cod_istat": codes,
        "anno": years,
        "eta": "tot",
        "cittadinanza": countries,
        "stato_dato": "definitivo",
    }
    alive = np.asarray(ledger.alive, dtype=bool)
    return popolazione(
        [tidy_rows(ledger, alive, {**facts, "sesso": sex, "n": n}) for sex, n in counts.items()]
    )


def with_sums(table: pd.DataFrame, whole: set[str]) -> pd.DataFrame:
    """Add the sums over citizenships of the comuni that are complete."""
    complete = table[table["cod_istat"].isin(whole)]
    members = {year: eu_members(int(year)) for year in complete["anno"].unique()}
    italian = complete["cittadinanza"].eq(ITALY)
    pairs = zip(complete["anno"], complete["cittadinanza"], strict=True)
    union = pd.Series(
        [country in members[year] for year, country in pairs], index=complete.index, dtype="bool"
    )
    groups = {
        "tutti": complete,
        "stranieri": complete[~italian],
        "ue": complete[union & ~italian],
        "extra_ue": complete[~union & ~italian],
    }
    has_italians = set(complete.loc[italian, "cod_istat"])
    groups["tutti"] = complete[complete["cod_istat"].isin(has_italians)]
    sums = [_sum(rows.assign(cittadinanza=name)) for name, rows in groups.items()]
    return pd.concat([table, *sums], ignore_index=True)


def _sum(rows: pd.DataFrame) -> pd.DataFrame:
    key = ["cod_istat", "anno", "sesso", "eta", "cittadinanza", "stato_dato"]
    grouped = rows.groupby(key, as_index=False, sort=False)
    summed = grouped.agg(
        n=("n", "sum"), fonte_file=("fonte_file", "first"), fonte_riga=("fonte_riga", "min")
    )
    return summed[list(rows.columns)]
