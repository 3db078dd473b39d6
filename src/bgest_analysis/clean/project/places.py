"""Ambiti and comuni of a row: one from the other where that is sure, and what does not agree."""

from __future__ import annotations

import numpy as np
import pandas as pd

from bgest_analysis.clean.project import rules
from bgest_analysis.clean.project.sheet import SheetWork


def complete_ambito(work: SheetWork) -> None:
    """Fill in an Ambito left empty from the comune, or from the name of the sheet.

    A cell whose text was not understood stays for a person: only empty ones are filled.
    """
    ambito = work.values["ambito_id"]
    written = work.texts("ambito_id").str.strip() != ""
    empty = ambito.isna() & ~written
    if "cod_istat" in work.values and empty.any():
        from_comune = work.values["cod_istat"].map(work.context.vocabularies.ambito_di)
        filled = empty & from_comune.notna()
        work.ledger.count(rules.AMBITO_FROM_COMUNE, "ambito_id", int(filled.sum()))
        ambito = ambito.mask(filled, from_comune).astype("str")
        empty &= ~filled
    named = work.context.vocabularies.ambiti.find(work.raw.sheet).codice if work.raw.sheet else None
    if named is not None and not work.has("ambito_id"):
        work.ledger.count(rules.AMBITO_FROM_SHEET, "ambito_id", int(empty.sum()))
        ambito = ambito.mask(empty, named)
    work.values["ambito_id"] = ambito
    _check_hierarchy(work)


def _check_hierarchy(work: SheetWork) -> None:
    if "cod_istat" not in work.values:
        return
    own = work.values["cod_istat"].map(work.context.vocabularies.ambito_di).astype("str")
    stated = work.values["ambito_id"]
    differs = np.asarray((own.notna() & stated.notna() & (own != stated)).fillna(False), dtype=bool)
    work.ledger.apply(rules.COMUNE_ELSEWHERE, differs, "cod_istat")


def refuse_days_ahead(work: SheetWork, names: tuple[str, ...]) -> None:
    """Take out days that come after the date of the study's documents."""
    limit = pd.Timestamp(work.context.study.documenti.data)
    for name in names:
        values = work.values[name]
        ahead = (values > limit).to_numpy(dtype=bool)
        if ahead.any():
            work.ask(work.column(name), rules.DAY_AHEAD, ahead)
            work.values[name] = values.mask(ahead)
