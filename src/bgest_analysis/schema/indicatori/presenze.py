"""The ``ind_`` tables of meetings: who came, who was absent, proposals, continuity, ties."""

from __future__ import annotations

from bgest_analysis.schema.model import Column, Layer, Table, Type

SOURCE = "verbali e fogli firma"
AREA = Column("area", Type.STR, "Area", "Area", description="Codice dell'Ambito o «distretto».")
LIVELLO = Column(
    "livello", Type.CAT, "Livello", "Level", description="Livello dell'incontro, o «tutti»."
)
PERIODO = Column(
    "periodo", Type.STR, "Periodo", "Period", description="«tutto» oppure l'anno degli incontri."
)
ENTE_ID = Column("ente_id", Type.STR, "Codice ente", "Body code")
ENTE = Column("ente", Type.STR, "Ente", "Body")
TIPO = Column("tipo", Type.CAT, "Tipo di ente", "Kind of body")
AMBITO_ID = Column("ambito_id", Type.STR, "Ambito", "Ambito")
SEGGIO = Column("seggio", Type.BOOL, "Ha un seggio", "Has a seat")
INCONTRI = Column(
    "incontri", Type.INT, "Incontri", "Meetings", "incontri", "Incontri documentati.", minimum=0
)
PRESENTI = Column(
    "presenti",
    Type.INT,
    "Incontri con presenza",
    "Meetings attended",
    "incontri",
    "Incontri in cui l'ente, o almeno un ente dell'Ambito, risulta presente.",
    minimum=0,
)
QUOTA = Column(
    "quota", Type.DEC, "Quota", "Share", "frazione", "Casi / totale.", minimum=0, maximum=1
)
BASSO = Column("basso", Type.DEC, "Limite basso", "Lower limit", "", "Wilson al 95%.")
ALTO = Column("alto", Type.DEC, "Limite alto", "Upper limit", "", "Wilson al 95%.")
SHARE = (QUOTA, BASSO, ALTO)
EMPTY_SHARE = frozenset({"quota", "basso", "alto"})

PRESENZE_ENTI = Table(
    name="presenze_enti",
    layer=Layer.IND,
    title_it="Presenze degli enti agli incontri, per livello",
    title_en="Attendance of bodies at meetings, by level",
    grain_it="Una riga per livello ed ente che ha un seggio o è venuto almeno una volta",
    grain_en="One row per level and body that has a seat or came at least once",
    columns=(LIVELLO, ENTE_ID, ENTE, TIPO, AMBITO_ID, SEGGIO, INCONTRI, PRESENTI, *SHARE),
    key=("livello", "ente_id"),
    optional=EMPTY_SHARE | {"ambito_id", "tipo"},
    source=SOURCE,
)
PRESENZE_AMBITI = Table(
    name="presenze_ambiti",
    layer=Layer.IND,
    title_it="Presenze degli Ambiti agli incontri, per livello",
    title_en="Attendance of Ambiti at meetings, by level",
    grain_it="Una riga per livello e Ambito",
    grain_en="One row per level and Ambito",
    columns=(LIVELLO, AMBITO_ID, SEGGIO, INCONTRI, PRESENTI, *SHARE),
    key=("livello", "ambito_id"),
    optional=EMPTY_SHARE,
    source=SOURCE,
)
INCONTRI_LIVELLI = Table(
    name="incontri",
    layer=Layer.IND,
    title_it="Incontri documentati e presenza di mediatori (R2)",
    title_en="Documented meetings and presence of mediators (R2)",
    grain_it="Una riga per livello e periodo",
    grain_en="One row per level and period",
    columns=(
        LIVELLO,
        PERIODO,
        INCONTRI,
        Column("con_verbale", Type.INT, "Con verbale", "With minutes", "incontri", minimum=0),
        Column("con_presenze", Type.INT, "Con presenze", "With attendance", "incontri", minimum=0),
        Column("enti_mediana", Type.DEC, "Enti per incontro", "Bodies per meeting", "enti"),
        Column("dal", Type.DATE, "Dal", "From"),
        Column("al", Type.DATE, "Al", "To"),
        Column(
            "con_mediatore",
            Type.INT,
            "Con un mediatore",
            "With a mediator",
            "incontri",
            "Incontri, tra quelli con presenze, in cui il ruolo mediatore è presente.",
            minimum=0,
        ),
        *SHARE,
    ),
    key=("livello", "periodo"),
    optional=EMPTY_SHARE | {"con_verbale", "enti_mediana", "dal", "al"},
    source=SOURCE,
)
CONTINUITA = Table(
    name="continuita",
    layer=Layer.IND,
    title_it="Continuità degli enti agli incontri (R3)",
    title_en="Continuity of bodies at meetings (R3)",
    grain_it="Una riga per area, seggio e tipo di ente («tutti» li mette insieme)",
    grain_en="One row per area, seat and kind of body",
    columns=(
        AREA,
        SEGGIO,
        TIPO,
        Column("enti", Type.INT, "Enti", "Bodies", "enti", minimum=0),
        Column(
            "continui",
            Type.INT,
            "Enti continui",
            "Continuous bodies",
            "enti",
            "Enti presenti ad almeno 2/3 degli incontri dei livelli in cui hanno un seggio; "
            "senza seggio, dei livelli in cui sono venuti almeno una volta.",
            minimum=0,
        ),
        *SHARE,
    ),
    key=("area", "seggio", "tipo"),
    optional=EMPTY_SHARE,
    source=SOURCE,
)
PROPOSTE = Table(
    name="proposte",
    layer=Layer.IND,
    title_it="Proposte dell'Équipe Tecnica e loro esito",
    title_en="Proposals of the technical team and their outcome",
    grain_it="Una riga per tema («tutti» li mette insieme) ed esito",
    grain_en="One row per subject and outcome",
    columns=(
        Column("tema", Type.CAT, "Tema", "Subject"),
        Column("esito", Type.CAT, "Esito", "Outcome", codes="esito_proposta"),
        Column("proposte", Type.INT, "Proposte", "Proposals", "proposte", minimum=0),
        Column("mai_in_cabina", Type.INT, "Mai in Cabina", "Never examined", "proposte", minimum=0),
        *SHARE,
        Column("con_giorni", Type.INT, "Con le due date", "With both dates", "proposte", minimum=0),
        Column(
            "giorni_mediana",
            Type.DEC,
            "Giorni fino all'esito (mediana)",
            "Median days to outcome",
            "giorni",
            "Mediana dei giorni tra proposta ed esito, se le proposte con le due date bastano.",
        ),
        Column("giorni_massimo", Type.INT, "Giorni (massimo)", "Days (longest)", "giorni"),
        Column(
            "cabine_dopo",
            Type.DEC,
            "Cabine tenute dopo (mediana)",
            "Steering meetings since (median)",
            "incontri",
            "Incontri di Cabina tenuti dopo la proposta, per le proposte senza riscontro.",
        ),
    ),
    key=("tema", "esito"),
    optional=EMPTY_SHARE | {"giorni_mediana", "giorni_massimo", "cabine_dopo"},
    source="verbali",
)
VALORE = Column("valore", Type.DEC, "Valore osservato", "Observed value", "")
ATTESO = Column("atteso", Type.DEC, "Atteso a caso", "Expected by chance", "")
CHANCE = (
    ATTESO,
    Column("caso_basso", Type.DEC, "A caso, da", "By chance, from", "", "2,5% delle reti casuali."),
    Column("caso_alto", Type.DEC, "A caso, a", "By chance, to", "", "97,5% delle reti casuali."),
)
RETE_MISURE = Table(
    name="rete_misure",
    layer=Layer.IND,
    title_it="Misure della rete degli incontri contro reti casuali con gli stessi gradi (R1)",
    title_en="Measures of the network of meetings against random ones of the same degrees (R1)",
    grain_it="Una riga per misura, livello e periodo",
    grain_en="One row per measure, level and period",
    columns=(
        Column("misura", Type.CAT, "Misura", "Measure"),
        LIVELLO,
        PERIODO,
        Column("enti", Type.INT, "Enti", "Bodies", "enti", minimum=0),
        INCONTRI,
        VALORE,
        *CHANCE,
        Column("p_valore", Type.DEC, "p", "p", "", "Bilaterale, su reti casuali."),
        Column("reti_casuali", Type.INT, "Reti casuali", "Random networks", minimum=0),
        Column("senza_uno_min", Type.DEC, "Senza un incontro, min", "One meeting out, lowest"),
        Column("senza_uno_max", Type.DEC, "Senza un incontro, max", "One meeting out, highest"),
        Column("motivo", Type.STR, "Perché non stimabile", "Why not estimable"),
    ),
    key=("misura", "livello", "periodo"),
    optional=frozenset(
        {"valore", "atteso", "caso_basso", "caso_alto", "p_valore"}
        | {"senza_uno_min", "senza_uno_max"}
    ),
    source=SOURCE,
)
RETE_ENTI = Table(
    name="rete_enti",
    layer=Layer.IND,
    title_it="Posto di ogni ente nella rete degli incontri",
    title_en="Place of each body in the network of meetings",
    grain_it="Una riga per ente presente ad almeno un incontro",
    grain_en="One row per body that attended at least one meeting",
    columns=(
        ENTE_ID,
        ENTE,
        TIPO,
        AMBITO_ID,
        Column("x", Type.DEC, "x", "x", "", "Posto nel disegno, senza significato proprio."),
        Column("y", Type.DEC, "y", "y", "", "Posto nel disegno, senza significato proprio."),
        PRESENTI,
        Column("legami_forti", Type.INT, "Legami forti", "Strong ties", "enti", minimum=0),
        Column("coreness", Type.DEC, "Vicinanza al centro", "Coreness", "0-1"),
        Column("nel_centro", Type.BOOL, "Nel centro", "In the core"),
    ),
    key=("ente_id",),
    optional=frozenset({"tipo", "ambito_id", "coreness", "nel_centro"}),
    source=SOURCE,
)
RETE_LEGAMI = Table(
    name="rete_legami",
    layer=Layer.IND,
    title_it="Legami tra enti che si incontrano",
    title_en="Ties between bodies that meet",
    grain_it="Una riga per coppia di enti presenti insieme almeno una volta",
    grain_en="One row per pair of bodies present together at least once",
    columns=(
        Column("da_ente", Type.STR, "Ente", "Body"),
        Column("a_ente", Type.STR, "Altro ente", "Other body"),
        Column("insieme", Type.INT, "Incontri insieme", "Meetings together", "incontri"),
        Column("peso", Type.DEC, "Peso", "Weight", "", "Somma di 1/(n-1) sugli incontri insieme."),
        Column("forte", Type.BOOL, "Legame forte", "Strong tie"),
    ),
    key=("da_ente", "a_ente"),
    source=SOURCE,
)
INTERMEDIAZIONE = Table(
    name="intermediazione",
    layer=Layer.IND,
    title_it="Intermediazione degli enti tra Ambiti e tra livelli",
    title_en="Brokerage of bodies between Ambiti and between levels",
    grain_it="Una riga per raggruppamento ed ente",
    grain_en="One row per grouping and body",
    columns=(
        Column("tra", Type.CAT, "Tra", "Between", description="ambiti o livelli."),
        ENTE_ID,
        ENTE,
        Column("gruppo", Type.STR, "Gruppo", "Group"),
        VALORE,
        *CHANCE,
        Column("fuori_dal_caso", Type.BOOL, "Fuori dal campo", "Outside the range"),
    ),
    key=("tra", "ente_id"),
    source=SOURCE,
)
RELAZIONI = Table(
    name="relazioni",
    layer=Layer.IND,
    title_it="Collaborazione tra enti prima e dopo (R4)",
    title_en="Collaboration between bodies before and after (R4)",
    grain_it="Una riga per tipo di relazione («tutti» ne fa la media)",
    grain_en="One row per kind of tie",
    columns=(
        Column("tipo_relazione", Type.CAT, "Tipo di relazione", "Kind"),
        Column("enti", Type.INT, "Enti", "Bodies", "enti", minimum=0),
        Column("coppie", Type.INT, "Coppie con le due onde", "Pairs in both waves", minimum=0),
        Column("coppie_perse", Type.INT, "Coppie con un'onda sola", "In one wave only", minimum=0),
        Column("media_prima", Type.DEC, "Frequenza media prima", "Mean before", "scala 0-4"),
        Column("media_dopo", Type.DEC, "Frequenza media dopo", "Mean after", "scala 0-4"),
        Column("densita_prima", Type.DEC, "Densità prima", "Density before", "frazione"),
        Column("densita_dopo", Type.DEC, "Densità dopo", "Density after", "frazione"),
        Column("delta", Type.DEC, "Cambiamento medio", "Mean change", "scala 0-4"),
        Column("basso", Type.DEC, "Limite basso", "Lower limit", "", "Jackknife sugli enti, t."),
        Column("alto", Type.DEC, "Limite alto", "Upper limit", "", "Jackknife sugli enti, t."),
        Column("qap_onde", Type.DEC, "Correlazione tra le onde", "Correlation of waves"),
        Column("qap_onde_p", Type.DEC, "p (QAP)", "p (QAP)"),
        Column("qap_incontri", Type.DEC, "Cambiamento e incontri", "Change and meetings"),
        Column("qap_incontri_p", Type.DEC, "p (QAP)", "p (QAP)"),
        Column("motivo", Type.STR, "Perché non stimabile", "Why not estimable"),
    ),
    key=("tipo_relazione",),
    optional=frozenset(
        {"media_prima", "media_dopo", "densita_prima", "densita_dopo", "delta", "basso", "alto"}
        | {"qap_onde", "qap_onde_p", "qap_incontri", "qap_incontri_p"}
    ),
    source="questionario di rete",
)
TABLES = (
    PRESENZE_ENTI,
    PRESENZE_AMBITI,
    INCONTRI_LIVELLI,
    CONTINUITA,
    PROPOSTE,
    RETE_MISURE,
    RETE_ENTI,
    RETE_LEGAMI,
    INTERMEDIAZIONE,
    RELAZIONI,
)
