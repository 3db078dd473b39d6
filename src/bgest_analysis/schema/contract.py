"""The inner contract: a frame keeps its table's columns, types, codes, ranges and key."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pandas as pd
import pandera.pandas as pa
from pandera.errors import SchemaErrors

from bgest_analysis.errors import SchemaViolation
from bgest_analysis.schema.codes import allowed_codes
from bgest_analysis.schema.model import Column, Table, Type

SEPARATOR = "|"


def build_contract(table: Table) -> pa.DataFrameSchema:
    """Return the pandera schema of a table: strict, in order, nothing coerced."""
    columns = {column.name: _pandera_column(table, column) for column in table.columns}
    checks = [_key_check(list(table.key))] if table.key else []
    return pa.DataFrameSchema(columns, checks=checks, strict=True, ordered=True, coerce=False)


def validate_table(frame: pd.DataFrame, table: Table) -> None:
    """Check a frame against its table.

    Raises
    ------
    SchemaViolation
        Naming the columns, the rules broken and how many rows break them; never a value.
    """
    try:
        build_contract(table).validate(frame.reset_index(drop=True), lazy=True)
    except SchemaErrors as error:
        broken = _describe(error.failure_cases)
    else:
        return
    raise SchemaViolation(
        "la tabella {table} non rispetta il suo schema: {broken}",
        table=table.full_name,
        broken=broken,
    )


def _describe(failures: pd.DataFrame) -> list[str]:
    """Return one phrase a broken rule; the failing values are left behind here."""
    whole_frame = failures["schema_context"].ne("Column")
    named = (
        failures["failure_case"]
        .astype("object")
        .where(failures["check"].str.startswith("column_"), "")
    )
    column = failures["column"].where(~whole_frame, named).fillna("").astype("str")
    cases = pd.DataFrame({"column": column, "check": failures["check"], "row": failures["index"]})
    distinct = cases.drop_duplicates()
    counts = Counter(zip(distinct["column"], distinct["check"], strict=True))
    return [f"{column or '-'}: {check} ({n})" for (column, check), n in sorted(counts.items())]


def _pandera_column(table: Table, column: Column) -> pa.Column:
    nullable = column.name in table.optional
    return pa.Column(column.dtype, checks=_checks(table, column), nullable=nullable, required=True)


def _checks(table: Table, column: Column) -> list[pa.Check]:
    checks = []
    codes = [code.codice for code in allowed_codes(table, column)]
    if codes:
        checks.append(_codes_check(column, codes))
    if column.pattern:
        checks.append(_pattern_check(column.pattern))
    if column.minimum is not None:
        checks.append(pa.Check.ge(column.minimum, error="minimo"))
    if column.maximum is not None:
        checks.append(pa.Check.le(column.maximum, error="massimo"))
    return checks


def _key_check(key: list[str]) -> pa.Check:
    def all_distinct(frame: Any) -> Any:
        return ~frame.duplicated(key, keep=False) if set(key) <= set(frame.columns) else True

    return pa.Check(all_distinct, error="chiave ripetuta")


def _codes_check(column: Column, codes: list[str]) -> pa.Check:
    if column.type is not Type.LIST:
        return pa.Check.isin(codes, error="codici")
    known = frozenset(codes)

    def all_known(values: Any) -> Any:
        return values.map(lambda value: known.issuperset(value.split(SEPARATOR)))

    return pa.Check(all_known, error="codici")


def _pattern_check(pattern: str) -> pa.Check:
    def matches(values: Any) -> Any:
        return values.astype("str").str.fullmatch(pattern)

    return pa.Check(matches, error="forma")
