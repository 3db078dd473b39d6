"""A sheet on the bench: its cells as read, its columns as they become values."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from bgest_analysis.clean.cells.missing import missing_rule
from bgest_analysis.clean.cells.rules import EMPTY
from bgest_analysis.clean.persons import make_mask
from bgest_analysis.clean.project import rules
from bgest_analysis.clean.project.columns import Reading, choose_reader
from bgest_analysis.clean.project.ledger import ProjectLedger
from bgest_analysis.clean.project.model import CleanContext
from bgest_analysis.clean.project.prepared import Prepared, positions_of, prepare
from bgest_analysis.clean.project.questions import Question
from bgest_analysis.problems.record import Rule, Treatment
from bgest_analysis.read.headers import REMARK, header_report
from bgest_analysis.read.raw import RawTable
from bgest_analysis.read.timesheets import UNIT
from bgest_analysis.schema.codes import hides_values
from bgest_analysis.schema.ingresso import input_columns
from bgest_analysis.schema.model import Column, Table
from bgest_analysis.schema.registry import TABLES
from bgest_analysis.text.messages import Message

_NOT_PLAIN = re.compile(r"[^A-Za-z0-9]+")
# Columns whose parser needs more than the cell: read by the table's own module.
READ_APART = frozenset({("questionari", "valore"), ("codifiche_qual", "codice_qual")})
UNSHOWN = "…"
DATE_SYSTEM = "sistema_date"
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
        self.units = _units(raw)
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
            there = self.has(name)
            self._prepared[name] = prepare(
                self.raw.cells[name] if there else pd.Series("", index=self.index, dtype="str"),
                self.raw.kinds[name] if there and self.raw.kinds is not None else None,
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
        if by_code:
            codes = self.row_codes()
            chosen = codes[codes.isin(list(by_code))]
            found |= {int(str(at)): by_code[code] for at, code in chosen.items()}
        return found

    def row_codes(self) -> pd.Series:
        """Return each row's code: the file's own, else one made of file, sheet and row."""
        key = self.table.key[0]
        made = pd.Series([f"{self.stem}-{row}" for row in self.ledger.rows.tolist()], dtype="str")
        if not self.has(key):
            return made
        own = self.raw.cells[key].reset_index(drop=True).str.strip()
        absent = np.array([bool(missing_rule(text)) for text in own], dtype=bool)
        codes: pd.Series = own.mask(absent, made)
        return codes

    @property
    def stem(self) -> str:
        """The file's name and sheet as part of a code."""
        name = self.raw.file.rsplit("/", 1)[-1].rsplit(".", 1)[0]
        return _NOT_PLAIN.sub("_", f"{name} {self.ledger.sheet}").strip("_")

    def texts(self, name: str) -> pd.Series:
        """Return the cells of a column as mended text, empty where the sheet has no such column."""
        if not self.has(name):
            return pd.Series("", index=self.index, dtype="str")
        return self.prepared(name).text

    # --- reading ------------------------------------------------------------------------------
    def read_columns(self) -> None:
        """Read every column that the sheet has or people decided on; the others are missing."""
        asked = {column.name for column in input_columns(self.table)}
        for column in self.table.columns:
            if column.name in PROVENANCE:
                continue
            own = (self.table.name, column.name) in READ_APART
            there = self.has(column.name) or bool(self._by_position(column.name))
            if column.name in asked and there and not own:
                self.values[column.name] = self.read(column)
            else:
                self.values[column.name] = self.blank(column)

    def read(self, column: Column) -> pd.Series:
        """Read one column by the parser that its definition asks for, and report on it."""
        unit = self.units.get(column.name, "" if self.units else "minuti")
        places = self.context.vocabularies
        late = self.raw.remarks.get(DATE_SYSTEM) == "1904"
        reader = choose_reader(self.table, column, places, unit, date1904=late)
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
        shown = pd.Series(UNSHOWN, index=self.index) if hidden else prepared.written
        self.ledger.apply(rule, where, column.name, shown)
        question = Question(self.table, column, rule, suggestions)
        rows = np.flatnonzero(where)
        self.ledger.asked.append(question.put(prepared, rows, self.ledger))

    # --- rows ---
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


def _units(raw: RawTable) -> dict[str, str]:
    """Return our column -> what a bare number of it counts, where the file says."""
    if REMARK in raw.remarks:
        return header_report(raw).units
    return {"minuti": raw.remarks[UNIT]} if UNIT in raw.remarks else {}


def open_sheet(raw: RawTable, table: Table, context: CleanContext, number: int) -> SheetWork:
    """Put a sheet on the bench; one whose name may be a person's is called by its number."""
    own, neutral = make_mask(raw.cells), context.neutral

    def mask(texts: Sequence[str]) -> list[str]:
        return neutral.mask(own(texts))

    sheet = raw.sheet
    if sheet and mask([sheet]) != [" ".join(sheet.split())]:
        sheet = f"foglio_{number}"
    return SheetWork(raw, table, context, ProjectLedger(raw, table, sheet, mask))
