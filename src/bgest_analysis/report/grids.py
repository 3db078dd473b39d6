"""A grid as the reader sees it: heads and cells as text, numbers told from words.

Every document takes its tables from here, so that the same cell reads the same in all of them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from bgest_analysis.blocks import Grid
from bgest_analysis.text.formats import Hidden, format_value
from bgest_analysis.text.messages import Message

_NUMERIC = ("int", "dec", "sdec", "pct", "eur")


@dataclass(frozen=True)
class Cell:
    """One cell: what is printed, and the value behind it (None when hidden, missing or words)."""

    text: str
    value: Any = None


@dataclass(frozen=True)
class Table:
    """A grid in one language: heads, which columns hold numbers, cells by row."""

    heads: tuple[str, ...]
    numeric: tuple[bool, ...]
    formats: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]

    def widths(self, least: int = 6, most: int = 40) -> list[int]:
        """Return a width in characters for each column, from its longest word and text."""
        columns = [[head, *texts] for head, texts in zip(self.heads, self._texts(), strict=True)]
        return [_width(texts, least, most) for texts in columns]

    def _texts(self) -> list[list[str]]:
        return [[row[i].text for row in self.rows] for i in range(len(self.heads))]


def _width(texts: list[str], least: int, most: int) -> int:
    longest = max(len(text) for text in texts)
    word = max((len(word) for text in texts for word in text.split()), default=0)
    return max(least, word, min(longest, most, int(2.2 * longest**0.62) + 6))


def is_numeric(spec: str) -> bool:
    """Tell whether a format is one of a number (years and codes are not)."""
    return spec.rstrip("0123456789") in _NUMERIC


def lay_out(grid: Grid, language: str) -> Table:
    """Return a grid as the reader of a language sees it."""
    formats = tuple(column.format for column in grid.columns)
    rows = tuple(
        tuple(_cell(value, spec, language) for value, spec in zip(row, formats, strict=True))
        for row in grid.rows
    )
    heads = tuple(column.title.render(language) for column in grid.columns)
    return Table(heads, tuple(is_numeric(spec) for spec in formats), formats, rows)


def _cell(value: Any, spec: str, language: str) -> Cell:
    if isinstance(value, Message):
        return Cell(value.render(language))
    if isinstance(value, str) and spec != "date":
        return Cell(value)
    text = format_value(value, spec, language)
    hidden = isinstance(value, Hidden) or value is None
    return Cell(text, None if hidden else value)
