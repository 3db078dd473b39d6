"""Blocks of the synthesis: findings built from the headline results only."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from typing import Any

import pandas as pd

from bgest_analysis.blocks import Block
from bgest_analysis.pages.areas import with_words
from bgest_analysis.pages.build import note, paragraph, table, title
from bgest_analysis.pages.names import ANALYSES
from bgest_analysis.study.model import Study
from bgest_analysis.text.formats import is_missing
from bgest_analysis.text.messages import Message, T

NAMES = {
    "C1": T("Incidenza extra-UE sui residenti (stima)"),
    "C1S": T("Incidenza di tutti gli stranieri sui residenti"),
    "C1G": T("Scarto medio delle slide dalla definizione più vicina"),
    "G1": T("Enti con almeno un seggio"),
    "D1": T("Completezza minima delle colonne obbligatorie"),
}
FORMATS = {"C1": "pct1", "C1S": "pct1", "C1G": "dec2", "G1": "int", "D1": "pct1"}
STRENGTHS = {
    "forte": T("forte"),
    "media": T("media"),
    "debole": T("debole"),
    "non stimabile": T("non stimabile"),
}


def headline_table(results: pd.DataFrame, study: Study, area: str, source: Message) -> Block:
    """Show the headline figures of an area, each with its range, strength and place."""
    rows = results[results["ambito"] == area]
    records = rows.to_dict("records")
    shown = with_words(
        rows,
        cosa=[NAMES.get(row["codice"], row["codice"]) for row in records],
        valore=[_value(row) for row in records],
        campo=[_range(row) for row in records],
        solidita=[STRENGTHS[row["forza"]] for row in records],
        analisi=[ANALYSES.get(row["analisi"], row["analisi"]) for row in records],
    )
    return table(
        "sintesi_tabella",
        shown,
        [
            ("cosa", T("Cosa"), "text"),
            ("valore", T("Valore"), "text"),
            ("campo", T("Campo di variazione"), "text"),
            ("solidita", T("Solidità"), "text"),
            ("analisi", T("Analisi"), "text"),
        ],
        caption=T("{area}: le cifre principali", area=study.nome_area(area)),
        alt=T("Tabella di {n} cifre principali con intervallo e solidità.", n=len(rows)),
        source=source,
        n=T("{n:int} cifre", n=len(rows)),
        tables=sorted({f"ris_{name}" for name in rows["analisi"]}),
    )


def _value(row: Mapping[Hashable, Any]) -> Message:
    spec = FORMATS.get(row["codice"], "dec2")
    return Message("{v:" + spec + "}", {"v": row["stima"]})


def _range(row: Mapping[Hashable, Any]) -> Message:
    if is_missing(row["basso"]) or is_missing(row["alto"]):
        return T("nessuno")
    spec = FORMATS.get(row["codice"], "dec2")
    return Message("{a:" + spec + "}–{b:" + spec + "}", {"a": row["basso"], "b": row["alto"]})


def position_note() -> Block:
    """Say where the evaluator stands."""
    return note(
        "sintesi_posizione",
        T(
            "Posizione di chi valuta: l'Università è tra gli attori del progetto. Chi legge tenga "
            "conto di questa vicinanza."
        ),
    )


def headings(study: Study, area: str) -> list[Block]:
    """Return the heading of the synthesis."""
    return [
        title("titolo", T("Sintesi: {area}", area=study.nome_area(area)), level=1),
        paragraph(
            "guida",
            T(
                "Una pagina con le cifre principali, la loro solidità e l'analisi che le spiega. "
                "Ogni numero viene dai risultati delle analisi, nessuno è scritto a mano."
            ),
        ),
    ]


def findings(results: pd.DataFrame, study: Study, area: str) -> list[Block]:
    """Return one sentence for each headline figure we have words for."""
    records = results[results["ambito"] == area].to_dict("records")
    return [
        paragraph(f"esito_{row['codice']}", SENTENCES[row["codice"]](row, study.nome_area(area)))
        for row in records
        if row["codice"] in SENTENCES
    ]


def _non_eu(row: Mapping[Hashable, Any], area: str) -> Message:
    return T(
        "Rilevanza. {area}: i residenti di paesi non UE sono stimati al {v:pct1} dei residenti "
        "(tra {a:pct1} e {b:pct1}).",
        area=area,
        v=row["stima"],
        a=row["basso"],
        b=row["alto"],
    )


def _foreign(row: Mapping[Hashable, Any], area: str) -> Message:
    return T(
        "Rilevanza. {area}: gli stranieri sono il {v:pct1} dei residenti.",
        area=area,
        v=row["stima"],
    )


def _gap(row: Mapping[Hashable, Any], area: str) -> Message:
    return T(
        "Affidabilità. Le percentuali delle slide distano in media {v:dec2} punti dalla "
        "definizione che vi si avvicina di più: il titolo «Extra UE» va verificato.",
        v=row["stima"],
    )


SENTENCES: dict[str, Callable[[Mapping[Hashable, Any], str], Message]] = {
    "C1S": _foreign,
    "C1": _non_eu,
    "C1G": _gap,
}


def closing() -> list[Block]:
    """Return what stands under the synthesis."""
    return [position_note()]
