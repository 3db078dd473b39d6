"""The headline results of coverage and equity, as fields of ``notebook.door.Result``."""

from __future__ import annotations

from typing import Any

import pandas as pd

from bgest_analysis.pages.areas import one_row
from bgest_analysis.pages.modello.risultati import absent
from bgest_analysis.pages.modello.words import hidden
from bgest_analysis.text.formats import is_missing
from bgest_analysis.workspace import DISTRETTO


def people(copertura: pd.DataFrame, area: str) -> list[dict[str, Any]]:
    """Return P1, with the range of doubles, and P4, with chance."""
    row = one_row(copertura, area=area)
    return [
        _result(
            row,
            ("P1", area, "raggiunti_persone"),
            ("persone", "persone_minimo", "schede"),
            "campo dei doppioni",
            "media",
        ),
        _result(
            row,
            ("P4", area, "raggiunti_tasso"),
            ("tasso", "tasso_caso_basso", "tasso_caso_alto"),
            "Poisson 95%; doppioni e denominatore a parte",
            "media",
        ),
    ]


def inequality(indici: pd.DataFrame, area: str) -> list[dict[str, Any]]:
    """Return M10, Theil of the hours, for the whole only."""
    rows = indici[(indici["misura"] == "M2") & (indici["indice"] == "theil")]
    if area != DISTRETTO or rows.empty or is_missing(rows.iloc[0]["valore"]):
        return []
    names = ("valore", "basso", "alto")
    place = ("M10", area, "equita_theil")
    return [_result(rows.iloc[0], place, names, "bootstrap di Poisson 95%", "media", "n")]


def requests(
    domanda: pd.DataFrame, lingue: pd.DataFrame, attese: pd.DataFrame, area: str
) -> list[dict[str, Any]]:
    """Return M7, M8 and M9 of an area."""
    unmet = domanda[
        (domanda["area"] == area)
        & (domanda["lingua"] == "tutte")
        & (domanda["servizio"] == "tutti")
    ]
    waiting = attese[(attese["area"] == area) & (attese["gruppo"] == "tutte")]
    spoken = lingue[lingue["area"] == area]
    return [
        _first(unmet, ("M7", area, "domanda_frase"),
               ("quota_inevase", "quota_inevase_basso", "quota_inevase_alto"), "Wilson 95%"),
        _first(waiting, ("M8", area, "attese_frase"),
               ("mediana", "mediana_basso", "mediana_alto"), "Brookmeyer-Crowley 95%"),
        _first(spoken, ("M9", area, "lingue_frase"), ("hhi", "", ""), "nessuno"),
    ]  # fmt: skip


def _first(
    rows: pd.DataFrame, place: tuple[str, str, str], names: tuple[str, str, str], kind: str
) -> dict[str, Any]:
    if rows.empty:
        return absent(*place, "nessuna richiesta nel registro")
    return _result(rows.iloc[0], place, names, kind, "media", "richieste")


def _result(
    row: pd.Series,
    place: tuple[str, str, str],
    names: tuple[str, str, str],
    kind: str,
    strength: str,
    n: str = "persone",
) -> dict[str, Any]:
    value, low, high = names
    code, area, block = place
    if is_missing(row[value]):
        why = "non mostrato, a tutela delle persone" if hidden(row, value) else "non stimabile"
        return absent(code, area, block, why)
    ends = [None if not name or is_missing(row[name]) else float(row[name]) for name in (low, high)]
    return {
        "codice": code,
        "ambito": area,
        "stima": float(row[value]),
        "basso": ends[0],
        "alto": ends[1],
        "n": None if is_missing(row[n]) else int(row[n]),
        "intervallo": kind,
        "forza": strength,
        "blocco": block,
    }
