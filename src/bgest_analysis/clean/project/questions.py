"""Values that wait for a person: each distinct one once, shown only where that is harmless."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from bgest_analysis.clean.project.ledger import Asked, ProjectLedger
from bgest_analysis.clean.project.prepared import Prepared
from bgest_analysis.problems.record import Rule
from bgest_analysis.schema.codes import hides_values
from bgest_analysis.schema.model import Column, Personal, Table

MOST_ASKED = 2_000  # distinct values of a column in the list to review; the problems have all
SHOWN_ROWS = 5


@dataclass(frozen=True)
class Question:
    """Why the cells of a column wait.

    Parameters
    ----------
    suggestions
        One text a distinct cell of the column, or none at all.
    """

    table: Table
    column: Column
    rule: Rule
    suggestions: Sequence[str] = ()

    def put(self, prepared: Prepared, rows: npt.NDArray[np.intp], ledger: ProjectLedger) -> Asked:
        """Return the distinct cells of some rows, with how often and where they stand."""
        codes = prepared.cells.codes
        groups = _by_value(codes[rows], rows)
        values = [prepared.written.iloc[group[0]].strip() for group in groups]
        near = [self.suggestions[codes[g[0]]] if self.suggestions else "" for g in groups]
        return Asked(
            self.column.name,
            self.rule.code,
            tuple(self._shown(values, near, ledger)),
            tuple(near),
            tuple(len(group) for group in groups),
            tuple(tuple(ledger.rows[group[:SHOWN_ROWS]].tolist()) for group in groups),
        )

    def _shown(
        self, values: Sequence[str], near: Sequence[str], ledger: ProjectLedger
    ) -> list[str]:
        """Return the values as the list to review shows them.

        A value of a column about persons is shown only if it resembles a code and nothing in it
        is a person's: a nationality spelled oddly, never a name in the wrong column.
        """
        masked = ledger.masked(pd.Series(values, dtype="str")) if values else []
        if not hides_values(self.table, self.column):
            return masked
        if self.column.personal is not Personal.QUASI:
            return [""] * len(masked)
        return [
            shown if suggestion and shown == " ".join(value.split()) else ""
            for shown, value, suggestion in zip(masked, values, near, strict=True)
        ]


def _by_value(codes: npt.NDArray[Any], rows: npt.NDArray[np.intp]) -> list[npt.NDArray[np.intp]]:
    """Group rows by distinct cell, the most frequent first, as many as a person can read."""
    order = np.argsort(codes, kind="stable")
    _, starts = np.unique(codes[order], return_index=True)
    groups = np.split(rows[order], starts[1:])
    return sorted(groups, key=lambda group: (-len(group), int(group[0])))[:MOST_ASKED]
