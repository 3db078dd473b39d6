"""Blocks on meetings: who came beside who has a seat, absences, mediators, continuity."""

from __future__ import annotations

from typing import Any

import pandas as pd

from bgest_analysis.blocks import Block, ChartKind
from bgest_analysis.pages.areas import one_row, with_words
from bgest_analysis.pages.build import figure, note, paragraph, table, title, unavailable, warning
from bgest_analysis.pages.modello.words import name_of
from bgest_analysis.study.model import Study
from bgest_analysis.text.formats import is_missing
from bgest_analysis.text.messages import Message, T
from bgest_analysis.workspace import DISTRETTO

ALL, WHOLE = "tutti", "tutto"
LEVELS = {
    "tutti": T("Tutti i livelli"),
    "cabina_regia": T("Cabina di Regia"),
    "equipe_tecnica": T("Équipe Tecnica"),
    "operativo": T("Livello operativo"),
    "coprogettazione": T("Coprogettazione"),
    "rete_esterna": T("Rete esterna"),
}
TIPI = {
    "capofila": T("Ambito capofila"),
    "ambito": T("Ambito"),
    "coop": T("cooperativa"),
    "cti": T("CTI"),
    "cpia": T("CPIA"),
    "scuola": T("scuola"),
    "universita": T("università"),
    "anci": T("ANCI"),
    "asst_ats": T("ASST o ATS"),
    "associazione": T("associazione"),
    "comune": T("Comune"),
    "altro": T("altro"),
    ALL: T("tutti"),
}
OUTCOMES = {
    "approvata": T("approvata"),
    "modificata": T("modificata"),
    "respinta": T("respinta"),
    "rinviata": T("rinviata"),
    "senza_riscontro": T("senza riscontro"),
}
NOT_ESTIMABLE = T("non stimabile")
SMALLEST_P = 0.001


def level_name(level: str) -> Message | str:
    """Return the name of a level; one the product does not know keeps its own words."""
    return LEVELS.get(level, level.replace("_", " "))


def in_order(frame: pd.DataFrame) -> pd.DataFrame:
    """Sort rows by level, the highest first."""
    order = {level: place for place, level in enumerate(LEVELS)}
    return frame.sort_values("livello", key=lambda c: c.map(order), kind="stable")


def p_word(value: object) -> Message:
    """Return a p-value in words: never a bare zero."""
    if is_missing(value):
        return NOT_ESTIMABLE
    if float(str(value)) < SMALLEST_P:
        return T("< {p:dec3}", p=SMALLEST_P)
    return T("{p:dec3}", p=value)


def heading() -> Block:
    """Return the section's heading."""
    return title("sez_partecipazione", T("La partecipazione agli incontri"))


def opening(incontri: pd.DataFrame) -> list[Block]:
    """Say how many meetings are documented, when, and what the boundary is."""
    whole = one_row(incontri, livello=ALL, periodo=WHOLE)
    unknown = int(whole["incontri"]) - int(whole["con_presenze"])
    return [
        paragraph(
            "incontri_frase",
            T(
                "Gli incontri documentati sono {n:int}, dal {a:date} al {b:date}; di {v:int} c'è "
                "il verbale e di {u:int} non si conoscono le presenze.",
                n=whole["incontri"],
                a=whole["dal"],
                b=whole["al"],
                v=whole["con_verbale"],
                u=unknown,
            ),
        ),
        note(
            "incontri_confine",
            T(
                "Il confine della rete sono gli enti dello studio: chi ha un seggio o risulta "
                "presente almeno una volta. Un incontro senza verbale o foglio firma non si vede: "
                "un'assenza può essere un verbale mancante. Si nominano gli enti, mai le persone."
            ),
        ),
    ]


def meetings_table(incontri: pd.DataFrame, source: Message) -> Block:
    """List the meetings by level, with the share that had a mediator (R2)."""
    rows = in_order(incontri[incontri["periodo"] == WHOLE])
    shown = with_words(
        rows,
        nome=[level_name(level) for level in rows["livello"]],
        campo=[share_range(row) for _, row in rows.iterrows()],
    )
    return table(
        "incontri_tabella",
        shown,
        [
            ("nome", T("Livello"), "text"),
            ("incontri", T("Incontri"), "int"),
            ("con_verbale", T("Con verbale"), "int"),
            ("enti_mediana", T("Enti per incontro (mediana)"), "dec1"),
            ("con_mediatore", T("Con un mediatore"), "int"),
            ("quota", T("Quota con mediatore (R2)"), "pct0"),
            ("campo", T("Intervallo al 95%"), "text"),
        ],
        caption=T("Incontri per livello e presenza di mediatori"),
        alt=T("Tabella di {n} livelli: incontri, verbali, presenza di mediatori.", n=len(rows)),
        source=source,
        n=T("{n:int} incontri", n=one_row(rows, livello=ALL)["incontri"]),
        tables=["ind_incontri"],
    )


def share_range(row: pd.Series) -> Message:
    """Return the interval of a share in words."""
    if is_missing(row["basso"]):
        return NOT_ESTIMABLE
    return T("{a:pct0}–{b:pct0}", a=row["basso"], b=row["alto"])


def section(incontri: pd.DataFrame, source: Message) -> list[Block]:
    """Return all blocks on meetings: how many, and those with a mediator (R2)."""
    return [
        *opening(incontri),
        meetings_table(incontri, source),
        *mediators(incontri, source),
    ]


def mediators(incontri: pd.DataFrame, source: Message) -> list[Block]:
    """Say how often a mediator was there, and how it changed year by year (R2)."""
    whole = one_row(incontri, livello=ALL, periodo=WHOLE)
    years = incontri[(incontri["livello"] == ALL) & (incontri["periodo"] != WHOLE)]
    return [
        paragraph(
            "mediatori_frase",
            T(
                "Un mediatore o una mediatrice risulta presente a {k:int} incontri su {n:int} "
                "({q:pct0}; intervallo di Wilson al 95% {campo}).",
                k=whole["con_mediatore"],
                n=whole["con_presenze"],
                q=whole["quota"],
                campo=share_range(whole),
            ),
        ),
        _mediators_by_year(years, source),
        warning(
            "mediatori_2020",
            T(
                "Il confronto tra gli anni attraversa il 2020: le chiusure per il COVID-19 hanno "
                "cambiato numero e forma degli incontri. Con pochi incontri all'anno gli "
                "intervalli sono larghi."
            ),
        ),
    ]


def _mediators_by_year(years: pd.DataFrame, source: Message) -> Block:
    return figure(
        "mediatori_grafico",
        ChartKind.PUNTI,
        years,
        [
            ("periodo", T("Anno"), "text"),
            ("quota", T("Quota con mediatore"), "pct0"),
            ("basso", T("da"), "pct0"),
            ("alto", T("a"), "pct0"),
            ("con_presenze", T("Incontri"), "int"),
        ],
        {"x": "periodo", "y": "quota", "low": "basso", "high": "alto"},
        caption=T("Incontri con un mediatore, per anno (R2)"),
        alt=T("Punti con intervallo per {n} anni: quota di incontri con mediatore.", n=len(years)),
        source=source,
        n=T("{n:int} incontri con presenze note", n=int(years["con_presenze"].sum())),
        tables=["ind_incontri"],
        unit=T("quota degli incontri"),
    )


def continuity(continuita: pd.DataFrame, study: Study, area: str, source: Message) -> list[Block]:
    """Show the share of bodies present at two thirds of their meetings (R3)."""
    rows = continuita[continuita["area"] == area]
    if rows.empty:
        need = T("presenze di enti che abbiano sede nell'area.")
        return [unavailable("continuita", T("La continuità non si può calcolare."), need)]
    order = rows.assign(ultimo=rows["tipo"] == ALL).sort_values(
        ["seggio", "ultimo", "tipo"], ascending=[False, True, True]
    )
    rows = order.drop(columns="ultimo")
    shown = with_words(
        rows,
        chi=[T("con seggio") if seat else T("senza seggio") for seat in rows["seggio"]],
        genere=[name_of(kind, TIPI) for kind in rows["tipo"]],
        campo=[share_range(row) for _, row in rows.iterrows()],
    )
    return [
        table(
            "continuita_tabella",
            shown,
            [
                ("chi", T("Enti"), "text"),
                ("genere", T("Tipo"), "text"),
                ("enti", T("Numero"), "int"),
                ("continui", T("Presenti ad almeno due terzi"), "int"),
                ("quota", T("Quota (R3)"), "pct0"),
                ("campo", T("Intervallo al 95%"), "text"),
            ],
            caption=T("Continuità degli enti agli incontri dei loro livelli: {area}",
                      area=study.nome_area(area)),
            alt=T("Tabella di {n} gruppi di enti con la quota di enti continui.", n=len(rows)),
            source=source,
            n=T("{n:int} enti", n=int(rows.loc[rows["tipo"] == ALL, "enti"].sum())),
            tables=["ind_continuita"],
        )
    ]  # fmt: skip


def missing() -> Block:
    """Say what the analysis of attendance would need."""
    return unavailable(
        "partecipazione",
        T(
            "Chi partecipa davvero, quali Ambiti mancano e dove, quanto è fitta la rete non si può "
            "ancora dire."
        ),
        T(
            "i verbali o i fogli presenze (tabelle incontri e presenze), da mettere in "
            "data/raw/incontri e data/raw/presenze."
        ),
    )


def headline_mediators(incontri: pd.DataFrame, area: str) -> list[dict[str, Any]]:
    """Return R2 as fields of ``notebook.door.Result``; none for an Ambito, whose it is not."""
    if area != DISTRETTO:
        return []
    whole = one_row(incontri, livello=ALL, periodo=WHOLE)
    return [_result("R2", area, whole, int(whole["con_presenze"]), "mediatori_frase")]


def headline_continuity(continuita: pd.DataFrame, area: str) -> dict[str, Any]:
    """Return R3 (bodies with a seat) as fields of ``notebook.door.Result``."""
    rows = continuita[(continuita["area"] == area) & continuita["seggio"]]
    rows = rows[rows["tipo"] == ALL]
    if rows.empty:
        return _result("R3", area, pd.Series({"quota": None}), 0, "continuita_tabella")
    return _result("R3", area, rows.iloc[0], int(rows.iloc[0]["enti"]), "continuita_tabella")


def _result(code: str, area: str, row: pd.Series, n: int, block: str) -> dict[str, Any]:
    known = not is_missing(row["quota"])
    return {
        "codice": code,
        "ambito": area,
        "stima": float(row["quota"]) if known else None,
        "basso": float(row["basso"]) if known else None,
        "alto": float(row["alto"]) if known else None,
        "n": n,
        "intervallo": "Wilson 95%" if known else "nessuno",
        "forza": "media" if known else "non stimabile",
        "blocco": block,
        "motivo": "" if known else "nessun ente con seggio e incontri documentati",
    }
