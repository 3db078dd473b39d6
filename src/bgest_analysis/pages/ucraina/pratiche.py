"""What remains: the emergency's practices, in how many Ambiti, from when, held by what."""

from __future__ import annotations

import pandas as pd

from bgest_analysis.blocks import Block, ChartKind
from bgest_analysis.indicators.calendario import UKRAINE, event_day
from bgest_analysis.pages.areas import with_area_names, with_words
from bgest_analysis.pages.build import figure, note, paragraph, table, title, unavailable
from bgest_analysis.pages.modello.words import COMPONENTI
from bgest_analysis.study.model import Study
from bgest_analysis.text.messages import Message, T
from bgest_analysis.workspace import DISTRETTO

TABLE = "ind_pratiche"
EMERGENCY = "prassi_ucraina"
DAYS_OF_A_MONTH = 30.44


def no_practices() -> Block:
    """Say what this part needs."""
    return unavailable(
        "prassi",
        T("Quali prassi dell'emergenza siano diventate comuni non si può dire."),
        T("la ricognizione delle pratiche di ogni Ambito con la data (data/raw/pratiche)."),
    )


def adopted(pratiche: pd.DataFrame, study: Study) -> pd.DataFrame:
    """Return the practices adopted since the invasion, one row a component and Ambito."""
    start = event_day(study, UKRAINE)
    if start is None:
        return pratiche.iloc[0:0]
    after = (pratiche["componente"] == EMERGENCY) | (pratiche["adozione"] >= start)
    return pratiche[after & pratiche["adozione"].notna()]


def common(pratiche: pd.DataFrame, study: Study, area: str, source: Message) -> list[Block]:
    """Return which practices became common to how many Ambiti, and what is known of their hold."""
    start, rows = event_day(study, UKRAINE), adopted(pratiche, study)
    own = rows[rows["componente"] == EMERGENCY].sort_values("adozione", kind="stable")
    blocks = [title("sez_prassi", T("Le prassi dell'emergenza: comuni a quanti, e durano?"))]
    if start is None or own.empty:
        text = T("Nessun Ambito documenta una prassi nata dall'emergenza, con la sua data.")
        return [*blocks, paragraph("prassi_frase", text)]
    return [
        *blocks,
        _sentence(own, start, study),
        *_of_area(own, study, area),
        _months_figure(own, start, study, source),
        _table(rows, study, source),
        _lasting(),
    ]


def _sentence(own: pd.DataFrame, start: pd.Timestamp, study: Study) -> Block:
    return paragraph(
        "prassi_frase",
        T(
            "Prassi nate dall'emergenza: {k:int} Ambiti su {n:int}, dalla prima il {a:date} "
            "all'ultima il {b:date} (mediana {m:dec1} mesi dopo l'invasione). Rette da un atto "
            "firmato: {f:int} su {k:int}.",
            k=len(own),
            n=len(study.ambito_ids),
            a=own["adozione"].iloc[0],
            b=own["adozione"].iloc[-1],
            m=float(_months_after(own, start).median()),
            f=int((own["formali"] > 0).sum()),
        ),
    )


def _of_area(own: pd.DataFrame, study: Study, area: str) -> list[Block]:
    if area == DISTRETTO:
        return []
    rows = own[own["area"] == area]
    name = study.nome_area(area)
    if rows.empty:
        return [paragraph("prassi_ambito", T("{area}: nessuna prassi documentata.", area=name))]
    row = rows.iloc[0]
    act = T("con un atto firmato") if row["formali"] > 0 else T("senza un atto firmato")
    return [
        paragraph(
            "prassi_ambito",
            T("{area}: prassi dal {d:date}, {act}.", area=name, d=row["adozione"], act=act),
        )
    ]


def _months_figure(own: pd.DataFrame, start: pd.Timestamp, study: Study, source: Message) -> Block:
    shown = with_area_names(own, study).assign(mesi=_months_after(own, start))
    return figure(
        "prassi_grafico",
        ChartKind.BARRE,
        shown,
        [
            ("nome_area", T("Ambito"), "text"),
            ("mesi", T("Mesi dall'invasione alla prassi"), "dec1"),
        ],
        {"x": "nome_area", "y": "mesi"},
        caption=T("Quanti mesi dall'invasione alla prassi, negli Ambiti che ne hanno una"),
        alt=T(
            "Barre da {a:dec1} a {b:dec1} mesi per {n:int} Ambiti.",
            a=shown["mesi"].min(),
            b=shown["mesi"].max(),
            n=len(shown),
        ),
        source=source,
        n=T("{n:int} Ambiti", n=len(shown)),
        tables=[TABLE],
        unit=T("mesi dall'invasione"),
    )


def _months_after(own: pd.DataFrame, start: pd.Timestamp) -> pd.Series:
    months: pd.Series = (own["adozione"] - start).dt.days / DAYS_OF_A_MONTH
    return months


def _table(rows: pd.DataFrame, study: Study, source: Message) -> Block:
    groups = rows.groupby("componente")
    counts = groups.agg(
        ambiti=("area", "nunique"),
        prima=("adozione", "min"),
        ultima=("adozione", "max"),
        formali=("formali", lambda values: int((values > 0).sum())),
    ).reset_index()
    shown = with_words(counts, nome=[COMPONENTI.get(c, c) for c in counts["componente"]])
    return table(
        "prassi_tabella",
        shown,
        [
            ("nome", T("Pratica"), "text"),
            ("ambiti", T("Ambiti che l'hanno adottata dopo l'invasione"), "int"),
            ("formali", T("con un atto firmato"), "int"),
            ("prima", T("Prima adozione"), "date"),
            ("ultima", T("Ultima adozione"), "date"),
        ],
        caption=T(
            "Pratiche adottate dopo l'invasione, e in quanti Ambiti su {n:int}",
            n=len(study.ambito_ids),
        ),
        alt=T("Tabella di {n:int} componenti.", n=len(shown)),
        source=source,
        n=T("{n:int} componenti", n=len(shown)),
        tables=[TABLE],
    )


def _lasting() -> Block:
    return note(
        "prassi_durata",
        T(
            "Se le prassi durino non è stimabile: la ricognizione dice quando una pratica "
            "comincia, non se è finita. Servirebbe, per ogni pratica e Ambito, la data dell'ultima "
            "verifica o della cessazione. L'atto firmato è solo un indizio di tenuta. Le altre "
            "componenti della tabella sono venute dopo l'invasione, non per questo a causa sua."
        ),
    )
