"""ISTAT's lists of comuni: those of today, the abolished ones, their classifications."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd

from bgest_analysis.clean.official.keys import check_keys
from bgest_analysis.clean.official.ledger import Ledger
from bgest_analysis.clean.official.model import CleanedOfficial, KnownPlaces
from bgest_analysis.clean.official.numbers import check_counts
from bgest_analysis.clean.official.places import read_codes
from bgest_analysis.clean.official.rules import (
    CEDUTO_ALL_ESTERO,
    DATA_ILLEGGIBILE,
    VALORE_NON_NUMERICO,
)
from bgest_analysis.clean.official.tidy import tidy_rows
from bgest_analysis.read.raw import RawTable

_ITALIAN_DATE = re.compile(r"(\d{2})/(\d{2})/(\d{4})(?: .*)?$")
_ISO_DATE = re.compile(r"(\d{4})-(\d{2})-(\d{2})(?:T.*)?$")
_ABROAD = r"(?i)stato estero"


def clean_elenco_comuni(raw: RawTable, places: KnownPlaces) -> CleanedOfficial:
    """Table ``comuni_elenco``: every comune of the list, whatever the study's territory."""
    ledger = Ledger(raw)
    codes = read_codes(ledger, "cod_istat", None)
    check_keys(ledger, {"cod_istat": codes}, "cod_istat")
    names = (
        "nome",
        "nome_altra_lingua",
        "provincia",
        "regione",
        "sigla",
        "cod_catastale",
        "cod_nuts3",
    )
    columns = {name: ledger.text(name) for name in names if ledger.has(name)}
    province = ledger.text("cod_provincia").str.zfill(3)
    table = tidy_rows(
        ledger, ledger.alive, {"cod_istat": codes, "cod_provincia": province, **columns}
    )
    return ledger.finish({"comuni_elenco": table})


def clean_comuni_soppressi(raw: RawTable, places: KnownPlaces) -> CleanedOfficial:
    """Table ``variazioni``: an abolished comune, the day, and the one that took its place."""
    ledger = Ledger(raw)
    names = ledger.text("nome_nuovo")
    ledger.apply(CEDUTO_ALL_ESTERO, names.str.match(_ABROAD).to_numpy(dtype=bool), "nome_nuovo")
    old = read_codes(ledger, "cod_istat_soppresso", None, ledger.alive)
    new = read_codes(ledger, "cod_istat_nuovo", None, ledger.alive)
    text = ledger.text("data_evento")
    dates = text.map({form: read_date(form) for form in text.unique()}).astype("str")
    ledger.apply(DATA_ILLEGGIBILE, dates.eq("").to_numpy(dtype=bool), "data_evento", text)
    key = {"cod_istat_soppresso": old, "cod_istat_nuovo": new, "data_evento": dates}
    check_keys(ledger, key, "cod_istat_soppresso")
    table = tidy_rows(
        ledger,
        ledger.alive,
        {
            "cod_istat_soppresso": old,
            "nome_soppresso": ledger.text("nome_soppresso"),
            "data_evento": dates,
            "cod_istat_nuovo": new,
            "nome_nuovo": names,
        },
    )
    return ledger.finish({"variazioni": table})


def read_date(form: str) -> str:
    """Return ``dd/mm/yyyy`` or an ISO date as ISO text, "" if it is neither."""
    italian, iso = _ITALIAN_DATE.match(form), _ISO_DATE.match(form)
    if not italian and not iso:
        return ""
    year, month, day = iso.groups() if iso else reversed(italian.groups()) if italian else ()
    known = pd.to_datetime(f"{year}-{month}-{day}", errors="coerce")
    return "" if known is pd.NaT else f"{year}-{month}-{day}"


def clean_classificazioni(raw: RawTable, places: KnownPlaces) -> CleanedOfficial:
    """Table ``comuni_caratteristiche``: area, legal population, altitude, urbanisation."""
    ledger = Ledger(raw)
    codes = read_codes(ledger, "cod_istat", None)
    check_keys(ledger, {"cod_istat": codes}, "cod_istat")
    measures = {
        name: _measure(ledger, name)
        for name in ("superficie_kmq", "altitudine_m")
        if ledger.has(name)
    }
    counts = {
        name: check_counts(ledger, name, may_miss=True)
        for name in ("popolazione_legale", "popolazione_residente")
        if ledger.has(name)
    }
    classes = {name: ledger.text(name) for name in ("zona_altimetrica", "grado_urbanizzazione")}
    table = tidy_rows(
        ledger,
        ledger.alive,
        {"cod_istat": codes, "nome": ledger.text("nome"), **measures, **counts, **classes},
    )
    return ledger.finish({"comuni_caratteristiche": table})


def _measure(ledger: Ledger, role: str) -> pd.Series:
    """Parse a measure with decimals; an empty cell stays missing."""
    text = ledger.text(role)
    values = pd.to_numeric(text.str.replace(",", "."), errors="coerce").astype("Float64")
    wrong = values.isna() & text.ne("")
    ledger.apply(VALORE_NON_NUMERICO, np.asarray(wrong, dtype=bool), role, text)
    return values
