"""Names of outcomes, methods and reasons, and values in the unit of their outcome."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bgest_analysis.impact.effetti import (
    ALL_ROWS,
    CR2,
    DOSE,
    FEW_MONTHS,
    NO_SHOCKS,
    RANDOM,
    THIN_MONTHS,
    WILD,
)
from bgest_analysis.impact.scaglionata import CALLAWAY, SUN, UNBALANCED
from bgest_analysis.impact.sintetico import FEW_DONORS, SHORT_WINDOW
from bgest_analysis.indicators.adozione import (
    CONFOUNDED,
    FEW_AMBITI,
    NO_DATES,
    NO_ROWS,
    ONE_COHORT,
    ONE_SIDE,
)
from bgest_analysis.text.formats import is_missing
from bgest_analysis.text.messages import Message, T

ESITI = {
    "autonomia": T("Autonomia nel caso (punti, scala 0–3)"),
    "attivazione": T("Interventi orientati all'attivazione (punti percentuali)"),
    "attesa": T("Attesa delle richieste non urgenti (giorni)"),
}
SCALES = {"autonomia": 1.0, "attivazione": 100.0, "attesa": 1.0}
SPECS = {"autonomia": "sdec2", "attivazione": "sdec1", "attesa": "sdec1"}
METODI = {
    CR2: T("Effetti di Ambito e periodo, errori CR2"),
    WILD: T("Lo stesso, wild bootstrap enumerato per intero"),
    RANDOM: T("Lo stesso, test di casualizzazione"),
    DOSE: T("Per ogni anno dall'adozione, errori CR2"),
    CALLAWAY: T("Callaway–Sant'Anna, jackknife tra Ambiti"),
    SUN: T("Sun–Abraham, jackknife tra Ambiti"),
}
VERSIONI = {
    ALL_ROWS: T("tutti i mesi"),
    NO_SHOCKS: T("senza i mesi di COVID-19 e i primi dell'Ucraina"),
    "senza_termini": T("senza termini per le emergenze"),
    "con_termini": T("con termini per COVID-19 e Ucraina"),
    "mesi_esclusi": T("mesi delle emergenze esclusi"),
    "semestre": T("medie per semestre"),
    "anno": T("medie per anno"),
    "": T("nessuna"),
}
_REASONS = (
    T("nessuna data di adozione documentata"),
    T("nessuna osservazione dell'esito negli Ambiti con adozione nota"),
    T("troppo pochi Ambiti con adozione nota e osservazioni"),
    T("tutti gli Ambiti hanno adottato nello stesso periodo: manca un confronto"),
    T("troppo poche osservazioni prima o dopo l'adozione"),
    T("l'adozione non si distingue dagli effetti di Ambito e periodo"),
    T("pannello incompleto: in troppi periodi un Ambito non ha osservazioni"),
    T("meno di 24 mesi osservati, o nessuna adozione nel periodo"),
    T("meno di 8 osservazioni nel mese mediano: la serie sarebbe solo rumore"),
    T("meno casi della soglia di riservatezza"),
    T("meno di tre Ambiti che adottano più tardi: troppo pochi donatori"),
    T(
        "servono due periodi prima dell'adozione e uno dopo, con osservazioni in tutti gli Ambiti "
        "del confronto"
    ),
)
REASONS = {reason.template: reason for reason in _REASONS}
KNOWN_REASONS = (
    NO_DATES, NO_ROWS, FEW_AMBITI, ONE_COHORT, ONE_SIDE, CONFOUNDED, UNBALANCED, FEW_MONTHS,
    THIN_MONTHS, FEW_DONORS, SHORT_WINDOW,
)  # fmt: skip


def reason(text: str) -> Message | str:
    """Return a reason in a form that can be translated; an unknown one keeps its words."""
    return REASONS.get(text, text)


def in_unit(row: Mapping[Any, Any], column: str) -> Message:
    """Return a value of an outcome in the unit a reader knows, with its sign."""
    if is_missing(row[column]):
        return T("non stimabile")
    outcome = str(row["esito"])
    value = float(row[column]) * SCALES[outcome]
    return Message("{v:" + SPECS[outcome] + "}", {"v": value})


def interval(row: Mapping[Any, Any]) -> Message:
    """Return an interval in words, or the reason why there is none."""
    if is_missing(row["stima"]):
        return T("{why}", why=reason(str(row["motivo"])))
    if is_missing(row["basso"]) or is_missing(row["alto"]):
        return T("nessuno")
    return T("da {a} a {b}", a=in_unit(row, "basso"), b=in_unit(row, "alto"))
