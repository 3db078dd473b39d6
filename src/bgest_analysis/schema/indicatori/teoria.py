"""The ``ind_`` tables of the logic model, as the study declares it."""

from __future__ import annotations

from bgest_analysis.schema.model import Column, Layer, Table, Type

NODO_ID = Column("nodo_id", Type.STR, "Nodo", "Node")
TIPO = Column("tipo", Type.CAT, "Tipo di nodo", "Kind of node", codes="tipo_nodo")
TITOLO = Column("titolo", Type.STR, "Titolo", "Title")
DESCRIZIONE = Column("descrizione", Type.STR, "Descrizione", "Description")
INDICATORI = Column(
    "indicatori", Type.LIST, "Indicatori", "Indicators", description="Codici separati da |."
)
FONTE = Column("fonte", Type.STR, "Fonte", "Source")
ORIGINE = Column(
    "origine", Type.CAT, "Origine dell'elemento", "Origin", description="slide o proposta."
)
NESSO_ID = Column("nesso_id", Type.STR, "Nesso", "Link")
DA_NODO = Column("da_nodo", Type.STR, "Dal nodo", "From node")
A_NODO = Column("a_nodo", Type.STR, "Al nodo", "To node")
ASSUNTO = Column("assunto", Type.STR, "Assunto", "Assumption")
RIVALE = Column("spiegazione_rivale", Type.STR, "Spiegazione rivale", "Rival explanation")

NODI = Table(
    name="teoria_nodi",
    layer=Layer.IND,
    title_it="Il modello logico: elementi",
    title_en="The logic model: elements",
    grain_it="Una riga per elemento",
    grain_en="One row per element",
    columns=(NODO_ID, TIPO, TITOLO, DESCRIZIONE, INDICATORI, FONTE, ORIGINE),
    key=("nodo_id",),
    source="studio",
)
NESSI = Table(
    name="teoria_nessi",
    layer=Layer.IND,
    title_it="Il modello logico: nessi",
    title_en="The logic model: links",
    grain_it="Una riga per nesso",
    grain_en="One row per link",
    columns=(NESSO_ID, DA_NODO, A_NODO, ASSUNTO, RIVALE, INDICATORI, FONTE, ORIGINE),
    key=("nesso_id",),
    source="studio",
)
TABLES = (NODI, NESSI)
