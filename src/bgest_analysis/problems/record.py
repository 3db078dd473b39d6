"""A problem found in somebody's file: where it is, which rule it breaks, how to mend it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import pandas as pd

from bgest_analysis.text.messages import Message

COLUMNS = ("file", "foglio", "riga", "colonna", "regola", "trattamento", "valore")


class Treatment(StrEnum):
    """What cleaning does with a row or cell that breaks a rule."""

    QUARANTENA = "quarantena"  # the row stands aside until a person mends it
    SCARTO = "scarto"  # the row is not data (a total, a note) or is outside the study
    CORREZIONE = "correzione"  # a safe repair was made and is counted
    REVISIONE = "revisione"  # the cell is set to missing and a person is asked
    AVVISO = "avviso"  # the row goes on as it is; somebody should look


@dataclass(frozen=True)
class Rule:
    """A rule on the data: its code, what it says, how to mend a breach (Italian templates).

    Templates may use ``{colonna}`` and ``{valore}``; ``{valore}`` is empty for personal columns.
    """

    code: str
    what: str
    remedy: str
    treatment: Treatment


@dataclass(frozen=True)
class Problem:
    """One breach of one rule at one place (``row`` is the row of the file, from 1)."""

    rule: Rule
    file: str
    sheet: str
    row: int | None
    column: str
    value: str = ""

    def message(self) -> Message:
        return Message(self.rule.what, {"colonna": self.column, "valore": self.value})

    def remedy(self) -> Message:
        return Message(self.rule.remedy, {"colonna": self.column, "valore": self.value})


class ProblemLog:
    """Problems of one file, kept in batches so that a million rows stay cheap."""

    def __init__(self, file: str, sheet: str = "") -> None:
        self.file = file
        self.sheet = sheet
        self._batches: list[tuple[Rule, Sequence[Any], str, Sequence[Any]]] = []

    def add(
        self, rule: Rule, rows: Iterable[Any], column: str, values: Iterable[Any] | None = None
    ) -> None:
        """Record that ``rows`` (file row numbers) break ``rule`` in ``column``.

        Parameters
        ----------
        values
            The offending values, one a row; leave out for personal columns.
        """
        where = list(rows)
        shown = [""] * len(where) if values is None else ["" if v is None else v for v in values]
        if where:
            self._batches.append((rule, where, column, shown))

    def __len__(self) -> int:
        return sum(len(rows) for _, rows, _, _ in self._batches)

    def rules(self) -> dict[str, Rule]:
        """Return the rules that were broken, by code."""
        return {rule.code: rule for rule, _, _, _ in self._batches}

    def problems(self) -> list[Problem]:
        """Return every problem, ordered by row."""
        found = [
            Problem(rule, self.file, self.sheet, row, column, str(value))
            for rule, rows, column, values in self._batches
            for row, value in zip(rows, values, strict=True)
        ]
        return sorted(found, key=lambda p: (p.row is not None, p.row or 0, p.column))

    def to_frame(self) -> pd.DataFrame:
        """Return one row a problem, columns ``COLUMNS``."""
        parts = [
            pd.DataFrame(
                {
                    "file": self.file,
                    "foglio": self.sheet,
                    "riga": pd.array(list(rows), dtype="Int64"),
                    "colonna": column,
                    "regola": rule.code,
                    "trattamento": str(rule.treatment),
                    "valore": [str(value) for value in values],
                }
            )
            for rule, rows, column, values in self._batches
        ]
        return pd.concat(parts, ignore_index=True) if parts else empty_problems()


def empty_problems() -> pd.DataFrame:
    """Return the problem table with no rows."""
    frame = pd.DataFrame({name: pd.Series(dtype="str") for name in COLUMNS})
    return frame.assign(riga=pd.array([], dtype="Int64"))
