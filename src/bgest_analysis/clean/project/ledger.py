"""The fate of every row of a project sheet, and what happened to its cells, in one place."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from bgest_analysis.clean.project.model import REVIEW_COLUMNS
from bgest_analysis.clean.project.rules import BY_CODE
from bgest_analysis.problems.record import ProblemLog, Rule, Treatment
from bgest_analysis.problems.register import Accounting, Step
from bgest_analysis.read.raw import RawTable
from bgest_analysis.schema.model import Table

Mask = npt.NDArray[np.bool_]
TAKES_OUT = (Treatment.QUARANTENA, Treatment.SCARTO)
SHOWN_PLACES = 5


@dataclass(frozen=True)
class Asked:
    """Distinct values of a column that wait for a person.

    Parameters
    ----------
    values
        As written; ``""`` where they may not be shown.
    """

    column: str
    rule: str
    values: tuple[str, ...]
    suggestions: tuple[str, ...]
    counts: tuple[int, ...]
    rows: tuple[tuple[int, ...], ...]


class ProjectLedger:
    """Follows the rows of one sheet through the rules.

    The first rule that takes a row out decides where it goes; later breaches are logged too.

    Parameters
    ----------
    mask
        Takes texts and returns them without what could be personal.
    sheet
        Name of the sheet as it may be shown.
    """

    def __init__(
        self, raw: RawTable, table: Table, sheet: str, mask: Callable[[Sequence[str]], list[str]]
    ) -> None:
        self.table = table
        self.file, self.sheet = raw.file, sheet
        self.rows = raw.cells.index.to_numpy()
        self.n = len(self.rows)
        self.log = ProblemLog(raw.file, sheet)
        self.steps: list[Step] = []
        self.asked: list[Asked] = []
        self._mask = mask
        self._raw = raw
        self._codes: list[Rule] = []
        self._fate = np.zeros(self.n, dtype=np.int16)
        self._dropped = np.zeros(self.n, dtype=bool)
        for skipped in raw.skipped:
            self.count(BY_CODE[skipped.rule], "", len(skipped.rows))

    @property
    def alive(self) -> Mask:
        """Rows that no rule has taken out so far."""
        return np.asarray(self._fate == 0, dtype=bool)

    @property
    def dropped(self) -> Mask:
        """Rows that a rule dropped."""
        return self._dropped.copy()

    @property
    def aside(self) -> Mask:
        """Rows in quarantine."""
        return ~self.alive & ~self._dropped

    def apply(
        self,
        rule: Rule,
        where: Any,
        column: str,
        values: pd.Series | None = None,
        *,
        told: bool = True,
    ) -> None:
        """Record that rows break a rule; take them out if its treatment says so.

        Parameters
        ----------
        where
            Boolean mask over the rows; dropped rows are left alone.
        values
            What may be shown of each row, masked here; nothing if ``None``.
        told
            Put each row before the sender; else the register and the accounts alone say it.
        """
        mask = np.asarray(where, dtype=bool) & ~self._dropped
        found = np.flatnonzero(mask)
        if not len(found):
            return
        alive = self.alive
        if rule.treatment in TAKES_OUT:
            fresh = mask & alive
            self._codes.append(rule)
            self._fate[fresh] = len(self._codes)
            self._dropped |= fresh & (rule.treatment is Treatment.SCARTO)
        self._step(rule, column, int(alive.sum()), len(found))
        if told and rule.treatment is not Treatment.CORREZIONE:
            shown = None if values is None else self.masked(values.iloc[found])
            self.log.add(rule, self.rows[found].tolist(), column, shown)

    def count(self, rule: Rule, column: str, cells: int) -> None:
        """Write in the register what a rule did to some cells, without naming the rows."""
        if cells:
            self._step(rule, column, int(self.alive.sum()), cells)

    def remark(self, rule: Rule, column: str, value: str = "") -> None:
        """Record something about the sheet and not about a row, in words of ours."""
        self._step(rule, column, int(self.alive.sum()), 0)
        self.log.add(rule, [None], column, [value])

    def note(self, rule: Rule, row: int, column: str, value: str) -> None:
        """Record something about a row of the sheet that is not one of the table's."""
        self._step(rule, column, int(self.alive.sum()), 0)
        self.log.add(rule, [row], column, [value])

    def masked(self, values: pd.Series) -> list[str]:
        """Return texts without anything personal, each distinct one looked at once."""
        codes, distinct = pd.factorize(values.fillna(""))
        shown = np.array(self._mask([str(value) for value in distinct]), dtype=object)
        return [str(text) for text in shown[codes]]

    def _step(self, rule: Rule, column: str, before: int, cells: int) -> None:
        after = int(self.alive.sum())
        self.steps.append(Step(self.file, self.sheet, column, rule.code, before, after, cells))

    # --- the end ------------------------------------------------------------------------------
    def accounting(self) -> Accounting:
        """Return where every row of the sheet went."""
        taken = np.bincount(self._fate, minlength=len(self._codes) + 1)[1:]
        dropped: dict[str, int] = {}
        quarantined = 0
        for rule, n in zip(self._codes, taken.tolist(), strict=True):
            if rule.treatment is Treatment.QUARANTENA:
                quarantined += n
            elif n:
                dropped[rule.code] = dropped.get(rule.code, 0) + n
        for skipped in self._raw.skipped:
            dropped[skipped.rule] = dropped.get(skipped.rule, 0) + len(skipped.rows)
        return Accounting(
            self.file, self.sheet, self._raw.rows_in, int(self.alive.sum()), quarantined, dropped
        )

    def fates(self) -> pd.Series:
        """Return the code of the rule that put each row in quarantine, those rows only."""
        where = np.flatnonzero(self.aside)
        names = [self._codes[place - 1].code for place in self._fate[where]]
        return pd.Series(names, index=where, dtype="str")

    def review(self) -> pd.DataFrame:
        """Return the values that wait for a person, the most frequent first."""
        rows = [
            (
                self.table.name,
                asked.column,
                value,
                suggestion,
                asked.rule,
                n,
                f"{self._where()} {', '.join(map(str, places))}",
            )
            for asked in self.asked
            for value, suggestion, n, places in zip(
                asked.values, asked.suggestions, asked.counts, asked.rows, strict=True
            )
        ]
        frame = pd.DataFrame(rows, columns=list(REVIEW_COLUMNS)).astype(
            {name: "Int64" if name == "celle" else "str" for name in REVIEW_COLUMNS}
        )
        return frame.sort_values(
            ["colonna", "celle", "valore"], ascending=[True, False, True], ignore_index=True
        )

    def _where(self) -> str:
        return f"{self.file} [{self.sheet}]" if self.sheet else self.file
