"""Which rows below the header are data, and which are left out, each by a named rule."""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow.compute as pc

from bgest_analysis.read.grid import Grid, Mask
from bgest_analysis.read.raw import Skipped
from bgest_analysis.read.sheet import HeaderPlace
from bgest_analysis.schema.ingresso import EXAMPLE_MARK
from bgest_analysis.vocabulary.matcher import fold

TOTAL, NOTE, BLANK = "totale", "nota", "vuota"
REPEATED, EXAMPLE, SECTION = "intestazione_ripetuta", "esempio", "sezione"
SPARSE_SHARE = 0.75  # a total row has fewer cells than a usual one
FULL_SHARE = 0.4
LABEL_COLUMNS = 3
_TOTAL_RE2 = r"(?i)^\s*(sub[\s-]?tot|tot(\.|ali?|ale)?(\s|:|$)|totale)"
_TOTAL = re.compile(
    r"^(sub ?tot(ale|ali)?|tot|totale|totali|somma|media|complessivo|complessivamente|riporto"
    r"|a riportare|di cui)\b"
)
_PERIOD = re.compile(
    r"^(mese di )?(gennaio|febbraio|marzo|aprile|maggio|giugno|luglio|agosto|settembre|ottobre"
    r"|novembre|dicembre)( \d{2,4})?$|^(ambito|comune|scuola|anno|trimestre)\b"
)


@dataclass(frozen=True)
class Body:
    """The rows below a header.

    Parameters
    ----------
    rows
        Positions in the grid of the rows of data.
    skipped
        The others that are not blank, by rule, as rows of the file.
    rows_in
        Rows that are not blank.
    blank
        Blank rows between the first and the last that is not.
    """

    rows: npt.NDArray[np.intp]
    skipped: tuple[Skipped, ...]
    rows_in: int
    blank: int


def find_body(grid: Grid, header: HeaderPlace, columns: list[int]) -> Body:
    """Sort the rows below the header.

    Parameters
    ----------
    columns
        Positions of the recognised columns.
    """
    start = header.last + 1
    masks = grid.filled(start)
    counts = np.sum(masks, axis=0) if masks else np.zeros(0, dtype=np.int64)
    present = np.flatnonzero(counts)
    if not len(present):
        return Body(np.zeros(0, dtype=np.intp), (), 0, 0)
    rules = _sort(grid, header, masks, columns)
    data = np.array([row for row in present if row not in rules], dtype=np.intp)
    skipped = _skipped(grid, start, rules)
    return Body(data + start, skipped, len(present), int(present[-1]) + 1 - len(present))


def _skipped(grid: Grid, start: int, rules: dict[int, str]) -> tuple[Skipped, ...]:
    by_rule: dict[str, list[int]] = {}
    for row, rule in sorted(rules.items()):
        by_rule.setdefault(rule, []).append(int(grid.lines[start + row]))
    return tuple(Skipped(rule, tuple(rows)) for rule, rows in sorted(by_rule.items()))


def _sort(
    grid: Grid,
    header: HeaderPlace,
    masks: list[Mask],
    columns: list[int],
) -> dict[int, str]:
    """Return position below the header -> rule, for the rows that are not data."""
    start, counts = header.last + 1, np.sum(masks, axis=0)
    rules: dict[int, str] = {}
    rules.update(dict.fromkeys(_examples(grid, start, len(counts)), EXAMPLE))
    rules.update(dict.fromkeys(_repeated(grid, header, start, columns), REPEATED))
    rules.update(dict.fromkeys(_labelled_totals(grid, start, columns), TOTAL))
    usual = float(np.median(counts[counts > 0]))
    for row in np.flatnonzero((counts > 0) & (counts < SPARSE_SHARE * max(usual, 2))):
        if row not in rules and _has_total(grid.row(start + int(row))):
            rules[int(row)] = TOTAL
    rules.update(_asides(grid, start, masks, rules))
    return rules


def _examples(grid: Grid, start: int, height: int) -> list[int]:
    """The example row of our templates: among the first rows, a cell that says ESEMPIO."""
    return [row for row in range(min(5, height)) if EXAMPLE_MARK in grid.row(start + row)]


def _repeated(grid: Grid, header: HeaderPlace, start: int, columns: list[int]) -> list[int]:
    """The header again, as at the top of each printed page."""
    names = grid.row(header.last)
    named = [column for column in columns if names[column]]
    if not named:
        return []
    column = named[0]
    trimmed = pc.utf8_trim_whitespace(grid.texts[column].slice(start))
    same = np.flatnonzero(np.asarray(pc.equal(trimmed, names[column])))
    found = []
    for row in same:
        cells = grid.row(start + int(row))
        equal = sum(cells[place] == names[place] for place in named)
        if 2 * equal > len(named):
            found.append(int(row))
    return found


def _labelled_totals(grid: Grid, start: int, columns: list[int]) -> list[int]:
    """Rows, however full, whose label says that they are a total."""
    found: set[int] = set()
    labels = sorted({0, *columns})[:LABEL_COLUMNS]
    for column in [place for place in labels if place < grid.width]:
        texts = grid.texts[column].slice(start)
        hits = pc.match_substring_regex(texts, _TOTAL_RE2)
        found.update(int(row) for row in np.flatnonzero(np.asarray(hits)))
    return sorted(found)


def _has_total(cells: list[str]) -> bool:
    return any(_TOTAL.match(fold(cell)) for cell in cells if cell and len(cell) < 80)


def _asides(
    grid: Grid,
    start: int,
    masks: list[Mask],
    rules: dict[int, str],
) -> dict[int, str]:
    """Notes and signatures below the last row of data, and headings of sections among them."""
    counts = np.sum(masks, axis=0)
    usual = float(np.median(counts[counts > 0]))
    full = [
        int(row)
        for row in np.flatnonzero(counts >= max(2, FULL_SHARE * usual))
        if int(row) not in rules
    ]
    last = full[-1] if full else -1
    found: dict[int, str] = {}
    few = (counts > 0) & (counts < max(2, FULL_SHARE * usual)) & (usual >= 3)
    for row in (int(place) for place in np.flatnonzero(few)):
        if row in rules:
            continue
        if row > last and grid.typed(start + row) == 0:
            found[row] = NOTE
        elif counts[row] == 1 and _is_section(grid, start + row, masks, row):
            found[row] = SECTION
    return found


def _is_section(grid: Grid, place: int, masks: list[Mask], row: int) -> bool:
    """Tell whether a lone text among the data is a heading: merged, or a month, or a place."""
    column = next(number for number, mask in enumerate(masks) if mask[row])
    if any(m[0] <= place <= m[2] and m[1] <= column <= m[3] and m[3] > m[1] for m in grid.merged):
        return True
    return grid.typed(place) == 0 and bool(_PERIOD.match(fold(grid.row(place)[column])))
