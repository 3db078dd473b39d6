"""The headline results of the emergency, as fields of ``notebook.door.Result``."""

from __future__ import annotations

from typing import Any

import pandas as pd

from bgest_analysis.impact.ucraina import (
    OTHER_WAIT,
    OWN_HALF_LIFE,
    SIZE,
    VERSIONS,
)
from bgest_analysis.pages.modello.risultati import absent
from bgest_analysis.pages.ucraina.parole import pick
from bgest_analysis.pages.ucraina.pratiche import EMERGENCY, adopted
from bgest_analysis.study.model import Study
from bgest_analysis.text.formats import is_missing
from bgest_analysis.workspace import DISTRETTO

PROFILE = "verosimiglianza profilo 95%"
CODES = {
    "U1": (SIZE, "ondata_tabella", PROFILE),
    "U2": (OWN_HALF_LIFE, "ondata_tabella", PROFILE),
    "U3": (OTHER_WAIT, "altri_tabella", "95%, CR2 con i mesi come gruppi"),
}


def emergency(stime: pd.DataFrame, area: str) -> list[dict[str, Any]]:
    """Return U1 (size), U2 (half-life) and U3 (days more for the others)."""
    return [_row(stime, area, code) for code in CODES]


def _row(stime: pd.DataFrame, area: str, code: str) -> dict[str, Any]:
    measure, block, kind = CODES[code]
    row = pick(stime, measure)
    if is_missing(row.get("stima")):
        sentence = block.replace("_tabella", "_frase")
        return absent(code, area, sentence, str(row["motivo"]))
    ends = [None if is_missing(row[name]) else float(row[name]) for name in ("basso", "alto")]
    return {
        "codice": code, "ambito": area, "stima": float(row["stima"]),
        "basso": ends[0], "alto": ends[1], "n": int(row["n"]), "intervallo": kind,
        "forza": strength(stime, code), "blocco": block,
    }  # fmt: skip


def strength(stime: pd.DataFrame, code: str) -> str:
    """Return ``media`` where both treatments of COVID-19 agree beyond chance, else ``debole``.

    Size: both intervals above zero. Half-life: each version's estimate lies in the other's
    interval, and its ends are less than four times apart. Others' wait: both intervals on the
    same side of zero. Never ``forte``, since nothing untouched stands beside.
    """
    measure = CODES[code][0]
    rows = [pick(stime, measure, version) for version in VERSIONS]
    if any(is_missing(row.get("basso")) or is_missing(row.get("alto")) for row in rows):
        return "debole"
    if code == "U2":
        own = rows[0]
        agree = all(
            row["basso"] <= other["stima"] <= row["alto"]
            for row, other in zip(rows, reversed(rows), strict=True)
        )
        return "media" if agree and float(own["alto"]) < 4 * float(own["basso"]) else "debole"
    above = all(row["basso"] > 0 for row in rows)
    below = all(row["alto"] < 0 for row in rows)
    return "media" if above or below else "debole"


def practices(pratiche: pd.DataFrame, study: Study, area: str) -> list[dict[str, Any]]:
    """Return U4, the Ambiti with a practice born of the emergency; for the whole only."""
    if area != DISTRETTO:
        return []
    rows = adopted(pratiche, study)
    count = rows.loc[rows["componente"] == EMERGENCY, "area"].nunique()
    return [
        {
            "codice": "U4", "ambito": area, "stima": float(count), "basso": None, "alto": None,
            "n": len(study.ambito_ids), "intervallo": "nessuno", "forza": "media",
            "blocco": "prassi_frase",
        }
    ]  # fmt: skip
