"""Tables of what people said: questionnaires (one row an answer) and coded documents."""

from __future__ import annotations

from bgest_analysis.schema.common import AMBITO_ID, CODE, ENTE_ID, SESSO, tidy
from bgest_analysis.schema.model import Column, Personal, Type

RISPOSTA_ID = Column(
    "risposta_id",
    Type.STR,
    "Questionario compilato",
    "Filled questionnaire",
    pattern=CODE,
    description="Codice del questionario compilato, senza legame con i registri: ha una cifra.",
)
RILEVAZIONE = Column(
    "rilevazione",
    Type.CAT,
    "Rilevazione",
    "Survey",
    codes="rilevazione",
    description="Destinatari, operatori o partner.",
)
ONDA_QUESTIONARIO = Column(
    "onda_questionario",
    Type.CAT,
    "Momento della rilevazione",
    "Survey wave",
    codes="onda_questionario",
    description="Prima, dopo o retrospettiva (tutto chiesto dopo).",
)
ITEM = Column(
    "item",
    Type.STR,
    "Domanda",
    "Item",
    description="Codice della domanda nella mappa dello studio.",
)
SCALA = Column(
    "scala",
    Type.CAT,
    "Scala",
    "Scale",
    codes="scala",
    description="Scala della risposta; scale diverse non hanno una media comune.",
)
VALORE = Column(
    "valore",
    Type.DEC,
    "Risposta",
    "Answer",
    unit="punti della scala",
    description="Vuoto se la persona non ha risposto alla domanda.",
)
FASCIA_ETA = Column(
    "fascia_eta",
    Type.CAT,
    "Fascia d'età",
    "Age band",
    codes="fascia_eta",
    personal=Personal.QUASI,
    description="Le fasce dell'Unione Europea: meno di 18, 18-60, più di 60.",
)
LINGUA_QUESTIONARIO = Column(
    "lingua_questionario",
    Type.CAT,
    "Lingua del questionario",
    "Language of the questionnaire",
    codes="lingue",
    personal=Personal.QUASI,
    description="Codice ISO 639-3 della lingua in cui è stato compilato.",
)
COMPILATO_CON_MEDIATORE = Column(
    "compilato_con_mediatore",
    Type.BOOL,
    "Compilato con il mediatore",
    "Filled in with the mediator",
    description="Segnala una possibile distorsione delle risposte.",
)
DOC_ID = Column(
    "doc_id", Type.STR, "Documento", "Document", description="Codice dell'intervista o del verbale."
)
SEGMENTO = Column(
    "segmento", Type.STR, "Segmento", "Segment", description="Numero del passo nel documento."
)
CODICE_QUAL = Column(
    "codice_qual",
    Type.STR,
    "Codice assegnato",
    "Assigned code",
    pattern=r"[CMO](_[a-z0-9_]+)?",
    description="C contesto, M meccanismo, O esito, poi il tema: M_fiducia.",
)
CODIFICATORE = Column(
    "codificatore", Type.STR, "Codificatore", "Coder", description="Sigla di chi codifica."
)

QUESTIONARI = tidy(
    "questionari",
    ("Questionari", "Questionnaires"),
    ("un questionario compilato, una domanda", "one filled questionnaire and item"),
    (
        RISPOSTA_ID,
        RILEVAZIONE,
        ONDA_QUESTIONARIO,
        ITEM,
        SCALA,
        VALORE,
        AMBITO_ID,
        ENTE_ID,
        SESSO,
        FASCIA_ETA,
        LINGUA_QUESTIONARIO,
        COMPILATO_CON_MEDIATORE,
    ),
    ("risposta_id", "item"),
    optional=(
        "valore",
        "ambito_id",
        "ente_id",
        "sesso",
        "fascia_eta",
        "lingua_questionario",
        "compilato_con_mediatore",
    ),
    about_people=True,
    source="questionari",
)
CODIFICHE_QUAL = tidy(
    "codifiche_qual",
    ("Codifiche qualitative", "Qualitative codings"),
    (
        "un passo di un documento, un codice, un codificatore",
        "one segment of a document, code and coder",
    ),
    (DOC_ID, SEGMENTO, CODICE_QUAL, CODIFICATORE),
    ("doc_id", "segmento", "codice_qual", "codificatore"),
    source="codifiche di interviste e verbali",
)

TABLES = (QUESTIONARI, CODIFICHE_QUAL)
