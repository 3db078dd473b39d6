"""The results contract: what each analysis leaves for the synthesis and the multiverse."""

from __future__ import annotations

from bgest_analysis.schema.model import Column, Layer, Table, Type

RISULTATI = Table(
    name="risultati",
    layer=Layer.RIS,
    title_it="Risultati principali di un'analisi",
    title_en="Headline results of an analysis",
    grain_it="Una riga per indicatore e area",
    grain_en="One row per indicator and area",
    columns=(
        Column("analisi", Type.STR, "Analisi", "Analysis"),
        Column("codice", Type.STR, "Codice", "Code", description="Codice dell'indicatore."),
        Column("ambito", Type.STR, "Area", "Area"),
        Column("stima", Type.DEC, "Stima", "Estimate"),
        Column("basso", Type.DEC, "Limite basso", "Lower limit"),
        Column("alto", Type.DEC, "Limite alto", "Upper limit"),
        Column("n", Type.INT, "n", "n"),
        Column("intervallo", Type.STR, "Tipo di intervallo", "Kind of interval"),
        Column("forza", Type.CAT, "Solidità", "Strength of evidence"),
        Column("motivo", Type.STR, "Motivo", "Reason"),
        Column("origine", Type.CAT, "Origine", "Origin"),
        Column("blocco", Type.STR, "Blocco", "Block"),
    ),
    key=("analisi", "codice", "ambito"),
    optional=frozenset({"stima", "basso", "alto", "n", "motivo"}),
)
