"""Tables of mediation: the mediators and the log of requests and interventions.

A request that got no mediator, or was cancelled, is a row like any other (``esito``); without
those rows neither coverage nor waiting time can be computed.
"""

from __future__ import annotations

from bgest_analysis.schema.common import (
    AMBITO_ID,
    AZIONE,
    COD_ISTAT,
    CODE,
    DATA,
    ENTE_ID,
    FONDO,
    LINGUA,
    MEDIATORE_ID,
    PROGETTO_ID,
    PSEUDONYM,
    tidy,
)
from bgest_analysis.schema.model import Column, Personal, Type

LINGUE = Column(
    "lingue",
    Type.LIST,
    "Lingue",
    "Languages",
    codes="lingue",
    personal=Personal.QUASI,
    description="Codici ISO 639-3 delle lingue di lavoro, separati da |.",
)
GENERE = Column(
    "genere",
    Type.CAT,
    "Genere",
    "Gender",
    codes="genere",
    personal=Personal.QUASI,
    description="Genere del mediatore, se dichiarato.",
)
ANNI_ESPERIENZA_CLASSE = Column(
    "anni_esperienza_classe",
    Type.CAT,
    "Anni di esperienza",
    "Years of experience",
    codes="anni_esperienza_classe",
    personal=Personal.QUASI,
    description="Classe degli anni di lavoro come mediatore.",
)
INTERVENTO_ID = Column(
    "intervento_id",
    Type.STR,
    "Intervento",
    "Intervention",
    pattern=CODE,
    description="Codice della richiesta o dell'intervento: ha almeno una cifra, mai un nome, e non "
    "comincia come una formula.",
)
DATA_RICHIESTA = Column(
    "data_richiesta",
    Type.DATE,
    "Data della richiesta",
    "Date of the request",
    description="Giorno in cui l'ente chiede l'intervento.",
)
MINUTI_FRONTALI = Column(
    "minuti_frontali",
    Type.INT,
    "Minuti frontali",
    "Contact minutes",
    unit="minuti",
    minimum=0,
    maximum=1440,
    description="Durata dell'incontro con le persone o con gli operatori.",
)
MINUTI_VIAGGIO = Column(
    "minuti_viaggio",
    Type.INT,
    "Minuti di viaggio",
    "Travel minutes",
    unit="minuti",
    minimum=0,
    maximum=1440,
    description="Durata del viaggio.",
)
MINUTI_BACKOFFICE = Column(
    "minuti_backoffice",
    Type.INT,
    "Minuti di back office",
    "Back-office minutes",
    unit="minuti",
    minimum=0,
    maximum=1440,
    description="Preparazione, telefonate, documentazione.",
)
ENTE_RICHIEDENTE_TIPO = Column(
    "ente_richiedente_tipo",
    Type.CAT,
    "Tipo di servizio richiedente",
    "Kind of requesting service",
    codes="ente_richiedente_tipo",
    description="Servizio che chiede l'intervento.",
)
LINGUA_RAW = Column(
    "lingua_raw",
    Type.STR,
    "Lingua come scritta",
    "Language as written",
    description="Nome della lingua come sta nel file, solo se è tra le forme note.",
)
MODALITA = Column(
    "modalita",
    Type.CAT,
    "Modalità di attivazione",
    "Mode of activation",
    codes="modalita",
    description="Programmata, a chiamata, urgente o presidio fisso.",
)
CANALE = Column(
    "canale",
    Type.CAT,
    "Canale",
    "Channel",
    codes="canale",
    description="In presenza, per telefono, in video o per iscritto.",
)
TIPOLOGIA = Column(
    "tipologia",
    Type.CAT,
    "Tipologia",
    "Kind of work",
    codes="tipologia",
    description="Che cosa si è fatto.",
)
FASE = Column(
    "fase",
    Type.CAT,
    "Fase",
    "Phase",
    codes="fase",
    description="Fase del lavoro sul caso: è la variabile che mette alla prova il modello.",
)
FASE_ORIGINE = Column(
    "fase_origine",
    Type.CAT,
    "Origine della fase",
    "Origin of the phase",
    codes="origine_variabile",
    description="Registrata nel file, ricodificata da due persone o derivata da una regola.",
)
ORIENTAMENTO = Column(
    "orientamento",
    Type.CAT,
    "Orientamento",
    "Orientation",
    codes="orientamento",
    description="Assistenza, accompagnamento o attivazione.",
)
ORIENTAMENTO_ORIGINE = Column(
    "orientamento_origine",
    Type.CAT,
    "Origine dell'orientamento",
    "Origin of the orientation",
    codes="origine_variabile",
    description="Registrato nel file, ricodificato da due persone o derivato da una regola.",
)
UTENZA = Column(
    "utenza",
    Type.CAT,
    "Utenza",
    "Whom it was for",
    codes="utenza",
    description="Una persona, una famiglia, un gruppo o operatori.",
)
N_PARTECIPANTI = Column(
    "n_partecipanti",
    Type.INT,
    "Partecipanti",
    "Participants",
    unit="persone",
    minimum=1,
    count=True,
    description="Persone presenti oltre al mediatore.",
)
CASO_ID = Column(
    "caso_id",
    Type.STR,
    "Caso",
    "Case",
    pattern=PSEUDONYM,
    personal=Personal.PSEUDONIMO,
    description="Pseudonimo del caso a cui l'intervento appartiene.",
)
CASO_ID_ORIGINE = Column(
    "caso_id_origine",
    Type.CAT,
    "Origine del caso",
    "Origin of the case",
    codes="origine_variabile",
    description="Registrato nel file, ricodificato da due persone o derivato da una regola.",
)
DESTINATARI_ID = Column(
    "destinatari_id",
    Type.LIST,
    "Destinatari",
    "Recipients",
    pattern=rf"{PSEUDONYM}(\|{PSEUDONYM})*",
    personal=Personal.PSEUDONIMO,
    description="Pseudonimi dei destinatari presenti, separati da |.",
)
ESITO = Column(
    "esito",
    Type.CAT,
    "Esito",
    "Outcome",
    codes="esito",
    description="Come è finita; non_coperto e annullato_* sono richieste inevase.",
)
AUTONOMIA_0_3 = Column(
    "autonomia_0_3",
    Type.INT,
    "Autonomia nel caso",
    "Autonomy in the case",
    unit="scala 0-3",
    minimum=0,
    maximum=3,
    description="Da 0 (dipende in tutto) a 3 (fa da sé).",
)
NOTE_FLAG = Column(
    "note_flag",
    Type.BOOL,
    "C'è una nota",
    "Has a note",
    description="Se il file ha una nota; il testo non entra mai nella tabella.",
)

MEDIATORI = tidy(
    "mediatori",
    ("Mediatori", "Mediators"),
    ("un mediatore", "one mediator"),
    (MEDIATORE_ID, ENTE_ID, LINGUE, GENERE, ANNI_ESPERIENZA_CLASSE),
    ("mediatore_id",),
    optional=("genere", "anni_esperienza_classe"),
    about_people=True,
    source="elenchi degli enti gestori",
)
INTERVENTI = tidy(
    "interventi",
    ("Interventi di mediazione", "Mediation interventions"),
    ("una richiesta o un intervento", "one request or intervention"),
    (
        INTERVENTO_ID,
        PROGETTO_ID,
        DATA_RICHIESTA,
        DATA,
        MINUTI_FRONTALI,
        MINUTI_VIAGGIO,
        MINUTI_BACKOFFICE,
        MEDIATORE_ID,
        ENTE_ID,
        ENTE_RICHIEDENTE_TIPO,
        AMBITO_ID,
        COD_ISTAT,
        LINGUA,
        LINGUA_RAW,
        MODALITA,
        CANALE,
        TIPOLOGIA,
        FASE,
        FASE_ORIGINE,
        ORIENTAMENTO,
        ORIENTAMENTO_ORIGINE,
        UTENZA,
        N_PARTECIPANTI,
        CASO_ID,
        CASO_ID_ORIGINE,
        DESTINATARI_ID,
        AZIONE,
        FONDO,
        ESITO,
        AUTONOMIA_0_3,
        NOTE_FLAG,
    ),
    ("intervento_id",),
    optional=(
        "progetto_id",
        "data_richiesta",
        "data",
        "minuti_frontali",
        "minuti_viaggio",
        "minuti_backoffice",
        "mediatore_id",
        "ente_id",
        "ente_richiedente_tipo",
        "cod_istat",
        "lingua",
        "lingua_raw",
        "modalita",
        "canale",
        "tipologia",
        "fase",
        "fase_origine",
        "orientamento",
        "orientamento_origine",
        "utenza",
        "n_partecipanti",
        "caso_id",
        "caso_id_origine",
        "destinatari_id",
        "azione",
        "fondo",
        "autonomia_0_3",
        "note_flag",
    ),
    about_people=True,
    source="registri degli interventi delle cooperative",
)
STRATO = Column(
    "strato",
    Type.STR,
    "Strato",
    "Stratum",
    description="Parte del registro da cui il caso è estratto; vuoto se il campione è semplice.",
)
INTERVENTI_STRATO = Column(
    "interventi_strato",
    Type.INT,
    "Interventi dello strato",
    "Interventions of the stratum",
    unit="interventi",
    minimum=1,
    description="Quanti interventi ha lo strato nel registro: dà il peso del caso.",
)


def _coded(variable: Column, coder: int, who: tuple[str, str]) -> Column:
    """Return a variable of the model as one coder gave it."""
    return Column(
        f"{variable.name}_{coder}",
        Type.CAT,
        f"{variable.title_it} secondo {who[0]}",
        f"{variable.title_en} according to {who[1]}",
        codes=variable.codes,
        description="Codice dato leggendo il caso; vuoto se non si è potuto decidere.",
    )


CODERS = (
    ("il codificatore 1", "coder 1"),
    ("il codificatore 2", "coder 2"),
    ("la terza persona", "the third person"),
)
_CODED = tuple(
    _coded(variable, number, who)
    for variable in (FASE, ORIENTAMENTO)
    for number, who in enumerate(CODERS, start=1)
)
DOPPIA_CODIFICA = tidy(
    "doppia_codifica",
    ("Doppia codifica di un campione di interventi", "Double coding of a sample of interventions"),
    ("un intervento del campione", "one intervention of the sample"),
    (INTERVENTO_ID, STRATO, INTERVENTI_STRATO, *_CODED),
    ("intervento_id",),
    optional=("strato", "interventi_strato", *(column.name for column in _CODED)),
    about_people=True,
    source="doppia codifica alla cieca (bgest sample)",
)

TABLES = (MEDIATORI, INTERVENTI, DOPPIA_CODIFICA)
