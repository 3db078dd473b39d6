"""A grid as the reader sees it: heads and cells as text, numbers told from words.

Every document takes its tables from here, so that the same cell reads the same in all of them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from bgest_analysis.blocks import Grid
from bgest_analysis.text.formats import Hidden, format_value
from bgest_analysis.text.messages import Message

NARROW, BROAD = frozenset("ijltf.,;:'|!()[] \u00a0"), frozenset("mwMW%@")
BOLD = 1.08
_NUMERIC = ("int", "dec", "sdec", "qty", "prob", "pct", "eur")


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

    def least_widths(self, most: float = 22) -> list[float]:
        """Return for each column the digits' widths below which a number or word would break."""
        return [
            max(_longest_word(head) * BOLD, *(_least(cell, number, most) for cell in cells), 3)
            for head, number, cells in self._columns()
        ]

    def full_widths(self, most: float = 60) -> list[float]:
        """Return for each column the digits' widths at which no cell needs a second line."""
        return [
            min(max(least, breadth(head) / 2, *(breadth(cell) for cell in cells)), most)
            for least, (head, _, cells) in zip(self.least_widths(), self._columns(), strict=True)
        ]

    def _columns(self) -> list[tuple[str, bool, list[str]]]:
        texts = [[row[i].text for row in self.rows] for i in range(len(self.heads))]
        return list(zip(self.heads, self.numeric, texts, strict=True))


def breadth(text: str) -> float:
    """Return the width of a text in widths of a digit, as in most sans-serif faces."""
    return sum(
        0.5 if c in NARROW else 1.5 if c in BROAD else 1.22 if c.isupper() else 1 for c in text
    )


def _longest_word(text: str) -> float:
    return max((breadth(word) for word in text.replace("-", "- ").split()), default=0.0)


def _least(text: str, number: bool, most: float) -> float:
    return breadth(text) if number else min(_longest_word(text), most)


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
