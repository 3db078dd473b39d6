"""``datapackage.json``: the tables described for other programs (Data Package, Table Schema)."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from bgest_analysis.schema.codes import allowed_codes
from bgest_analysis.schema.model import VERSION, Column, Personal, Table, Type

_TYPES = {
    Type.STR: "string",
    Type.INT: "integer",
    Type.DATE: "date",
    Type.DEC: "number",
    Type.BOOL: "boolean",
    Type.CAT: "string",
    Type.LIST: "string",
}


def describe_tables(
    tables: Iterable[Table], *, name: str, title: str, suffix: str = "parquet"
) -> dict[str, Any]:
    """Return the descriptor of a folder of tables, one file a table.

    Parameters
    ----------
    name
        Identifier of the study (small letters, digits, hyphens).
    suffix
        ``parquet`` for the processed folder, ``csv`` for what is exported.
    """
    return {
        "name": name,
        "title": title,
        "bgest_schema_version": VERSION,
        "resources": [describe_table(table, suffix) for table in tables],
    }


def describe_table(table: Table, suffix: str = "parquet") -> dict[str, Any]:
    """Return one table's resource."""
    return {
        "name": table.full_name,
        "type": "table",
        "path": f"{table.full_name}.{suffix}",
        "format": suffix,
        "title": table.title_it,
        "description": f"Una riga per: {table.grain_it}.",
        "bgest_title_en": table.title_en,
        "bgest_about_people": table.about_people,
        "schema": _schema(table),
    }


def _schema(table: Table) -> dict[str, Any]:
    fields = [_field(table, column) for column in table.columns]
    schema: dict[str, Any] = {"fields": fields, "missingValues": [""]}
    if not table.optional & set(table.key):  # no part of a primary key may be missing
        schema["primaryKey"] = list(table.key)
    return schema


def _field(table: Table, column: Column) -> dict[str, Any]:
    field: dict[str, Any] = {
        "name": column.name,
        "type": _TYPES[column.type],
        "title": column.title_it,
        "description": column.description,
        "bgest_title_en": column.title_en,
    }
    if column.unit:
        field["bgest_unit"] = column.unit
    if column.personal is not Personal.NO:
        field["bgest_personal"] = str(column.personal)
    field["constraints"] = _constraints(table, column)
    return field


def _constraints(table: Table, column: Column) -> dict[str, Any]:
    found: dict[str, Any] = {"required": column.name not in table.optional}
    codes = [code.codice for code in allowed_codes(table, column)]
    if codes and column.type is not Type.LIST:
        found["enum"] = codes
    if column.pattern:
        found["pattern"] = column.pattern
    whole = column.type is Type.INT
    for name, bound in (("minimum", column.minimum), ("maximum", column.maximum)):
        if bound is not None:
            found[name] = int(bound) if whole else bound
    return found


def to_json(descriptor: dict[str, Any]) -> str:
    """Return the descriptor as text, the same for the same tables."""
    return json.dumps(descriptor, ensure_ascii=False, indent=2) + "\n"
