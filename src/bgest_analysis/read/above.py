"""What the lines above a table say of all its rows: "Mese: aprile 2022", "Ente | Ruah"."""

from __future__ import annotations

from dataclasses import dataclass

from bgest_analysis.read.grid import Grid
from bgest_analysis.read.headers import Synonyms
from bgest_analysis.read.letters import TEXT
from bgest_analysis.vocabulary.matcher import fold

HIGHEST = 30
YEAR = "anno"
# What may be the same for a whole sheet; a date above a table is as a rule that of printing.
_SAME_FOR_ALL = frozenset(
    {"ambito_id", "azione", "cod_istat", "ente_id", "fondo", "livello", "mediatore", "mese",
     "onda_questionario", "progetto_id", "rilevazione", "trimestre", "versione", "versione_budget"}
)  # fmt: skip
_DAYS = frozenset({"data", "giorno", "data attivita"})


@dataclass(frozen=True)
class Said:
    """A value that stands beside its label above a table, and what the sheet said it was."""

    text: str
    kind: str = TEXT


def said_above(grid: Grid, header: int, known: Synonyms) -> dict[str, Said]:
    """Return our column -> value, for the labels we know in the lines above the header.

    A label stands in the cell to the left of its value, or before a colon in the same cell. A
    column named twice with different values is left out: neither is sure.
    """
    found: dict[str, set[Said]] = {}
    year = ""
    for place in range(max(0, header - HIGHEST), header):
        for label, said in _pairs(grid, place):
            match = known.find(label)
            if match is not None and match[0] in _SAME_FOR_ALL:
                found.setdefault(match[0], set()).add(said)
            elif fold(label) == YEAR and said.text.isdigit():
                year = said.text
    sure = {name: values.pop() for name, values in found.items() if len(values) == 1}
    month = sure.get("mese")
    if year and month is not None and not any(map(str.isdigit, month.text)):
        sure["mese"] = Said(f"{month.text} {year}")
    return sure


def _pairs(grid: Grid, place: int) -> list[tuple[str, Said]]:
    cells = grid.row(place)
    filled = [n for n, cell in enumerate(cells) if cell]
    pairs = []
    for at, column in enumerate(filled):
        label, colon, value = cells[column].partition(":")
        if colon and value.strip():
            pairs.append((label, Said(value.strip())))
        elif at + 1 < len(filled) and at % 2 == 0:
            beside = filled[at + 1]
            pairs.append((label, Said(cells[beside], _kind(grid, beside, place))))
    return pairs


def _kind(grid: Grid, column: int, place: int) -> str:
    return TEXT if grid.kinds is None else chr(int(grid.kinds[column][place]))


def is_day_of_a_month(header: str) -> bool:
    """Tell whether a header names the days that a month above the table gathers."""
    return fold(header) in _DAYS
