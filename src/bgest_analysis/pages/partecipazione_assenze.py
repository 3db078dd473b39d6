"""Blocks on absences: seats beside attendance, and which Ambiti are absent where."""

from __future__ import annotations

import pandas as pd

from bgest_analysis.blocks import Block, ChartKind
from bgest_analysis.pages.areas import lowest, with_words
from bgest_analysis.pages.build import figure, paragraph, table, unavailable
from bgest_analysis.pages.partecipazione import in_order, level_name, share_range
from bgest_analysis.study.model import Study
from bgest_analysis.text.messages import Message, T
from bgest_analysis.workspace import DISTRETTO

LITTLE = 0.5


def seats_against_attendance(enti: pd.DataFrame, source: Message) -> list[Block]:
    """Show, for every declared seat, the share of meetings at which its body was present."""
    seated = in_order(enti[enti["seggio"] & (enti["incontri"] > 0)])
    if seated.empty:
        need = T("la tabella composizione_organi.")
        return [unavailable("seggi_presenze", T("Non ci sono seggi da confrontare."), need)]
    never = seated[seated["presenti"] == 0]
    rare = seated[(seated["presenti"] > 0) & (seated["quota"] < LITTLE)]
    return [
        paragraph(
            "seggi_presenze_frase",
            T(
                "Su {n:int} seggi di livelli con incontri documentati, {v:int} non risultano mai "
                "occupati e {r:int} lo sono a meno della metà degli incontri.",
                n=len(seated),
                v=len(never),
                r=len(rare),
            ),
        ),
        _seats_matrix(seated, source),
        _seats_table(seated, source),
        *_without_seat(enti),
    ]


def _seats_matrix(seated: pd.DataFrame, source: Message) -> Block:
    shown = with_words(seated, nome=[level_name(level) for level in seated["livello"]])
    return figure(
        "seggi_presenze_grafico",
        ChartKind.MATRICE,
        shown,
        [
            ("ente", T("Ente"), "text"),
            ("nome", T("Livello"), "text"),
            ("quota", T("Quota di incontri con presenza"), "pct0"),
        ],
        {"x": "nome", "y": "quota", "group": "ente"},
        caption=T("Chi ha un seggio, quanto è venuto"),
        alt=T(
            "Matrice di {n:int} enti per {m:int} livelli: quota di incontri con presenza.",
            n=seated["ente_id"].nunique(),
            m=seated["livello"].nunique(),
        ),
        source=source,
        n=T("{n:int} seggi", n=len(seated)),
        tables=["ind_presenze_enti"],
        unit=T("quota degli incontri del livello"),
    )


def _seats_table(seated: pd.DataFrame, source: Message) -> Block:
    shown = with_words(
        seated,
        nome=[level_name(level) for level in seated["livello"]],
        campo=[share_range(row) for _, row in seated.iterrows()],
    )
    return table(
        "seggi_presenze_tabella",
        shown,
        [
            ("nome", T("Livello"), "text"),
            ("ente", T("Ente"), "text"),
            ("incontri", T("Incontri"), "int"),
            ("presenti", T("Con presenza"), "int"),
            ("quota", T("Quota"), "pct0"),
            ("campo", T("Intervallo al 95%"), "text"),
        ],
        caption=T("Seggi dichiarati e presenze"),
        alt=T("Tabella di {n} seggi con gli incontri a cui l'ente era presente.", n=len(seated)),
        source=source,
        n=T("{n:int} seggi", n=len(seated)),
        tables=["ind_presenze_enti"],
    )


def _without_seat(enti: pd.DataFrame) -> list[Block]:
    """Name the bodies that came without any seat, those that came most first."""
    seated = set(enti.loc[enti["seggio"], "ente_id"])
    guests = enti[~enti["ente_id"].isin(seated)].groupby("ente")["presenti"].sum()
    guests = guests[guests > 0].sort_values(ascending=False, kind="stable")
    if guests.empty:
        return [paragraph("senza_seggio_presenti", T("Nessun ente senza seggio risulta presente."))]
    return [
        paragraph(
            "senza_seggio_presenti",
            T(
                "Sono venuti senza avere un seggio {n:int} enti: {names}.",
                n=len(guests),
                names=[T("{e} ({k:int})", e=name, k=int(k)) for name, k in guests.items()],
            ),
        )
    ]


def absences(ambiti: pd.DataFrame, study: Study, area: str, source: Message) -> list[Block]:
    """Show which Ambiti are absent where."""
    rows = in_order(ambiti).assign(area=ambiti["ambito_id"])
    blocks = [_absences_matrix(rows, study, source)]
    own = rows if area == DISTRETTO else rows[rows["ambito_id"] == area]
    for level, part in own.groupby("livello", sort=False):
        blocks.append(_absence_sentence(str(level), part, study))
    return blocks


def _absence_sentence(level: str, part: pd.DataFrame, study: Study) -> Block:
    least = lowest(part, "quota")
    missing = [study.nome_area(a) for a in part.loc[part["presenti"] == 0, "ambito_id"]]
    if len(part) == 1:
        sentence = T(
            "{level}, {area}: almeno un ente presente a {k:int} incontri su {n:int} ({q:pct0}).",
            level=level_name(level),
            area=study.nome_area(least["ambito_id"]),
            k=least["presenti"],
            n=least["incontri"],
            q=least["quota"],
        )
    else:
        never = T("Tutti gli Ambiti risultano presenti almeno una volta.")
        if missing:
            never = T("Mai presenti: {names}.", names=missing)
        sentence = T(
            "{level}: l'Ambito meno presente è {area}, con {k:int} incontri su {n:int}. {never}",
            level=level_name(level),
            area=study.nome_area(least["ambito_id"]),
            k=least["presenti"],
            n=least["incontri"],
            never=never,
        )
    return paragraph(f"assenze_{level}", sentence)


def _absences_matrix(rows: pd.DataFrame, study: Study, source: Message) -> Block:
    shown = with_words(
        rows,
        nome=[level_name(level) for level in rows["livello"]],
        ambito=[study.nome_area(code) for code in rows["ambito_id"]],
    )
    return figure(
        "assenze_grafico",
        ChartKind.MATRICE,
        shown,
        [
            ("ambito", T("Ambito"), "text"),
            ("nome", T("Livello"), "text"),
            ("quota", T("Quota di incontri con presenza"), "pct0"),
            ("seggio", T("Ha un seggio al livello"), "text"),
        ],
        {"x": "nome", "y": "quota", "group": "ambito"},
        caption=T("Quali Ambiti sono presenti, e dove"),
        alt=T(
            "Matrice di {n:int} Ambiti per {m:int} livelli: quota di incontri con almeno un ente.",
            n=rows["ambito_id"].nunique(),
            m=rows["livello"].nunique(),
        ),
        source=source,
        n=T("{n:int} Ambiti", n=rows["ambito_id"].nunique()),
        tables=["ind_presenze_ambiti"],
        unit=T("quota degli incontri con almeno un ente dell'Ambito"),
    )
