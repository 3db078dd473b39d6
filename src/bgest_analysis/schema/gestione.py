"""Tables of the project's management: activities, indicators, budget, timesheets, projects."""

from __future__ import annotations

from bgest_analysis.schema.common import (
    AL,
    ATTIVITA_ID,
    AZIONE,
    DAL,
    ENTE_ID,
    FONDO,
    FONTE,
    MEDIATORE_ID,
    MESE,
    MINUTI,
    PROGETTO_ID,
    TITOLO,
    TRIMESTRE,
    tidy,
)
from bgest_analysis.schema.model import Column, Type

DATA_INIZIO_PREVISTA = Column(
    "data_inizio_prevista",
    Type.DATE,
    "Inizio previsto",
    "Planned start",
    description="Primo giorno secondo il piano approvato.",
)
DATA_FINE_PREVISTA = Column(
    "data_fine_prevista",
    Type.DATE,
    "Fine prevista",
    "Planned end",
    description="Ultimo giorno secondo il piano approvato.",
)
DATA_INIZIO_EFFETTIVA = Column(
    "data_inizio_effettiva",
    Type.DATE,
    "Inizio effettivo",
    "Actual start",
    description="Primo giorno in cui si è lavorato.",
)
DATA_FINE_EFFETTIVA = Column(
    "data_fine_effettiva",
    Type.DATE,
    "Fine effettiva",
    "Actual end",
    description="Ultimo giorno in cui si è lavorato.",
)
N_PREVISTO = Column(
    "n_previsto",
    Type.DEC,
    "Previsto",
    "Planned",
    unit="unità dell'attività",
    minimum=0,
    description="Quantità prevista.",
)
N_REALIZZATO = Column(
    "n_realizzato",
    Type.DEC,
    "Realizzato",
    "Done",
    unit="unità dell'attività",
    minimum=0,
    description="Quantità realizzata.",
)
CODICE = Column(
    "codice",
    Type.STR,
    "Codice dell'indicatore",
    "Indicator code",
    description="Codice dell'indicatore nella scheda o in questo studio.",
)
VERSIONE = Column(
    "versione",
    Type.INT,
    "Versione della scheda",
    "Version of the sheet",
    minimum=1,
    description="1 per il primo invio, poi una in più a ogni riapertura.",
)
VALORE_ATTESO = Column(
    "valore_atteso",
    Type.DEC,
    "Valore atteso",
    "Expected value",
    unit="unità dell'indicatore",
    description="Obiettivo dichiarato.",
)
VALORE_REALIZZATO = Column(
    "valore_realizzato",
    Type.DEC,
    "Valore realizzato",
    "Achieved value",
    unit="unità dell'indicatore",
    description="Valore conseguito.",
)
UNITA = Column(
    "unita",
    Type.STR,
    "Unità di misura",
    "Unit",
    description="Unità di misura dell'indicatore.",
)
CUMULATO = Column(
    "cumulato",
    Type.BOOL,
    "Cumulato",
    "Cumulative",
    description="Se il valore somma i trimestri dall'inizio del progetto.",
)
FONTE_VERIFICA = Column(
    "fonte_verifica",
    Type.STR,
    "Fonte di verifica",
    "Means of verification",
    description="Documento che prova il valore.",
)
VOCE = Column(
    "voce",
    Type.CAT,
    "Voce di spesa",
    "Budget heading",
    codes="voce",
    description="Lettera della voce FAMI, IND per i costi indiretti.",
)
SOTTOVOCE = Column(
    "sottovoce",
    Type.STR,
    "Sottovoce",
    "Budget line",
    description="Riga del piano finanziario.",
)
VERSIONE_BUDGET = Column(
    "versione_budget",
    Type.STR,
    "Versione del budget",
    "Version of the budget",
    pattern=r"approvato|rimod_\d+",
    description="approvato, poi rimod_1, rimod_2 a ogni rimodulazione.",
)
IMPORTO_EUR = Column(
    "importo_eur",
    Type.DEC,
    "Importo previsto",
    "Planned amount",
    unit="euro",
    description="Importo della riga in questa versione del budget.",
)
DATA_SPESA = Column(
    "data_spesa",
    Type.DATE,
    "Data della spesa",
    "Date of the expense",
    description="Giorno del pagamento o della rendicontazione.",
)
IMPORTO_RENDICONTATO_EUR = Column(
    "importo_rendicontato_eur",
    Type.DEC,
    "Importo rendicontato",
    "Reported amount",
    unit="euro",
    description="Spesa dichiarata all'Autorità.",
)
QUOTA_UE_EUR = Column(
    "quota_ue_eur",
    Type.DEC,
    "Quota dell'Unione Europea",
    "EU share",
    unit="euro",
    description="Parte pagata dal fondo europeo.",
)
QUOTA_NAZ_EUR = Column(
    "quota_naz_eur",
    Type.DEC,
    "Quota nazionale",
    "National share",
    unit="euro",
    description="Parte pagata dallo Stato.",
)
IMPORTO_NETTO_EUR = Column(
    "importo_netto_eur",
    Type.DEC,
    "Importo senza IVA",
    "Amount without VAT",
    unit="euro",
    description="Importo del documento di spesa senza IVA, se c'è.",
)
IVA_EUR = Column(
    "iva_eur",
    Type.DEC,
    "IVA",
    "VAT",
    unit="euro",
    minimum=0,
    description="Imposta sul valore aggiunto del documento di spesa.",
)
FIRMATO = Column(
    "firmato",
    Type.BOOL,
    "Foglio firmato",
    "Signed sheet",
    description="Se c'è la firma; vuoto se il foglio non ha il posto per la firma.",
)
ENTE_CAPOFILA = Column(
    "ente_capofila",
    Type.STR,
    "Ente capofila",
    "Lead body",
    description="Nome dell'ente capofila del progetto.",
)
DESTINATARI_PROGETTO = Column(
    "destinatari_progetto",
    Type.STR,
    "A chi si rivolge",
    "Whom it is for",
    description="Gruppo a cui il progetto si rivolge, a parole.",
)
STATO = Column(
    "stato",
    Type.CAT,
    "Stato del progetto",
    "Status of the project",
    codes="stato",
    description="Concluso, attivo o in costruzione.",
)
CONTINUA_DA = Column(
    "continua_da",
    Type.STR,
    "Continua da",
    "Continues",
    pattern=PROGETTO_ID.pattern,
    description="Codice del progetto che viene prima.",
)

ATTIVITA = tidy(
    "attivita",
    ("Attività", "Activities"),
    ("un'attività del piano di lavoro", "one activity of the work plan"),
    (
        ATTIVITA_ID,
        AZIONE,
        TITOLO,
        ENTE_ID,
        DATA_INIZIO_PREVISTA,
        DATA_FINE_PREVISTA,
        DATA_INIZIO_EFFETTIVA,
        DATA_FINE_EFFETTIVA,
        N_PREVISTO,
        N_REALIZZATO,
    ),
    ("attivita_id",),
    optional=(
        "azione",
        "ente_id",
        "data_inizio_prevista",
        "data_fine_prevista",
        "data_inizio_effettiva",
        "data_fine_effettiva",
        "n_previsto",
        "n_realizzato",
    ),
    source="scheda trimestrale, Attività WBS",
)
INDICATORI = tidy(
    "indicatori",
    ("Indicatori del progetto", "Project indicators"),
    ("un indicatore, un trimestre, una versione", "one indicator, quarter and version"),
    (
        CODICE,
        TRIMESTRE,
        VERSIONE,
        VALORE_ATTESO,
        VALORE_REALIZZATO,
        UNITA,
        CUMULATO,
        FONTE_VERIFICA,
    ),
    ("codice", "trimestre", "versione"),
    optional=("valore_atteso", "valore_realizzato", "unita", "fonte_verifica"),
    source="scheda trimestrale, scheda fisica",
)
BUDGET = tidy(
    "budget",
    ("Budget e spesa", "Budget and expenses"),
    (
        "una riga del piano finanziario in una versione, o una spesa",
        "one line of the financial plan in a version, or one expense",
    ),
    (
        VOCE,
        SOTTOVOCE,
        PROGETTO_ID,
        ENTE_ID,
        VERSIONE_BUDGET,
        IMPORTO_EUR,
        DATA_SPESA,
        IMPORTO_RENDICONTATO_EUR,
        QUOTA_UE_EUR,
        QUOTA_NAZ_EUR,
        IMPORTO_NETTO_EUR,
        IVA_EUR,
    ),
    ("fonte_file", "fonte_riga"),
    optional=(
        "sottovoce",
        "progetto_id",
        "ente_id",
        "versione_budget",
        "importo_eur",
        "data_spesa",
        "importo_rendicontato_eur",
        "quota_ue_eur",
        "quota_naz_eur",
        "importo_netto_eur",
        "iva_eur",
    ),
    source="scheda trimestrale, scheda finanziaria",
)
TIMESHEET = tidy(
    "timesheet",
    ("Fogli ore", "Timesheets"),
    (
        "un mediatore, un mese, un'attività, un progetto",
        "one mediator, month, activity and project",
    ),
    (MEDIATORE_ID, MESE, PROGETTO_ID, ATTIVITA_ID, MINUTI, FIRMATO),
    ("mediatore_id", "mese", "progetto_id", "attivita_id"),
    optional=("progetto_id", "attivita_id", "firmato"),
    about_people=True,
    source="timesheet mensili",
)
PROGETTI = tidy(
    "progetti",
    ("Progetti", "Projects"),
    ("un progetto", "one project"),
    (
        PROGETTO_ID,
        TITOLO,
        FONDO,
        ENTE_CAPOFILA,
        DAL,
        AL,
        DESTINATARI_PROGETTO,
        STATO,
        CONTINUA_DA,
        FONTE,
    ),
    ("progetto_id",),
    optional=("ente_capofila", "dal", "al", "destinatari_progetto", "continua_da"),
    source="studio",
)

TABLES = (ATTIVITA, INDICATORI, BUDGET, TIMESHEET, PROGETTI)
