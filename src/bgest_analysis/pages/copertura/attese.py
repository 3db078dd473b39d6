"""How long requests wait: medians in whole days, shares within standards, curves."""

from __future__ import annotations

import pandas as pd

from bgest_analysis.blocks import Block, ChartKind
from bgest_analysis.pages.areas import with_area_names, with_words
from bgest_analysis.pages.build import figure, note, paragraph, table, title
from bgest_analysis.pages.copertura.domanda import SERVICES
from bgest_analysis.pages.modello.words import CATEGORIE, interval, value
from bgest_analysis.study.model import Study
from bgest_analysis.text.formats import is_missing
from bgest_analysis.text.messages import Message, T
from bgest_analysis.workspace import DISTRETTO

TABLE, CURVES = "ind_attese", "ind_attese_curva"
ALL_REQUESTS = "tutte"
GROUPS = {ALL_REQUESTS: T("Tutte le richieste")}


def group_name(code: str) -> Message | str:
    """Return the name of a group of requests: all, a mode of activation, services."""
    for names in (GROUPS, SERVICES, CATEGORIE):
        if code in names:
            return names[code]
    return code


def waits(
    attese: pd.DataFrame, curve: pd.DataFrame, study: Study, area: str, source: Message
) -> list[Block]:
    """Return the waits of an area: sentence, curves, medians by mode, area and service."""
    own = attese[(attese["area"] == area) & (attese["gruppo"] == ALL_REQUESTS)]
    blocks = [title("sez_attese", T("Quanto si aspetta"))]
    if own.empty or is_missing(own.iloc[0]["mediana"]):
        return [*blocks, _too_few(own, study, area)]
    return [
        *blocks,
        _wait_sentence(own.iloc[0], study, area),
        *_curves(curve, study, area, source),
        _wait_table(attese, study, area, source),
        _areas_table(attese, study, source),
        note(
            "attese_nota",
            T(
                "Giorni interi tra la richiesta e l'intervento, curve di Kaplan e Meier. Una "
                "richiesta inevasa resta in attesa fino alla chiusura del registro: se si "
                "togliesse, l'attesa sembrerebbe più breve. Presidi fissi e richieste senza data "
                "sono esclusi. Le mediane si danno solo con abbastanza interventi."
            ),
        ),
    ]


def _too_few(own: pd.DataFrame, study: Study, area: str) -> Block:
    why = (
        T("nessuna richiesta con una data")
        if own.empty
        else T("le richieste con una data che hanno avuto un intervento sono troppo poche")
    )
    text = T("{area}: tempo di attesa non stimabile: {why}.", area=study.nome_area(area), why=why)
    return paragraph("attese_frase", text)


def _wait_sentence(row: pd.Series, study: Study, area: str) -> Block:
    return paragraph(
        "attese_frase",
        T(
            "{area}: metà delle richieste ha avuto l'intervento entro {median} giorni{interval}; "
            "entro 2 giorni il {two}, entro 30 giorni il {thirty} ({n} richieste con una data, "
            "inevase comprese).",
            area=study.nome_area(area),
            median=value(row, "mediana", "int"),
            interval=interval(row, "mediana_basso", "mediana_alto", "int"),
            two=value(row, "entro_2", "pct1"),
            thirty=value(row, "entro_30", "pct1"),
            n=value(row, "richieste", "int"),
        ),
    )


def _curves(curve: pd.DataFrame, study: Study, area: str, source: Message) -> list[Block]:
    rows = curve[curve["area"] == area]
    blocks = [_curve(rows, study, source, "attese_curva", band=True)] if len(rows) else []
    if area == DISTRETTO and curve["area"].nunique() > 2:
        ambiti = curve[curve["area"] != DISTRETTO]
        blocks.append(_curve(ambiti, study, source, "attese_curve_ambiti", band=False))
    return blocks


def _curve(rows: pd.DataFrame, study: Study, source: Message, id: str, *, band: bool) -> Block:
    shown = with_area_names(rows, study)
    ends = [
        ("in_attesa_basso", T("Limite basso"), "pct0"),
        ("in_attesa_alto", T("Limite alto"), "pct0"),
    ]
    roles = {"x": "giorno", "y": "in_attesa", "group": "nome_area"}
    if band:
        roles |= {"low": "in_attesa_basso", "high": "in_attesa_alto"}
    return figure(
        id,
        ChartKind.GRADINI,
        shown,
        [
            ("giorno", T("Giorni dalla richiesta"), ""),
            ("nome_area", T("Area"), "text"),
            ("in_attesa", T("Quota ancora in attesa"), "pct0"),
            *(ends if band else []),
        ],
        roles,
        caption=T("Quota di richieste ancora senza intervento, per giorni dalla richiesta"),
        alt=T("Curve a gradini per {n:int} aree.", n=shown["area"].nunique()),
        source=source,
        n=T("{n:int} richieste", n=int(shown.groupby("area")["richieste"].first().sum())),
        tables=[CURVES],
        unit=T("quota ancora in attesa"),
        options={"da_zero": True},
    )


COLUMNS = [
    ("richieste", T("Richieste"), "int"),
    ("con_intervento", T("con intervento"), "int"),
    ("mediana", T("Mediana (giorni)"), "int"),
    ("mediana_basso", T("da"), "int"),
    ("mediana_alto", T("a"), "int"),
    ("entro_2", T("Entro 2 giorni"), "pct1"),
    ("entro_30", T("Entro 30 giorni"), "pct1"),
]


def _wait_table(attese: pd.DataFrame, study: Study, area: str, source: Message) -> Block:
    order = {code: i for i, code in enumerate((ALL_REQUESTS, *CATEGORIE, *SERVICES))}
    rows = attese[attese["area"] == area]
    rows = rows.sort_values("gruppo", key=lambda c: c.map(order), kind="stable")
    shown = with_words(rows, nome=[group_name(code) for code in rows["gruppo"]])
    return table(
        "attese_gruppi",
        shown,
        [("nome", T("Richieste"), "text"), *COLUMNS],
        caption=T("{area}: attesa per modalità e gruppo di servizi", area=study.nome_area(area)),
        alt=T("Tabella di {n} gruppi di richieste con mediana e quote.", n=len(shown)),
        source=source,
        n=T("{n:int} gruppi", n=len(shown)),
        tables=[TABLE],
    )


def _areas_table(attese: pd.DataFrame, study: Study, source: Message) -> Block:
    rows = attese[attese["gruppo"] == ALL_REQUESTS]
    place = {area: i for i, area in enumerate(study.aree)}
    shown = with_area_names(rows.sort_values("area", key=lambda c: c.map(place)), study)
    return table(
        "attese_aree",
        shown,
        [("nome_area", T("Area"), "text"), *COLUMNS],
        caption=T("Attesa per area"),
        alt=T("Tabella di {n} aree con mediana e quote entro 2 e 30 giorni.", n=len(shown)),
        source=source,
        n=T("{n:int} aree", n=len(shown)),
        tables=[TABLE],
    )
