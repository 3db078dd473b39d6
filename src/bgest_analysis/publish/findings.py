"""What keeps a file from leaving: where it was found and which rule it breaks, never the value."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from bgest_analysis.text.messages import Message, T


class Rule(StrEnum):
    """What is looked for."""

    NO_RUN = "nessuna_esecuzione"
    INCOMPLETE = "esecuzione_incompleta"
    SUPERSEDED = "superata"
    PROFILE = "profilo"
    CONFIDENTIAL = "riservato"
    SYNTHETIC = "sintetico"
    CHANGED = "file_cambiato"
    FORMAT = "formato"
    SMALL_COUNT = "conteggio_piccolo"
    NOT_ROUNDED = "non_arrotondato"
    OTHER_THRESHOLD = "altra_soglia"
    NOT_A_BLOCK = "uscita_non_controllabile"
    IDENTIFIER = "identificativo"
    PATH = "percorso"
    DIFFERENCE = "differenza"


REMEDIES = {
    Rule.NO_RUN: T("nessuna esecuzione conclusa: bgest run --profile pubblicazione"),
    Rule.INCOMPLETE: T("un lavoro non è riuscito: bgest run --profile pubblicazione"),
    Rule.SUPERSEDED: T("una persona è stata cancellata dopo: rifare bgest run"),
    Rule.PROFILE: T("fatto per uso interno: bgest run --profile pubblicazione"),
    Rule.CONFIDENTIAL: T("riservato al titolare: bgest run --profile pubblicazione"),
    Rule.SYNTHETIC: T("dati sintetici: non si pubblicano"),
    Rule.CHANGED: T("non è il file che l'esecuzione ha scritto: rifare bgest run"),
    Rule.FORMAT: T("formato che l'audit non legge"),
    Rule.SMALL_COUNT: T(
        "conteggio di persone sotto la soglia di pubblicazione: portare soglia_interna alla "
        "soglia di pubblicazione in study.toml, poi bgest run --profile pubblicazione"
    ),
    Rule.NOT_ROUNDED: T("conteggio di persone non arrotondato"),
    Rule.OTHER_THRESHOLD: T("cella nascosta con una soglia più bassa"),
    Rule.NOT_A_BLOCK: T("uscita di un notebook che non è un blocco: mostrarla con run.show"),
    Rule.IDENTIFIER: T("ha la forma di un identificativo di persona"),
    Rule.PATH: T("percorso o nome utente di questa macchina"),
    Rule.DIFFERENCE: T("differisce di poche persone da quanto già pubblicato"),
}


@dataclass(frozen=True, order=True)
class Finding:
    """A breach.

    Parameters
    ----------
    file
        Name within the study.
    place
        Paragraph, table and row, cell, metadata field, block: enough to find it.
    """

    file: str
    place: str
    rule: Rule

    @property
    def message(self) -> Message:
        return T(
            "{file}, {place}: {remedy}",
            file=self.file,
            place=self.place,
            remedy=REMEDIES[self.rule],
        )

    def to_json(self) -> dict[str, Any]:
        return {"file": self.file, "punto": self.place, "regola": str(self.rule)}
