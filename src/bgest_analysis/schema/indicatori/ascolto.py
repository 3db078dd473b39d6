"""The ``ind_`` tables of what people said: answers, scales, bias of help, coded documents."""

from __future__ import annotations

from bgest_analysis.schema.model import Column, Layer, Table, Told, Type

SOURCE = "questionari e codifiche"
RILEVAZIONE = Column("rilevazione", Type.CAT, "Rilevazione", "Survey", codes="rilevazione")
ONDA = Column("onda", Type.CAT, "Momento", "Wave", codes="onda_questionario")
ITEM = Column("item", Type.STR, "Domanda", "Item")
SCALA = Column("scala", Type.CAT, "Scala", "Scale", codes="scala")
AREA = Column("area", Type.STR, "Area", "Area")
VALORE = Column("valore", Type.DEC, "Risposta", "Answer", unit="punti della scala")
RISPOSTE = Column("risposte", Type.INT, "Risposte", "Answers", minimum=0, count=True)
QUOTA = Column(
    "quota",
    Type.DEC,
    "Quota",
    "Share",
    unit="frazione",
    description="risposte / chi ha risposto alla domanda.",
    rests_on="risposte",
)
DISTRIBUITI = Column(
    "distribuiti", Type.INT, "Questionari", "Questionnaires", minimum=0, count=True
)
RISPONDENTI = Column("rispondenti", Type.INT, "Rispondenti", "Respondents", minimum=0, count=True)
NON_RISPOSTA = Column(
    "non_risposta",
    Type.DEC,
    "Non risposta alla domanda",
    "Item non-response",
    unit="frazione",
    description="1 − rispondenti / questionari compilati.",
    rests_on="rispondenti",
)
BY_ANSWER = (Told("ind_risposte", "risposte"),)
MEDIA = Column(
    "media", Type.DEC, "Media", "Mean", unit="punti", rests_on="rispondenti", told_by=BY_ANSWER
)
MEDIA_BASSO = Column(
    "media_basso", Type.DEC, "Limite basso", "Lower", rests_on="rispondenti", told_by=BY_ANSWER
)
MEDIA_ALTO = Column(
    "media_alto", Type.DEC, "Limite alto", "Upper", rests_on="rispondenti", told_by=BY_ANSWER
)

RISPOSTE_ITEM = Table(
    name="risposte",
    layer=Layer.IND,
    title_it="Risposte per domanda",
    title_en="Answers by item",
    grain_it="Una riga per rilevazione, momento, domanda e risposta possibile",
    grain_en="One row per survey, wave, item and possible answer",
    columns=(RILEVAZIONE, ONDA, ITEM, SCALA, VALORE, RISPOSTE, QUOTA),
    key=("rilevazione", "onda", "item", "scala", "valore"),
    about_people=True,
    source=SOURCE,
)
DOMANDE = Table(
    name="domande",
    layer=Layer.IND,
    title_it="Domande: rispondenti, non risposta, media",
    title_en="Items: respondents, non-response, mean",
    grain_it="Una riga per rilevazione, momento e domanda",
    grain_en="One row per survey, wave and item",
    columns=(
        RILEVAZIONE,
        ONDA,
        ITEM,
        SCALA,
        DISTRIBUITI,
        RISPONDENTI,
        NON_RISPOSTA,
        MEDIA,
        MEDIA_BASSO,
        MEDIA_ALTO,
    ),
    key=("rilevazione", "onda", "item", "scala"),
    optional=frozenset({"non_risposta", "media", "media_basso", "media_alto"}),
    about_people=True,
    source=SOURCE,
)
ALFA = Column("alfa", Type.DEC, "Alfa di Cronbach", "Cronbach's alpha", rests_on="rispondenti")
ALFA_BASSO = Column("alfa_basso", Type.DEC, "Limite basso", "Lower", rests_on="rispondenti")
ALFA_ALTO = Column("alfa_alto", Type.DEC, "Limite alto", "Upper", rests_on="rispondenti")
N_ITEM = Column("domande", Type.INT, "Domande", "Items")
MOTIVO = Column("motivo", Type.STR, "Motivo", "Reason")
SCALE = Table(
    name="scale",
    layer=Layer.IND,
    title_it="Affidabilità delle scale",
    title_en="Reliability of scales",
    grain_it="Una riga per rilevazione e momento",
    grain_en="One row per survey and wave",
    columns=(RILEVAZIONE, ONDA, N_ITEM, RISPONDENTI, ALFA, ALFA_BASSO, ALFA_ALTO, MOTIVO),
    key=("rilevazione", "onda"),
    optional=frozenset({"alfa", "alfa_basso", "alfa_alto", "motivo"}),
    about_people=True,
    source=SOURCE,
)
GRUPPO = Column(
    "gruppo",
    Type.STR,
    "Gruppo",
    "Group",
    description="tutti; con_mediatore, senza_mediatore; F, M; fascia d'età.",
)
SI = Column(
    "si", Type.INT, "Hanno risposto sì", "Said yes", minimum=0, count=True, part_of="rispondenti"
)
NO = Column(
    "no", Type.INT, "Hanno risposto no", "Said no", minimum=0, count=True, part_of="rispondenti"
)
UTILE = Column("utile", Type.DEC, "Quota di sì", "Share of yes", unit="frazione", rests_on="si")
UTILE_BASSO = Column("utile_basso", Type.DEC, "Limite basso", "Lower", rests_on="si")
UTILE_ALTO = Column("utile_alto", Type.DEC, "Limite alto", "Upper", rests_on="si")
UTILITA = Table(
    name="utilita",
    layer=Layer.IND,
    title_it="Utilità percepita per l'integrazione (E1, R.2.9)",
    title_en="Perceived benefit for integration (E1, R.2.9)",
    grain_it="Una riga per area e gruppo",
    grain_en="One row per area and group",
    columns=(
        AREA,
        GRUPPO,
        DISTRIBUITI,
        RISPONDENTI,
        SI,
        NO,
        UTILE,
        UTILE_BASSO,
        UTILE_ALTO,
        NON_RISPOSTA,
    ),
    key=("area", "gruppo"),
    optional=frozenset({"utile", "utile_basso", "utile_alto", "non_risposta"}),
    about_people=True,
    source=SOURCE,
)
CODICE = Column("codice", Type.STR, "Codice", "Code")
PARTE = Column("parte", Type.CAT, "Parte", "Part", description="C contesto, M meccanismo, O esito.")
PASSI = Column("passi", Type.INT, "Passi codificati", "Coded passages", minimum=0)
DOCUMENTI = Column("documenti", Type.INT, "Documenti", "Documents", minimum=0)
TOTALE = Column("documenti_totali", Type.INT, "Documenti in tutto", "All documents", minimum=0)
CODICI = Table(
    name="codici_qual",
    layer=Layer.IND,
    title_it="Contesto, meccanismo, esito: dove compare ogni codice",
    title_en="Context, mechanism, outcome: where each code appears",
    grain_it="Una riga per area e codice",
    grain_en="One row per area and code",
    columns=(AREA, PARTE, CODICE, PASSI, DOCUMENTI, TOTALE),
    key=("area", "codice"),
    source=SOURCE,
)
CODIFICATORI = Column("codificatori", Type.STR, "Codificatori", "Coders")
DOPPI = Column("passi_doppi", Type.INT, "Passi codificati da entrambi", "Passages coded by both")
KAPPA = Column("kappa", Type.DEC, "Kappa di Cohen", "Cohen's kappa")
KAPPA_BASSO = Column("kappa_basso", Type.DEC, "Limite basso", "Lower")
KAPPA_ALTO = Column("kappa_alto", Type.DEC, "Limite alto", "Upper")
ACCORDO = Table(
    name="accordo_qual",
    layer=Layer.IND,
    title_it="Accordo tra chi codifica",
    title_en="Agreement between coders",
    grain_it="Una riga per coppia di codificatori",
    grain_en="One row per pair of coders",
    columns=(CODIFICATORI, DOPPI, KAPPA, KAPPA_BASSO, KAPPA_ALTO, MOTIVO),
    key=("codificatori",),
    optional=frozenset({"kappa", "kappa_basso", "kappa_alto", "motivo"}),
    source=SOURCE,
)
TABLES = (RISPOSTE_ITEM, DOMANDE, SCALE, UTILITA, CODICI, ACCORDO)
