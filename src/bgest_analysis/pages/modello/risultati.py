"""The headline results of the mediation model, as fields of ``notebook.door.Result``."""

from __future__ import annotations

from typing import Any

import pandas as pd

from bgest_analysis.pages.areas import one_row
from bgest_analysis.pages.modello.words import hidden, overall
from bgest_analysis.text.formats import is_missing

BLOCKS = {code: f"fedelta_{code}" for code in ("M3", "M4", "M5", "M6")}
KINDS = {
    "registrata": "media",
    "ricodificata": "media",
    "nessuna": "media",
    "tutte": "debole",
    "derivata": "debole",
}


def headlines(quote: pd.DataFrame, regola: pd.DataFrame, area: str) -> list[dict[str, Any]]:
    """Return M3 to M6 of an area; M3 by the rule and its bounds where no phase is recorded."""
    return [_share(quote, regola, code, area) for code in BLOCKS]


def _share(quote: pd.DataFrame, regola: pd.DataFrame, code: str, area: str) -> dict[str, Any]:
    row = overall(quote, code, area)
    if code == "M3" and (row is None or row["origine_variabile"] == "derivata"):
        return _bounded(regola, area)
    if row is None:
        return absent(code, area, f"manca_{BLOCKS[code]}", "la variabile non è registrata")
    if is_missing(row["valore"]):
        return absent(code, area, BLOCKS[code], _why(row, "valore"))
    return {
        **_numbers(row, "valore", "basso", "alto"),
        "codice": code,
        "ambito": area,
        "n": int(row["n"]),
        "intervallo": "Wilson 95%, n effettivo per caso",
        "forza": KINDS[str(row["origine_variabile"])],
        "blocco": BLOCKS[code],
    }


def _bounded(regola: pd.DataFrame, area: str) -> dict[str, Any]:
    rows = regola[regola["area"] == area]
    if rows.empty or is_missing(rows.iloc[0]["quota_regola"]):
        return absent("M3", area, "limiti_frase", "nessun intervento con una tipologia")
    row = rows.iloc[0]
    return {
        **_numbers(row, "quota_regola", "limite_basso", "limite_alto"),
        "codice": "M3",
        "ambito": area,
        "n": int(row["interventi"]),
        "intervallo": "limiti certi, la fase non è registrata",
        "forza": "debole",
        "blocco": "limiti_frase",
    }


def autonomy_headline(autonomia: pd.DataFrame, area: str) -> dict[str, Any]:
    """Return the mean change of autonomy within the cases of an area (E3)."""
    row = one_row(autonomia, area=area)
    if is_missing(row["variazione"]):
        why = _why(row, "variazione")
        block = "autonomia_frase" if hidden(row, "variazione") else "manca_autonomia"
        return absent("E3", area, block, why)
    return {
        **_numbers(row, "variazione", "variazione_basso", "variazione_alto"),
        "codice": "E3",
        "ambito": area,
        "n": int(row["casi_seguiti"]),
        "intervallo": f"95%, {row['metodo']}" if not is_missing(row["metodo"]) else "nessuno",
        "forza": "debole",
        "blocco": "autonomia_frase",
    }


def _numbers(row: pd.Series, value: str, low: str, high: str) -> dict[str, float | None]:
    names = {"stima": value, "basso": low, "alto": high}
    return {key: None if is_missing(row[c]) else float(row[c]) for key, c in names.items()}


def _why(row: pd.Series, column: str) -> str:
    return "non mostrato, a tutela delle persone" if hidden(row, column) else "non stimabile"


def absent(code: str, area: str, block: str, reason: str) -> dict[str, Any]:
    """Return a headline that cannot be given, with its reason."""
    return {
        "codice": code,
        "ambito": area,
        "stima": None,
        "basso": None,
        "alto": None,
        "n": None,
        "intervallo": "nessuno",
        "forza": "non stimabile",
        "blocco": block,
        "motivo": reason,
    }
