"""The double-coded sample: how far two persons agree, and what they say of the whole log."""

from __future__ import annotations

import pandas as pd

from bgest_analysis.blocks import Block
from bgest_analysis.pages.areas import with_words
from bgest_analysis.pages.build import note, paragraph, table, title, unavailable
from bgest_analysis.pages.modello.words import interval, name_of, value
from bgest_analysis.text.formats import is_missing
from bgest_analysis.text.messages import Message, T

TABLES = ("ind_accordo_codifica", "ind_quote_codifica")
VARIABLES = {"fase": T("Fase"), "orientamento": T("Orientamento")}


def heading() -> Block:
    """Return the section's title."""
    return title("sez_codifica", T("Il campione codificato da due persone"), level=3)


def coding_missing() -> list[Block]:
    """Say that nobody coded a sample twice."""
    return [
        heading(),
        unavailable(
            "kappa_modello",
            T(
                "La fase e l'orientamento vengono da chi ha fatto l'intervento o da una regola, e "
                "nessuno li ha codificati una seconda volta: non si sa quanto due persone "
                "sarebbero d'accordo (kappa di Cohen), né quanto spesso la regola sbagli."
            ),
            T("un campione codificato due volte alla cieca (bgest sample)."),
        ),
    ]


def double_coding(accordo: pd.DataFrame, quote: pd.DataFrame, source: Message) -> list[Block]:
    """Show agreement, the rule's error and the weighted shares, for the whole district."""
    if accordo.empty:
        return coding_missing()
    return [
        heading(),
        *(_sentence(row) for _, row in accordo.iterrows()),
        _shares(quote, source),
        note(
            "codifica_nota",
            T(
                "I due hanno letto gli stessi casi senza vedere i codici dell'altro, né la fase "
                "registrata o derivata. Le quote sono stime sul registro intero del distretto, "
                "pesate per strato, dai soli casi concordi o decisi da una terza persona: se i "
                "casi discordi sono diversi dagli altri, le quote ne risentono. Non si sommano "
                "con quelle registrate."
            ),
        ),
    ]


def _sentence(row: pd.Series) -> Block:
    name = str(row["variabile"])
    text = T(
        "{name}: su {n} casi due persone danno lo stesso codice nel {same}; kappa di Cohen "
        "{kappa}{ends}.",
        name=VARIABLES[name],
        n=value(row, "casi_codificati", "int"),
        same=value(row, "accordo", "pct1"),
        kappa=value(row, "kappa", "dec2"),
        ends=interval(row, "kappa_basso", "kappa_alto", "dec2"),
    )
    if not is_missing(row["errore_regola"]):
        text = T(
            "{text} La regola che deriva la fase sbaglia nel {error}{ends} degli interventi "
            "({n} casi concordi).",
            text=text,
            error=value(row, "errore_regola", "pct1"),
            ends=interval(row, "errore_basso", "errore_alto", "pct1"),
            n=value(row, "casi_con_regola", "int"),
        )
    return paragraph(f"codifica_{name}", text)


def _shares(quote: pd.DataFrame, source: Message) -> Block:
    shown = with_words(
        quote,
        che_cosa=[VARIABLES[name] for name in quote["variabile"]],
        codice=[name_of(code) for code in quote["categoria"]],
    )
    return table(
        "codifica_quote",
        shown,
        [
            ("che_cosa", T("Aspetto"), "text"),
            ("codice", T("Codice"), "text"),
            ("casi", T("Casi"), "int"),
            ("quota", T("Quota del registro"), "pct1"),
            ("quota_basso", T("Da"), "pct1"),
            ("quota_alto", T("A"), "pct1"),
        ],
        caption=T("Il registro secondo la doppia codifica, variabile ricodificata"),
        alt=T("Tabella di {n} codici con casi, quota stimata e intervallo.", n=len(shown)),
        source=source,
        n=T("{n:int} codici concordi o decisi", n=int(quote["casi"].sum())),
        tables=[TABLES[1]],
    )
