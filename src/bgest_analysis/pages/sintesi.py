"""Blocks of the synthesis: one page of findings, built from the headline results only."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from typing import Any

import pandas as pd

from bgest_analysis.blocks import Block
from bgest_analysis.pages.areas import with_words
from bgest_analysis.pages.build import note, paragraph, table, title
from bgest_analysis.pages.names import analysis_name
from bgest_analysis.pages.temi import WORDS
from bgest_analysis.study.model import Study
from bgest_analysis.text.formats import is_missing
from bgest_analysis.text.messages import Message, T

# Names and formats by code, or by "analysis:code" where two analyses use one code.
NAMES = {
    "C1": T("Incidenza extra-UE sui residenti (stima)"),
    "C1S": T("Incidenza di tutti gli stranieri sui residenti"),
    "C1G": T("Scarto medio delle slide dalla definizione più vicina"),
    "G1": T("Enti con almeno un seggio"),
    "R1": T("Densità della rete degli incontri"),
    "R2": T("Incontri con un mediatore presente"),
    "R3": T("Continuità dei partner"),
    "R4": T("Variazione della collaborazione tra enti"),
    "P1": T("Destinatari unici"),
    "P4": T("Persone raggiunte ogni 1.000 residenti extra-UE"),
    "M1": T("Ore di mediazione"),
    "M3": T("Quota integrata delle ore (lettura, progettazione, verifica)"),
    "M4": T("Casi con mediatore in lettura o progettazione, tra i casi con mediazione"),
    "M5": T("Quota programmata delle richieste"),
    "M6": T("Quota di attivazione tra gli interventi codificati"),
    "M7": T("Richieste inevase"),
    "M8": T("Giorni mediani di attesa"),
    "M9": T("Concentrazione delle lingue chieste (HHI: 1 = una lingua sola)"),
    "M10": T("Disuguaglianza delle ore tra gli Ambiti (indice di Theil)"),
    "E1": T("Utilità percepita per l'integrazione"),
    "E3": T("Autonomia nel caso: variazione media (scala 0–3)"),
    "05_effetti:E3": T("Effetto dell'adozione del modello sull'autonomia (scala 0–3)"),
    "12_multiverso:E3": T("Effetto dell'adozione del modello sull'autonomia"),
    "U1": T("Ondata Ucraina: richieste in più il primo giorno, in multipli delle ordinarie"),
    "U2": T("Ondata Ucraina: giorni in cui si dimezza"),
    "U3": T("Emergenza Ucraina: giorni di attesa in più per le altre persone"),
    "U4": T("Ambiti con una prassi nata dall'emergenza Ucraina"),
    "F1": T("Avanzamento della spesa"),
    "F2": T("Costo per ora di mediazione"),
    "D1": T("Completezza minima delle colonne obbligatorie"),
    "D2": T("Scarto mediano tra registro e timesheet"),
    "D3": T("Quota massima di schede doppie"),
}
FORMATS = {
    **dict.fromkeys(
        ("C1", "C1S", "D1", "D2", "D3", "R1", "R2", "R3", "M3", "M4", "M5", "M6", "M7", "E1", "F1"),
        "pct1",
    ),
    **dict.fromkeys(("G1", "P1", "M1", "M8", "U2", "U4"), "int"),
    "U3": "sdec1",
    "C1G": "dec2",
    "P4": "dec1",
    "R4": "sdec2",
    "E3": "sdec2",
    "05_effetti:E3": "sdec2",
    "F2": "eur2",
}
STRENGTHS = {
    "forte": T("forte"),
    "media": T("media"),
    "debole": T("debole"),
    "non stimabile": T("non stimabile"),
}
CRITERIA = {
    "rilevanza": T("Rilevanza"),
    "coerenza": T("Coerenza"),
    "efficacia": T("Efficacia"),
    "efficienza": T("Efficienza"),
    "impatto": T("Impatto"),
    "sostenibilita": T("Sostenibilità"),
}
# At most ten findings: criterion, analysis (or "" for any), code.
FINDINGS = (
    ("rilevanza", "", "C1"),
    ("coerenza", "", "R1"),
    ("efficacia", "", "P4"),
    ("efficacia", "", "M3"),
    ("efficacia", "", "M6"),
    ("efficacia", "", "M7"),
    ("efficacia", "", "M8"),
    ("efficienza", "", "F2"),
    ("impatto", "05_effetti", "E3"),
    ("impatto", "", "E1"),
)
MULTIVERSE = "12_multiverso"

Row = Mapping[Hashable, Any]


def headings(study: Study, area: str) -> list[Block]:
    """Return the heading of the synthesis."""
    return [
        title("titolo", T("Sintesi: {area}", area=study.nome_area(area)), level=1),
        paragraph(
            "guida",
            T(
                "Una pagina con al più dieci risultati, la loro solidità e l'analisi che li "
                "spiega. Ogni numero viene dai risultati delle analisi, nessuno è scritto a mano."
            ),
        ),
    ]


def own_rows(results: pd.DataFrame, area: str) -> list[Row]:
    """Return the figures of an area, without those of words and of the multiverse."""
    rows = results[(results["ambito"] == area) & (results["analisi"] != MULTIVERSE)]
    rows = rows[~rows["codice"].str.startswith(WORDS)]
    return list(rows.to_dict("records"))


def chosen(results: pd.DataFrame, area: str) -> list[tuple[str, Row]]:
    """Return the findings there are, each with its criterion, in the order of the criteria."""
    rows = own_rows(results, area)
    found = []
    for criterion, analysis, code in FINDINGS:
        same = [row for row in rows if row["codice"] == code]
        same = [row for row in same if analysis in ("", row["analisi"])]
        found += [(criterion, row) for row in same[:1]]
    return found


def name_of(row: Row) -> Message | str:
    """Return what a result is called."""
    code = str(row["codice"])
    return NAMES.get(f"{row['analisi']}:{code}", NAMES.get(code, code))


def _spec(row: Row) -> str:
    code = str(row["codice"])
    return FORMATS.get(f"{row['analisi']}:{code}", FORMATS.get(code, "dec2"))


def value_of(row: Row) -> Message:
    """Return a result's estimate in its format, or that it is not estimable."""
    if is_missing(row["stima"]):
        return T("non stimabile")
    return Message("{v:" + _spec(row) + "}", {"v": row["stima"]})


def range_of(row: Row) -> Message:
    """Return a result's range, the reason why it is not estimable, or that it has none."""
    if is_missing(row["stima"]) and not is_missing(row["motivo"]) and row["motivo"]:
        return T("{why}", why=row["motivo"])
    if is_missing(row["basso"]) or is_missing(row["alto"]):
        return T("nessuno")
    spec = _spec(row)
    return Message("{a:" + spec + "} – {b:" + spec + "}", {"a": row["basso"], "b": row["alto"]})


def findings(results: pd.DataFrame, study: Study, area: str, source: Message) -> list[Block]:
    """Return the findings by criterion, each with its strength and where it is explained."""
    pairs = chosen(results, area)
    if not pairs:
        return [paragraph("esiti_nessuno", T("Nessuna analisi ha ancora prodotto un risultato."))]
    return [
        _opening([row for _, row in pairs], study, area),
        _findings_table(pairs, study, area, source),
        _silent_criteria({criterion for criterion, _ in pairs}),
    ]


def _opening(rows: list[Row], study: Study, area: str) -> Block:
    known = [str(row["forza"]) for row in rows]
    counts = [
        T("{name} {n:int}", name=STRENGTHS[name], n=known.count(name))
        for name in STRENGTHS
        if name in known
    ]
    return paragraph(
        "esiti_frase",
        T(
            "{area}: risultati per criterio OCSE-DAC, {n:int}. Solidità delle prove: {counts}.",
            area=study.nome_area(area),
            n=len(rows),
            counts=counts,
        ),
    )


def _findings_table(
    pairs: list[tuple[str, Row]], study: Study, area: str, source: Message
) -> Block:
    rows = [row for _, row in pairs]
    shown = with_words(
        pd.DataFrame(rows),
        criterio=[CRITERIA[criterion] for criterion, _ in pairs],
        cosa=[name_of(row) for row in rows],
        valore=[value_of(row) for row in rows],
        campo=[range_of(row) for row in rows],
        solidita=[STRENGTHS[str(row["forza"])] for row in rows],
        dove=[analysis_name(str(row["analisi"])) for row in rows],
    )
    return table(
        "esiti_tabella",
        shown,
        [
            ("criterio", T("Criterio"), "text"),
            ("cosa", T("Che cosa"), "text"),
            ("valore", T("Valore"), "text"),
            ("campo", T("Campo di variazione"), "text"),
            ("solidita", T("Solidità"), "text"),
            ("dove", T("Analisi"), "text"),
        ],
        caption=T("{area}: i risultati per criterio", area=study.nome_area(area)),
        alt=T("Tabella di {n:int} risultati con intervallo e solidità.", n=len(shown)),
        source=source,
        n=T("risultati: {n:int}", n=len(shown)),
        tables=sorted({f"ris_{row['analisi']}" for row in rows}),
    )


def _silent_criteria(present: set[str]) -> Block:
    absent = [name for key, name in CRITERIA.items() if key not in present]
    if not absent:
        return paragraph("criteri_assenti", T("Ogni criterio ha almeno una cifra."))
    return paragraph(
        "criteri_assenti",
        T("Criteri senza una cifra tra queste, da leggere nelle analisi: {names}.", names=absent),
    )


def headline_table(results: pd.DataFrame, study: Study, area: str, source: Message) -> Block:
    """Show every headline figure of an area, each with its range, strength and place."""
    records = own_rows(results, area)
    rows = pd.DataFrame(records, columns=results.columns)
    shown = with_words(
        rows,
        cosa=[name_of(row) for row in records],
        valore=[value_of(row) for row in records],
        campo=[range_of(row) for row in records],
        solidita=[STRENGTHS[str(row["forza"])] for row in records],
        dove=[analysis_name(str(row["analisi"])) for row in records],
    )
    return table(
        "sintesi_tabella",
        shown,
        [
            ("cosa", T("Cosa"), "text"),
            ("valore", T("Valore"), "text"),
            ("campo", T("Campo di variazione"), "text"),
            ("solidita", T("Solidità"), "text"),
            ("dove", T("Analisi"), "text"),
        ],
        caption=T("{area}: tutte le cifre principali", area=study.nome_area(area)),
        alt=T("Tabella di {n:int} cifre principali con intervallo e solidità.", n=len(shown)),
        source=source,
        n=T("{n:int} cifre", n=len(shown)),
        tables=sorted({f"ris_{row['analisi']}" for row in records}),
    )


def position_note() -> Block:
    """Say where the evaluator stands."""
    return note(
        "sintesi_posizione",
        T(
            "Posizione di chi valuta: l'Università è tra gli attori del progetto. Chi legge tenga "
            "conto di questa vicinanza."
        ),
    )


def closing() -> list[Block]:
    """Return what stands under the synthesis."""
    return [position_note()]
