"""What the tables say of each other: one row a comparison, made by us and sent by nobody."""

from __future__ import annotations

from bgest_analysis.schema.common import AMBITO_ID, MEDIATORE_ID
from bgest_analysis.schema.model import Column, Layer, Table, Type

CONTROLLO = Column(
    "controllo",
    Type.CAT,
    "Controllo",
    "Check",
    codes="controllo",
    description="Che cosa si confronta.",
)
OGGETTO = Column(
    "oggetto",
    Type.STR,
    "Oggetto",
    "Object",
    description="Indicatore, voce, lingua o codice del confronto; mai una persona.",
)
PERIODO = Column(
    "periodo",
    Type.STR,
    "Periodo",
    "Period",
    description="Giorno, mese o trimestre; vuoto se il confronto è sull'insieme.",
)
VALORE_A = Column(
    "valore_a", Type.DEC, "Primo valore", "First value", description="Per esempio il registro."
)
VALORE_B = Column(
    "valore_b",
    Type.DEC,
    "Secondo valore",
    "Second value",
    description="Per esempio il foglio ore; è il riferimento dello scarto.",
)
SCARTO = Column(
    "scarto",
    Type.DEC,
    "Scarto",
    "Gap",
    description="Primo valore meno secondo, nell'unità indicata.",
)
SOGLIA = Column(
    "soglia",
    Type.DEC,
    "Tolleranza",
    "Tolerance",
    description="Scarto oltre il quale si chiede di rivedere, nell'unità indicata.",
)
UNITA_RISCONTRO = Column(
    "unita_riscontro",
    Type.STR,
    "Unità",
    "Unit",
    description="Unità dei valori e dello scarto.",
)
RIGHE = Column(
    "righe",
    Type.INT,
    "Righe confrontate",
    "Rows compared",
    minimum=0,
    description="Righe delle tabelle su cui il confronto poggia.",
)
ESITO_RISCONTRO = Column(
    "esito_riscontro",
    Type.CAT,
    "Esito del controllo",
    "Outcome of the check",
    codes="esito_riscontro",
    description="Coerente, da rivedere, impossibile o non calcolabile.",
)

RISCONTRI = Table(
    "riscontri",
    Layer.TIDY,
    "Riscontri tra tabelle",
    "Checks across tables",
    "un confronto tra due tabelle, per oggetto e periodo",
    "one comparison of two tables, by object and period",
    columns=(
        CONTROLLO,
        OGGETTO,
        PERIODO,
        AMBITO_ID,
        MEDIATORE_ID,
        VALORE_A,
        VALORE_B,
        SCARTO,
        SOGLIA,
        UNITA_RISCONTRO,
        RIGHE,
        ESITO_RISCONTRO,
    ),
    key=("controllo", "oggetto", "periodo", "ambito_id", "mediatore_id"),
    optional=frozenset(
        {
            "oggetto",
            "periodo",
            "ambito_id",
            "mediatore_id",
            "valore_a",
            "valore_b",
            "scarto",
            "soglia",
            "unita_riscontro",
        }
    ),
    about_people=True,
    source="confronto tra le tabelle pulite",
)

TABLES = (RISCONTRI,)
