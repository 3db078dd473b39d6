"""Tables of the recipients: who they are (pseudonyms), what they received, who may be the same.

The date of birth never leaves the reading step; the year does. No name, tax code, telephone or
permit number is a column of any table.
"""

from __future__ import annotations

from bgest_analysis.schema.common import (
    AMBITO_ID,
    AZIONE,
    CITTADINANZA_ISO3,
    DATA,
    DESTINATARIO_ID,
    MINUTI,
    PROGETTO_ID,
    PSEUDONYM,
    SESSO,
    tidy,
)
from bgest_analysis.schema.model import Column, Layer, Personal, Table, Type

DIGESTS = r"([0-9a-f]{12}(\|[0-9a-f]{12})*)?"

ANNO_NASCITA = Column(
    "anno_nascita",
    Type.INT,
    "Anno di nascita",
    "Year of birth",
    unit="anno",
    minimum=1900,
    maximum=2100,
    personal=Personal.QUASI,
    description="Solo l'anno; le fasce <18, 18-60 e >60 si calcolano.",
)
PAESE_NASCITA = Column(
    "paese_nascita",
    Type.CAT,
    "Paese di nascita",
    "Country of birth",
    codes="paesi",
    personal=Personal.QUASI,
    description="Codice ISO 3166-1 di tre lettere.",
)
ANNO_ARRIVO = Column(
    "anno_arrivo",
    Type.INT,
    "Anno di arrivo in Italia",
    "Year of arrival in Italy",
    unit="anno",
    minimum=1940,
    maximum=2100,
    personal=Personal.QUASI,
    description="Anno del primo arrivo in Italia.",
)
TITOLO_SOGGIORNO = Column(
    "titolo_soggiorno",
    Type.CAT,
    "Titolo di soggiorno",
    "Residence title",
    codes="titolo_soggiorno",
    personal=Personal.QUASI,
    description="Motivo del titolo di soggiorno; in_rinnovo e nd sono dati mancanti con motivo.",
)
TITOLO_STUDIO = Column(
    "titolo_studio",
    Type.CAT,
    "Titolo di studio",
    "Education",
    codes="titolo_studio",
    personal=Personal.QUASI,
    description="Il più alto, anche se preso all'estero.",
)
CONDIZIONE_LAV = Column(
    "condizione_lav",
    Type.CAT,
    "Condizione lavorativa",
    "Employment",
    codes="condizione_lav",
    personal=Personal.QUASI,
    description="Condizione al primo contatto.",
)
TARGET = Column(
    "target",
    Type.LIST,
    "Gruppo",
    "Target group",
    codes="target",
    personal=Personal.QUASI,
    description="Gruppi a cui la persona appartiene, separati da |.",
)
AMMISSIBILE_FAMI = Column(
    "ammissibile_fami",
    Type.BOOL,
    "Ammissibile FAMI",
    "Eligible for AMIF",
    description="Se è cittadino di un Paese terzo nel target del fondo.",
)
MOTIVO_NON_AMMISSIBILE = Column(
    "motivo_non_ammissibile",
    Type.CAT,
    "Motivo di non ammissibilità",
    "Reason of non-eligibility",
    codes="motivo_non_ammissibile",
    personal=Personal.QUASI,
    description="Perché è fuori dal target; vuoto se è ammissibile.",
)
CONSENSO_RICERCA = Column(
    "consenso_ricerca",
    Type.BOOL,
    "Consenso alla ricerca",
    "Consent to research",
    description="Vuoto o no: nei totali di monitoraggio, fuori dalle analisi di ricerca.",
)
DATA_PRIMO_CONTATTO = Column(
    "data_primo_contatto",
    Type.DATE,
    "Data del primo contatto",
    "Date of first contact",
    personal=Personal.QUASI,
    description="Giorno del primo contatto con il progetto.",
)
SERVIZIO = Column(
    "servizio",
    Type.CAT,
    "Servizio ricevuto",
    "Service received",
    codes="servizio",
    description="Servizio, da cui le classi dell'indicatore SO2.ii.",
)
DESTINATARIO_A = Column(
    "destinatario_a",
    Type.STR,
    "Primo destinatario",
    "First recipient",
    pattern=PSEUDONYM,
    personal=Personal.PSEUDONIMO,
    description="Pseudonimo che viene prima in ordine alfabetico.",
)
DESTINATARIO_B = Column(
    "destinatario_b",
    Type.STR,
    "Secondo destinatario",
    "Second recipient",
    pattern=PSEUDONYM,
    personal=Personal.PSEUDONIMO,
    description="Pseudonimo che viene dopo.",
)
CLASSE_COPPIA = Column(
    "classe_coppia",
    Type.CAT,
    "Classe della coppia",
    "Class of the pair",
    codes="classe_coppia",
    description="Stessa persona, persone diverse, da rivedere.",
)
MOTIVO_COPPIA = Column(
    "motivo_coppia",
    Type.CAT,
    "Motivo della classe",
    "Reason of the class",
    codes="motivo_coppia",
    description="Regola che ha dato la classe.",
)


def _impronta(name: str, title_it: str, title_en: str) -> Column:
    return Column(
        name,
        Type.STR,
        title_it,
        title_en,
        pattern=DIGESTS,
        personal=Personal.PSEUDONIMO,
        description="Impronta con chiave, usata solo per confrontare le persone; vuota se manca.",
    )


DATA_CONVENZIONALE = Column(
    "data_convenzionale",
    Type.BOOL,
    "Data di nascita convenzionale",
    "Conventional birth date",
    personal=Personal.QUASI,
    description="Se del giorno di nascita non si sa nulla (assente, o 1° gennaio).",
)
COGNOME_VARIABILE = Column(
    "cognome_variabile",
    Type.BOOL,
    "Cognome che può cambiare",
    "Surname that may change",
    personal=Personal.QUASI,
    description="Se un cognome diverso può venire da un matrimonio.",
)

DESTINATARI = tidy(
    "destinatari",
    ("Destinatari", "Recipients"),
    ("una persona come compare in un file", "one person as a file shows them"),
    (
        DESTINATARIO_ID,
        ANNO_NASCITA,
        SESSO,
        CITTADINANZA_ISO3,
        PAESE_NASCITA,
        AMBITO_ID,
        ANNO_ARRIVO,
        TITOLO_SOGGIORNO,
        TITOLO_STUDIO,
        CONDIZIONE_LAV,
        TARGET,
        AMMISSIBILE_FAMI,
        MOTIVO_NON_AMMISSIBILE,
        CONSENSO_RICERCA,
        DATA_PRIMO_CONTATTO,
    ),
    ("destinatario_id",),
    optional=(
        "anno_nascita",
        "sesso",
        "cittadinanza_iso3",
        "paese_nascita",
        "ambito_id",
        "anno_arrivo",
        "titolo_soggiorno",
        "titolo_studio",
        "condizione_lav",
        "target",
        "ammissibile_fami",
        "motivo_non_ammissibile",
        "consenso_ricerca",
        "data_primo_contatto",
    ),
    about_people=True,
    source="registri dei destinatari, schede cittadini di Paesi terzi",
)
SERVIZI_RICEVUTI = tidy(
    "servizi_ricevuti",
    ("Servizi ricevuti", "Services received"),
    ("una persona, un servizio, un giorno", "one person, service and day"),
    (DESTINATARIO_ID, PROGETTO_ID, SERVIZIO, DATA, AZIONE, MINUTI),
    ("destinatario_id", "progetto_id", "servizio", "data"),
    optional=("progetto_id", "azione", "minuti"),
    about_people=True,
    source="schede cittadini di Paesi terzi",
)
COPPIE_PERSONE = Table(
    "coppie_persone",
    Layer.TIDY,
    "Persone forse uguali",
    "Persons perhaps the same",
    "due pseudonimi confrontati",
    "two pseudonyms compared",
    columns=(DESTINATARIO_A, DESTINATARIO_B, CLASSE_COPPIA, MOTIVO_COPPIA),
    key=("destinatario_a", "destinatario_b"),
    about_people=True,
    source="confronto fatto durante la pseudonimizzazione",
)

IMPRONTE_PERSONE = tidy(
    "impronte_persone",
    ("Impronte per riconoscere le persone", "Digests to recognise persons"),
    ("una persona come compare in una riga di un file", "one person as a row of a file shows them"),
    (
        DESTINATARIO_ID,
        _impronta("impronta_blocco", "Impronta di sesso e anno", "Digest of sex and year"),
        _impronta("impronta_cf", "Impronta del codice fiscale", "Digest of the tax code"),
        _impronta("impronta_permesso", "Impronta del permesso", "Digest of the permit"),
        _impronta("impronta_telefono", "Impronta del telefono", "Digest of the telephone"),
        _impronta("impronta_data", "Impronta della data di nascita", "Digest of the birth date"),
        _impronta(
            "impronta_data_scambiata",
            "Impronta della data con giorno e mese scambiati",
            "Digest of the birth date with day and month swapped",
        ),
        DATA_CONVENZIONALE,
        _impronta("impronta_cognome", "Impronte del cognome", "Digests of the surname"),
        _impronta("impronta_nome", "Impronte del nome", "Digests of the given name"),
        _impronta(
            "impronta_parole", "Impronte delle parole del nome", "Digests of the words of the name"
        ),
        _impronta(
            "impronta_suoni", "Impronte dei suoni del nome", "Digests of the sounds of the name"
        ),
        _impronta(
            "impronta_lettere",
            "Impronte delle lettere del nome",
            "Digests of the letters of the name",
        ),
        _impronta(
            "impronta_cittadinanza", "Impronta della cittadinanza", "Digest of the citizenship"
        ),
        COGNOME_VARIABILE,
    ),
    ("fonte_file", "fonte_riga"),
    about_people=True,
    source="fatte durante la pseudonimizzazione; mai lette da un'analisi",
)

TABLES = (DESTINATARI, SERVIZI_RICEVUTI, COPPIE_PERSONE, IMPRONTE_PERSONE)
