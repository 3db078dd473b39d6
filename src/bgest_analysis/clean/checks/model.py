"""How a comparison is written down, and from which gap on a person is asked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

import numpy as np
import pandas as pd

from bgest_analysis.schema.riscontri import RISCONTRI

Frames = Mapping[str, pd.DataFrame]


class Outcome(StrEnum):
    """What a comparison says."""

    COERENTE = "coerente"
    DA_RIVEDERE = "da_rivedere"
    IMPOSSIBILE = "impossibile"
    NON_CALCOLABILE = "non_calcolabile"


@dataclass(frozen=True)
class Tolerance:
    """The gap that is still consistent.

    Parameters
    ----------
    absolute
        In the unit of the check.
    share
        Of the second value; the larger of the two counts.
    """

    absolute: float
    share: float = 0.0

    def limit(self, reference: pd.Series) -> pd.Series:
        """Return the largest consistent gap for each reference value."""
        relative = reference.abs().fillna(0.0) * self.share
        return relative.clip(lower=self.absolute)


# Stated here and printed with every result: hours as minutes, money in euro.
TOLERANCES: Mapping[str, Tolerance] = MappingProxyType(
    {
        "log_timesheet": Tolerance(absolute=60, share=0.05),
        "indicatore_log": Tolerance(absolute=1, share=0.05),
        "spesa_budget": Tolerance(absolute=0.01),
        "scheda_riaperta": Tolerance(absolute=0),
        "cumulato_in_calo": Tolerance(absolute=0),
        "ore_giorno": Tolerance(absolute=12 * 60),
    }
)
DAY_MINUTES = 24 * 60


def comparison(check: str, rows: pd.DataFrame, unit: str) -> pd.DataFrame:
    """Return rows of ``riscontri`` from two columns of values.

    Parameters
    ----------
    rows
        ``valore_a``, ``valore_b``, and any of ``oggetto``, ``periodo``, ``ambito_id``,
        ``mediatore_id``, ``righe``. A pair of which one is missing cannot be compared.
    """
    values = rows.astype({"valore_a": "Float64", "valore_b": "Float64"})
    gap = values["valore_a"] - values["valore_b"]
    limit = TOLERANCES[check].limit(values["valore_b"])
    wide = (gap.abs() > limit).fillna(False).to_numpy(dtype=bool)
    outcome = np.where(wide, Outcome.DA_RIVEDERE, Outcome.COERENTE)
    outcome = np.where(gap.isna(), Outcome.NON_CALCOLABILE, outcome)
    return conform(
        values.assign(
            controllo=check,
            scarto=gap,
            soglia=limit,
            unita_riscontro=unit,
            esito_riscontro=[str(one) for one in outcome],
        )
    )


def conform(rows: pd.DataFrame) -> pd.DataFrame:
    """Return rows in the columns and types of ``riscontri``."""
    filled = rows.reset_index(drop=True).reindex(columns=RISCONTRI.column_names)
    filled["righe"] = filled["righe"].fillna(0)
    return filled.astype({column.name: column.dtype for column in RISCONTRI.columns})


def not_computable(check: str, what: str) -> pd.DataFrame:
    """Return the one row that says that a check could not be made, and on what."""
    row = {"controllo": check, "oggetto": what, "esito_riscontro": str(Outcome.NON_CALCOLABILE)}
    return conform(pd.DataFrame([row]))
