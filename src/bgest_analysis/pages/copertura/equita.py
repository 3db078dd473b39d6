"""Equity: which Ambiti are reached more than expected, and how unequal they are."""

from __future__ import annotations

import numpy as np
import pandas as pd

from bgest_analysis.blocks import Block, ChartKind
from bgest_analysis.pages.areas import only_ambiti, with_area_names, with_words
from bgest_analysis.pages.build import figure, note, paragraph, table, title
from bgest_analysis.pages.copertura.raggiunti import TABLE
from bgest_analysis.pages.modello.words import interval, value
from bgest_analysis.stats.funnel import ratio_limits
from bgest_analysis.study.model import Study
from bgest_analysis.text.messages import Message, T

INDICES_TABLE = "ind_equita"
MEASURES = {
    "P4": T("persone raggiunte per residente extra-UE (P4)"),
    "M2": T("ore di mediazione per residente extra-UE (M2)"),
}
INDICES = {
    "theil": T("indice di Theil"),
    "massimo_minimo": T("rapporto tra l'Ambito più alto e il più basso"),
}
LEVELS = (0.95, 0.998)
POINTS = 40
STANDARDS = {
    "eta": T("a parità di età"),
    "nessuna": T("senza correggere per l'età, perché i residenti per età non sono caricati"),
}


def equity(
    copertura: pd.DataFrame, indici: pd.DataFrame, study: Study, source: Message
) -> list[Block]:
    """Return observed against expected persons, the funnel, and the indices of inequality."""
    rows = only_ambiti(copertura)
    rows = rows[rows["rapporto"].notna()]
    blocks = [title("sez_equita", T("Territori uguali?"))]
    if len(rows) < 2 or rows["persone"].sum() == 0:
        text = T(
            "Il confronto tra Ambiti non è stimabile: ne serve più di uno con valori mostrati."
        )
        return [*blocks, paragraph("equita_frase", text)]
    return [
        *blocks,
        _ratio_sentence(rows, study),
        _funnel(rows, study, source),
        _ratio_table(rows, study, source),
        *_index_sentences(indici),
        _index_table(indici, source),
        _equity_note(),
    ]


def _ratio_sentence(rows: pd.DataFrame, study: Study) -> Block:
    limits = ratio_limits(rows["attese"].to_numpy(float), LEVELS[0])
    ratio = rows["rapporto"].to_numpy(float)
    names = rows["area"].map(study.nome_area)
    outside = {"sopra": names[ratio > limits.high], "sotto": names[ratio < limits.low]}
    nobody = [T("nessuno")]
    return paragraph(
        "equita_frase",
        T(
            "Le persone attese sono quelle che ogni Ambito avrebbe con il tasso dell'insieme, "
            "{kind}. Ambiti sopra quanto spiega il caso: {above}; sotto: {below}.",
            kind=STANDARDS[str(rows["standardizzazione"].iloc[0])],
            above=list(outside["sopra"]) or nobody,
            below=list(outside["sotto"]) or nobody,
        ),
    )


def _funnel(rows: pd.DataFrame, study: Study, source: Message) -> Block:
    shown = with_area_names(rows, study)
    expected = rows["attese"].to_numpy(float)
    grid = np.linspace(max(expected.min() * 0.7, 1.0), expected.max() * 1.15, POINTS)
    curves = [ratio_limits(grid, level) for level in LEVELS]
    columns = [grid, *(end for curve in curves for end in (curve.low, curve.high))]
    return figure(
        "equita_imbuto",
        ChartKind.IMBUTO,
        shown,
        [
            ("nome_area", T("Ambito"), "text"),
            ("attese", T("Persone attese"), "int"),
            ("rapporto", T("Osservate / attese"), "dec2"),
            ("persone", T("Osservate"), "int"),
        ],
        {"x": "attese", "y": "rapporto", "label": "nome_area"},
        caption=T("Persone raggiunte su attese: dentro le curve differisce solo il caso"),
        alt=T(
            "Grafico a imbuto di {n:int} Ambiti: rapporti da {low:dec2} a {high:dec2}.",
            n=len(rows),
            low=rows["rapporto"].min(),
            high=rows["rapporto"].max(),
        ),
        source=source,
        n=T("{n:int} destinatari unici con valore mostrato", n=int(rows["persone"].sum())),
        tables=[TABLE],
        unit=T("osservate / attese"),
        options={
            "limiti": np.column_stack(columns).round(6).tolist(),
            "riferimento": [1.0, T("come attese")],
        },
    )


def _ratio_table(rows: pd.DataFrame, study: Study, source: Message) -> Block:
    shown = with_area_names(rows, study)
    return table(
        "equita_tabella",
        shown,
        [
            ("nome_area", T("Ambito"), "text"),
            ("persone", T("Osservate"), "int"),
            ("attese", T("Attese"), "dec1"),
            ("rapporto", T("Rapporto"), "dec2"),
            ("rapporto_basso", T("Limite basso"), "dec2"),
            ("rapporto_alto", T("Limite alto"), "dec2"),
        ],
        caption=T("Persone osservate e attese per Ambito, intervallo di Byar al 95%"),
        alt=T("Tabella di {n} Ambiti con persone osservate, attese e rapporto.", n=len(shown)),
        source=source,
        n=T("{n:int} Ambiti", n=len(shown)),
        tables=[TABLE],
    )


def _index_sentences(indici: pd.DataFrame) -> list[Block]:
    rows = indici[(indici["misura"] == "M2") & indici["valore"].notna()]
    return [
        paragraph(
            f"equita_{row['indice']}",
            T(
                "Ore tra i territori (M10): {name} {v}{interval}.",
                name=INDICES[str(row["indice"])],
                v=value(row, "valore", _format(row)),
                interval=interval(row, "basso", "alto", _format(row)),
            ),
        )
        for _, row in rows.iterrows()
    ]


def _format(row: pd.Series) -> str:
    return "dec3" if row["indice"] == "theil" else "dec2"


def _index_table(indici: pd.DataFrame, source: Message) -> Block:
    shown = with_words(
        indici,
        che_cosa=[MEASURES[code] for code in indici["misura"]],
        nome=[INDICES[name] for name in indici["indice"]],
    )
    return table(
        "equita_indici",
        shown,
        [
            ("che_cosa", T("Misura"), "text"),
            ("nome", T("Indice"), "text"),
            ("valore", T("Valore"), "dec3"),
            ("basso", T("Limite basso"), "dec3"),
            ("alto", T("Limite alto"), "dec3"),
            ("n", T("n"), "int"),
        ],
        caption=T("Disuguaglianza tra gli Ambiti"),
        alt=T("Tabella di {n} indici con intervallo.", n=len(shown)),
        source=source,
        n=T("{n:int} indici", n=len(shown)),
        tables=[INDICES_TABLE],
    )


def _equity_note() -> Block:
    return note(
        "equita_nota",
        T(
            "Theil vale zero se tutti gli Ambiti hanno lo stesso tasso; ogni Ambito pesa per i "
            "suoi residenti. Indici e intervalli sono corretti per il caso, che da solo rende "
            "diversi gli Ambiti piccoli (bootstrap di Poisson): gli Ambiti ci sono tutti, non "
            "sono un campione. Un tasso uguale non è sempre equo: i bisogni possono essere "
            "diversi."
        ),
    )
