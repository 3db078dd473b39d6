"""The ``ind_`` tables of the emergency: requests by quarter, who came, how long all waited."""

from __future__ import annotations

from bgest_analysis.schema.indicatori.copertura import (
    CON_INTERVENTO,
    ENTRO,
    MEDIANA,
    MEDIANA_ENDS,
    RICHIESTE,
    WITHIN,
)
from bgest_analysis.schema.indicatori.mediazione import AREA, SOURCE
from bgest_analysis.schema.model import Column, Layer, Table, Type

PEOPLE_SOURCE = "registri dei destinatari"
GRUPPO = Column(
    "gruppo",
    Type.CAT,
    "Per chi",
    "For whom",
    description="«ucraina» (persone sfollate o lingua ucraina) oppure «altri».",
)
TRIMESTRE = Column("trimestre", Type.STR, "Trimestre", "Quarter", description="Come 2022-T1.")
SERIE = Table(
    name="ucraina_serie",
    layer=Layer.IND,
    title_it="Richieste per trimestre: persone dall'Ucraina e altre",
    title_en="Requests by quarter: people from Ukraine and others",
    grain_it="Una riga per area, trimestre e gruppo",
    grain_en="One row per area, quarter and group",
    columns=(AREA, TRIMESTRE, GRUPPO, RICHIESTE),
    key=("area", "trimestre", "gruppo"),
    about_people=True,
    source=SOURCE,
)
DIMENSIONE = Column("dimensione", Type.CAT, "Dimensione", "Dimension")
CATEGORIA = Column("categoria", Type.CAT, "Categoria", "Category")
PERSONE = Column("persone", Type.INT, "Persone nuove", "New persons", minimum=0, count=True)
_QUOTA = [("quota", "Quota", "Share"), ("quota_basso", "Quota: basso", "Share: low"),
          ("quota_alto", "Quota: alto", "Share: high")]  # fmt: skip
QUOTE = tuple(
    Column(name, Type.DEC, it, en, unit="frazione", rests_on="persone") for name, it, en in _QUOTA
)
CHI = Table(
    name="ucraina_persone",
    layer=Layer.IND,
    title_it="Chi sono le persone arrivate ai servizi dopo l'invasione",
    title_en="Who reached the services after the invasion",
    grain_it="Una riga per area, dimensione, categoria e gruppo",
    grain_en="One row per area, dimension, category and group",
    columns=(AREA, DIMENSIONE, CATEGORIA, GRUPPO, PERSONE, *QUOTE),
    key=("area", "dimensione", "categoria", "gruppo"),
    optional=frozenset({"quota", "quota_basso", "quota_alto"}),
    about_people=True,
    source=PEOPLE_SOURCE,
)
PERIODO = Column(
    "periodo",
    Type.CAT,
    "Periodo della richiesta",
    "Period of the request",
    description="«prima» (12 mesi), «mesi_0_6», «mesi_7_12», «oltre», dal giorno dell'invasione.",
)
ATTESE = Table(
    name="ucraina_attese",
    layer=Layer.IND,
    title_it="Attesa prima e dopo l'invasione, persone dall'Ucraina e altre",
    title_en="Waits before and after the invasion, people from Ukraine and others",
    grain_it="Una riga per area, gruppo e periodo",
    grain_en="One row per area, group and period",
    columns=(
        AREA, GRUPPO, PERIODO, RICHIESTE, CON_INTERVENTO, *WITHIN, MEDIANA, *MEDIANA_ENDS, *ENTRO,
    ),
    key=("area", "gruppo", "periodo"),
    optional=frozenset(
        {"mediana", "mediana_basso", "mediana_alto", "entro_2", "entro_30",
         *(column.name for column in WITHIN)}
    ),
    about_people=True,
    source=SOURCE,
)  # fmt: skip
TABLES = (SERIE, CHI, ATTESE)
