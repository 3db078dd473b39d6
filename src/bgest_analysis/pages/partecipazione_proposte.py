"""Blocks on proposals: from the technical team to the steering body, and back or never back."""

from __future__ import annotations

import pandas as pd

from bgest_analysis.blocks import Block
from bgest_analysis.pages.areas import with_words
from bgest_analysis.pages.build import note, paragraph, table, title, unavailable
from bgest_analysis.pages.partecipazione import ALL, NOT_ESTIMABLE, OUTCOMES
from bgest_analysis.text.formats import is_missing
from bgest_analysis.text.messages import Message, T

NO_ANSWER = "senza_riscontro"


def section(proposte: pd.DataFrame, source: Message) -> list[Block]:
    """Return all blocks on proposals."""
    whole = proposte[proposte["tema"] == ALL]
    whole = whole.sort_values(
        "esito", key=lambda c: c.map({name: i for i, name in enumerate(OUTCOMES)}), kind="stable"
    )
    return [
        title("sez_proposte", T("Le proposte dall'Équipe alla Cabina")),
        _sentence(whole),
        *_never_back(whole, proposte),
        _table(whole, source),
        note(
            "proposte_nota",
            T(
                "Si contano le proposte scritte nei verbali: quelle fatte a voce non ci sono. "
                "«Senza riscontro» vuol dire che nessun verbale ne parla più. La mediana dei "
                "giorni c'è solo dove le proposte con le due date bastano."
            ),
        ),
    ]


def _sentence(whole: pd.DataFrame) -> Block:
    counts = [
        T("{name} {n:int} ({q:pct0})", name=OUTCOMES.get(r["esito"], r["esito"]),
          n=r["proposte"], q=r["quota"])
        for _, r in whole.iterrows()
    ]  # fmt: skip
    return paragraph(
        "proposte_frase",
        T("Le proposte sono {n:int}: {counts}.", n=int(whole["proposte"].sum()), counts=counts),
    )


def _never_back(whole: pd.DataFrame, proposte: pd.DataFrame) -> list[Block]:
    lost = whole[whole["esito"] == NO_ANSWER]
    if lost.empty:
        return [paragraph("proposte_perse", T("Tutte le proposte hanno avuto un esito."))]
    row = lost.iloc[0]
    return [
        paragraph(
            "proposte_perse",
            T(
                "Non sono mai tornate {n:int} proposte ({q:pct0}; intervallo di Wilson al 95% "
                "{a:pct0}–{b:pct0}); dopo la proposta mediana si sono tenuti altri {k:dec0} "
                "incontri di Cabina. Le più recenti potrebbero essere ancora in attesa.",
                n=row["proposte"],
                q=row["quota"],
                a=row["basso"],
                b=row["alto"],
                k=row["cabine_dopo"],
            ),
        )
    ]


def _table(whole: pd.DataFrame, source: Message) -> Block:
    shown = with_words(
        whole,
        nome=[OUTCOMES.get(name, name) for name in whole["esito"]],
        campo=[T("{a:pct0}–{b:pct0}", a=r["basso"], b=r["alto"]) for _, r in whole.iterrows()],
        giorni=[
            NOT_ESTIMABLE if is_missing(r["giorni_mediana"])
            else T("{d:int}", d=r["giorni_mediana"])
            for _, r in whole.iterrows()
        ],
    )  # fmt: skip
    return table(
        "proposte_tabella",
        shown,
        [
            ("nome", T("Esito"), "text"),
            ("proposte", T("Proposte"), "int"),
            ("quota", T("Quota"), "pct0"),
            ("campo", T("Intervallo al 95%"), "text"),
            ("con_giorni", T("Con le due date"), "int"),
            ("giorni", T("Giorni (mediana)"), "text"),
            ("giorni_massimo", T("Giorni (massimo)"), "int"),
        ],
        caption=T("Esito delle proposte e giorni per averlo"),
        alt=T("Tabella di {n} esiti con numero, quota e giorni.", n=len(whole)),
        source=source,
        n=T("{n:int} proposte", n=int(whole["proposte"].sum())),
        tables=["ind_proposte"],
    )


def missing() -> Block:
    """Say what the analysis of proposals would need."""
    return unavailable(
        "proposte",
        T("Quali proposte tornano dalla Cabina di Regia, e in quanto tempo, non si può dire."),
        T("le proposte dai verbali (tabella proposte), da mettere in data/raw/proposte."),
    )
