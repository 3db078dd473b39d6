"""The ``ind_`` tables of the territory: their columns, each with unit and formula."""

from __future__ import annotations

from bgest_analysis.schema.model import Column, Layer, Table, Type

AREA = Column(
    "area",
    Type.STR,
    "Area",
    "Area",
    description="Codice dell'Ambito, oppure «distretto».",
)
COD_ISTAT = Column(
    "cod_istat", Type.STR, "Codice ISTAT", "ISTAT code", pattern=r"\d{6}", description="Comune."
)
COMUNE = Column("comune", Type.STR, "Comune", "Municipality")
AMBITO = Column("ambito_id", Type.STR, "Ambito", "Ambito")
ANNO = Column("anno", Type.INT, "Anno (1° gennaio)", "Year (1 January)")
RESIDENTI = Column("residenti", Type.INT, "Residenti", "Residents", unit="persone", minimum=0)
STRANIERI = Column(
    "stranieri", Type.INT, "Residenti stranieri", "Foreign residents", unit="persone", minimum=0
)
INCIDENZA = Column(
    "incidenza",
    Type.DEC,
    "Incidenza stranieri",
    "Share of foreign residents",
    unit="frazione",
    description="stranieri / residenti, al 1° gennaio.",
    minimum=0,
    maximum=1,
)
EXTRA_UE = Column(
    "extra_ue",
    Type.DEC,
    "Residenti extra-UE",
    "Non-EU residents",
    unit="persone",
    description="Contati, oppure stranieri × quota extra-UE della provincia.",
    minimum=0,
)
EXTRA_UE_BASSO = Column(
    "extra_ue_basso", Type.DEC, "Extra-UE, minimo", "Non-EU, lowest", unit="persone", minimum=0
)
EXTRA_UE_ALTO = Column(
    "extra_ue_alto", Type.DEC, "Extra-UE, massimo", "Non-EU, highest", unit="persone", minimum=0
)
EXTRA_UE_METODO = Column(
    "extra_ue_metodo",
    Type.CAT,
    "Extra-UE: contati o stimati",
    "Non-EU: counted or estimated",
    description="«osservata» se è caricata la cittadinanza per comune, «stimata» altrimenti.",
)
INCIDENZA_EXTRA_UE = Column(
    "incidenza_extra_ue",
    Type.DEC,
    "Incidenza extra-UE",
    "Share of non-EU residents",
    unit="frazione",
    minimum=0,
    maximum=1,
)
INCIDENZA_EXTRA_UE_BASSO = Column(
    "incidenza_extra_ue_basso",
    Type.DEC,
    "Incidenza extra-UE, minimo",
    "Non-EU share, lowest",
    unit="frazione",
)
INCIDENZA_EXTRA_UE_ALTO = Column(
    "incidenza_extra_ue_alto",
    Type.DEC,
    "Incidenza extra-UE, massimo",
    "Non-EU share, highest",
    unit="frazione",
)
N_COMUNI = Column("n_comuni", Type.INT, "Comuni con dato", "Municipalities with data")
N_COMUNI_ATTESI = Column("n_comuni_attesi", Type.INT, "Comuni dell'area", "Municipalities")
STATO_DATO = Column("stato_dato", Type.CAT, "Stato del dato", "Status of the figure")
VARIAZIONE_PUNTI = Column(
    "variazione_punti",
    Type.DEC,
    "Variazione dal primo anno",
    "Change since the first year",
    unit="punti percentuali",
    description="100 × (incidenza − incidenza del primo anno disponibile).",
)
QUOTA_DISTRETTO = Column(
    "quota_distretto",
    Type.DEC,
    "Quota degli stranieri del distretto",
    "Share of the district's foreign residents",
    unit="frazione",
)
QUOZIENTE = Column(
    "quoziente",
    Type.DEC,
    "Quoziente di localizzazione",
    "Location quotient",
    unit="rapporto",
    description="incidenza dell'area / incidenza del distretto nello stesso anno.",
)

INCIDENZA_COMUNI = Table(
    name="incidenza_comuni",
    layer=Layer.IND,
    title_it="Incidenza dei residenti stranieri per comune",
    title_en="Share of foreign residents by municipality",
    grain_it="Una riga per comune e anno",
    grain_en="One row per municipality and year",
    columns=(COD_ISTAT, COMUNE, AMBITO, ANNO, RESIDENTI, STRANIERI, INCIDENZA, STATO_DATO),
    key=("cod_istat", "anno"),
    source="ISTAT",
)
INCIDENZA_AREE = Table(
    name="incidenza",
    layer=Layer.IND,
    title_it="Incidenza dei residenti stranieri per Ambito e distretto",
    title_en="Share of foreign residents by Ambito and district",
    grain_it="Una riga per area e anno",
    grain_en="One row per area and year",
    columns=(
        AREA,
        ANNO,
        N_COMUNI,
        N_COMUNI_ATTESI,
        RESIDENTI,
        STRANIERI,
        INCIDENZA,
        EXTRA_UE,
        EXTRA_UE_BASSO,
        EXTRA_UE_ALTO,
        EXTRA_UE_METODO,
        INCIDENZA_EXTRA_UE,
        INCIDENZA_EXTRA_UE_BASSO,
        INCIDENZA_EXTRA_UE_ALTO,
        VARIAZIONE_PUNTI,
        QUOTA_DISTRETTO,
        QUOZIENTE,
        STATO_DATO,
    ),
    key=("area", "anno"),
    optional=frozenset(
        {
            "residenti",
            "stranieri",
            "incidenza",
            "extra_ue",
            "extra_ue_basso",
            "extra_ue_alto",
            "extra_ue_metodo",
            "incidenza_extra_ue",
            "incidenza_extra_ue_basso",
            "incidenza_extra_ue_alto",
            "variazione_punti",
            "quota_distretto",
            "quoziente",
        }
    ),
    source="ISTAT",
)
COD_PROVINCIA = Column("cod_provincia", Type.STR, "Provincia", "Province", pattern=r"\d{3}")
PROVINCIA = Column("provincia", Type.STR, "Provincia", "Province")
QUOTA_EXTRA_UE = Column(
    "quota_extra_ue",
    Type.DEC,
    "Quota extra-UE degli stranieri",
    "Non-EU share of foreign residents",
    unit="frazione",
    description="(stranieri − cittadini UE) / stranieri, al 1° gennaio.",
    minimum=0,
    maximum=1,
)
RIFERIMENTO = Column("riferimento", Type.BOOL, "Provincia dello studio", "Province of the study")
UE = Column("ue", Type.INT, "Cittadini UE", "EU citizens", unit="persone", minimum=0)
QUOTE_EXTRA_UE = Table(
    name="quota_extra_ue",
    layer=Layer.IND,
    title_it="Quota extra-UE degli stranieri nelle province della regione",
    title_en="Non-EU share of foreign residents in the provinces of the region",
    grain_it="Una riga per provincia e anno",
    grain_en="One row per province and year",
    columns=(COD_PROVINCIA, PROVINCIA, ANNO, STRANIERI, UE, QUOTA_EXTRA_UE, RIFERIMENTO),
    key=("cod_provincia", "anno"),
    source="ISTAT",
)
INDICE = Column("indice", Type.CAT, "Indice", "Index")
STIMA = Column("stima", Type.DEC, "Valore", "Value")
CORRETTO = Column(
    "corretto",
    Type.DEC,
    "Valore corretto per le piccole unità",
    "Value corrected for small units",
)
ATTESO = Column(
    "atteso_caso", Type.DEC, "Valore atteso per solo caso", "Value expected by chance alone"
)
SEGREGAZIONE = Table(
    name="segregazione",
    layer=Layer.IND,
    title_it="Distribuzione dei residenti stranieri tra i comuni",
    title_en="Distribution of foreign residents between municipalities",
    grain_it="Una riga per area, anno e indice",
    grain_en="One row per area, year and index",
    columns=(AREA, ANNO, INDICE, STIMA, CORRETTO, ATTESO, N_COMUNI),
    key=("area", "anno", "indice"),
    optional=frozenset({"stima", "corretto", "atteso_caso"}),
    source="ISTAT",
)
DEFINIZIONE = Column("definizione", Type.CAT, "Definizione", "Definition")
VALORE_SLIDE = Column(
    "valore_slide_pct", Type.DEC, "Slide", "Slide", unit="%", minimum=0, maximum=100
)
RICALCOLATO = Column(
    "ricalcolato_pct", Type.DEC, "Ricalcolato", "Recomputed", unit="%", minimum=0, maximum=100
)
SCARTO = Column(
    "scarto_punti",
    Type.DEC,
    "Scarto",
    "Gap",
    unit="punti percentuali",
    description="ricalcolato − slide.",
)
CONFRONTO_SLIDE = Table(
    name="confronto_slide",
    layer=Layer.IND,
    title_it="La tabella delle slide, ricalcolata",
    title_en="The table of the slides, recomputed",
    grain_it="Una riga per Ambito, definizione e anno",
    grain_en="One row per Ambito, definition and year",
    columns=(AMBITO, DEFINIZIONE, ANNO, VALORE_SLIDE, RICALCOLATO, SCARTO),
    key=("ambito_id", "definizione", "anno"),
    optional=frozenset({"ricalcolato_pct", "scarto_punti"}),
    source="ISTAT; slide del progetto",
)
CITTADINANZA = Column("cittadinanza_iso3", Type.STR, "Cittadinanza", "Citizenship")
PAESE = Column("paese", Type.STR, "Paese", "Country")
N_PERSONE = Column("n", Type.INT, "Residenti", "Residents", unit="persone", minimum=0)
MASCHI = Column("maschi", Type.INT, "Maschi", "Men", unit="persone", minimum=0)
FEMMINE = Column("femmine", Type.INT, "Femmine", "Women", unit="persone", minimum=0)
QUOTA = Column("quota", Type.DEC, "Quota sugli stranieri", "Share of foreign residents")
RANGO = Column("rango", Type.INT, "Posizione", "Rank", minimum=1)
E_UE = Column("ue", Type.BOOL, "Cittadinanza UE", "EU citizenship")
CITTADINANZE = Table(
    name="cittadinanze",
    layer=Layer.IND,
    title_it="Stranieri residenti nella provincia per cittadinanza",
    title_en="Foreign residents of the province by citizenship",
    grain_it="Una riga per provincia, anno e paese",
    grain_en="One row per province, year and country",
    columns=(
        COD_PROVINCIA,
        ANNO,
        CITTADINANZA,
        PAESE,
        N_PERSONE,
        MASCHI,
        FEMMINE,
        QUOTA,
        RANGO,
        E_UE,
    ),
    key=("cod_provincia", "anno", "cittadinanza_iso3"),
    source="ISTAT",
)
ANNO_IMPOSTA = Column("anno_imposta", Type.INT, "Anno d'imposta", "Tax year")
CONTRIBUENTI = Column("contribuenti", Type.INT, "Contribuenti", "Taxpayers", minimum=0)
IMPONIBILE_FREQ = Column(
    "imponibile_freq", Type.INT, "Contribuenti con imponibile", "Taxpayers with taxable income"
)
IMPONIBILE_EUR = Column(
    "imponibile_eur", Type.DEC, "Reddito imponibile", "Taxable income", unit="euro correnti"
)
IMPONIBILE_MEDIO = Column(
    "imponibile_medio_eur",
    Type.DEC,
    "Imponibile medio",
    "Mean taxable income",
    unit="euro correnti",
    description="imponibile_eur / imponibile_freq; valori correnti, non deflazionati.",
)
REDDITI = Table(
    name="redditi",
    layer=Layer.IND,
    title_it="Reddito imponibile per Ambito e distretto",
    title_en="Taxable income by Ambito and district",
    grain_it="Una riga per area e anno d'imposta",
    grain_en="One row per area and tax year",
    columns=(
        AREA,
        ANNO_IMPOSTA,
        N_COMUNI,
        N_COMUNI_ATTESI,
        CONTRIBUENTI,
        IMPONIBILE_FREQ,
        IMPONIBILE_EUR,
        IMPONIBILE_MEDIO,
    ),
    key=("area", "anno_imposta"),
    optional=frozenset(
        {"contribuenti", "imponibile_freq", "imponibile_eur", "imponibile_medio_eur"}
    ),
    source="MEF, Dipartimento delle Finanze",
)
SCARTO_MEDIO = Column(
    "scarto_medio",
    Type.DEC,
    "Scarto medio assoluto",
    "Mean absolute gap",
    unit="punti percentuali",
)
SCARTO_MASSIMO = Column(
    "scarto_massimo",
    Type.DEC,
    "Scarto massimo assoluto",
    "Largest absolute gap",
    unit="punti percentuali",
)
AMBITO_MASSIMO = Column(
    "ambito_massimo", Type.STR, "Ambito dello scarto massimo", "Ambito of the largest gap"
)
SCARTO_MEDIO_SENZA = Column(
    "scarto_medio_senza",
    Type.DEC,
    "Scarto medio senza gli Ambiti che non tornano in alcun anno",
    "Mean gap without the Ambiti that fit no year",
    unit="punti percentuali",
)
SCARTO_MASSIMO_SENZA = Column(
    "scarto_massimo_senza",
    Type.DEC,
    "Scarto massimo senza gli Ambiti che non tornano in alcun anno",
    "Largest gap without the Ambiti that fit no year",
    unit="punti percentuali",
)
ESCLUSI = Column(
    "esclusi",
    Type.LIST,
    "Ambiti che non tornano in alcun anno",
    "Ambiti that fit no year",
    description="Scarto sopra la tolleranza con ogni definizione e in ogni anno provato.",
)
CONFRONTO_SINTESI = Table(
    name="confronto_sintesi",
    layer=Layer.IND,
    title_it="Quale definizione e quale anno si avvicinano di più alle slide",
    title_en="Which definition and year come closest to the slides",
    grain_it="Una riga per definizione e anno",
    grain_en="One row per definition and year",
    columns=(
        DEFINIZIONE,
        ANNO,
        SCARTO_MEDIO,
        SCARTO_MASSIMO,
        AMBITO_MASSIMO,
        SCARTO_MEDIO_SENZA,
        SCARTO_MASSIMO_SENZA,
        ESCLUSI,
    ),
    key=("definizione", "anno"),
    optional=frozenset({"scarto_medio_senza", "scarto_massimo_senza"}),
    source="ISTAT; slide del progetto",
)
TABLES = (
    CONFRONTO_SINTESI,
    INCIDENZA_COMUNI,
    INCIDENZA_AREE,
    QUOTE_EXTRA_UE,
    SEGREGAZIONE,
    CONFRONTO_SLIDE,
    CITTADINANZE,
    REDDITI,
)
