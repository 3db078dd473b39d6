"""Trust in project files, and a traffic light for each headline figure: usable for what."""

from __future__ import annotations

from typing import Any

import pandas as pd

from bgest_analysis.blocks import Block
from bgest_analysis.pages.areas import with_words
from bgest_analysis.pages.build import note, paragraph, table, title, unavailable
from bgest_analysis.pages.modello.words import ORIGINI, hidden, value
from bgest_analysis.pages.names import analysis_name
from bgest_analysis.pages.sintesi import STRENGTHS, Row, name_of, own_rows, value_of
from bgest_analysis.study.model import Study
from bgest_analysis.text.formats import is_missing
from bgest_analysis.text.messages import Message, T

GREEN, YELLOW, RED = T("verde"), T("giallo"), T("rosso")
USES = {
    "forte": (GREEN, T("decidere, confrontare nel tempo e tra Ambiti")),
    "media": (GREEN, T("decidere, con l'intervallo accanto")),
    "debole": (YELLOW, T("discutere e orientare; non confrontare Ambiti né premiare o punire")),
    "non stimabile": (RED, T("non usare: dice solo quale dato manca")),
}
VARIABILI = {"fase": T("Fase"), "orientamento": T("Orientamento"), "caso_id": T("Caso")}
NOT_RECORDED = T("non registrata")


def timesheet(scarto: pd.DataFrame, source: Message) -> list[Block]:
    """Show the log against the timesheet (D2)."""
    whole = scarto[scarto["anno"] == "tutti"].iloc[0]
    return [
        title("sez_timesheet", T("Registro contro timesheet")),
        paragraph(
            "timesheet_frase",
            T(
                "Nei mesi-mediatore presenti in entrambi ({n}), lo scarto mediano tra minuti del "
                "registro e del timesheet è {v}; oltre la tolleranza del 10% è {over} dei mesi. "
                "Solo nel registro {a}, solo nel timesheet {b}.",
                n=value(whole, "mesi_mediatore", "int"),
                v=value(whole, "scarto_mediano", "pct1"),
                over=value(whole, "quota_oltre", "pct1"),
                a=value(whole, "solo_registro", "int"),
                b=value(whole, "solo_timesheet", "int"),
            ),
        ),
        table(
            "timesheet_tabella",
            scarto,
            [
                ("anno", T("Anno"), "text"),
                ("mesi_mediatore", T("Mesi-mediatore"), "int"),
                ("solo_registro", T("Solo registro"), "int"),
                ("solo_timesheet", T("Solo timesheet"), "int"),
                ("scarto_mediano", T("Scarto mediano"), "pct1"),
                ("quota_oltre", T("Oltre il 10%"), "pct1"),
            ],
            caption=T("Registro degli interventi e timesheet, mese per mese (indicatore D2)"),
            alt=T("Tabella di {n:int} righe con lo scarto mediano.", n=len(scarto)),
            source=source,
            n=T("{n} mesi-mediatore", n=value(whole, "mesi_mediatore", "int")),
            tables=["ind_scarto_timesheet"],
        ),
    ]


def timesheet_missing() -> list[Block]:
    """Say what the comparison would need."""
    return [
        title("sez_timesheet", T("Registro contro timesheet")),
        unavailable(
            "timesheet",
            T("Non si può dire se le ore del registro tornino con quelle dei timesheet."),
            T("i timesheet mensili e il registro degli interventi (timesheet, interventi)."),
        ),
    ]


def duplicates(doppioni: pd.DataFrame) -> list[Block]:
    """Say the range of duplicate records (D3)."""
    row = doppioni.iloc[0]
    return [
        title("sez_doppioni", T("Schede doppie")),
        paragraph(
            "doppioni_frase",
            T(
                "Su {n} schede di destinatari, le doppie certe sono {a} ({qa}); con quelle da "
                "rivedere a mano {b} ({qb}). I destinatari unici stanno tra i due conti.",
                n=value(row, "schede", "int"),
                a=value(row, "doppie_certe", "int"),
                qa=value(row, "quota_certe", "pct1"),
                b=value(row, "doppie_possibili", "int"),
                qb=value(row, "quota_possibili", "pct1"),
            ),
        ),
    ]


def duplicates_missing() -> list[Block]:
    """Say what the count of duplicates would need."""
    return [
        title("sez_doppioni", T("Schede doppie")),
        unavailable(
            "doppioni",
            T("La quota di schede doppie non si può calcolare."),
            T("le schede dei destinatari (tabella destinatari), confrontate alla pulizia."),
        ),
    ]


def origins(origini: pd.DataFrame, study: Study, area: str, source: Message) -> list[Block]:
    """Show where the variables of the model come from in an area."""
    own = origini[origini["area"] == area]
    shown = with_words(
        own,
        nome=[VARIABILI[name] for name in own["variabile"]],
        origine=[ORIGINI.get(name, NOT_RECORDED) for name in own["origine_valore"]],
    )
    return [
        title("sez_origini", T("Da dove vengono le variabili del modello")),
        table(
            "origini_tabella",
            shown,
            [
                ("nome", T("Variabile"), "text"),
                ("origine", T("Origine"), "text"),
                ("interventi", T("Interventi"), "int"),
                ("quota", T("Quota"), "pct1"),
            ],
            caption=T("{area}: origine di fase, orientamento e caso", area=study.nome_area(area)),
            alt=T("Tabella di {n:int} righe con origine e quota.", n=len(shown)),
            source=source,
            n=T("{n:int} righe", n=len(shown)),
            tables=["ind_origini_variabili"],
        ),
    ]


def origins_missing() -> list[Block]:
    """Say what the origins would need."""
    return [
        title("sez_origini", T("Da dove vengono le variabili del modello")),
        unavailable(
            "origini",
            T("Non si può dire se fase, orientamento e caso siano registrati o derivati."),
            T("il registro degli interventi (tabella interventi, in data/raw/interventi)."),
        ),
    ]


def lights(results: pd.DataFrame, study: Study, area: str, source: Message) -> list[Block]:
    """Show a traffic light for each headline figure of an area, with what it may be used for."""
    rows = own_rows(results, area)
    head = title("sez_semaforo", T("Quali cifre si possono usare, e per che cosa"))
    if not rows:
        return [head, paragraph("semaforo_vuoto", T("Nessuna cifra principale è ancora pronta."))]
    return [head, _lights_table(rows, study, area, source), _lights_note()]


def _lights_table(rows: list[Row], study: Study, area: str, source: Message) -> Block:
    uses = [USES["non stimabile" if is_missing(r["stima"]) else str(r["forza"])] for r in rows]
    shown = with_words(
        pd.DataFrame(rows),
        cosa=[name_of(row) for row in rows],
        valore=[value_of(row) for row in rows],
        luce=[light for light, _ in uses],
        uso=[use for _, use in uses],
        solidita=[STRENGTHS[str(row["forza"])] for row in rows],
        dove=[analysis_name(str(row["analisi"])) for row in rows],
    )
    return table(
        "semaforo_tabella",
        shown,
        [
            ("cosa", T("Cifra"), "text"),
            ("valore", T("Valore"), "text"),
            ("luce", T("Semaforo"), "text"),
            ("uso", T("Si può usare per"), "text"),
            ("solidita", T("Solidità"), "text"),
            ("dove", T("Analisi"), "text"),
        ],
        caption=T("{area}: semaforo delle cifre principali", area=study.nome_area(area)),
        alt=T("Tabella di {n:int} cifre con semaforo e uso.", n=len(rows)),
        source=source,
        n=T("{n:int} cifre", n=len(rows)),
        tables=sorted({f"ris_{row['analisi']}" for row in rows}),
    )


def _lights_note() -> Block:
    return note(
        "semaforo_nota",
        T(
            "Il semaforo viene dalla solidità che ogni analisi dichiara: verde per forte o media, "
            "giallo per debole, rosso dove la cifra non è stimabile."
        ),
    )


def headline_timesheet(scarto: pd.DataFrame, area: str) -> dict[str, Any]:
    """Return the median gap (D2), as fields of ``notebook.door.Result``."""
    row = scarto[scarto["anno"] == "tutti"].iloc[0]
    return _headline("D2", area, row, "scarto_mediano", "mesi_mediatore", "timesheet_tabella")


def headline_duplicates(doppioni: pd.DataFrame, area: str) -> dict[str, Any]:
    """Return the highest share of duplicates (D3), with the range from the certain ones."""
    row = doppioni.iloc[0]
    made = _headline("D3", area, row, "quota_possibili", "schede", "doppioni_frase")
    if made["stima"] is None or is_missing(row["quota_certe"]):
        return made
    ends = {"basso": float(row["quota_certe"]), "alto": made["stima"]}
    return {**made, **ends, "intervallo": "campo: certe – con quelle da rivedere"}


def _headline(
    code: str, area: str, row: Any, column: str, count: str, block: str
) -> dict[str, Any]:
    known = not is_missing(row[column])
    secret = "non mostrato, a tutela delle persone" if hidden(row, column) else "non stimabile"
    return {
        "codice": code,
        "ambito": area,
        "stima": float(row[column]) if known else None,
        "basso": None,
        "alto": None,
        "n": int(row[count]) if known and not is_missing(row[count]) else None,
        "intervallo": "nessuno: conteggio completo",
        "forza": "media" if known else "non stimabile",
        "blocco": block,
        "motivo": "" if known else secret,
    }
