"""The project's own tables of the territory: same rules as the official files."""

from __future__ import annotations

from collections.abc import Collection

import numpy as np
import pandas as pd

from bgest_analysis.clean.official.countries import eu_members, known_countries
from bgest_analysis.clean.official.groups import check_parts
from bgest_analysis.clean.official.keys import check_keys
from bgest_analysis.clean.official.ledger import Ledger
from bgest_analysis.clean.official.mergers import follow_mergers
from bgest_analysis.clean.official.model import CleanedOfficial, KnownPlaces
from bgest_analysis.clean.official.numbers import check_counts, compared, differs
from bgest_analysis.clean.official.places import (
    drop_elsewhere,
    drop_other_provinces,
    read_codes,
    read_province_codes,
)
from bgest_analysis.clean.official.rules import (
    CITTADINANZA_SCONOSCIUTA,
    CODICE_NON_AMMESSO,
    SESSI_NON_SOMMANO,
    STRANIERI_OLTRE_RESIDENTI,
    UE_DISCORDE,
    UE_OLTRE_STRANIERI,
    VALORE_NON_NUMERICO,
)
from bgest_analysis.clean.official.tidy import popolazione, tidy_rows
from bgest_analysis.clean.official.years import first_of_january, read_years
from bgest_analysis.read.raw import RawTable

STATUSES = frozenset({"definitivo", "provvisorio", "prima_diffusione", "ricostruito"})
SEXES = frozenset({"M", "F", "T"})
BOOLEANS = {
    "true": True,
    "false": False,
    "1": True,
    "0": False,
    "sì": True,
    "si": True,
    "no": False,
    "vero": True,
    "falso": False,
}


def clean_bgest_popolazione(raw: RawTable, places: KnownPlaces) -> CleanedOfficial:
    """Table ``popolazione``: residents (``tutti``) and foreigners (``stranieri``), sex T."""
    ledger = Ledger(raw)
    codes = read_codes(ledger, "cod_istat", places)
    years = read_years(ledger, "anno")
    counts = {
        "tutti": check_counts(ledger, "residenti"),
        "stranieri": check_counts(ledger, "stranieri"),
    }
    check_allowed(ledger, "stato_dato", STATUSES)
    more = np.asarray(counts["stranieri"].gt(counts["tutti"]).fillna(False), dtype=bool)
    shown = compared(counts["stranieri"], counts["tutti"], more, ">")
    ledger.apply(STRANIERI_OLTRE_RESIDENTI, more, "stranieri", shown)
    check_keys(ledger, {"cod_istat": codes, "anno": years}, "cod_istat")
    today = follow_mergers(ledger, codes, first_of_january(years), "cod_istat", places)
    drop_elsewhere(ledger, today, "cod_istat", places)
    parts = [
        tidy_rows(
            ledger,
            ledger.alive,
            {
                "cod_istat": today,
                "anno": years,
                "sesso": "T",
                "eta": "tot",
                "cittadinanza": citizenship,
                "n": n,
                "stato_dato": ledger.text("stato_dato"),
            },
        )
        for citizenship, n in counts.items()
    ]
    return ledger.finish({"popolazione": popolazione(parts)})


def check_allowed(ledger: Ledger, role: str, allowed: Collection[str]) -> None:
    """Put aside the rows whose cell is none of the allowed codes."""
    text = ledger.text(role)
    ledger.apply(CODICE_NON_AMMESSO, ~text.isin(list(allowed)).to_numpy(dtype=bool), role, text)


def clean_bgest_stranieri_provincia(raw: RawTable, places: KnownPlaces) -> CleanedOfficial:
    """Table ``stranieri_provincia``: foreigners of a province by country and sex."""
    ledger = Ledger(raw)
    provinces = read_province_codes(ledger, "cod_provincia", places)
    years = read_years(ledger, "anno")
    n = check_counts(ledger, "n")
    check_allowed(ledger, "sesso", SEXES)
    countries = ledger.text("cittadinanza_iso3")
    unknown = ~countries.isin(known_countries()).to_numpy(dtype=bool)
    ledger.apply(CITTADINANZA_SCONOSCIUTA, unknown, "cittadinanza_iso3", countries)
    ue = _read_ue(ledger, countries, years)
    key = {
        "cod_provincia": provinces,
        "anno": years,
        "cittadinanza_iso3": countries,
        "sesso": ledger.text("sesso"),
    }
    check_keys(ledger, key, "cittadinanza_iso3")
    frame = pd.DataFrame({**key, "n": n})
    check_parts(ledger, SESSI_NON_SOMMANO, frame, "sesso", ("M", "F"), "T", "n")
    drop_other_provinces(ledger, provinces, "cod_provincia", places)
    table = tidy_rows(ledger, ledger.alive, {**key, "n": n, "ue": ue})
    return ledger.finish({"stranieri_provincia": table})


def _read_ue(ledger: Ledger, countries: pd.Series, years: pd.Series) -> pd.Series:
    text = ledger.text("ue").str.casefold()
    check_allowed(
        ledger, "ue", {form for form in ledger.text("ue").unique() if form.casefold() in BOOLEANS}
    )
    values = pd.Series(pd.array([BOOLEANS.get(form) for form in text], dtype="boolean"))
    official = pd.Series(
        pd.array(
            [
                country in eu_members(int(year))
                for country, year in zip(countries, years.fillna(1900), strict=True)
            ],
            dtype="boolean",
        )
    )
    ledger.apply(UE_DISCORDE, differs(values, official), "ue", countries)
    return values


def clean_bgest_stranieri_province(raw: RawTable, places: KnownPlaces) -> CleanedOfficial:
    """Table ``stranieri_province``: foreigners and EU citizens among them, by province."""
    ledger = Ledger(raw)
    provinces = read_province_codes(ledger, "cod_provincia", places)
    years = read_years(ledger, "anno")
    foreigners = check_counts(ledger, "stranieri")
    ue = check_counts(ledger, "stranieri_ue")
    more = np.asarray(ue.gt(foreigners).fillna(False), dtype=bool)
    shown = compared(ue, foreigners, more, ">")
    ledger.apply(UE_OLTRE_STRANIERI, more, "stranieri_ue", shown)
    check_keys(ledger, {"cod_provincia": provinces, "anno": years}, "cod_provincia")
    table = tidy_rows(
        ledger,
        ledger.alive,
        {"cod_provincia": provinces, "anno": years, "stranieri": foreigners, "stranieri_ue": ue},
    )
    return ledger.finish({"stranieri_province": table})


def clean_bgest_slide(raw: RawTable, places: KnownPlaces) -> CleanedOfficial:
    """Table ``slide_incidenza``: the percentages as printed, one row an Ambito."""
    ledger = Ledger(raw)
    text = ledger.text("incidenza_pct").str.replace(",", ".")
    shares = pd.to_numeric(text, errors="coerce").astype("Float64")
    wrong = shares.isna() | ~shares.between(0, 100).fillna(False)
    ledger.apply(VALORE_NON_NUMERICO, wrong, "incidenza_pct", ledger.text("incidenza_pct"))
    ambiti = ledger.text("ambito_id")
    check_keys(ledger, {"ambito_id": ambiti}, "ambito_id")
    table = tidy_rows(
        ledger,
        ledger.alive,
        {"ambito_id": ambiti, "come_scritto": ledger.text("come_scritto"), "incidenza_pct": shares},
    )
    return ledger.finish({"slide_incidenza": table})
