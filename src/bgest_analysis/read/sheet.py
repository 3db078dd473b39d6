"""Where the table stands in a sheet: the header, of one or two rows, below whatever titles."""

from __future__ import annotations

from dataclasses import dataclass

from bgest_analysis.read.above import said_above
from bgest_analysis.read.grid import Grid
from bgest_analysis.read.headers import Synonyms

TOP_ROWS = 60
LONGEST_HEADER = 250


@dataclass(frozen=True)
class HeaderPlace:
    """The header of a table.

    Parameters
    ----------
    first, last
        Positions (from 0) of its rows in the grid: the same, or one after the other.
    names
        One text a column of the sheet; those of two rows joined by a blank.
    matched
        How many different columns of ours it names.
    """

    first: int
    last: int
    names: tuple[str, ...]
    matched: int

    @property
    def rank(self) -> tuple[int, int, bool]:
        """More columns first, then the highest in the sheet, then one row rather than two."""
        return self.matched, -self.last, self.first == self.last


def find_header(grid: Grid, known: Synonyms) -> HeaderPlace | None:
    """Return the header that names most of our columns.

    ``None`` if it and the lines above it name fewer than two. A header of two rows is taken only if
    it names more than each of its rows alone.
    """
    rows = grid.top(TOP_ROWS)
    best: HeaderPlace | None = None
    for place, row in enumerate(rows):
        candidates = [_candidate(place, place, row, known)]
        if place + 1 < len(rows) and not grid.typed(place + 1):
            joined = _join(grid, place, row, rows[place + 1], known)
            candidates.append(_candidate(place, place + 1, joined, known))
        for candidate in candidates:
            if best is None or candidate.rank > best.rank:
                best = candidate
    needed = min(2, len(known.table.columns))
    if best is None or not best.matched:
        return None
    # the lines above may name what the header does not
    above = len(said_above(grid, best.first, known)) if best.matched < needed else 0
    return best if best.matched + above >= needed else None


def _candidate(first: int, last: int, names: list[str], known: Synonyms) -> HeaderPlace:
    short = [name if len(name) <= LONGEST_HEADER else "" for name in names]
    found = {match[0] for name in short if name and (match := known.find(name))}
    return HeaderPlace(first, last, tuple(short), len(found))


def _join(grid: Grid, place: int, above: list[str], below: list[str], known: Synonyms) -> list[str]:
    """Join a row of groups and the row of names below it; a group covers its merged cells."""
    groups = _spread(grid, place, above, below)
    return [_best_name(group, name, known) for group, name in zip(groups, below, strict=True)]


def _best_name(group: str, name: str, known: Synonyms) -> str:
    if not name or group == name:
        return group
    joined = f"{group} {name}".strip()
    return name if known.find(name) and not known.find(joined) else joined


def _spread(grid: Grid, place: int, above: list[str], below: list[str]) -> list[str]:
    merged = [m for m in grid.merged if m[0] <= place <= m[2]]
    spread = list(above)
    for first_row, first, _, last in merged:
        text = grid.row(first_row)[first] if first < grid.width else ""
        for column in range(first, min(last + 1, grid.width)):
            spread[column] = text
    if merged:
        return spread
    for column in range(1, len(spread)):
        if not spread[column] and below[column]:
            spread[column] = spread[column - 1]
    return spread
