"""The fate of every row of a raw table, kept in one place so that the sums always hold."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from bgest_analysis.clean.official.model import CleanedOfficial
from bgest_analysis.clean.official.rules import BY_CODE, NUMERO_DI_CAMPI, UNREMARKABLE
from bgest_analysis.problems.record import ProblemLog, Rule, Treatment
from bgest_analysis.problems.register import Accounting, Step
from bgest_analysis.read.header import IRREGULAR
from bgest_analysis.read.layout import Layout, layout
from bgest_analysis.read.raw import RawTable

Mask = npt.NDArray[np.bool_]


class Ledger:
    """Follows the rows of one raw table through the rules.

    A row's first quarantine or drop decides where it goes; later breaches are logged too. Rules
    in ``UNREMARKABLE`` (aggregates, notes, comuni elsewhere) are counted, not logged row by row.

    Attributes
    ----------
    cells
        The cells as text, stripped, by role of the layout (position index).
    rows
        Line of each row in the file.
    """

    def __init__(self, raw: RawTable) -> None:
        self.raw = raw
        self.layout: Layout = layout(raw.layout)
        self.headers = self.layout.assign([str(name) for name in raw.cells.columns])
        self.rows = raw.cells.index.to_numpy()
        self.n = len(self.rows)
        self.log = ProblemLog(raw.file, raw.sheet)
        self.steps: list[Step] = []
        self._fate: npt.NDArray[Any] = np.full(self.n, "", dtype=object)
        self._dropped: Mask = np.zeros(self.n, dtype=bool)
        self._text: dict[str, pd.Series] = {}
        for skipped in raw.skipped:
            self._account(BY_CODE[skipped.rule], "", self.n, len(skipped.rows))
            if skipped.rule not in UNREMARKABLE:
                self.log.add(BY_CODE[skipped.rule], skipped.rows, "")
        if IRREGULAR in raw.cells:
            wrong = raw.cells[IRREGULAR].reset_index(drop=True)
            self.apply(NUMERO_DI_CAMPI, wrong.ne("").to_numpy(dtype=bool), "", wrong)

    @property
    def alive(self) -> Mask:
        """Rows that no rule has taken out so far."""
        return np.asarray(self._fate == "", dtype=bool)

    @property
    def aside(self) -> Mask:
        """Rows in quarantine."""
        return ~self.alive & ~self._dropped

    def has(self, role: str) -> bool:
        return role in self.headers

    def header(self, role: str) -> str:
        """Return the header of a role as the file writes it, for messages."""
        return self.headers.get(role, role)

    def text(self, role: str) -> pd.Series:
        """Return a column's cells, stripped of blanks."""
        if role not in self._text:
            column = self.raw.cells[self.headers[role]].reset_index(drop=True)
            self._text[role] = column.str.strip()
        return self._text[role]

    def apply(self, rule: Rule, where: Any, role: str, values: Any = None) -> None:
        """Record that rows break a rule; take them out if its treatment says so.

        Parameters
        ----------
        where
            Boolean mask over the rows; rows taken out before are left alone.
        role
            Role of the column (or a header) shown to the reader.
        values
            What to show of each row (same length as the rows); nothing if ``None``.
        """
        mask = np.asarray(where, dtype=bool)
        if not mask.any():
            return
        alive = self.alive
        takes_out = rule.treatment in (Treatment.QUARANTENA, Treatment.SCARTO)
        mask = mask & (~self._dropped if takes_out else alive)
        if not mask.any():
            return
        if takes_out:
            self._fate[mask & alive] = rule.code
            self._dropped |= mask & alive & (rule.treatment is Treatment.SCARTO)
        self._account(rule, self.header(role), int(alive.sum()), int(mask.sum()))
        if rule.code not in UNREMARKABLE:
            shown = None if values is None else np.asarray(values, dtype=object)[mask]
            self.log.add(rule, self.rows[mask].tolist(), self.header(role), shown)

    def remark(self, rule: Rule, role: str, cells: int) -> None:
        """Record once, at the header, what a rule did to a whole column."""
        alive = int(self.alive.sum())
        self._account(rule, self.header(role), alive, cells)
        if not self.layout.facts.get(rule.code, False):
            header = int(self.raw.remarks.get("riga_intestazione", 1))
            self.log.add(rule, [header], self.header(role), [cells])

    def _account(self, rule: Rule, column: str, before: int, cells: int) -> None:
        after = int(self.alive.sum())
        self.steps.append(
            Step(self.raw.file, self.raw.sheet, column, rule.code, before, after, cells)
        )

    def provenance(self, kept: Any) -> dict[str, Any]:
        """Return the two columns that say where tidy rows come from."""
        where = np.asarray(kept)
        rows = self.rows[where]
        return {"fonte_file": self.raw.file, "fonte_riga": pd.array(rows, dtype="Int64")}

    def finish(self, tables: dict[str, pd.DataFrame]) -> CleanedOfficial:
        """Return the cleaned tables with the accounting of every source row."""
        codes = pd.Series(self._fate[self._fate != ""]).value_counts()
        quarantined = sum(int(codes[c]) for c in codes.index if _stands_aside(c))
        dropped = {str(c): int(codes[c]) for c in codes.index if not _stands_aside(c)}
        for skipped in self.raw.skipped:
            dropped[skipped.rule] = dropped.get(skipped.rule, 0) + len(skipped.rows)
        accounting = Accounting(
            self.raw.file,
            self.raw.sheet,
            self.raw.rows_in,
            int(self.alive.sum()),
            quarantined,
            dropped,
        )
        return CleanedOfficial(tables, self._quarantine(), self.log, accounting, self.steps)

    def _quarantine(self) -> pd.DataFrame:
        aside = np.array([bool(c) and _stands_aside(c) for c in self._fate], dtype=bool)
        rows = self.raw.cells[aside].reset_index()
        rows.insert(0, "regola", pd.array(self._fate[aside].tolist(), dtype="str"))
        return rows


def _stands_aside(code: str) -> bool:
    return BY_CODE[code].treatment is Treatment.QUARANTENA
