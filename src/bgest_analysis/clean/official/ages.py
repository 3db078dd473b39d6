"""demo.istat.it, by age and sex: POSAS (all residents) and STRASA (foreigners), 1 January."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping

import numpy as np
import pandas as pd

from bgest_analysis.clean.official.groups import check_parts
from bgest_analysis.clean.official.keys import check_keys
from bgest_analysis.clean.official.ledger import Ledger
from bgest_analysis.clean.official.mergers import follow_mergers
from bgest_analysis.clean.official.model import CleanedOfficial, KnownPlaces
from bgest_analysis.clean.official.numbers import against, check_counts, differs
from bgest_analysis.clean.official.places import (
    drop_elsewhere,
    drop_other_provinces,
    read_codes,
    read_province_codes,
)
from bgest_analysis.clean.official.rules import (
    CODICE_NON_AMMESSO,
    ETA_NON_SOMMANO,
    SESSI_NON_SOMMANO,
)
from bgest_analysis.clean.official.tidy import popolazione, popolazione_province, tidy_rows
from bgest_analysis.clean.official.years import year_of
from bgest_analysis.read.raw import RawTable
from bgest_analysis.vocabulary.matcher import fold

TOTAL, OLDEST = "tot", "100+"
AGES = frozenset({*(str(age) for age in range(100)), OLDEST})
_TOTALS = frozenset({"999", "totale", "total", "tot"})
_PLAIN = re.compile(r"0*([0-9]{1,2})(?:\.0+)?$")
_OLDEST = re.compile(r"100( e piu| e oltre| anni e piu| anni e oltre| and over| and more| over)?$")


def clean_eta_comuni(raw: RawTable, places: KnownPlaces) -> CleanedOfficial:
    """Table ``popolazione``: comune, age (``tot`` is the file's 999) and sex.

    A file without a total column gives the total of each age as males + females.
    """
    ledger = Ledger(raw)
    year = year_of(ledger, raw)
    codes = read_codes(ledger, "cod_istat", places)
    eta, counts = _check_ages(ledger, codes, "cod_istat")
    days = [dt.date(year, 1, 1)] * ledger.n
    today = follow_mergers(ledger, codes, days, "cod_istat", places)
    drop_elsewhere(ledger, today, "cod_istat", places)
    parts = _tidy(ledger, {"cod_istat": today}, eta, counts, year)
    return ledger.finish({"popolazione": popolazione(parts)})


def clean_eta_province(raw: RawTable, places: KnownPlaces) -> CleanedOfficial:
    """Table ``popolazione_province``: province, age and sex."""
    ledger = Ledger(raw)
    year = year_of(ledger, raw)
    codes = read_province_codes(ledger, "cod_provincia")
    eta, counts = _check_ages(ledger, codes, "cod_provincia")
    drop_other_provinces(ledger, codes, "cod_provincia", places)
    parts = _tidy(ledger, {"cod_provincia": codes}, eta, counts, year)
    return ledger.finish({"popolazione_province": popolazione_province(parts)})


def _check_ages(
    ledger: Ledger, codes: pd.Series, role: str
) -> tuple[pd.Series, dict[str, pd.Series]]:
    text = ledger.text("eta")
    eta = text.map({form: read_age(form) for form in text.unique()}).astype("str")
    ledger.apply(CODICE_NON_AMMESSO, eta.eq("").to_numpy(dtype=bool), "eta", text)
    counts = {sex: check_counts(ledger, sex) for sex in ("M", "F")}
    both = counts["M"] + counts["F"]
    if ledger.has("T"):
        counts["T"] = check_counts(ledger, "T")
        wrong = differs(both, counts["T"])
        ledger.apply(SESSI_NON_SOMMANO, wrong, "T", against(both, counts["T"]))
    check_keys(ledger, {role: codes, "eta": eta}, role)
    for sex, n in counts.items():
        frame = pd.DataFrame({"codice": codes, "eta": eta, "n": n})
        check_parts(ledger, ETA_NON_SOMMANO, frame, "eta", AGES, TOTAL, sex, complete=False)
    return eta, {**counts, "T": counts.get("T", both)}


def read_age(form: str) -> str:
    """Return an age as ``"0"``…``"99"``, ``"100+"``, ``"tot"``; "" if it is none."""
    folded = fold(form.replace("+", " e più"))
    if folded in _TOTALS:
        return TOTAL
    if _OLDEST.match(folded):
        return OLDEST
    plain = _PLAIN.match(form)
    return str(int(plain.group(1))) if plain else ""


def _tidy(
    ledger: Ledger,
    place: Mapping[str, pd.Series],
    eta: pd.Series,
    counts: Mapping[str, pd.Series],
    year: int,
) -> list[pd.DataFrame]:
    facts = {
        "anno": year,
        "eta": eta,
        "cittadinanza": str(ledger.layout.facts["cittadinanza"]),
        "stato_dato": _status(ledger.raw),
    }
    alive = np.asarray(ledger.alive, dtype=bool)
    return [
        tidy_rows(ledger, alive, {**place, **facts, "sesso": sex, "n": counts[sex]})
        for sex in ("M", "F", "T")
    ]


def _status(raw: RawTable) -> str:
    title = fold(raw.remarks.get("titolo", "") + " " + raw.remarks.get("nota", ""))
    if "ricostru" in title:
        return "ricostruito"
    provisional = re.search(r"\b(stima|provvisor\w*|estimate\w*|provisional)\b", title)
    return "provvisorio" if provisional else "definitivo"
