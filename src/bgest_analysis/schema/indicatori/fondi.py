"""The ``ind_`` tables of funds and costs: projects, hours by fund, budget, unit costs."""

from __future__ import annotations

from bgest_analysis.schema.model import Column, Layer, Table, Type

AREA = Column("area", Type.STR, "Area", "Area", description="Codice dell'Ambito o «distretto».")
PROGETTO_ID = Column("progetto_id", Type.STR, "Progetto", "Project")
TITOLO = Column("titolo", Type.STR, "Titolo", "Title")
FONDO = Column("fondo", Type.CAT, "Fondo", "Fund")
INTERVENTI = Column(
    "interventi", Type.INT, "Interventi", "Interventions", "interventi", minimum=0, count=True
)
PERSONE = Column("persone", Type.INT, "Persone", "Persons", "persone", minimum=0, count=True)
ORE = Column(
    "ore",
    Type.DEC,
    "Ore",
    "Hours",
    "ore",
    "Frontali, viaggio e back-office / 60.",
    rests_on="interventi",
)
ENTE_ID = Column("ente_id", Type.STR, "Ente", "Body")

PROGETTI = Table(
    name="progetti",
    layer=Layer.IND,
    title_it="Progetti e fondi, uno accanto all'altro",
    title_en="Projects and funds side by side",
    grain_it="Una riga per progetto",
    grain_en="One row per project",
    columns=(
        PROGETTO_ID,
        TITOLO,
        FONDO,
        Column("ente_capofila", Type.STR, "Capofila", "Lead body"),
        Column("dal", Type.DATE, "Dal", "From", description="Vuoto se il giorno non è noto."),
        Column("al", Type.DATE, "Al", "To", description="Vuoto se il giorno non è noto."),
        Column("stato", Type.CAT, "Stato", "Status"),
        Column("continua_da", Type.STR, "Continua da", "Continues"),
        Column("destinatari_progetto", Type.STR, "A chi si rivolge", "Whom it is for"),
        Column("valutato", Type.BOOL, "È il progetto valutato", "Is the one evaluated"),
        Column("fonte", Type.STR, "Fonte", "Source"),
    ),
    key=("progetto_id",),
    optional=frozenset(
        {"ente_capofila", "dal", "al", "continua_da", "destinatari_progetto", "fonte", "fondo"}
    ),
    source="studio",
)
ORE_FONDI = Table(
    name="ore_fondi",
    layer=Layer.IND,
    title_it="Ore e persone per progetto e fondo",
    title_en="Hours and persons by project and fund",
    grain_it="Una riga per area e progetto",
    grain_en="One row per area and project",
    columns=(
        AREA,
        PROGETTO_ID,
        TITOLO,
        FONDO,
        INTERVENTI,
        ORE,
        Column("quota_ore", Type.DEC, "Quota delle ore", "Share of hours", "frazione",
               rests_on="interventi"),
        PERSONE,
    ),
    key=("area", "progetto_id"),
    optional=frozenset({"quota_ore", "fondo", "persone"}),
    about_people=True,
    source="registri degli interventi",
)  # fmt: skip
DOPPIO = Table(
    name="doppio_finanziamento",
    layer=Layer.IND,
    title_it="Controlli sul doppio finanziamento",
    title_en="Checks for double funding",
    grain_it="Una riga per controllo",
    grain_en="One row per check",
    columns=(
        Column("controllo", Type.CAT, "Controllo", "Check"),
        Column("righe", Type.INT, "Righe esaminate", "Rows examined", minimum=0),
        Column("segnalazioni", Type.INT, "Segnalazioni", "Flags", minimum=0, count=True),
        Column("motivo", Type.STR, "Perché non fatto", "Why not made"),
    ),
    key=("controllo",),
    optional=frozenset({"righe", "segnalazioni"}),
    about_people=True,
    source="registri, fogli ore, budget",
)
BUDGET = Table(
    name="budget",
    layer=Layer.IND,
    title_it="Approvato, rimodulato e rendicontato (F1)",
    title_en="Approved, remodulated and reported (F1)",
    grain_it="Una riga per voce ed ente («tutti» li somma)",
    grain_en="One row per heading and body",
    columns=(
        Column("voce", Type.CAT, "Voce", "Heading"),
        ENTE_ID,
        Column("approvato_eur", Type.DEC, "Approvato", "Approved", "euro"),
        Column("ultimo_eur", Type.DEC, "Ultima versione", "Last version", "euro"),
        Column("versioni", Type.INT, "Versioni", "Versions", minimum=0),
        Column("rendicontato_eur", Type.DEC, "Rendicontato", "Reported", "euro"),
        Column("avanzamento", Type.DEC, "Avanzamento (F1)", "Progress (F1)", "frazione",
               "rendicontato / ultima versione."),
        Column("su_approvato", Type.DEC, "Su approvato", "On approved", "frazione"),
    ),
    key=("voce", "ente_id"),
    optional=frozenset({"avanzamento", "su_approvato", "approvato_eur", "ultimo_eur"}),
    source="scheda finanziaria",
)  # fmt: skip
SPESA = Table(
    name="spesa_trimestri",
    layer=Layer.IND,
    title_it="Spesa rendicontata per trimestre",
    title_en="Expenses reported by quarter",
    grain_it="Una riga per trimestre",
    grain_en="One row per quarter",
    columns=(
        Column("trimestre", Type.STR, "Trimestre", "Quarter"),
        Column("rendicontato_eur", Type.DEC, "Rendicontato", "Reported", "euro"),
        Column("cumulato_eur", Type.DEC, "Cumulato", "Cumulated", "euro"),
        Column("quota", Type.DEC, "Quota dell'ultima versione", "Share of last version"),
    ),
    key=("trimestre",),
    optional=frozenset({"quota"}),
    source="scheda finanziaria",
)
COSTI = Table(
    name="costi_unitari",
    layer=Layer.IND,
    title_it="Costo per ora e per persona (F2)",
    title_en="Cost per hour and per person (F2)",
    grain_it="Una riga per unità, base dei costi e denominatore",
    grain_en="One row per unit, cost base and denominator",
    columns=(
        Column("unita", Type.CAT, "Unità", "Unit", description="ora o persona."),
        Column("base", Type.CAT, "Costi contati", "Costs counted"),
        Column("denominatore", Type.CAT, "Denominatore", "Denominator"),
        Column("costo_eur", Type.DEC, "Costo", "Cost", "euro"),
        Column("quantita", Type.DEC, "Quantità", "Quantity", rests_on="casi"),
        Column("casi", Type.INT, "Su", "On", minimum=0, count=True,
               description="Interventi (ore) o persone su cui il valore poggia."),
        Column("valore_eur", Type.DEC, "Costo per unità", "Cost per unit", "euro",
               "costo / quantità", rests_on="casi"),
        Column("basso_eur", Type.DEC, "Limite basso", "Lower limit", "euro",
               "Fieller al 95% sui trimestri.", rests_on="casi"),
        Column("alto_eur", Type.DEC, "Limite alto", "Upper limit", "euro",
               "Fieller al 95% sui trimestri.", rests_on="casi"),
        Column("preferito", Type.BOOL, "Scelta principale", "Preferred choice"),
    ),
    key=("unita", "base", "denominatore"),
    optional=frozenset({"valore_eur", "basso_eur", "alto_eur"}),
    about_people=True,
    source="scheda finanziaria e registri",
)  # fmt: skip
TABLES = (PROGETTI, ORE_FONDI, DOPPIO, BUDGET, SPESA, COSTI)
