"""The ``ind_`` tables of cases and practices: autonomy within cases, practices adopted."""

from __future__ import annotations

from bgest_analysis.schema.indicatori.mediazione import AREA, SOURCE
from bgest_analysis.schema.model import Column, Layer, Table, Type

CASI_SEGUITI = Column(
    "casi_seguiti",
    Type.INT,
    "Casi con almeno due rilevazioni",
    "Cases noted at least twice",
    minimum=0,
    count=True,
)
PRIMA = Column(
    "prima",
    Type.DEC,
    "Autonomia alla prima rilevazione",
    "Autonomy when first noted",
    unit="scala 0-3",
    rests_on="casi_seguiti",
)
ULTIMA = Column(
    "ultima",
    Type.DEC,
    "Autonomia all'ultima",
    "Autonomy when last noted",
    unit="scala 0-3",
    rests_on="casi_seguiti",
)
VARIAZIONE = Column(
    "variazione",
    Type.DEC,
    "Variazione media",
    "Mean change",
    unit="punti della scala 0-3",
    description="Media nei casi di ultima − prima rilevazione (E3).",
    rests_on="casi_seguiti",
)
VARIAZIONE_BASSO = Column(
    "variazione_basso",
    Type.DEC,
    "Limite basso",
    "Lower limit",
    unit="punti della scala 0-3",
    rests_on="casi_seguiti",
)
VARIAZIONE_ALTO = Column(
    "variazione_alto",
    Type.DEC,
    "Limite alto",
    "Upper limit",
    unit="punti della scala 0-3",
    rests_on="casi_seguiti",
)
METODO = Column(
    "metodo",
    Type.STR,
    "Intervallo",
    "Interval",
    description="«t» tra i casi; «CR2» con gli Ambiti come gruppi (solo per l'insieme).",
)
MIGLIORATI = Column(
    "migliorati", Type.INT, "Casi saliti", "Cases up", minimum=0, count=True, part_of="casi_seguiti"
)
STABILI = Column(
    "stabili",
    Type.INT,
    "Casi fermi",
    "Cases unchanged",
    minimum=0,
    count=True,
    part_of="casi_seguiti",
)
PEGGIORATI = Column(
    "peggiorati",
    Type.INT,
    "Casi scesi",
    "Cases down",
    minimum=0,
    count=True,
    part_of="casi_seguiti",
)
AUTONOMIA = Table(
    name="autonomia",
    layer=Layer.IND,
    title_it="Autonomia nei casi: dalla prima all'ultima rilevazione",
    title_en="Autonomy in cases: from the first to the last note",
    grain_it="Una riga per area",
    grain_en="One row per area",
    columns=(
        AREA,
        CASI_SEGUITI,
        PRIMA,
        ULTIMA,
        VARIAZIONE,
        VARIAZIONE_BASSO,
        VARIAZIONE_ALTO,
        METODO,
        MIGLIORATI,
        STABILI,
        PEGGIORATI,
    ),
    key=("area",),
    optional=frozenset(
        {"prima", "ultima", "variazione", "variazione_basso", "variazione_alto", "metodo"}
    ),
    about_people=True,
    source=SOURCE,
)
COMPONENTE = Column(
    "componente", Type.CAT, "Componente del modello", "Component of the model", codes="componente"
)
ADOZIONE = Column(
    "adozione",
    Type.DATE,
    "Prima adozione",
    "First adoption",
    description="La prima data documentata nell'Ambito; vuota se non risulta.",
)
PRATICHE_N = Column("pratiche", Type.INT, "Pratiche", "Practices", minimum=0)
FORMALI = Column(
    "formali",
    Type.INT,
    "con uno strumento formale",
    "with a formal instrument",
    description="Pratiche con un protocollo o altro strumento formale.",
    minimum=0,
)
PRATICHE = Table(
    name="pratiche",
    layer=Layer.IND,
    title_it="Diffusione delle pratiche tra gli Ambiti",
    title_en="Spread of practices between Ambiti",
    grain_it="Una riga per componente e Ambito, anche dove la pratica manca",
    grain_en="One row per component and Ambito, with and without the practice",
    columns=(COMPONENTE, AREA, ADOZIONE, PRATICHE_N, FORMALI),
    key=("componente", "area"),
    optional=frozenset({"adozione"}),
    source="verbali, protocolli, interviste",
)
TABLES = (AUTONOMIA, PRATICHE)
