"""All tables by name; every module of columns is listed here once."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from bgest_analysis.errors import SchemaViolation
from bgest_analysis.schema import (
    ascolto,
    gestione,
    mediazione,
    persone,
    rete,
    riscontri,
    teoria,
    territorio,
)
from bgest_analysis.schema.model import Table

_MODULES = (territorio, rete, mediazione, persone, gestione, ascolto, teoria, riscontri)

TABLES: Mapping[str, Table] = MappingProxyType(
    {table.name: table for module in _MODULES for table in module.TABLES}
)


def find_table(name: str) -> Table:
    """Return a table by its name, with or without the prefix of its layer.

    Raises
    ------
    SchemaViolation
        If no table has that name.
    """
    for table in TABLES.values():
        if name in (table.name, table.full_name):
            return table
    raise SchemaViolation("nessuna tabella si chiama {name}", name=name)
