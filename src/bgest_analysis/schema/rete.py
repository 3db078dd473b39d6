"""Tables of the network: bodies, seats, meetings, attendance, ties, proposals, practices."""

from __future__ import annotations

from bgest_analysis.schema.common import (
    AL,
    ALIAS,
    AMBITO_ID,
    COME_SCRITTO,
    DAL,
    DATA,
    ENTE_ID,
    FONTE,
    INCONTRO_ID,
    NOME,
    RUOLO,
    tidy,
)
from bgest_analysis.schema.model import Column, Type

TIPO_ENTE = Column(
    "tipo_ente",
    Type.CAT,
    "Tipo di ente",
    "Kind of body",
    codes="tipo_ente",
    description="Che cosa è l'ente.",
)
RUOLO_PROGETTO = Column(
    "ruolo_progetto",
    Type.CAT,
    "Ruolo nel progetto",
    "Role in the project",
    codes="ruolo_progetto",
    description="Capofila, gestore, aderente, partner, rete o esterno.",
)
SITO = Column("sito", Type.STR, "Sito", "Website", description="Sito dell'ente.")
ORGANO = Column(
    "organo",
    Type.CAT,
    "Organo",
    "Governing body",
    codes="organo",
    description="Cabina di Regia, Équipe Tecnica o livello operativo.",
)
LIVELLO = Column(
    "livello",
    Type.CAT,
    "Livello",
    "Level",
    codes="livello",
    description="Livello a cui l'incontro si tiene.",
)
DURATA_MINUTI = Column(
    "durata_minuti",
    Type.INT,
    "Durata dell'incontro",
    "Length of the meeting",
    unit="minuti",
    minimum=0,
    maximum=1440,
    description="Durata in minuti interi.",
)
ODG_TEMI = Column(
    "odg_temi",
    Type.LIST,
    "Temi all'ordine del giorno",
    "Subjects on the agenda",
    codes="tema",
    description="Temi trattati, separati da |.",
)
VERBALE = Column("verbale", Type.BOOL, "Verbale", "Minutes taken", description="Se c'è un verbale.")
N_PERSONE = Column(
    "n_persone",
    Type.INT,
    "Persone presenti",
    "Persons present",
    unit="persone",
    minimum=1,
    description="Quante persone dell'ente con quel ruolo.",
)
DA_ENTE = Column(
    "da_ente",
    Type.STR,
    "Ente che risponde",
    "Answering body",
    pattern=ENTE_ID.pattern,
    description="Ente che descrive la relazione.",
)
A_ENTE = Column(
    "a_ente",
    Type.STR,
    "Ente nominato",
    "Named body",
    pattern=ENTE_ID.pattern,
    description="Ente con cui la relazione c'è.",
)
ONDA = Column(
    "onda",
    Type.CAT,
    "Onda",
    "Wave",
    codes="onda",
    description="Prima o dopo il progetto.",
)
TIPO_RELAZIONE = Column(
    "tipo_relazione",
    Type.CAT,
    "Tipo di relazione",
    "Kind of tie",
    codes="tipo_relazione",
    description="Informazione, invio, caso condiviso o coprogettazione.",
)
FREQUENZA = Column(
    "frequenza",
    Type.INT,
    "Frequenza",
    "Frequency",
    unit="scala 0-4",
    minimum=0,
    maximum=4,
    description="Da 0 (mai) a 4 (ogni settimana).",
)
FIDUCIA = Column(
    "fiducia",
    Type.INT,
    "Fiducia",
    "Trust",
    unit="scala 1-5",
    minimum=1,
    maximum=5,
    description="Da 1 (nessuna) a 5 (piena).",
)
PROPOSTA_ID = Column(
    "proposta_id", Type.STR, "Proposta", "Proposal", description="Codice della proposta."
)
TEMA = Column("tema", Type.CAT, "Tema", "Subject", codes="tema", description="Tema della proposta.")
INCONTRO_ORIGINE = Column(
    "incontro_origine",
    Type.STR,
    "Incontro d'origine",
    "Meeting of origin",
    description="Codice dell'incontro in cui la proposta nasce.",
)
INCONTRO_CABINA = Column(
    "incontro_cabina",
    Type.STR,
    "Incontro di Cabina",
    "Meeting of the steering body",
    description="Codice dell'incontro di Cabina di Regia che la esamina.",
)
ESITO_PROPOSTA = Column(
    "esito_proposta",
    Type.CAT,
    "Esito della proposta",
    "Outcome of the proposal",
    codes="esito_proposta",
    description="Approvata, modificata, respinta, rinviata o senza riscontro.",
)
DATA_ESITO = Column(
    "data_esito",
    Type.DATE,
    "Data dell'esito",
    "Date of the outcome",
    description="Giorno in cui si decide.",
)
PRATICA_ID = Column(
    "pratica_id", Type.STR, "Pratica", "Practice", description="Codice della pratica."
)
COMPONENTE = Column(
    "componente",
    Type.CAT,
    "Componente del modello",
    "Component of the model",
    codes="componente",
    description="Parte del modello a cui la pratica appartiene.",
)
DATA_ADOZIONE = Column(
    "data_adozione",
    Type.DATE,
    "Data di adozione",
    "Date of adoption",
    description="Giorno da cui l'Ambito usa la pratica.",
)
EVIDENZA = Column(
    "evidenza",
    Type.CAT,
    "Evidenza",
    "Evidence",
    codes="evidenza",
    description="Che cosa lo prova.",
)
STRUMENTO_FORMALE = Column(
    "strumento_formale",
    Type.BOOL,
    "Strumento formale",
    "Formal instrument",
    description="Se c'è un protocollo, un accordo o un altro atto firmato.",
)

ENTI = tidy(
    "enti",
    ("Enti", "Bodies"),
    ("un ente", "one body"),
    (ENTE_ID, NOME, TIPO_ENTE, AMBITO_ID, RUOLO_PROGETTO, SITO, ALIAS),
    ("ente_id",),
    optional=("ambito_id", "sito", "alias"),
    source="studio",
)
COMPOSIZIONE_ORGANI = tidy(
    "composizione_organi",
    ("Composizione degli organi", "Seats of the governing bodies"),
    ("un seggio: organo, ente, ruolo", "one seat: governing body, body, role"),
    (ORGANO, ENTE_ID, RUOLO, COME_SCRITTO, DAL, AL, FONTE),
    ("organo", "ente_id", "ruolo"),
    optional=("come_scritto", "dal", "al"),
    source="studio",
)
INCONTRI = tidy(
    "incontri",
    ("Incontri", "Meetings"),
    ("un incontro", "one meeting"),
    (INCONTRO_ID, DATA, LIVELLO, DURATA_MINUTI, ODG_TEMI, VERBALE),
    ("incontro_id",),
    optional=("durata_minuti", "odg_temi", "verbale"),
    source="verbali e fogli firma",
)
PRESENZE = tidy(
    "presenze",
    ("Presenze agli incontri", "Attendance at meetings"),
    ("un incontro, un ente, un ruolo", "one meeting, body and role"),
    (INCONTRO_ID, ENTE_ID, RUOLO, N_PERSONE),
    ("incontro_id", "ente_id", "ruolo"),
    source="verbali e fogli firma",
)
RELAZIONI = tidy(
    "relazioni",
    ("Relazioni tra enti", "Ties between bodies"),
    (
        "un ente che risponde, un ente nominato, un'onda, un tipo di relazione",
        "one answering body, named body, wave and kind of tie",
    ),
    (DA_ENTE, A_ENTE, ONDA, TIPO_RELAZIONE, FREQUENZA, FIDUCIA),
    ("da_ente", "a_ente", "onda", "tipo_relazione"),
    optional=("fiducia",),
    source="questionario di rete",
)
PROPOSTE = tidy(
    "proposte",
    ("Proposte", "Proposals"),
    ("una proposta", "one proposal"),
    (PROPOSTA_ID, TEMA, INCONTRO_ORIGINE, DATA, INCONTRO_CABINA, ESITO_PROPOSTA, DATA_ESITO),
    ("proposta_id",),
    optional=("incontro_origine", "incontro_cabina", "data_esito"),
    source="verbali",
)
PRATICHE = tidy(
    "pratiche",
    ("Pratiche adottate", "Practices adopted"),
    ("una pratica in un Ambito, per una componente", "one practice, Ambito and component"),
    (PRATICA_ID, AMBITO_ID, COMPONENTE, DATA_ADOZIONE, EVIDENZA, STRUMENTO_FORMALE),
    ("pratica_id", "ambito_id", "componente"),
    optional=("data_adozione", "evidenza"),
    source="ricognizione con gli Ambiti",
)

TABLES = (ENTI, COMPOSIZIONE_ORGANI, INCONTRI, PRESENZE, RELAZIONI, PROPOSTE, PRATICHE)
