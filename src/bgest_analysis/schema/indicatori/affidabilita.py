"""The ``ind_`` tables on trust in project files: log against timesheet, duplicates, origins."""

from __future__ import annotations

from bgest_analysis.schema.model import Column, Layer, Table, Type

AREA = Column("area", Type.STR, "Area", "Area")
ANNO = Column("anno", Type.STR, "Anno", "Year", description="«tutti» oppure l'anno.")
MESI = Column(
    "mesi_mediatore",
    Type.INT,
    "Mesi-mediatore in entrambi",
    "Mediator-months in both",
    minimum=0,
    count=True,
)
SOLO_REGISTRO = Column(
    "solo_registro", Type.INT, "Solo nel registro", "In the log only", minimum=0, count=True
)
SOLO_TIMESHEET = Column(
    "solo_timesheet", Type.INT, "Solo nel timesheet", "In the timesheet only", minimum=0, count=True
)
SCARTO = Column(
    "scarto_mediano",
    Type.DEC,
    "Scarto mediano (D2)",
    "Median gap (D2)",
    unit="frazione",
    description="Mediana di |registro − timesheet| / timesheet tra i mesi-mediatore.",
    rests_on="mesi_mediatore",
)
OLTRE = Column(
    "quota_oltre",
    Type.DEC,
    "Mesi oltre la tolleranza",
    "Months beyond tolerance",
    unit="frazione",
    description="Quota di mesi-mediatore con uno scarto oltre il 10%.",
    rests_on="mesi_mediatore",
)
TIMESHEET = Table(
    name="scarto_timesheet",
    layer=Layer.IND,
    title_it="Registro degli interventi contro timesheet (D2)",
    title_en="Log against timesheet (D2)",
    grain_it="Una riga per anno, e tutti insieme",
    grain_en="One row per year, and all together",
    columns=(ANNO, MESI, SOLO_REGISTRO, SOLO_TIMESHEET, SCARTO, OLTRE),
    key=("anno",),
    optional=frozenset({"scarto_mediano", "quota_oltre"}),
    about_people=True,
    source="registri e timesheet",
)
SCHEDE = Column("schede", Type.INT, "Schede", "Records", minimum=0, count=True)
CERTI = Column(
    "doppie_certe",
    Type.INT,
    "Schede certamente doppie",
    "Certain duplicates",
    minimum=0,
)
POSSIBILI = Column(
    "doppie_possibili",
    Type.INT,
    "Schede doppie, con quelle da rivedere",
    "Duplicates with those to review",
    minimum=0,
)
QUOTA_CERTE = Column(
    "quota_certe",
    Type.DEC,
    "Quota minima",
    "Lowest share",
    unit="frazione",
    rests_on="schede",
)
QUOTA_POSSIBILI = Column(
    "quota_possibili",
    Type.DEC,
    "Quota massima (D3)",
    "Highest share (D3)",
    unit="frazione",
    rests_on="schede",
)
DOPPIONI = Table(
    name="doppioni",
    layer=Layer.IND,
    title_it="Schede doppie dei destinatari (D3)",
    title_en="Duplicate records of recipients (D3)",
    grain_it="Una riga per l'insieme",
    grain_en="One row for the whole",
    columns=(AREA, SCHEDE, CERTI, POSSIBILI, QUOTA_CERTE, QUOTA_POSSIBILI),
    key=("area",),
    about_people=True,
    source="schede dei destinatari, confrontate alla pseudonimizzazione",
)
VARIABILE = Column("variabile", Type.CAT, "Variabile", "Variable")
ORIGINE = Column("origine_valore", Type.CAT, "Origine", "Origin")
INTERVENTI = Column("interventi", Type.INT, "Interventi", "Interventions", minimum=0, count=True)
QUOTA = Column("quota", Type.DEC, "Quota", "Share", unit="frazione", rests_on="interventi")
ORIGINI = Table(
    name="origini_variabili",
    layer=Layer.IND,
    title_it="Da dove vengono fase, orientamento e caso",
    title_en="Where phase, orientation and case come from",
    grain_it="Una riga per area, variabile e origine",
    grain_en="One row per area, variable and origin",
    columns=(AREA, VARIABILE, ORIGINE, INTERVENTI, QUOTA),
    key=("area", "variabile", "origine_valore"),
    about_people=True,
    source="registri degli interventi",
)
TABLES = (TIMESHEET, DOPPIONI, ORIGINI)
