"""Incomes by comune: MEF's yearly files (every edition since 2000) and the project's table."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd

from bgest_analysis.clean.official.keys import check_keys
from bgest_analysis.clean.official.ledger import Ledger
from bgest_analysis.clean.official.mergers import follow_mergers
from bgest_analysis.clean.official.model import PROVENANCE, CleanedOfficial, KnownPlaces
from bgest_analysis.clean.official.numbers import check_counts, compared
from bgest_analysis.clean.official.places import drop_elsewhere, drop_totals, read_codes
from bgest_analysis.clean.official.rules import PARTI_NON_SOMMANO, SENZA_COMUNE
from bgest_analysis.clean.official.tidy import sum_parts, tidy_rows
from bgest_analysis.clean.official.years import first_of_january, read_years
from bgest_analysis.read.raw import RawTable

COLUMNS = ("cod_istat", "anno_imposta", "contribuenti", "imponibile_freq", "imponibile_eur")
_NO_CODE = re.compile(r"0*$")
_NO_COMUNE = re.compile(r"^(0*|non indicat[oa]|comune assente.*|mancante.*)$", re.IGNORECASE)


def clean_redditi(raw: RawTable, places: KnownPlaces) -> CleanedOfficial:
    """Table ``redditi``: taxpayers and taxable income, one row a comune and tax year.

    MEF leaves a frequency and its amount empty where they are few: they stay missing.
    """
    ledger = Ledger(raw)
    drop_residual(ledger)
    drop_totals(ledger, *[role for role in ("cod_istat", "nome") if ledger.has(role)])
    codes = read_codes(ledger, "cod_istat", places)
    years = read_years(ledger, "anno_imposta")
    payers = check_counts(ledger, "contribuenti")
    frequency = check_counts(ledger, "imponibile_freq", may_miss=True)
    amount = check_counts(ledger, "imponibile_eur", signed=True, may_miss=True)
    more = np.asarray(frequency.gt(payers).fillna(False), dtype=bool)
    shown = compared(frequency, payers, more, ">")
    ledger.apply(PARTI_NON_SOMMANO, more, "imponibile_freq", shown)
    check_keys(ledger, {"cod_istat": codes, "anno_imposta": years}, "cod_istat")
    today = follow_mergers(ledger, codes, first_of_january(years), "cod_istat", places)
    drop_elsewhere(ledger, today, "cod_istat", places)
    table = tidy_rows(
        ledger,
        ledger.alive,
        {
            "cod_istat": today,
            "anno_imposta": years,
            "contribuenti": payers,
            "imponibile_freq": frequency,
            "imponibile_eur": amount.astype("Float64"),
        },
    )
    return ledger.finish({"redditi": _summed(table)})


def drop_residual(ledger: Ledger) -> None:
    """Take out the row of incomes that MEF cannot attribute to a comune."""
    if not ledger.has("nome"):
        return
    codes, names = ledger.text("cod_istat"), ledger.text("nome")
    nowhere = codes.str.fullmatch(_NO_CODE.pattern) & names.str.fullmatch(
        _NO_COMUNE.pattern, flags=re.IGNORECASE
    )
    ledger.apply(SENZA_COMUNE, nowhere.to_numpy(dtype=bool), "nome")


def _summed(table: pd.DataFrame) -> pd.DataFrame:
    values = ["contribuenti", "imponibile_freq", "imponibile_eur"]
    ordered = table[[*COLUMNS, *PROVENANCE]]
    return sum_parts(ordered, ["cod_istat", "anno_imposta"], values)
