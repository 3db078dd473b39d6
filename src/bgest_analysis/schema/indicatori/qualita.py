"""The ``ind_`` tables on how far the data can be trusted."""

from __future__ import annotations

from bgest_analysis.schema.model import Column, Layer, Table, Type

FILE = Column("file", Type.STR, "File", "File")
TABELLA = Column("tabella", Type.STR, "Tabella", "Table")
RIGHE_LETTE = Column("righe_lette", Type.INT, "Righe lette", "Rows read", minimum=0)
RIGHE_PULITE = Column("righe_pulite", Type.INT, "Righe pulite", "Rows kept", minimum=0)
QUARANTENA = Column("quarantena", Type.INT, "In quarantena", "In quarantine", minimum=0)
SCARTATE = Column("scartate", Type.INT, "Scartate da una regola", "Dropped by a rule", minimum=0)
SEGNALAZIONI = Column("segnalazioni", Type.INT, "Segnalazioni", "Problems reported", minimum=0)
SHA256 = Column("sha256", Type.STR, "SHA-256", "SHA-256")
REGOLA = Column("regola", Type.STR, "Regola", "Rule")
TRATTAMENTO = Column("trattamento", Type.CAT, "Trattamento", "Treatment")
COLONNA = Column("colonna", Type.STR, "Colonna", "Column")
CASI = Column("casi", Type.INT, "Casi", "Cases", minimum=0)
RIGHE = Column("righe", Type.INT, "Righe", "Rows", minimum=0)
PRESENTI = Column("presenti", Type.INT, "Valori presenti", "Values present", minimum=0)
COMPLETEZZA = Column(
    "completezza",
    Type.DEC,
    "Completezza",
    "Completeness",
    unit="frazione",
    description="valori presenti / righe, per le colonne obbligatorie (D1).",
)

FONTI = Table(
    name="qualita_fonti",
    layer=Layer.IND,
    title_it="I conti della pulizia per file",
    title_en="Accounts of cleaning by file",
    grain_it="Una riga per file",
    grain_en="One row per file",
    columns=(
        FILE,
        TABELLA,
        RIGHE_LETTE,
        RIGHE_PULITE,
        QUARANTENA,
        SCARTATE,
        SEGNALAZIONI,
        SHA256,
    ),
    key=("file",),
)
REGOLE = Table(
    name="qualita_regole",
    layer=Layer.IND,
    title_it="Le regole applicate",
    title_en="Rules applied",
    grain_it="Una riga per file, regola e colonna",
    grain_en="One row per file, rule and column",
    columns=(FILE, REGOLA, TRATTAMENTO, COLONNA, CASI),
    key=("file", "regola", "colonna"),
)
COMPLETEZZE = Table(
    name="qualita_completezza",
    layer=Layer.IND,
    title_it="Completezza delle colonne obbligatorie",
    title_en="Completeness of required columns",
    grain_it="Una riga per tabella e colonna",
    grain_en="One row per table and column",
    columns=(TABELLA, COLONNA, RIGHE, PRESENTI, COMPLETEZZA),
    key=("tabella", "colonna"),
    optional=frozenset({"completezza"}),
)
TABLES = (FONTI, REGOLE, COMPLETEZZE)
