"""Columns that more than one table uses, and how a tidy table is put together."""

from __future__ import annotations

from bgest_analysis.schema.model import Column, Layer, Personal, Table, Type

ISO3 = r"[A-Z]{3}"
LANGUAGE = r"[a-z]{3}"
MONTH = r"\d{4}-(0[1-9]|1[0-2])"
QUARTER = r"\d{4}-T[1-4]"
# A sender's code of a row: it has a digit, is no name or address, and begins no formula.
CODE = r"(\d|[^@=+\s＝＋－＠-][^@]*\d)[^@]*"
PSEUDONYM = r"[0-9a-f]{20}"

FONTE_FILE = Column(
    "fonte_file",
    Type.STR,
    "File di provenienza",
    "Source file",
    description="Percorso del file ricevuto, relativo alla cartella dello studio.",
)
FONTE_RIGA = Column(
    "fonte_riga",
    Type.INT,
    "Riga di provenienza",
    "Source row",
    minimum=1,
    description="Numero della riga nel file ricevuto, contando da 1.",
)
PROVENANCE = (FONTE_FILE, FONTE_RIGA)

AMBITO_ID = Column(
    "ambito_id",
    Type.STR,
    "Ambito",
    "Ambito (social district)",
    pattern=r"[A-Za-z0-9_]{1,20}",
    description="Codice dell'Ambito nello studio.",
)
COD_ISTAT = Column(
    "cod_istat",
    Type.STR,
    "Codice ISTAT del comune",
    "ISTAT code of the municipality",
    pattern=r"\d{6}",
    description="Sei cifre, zero iniziale compreso.",
)
COD_PROVINCIA = Column(
    "cod_provincia",
    Type.STR,
    "Codice ISTAT della provincia",
    "ISTAT code of the province",
    pattern=r"\d{3}",
    description="Tre cifre, zero iniziale compreso.",
)
ENTE_ID = Column(
    "ente_id",
    Type.STR,
    "Ente",
    "Body",
    pattern=r"[A-Za-z0-9_]{1,40}",
    description="Codice dell'ente nello studio.",
)
PROGETTO_ID = Column(
    "progetto_id",
    Type.STR,
    "Progetto",
    "Project",
    pattern=r"[A-Za-z0-9_]{1,40}",
    description="Codice del progetto, che dice anche il fondo.",
)
ATTIVITA_ID = Column(
    "attivita_id",
    Type.STR,
    "Attività",
    "Activity",
    description="Codice dell'attività nel piano di lavoro (WBS).",
)
INCONTRO_ID = Column(
    "incontro_id",
    Type.STR,
    "Incontro",
    "Meeting",
    description="Codice dell'incontro.",
)
MEDIATORE_ID = Column(
    "mediatore_id",
    Type.STR,
    "Mediatore",
    "Mediator",
    pattern=PSEUDONYM,
    personal=Personal.PSEUDONIMO,
    description="Pseudonimo con chiave, fatto durante la lettura.",
)
DESTINATARIO_ID = Column(
    "destinatario_id",
    Type.STR,
    "Destinatario",
    "Recipient",
    pattern=PSEUDONYM,
    personal=Personal.PSEUDONIMO,
    description="Pseudonimo con chiave, fatto durante la lettura.",
)

NOME = Column("nome", Type.STR, "Nome", "Name", description="Denominazione (mai di una persona).")
TITOLO = Column("titolo", Type.STR, "Titolo", "Title", description="Titolo breve.")
FONTE = Column(
    "fonte", Type.STR, "Fonte", "Source", description="Documento da cui viene l'informazione."
)
COME_SCRITTO = Column(
    "come_scritto",
    Type.STR,
    "Come scritto nella fonte",
    "As written in the source",
    description="Testo della fonte, lettera per lettera.",
)
ALIAS = Column(
    "alias",
    Type.LIST,
    "Altri nomi",
    "Other names",
    description="Altri modi in cui i file lo chiamano, separati da |.",
)
INDICATORI = Column(
    "indicatori",
    Type.LIST,
    "Indicatori",
    "Indicators",
    description="Codici degli indicatori collegati, separati da |.",
)

ANNO = Column(
    "anno",
    Type.INT,
    "Anno",
    "Year",
    unit="anno",
    minimum=1990,
    maximum=2100,
    description="Anno di riferimento; per i residenti, al 1° gennaio.",
)
DATA = Column("data", Type.DATE, "Data", "Date", description="Giorno a cui la riga si riferisce.")
DAL = Column("dal", Type.DATE, "Dal", "From", description="Primo giorno; vuoto se non è noto.")
AL = Column("al", Type.DATE, "Al", "To", description="Ultimo giorno; vuoto se non è noto.")
MESE = Column("mese", Type.STR, "Mese", "Month", pattern=MONTH, description="Mese, come 2021-03.")
TRIMESTRE = Column(
    "trimestre",
    Type.STR,
    "Trimestre",
    "Quarter",
    pattern=QUARTER,
    description="Trimestre, come 2021-T2.",
)

N = Column(
    "n",
    Type.INT,
    "Persone",
    "Persons",
    unit="persone",
    minimum=0,
    count=True,
    description="Numero di persone.",
)
MINUTI = Column(
    "minuti",
    Type.INT,
    "Durata in minuti",
    "Duration in minutes",
    unit="minuti",
    minimum=0,
    description="Durata in minuti interi.",
)
SESSO = Column(
    "sesso",
    Type.CAT,
    "Sesso",
    "Sex",
    codes="sesso",
    personal=Personal.QUASI,
    description="M, F, altro_nd; T solo nelle statistiche, per il totale.",
)
CITTADINANZA_ISO3 = Column(
    "cittadinanza_iso3",
    Type.CAT,
    "Cittadinanza",
    "Citizenship",
    codes="paesi",
    pattern=ISO3,
    personal=Personal.QUASI,
    description="Codice ISO 3166-1 di tre lettere (XKX Kosovo, XXA apolide).",
)
UE = Column(
    "ue",
    Type.BOOL,
    "Cittadinanza UE",
    "EU citizenship",
    description="Se lo Stato era nell'Unione Europea a quella data.",
)
LINGUA = Column(
    "lingua",
    Type.CAT,
    "Lingua",
    "Language",
    codes="lingue",
    pattern=LANGUAGE,
    description="Codice ISO 639-3.",
)
AZIONE = Column(
    "azione",
    Type.CAT,
    "Azione",
    "Action",
    codes="azione",
    description="Macro-azione Lab'Impact, da 01 a 04.",
)
FONDO = Column(
    "fondo",
    Type.CAT,
    "Fondo",
    "Fund",
    codes="fondo",
    description="Fondo che paga.",
)
RUOLO = Column(
    "ruolo",
    Type.CAT,
    "Ruolo",
    "Role",
    codes="ruolo",
    description="Ruolo con cui l'ente siede o partecipa; mai il nome della persona.",
)


def tidy(
    name: str,
    titles: tuple[str, str],
    grain: tuple[str, str],
    columns: tuple[Column, ...],
    key: tuple[str, ...],
    *,
    optional: tuple[str, ...] = (),
    about_people: bool = False,
    source: str = "",
) -> Table:
    """Return a tidy table: its own columns, then where each row comes from."""
    return Table(
        name,
        Layer.TIDY,
        *titles,
        *grain,
        columns=columns + PROVENANCE,
        key=key,
        optional=frozenset(optional),
        about_people=about_people,
        source=source,
    )
