"""Indicators of data quality: accounts of cleaning, rules applied, completeness (D1)."""

from __future__ import annotations

import pandas as pd

from bgest_analysis.indicators.model import Frames, Indicator
from bgest_analysis.schema.indicatori import qualita as schema
from bgest_analysis.schema.registry import TABLES
from bgest_analysis.study.model import Study


def compute_fonti(frames: Frames, study: Study) -> pd.DataFrame:
    """Rows read, kept, quarantined and dropped of each file (their sum is checked in cleaning)."""
    table = frames["tidy_conti"].sort_values("file", ignore_index=True)
    return table[schema.FONTI.column_names]


def compute_regole(frames: Frames, study: Study) -> pd.DataFrame:
    """How often each rule was met, by file and column."""
    keys = ["file", "regola", "trattamento", "colonna"]
    counts = frames["tidy_problemi"].groupby(keys).size().astype("Int64").rename("casi")
    return counts.reset_index()[schema.REGOLE.column_names]


def compute_completezza(frames: Frames, study: Study) -> pd.DataFrame:
    """Share of values present in each required column of each tidy table (D1)."""
    rows = [
        (name, column.name, len(frame), int(frame[column.name].notna().sum()))
        for name, frame in sorted(frames.items())
        if name.removeprefix("tidy_") in TABLES
        for column in TABLES[name.removeprefix("tidy_")].columns
        if column.name in frame.columns
        and column.name not in TABLES[name.removeprefix("tidy_")].optional
    ]
    table = pd.DataFrame(rows, columns=["tabella", "colonna", "righe", "presenti"])
    table = table.astype({"righe": "Int64", "presenti": "Int64"})
    share = table["presenti"].astype("Float64") / table["righe"].where(table["righe"] > 0)
    return table.assign(completezza=share)[schema.COMPLETEZZE.column_names]


INDICATORS = (
    Indicator(schema.FONTI, ("tidy_conti",), compute_fonti),
    Indicator(schema.REGOLE, ("tidy_problemi",), compute_regole),
    Indicator(
        schema.COMPLETEZZE,
        (),
        compute_completezza,
        also_reads=tuple(f"tidy_{name}" for name in TABLES),
    ),
)
