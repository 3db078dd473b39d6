"""The ``ind_`` tables of the mediation model: hours, fidelity, activation, autonomy, practices."""

from __future__ import annotations

from bgest_analysis.schema.model import Column, Layer, Table, Told, Type

SOURCE = "registri degli interventi delle cooperative"
AREA = Column(
    "area", Type.STR, "Area", "Area", description="Codice dell'Ambito, oppure «distretto»."
)
VARIABILE = Column(
    "variabile",
    Type.CAT,
    "Variabile",
    "Variable",
    description="fase, orientamento, modalita, utenza, canale o tipologia.",
)
CATEGORIA = Column(
    "categoria",
    Type.STR,
    "Categoria",
    "Category",
    description="Codice della variabile; «non_registrata» dove manca.",
)
ORIGINE_VARIABILE = Column(
    "origine_variabile",
    Type.CAT,
    "Origine della variabile",
    "Origin of the variable",
    description=(
        "registrata, ricodificata, derivata; «tutte» le mette insieme e va sempre detto; "
        "«nessuna» dove la variabile non ha origini."
    ),
)
INTERVENTI = Column(
    "interventi",
    Type.INT,
    "Interventi",
    "Interventions",
    unit="interventi",
    description="Interventi svolti, escluse le richieste inevase.",
    minimum=0,
    count=True,
)
ORE = Column(
    "ore",
    Type.DEC,
    "Ore frontali",
    "Contact hours",
    unit="ore",
    description="Somma dei minuti frontali / 60.",
    minimum=0,
    rests_on="interventi",
)
QUOTA_ORE = Column(
    "quota_ore",
    Type.DEC,
    "Quota delle ore",
    "Share of hours",
    unit="frazione",
    description="ore / ore con la variabile nota, stessa area e origine.",
    minimum=0,
    maximum=1,
    rests_on="interventi",
)
QUOTA_INTERVENTI = Column(
    "quota_interventi",
    Type.DEC,
    "Quota degli interventi",
    "Share of interventions",
    unit="frazione",
    description="interventi / interventi con la variabile nota, stessa area e origine.",
    minimum=0,
    maximum=1,
    rests_on="interventi",
)
ORE_MODELLO = Table(
    name="ore_modello",
    layer=Layer.IND,
    title_it="Ore di mediazione per fase, orientamento, attivazione, utenza, canale",
    title_en="Mediation hours by phase, orientation, activation, users, channel",
    grain_it="Una riga per area, variabile, origine e categoria",
    grain_en="One row per area, variable, origin and category",
    columns=(
        AREA,
        VARIABILE,
        ORIGINE_VARIABILE,
        CATEGORIA,
        INTERVENTI,
        ORE,
        QUOTA_ORE,
        QUOTA_INTERVENTI,
    ),
    key=("area", "variabile", "origine_variabile", "categoria"),
    optional=frozenset({"quota_ore", "quota_interventi"}),
    about_people=True,
    source=SOURCE,
)
CODICE = Column(
    "codice",
    Type.CAT,
    "Indicatore",
    "Indicator",
    description="M3, M4, M5 o M6.",
)
SCALA = Column(
    "scala", Type.CAT, "Scala del periodo", "Scale of the period", description="tutto, anno, trim."
)
ANNO_O_TUTTI = Column(
    "anno", Type.STR, "Anno", "Year", description="Anno dell'intervento, o «tutti»."
)
TRIMESTRE_O_TUTTI = Column(
    "trimestre", Type.STR, "Trimestre", "Quarter", description="T1–T4, o «tutti»."
)
PERIODO = Column(
    "periodo",
    Type.STR,
    "Periodo",
    "Period",
    description="«tutto», l'anno (2021) o il trimestre (2021-T2) dell'intervento.",
)
GRUPPO = Column(
    "gruppo",
    Type.STR,
    "Gruppo",
    "Group",
    description="«tutti», o il tipo di servizio richiedente (solo M4).",
)
N = Column(
    "n",
    Type.INT,
    "n",
    "n",
    description="Interventi (M3, M6), casi (M4) o richieste (M5) su cui la quota poggia.",
    minimum=0,
    count=True,
)
CASI = Column(
    "casi",
    Type.INT,
    "Casi",
    "Cases",
    description="Quanti degli n hanno ciò che la quota misura (M3 misura ore: vuoto).",
    minimum=0,
    count=True,
    part_of="n",
)
VALORE = Column(
    "valore",
    Type.DEC,
    "Quota",
    "Share",
    unit="frazione",
    description="M3: ore in lettura, progettazione e verifica / ore; le altre: casi / n.",
    minimum=0,
    maximum=1,
    rests_on="casi",
)
BASSO = Column("basso", Type.DEC, "Limite basso", "Lower limit", unit="frazione", rests_on="casi")
ALTO = Column("alto", Type.DEC, "Limite alto", "Upper limit", unit="frazione", rests_on="casi")
QUOTE_MODELLO = Table(
    name="quote_modello",
    layer=Layer.IND,
    title_it="Gli indicatori del modello: quote integrata, programmata, di attivazione",
    title_en="The model's indicators: integrated, planned, activation shares",
    grain_it="Una riga per indicatore, area, periodo, origine e gruppo",
    grain_en="One row per indicator, area, period, origin and group",
    columns=(
        CODICE,
        AREA,
        ANNO_O_TUTTI,
        TRIMESTRE_O_TUTTI,
        SCALA,
        PERIODO,
        ORIGINE_VARIABILE,
        GRUPPO,
        N,
        CASI,
        VALORE,
        BASSO,
        ALTO,
    ),
    key=("codice", "area", "anno", "trimestre", "origine_variabile", "gruppo"),
    optional=frozenset({"casi", "valore", "basso", "alto"}),
    about_people=True,
    source=SOURCE,
)
CON_FASE = Column(
    "con_fase",
    Type.INT,
    "Interventi con fase registrata",
    "Interventions with a recorded phase",
    minimum=0,
    count=True,
    part_of="interventi",
)
FASE_DERIVATA = Column(
    "fase_derivata",
    Type.INT,
    "Interventi con fase derivata da una regola",
    "Interventions whose phase a rule gave",
    minimum=0,
    count=True,
    part_of="interventi",
)
SENZA_FASE = Column(
    "senza_fase",
    Type.INT,
    "Interventi senza fase",
    "Interventions without a phase",
    minimum=0,
    count=True,
    part_of="interventi",
)
QUOTA_REGISTRATA = Column(
    "quota_registrata",
    Type.DEC,
    "Quota integrata dove la fase è registrata",
    "Integrated share where the phase is recorded",
    unit="frazione",
    rests_on="con_fase",
)
QUOTA_REGOLA = Column(
    "quota_regola",
    Type.DEC,
    "Quota integrata secondo la regola",
    "Integrated share by the rule",
    unit="frazione",
    description="La regola assegna la fase da tipologia, servizio e modalità, a tutte le righe.",
    rests_on="interventi",
)
LIMITE_BASSO = Column(
    "limite_basso",
    Type.DEC,
    "Limite basso",
    "Lower bound",
    unit="frazione",
    description="Ore delle sole tipologie che ogni regola dà per integrate / ore.",
    rests_on="interventi",
)
LIMITE_ALTO = Column(
    "limite_alto",
    Type.DEC,
    "Limite alto",
    "Upper bound",
    unit="frazione",
    description="Ore delle tipologie che almeno una regola dà per integrate, o ignote / ore.",
    rests_on="interventi",
)
ACCORDO = Column(
    "accordo",
    Type.DEC,
    "Accordo della regola con la fase registrata",
    "Agreement of the rule with the recorded phase",
    unit="frazione",
    description="Righe con fase registrata in cui la regola dice lo stesso (integrata sì o no).",
    rests_on="con_fase",
)
KAPPA = Column(
    "kappa",
    Type.DEC,
    "Kappa della regola",
    "Kappa of the rule",
    description="Kappa di Cohen tra regola e fase registrata (integrata sì o no).",
    rests_on="con_fase",
)
REGOLA_FASE = Table(
    name="regola_fase",
    layer=Layer.IND,
    title_it="La quota integrata senza la fase: regola e limiti",
    title_en="The integrated share without the phase: rule and bounds",
    grain_it="Una riga per area",
    grain_en="One row per area",
    columns=(
        AREA,
        INTERVENTI,
        ORE,
        CON_FASE,
        FASE_DERIVATA,
        SENZA_FASE,
        QUOTA_REGISTRATA,
        QUOTA_REGOLA,
        LIMITE_BASSO,
        LIMITE_ALTO,
        ACCORDO,
        KAPPA,
    ),
    key=("area",),
    optional=frozenset(
        {"quota_registrata", "quota_regola", "limite_basso", "limite_alto", "accordo", "kappa"}
    ),
    about_people=True,
    source=SOURCE,
)
PRIMO_ANNO = Column("primo_anno", Type.INT, "Primo anno", "First year")
ULTIMO_ANNO = Column("ultimo_anno", Type.INT, "Ultimo anno", "Last year")
N_MINIMO = Column(
    "n_minimo",
    Type.INT,
    "n dell'anno più piccolo",
    "n of the smaller year",
    minimum=0,
    count=True,
)
BY_YEARS = (Told("ind_quote_modello", "casi", (("scala", "anno"),)),)
VALORE_PRIMO = Column(
    "valore_primo",
    Type.DEC,
    "Quota nel primo anno",
    "Share in the first year",
    rests_on="n_minimo",
    told_by=BY_YEARS,
)
VALORE_ULTIMO = Column(
    "valore_ultimo",
    Type.DEC,
    "Quota nell'ultimo",
    "Share in the last",
    rests_on="n_minimo",
    told_by=BY_YEARS,
)
DIFFERENZA = Column(
    "differenza",
    Type.DEC,
    "Differenza",
    "Difference",
    unit="frazione",
    description="valore_ultimo − valore_primo.",
    rests_on="n_minimo",
    told_by=BY_YEARS,
)
DIFFERENZA_BASSO = Column(
    "differenza_basso",
    Type.DEC,
    "Limite basso",
    "Lower limit",
    rests_on="n_minimo",
    told_by=BY_YEARS,
)
DIFFERENZA_ALTO = Column(
    "differenza_alto", Type.DEC, "Limite alto", "Upper limit", rests_on="n_minimo", told_by=BY_YEARS
)
ATTRAVERSA_2020 = Column(
    "attraversa_2020",
    Type.BOOL,
    "Attraversa il 2020",
    "Crosses 2020",
    description="Il confronto ha il COVID-19 tra i due anni, o in uno dei due.",
)
VARIAZIONI = Table(
    name="variazioni_modello",
    layer=Layer.IND,
    title_it="Le quote del modello, dal primo all'ultimo anno",
    title_en="The model's shares, from the first to the last year",
    grain_it="Una riga per indicatore, area e origine",
    grain_en="One row per indicator, area and origin",
    columns=(
        CODICE,
        AREA,
        ORIGINE_VARIABILE,
        PRIMO_ANNO,
        ULTIMO_ANNO,
        N_MINIMO,
        VALORE_PRIMO,
        VALORE_ULTIMO,
        DIFFERENZA,
        DIFFERENZA_BASSO,
        DIFFERENZA_ALTO,
        ATTRAVERSA_2020,
    ),
    key=("codice", "area", "origine_variabile"),
    optional=frozenset(
        {"valore_primo", "valore_ultimo", "differenza", "differenza_basso", "differenza_alto"}
    ),
    about_people=True,
    source=SOURCE,
)
TABLES = (ORE_MODELLO, QUOTE_MODELLO, VARIAZIONI, REGOLA_FASE)
