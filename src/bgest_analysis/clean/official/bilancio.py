"""demo.istat.it, demographic balance (P2 all residents, P3 foreign residents) -> popolazione.

Each source row gives the population on 1 January of the file's year and, from 31 December, on
1 January of the next one.
"""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd

from bgest_analysis.clean.official.keys import check_keys
from bgest_analysis.clean.official.ledger import Ledger
from bgest_analysis.clean.official.mergers import follow_mergers
from bgest_analysis.clean.official.model import CleanedOfficial, KnownPlaces
from bgest_analysis.clean.official.numbers import against, check_counts, differs
from bgest_analysis.clean.official.places import drop_elsewhere, drop_totals, read_codes
from bgest_analysis.clean.official.rules import BILANCIO_NON_TORNA, SESSI_NON_SOMMANO
from bgest_analysis.clean.official.tidy import popolazione, tidy_rows
from bgest_analysis.clean.official.years import year_of
from bgest_analysis.read.raw import RawTable
from bgest_analysis.vocabulary.matcher import fold

SEXES = ("M", "F", "T")
FINAL, PROVISIONAL, REBUILT = "definitivo", "provvisorio", "ricostruito"
GAINS = ("saldo_naturale", "saldo_interno", "saldo_estero", "variazioni")


def clean_bilancio(raw: RawTable, places: KnownPlaces) -> CleanedOfficial:
    """Clean a P2 or P3 file.

    Table ``popolazione``: one row per comune, date (two) and sex; age ``tot``, citizenship
    ``tutti`` (P2) or ``stranieri`` (P3). The 31 December figure is provisional where the file
    says so.
    """
    ledger = Ledger(raw)
    year = year_of(ledger, raw)
    drop_totals(ledger, "cod_istat", "nome")
    codes = read_codes(ledger, "cod_istat", places)
    voci = _read_counts(ledger)
    _check_sexes(ledger, voci)
    _check_balance(ledger, voci)
    check_keys(ledger, {"cod_istat": codes}, "cod_istat")
    days = [dt.date(year, 1, 1)] * ledger.n
    today = follow_mergers(ledger, codes, days, "cod_istat", places)
    drop_elsewhere(ledger, today, "cod_istat", places)
    return ledger.finish({"popolazione": _tidy(ledger, today, voci, year)})


def _read_counts(ledger: Ledger) -> dict[str, pd.Series]:
    return {
        role: check_counts(ledger, role, signed=kind == "saldo", may_miss=not needed)
        for kind in ("conteggio", "saldo")
        for role in ledger.layout.kinds(kind)
        if ledger.has(role)
        for needed in (role.startswith(("pop_inizio", "pop_fine")),)
    }


def _check_sexes(ledger: Ledger, voci: dict[str, pd.Series]) -> None:
    for role, total in voci.items():
        base = role.removesuffix("_T")
        if base != role and {f"{base}_M", f"{base}_F"} <= voci.keys():
            parts = voci[f"{base}_M"] + voci[f"{base}_F"]
            ledger.apply(SESSI_NON_SOMMANO, differs(parts, total), role, against(parts, total))


def _check_balance(ledger: Ledger, voci: dict[str, pd.Series]) -> None:
    """Start + balances = end, in the editions that publish all the terms and no adjustment."""
    for sex in SEXES:
        needed = [f"{name}_{sex}" for name in ("pop_inizio", "pop_fine", *GAINS)]
        if f"aggiustamento_{sex}" in voci or not set(needed) <= voci.keys():
            continue
        expected = voci[f"pop_inizio_{sex}"] + sum(voci[f"{name}_{sex}"] for name in GAINS)
        expected = expected - voci.get(f"acquisizioni_{sex}", 0)
        end = voci[f"pop_fine_{sex}"]
        wrong = differs(expected, end)
        if wrong.sum() * 2 < ledger.n or ledger.n < 10:
            ledger.apply(BILANCIO_NON_TORNA, wrong, f"pop_inizio_{sex}", against(expected, end))


def _tidy(ledger: Ledger, codes: pd.Series, voci: dict[str, pd.Series], year: int) -> pd.DataFrame:
    kept = ledger.alive
    citizenship = str(ledger.layout.facts["cittadinanza"])
    start, end = _statuses(ledger)
    parts = [
        tidy_rows(
            ledger,
            kept,
            {
                "cod_istat": codes,
                "anno": anno,
                "sesso": sex,
                "eta": "tot",
                "cittadinanza": citizenship,
                "n": voci[f"{role}_{sex}"],
                "stato_dato": status,
            },
        )
        for role, anno, status in (("pop_inizio", year, start), ("pop_fine", year + 1, end))
        for sex in SEXES
        if f"{role}_{sex}" in voci
    ]
    return popolazione(parts)


def _statuses(ledger: Ledger) -> tuple[str, pd.Series]:
    """Return the status of the figure on 1 January, and row by row that on 31 December."""
    title = fold(ledger.raw.remarks.get("titolo", ""))
    start = REBUILT if "ricostru" in title else FINAL
    flagged = np.full(ledger.n, "provvisor" in title or "provisional" in title, dtype=bool)
    if ledger.has("informazioni"):
        flagged |= ledger.text("informazioni").str.casefold().eq("p").to_numpy(dtype=bool)
    return start, pd.Series(np.where(flagged, PROVISIONAL, start), dtype="str")
