"""The ``ind_`` tables of monitoring: planned and achieved by quarter, official set, activities."""

from __future__ import annotations

from bgest_analysis.schema.model import Column, Layer, Table, Type

SOURCE = "scheda trimestrale"
CODICE = Column("codice", Type.STR, "Codice", "Code")
UNITA = Column("unita", Type.STR, "Unità", "Unit")
ATTESO = Column("atteso", Type.DEC, "Valore atteso", "Expected value")
TRIMESTRE = Column("trimestre", Type.STR, "Trimestre", "Quarter")
PERSONE = Column(
    "persone",
    Type.INT,
    "Persone o casi",
    "Persons or cases",
    "persone",
    "Il valore cumulato, se conta persone o interventi; vuoto per ore e strumenti.",
    minimum=0,
    count=True,
    cumulates="trimestre",
)
TRIMESTRI = Table(
    name="indicatori_trimestri",
    layer=Layer.IND,
    title_it="Previsto e realizzato per trimestre, con le versioni",
    title_en="Planned and achieved by quarter, with versions",
    grain_it="Una riga per indicatore e trimestre (ultima versione)",
    grain_en="One row per indicator and quarter (last version)",
    columns=(
        CODICE,
        TRIMESTRE,
        UNITA,
        Column("versioni", Type.INT, "Versioni", "Versions", minimum=1),
        Column("cumulato", Type.BOOL, "Inviato come cumulato", "Sent as cumulative"),
        ATTESO,
        PERSONE,
        Column("cumulativo", Type.DEC, "Realizzato, cumulato", "Achieved, cumulative",
               rests_on="persone"),
        Column("persone_trimestre", Type.INT, "Persone o casi nel trimestre", "In the quarter",
               description="L'incremento, se conta persone o interventi.", count=True,
               increment_of="persone"),
        Column("incremento", Type.DEC, "Realizzato nel trimestre", "Achieved in the quarter",
               rests_on="persone_trimestre"),
        Column("quota", Type.DEC, "Avanzamento", "Progress", "frazione",
               "cumulativo / atteso", rests_on="persone"),
        Column("correzione", Type.DEC, "Correzione", "Correction",
               description="Ultima versione meno la prima."),
        Column("calo", Type.BOOL, "Cumulato in calo", "Cumulative falls"),
        Column("prima_in_calo", Type.BOOL, "Prima versione in calo", "First version fell"),
    ),
    key=("codice", "trimestre"),
    optional=frozenset(
        {"unita", "atteso", "persone", "cumulativo", "persone_trimestre", "incremento"}
        | {"quota", "correzione"}
    ),
    about_people=True,
    source=SOURCE,
)  # fmt: skip
CONSEGUIMENTO = Table(
    name="conseguimento",
    layer=Layer.IND,
    title_it="Conseguimento finale, o proiezione se il progetto è aperto",
    title_en="Final achievement, or projection while the project is open",
    grain_it="Una riga per indicatore",
    grain_en="One row per indicator",
    columns=(
        CODICE,
        UNITA,
        ATTESO,
        Column("aperto", Type.BOOL, "Progetto aperto", "Project open"),
        Column("ultimo_trimestre", Type.STR, "Ultimo trimestre", "Last quarter"),
        PERSONE,
        Column("finale", Type.DEC, "Realizzato", "Achieved", rests_on="persone"),
        Column("quota", Type.DEC, "Quota dell'atteso", "Share", rests_on="persone"),
        Column("proiezione", Type.DEC, "Proiezione alla fine", "Projection",
               description="Solo a progetto aperto: ritmo medio degli ultimi quattro trimestri.",
               rests_on="persone"),
        Column("basso", Type.DEC, "Proiezione, ritmo più lento", "Slowest pace",
               rests_on="persone"),
        Column("alto", Type.DEC, "Proiezione, ritmo più veloce", "Fastest pace",
               rests_on="persone"),
        Column("ritmo_covid", Type.DEC, "Ritmo nei trimestri COVID-19", "Pace in COVID quarters",
               rests_on="persone"),
        Column("ritmo_altri", Type.DEC, "Ritmo negli altri trimestri", "Pace in other quarters",
               rests_on="persone"),
    ),
    key=("codice",),
    optional=frozenset(
        {"unita", "atteso", "persone", "finale", "quota", "proiezione", "basso", "alto"}
        | {"ritmo_covid", "ritmo_altri"}
    ),
    about_people=True,
    source=SOURCE,
)  # fmt: skip
UFFICIALI = Table(
    name="indicatori_ufficiali",
    layer=Layer.IND,
    title_it="Gli indicatori ufficiali dell'edizione e quelli di cui ci sono i dati",
    title_en="The edition's official indicators and those with data",
    grain_it="Una riga per edizione e indicatore ufficiale",
    grain_en="One row per edition and official indicator",
    columns=(
        Column("edizione", Type.STR, "Edizione", "Edition"),
        Column("ordine", Type.INT, "Ordine", "Order"),
        CODICE,
        Column("nome", Type.STR, "Indicatore", "Indicator"),
        UNITA,
        Column("fonte", Type.STR, "Fonte", "Source"),
        Column("verifica", Type.STR, "Stato", "Status"),
        Column("dello_studio", Type.BOOL, "Edizione dello studio", "Edition of the study"),
        ATTESO,
        PERSONE,
        Column("valore", Type.DEC, "Ultimo valore", "Last value", rests_on="persone"),
    ),
    key=("edizione", "codice"),
    optional=frozenset({"atteso", "persone", "valore"}),
    about_people=True,
    source="elenco del pacchetto e scheda trimestrale",
)
ATTIVITA = Table(
    name="attivita",
    layer=Layer.IND,
    title_it="Attività previste e realizzate, con gli scostamenti dai tempi",
    title_en="Activities planned and done, with deviations from the timetable",
    grain_it="Una riga per attività",
    grain_en="One row per activity",
    columns=(
        Column("attivita_id", Type.STR, "Attività", "Activity"),
        Column("azione", Type.CAT, "Azione", "Action", codes="azione"),
        Column("titolo", Type.STR, "Titolo", "Title"),
        Column("ente_id", Type.STR, "Ente", "Body"),
        Column("previsto", Type.DEC, "Previsto", "Planned"),
        Column("realizzato", Type.DEC, "Realizzato", "Done"),
        Column("quota", Type.DEC, "Quota", "Share", "frazione"),
        Column("ritardo_inizio", Type.INT, "Giorni di ritardo all'inizio", "Days late", "giorni"),
        Column("scarto_fine", Type.INT, "Giorni di scarto alla fine", "Days at the end", "giorni"),
        Column("senza_fine", Type.BOOL, "Senza fine effettiva", "No actual end"),
    ),
    key=("attivita_id",),
    optional=frozenset(
        {"azione", "ente_id", "previsto", "realizzato", "quota", "ritardo_inizio", "scarto_fine"}
    ),
    source="scheda trimestrale, Attività WBS",
)
TABLES = (TRIMESTRI, CONSEGUIMENTO, UFFICIALI, ATTIVITA)
