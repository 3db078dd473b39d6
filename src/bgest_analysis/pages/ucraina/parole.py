"""Names of the emergency's measures, and values in the unit a reader knows."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from bgest_analysis.impact import ucraina as stime
from bgest_analysis.indicators.rivolti import OTHERS, THEIRS
from bgest_analysis.indicators.ucraina import BEFORE, FIRST, LATER, SECOND
from bgest_analysis.text.formats import is_missing
from bgest_analysis.text.messages import Message, T

GRUPPI = {THEIRS: T("Persone dall'Ucraina"), OTHERS: T("Altre persone")}
PERIODI = {
    BEFORE: T("12 mesi prima"),
    FIRST: T("primi 6 mesi"),
    SECOND: T("mesi da 7 a 12"),
    LATER: T("oltre un anno"),
}
VERSIONI = {
    stime.WITH_TERMS: T("con termini per il COVID-19"),
    stime.WITHOUT_MONTHS: T("senza i mesi di COVID-19"),
}
MISURE = {
    stime.SIZE: T("Richieste in più il primo giorno, in multipli di quelle ordinarie"),
    stime.HALF_LIFE: T("Giorni in cui l'ondata si dimezza, da tutte le richieste"),
    stime.OWN_HALF_LIFE: T("Giorni in cui si dimezza, dalle richieste per persone dall'Ucraina"),
    stime.OTHER_REQUESTS: T("Richieste delle altre persone, variazione il primo giorno"),
    stime.OTHER_HOURS: T("Ore alle altre persone, variazione il primo giorno"),
    stime.OTHER_WAIT: T("Attesa delle altre persone, giorni in più il primo giorno"),
    stime.OTHER_UNMET: T("Richieste inevase delle altre persone, variazione il primo giorno"),
}
SPECS = {
    stime.SIZE: "dec2",
    stime.HALF_LIFE: "int",
    stime.OWN_HALF_LIFE: "int",
    stime.OTHER_REQUESTS: "spct0",
    stime.OTHER_HOURS: "spct0",
    stime.OTHER_WAIT: "sdec1",
    stime.OTHER_UNMET: "spp1",
}
REASONS = {
    stime.NO_DAY: T(
        "il calendario dello studio non ha il giorno dell'invasione (evento «ucraina»)"
    ),
    stime.FEW_MONTHS: T("servono almeno 30 mesi, 12 prima dell'invasione e 6 dopo"),
    stime.THIN_MONTHS: T("meno di 8 richieste nel mese mediano: la serie sarebbe solo rumore"),
    stime.NO_SURGE: T(
        "l'ondata non si distingue dall'andamento ordinario: il tempo di dimezzamento non esiste"
    ),
}


def pick(table: pd.DataFrame, measure: str, version: str = stime.WITH_TERMS) -> dict[str, Any]:
    """Return an estimate as a dict, without value where the estimator had no tables."""
    if "misura" not in table.columns:
        return {"misura": measure, "stima": None, "motivo": str(table["motivo"].iloc[0])}
    rows = table[(table["misura"] == measure) & (table["variante"] == version)]
    return {str(key): value for key, value in rows.iloc[0].to_dict().items()}


def reason(text: str) -> Message | str:
    """Return a reason in a form that can be translated; an unknown one keeps its words."""
    return REASONS.get(text, text)


def in_unit(row: Mapping[str, Any], column: str = "stima") -> Message:
    """Return a value in the unit of its measure, or that there is none."""
    if is_missing(row.get(column)):
        return T("non stimabile")
    spec, value = SPECS[row["misura"]], float(row[column])
    if spec == "spp1":
        return T("{v:sdec1} punti", v=100 * value)
    if spec == "spct0":
        return T("{v:sdec0}%", v=100 * value)
    return Message("{v:" + spec + "}", {"v": value})


def interval(row: Mapping[str, Any]) -> Message:
    """Return an interval in words, one-sided where the data set one limit; or why there is none."""
    if is_missing(row.get("stima")):
        return T("{why}", why=reason(str(row.get("motivo", ""))))
    low, high = is_missing(row["basso"]), is_missing(row["alto"])
    if low and high:
        return T("nessun limite")
    if high:
        return T("da {a} in su", a=in_unit(row, "basso"))
    if low:
        return T("fino a {b}", b=in_unit(row, "alto"))
    return T("da {a} a {b}", a=in_unit(row, "basso"), b=in_unit(row, "alto"))
