"""A table as read -> typed columns, what a person must look at, and where every row went."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import pandas as pd

from bgest_analysis.clean.cells import rules_codes
from bgest_analysis.clean.cells.coded import suggestions
from bgest_analysis.clean.cells.missing import fill_idem
from bgest_analysis.clean.cells.parsed import Outcome, Parsed
from bgest_analysis.clean.cells.report import report_column
from bgest_analysis.clean.columns import ColumnContext, parse_column, vocabulary_of
from bgest_analysis.problems.record import ProblemLog, Rule
from bgest_analysis.problems.register import Accounting, CleaningRegister, Step
from bgest_analysis.read.headers import REMARK, HeaderReport, header_report
from bgest_analysis.read.raw import RawTable
from bgest_analysis.schema.codes import hides_values
from bgest_analysis.schema.ingresso import input_columns, is_required
from bgest_analysis.schema.model import Column, Personal, Table, Type
from bgest_analysis.text.messages import Message
from bgest_analysis.vocabulary.matcher import Vocabulary

MOST_SUGGESTED = 500


@dataclass(frozen=True)
class IntakeOptions:
    """How to read the columns of a study's file.

    Parameters
    ----------
    vocabularies
        The study's names by column (``ambito_id``, ``ente_id``, ``progetto_id``…).
    idem
        Columns in which "idem" repeats the row above, as the layout of the source says.
    """

    vocabularies: Mapping[str, Vocabulary] = field(default_factory=dict)
    idem: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Intake:
    """A table whose cells are typed.

    Parameters
    ----------
    values
        Typed columns, index = rows of the file; all rows, the quarantined too.
    persons
        Columns that identify a person (texts; dates of birth as dates), for the step that makes
        pseudonyms; never to be written anywhere.
    quarantined
        For each row, whether it stands aside.
    log
        What a person must look at.
    register
        What the rules did, in numbers.
    decisions
        What was decided for whole columns, and why.
    """

    values: pd.DataFrame
    persons: pd.DataFrame = field(repr=False)
    quarantined: pd.Series
    log: ProblemLog
    register: CleaningRegister
    decisions: dict[str, tuple[Message, ...]]
    accounting: Accounting


def take_in(raw: RawTable, table: Table, options: IntakeOptions | None = None) -> Intake:
    """Read the cells of a table into the types of its schema.

    Parameters
    ----------
    raw
        What ``read_project_file`` returned.
    table
        The table it holds.

    Returns
    -------
    Intake
        Rows of the sheet = rows kept + rows quarantined + rows dropped, by construction.
        Nothing is guessed: an ambiguous or unknown cell is missing and stands in ``log``.
    """
    chosen = options or IntakeOptions()
    work = _Work(raw, table, chosen)
    for column in input_columns(table):
        work.read(column)
    work.report_headers()
    return work.finish()


class _Work:
    """One file on its way through the parsers: collects columns, problems, quarantine."""

    def __init__(self, raw: RawTable, table: Table, options: IntakeOptions) -> None:
        self.raw, self.table, self.options = raw, table, options
        self.headers = header_report(raw) if REMARK in raw.remarks else HeaderReport(())
        self.log = ProblemLog(raw.file, raw.sheet)
        self.register = CleaningRegister()
        self.values: dict[str, pd.Series] = {}
        self.persons: dict[str, pd.Series] = {}
        self.decisions: dict[str, tuple[Message, ...]] = {}
        self.aside = np.zeros(len(raw.cells), dtype=bool)

    def read(self, column: Column) -> None:
        if column.name not in self.raw.cells:
            self._absent(column)
        elif column.personal is Personal.DIRETTO:
            self._keep_person(column)
        elif column.personal is Personal.LIBERO:
            filled = self.raw.cells[column.name].str.strip() != ""
            self.values[f"{column.name}_flag"] = filled.astype("boolean")
        else:
            self._parse(column)

    def _keep_person(self, column: Column) -> None:
        """Keep a text for the pseudonyms; dates are read, and problems named without values."""
        text, kinds = self._cells(column)
        self.persons[column.name] = text
        if column.type is Type.DATE:
            parsed = parse_column(column, text, kinds, self._context(column))
            report_column(
                parsed, text, column.name, self.log, register=self.register, show_values=False
            )
            self.persons[column.name] = parsed.values

    def _parse(self, column: Column) -> None:
        text, kinds = self._cells(column)
        context = self._context(column)
        parsed = _checked(column, parse_column(column, text, kinds, context))
        hidden = hides_values(self.table, column)
        shown = text if hidden else self._with_suggestions(column, text, parsed, context)
        report_column(
            parsed, shown, column.name, self.log, register=self.register, show_values=not hidden
        )
        self.values[column.name] = parsed.values
        if parsed.decisions:
            self.decisions[column.name] = parsed.decisions
        if is_required(self.table, column):
            self._require(column, rules_codes.REQUIRED, parsed.values.isna().to_numpy())

    def _cells(self, column: Column) -> tuple[pd.Series, pd.Series | None]:
        text = self.raw.cells[column.name]
        kinds = None if self.raw.kinds is None else self.raw.kinds[column.name]
        if column.name not in self.options.idem:
            return text, kinds
        plain = None if kinds is None else kinds.astype("str")
        text, kinds, filled = fill_idem(text, plain)
        self._count(column.name, rules_codes.IDEM_FILLED, int(filled.sum()))
        return text, kinds

    def _context(self, column: Column) -> ColumnContext:
        return ColumnContext(
            unit=self.headers.units.get(column.name, ""),
            vocabularies=self.options.vocabularies,
            date1904=self.raw.remarks.get("sistema_date") == "1904",
        )

    def _with_suggestions(
        self, column: Column, text: pd.Series, parsed: Parsed, context: ColumnContext
    ) -> pd.Series:
        """Write beside each unknown name those that resemble it."""
        vocabulary = vocabulary_of(column, context)
        unknown = (parsed.rule == rules_codes.CODE_UNKNOWN.code).to_numpy()
        if vocabulary is None or not unknown.any():
            return text
        names = text[unknown].unique()[:MOST_SUGGESTED]
        near = {name: suggestions(name, vocabulary) for name in names}
        shown = {name: f"{name} (forse: {said})" for name, said in near.items() if said}
        told = text.copy()
        told[unknown] = [shown.get(name, name) for name in text[unknown]]
        return told

    # --- columns that are not there -----------------------------------------------------------
    def _absent(self, column: Column) -> None:
        made = self._from_sheet(column) if len(self.raw.cells) else None
        if made is not None:
            self.values[column.name] = made
        elif is_required(self.table, column):
            self.log.add(rules_codes.COLUMN_MISSING, [None], column.name)
            self.aside |= True

    def _from_sheet(self, column: Column) -> pd.Series | None:
        """Make a row's code from its place, or take the Ambito or month from the sheet's name."""
        index = self.raw.cells.index
        own_key = column.name == self.table.key[0] and column.name.endswith("_id")
        if own_key and not column.codes and column.name not in self.options.vocabularies:
            self._count(column.name, rules_codes.KEY_MADE, len(index))
            made = [f"{self.raw.file}#{self.raw.sheet}!{row}" for row in index]
            return pd.Series(made, index=index, dtype="str")
        vocabulary = self.options.vocabularies.get(column.name)
        code = vocabulary.find(self.raw.sheet).codice if vocabulary and self.raw.sheet else None
        if code is None:
            return None
        self._count(column.name, rules_codes.FROM_SHEET, len(index))
        return pd.Series([code] * len(index), index=index, dtype="str")

    # --- accounts -----------------------------------------------------------------------------
    def _require(self, column: Column, rule: Rule, lacking: npt.NDArray[np.bool_]) -> None:
        if lacking.any():
            rows = self.raw.cells.index[lacking]
            self.log.add(rule, list(rows), column.name)
            self._count(column.name, rule, len(rows))
            self.aside |= lacking

    def _count(self, column: str, rule: Rule, cells: int) -> None:
        if cells:
            rows = len(self.raw.cells)
            step = Step(self.raw.file, self.raw.sheet, column, rule.code, rows, rows, cells)
            self.register.add(step)

    def report_headers(self) -> None:
        """Add the headers nobody knows, with the nearest, and those that say a thing twice."""
        row = int(self.raw.remarks.get("riga_intestazione", "0")) or None
        for header in self.headers.unknown:
            said = f"{header.text or header.letter}"
            near = f" (forse: {header.nearest})" if header.nearest else ""
            self.log.add(rules_codes.HEADER_UNKNOWN, [row], "", [said + near])
        for repeated in self.headers.repeated:
            self.log.add(rules_codes.HEADER_REPEATED, [row], repeated.column, [repeated.text])

    def finish(self) -> Intake:
        index = self.raw.cells.index
        quarantined = int(self.aside.sum())
        dropped = {entry.rule: len(entry.rows) for entry in self.raw.skipped}
        accounting = Accounting(
            self.raw.file,
            self.raw.sheet,
            self.raw.rows_in,
            len(index) - quarantined,
            quarantined,
            dropped,
        )
        return Intake(
            pd.DataFrame(self.values, index=index),
            pd.DataFrame(self.persons, index=index),
            pd.Series(self.aside, index=index),
            self.log,
            self.register,
            self.decisions,
            accounting,
        )


def _checked(column: Column, parsed: Parsed) -> Parsed:
    """Set aside the values outside the range of the schema, or without its form."""
    if column.minimum is not None or column.maximum is not None:
        low = -np.inf if column.minimum is None else column.minimum
        high = np.inf if column.maximum is None else column.maximum
        inside = parsed.values.astype("Float64").between(low, high).fillna(True)
        parsed = _set_aside(parsed, ~inside.to_numpy(dtype=bool), rules_codes.OUT_OF_RANGE)
    if column.pattern and column.type is Type.STR:
        fits = parsed.values.isna() | parsed.values.str.fullmatch(column.pattern)
        parsed = _set_aside(parsed, ~fits.to_numpy(dtype=bool), rules_codes.PATTERN)
    return parsed


def _set_aside(parsed: Parsed, bad: npt.NDArray[np.bool_], why: Rule) -> Parsed:
    if not bad.any():
        return parsed
    new = [code for code in (why.code,) if code not in parsed.rule.cat.categories]
    rule = parsed.rule.cat.add_categories(new).mask(bad, why.code)
    outcome = parsed.outcome.mask(bad, str(Outcome.ERRORE))
    return Parsed(parsed.values.mask(bad), outcome, rule, parsed.decisions)
