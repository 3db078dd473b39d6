"""What interviews, groups and minutes say: context, mechanism, outcome, and who agrees."""

from __future__ import annotations

from typing import Any

import pandas as pd

from bgest_analysis.blocks import Block, ChartKind
from bgest_analysis.pages.areas import with_words
from bgest_analysis.pages.build import figure, note, paragraph, table, title, unavailable
from bgest_analysis.pages.temi import PARTI, THEMES, WORDS, theme_name
from bgest_analysis.study.model import Study
from bgest_analysis.text.formats import is_missing
from bgest_analysis.text.messages import Message, T
from bgest_analysis.workspace import DISTRETTO


def missing() -> list[Block]:
    """Say what coded documents would add."""
    return [
        title("sez_parole", T("Le parole: contesto, meccanismo, esito")),
        unavailable(
            "parole",
            T("Per chi, perché e in quale contesto il modello funziona non si può ancora dire."),
            T(
                "le codifiche di interviste, gruppi e verbali, fatte da due persone (tabella "
                "codifiche_qual, in data/raw/codifiche_qual)."
            ),
        ),
    ]


def words(
    codici: pd.DataFrame, accordo: pd.DataFrame, study: Study, area: str, source: Message
) -> list[Block]:
    """Show the context-mechanism-outcome table, codes against Ambiti, and agreement."""
    return [
        title("sez_parole", T("Le parole: contesto, meccanismo, esito")),
        _opening(codici),
        *_own(codici, study, area),
        _table(codici, source),
        *_matrix(codici, study, source),
        _agreement(accordo),
        _note(),
    ]


def _opening(codici: pd.DataFrame) -> Block:
    whole = codici[codici["area"] == DISTRETTO]
    lines = [
        T(
            "{part} ({names})",
            part=PARTI[str(part)],
            names=[
                theme_name(code) for code in rows.sort_values("passi", ascending=False)["codice"]
            ],
        )
        for part, rows in whole.groupby("parte")
        if part in PARTI
    ]
    return paragraph(
        "parole_frase",
        T(
            "Documenti codificati: {d:int}. Temi, dal più presente: {lines}.",
            d=int(whole["documenti_totali"].max()),
            lines=lines,
        ),
    )


def _own(codici: pd.DataFrame, study: Study, area: str) -> list[Block]:
    if area == DISTRETTO:
        return []
    own = codici[codici["area"] == area].sort_values("passi", ascending=False)
    name = study.nome_area(area)
    if own.empty:
        return [
            paragraph(
                "parole_ambito",
                T("{area}: nessun documento codificato porta il suo codice.", area=name),
            )
        ]
    themes = [theme_name(code) for code in own["codice"]]
    return [paragraph("parole_ambito", T("{area}: temi {t}.", area=name, t=themes))]


def _table(codici: pd.DataFrame, source: Message) -> Block:
    whole = codici[codici["area"] == DISTRETTO].sort_values(["parte", "passi"])
    shown = with_words(
        whole,
        parte_nome=[PARTI.get(part, part) for part in whole["parte"]],
        tema=[theme_name(code) for code in whole["codice"]],
    )
    return table(
        "parole_tabella",
        shown,
        [
            ("parte_nome", T("Parte"), "text"),
            ("tema", T("Tema"), "text"),
            ("passi", T("Passi"), "int"),
            ("documenti", T("Documenti"), "int"),
            ("documenti_totali", T("su"), "int"),
        ],
        caption=T("Contesto, meccanismo, esito: quante volte e in quanti documenti"),
        alt=T("Tabella di {n:int} temi.", n=len(shown)),
        source=source,
        n=T("{n:int} documenti", n=int(whole["documenti_totali"].max())),
        tables=["ind_codici_qual"],
    )


def _matrix(codici: pd.DataFrame, study: Study, source: Message) -> list[Block]:
    own = codici[codici["area"] != DISTRETTO]
    if own["area"].nunique() < 2:
        return [
            paragraph(
                "parole_ambiti",
                T(
                    "Il confronto dei temi tra gli Ambiti non si può fare: il codice dei documenti "
                    "non contiene quello dell'Ambito."
                ),
            )
        ]
    shown = with_words(
        own,
        nome_area=[study.nome_area(area) for area in own["area"]],
        tema=[theme_name(code) for code in own["codice"]],
    )
    return [
        figure(
            "parole_ambiti",
            ChartKind.MATRICE,
            shown,
            [
                ("tema", T("Tema"), "text"),
                ("nome_area", T("Ambito"), "text"),
                ("passi", T("Passi"), "int"),
            ],
            {"x": "nome_area", "y": "passi", "group": "tema"},
            caption=T("Temi per Ambito: passi codificati"),
            alt=T("Matrice di {n:int} caselle, temi per Ambiti.", n=len(shown)),
            source=source,
            n=T("{n:int} passi", n=int(own["passi"].sum())),
            tables=["ind_codici_qual"],
            unit=T("passi codificati"),
        )
    ]


def _agreement(accordo: pd.DataFrame) -> Block:
    known = accordo[accordo["kappa"].notna()]
    if known.empty:
        return paragraph(
            "parole_accordo",
            T("L'accordo tra chi codifica non è stimabile: serve una doppia codifica."),
        )
    lines = [
        T(
            "{who}: kappa {k:dec2} (da {a:dec2} a {b:dec2}, {n:int} passi)",
            who=row["codificatori"],
            k=row["kappa"],
            a=row["kappa_basso"],
            b=row["kappa_alto"],
            n=row["passi_doppi"],
        )
        for row in known.to_dict("records")
    ]
    return paragraph("parole_accordo", T("Accordo tra chi codifica: {lines}.", lines=lines))


def _note() -> Block:
    return note(
        "parole_nota",
        T(
            "I passi dicono che un tema è presente, non quanto sia vero o diffuso; un passo "
            "codificato da due persone con lo stesso codice conta una volta. Nessuna citazione è "
            "riportata, per non far riconoscere chi parla."
        ),
    )


def headlines(codici: pd.DataFrame, area: str) -> list[dict[str, Any]]:
    """Return, for each figure with a theme, the share of documents where the theme appears.

    The codes are ``Q-`` and that of the figure; the joint display of the synthesis reads them.
    """
    own = codici[codici["area"] == area]
    return [_headline(own, code, themes, area) for code, themes in THEMES.items()]


def _headline(own: pd.DataFrame, code: str, themes: tuple[str, ...], area: str) -> dict[str, Any]:
    found = own[own["codice"].str.replace(r"^[CMO]_", "", regex=True).isin(themes)]
    total = own["documenti_totali"].max() if len(own) else None
    empty = total is None or is_missing(total)
    share = None if empty else float(found["documenti"].max() / total) if len(found) else 0.0
    return {
        "codice": f"{WORDS}{code}",
        "ambito": area,
        "stima": share,
        "basso": None,
        "alto": None,
        "n": None if empty else int(total or 0),
        "intervallo": "nessuno",
        "forza": "non stimabile" if empty else "debole",
        "blocco": "parole_ambito" if area != DISTRETTO else "parole_tabella",
        "motivo": "nessun documento codificato" if empty else "",
    }
