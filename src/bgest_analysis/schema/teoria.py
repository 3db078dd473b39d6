"""Tables of the logic model and of the calendar of events."""

from __future__ import annotations

from bgest_analysis.schema.common import AMBITO_ID, FONTE, INDICATORI, TITOLO, tidy
from bgest_analysis.schema.model import Column, Type

NODO_ID = Column(
    "nodo_id",
    Type.STR,
    "Nodo",
    "Node",
    pattern=r"[A-Z]{1,3}\d+",
    description="Codice del nodo del modello logico.",
)
TIPO_NODO = Column(
    "tipo_nodo",
    Type.CAT,
    "Tipo di nodo",
    "Kind of node",
    codes="tipo_nodo",
    description="Input, attività, meccanismo o esito.",
)
DESCRIZIONE = Column(
    "descrizione",
    Type.STR,
    "Descrizione",
    "Description",
    description="Spiegazione in una frase, scritta da chi valuta.",
)
ORIGINE_TEORIA = Column(
    "origine_teoria",
    Type.CAT,
    "Origine dell'elemento",
    "Origin of the element",
    codes="origine_teoria",
    description="Se viene dalle slide o è una proposta di questo studio.",
)
NESSO_ID = Column("nesso_id", Type.STR, "Nesso", "Link", description="Codice del nesso.")
DA_NODO = Column(
    "da_nodo",
    Type.STR,
    "Dal nodo",
    "From node",
    pattern=NODO_ID.pattern,
    description="Nodo da cui il nesso parte.",
)
A_NODO = Column(
    "a_nodo",
    Type.STR,
    "Al nodo",
    "To node",
    pattern=NODO_ID.pattern,
    description="Nodo a cui il nesso arriva.",
)
ASSUNTO = Column(
    "assunto",
    Type.STR,
    "Assunto",
    "Assumption",
    description="Che cosa deve essere vero perché il nesso funzioni.",
)
SPIEGAZIONE_RIVALE = Column(
    "spiegazione_rivale",
    Type.STR,
    "Spiegazione rivale",
    "Rival explanation",
    description="Che cos'altro potrebbe spiegare lo stesso cambiamento.",
)
EVENTO_ID = Column(
    "evento_id", Type.STR, "Codice dell'evento", "Event code", description="Codice dell'evento."
)
EVENTO = Column("evento", Type.STR, "Evento", "Event", description="Che cosa è successo.")
TIPO_EVENTO = Column(
    "tipo_evento",
    Type.CAT,
    "Tipo di evento",
    "Kind of event",
    codes="tipo_evento",
    description="Emergenza, norma, scadenza, presentazione o calendario.",
)
DATA_INIZIO = Column(
    "data_inizio",
    Type.DATE,
    "Data di inizio",
    "Start date",
    description="Primo giorno; il primo del periodo se la precisione è mese o anno.",
)
DATA_FINE = Column(
    "data_fine",
    Type.DATE,
    "Data di fine",
    "End date",
    description="Ultimo giorno; vuoto se non è noto.",
)
PRECISIONE = Column(
    "precisione",
    Type.CAT,
    "Precisione della data",
    "Precision of the date",
    codes="precisione",
    description="Giorno, mese o anno.",
)

TEORIA_NODI = tidy(
    "teoria_nodi",
    ("Modello logico: nodi", "Logic model: nodes"),
    ("un nodo", "one node"),
    (NODO_ID, TIPO_NODO, TITOLO, DESCRIZIONE, INDICATORI, FONTE, ORIGINE_TEORIA),
    ("nodo_id",),
    optional=("descrizione", "indicatori"),
    source="studio",
)
TEORIA_NESSI = tidy(
    "teoria_nessi",
    ("Modello logico: nessi", "Logic model: links"),
    ("un nesso tra due nodi", "one link between two nodes"),
    (
        NESSO_ID,
        DA_NODO,
        A_NODO,
        ASSUNTO,
        SPIEGAZIONE_RIVALE,
        INDICATORI,
        FONTE,
        ORIGINE_TEORIA,
    ),
    ("nesso_id",),
    optional=("assunto", "spiegazione_rivale", "indicatori"),
    source="studio",
)
EVENTI = tidy(
    "eventi",
    ("Calendario degli eventi", "Calendar of events"),
    ("un evento, per tutti o per un Ambito", "one event, for all or for one Ambito"),
    (EVENTO_ID, EVENTO, TIPO_EVENTO, DATA_INIZIO, DATA_FINE, PRECISIONE, AMBITO_ID, FONTE),
    ("evento_id", "ambito_id"),
    optional=("data_fine", "ambito_id", "fonte"),
    source="studio",
)

TABLES = (TEORIA_NODI, TEORIA_NESSI, EVENTI)
