"""Blocks on hours to each Ambito under each rule, and what it does to equity."""

from __future__ import annotations

import pandas as pd

from bgest_analysis.blocks import Block, ChartKind
from bgest_analysis.pages.areas import highest, lowest, with_words
from bgest_analysis.pages.build import figure, note, paragraph, table, title
from bgest_analysis.study.model import Study
from bgest_analysis.text.messages import Message, T
from bgest_analysis.workspace import DISTRETTO

RULES = {
    "oggi": T("Come oggi"),
    "incidenza": T("Per residenti extra-UE"),
    "domanda": T("Per richieste"),
    "bisogno_inevaso": T("Per richieste inevase"),
    "costo": T("Stessa spesa a testa"),
}


def allocation(
    hours: pd.DataFrame, equity: pd.DataFrame, study: Study, area: str, source: Message
) -> list[Block]:
    """Show hours under each rule and what each does to equity."""
    own = hours if area == DISTRETTO else hours[hours["ambito_id"] == area]
    named = with_words(
        own,
        nome=[study.nome_area(code) for code in own["ambito_id"]],
        regola_nome=[RULES[rule] for rule in own["regola"]],
    )
    known = equity.dropna(subset=["theil"])
    blocks = [
        title("sez_riparto", T("Come si potrebbero distribuire le ore")),
        *([_equity_sentence(known)] if len(known) else []),
        _equity_table(equity, source),
        _hours_chart(named, source),
        _hours_table(named, source),
    ]
    return [*blocks, note("riparto_nota", T(
        "Sono esercizi a ore costanti, non raccomandazioni; la regola per residenti extra-UE dà "
                    "ore uguali a testa per costruzione. I residenti extra-UE per Ambito sono "
        "una stima; le richieste dipendono da chi conosce il servizio; le inevase sono poche e "
        "oscillano. «Stessa spesa a testa» toglie ore frontali dove servono più viaggi."
    ))]  # fmt: skip


def _equity_sentence(known: pd.DataFrame) -> Block:
    fair, unfair = lowest(known, "theil"), highest(known, "theil")
    return paragraph(
        "riparto_frase",
        T(
            "La regola che più avvicina le ore per residente extra-UE tra gli Ambiti è «{f}» "
            "(Theil {a:dec3}), quella che più le allontana è «{u}» ({b:dec3}). La prima sposta il "
            "{m:pct0} delle ore di oggi.",
            f=RULES[fair["regola"]],
            a=fair["theil"],
            u=RULES[unfair["regola"]],
            b=unfair["theil"],
            m=fair["spostate"],
        ),
    )


def _equity_table(equity: pd.DataFrame, source: Message) -> Block:
    shown = with_words(equity, nome=[RULES[rule] for rule in equity["regola"]])
    return table(
        "equita_tabella",
        shown,
        [
            ("nome", T("Regola"), "text"),
            ("theil", T("Theil (0: tutti uguali)"), "dec3"),
            ("rapporto", T("Massimo / minimo"), "dec1"),
            ("spostate", T("Ore spostate da oggi"), "pct0"),
        ],
        caption=T("Che cosa fa ogni regola all'equità tra Ambiti (ore per extra-UE)"),
        alt=T("Tabella di {n} regole con disuguaglianza e ore spostate.", n=len(equity)),
        source=source,
        n=T("{n:int} regole", n=len(equity)),
        tables=["ind_riparto_equita"],
    )


def _hours_chart(named: pd.DataFrame, source: Message) -> Block:
    return figure(
        "riparto_grafico",
        ChartKind.PUNTI,
        named,
        [
            ("nome", T("Ambito"), "text"),
            ("regola_nome", T("Regola"), "text"),
            ("ore_per_1000", T("Ore per 1.000 extra-UE (stima)"), "dec1"),
        ],
        {"x": "nome", "y": "ore_per_1000", "group": "regola_nome"},
        caption=T("Ore frontali per 1.000 residenti extra-UE secondo ogni regola"),
        alt=T("Punti di {n} combinazioni di Ambito e regola.", n=len(named)),
        source=source,
        n=T("{n:int} Ambiti", n=named["ambito_id"].nunique()),
        tables=["ind_riparto"],
        unit=T("ore per 1.000 extra-UE"),
    )


def _hours_table(named: pd.DataFrame, source: Message) -> Block:
    return table(
        "riparto_tabella",
        named,
        [
            ("regola_nome", T("Regola"), "text"),
            ("nome", T("Ambito"), "text"),
            ("quota", T("Quota delle ore"), "pct1"),
            ("ore", T("Ore"), "dec0"),
            ("ore_per_1000", T("Ore per 1.000 extra-UE (stima)"), "dec1"),
        ],
        caption=T("Ore frontali di un anno secondo ogni regola"),
        alt=T("Tabella di {n} combinazioni di regola e Ambito.", n=len(named)),
        source=source,
        n=T("{n:int} combinazioni", n=len(named)),
        tables=["ind_riparto"],
    )
