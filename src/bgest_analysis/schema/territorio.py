"""Tables of the territory: Ambiti, comuni, residents, foreigners, permits, incomes, the slide.

All of them are published statistics or facts of the study; none holds rows about persons.
"""

from __future__ import annotations

from bgest_analysis.schema.common import (
    ALIAS,
    AMBITO_ID,
    ANNO,
    CITTADINANZA_ISO3,
    COD_ISTAT,
    COD_PROVINCIA,
    COME_SCRITTO,
    NOME,
    SESSO,
    UE,
    N,
    tidy,
)
from bgest_analysis.schema.model import Column, Type

CAPOFILA = Column(
    "capofila",
    Type.BOOL,
    "Capofila",
    "Lead partner",
    description="Se è l'Ambito capofila della rete.",
)
N_COMUNI = Column(
    "n_comuni",
    Type.INT,
    "Comuni",
    "Municipalities",
    unit="comuni",
    minimum=1,
    description="Numero di comuni dell'Ambito.",
)
VALIDO_DAL = Column(
    "valido_dal",
    Type.DATE,
    "Valido dal",
    "Valid from",
    description="Data di istituzione del comune, se è nato da una fusione.",
)
VALIDO_AL = Column(
    "valido_al",
    Type.DATE,
    "Valido al",
    "Valid to",
    description="Data di soppressione del comune, se è stato soppresso.",
)
ETA = Column(
    "eta",
    Type.CAT,
    "Età",
    "Age",
    unit="anni compiuti",
    pattern=r"tot|\d{1,2}|100\+",
    description="Anni compiuti, 100+ per cento e più, tot per il totale.",
)
CITTADINANZA = Column(
    "cittadinanza",
    Type.CAT,
    "Popolazione",
    "Population",
    pattern=r"tutti|stranieri|extra_ue|ue|[A-Z]{3}",
    description=(
        "tutti, stranieri, ue (cittadini UE non italiani), extra_ue, oppure il codice ISO3; "
        "un totale e le sue parti non si sommano mai."
    ),
)
STATO_DATO = Column(
    "stato_dato",
    Type.CAT,
    "Stato del dato",
    "Status of the figure",
    codes="stato_dato",
    description="Se la cifra è definitiva, provvisoria, di prima diffusione o ricostruita.",
)
STRANIERI = Column(
    "stranieri",
    Type.INT,
    "Stranieri residenti",
    "Foreign residents",
    unit="persone",
    minimum=0,
    description="Residenti con cittadinanza non italiana.",
)
STRANIERI_UE = Column(
    "stranieri_ue",
    Type.INT,
    "di cui cittadini UE",
    "of whom EU citizens",
    unit="persone",
    minimum=0,
    description="Residenti con la cittadinanza di un altro Stato dell'Unione Europea.",
)
DURATA_PERMESSO = Column(
    "durata_permesso",
    Type.CAT,
    "Durata del permesso",
    "Duration of the permit",
    codes="durata_permesso",
    description="A termine, lungo periodo, oppure tot.",
)
ANNO_IMPOSTA = Column(
    "anno_imposta",
    Type.INT,
    "Anno d'imposta",
    "Tax year",
    unit="anno",
    minimum=1990,
    maximum=2100,
    description="Anno a cui i redditi si riferiscono.",
)
CONTRIBUENTI = Column(
    "contribuenti",
    Type.INT,
    "Contribuenti",
    "Taxpayers",
    unit="persone",
    minimum=0,
    description="Numero di contribuenti IRPEF.",
)
IMPONIBILE_FREQ = Column(
    "imponibile_freq",
    Type.INT,
    "Contribuenti con imponibile",
    "Taxpayers with taxable income",
    unit="persone",
    minimum=0,
    description="Numero di contribuenti con reddito imponibile.",
)
IMPONIBILE_EUR = Column(
    "imponibile_eur",
    Type.DEC,
    "Reddito imponibile",
    "Taxable income",
    unit="euro",
    description="Reddito imponibile, in euro correnti.",
)
INCIDENZA_PCT = Column(
    "incidenza_pct",
    Type.DEC,
    "Incidenza come scritta",
    "Incidence as written",
    unit="%",
    minimum=0,
    maximum=100,
    description="Percentuale stampata nella slide, non ricalcolata.",
)

AMBITI = tidy(
    "ambiti",
    ("Ambiti", "Ambiti (social districts)"),
    ("un Ambito", "one Ambito"),
    (AMBITO_ID, NOME, ALIAS, CAPOFILA, N_COMUNI),
    ("ambito_id",),
    optional=("alias",),
    source="studio",
)
COMUNI = tidy(
    "comuni",
    ("Comuni", "Municipalities"),
    ("un comune", "one municipality"),
    (COD_ISTAT, NOME, AMBITO_ID, VALIDO_DAL, VALIDO_AL),
    ("cod_istat",),
    optional=("valido_dal", "valido_al"),
    source="studio",
)
POPOLAZIONE = tidy(
    "popolazione",
    ("Popolazione residente", "Resident population"),
    (
        "un comune, un anno (1° gennaio), un sesso, un'età, una cittadinanza",
        "one municipality, year (1 January), sex, age and citizenship",
    ),
    (COD_ISTAT, ANNO, SESSO, ETA, CITTADINANZA, N, STATO_DATO),
    ("cod_istat", "anno", "sesso", "eta", "cittadinanza"),
    source="ISTAT",
)
STRANIERI_PROVINCIA = tidy(
    "stranieri_provincia",
    ("Stranieri residenti per cittadinanza", "Foreign residents by citizenship"),
    (
        "una provincia, un anno (1° gennaio), una cittadinanza, un sesso",
        "one province, year (1 January), citizenship and sex",
    ),
    (COD_PROVINCIA, ANNO, CITTADINANZA_ISO3, SESSO, N, UE),
    ("cod_provincia", "anno", "cittadinanza_iso3", "sesso"),
    source="ISTAT",
)
STRANIERI_PROVINCE = tidy(
    "stranieri_province",
    ("Stranieri residenti per provincia", "Foreign residents by province"),
    ("una provincia, un anno (1° gennaio)", "one province and year (1 January)"),
    (COD_PROVINCIA, ANNO, STRANIERI, STRANIERI_UE),
    ("cod_provincia", "anno"),
    source="ISTAT",
)
PERMESSI_PROVINCIA = tidy(
    "permessi_provincia",
    ("Permessi di soggiorno", "Residence permits"),
    (
        "una provincia, un anno, una durata, un sesso",
        "one province, year, duration and sex",
    ),
    (COD_PROVINCIA, ANNO, DURATA_PERMESSO, SESSO, N),
    ("cod_provincia", "anno", "durata_permesso", "sesso"),
    source="ISTAT",
)
REDDITI = tidy(
    "redditi",
    ("Redditi per comune", "Incomes by municipality"),
    ("un comune, un anno d'imposta", "one municipality and tax year"),
    (COD_ISTAT, ANNO_IMPOSTA, CONTRIBUENTI, IMPONIBILE_FREQ, IMPONIBILE_EUR),
    ("cod_istat", "anno_imposta"),
    optional=("imponibile_freq", "imponibile_eur"),
    source="MEF, Dipartimento delle finanze",
)
SLIDE_INCIDENZA = tidy(
    "slide_incidenza",
    ("Percentuali della slide", "Percentages of the slide"),
    ("un Ambito", "one Ambito"),
    (AMBITO_ID, COME_SCRITTO, INCIDENZA_PCT),
    ("ambito_id",),
    source="slide del progetto, 13 giugno 2023",
)

TABLES = (
    AMBITI,
    COMUNI,
    POPOLAZIONE,
    STRANIERI_PROVINCIA,
    STRANIERI_PROVINCE,
    PERMESSI_PROVINCIA,
    REDDITI,
    SLIDE_INCIDENZA,
)
