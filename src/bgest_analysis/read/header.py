"""Finding the header of a table among its rows, and turning the rows below into cells."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from bgest_analysis.errors import UnknownLayout
from bgest_analysis.read.layout import Layout, fold_header, layouts
from bgest_analysis.read.raw import RawTable, Skipped
from bgest_analysis.read.text_file import Record
from bgest_analysis.vocabulary.matcher import fold

IRREGULAR = "(numero di campi)"
NOTA = "nota"
INTESTAZIONE_RIPETUTA = "intestazione_ripetuta"
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
_NOTE = re.compile(r"^\W*(note?|fonte|source|avvertenza|legenda|dato|dati)\b|\S+\s+\S+\s+\S+")


@dataclass(frozen=True)
class Found:
    """A header that fits a layout: where it was looked for, its position, the title above it.

    ``place`` is the separator of a text file, the sheet of a workbook.
    """

    layout: Layout
    place: str
    position: int
    title: str
    known: int


def fitting(rows: Sequence[Record], place: str) -> list[Found]:
    """Return the layouts that the first header-like row fits."""
    for position, record in enumerate(rows):
        found = []
        for layout in layouts():
            assigned = layout.assign(record.cells)
            if layout.missing(assigned):
                continue
            title = title_of(rows[:position])
            if layout.accepts(assigned, fold(title)):
                found.append(Found(layout, place, position, title, len(assigned)))
        if found:
            return found
    return []


def choose(candidates: Sequence[Found], shown_as: str) -> Found:
    """Return the layout that knows most of the headers.

    Raises
    ------
    UnknownLayout
        If several know as many.
    """
    most = max(found.known for found in candidates)
    best = [found for found in candidates if found.known == most]
    if len({found.layout.code for found in best}) > 1:
        raise UnknownLayout(
            "{file} può essere di più tipi ({tipi}) e il titolo non dice quale; "
            "scaricarlo di nuovo senza togliere le righe sopra la tabella",
            file=shown_as,
            tipi=", ".join(sorted(found.layout.name for found in best)),
        )
    return best[0]


def title_of(above: Sequence[Record]) -> str:
    """Return the lines above the header, joined."""
    lines = (" ".join(cell.strip() for cell in record.cells if cell.strip()) for record in above)
    return " | ".join(line for line in lines if line)


def unknown_layout(heads: Mapping[str, Sequence[Record]], shown_as: str) -> UnknownLayout:
    """Make the error that names the nearest layout, its headers and the ones found."""
    layout, record = _nearest(heads.values())
    absent = layout.missing(layout.assign(record.cells))
    return UnknownLayout(
        "{file} non ha nessuno dei tracciati conosciuti. Il più vicino è «{tracciato}», che vuole "
        "le colonne: {attese}. Intestazione trovata: {trovate}. Mancano: {mancanti}. "
        "Controllare che sia il file giusto; se è un'edizione nuova, aggiungere i suoi nomi di "
        "colonna al tracciato (docs/how-to)",
        file=shown_as,
        tracciato=layout.name,
        attese="; ".join(layout.expected()),
        trovate=_shown(record.cells),
        mancanti="; ".join(absent) if absent else "nessuna, ma il titolo non corrisponde",
    )


def _nearest(heads: Iterable[Sequence[Record]]) -> tuple[Layout, Record]:
    """Return the layout and the row that have most in common; the widest row if none has."""
    best: tuple[float, int] = (-1.0, -1)
    nearest = (layouts()[0], Record(1, []))
    for record in (row for rows in heads for row in rows):
        for layout in layouts():
            expected = len(layout.expected())
            absent = len(layout.missing(layout.assign(record.cells)))
            score = ((expected - absent) / expected, len(record.cells))
            if score > best:
                best, nearest = score, (layout, record)
    return nearest


def _shown(cells: Sequence[str]) -> str:
    names = [" ".join(cell.split())[:60] for cell in cells if cell.strip()]
    return "; ".join(names[:60]) if names else "nessuna"


def assemble(
    rows: Sequence[Record], found: Found, shown_as: str, sheet: str, remarks: dict[str, str]
) -> RawTable:
    """Return the raw table below a header: data rows as cells, notes and repeated headers aside."""
    header, body = rows[found.position], rows[found.position + 1 :]
    body = _below(body, found.layout)
    names = header_names(header.cells)
    kept, notes, repeated = _sift(body, header.cells, len(names))
    groups = ((NOTA, notes), (INTESTAZIONE_RIPETUTA, repeated))
    facts = {
        "tracciato": found.layout.name,
        "riga_intestazione": str(header.line),
        "titolo": found.title,
        "nota": " ".join(record.cells[0].strip() for record in notes)[:500],
    }
    return RawTable(
        shown_as,
        sheet,
        _frame(kept, names),
        found.layout.code,
        len(kept) + len(notes) + len(repeated),
        skipped=tuple(
            Skipped(rule, tuple(r.line for r in group)) for rule, group in groups if group
        ),
        remarks=facts | remarks,
    )


def _below(body: Sequence[Record], layout: Layout) -> Sequence[Record]:
    """Leave out a second line of the header, where a layout has one."""
    second = layout.facts.get("seconda_riga", "")
    if second and body and fold(" ".join(body[0].cells)) == second:
        return body[1:]
    return body


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


def _frame(kept: Sequence[Record], names: Sequence[str]) -> pd.DataFrame:
    width = len(names)
    irregular = [_irregular(record.cells, width) for record in kept]
    rows = [record.cells for record in kept]
    if any(len(cells) != width for cells in rows):
        rows = [(cells + [""] * width)[:width] for cells in rows]
    columns = zip(*rows, strict=True) if rows else ((),) * width
    index = pd.Index([record.line for record in kept], name="riga", dtype="int64")
    content = {
        name: pd.array(list(column), dtype="str")
        for name, column in zip(names, columns, strict=True)
    }
    frame = pd.DataFrame(content, index=index)
    return frame.assign(**{IRREGULAR: irregular}) if any(irregular) else frame


def _irregular(cells: Sequence[str], width: int) -> str:
    """Say how many fields a row has when it is not as many as the header's."""
    extra = cells[width:]
    if len(cells) >= width and not any(cell.strip() for cell in extra):
        return ""
    over = f": {' | '.join(extra)}" if extra else ""
    return f"{len(cells)} invece di {width}{over}"


def year_in(text: str) -> int | None:
    """Return the only year a text names, if it names one."""
    years = set(_YEAR.findall(text))
    return int(years.pop()) if len(years) == 1 else None
