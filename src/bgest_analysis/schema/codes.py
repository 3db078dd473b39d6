"""Which codes a column may hold in a table, and in which table its values are about people."""

from __future__ import annotations

from functools import cache

from bgest_analysis.schema.model import Column, Personal, Table
from bgest_analysis.vocabulary.load import Code, codes, read_list

TOTALS = frozenset({"T", "tot"})
COUNTRIES = "paesi"
LANGUAGES = "lingue"
_BIG_LISTS = {COUNTRIES: "iso3", LANGUAGES: "iso639_3"}


@cache
def list_codes(lista: str) -> tuple[Code, ...]:
    """Return a code list, countries and languages included, in its order."""
    if lista not in _BIG_LISTS:
        return codes(lista)
    key = _BIG_LISTS[lista]
    rows = read_list(lista).to_dict("records")
    return tuple(Code(row[key], row["nome_it"], row["nome_en"]) for row in rows)


def allowed_codes(table: Table, column: Column) -> tuple[Code, ...]:
    """Return what a column may hold: codes of totals only where rows are statistics."""
    if not column.codes:
        return ()
    known = list_codes(column.codes)
    return tuple(c for c in known if not (table.about_people and c.codice in TOTALS))


def hides_values(table: Table, column: Column) -> bool:
    """Tell whether a value of this column must stay out of messages and comments."""
    return table.about_people and column.personal is not Personal.NO
