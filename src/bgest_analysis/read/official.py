"""Official publications and the project's own tables, recognised by their headers.

``read_official`` turns a file into raw tables: strings, each with its line in the file. Nothing
is converted here; judgement belongs to ``clean.official``.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from bgest_analysis.errors import UnknownLayout
from bgest_analysis.read.layout import TESTO, Layout, fold_header, layouts
from bgest_analysis.read.raw import RawTable, Skipped
from bgest_analysis.read.text_file import (
    SEPARATORS,
    Decoded,
    Record,
    decode,
    head,
    read_bytes,
    records,
)
from bgest_analysis.vocabulary.matcher import fold

IRREGULAR = "(numero di campi)"
NOTA = "nota"
INTESTAZIONE_RIPETUTA = "intestazione_ripetuta"
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
_NOTE = re.compile(r"^\W*(note?|fonte|source|avvertenza|legenda|dato|dati)\b|\S+\s+\S+\s+\S+")
_MARKUP = re.compile(r"^\s*<(!doctype|html|\?xml|head|body)", re.IGNORECASE)


@dataclass(frozen=True)
class Found:
    """A header that fits a layout: separator, position among the records, title above it."""

    layout: Layout
    assigned: dict[str, str]
    separator: str
    position: int
    title: str


def read_official(path: Path, shown_as: str) -> list[RawTable]:
    """Read a file of a known layout.

    Parameters
    ----------
    path
        The file.
    shown_as
        Its path as the user knows it.

    Returns
    -------
    list of RawTable
        One table for a text file, one a territory for ISTAT's workbooks.

    Raises
    ------
    UnknownLayout
        If no layout fits; the message has the headers expected and found.
    UnsafeInput
        If the file cannot be opened or is not text.
    """
    content = read_bytes(path, shown_as)
    return [read_text_table(content, shown_as, path.name)]


def read_text_table(content: bytes, shown_as: str, file_name: str) -> RawTable:
    """Read one text table of a known layout from its bytes."""
    decoded = decode(content, shown_as)
    found = find_header(decoded.text, shown_as)
    return _assemble(decoded, found, shown_as, file_name)


def find_header(text: str, shown_as: str) -> Found:
    """Find separator, header row and layout.

    Raises
    ------
    UnknownLayout
        If no row near the beginning is the header of a known layout, or several fit alike.
    """
    if _MARKUP.match(text):
        raise UnknownLayout(
            "{file} è una pagina web, non una tabella: forse il sito ha risposto con un errore; "
            "riscaricare il file",
            file=shown_as,
        )
    heads = {separator: head(text, separator, shown_as) for separator in SEPARATORS}
    fitting = [f for sep, rows in heads.items() for f in _fitting(rows, sep)]
    if not fitting:
        raise _unknown(heads, shown_as)
    best = max(len(f.assigned) for f in fitting)
    first = [f for f in fitting if len(f.assigned) == best]
    if len({f.layout.code for f in first}) > 1:
        raise UnknownLayout(
            "{file} può essere di più tipi ({tipi}) e il titolo non dice quale; "
            "scaricarlo di nuovo senza togliere le righe sopra la tabella",
            file=shown_as,
            tipi=", ".join(sorted(f.layout.name for f in first)),
        )
    return first[0]


def _fitting(rows: Sequence[Record], separator: str) -> list[Found]:
    found = []
    for position, record in enumerate(rows):
        for layout in (entry for entry in layouts() if entry.container == TESTO):
            assigned = layout.assign(record.cells)
            if layout.missing(assigned):
                continue
            title = title_of(rows[:position])
            if layout.accepts(assigned, fold(title)):
                found.append(Found(layout, assigned, separator, position, title))
        if found:
            break
    return found


def title_of(above: Sequence[Record]) -> str:
    """Return the lines above the header, joined."""
    lines = (" ".join(cell.strip() for cell in record.cells if cell.strip()) for record in above)
    return " | ".join(line for line in lines if line)


def _unknown(heads: dict[str, list[Record]], shown_as: str) -> UnknownLayout:
    """The nearest layout, what it expects and what was found."""
    score, nearest, record, absent = -1.0, layouts()[0], Record(1, []), [""]
    for rows in heads.values():
        for row in rows:
            for layout in (entry for entry in layouts() if entry.container == TESTO):
                assigned = layout.assign(row.cells)
                expected = len(layout.expected())
                value = (expected - len(layout.missing(assigned))) / expected
                if (value, len(row.cells)) > (score, len(record.cells)):
                    score, nearest, record, absent = value, layout, row, layout.missing(assigned)
    return unknown_layout(shown_as, record.cells, nearest, absent)


def unknown_layout(
    shown_as: str, cells: Sequence[str], nearest: Layout, absent: Sequence[str]
) -> UnknownLayout:
    """Make the error that names the headers found, those expected and the missing ones."""
    return UnknownLayout(
        "{file} non ha nessuno dei tracciati conosciuti. Il più vicino è «{tracciato}», che vuole "
        "le colonne: {attese}. Intestazione trovata: {trovate}. Mancano: {mancanti}. "
        "Controllare che sia il file giusto; se è un'edizione nuova, aggiungere i suoi nomi di "
        "colonna al tracciato (docs/how-to)",
        file=shown_as,
        tracciato=nearest.name,
        attese="; ".join(nearest.expected()),
        trovate=_shown(cells),
        mancanti="; ".join(absent) if absent else "nessuna, ma il titolo non corrisponde",
    )


def _shown(cells: Sequence[str]) -> str:
    names = [" ".join(cell.split())[:60] for cell in cells if cell.strip()]
    return "; ".join(names[:60]) if names else "nessuna"


def _assemble(decoded: Decoded, found: Found, shown_as: str, file_name: str) -> RawTable:
    rows = list(records(decoded.text, found.separator, shown_as))
    header, body = rows[found.position], rows[found.position + 1 :]
    names = header_names(header.cells)
    kept, notes, repeated = _sift(body, header.cells, len(names))
    remarks = {
        "tracciato": found.layout.name,
        "codifica": decoded.encoding,
        "separatore": {"\t": "tab"}.get(found.separator, found.separator),
        "riga_intestazione": str(header.line),
        "titolo": found.title,
        "nota": " ".join(r.cells[0].strip() for r in notes)[:500],
        "nome_file": file_name,
    } | ({"caratteri_illeggibili": str(decoded.unreadable)} if decoded.unreadable else {})
    skipped = [
        Skipped(rule, tuple(r.line for r in group))
        for rule, group in ((NOTA, notes), (INTESTAZIONE_RIPETUTA, repeated))
        if group
    ]
    cells = _frame(kept, names, found.separator)
    rows_in = len(kept) + len(notes) + len(repeated)
    return RawTable(
        shown_as, "", cells, found.layout.code, rows_in, skipped=tuple(skipped), remarks=remarks
    )


def header_names(cells: Sequence[str]) -> list[str]:
    """Return headers on one line each, unique, without the unnamed ones at the end."""
    names = [" ".join(cell.split()) for cell in cells]
    while names and not names[-1]:
        names.pop()
    seen: dict[str, int] = {}
    unique = []
    for position, name in enumerate(names, 1):
        name = name or f"(colonna {position})"
        seen[name] = seen.get(name, 0) + 1
        unique.append(name if seen[name] == 1 else f"{name} ({seen[name]})")
    return unique


def _sift(
    body: Sequence[Record], header: Sequence[str], width: int
) -> tuple[list[Record], list[Record], list[Record]]:
    """Split the rows below the header: data, notes, the header again; blank ones are left out."""
    kept: list[Record] = []
    notes: list[Record] = []
    repeated: list[Record] = []
    folded = [fold_header(cell) for cell in header]
    first = header[0]
    for record in body:
        cells = record.cells
        if len(cells) > 1 and cells[0] and cells[1]:
            same = cells[0] == first and [fold_header(c) for c in cells] == folded
            (repeated if same else kept).append(record)
        elif any(cell.strip() for cell in cells):
            (notes if _is_note(cells, width) else kept).append(record)
    return kept, notes, repeated


def _is_note(cells: Sequence[str], width: int) -> bool:
    """A single written cell, the first one, with words in it, in a table of several columns."""
    alone = width > 1 and not any(cell.strip() for cell in cells[1:])
    return alone and _NOTE.search(cells[0].strip().casefold()) is not None


def _frame(kept: Sequence[Record], names: Sequence[str], separator: str) -> pd.DataFrame:
    width = len(names)
    irregular = [_irregular(record.cells, width, separator) for record in kept]
    rows = [record.cells for record in kept]
    if any(len(cells) != width for cells in rows):
        rows = [(cells + [""] * width)[:width] for cells in rows]
    columns = zip(*rows, strict=True) if rows else ((),) * width
    index = pd.Index([record.line for record in kept], name="riga", dtype="int64")
    frame = pd.DataFrame(
        {
            name: pd.array(list(column), dtype="str")
            for name, column in zip(names, columns, strict=True)
        },
        index=index,
    )
    return frame.assign(**{IRREGULAR: irregular}) if any(irregular) else frame


def _irregular(cells: Sequence[str], width: int, separator: str) -> str:
    """Say how many fields a row has when it is not as many as the header's."""
    extra = cells[width:]
    if len(cells) >= width and not any(cell.strip() for cell in extra):
        return ""
    over = f": {separator.join(extra)}" if extra else ""
    return f"{len(cells)} invece di {width}{over}"


def year_in(text: str) -> int | None:
    """Return the only year a text names, if it names one."""
    years = set(_YEAR.findall(text))
    return int(years.pop()) if len(years) == 1 else None
