"""The ``ind_`` tables of the network and its governance."""

from __future__ import annotations

from bgest_analysis.schema.model import Column, Layer, Table, Type

ORGANO = Column("organo", Type.CAT, "Organo", "Body of governance", codes="organo")
ENTE_ID = Column("ente_id", Type.STR, "Codice ente", "Body code")
ENTE = Column("ente", Type.STR, "Ente", "Body")
TIPO = Column("tipo", Type.CAT, "Tipo di ente", "Kind of body", codes="tipo_ente")
AMBITO_ID = Column("ambito_id", Type.STR, "Ambito", "Ambito")
SEGGIO = Column("seggio", Type.BOOL, "Ha un seggio", "Has a seat")
RUOLO = Column("ruolo", Type.STR, "Ruolo", "Role")
COME_SCRITTO = Column("come_scritto", Type.STR, "Come è scritto", "As written")
FONTE = Column("fonte", Type.STR, "Fonte", "Source")

SEGGI = Table(
    name="seggi",
    layer=Layer.IND,
    title_it="Seggi degli enti negli organi del progetto",
    title_en="Seats of bodies in the project's governance",
    grain_it="Una riga per organo ed ente, con e senza seggio",
    grain_en="One row per governance body and organisation, with and without a seat",
    columns=(ORGANO, ENTE_ID, ENTE, TIPO, AMBITO_ID, SEGGIO, RUOLO, COME_SCRITTO, FONTE),
    key=("organo", "ente_id"),
    optional=frozenset({"ambito_id", "ruolo", "come_scritto", "fonte"}),
    source="slide del progetto",
)
TABLES = (SEGGI,)
