"""The data dictionary: every table and column for people, in Italian and in English."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from bgest_analysis.schema.codes import allowed_codes
from bgest_analysis.schema.model import Column, Personal, Table, Type

LISTED_CODES = 20

_TYPES: Mapping[str, Mapping[Type, str]] = {
    "it": {
        Type.STR: "testo",
        Type.INT: "intero",
        Type.DATE: "data",
        Type.DEC: "decimale",
        Type.BOOL: "sì/no",
        Type.CAT: "codice",
        Type.LIST: "codici separati da |",
    },
    "en": {
        Type.STR: "text",
        Type.INT: "integer",
        Type.DATE: "date",
        Type.DEC: "decimal",
        Type.BOOL: "yes/no",
        Type.CAT: "code",
        Type.LIST: "codes separated by |",
    },
}
_PERSONAL: Mapping[str, Mapping[Personal, str]] = {
    "it": {
        Personal.NO: "no",
        Personal.PSEUDONIMO: "pseudonimo",
        Personal.QUASI: "quasi identificativo",
        Personal.PARTICOLARE: "categoria particolare",
        Personal.DIRETTO: "identificativo",
        Personal.LIBERO: "testo libero",
    },
    "en": {
        Personal.NO: "no",
        Personal.PSEUDONIMO: "pseudonym",
        Personal.QUASI: "quasi-identifier",
        Personal.PARTICOLARE: "special category",
        Personal.DIRETTO: "identifier",
        Personal.LIBERO: "free text",
    },
}
_HEADINGS = {
    "it": (
        "Colonna",
        "Titolo",
        "Tipo",
        "Unità",
        "Valori",
        "Obbligatoria",
        "Personale",
        "Descrizione",
    ),
    "en": ("Column", "Title", "Type", "Unit", "Values", "Required", "Personal"),
}
_WORDS = {
    "it": {
        "title": "Dizionario dei dati",
        "intro": "Generato da `schema/`: non si modifica a mano. Il nome della tabella porta il "
        "prefisso del suo strato; la chiave è in grassetto.",
        "grain": "Una riga per",
        "source": "Fonte",
        "about": "Contiene dati sulle persone: i conteggi sono protetti.",
        "yes": "sì",
        "no": "no",
        "list": "elenco",
    },
    "en": {
        "title": "Data dictionary",
        "intro": "Generated from `schema/`: not edited by hand. A table's name carries the prefix "
        "of its layer; key columns are in bold. Codes and units are Italian.",
        "grain": "One row per",
        "source": "Source",
        "about": "Holds data about people: its counts are protected.",
        "yes": "yes",
        "no": "no",
        "list": "list",
    },
}


@dataclass(frozen=True)
class Entry:
    """One column of one table, in words of one language."""

    table: str
    column: str
    title: str
    type: str
    unit: str
    values: str
    required: str
    personal: str
    description: str


def dictionary_entries(tables: Iterable[Table], language: str) -> list[Entry]:
    """Return one entry a column, tables and columns in their own order."""
    return [_entry(table, column, language) for table in tables for column in table.columns]


def _entry(table: Table, column: Column, language: str) -> Entry:
    words = _WORDS[language]
    return Entry(
        table=table.full_name,
        column=column.name,
        title=column.title_it if language == "it" else column.title_en,
        type=_TYPES[language][column.type],
        unit=column.unit,
        values=_values(table, column, words["list"]),
        required=words["no"] if column.name in table.optional else words["yes"],
        personal=_PERSONAL[language][column.personal],
        description=column.description if language == "it" else "",
    )


def _values(table: Table, column: Column, list_word: str) -> str:
    codes = [code.codice for code in allowed_codes(table, column)]
    if len(codes) > LISTED_CODES:
        return f"{list_word} `{column.codes}`"
    if codes:
        return ", ".join(codes)
    low, high = ("" if x is None else f"{x:g}" for x in (column.minimum, column.maximum))
    return f"{low}…{high}" if low or high else f"`{column.pattern}`" if column.pattern else ""


def render_markdown(tables: Iterable[Table], language: str) -> str:
    """Return the dictionary as one Markdown page."""
    words = _WORDS[language]
    parts = [f"# {words['title']}", words["intro"]]
    for table in sorted(tables, key=lambda table: table.full_name):
        parts.extend(_table_section(table, language))
    return "\n\n".join(parts) + "\n"


def _table_section(table: Table, language: str) -> list[str]:
    words = _WORDS[language]
    italian = language == "it"
    title = table.title_it if italian else table.title_en
    grain = table.grain_it if italian else table.grain_en
    facts = f"{words['grain']}: {grain}." + (
        f" {words['source']}: {table.source}." if table.source else ""
    )
    about = [words["about"]] if table.about_people else []
    return [f"## `{table.full_name}` {title}", facts, *about, _table_grid(table, language)]


def _table_grid(table: Table, language: str) -> str:
    headings = _HEADINGS[language]
    lines = [headings, ("---",) * len(headings)]
    for entry in dictionary_entries([table], language):
        name = f"**`{entry.column}`**" if entry.column in table.key else f"`{entry.column}`"
        cells = (name, entry.title, entry.type, entry.unit, entry.values, entry.required)
        lines.append((*cells, entry.personal, entry.description)[: len(headings)])
    return "\n".join("| " + " | ".join(map(_escape, line)) + " |" for line in lines)


def _escape(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")
