"""A sheet on the bench: its cells as read, its columns as they become values."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from bgest_analysis.clean.cells.rules import EMPTY
from bgest_analysis.clean.persons import make_mask
from bgest_analysis.clean.project import rules
from bgest_analysis.clean.project.columns import Reading, choose_reader
from bgest_analysis.clean.project.ledger import Asked, ProjectLedger
from bgest_analysis.clean.project.model import CleanContext
from bgest_analysis.clean.project.prepared import Prepared, positions_of, prepare
from bgest_analysis.privacy.pseudonyms import Key, pseudonym
from bgest_analysis.problems.record import Rule, Treatment
from bgest_analysis.read.headers import REMARK, header_report
from bgest_analysis.read.raw import RawTable
from bgest_analysis.schema.codes import hides_values
from bgest_analysis.schema.ingresso import NOTE, input_columns
from bgest_analysis.schema.model import Column, Personal, Table
from bgest_analysis.schema.registry import TABLES
from bgest_analysis.text.messages import Message

MOST_ASKED = 2_000  # distinct values of a column in the list to review; the problems have all
SHOWN_ROWS = 5
# Columns whose parser needs more than the cell: read by the table's own module.
READ_APART = frozenset({("questionari", "valore"), ("codifiche_qual", "codice_qual")})
PROVENANCE = ("fonte_file", "fonte_riga")


class SheetWork:
    """What cleaning one sheet has read and made so far.

    Attributes
    ----------
    values
        Our column -> typed values, one a row of the sheet, index = position.
    extra
        Further tidy tables that the sheet gives.
    absorbed
        Rows whose figures were added to another row's.
    """

    def __init__(
        self, raw: RawTable, table: Table, context: CleanContext, ledger: ProjectLedger
    ) -> None:
        self.raw, self.table, self.context, self.ledger = raw, table, context, ledger
        self.values: dict[str, pd.Series] = {}
        self.extra: dict[str, pd.DataFrame] = {}
        self.decisions: list[tuple[str, Message]] = []
        self.units = header_report(raw).units if REMARK in raw.remarks else {}
        self.absorbed = np.zeros(len(raw.cells), dtype=bool)
        self._prepared: dict[str, Prepared] = {}

    @property
    def index(self) -> pd.RangeIndex:
        return pd.RangeIndex(len(self.raw.cells))

    def has(self, name: str) -> bool:
        """Tell whether the sheet has a column."""
        return name in self.raw.cells.columns

    def column(self, name: str) -> Column:
        """Return the definition of a column, of this table or of another that uses it."""
        return next(
            column
            for table in (self.table, *TABLES.values())
            for column in table.columns
            if column.name == name
        )

    def prepared(self, name: str) -> Prepared:
        """Return a column of the sheet, mended, with people's decisions."""
        if name not in self._prepared:
            place = (self.table.name, name)
            known = self.context.decisions
            self._prepared[name] = prepare(
                self.raw.cells[name],
                None if self.raw.kinds is None else self.raw.kinds[name],
                known.by_value.get(place),
                self._by_position(name),
            )
        return self._prepared[name]

    def _by_position(self, name: str) -> dict[int, str]:
        place = (self.table.name, name)
        known = self.context.decisions
        here = [
            decision
            for decision in known.by_row.get(place, ())
            if decision.file in ("", self.raw.file)
            and decision.sheet in ("", self.raw.sheet, self.ledger.sheet)
        ]
        found = positions_of(here, self.ledger.rows)
        by_code = known.by_code.get(place, {})
        key = self.table.key[0]
        if by_code and self.has(key):
            codes = self.raw.cells[key].reset_index(drop=True).str.strip()
            chosen = codes[codes.isin(list(by_code))]
            found |= {int(str(at)): by_code[code] for at, code in chosen.items()}
        return found

    def texts(self, name: str) -> pd.Series:
        """Return the cells of a column as mended text, empty where the sheet has no such column."""
        if not self.has(name):
            return pd.Series("", index=self.index, dtype="str")
        return self.prepared(name).text

    # --- reading ------------------------------------------------------------------------------
    def read_columns(self) -> None:
        """Read every column of the table that the sheet has; the others are missing."""
        asked = {column.name for column in input_columns(self.table)}
        for column in self.table.columns:
            if column.name in PROVENANCE:
                continue
            own = (self.table.name, column.name) in READ_APART
            if column.name in asked and self.has(column.name) and not own:
                self.values[column.name] = self.read(column)
            else:
                self.values[column.name] = self.blank(column)

    def read(self, column: Column) -> pd.Series:
        """Read one column by the parser that its definition asks for, and report on it."""
        unit = self.units.get(column.name, "" if self.units else "minuti")
        reader = choose_reader(self.table, column, self.context.vocabularies, unit)
        prepared = self.prepared(column.name)
        reading = reader(prepared)
        self.report(column, prepared, reading)
        return reading.parsed.values

    def blank(self, column: Column) -> pd.Series:
        """Return a column without values, of the type of the schema."""
        return pd.Series(None, index=self.index, dtype=column.dtype)

    # --- reporting ----------------------------------------------------------------------------
    def report(self, column: Column, prepared: Prepared, reading: Reading) -> None:
        """Write what happened to a column: repairs counted, problems with their rows."""
        name = column.name
        for code, mended in prepared.repairs.items():
            self.ledger.count(rules.BY_CODE[code], name, mended)
        self.ledger.count(rules.DECIDED, name, prepared.decided)
        self.decisions += [(name, message) for message in reading.parsed.decisions]
        codes = reading.parsed.rule.cat.codes.to_numpy()
        names = [str(code) for code in reading.parsed.rule.cat.categories]
        cells = np.bincount(codes, minlength=len(names))
        for place, code in enumerate(names):
            if not cells[place] or code in ("", EMPTY.code):
                continue
            rule = rules.BY_CODE[code]
            if rule.treatment is Treatment.REVISIONE:
                self.ask(column, rule, codes == place, reading.suggestions)
            else:
                self.ledger.count(rule, name, int(cells[place]))

    def ask(
        self,
        column: Column,
        rule: Rule,
        where: npt.NDArray[np.bool_],
        suggestions: Sequence[str] = (),
    ) -> None:
        """Put the cells of some rows before a person: problems, and the list to review.

        Parameters
        ----------
        suggestions
            One text a distinct cell of the column, or none at all.
        """
        prepared = self.prepared(column.name)
        hidden = hides_values(self.table, column)
        self.ledger.apply(rule, where, column.name, None if hidden else prepared.written)
        rows = np.flatnonzero(where)
        groups = _by_value(prepared.cells.codes[rows], rows)
        values = [prepared.written.iloc[group[0]].strip() for group in groups]
        near = [
            suggestions[prepared.cells.codes[group[0]]] if suggestions else "" for group in groups
        ]
        self.ledger.asked.append(
            Asked(
                column.name,
                rule.code,
                tuple(self._shown(column, values, near)),
                tuple(near),
                tuple(len(group) for group in groups),
                tuple(tuple(self.ledger.rows[group[:SHOWN_ROWS]].tolist()) for group in groups),
            )
        )

    def _shown(self, column: Column, values: Sequence[str], near: Sequence[str]) -> list[str]:
        """Return the values as the list to review shows them.

        A value of a column about persons is shown only if it resembles a code and nothing in it
        is a person's: a nationality spelled oddly, never a name in the wrong column.
        """
        masked = self.ledger.masked(pd.Series(values, dtype="str")) if values else []
        if not hides_values(self.table, column):
            return masked
        if column.personal is not Personal.QUASI:
            return [""] * len(masked)
        return [
            shown if suggestion and shown == " ".join(value.split()) else ""
            for shown, value, suggestion in zip(masked, values, near, strict=True)
        ]

    # --- rows -----------------------------------------------------------------------------------
    def repeated_rows(self) -> npt.NDArray[np.bool_]:
        """Return which rows are identical to an earlier one in every column."""
        total = np.zeros(len(self.index), dtype=np.uint64)
        columns = []
        for place, name in enumerate(self.raw.cells.columns):
            codes = self._codes_of(str(name))
            columns.append(codes)
            total += codes.astype(np.uint64) * np.uint64(_ODD[place % len(_ODD)] + 2 * place)
        perhaps = np.flatnonzero(pd.Series(total).duplicated(keep=False))
        exact = pd.DataFrame({n: codes[perhaps] for n, codes in enumerate(columns)})
        repeated = np.zeros(len(self.index), dtype=bool)
        repeated[perhaps] = exact.duplicated().to_numpy()
        return repeated

    def _codes_of(self, name: str) -> npt.NDArray[Any]:
        if name == NOTE.name:
            return np.asarray(pd.factorize(self.raw.cells[name])[0])
        return self.prepared(name).cells.codes

    def frame(self) -> pd.DataFrame:
        """Return the rows that are left, in the columns of the schema."""
        alive = self.ledger.alive & ~self.absorbed
        where = np.flatnonzero(alive)
        whole = bool(alive.all())
        columns: dict[str, Any] = {}
        for column in self.table.columns:
            if column.name in self.values:
                values = self.values[column.name].array
                columns[column.name] = values if whole else values.take(where)
        columns.update(self.provenance(where))
        frame = pd.DataFrame(columns, columns=self.table.column_names)
        return frame.astype({c.name: c.dtype for c in self.table.columns})

    def provenance(self, where: npt.NDArray[Any]) -> dict[str, Any]:
        """Return the two columns that say where tidy rows come from."""
        return {
            "fonte_file": pd.array([self.source] * len(where), dtype="str"),
            "fonte_riga": pd.array(self.ledger.rows[where], dtype="Int64"),
        }

    @property
    def source(self) -> str:
        """The file, and its sheet when it has several: a row's number means nothing without."""
        return f"{self.raw.file}#{self.ledger.sheet}" if self.ledger.sheet else self.raw.file


_ODD = (
    0x9E3779B97F4A7C15, 0xBF58476D1CE4E5B9, 0x94D049BB133111EB, 0xD6E8FEB86659FD93,
    0xA0761D6478BD642F, 0xE7037ED1A0B428DB, 0x8EBC6AF09C88C6E3, 0x589965CC75374CC3,
)  # fmt: skip


def open_sheet(raw: RawTable, table: Table, context: CleanContext) -> SheetWork:
    """Put a sheet on the bench; a sheet named after a person gets a name of ours."""
    mask = make_mask(raw.cells)
    sheet = raw.sheet
    if sheet and mask([sheet]) != [" ".join(sheet.split())]:
        sheet = f"foglio_{_digest(sheet, context.key)}"
    return SheetWork(raw, table, context, ProjectLedger(raw, table, sheet, mask))


def _digest(name: str, key: Key | None) -> str:
    return pseudonym(key, "foglio", name)[:6] if key is not None else "senza_nome"


def _by_value(codes: npt.NDArray[Any], rows: npt.NDArray[np.intp]) -> list[npt.NDArray[np.intp]]:
    """Group rows by distinct cell, the most frequent first, as many as a person can read."""
    order = np.argsort(codes, kind="stable")
    _, starts = np.unique(codes[order], return_index=True)
    groups = np.split(rows[order], starts[1:])
    return sorted(groups, key=lambda group: (-len(group), int(group[0])))[:MOST_ASKED]
