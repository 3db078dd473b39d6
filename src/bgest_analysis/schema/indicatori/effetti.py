"""The ``ind_`` tables of the design of effects: who adopted when, what could be seen at all."""

from __future__ import annotations

from bgest_analysis.schema.model import Column, Layer, Table, Type

SOURCE = "registri degli interventi e date di adozione delle pratiche"
ESITO = Column(
    "esito",
    Type.CAT,
    "Esito",
    "Outcome",
    description="autonomia (variazione nel caso), attivazione (quota), attesa (giorni).",
)
AREA = Column("area", Type.STR, "Ambito", "Ambito", description="Codice dell'Ambito.")
ADOZIONE = Column(
    "adozione",
    Type.DATE,
    "Adozione del modello",
    "Adoption of the model",
    description=(
        "Prima data documentata tra mediazione integrata e mediatore in lettura e progettazione."
    ),
)
PRIMA = Column(
    "osservazioni_prima",
    Type.INT,
    "Osservazioni prima",
    "Observations before",
    description="Arrotondate al passo dello studio, se non sotto la soglia.",
    minimum=0,
    count=True,
)
DOPO = Column(
    "osservazioni_dopo",
    Type.INT,
    "Osservazioni dopo",
    "Observations after",
    description="Arrotondate al passo dello studio, se non sotto la soglia.",
    minimum=0,
    count=True,
)
PRIMO = Column("prima_data", Type.DATE, "Prima osservazione", "First observation")
ULTIMO = Column("ultima_data", Type.DATE, "Ultima osservazione", "Last observation")

DISEGNO = Table(
    name="effetti_disegno",
    layer=Layer.IND,
    title_it="Il disegno: chi ha adottato quando e che cosa si osserva",
    title_en="The design: who adopted when and what is observed",
    grain_it="Una riga per esito e Ambito",
    grain_en="One row per outcome and Ambito",
    columns=(ESITO, AREA, ADOZIONE, PRIMA, DOPO, PRIMO, ULTIMO),
    key=("esito", "area"),
    optional=frozenset({"adozione", "prima_data", "ultima_data"}),
    about_people=True,
    source=SOURCE,
)

ICC = Column(
    "icc",
    Type.DEC,
    "Correlazione nello stesso Ambito e periodo",
    "Correlation within an Ambito and period",
    unit="frazione",
    description="Ipotesi, non stima: quanto si somigliano le osservazioni vicine.",
    minimum=0,
    maximum=1,
)
AMBITI = Column("ambiti", Type.INT, "Ambiti con adozione nota", "Ambiti with known adoption")
COORTI = Column("coorti", Type.INT, "Date di adozione distinte", "Distinct dates of adoption")
N = Column("n", Type.INT, "Osservazioni", "Observations", minimum=0, count=True)
PERIODI = Column(
    "periodi_confrontabili",
    Type.INT,
    "Semestri con Ambiti in entrambe le condizioni",
    "Half-years with Ambiti on both sides",
)
ASSEGNAZIONI = Column(
    "assegnazioni",
    Type.DEC,
    "Ordini di adozione possibili",
    "Possible orders of adoption",
    unit="conteggio",
    description="Permutazioni distinte delle date tra gli Ambiti.",
)
P_MINIMO = Column(
    "p_minimo",
    Type.DEC,
    "p più piccolo del test di casualizzazione",
    "Smallest p of the randomisation test",
    unit="probabilità",
)
P_MINIMO_WILD = Column(
    "p_minimo_wild",
    Type.DEC,
    "p più piccolo del wild bootstrap",
    "Smallest p of the wild bootstrap",
    unit="probabilità",
)
DS = Column(
    "ds_prima",
    Type.DEC,
    "Deviazione standard prima dell'adozione",
    "Standard deviation before adoption",
    unit="unità dell'esito",
    rests_on="n",
)
MDE = Column(
    "effetto_minimo_ds",
    Type.DEC,
    "Effetto minimo rilevabile",
    "Minimum detectable effect",
    unit="deviazioni standard",
    description="Potenza 80%, test al 5% a due code, G − 1 gradi di libertà.",
)
MDE_UNITA = Column(
    "effetto_minimo",
    Type.DEC,
    "Effetto minimo rilevabile",
    "Minimum detectable effect",
    unit="unità dell'esito",
    rests_on="n",
)
MISURA = Column(
    "misura_wild",
    Type.DEC,
    "Falsi positivi misurati del wild bootstrap al 5%",
    "Measured rejections of the wild bootstrap at 5%",
    unit="frazione",
    description="Quota di rifiuti in studi simulati senza effetto, con questo stesso disegno.",
)
MISURA_ERRORE = Column(
    "misura_errore",
    Type.DEC,
    "Errore Monte Carlo",
    "Monte Carlo error",
    unit="frazione",
)
MISURA_STUDI = Column("misura_studi", Type.INT, "Studi simulati", "Simulated studies")
MOTIVO = Column(
    "motivo",
    Type.STR,
    "Motivo",
    "Reason",
    description="Perché il disegno non permette una stima; vuoto se la permette.",
)

POTENZA = Table(
    name="effetti_potenza",
    layer=Layer.IND,
    title_it="Che cosa il disegno può vedere, detto prima di ogni stima",
    title_en="What the design can see, said before any estimate",
    grain_it="Una riga per esito e correlazione ipotizzata",
    grain_en="One row per outcome and assumed correlation",
    columns=(
        ESITO,
        ICC,
        AMBITI,
        COORTI,
        N,
        PERIODI,
        ASSEGNAZIONI,
        P_MINIMO,
        P_MINIMO_WILD,
        DS,
        MDE,
        MDE_UNITA,
        MISURA,
        MISURA_ERRORE,
        MISURA_STUDI,
        MOTIVO,
    ),
    key=("esito", "icc"),
    optional=frozenset(
        {
            "assegnazioni",
            "p_minimo",
            "p_minimo_wild",
            "ds_prima",
            "effetto_minimo_ds",
            "effetto_minimo",
            "misura_wild",
            "misura_errore",
            "misura_studi",
            "motivo",
        }
    ),
    about_people=True,
    source=SOURCE,
)
TABLES = (DISEGNO, POTENZA)
