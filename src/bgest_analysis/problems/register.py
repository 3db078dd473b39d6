"""The accounting of cleaning: rows in = tidy + quarantined + dropped, and every step named."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from bgest_analysis.errors import SchemaViolation

REGISTER_COLUMNS = ("file", "foglio", "colonna", "regola", "righe_prima", "righe_dopo", "celle")


@dataclass(frozen=True)
class Accounting:
    """Where every row of one sheet of one file went (numbers of source rows)."""

    file: str
    sheet: str
    rows_in: int
    tidy: int
    quarantined: int
    dropped: dict[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        total = self.tidy + self.quarantined + sum(self.dropped.values())
        if total != self.rows_in:
            raise SchemaViolation(
                "i conti di {file} non tornano: righe lette {rows_in}, ritrovate {total}",
                file=self.file,
                rows_in=self.rows_in,
                total=total,
            )

    def to_json(self) -> dict[str, Any]:
        return {
            "file": self.file,
            "foglio": self.sheet,
            "righe_lette": self.rows_in,
            "righe_pulite": self.tidy,
            "quarantena": self.quarantined,
            "scartate": dict(sorted(self.dropped.items())),
        }


@dataclass(frozen=True)
class Step:
    """One line of the register: what a rule did to one file (never a value)."""

    file: str
    sheet: str
    column: str
    rule: str
    rows_before: int
    rows_after: int
    cells: int


class CleaningRegister:
    """The *registro delle pulizie*: the steps in the order they were taken."""

    def __init__(self) -> None:
        self.steps: list[Step] = []

    def add(self, step: Step) -> None:
        self.steps.append(step)

    def to_frame(self) -> pd.DataFrame:
        """Return one row a step, columns ``REGISTER_COLUMNS``."""
        rows = [
            (s.file, s.sheet, s.column, s.rule, s.rows_before, s.rows_after, s.cells)
            for s in self.steps
        ]
        return pd.DataFrame(rows, columns=list(REGISTER_COLUMNS))
