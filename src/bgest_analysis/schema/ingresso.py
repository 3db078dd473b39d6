"""What a sender fills in: the columns of a table as they arrive, before persons are replaced.

Pseudonyms, origins and provenance are made by us and asked of nobody; in their place stand the
fields that identify a person, which are read, replaced, and enter no table.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from bgest_analysis.schema.common import DATA, FONTE_FILE, FONTE_RIGA, INCONTRO_ID
from bgest_analysis.schema.model import Column, Personal, Table, Type
from bgest_analysis.schema.rete import LIVELLO

EXAMPLE_MARK = "ESEMPIO"
STAMP_SHEET = "_bgest"
# Made by us, sent by nobody.
INTERNAL = frozenset({"coppie_persone", "impronte_persone", "riscontri"})

CODICE_UTENTE = Column(
    "codice_utente",
    Type.STR,
    "Codice della persona",
    "Person code",
    personal=Personal.DIRETTO,
    description="Codice che il vostro ente dà alla persona, sempre lo stesso.",
)
COGNOME = Column(
    "cognome",
    Type.STR,
    "Cognome",
    "Surname",
    personal=Personal.DIRETTO,
    description="Cognome come sul documento.",
)
NOME_PERSONA = Column(
    "nome_persona",
    Type.STR,
    "Nome della persona",
    "Given name",
    personal=Personal.DIRETTO,
    description="Nome come sul documento.",
)
CODICE_FISCALE = Column(
    "codice_fiscale",
    Type.STR,
    "Codice fiscale",
    "Italian tax code",
    personal=Personal.DIRETTO,
    description="Anche provvisorio; vuoto se non c'è.",
)
DATA_NASCITA = Column(
    "data_nascita",
    Type.DATE,
    "Data di nascita",
    "Date of birth",
    personal=Personal.DIRETTO,
    description="Giorno, mese e anno; se si conosce solo l'anno usare l'altra colonna.",
)
TELEFONO = Column(
    "telefono",
    Type.STR,
    "Telefono",
    "Telephone",
    personal=Personal.DIRETTO,
    description="Numero di telefono; serve solo a riconoscere i doppioni.",
)
NUMERO_PERMESSO = Column(
    "numero_permesso",
    Type.STR,
    "Numero del permesso",
    "Permit number",
    personal=Personal.DIRETTO,
    description="Numero del permesso di soggiorno o della ricevuta.",
)
MEDIATORE = Column(
    "mediatore",
    Type.STR,
    "Mediatore",
    "Mediator",
    personal=Personal.DIRETTO,
    description="Cognome e nome, oppure il codice usato dal vostro ente.",
)
CASO = Column(
    "caso",
    Type.STR,
    "Caso",
    "Case",
    personal=Personal.DIRETTO,
    description="Codice del caso o della famiglia nel vostro ente.",
)
PERSONE = Column(
    "persone",
    Type.STR,
    "Codici delle persone presenti",
    "Codes of the persons present",
    personal=Personal.DIRETTO,
    description="Codici delle persone separati da | (barra verticale).",
)
NOTE = Column(
    "note",
    Type.STR,
    "Note",
    "Notes",
    personal=Personal.LIBERO,
    description="Testo libero: non viene letto, si registra solo se c'è.",
)
FIRMA = Column(
    "firma",
    Type.STR,
    "Firma",
    "Signature",
    personal=Personal.LIBERO,
    description="Se il foglio ore è firmato: sì o no; un nome non viene conservato.",
)

_PERSON = (
    CODICE_UTENTE,
    COGNOME,
    NOME_PERSONA,
    CODICE_FISCALE,
    DATA_NASCITA,
    TELEFONO,
    NUMERO_PERMESSO,
)
_REPLACED: Mapping[tuple[str, str], tuple[Column, ...]] = MappingProxyType(
    {
        ("destinatari", "destinatario_id"): _PERSON,
        ("servizi_ricevuti", "destinatario_id"): (CODICE_UTENTE, COGNOME, NOME_PERSONA),
        ("mediatori", "mediatore_id"): (MEDIATORE,),
        ("timesheet", "mediatore_id"): (MEDIATORE,),
        ("timesheet", "firmato"): (FIRMA,),
        ("presenze", "incontro_id"): (INCONTRO_ID, DATA, LIVELLO),
        ("interventi", "mediatore_id"): (MEDIATORE,),
        ("interventi", "caso_id"): (CASO,),
        ("interventi", "destinatari_id"): (PERSONE,),
        ("interventi", "note_flag"): (NOTE,),
    }
)
_OURS = frozenset(
    {
        FONTE_FILE.name,
        FONTE_RIGA.name,
        "fase_origine",
        "orientamento_origine",
        "caso_id_origine",
        "lingua_raw",
        "ammissibile_fami",
        "motivo_non_ammissibile",
    }
)
IDENTIFIERS: tuple[Column, ...] = (*_PERSON, MEDIATORE, CASO, PERSONE, NOTE, FIRMA)


def input_columns(table: Table) -> tuple[Column, ...]:
    """Return the columns that a sender of this table fills in, in the order of the template."""
    columns: list[Column] = []
    for column in table.columns:
        if column.name not in _OURS:
            columns.extend(_REPLACED.get((table.name, column.name), (column,)))
    return tuple(columns)


def is_required(table: Table, column: Column) -> bool:
    """Tell whether a row without this value cannot be used."""
    return column.name in table.column_names and column.name not in table.optional
