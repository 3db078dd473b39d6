"""Counts of persons in what leaves: in the blocks, and again in the finished tables.

A block is looked at if its origin is not public and one of its tables is about people (a table
nobody knows counts as such). In it, the columns and values that the schema calls counts, and
whole numbers whose name the schema does not know, must not lie in 1..threshold-1.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from bgest_analysis.blocks import Block, Column, Grid
from bgest_analysis.indicators.registry import BY_NAME
from bgest_analysis.publish.content import Rows
from bgest_analysis.publish.findings import Rule
from bgest_analysis.schema.model import Layer, Origin, Table
from bgest_analysis.schema.registry import TABLES
from bgest_analysis.text.formats import Hidden, is_missing
from bgest_analysis.text.messages import Message

WHOLE = "int"
_BELOW = re.compile(r"<\s?(\d+)")
_GROUPED = re.compile(r"\d{1,3}(?:[.,\u00a0\u202f]\d{3})+|\d+")


@dataclass(frozen=True)
class Limits:
    """Thresholds of what may leave: counts below ``threshold`` are hidden, others rounded."""

    threshold: int
    base: int = 1


@cache
def known_tables() -> Mapping[str, Table]:
    """Return every table of the schema by its full name."""
    tables = (*TABLES.values(), *(indicator.table for indicator in BY_NAME.values()))
    return {table.full_name: table for table in tables}


@cache
def harmless_names() -> frozenset[str]:
    """Return the columns that the schema knows and never calls a count of persons."""
    columns = [column for table in known_tables().values() for column in table.columns]
    counts = {column.name for column in columns if column.count}
    return frozenset({column.name for column in columns} - counts)


def is_delicate(block: Block) -> bool:
    """Tell whether a block may hold counts of persons that are not public."""
    if block.origin == Origin.PUBBLICA:
        return False
    tables = [known_tables().get(name) for name in block.tables]
    results = f"{Layer.RIS}_"
    unknown = any(
        table is None and not name.startswith(results)
        for name, table in zip(block.tables, tables, strict=True)
    )
    return unknown or not block.tables or any(table and table.about_people for table in tables)


def count_names(block: Block) -> frozenset[str]:
    """Return the columns of a block's tables that count persons."""
    tables = [known_tables()[name] for name in block.tables if name in known_tables()]
    return frozenset(column.name for table in tables for column in table.columns if column.count)


def protected_names(block: Block) -> frozenset[str]:
    """Return those counts that the protect job made, and so rounded."""
    made = [known_tables()[name] for name in block.tables if name in BY_NAME]
    return frozenset(column.name for table in made for column in table.columns if column.count)


def watched(block: Block) -> list[int]:
    """Return the places of a grid's columns that may count persons."""
    if block.grid is None or not is_delicate(block):
        return []
    counts = count_names(block)
    return [
        place
        for place, column in enumerate(block.grid.columns)
        if column.key in counts or _unknown_number(column)
    ]


def _unknown_number(column: Column) -> bool:
    return column.format == WHOLE and column.key not in harmless_names()


def check_block(block: Block, limits: Limits) -> Iterator[tuple[str, Rule]]:
    """Yield place and rule for every breach in a block."""
    if block.origin == Origin.SINTETICA:
        yield f"blocco {block.id}", Rule.SYNTHETIC
    if not is_delicate(block):
        return
    for place, value in _message_counts(block):
        if is_small(value, limits.threshold):
            yield f"blocco {block.id}, {place}", Rule.SMALL_COUNT
    if block.grid is not None:
        yield from _check_grid(block, block.grid, limits)


def _message_counts(block: Block) -> Iterator[tuple[str, Any]]:
    """Yield the values that a block's sentences give as counts; ``n`` gives nothing else."""
    if block.n is not None:
        yield from (("n", value) for value in _numbers(block.n))
    counts = count_names(block)
    for message in (block.text, block.alt, block.suppression):
        for name, value in message.values.items() if message is not None else ():
            if name in counts:
                yield f"testo, {name}", value


def _numbers(message: Message) -> Iterator[Any]:
    for value in message.values.values():
        if isinstance(value, Message):
            yield from _numbers(value)
        elif isinstance(value, int):
            yield value


def _check_grid(block: Block, grid: Grid, limits: Limits) -> Iterator[tuple[str, Rule]]:
    places, rounded = set(watched(block)), protected_names(block)
    for number, row in enumerate(grid.rows, start=1):
        for place, value in enumerate(row):
            column = grid.columns[place]
            where = f"blocco {block.id}, riga {number}, colonna {place + 1}"
            if isinstance(value, Hidden):
                if value.below is not None and value.below < limits.threshold:
                    yield where, Rule.OTHER_THRESHOLD
            elif place in places and is_small(value, limits.threshold):
                yield where, Rule.SMALL_COUNT
            elif column.key in rounded and is_off(value, limits.base):
                yield where, Rule.NOT_ROUNDED


def is_small(value: Any, threshold: int) -> bool:
    """Tell whether a value is a count below the threshold; zero is not."""
    return _is_number(value) and 0 < value < threshold


def is_off(value: Any, base: int) -> bool:
    """Tell whether a value is no multiple of the rounding base."""
    return base > 1 and _is_number(value) and value % base != 0


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and not is_missing(value)


def check_table(
    rows: Rows, heads: Mapping[tuple[str, ...], list[int]], threshold: int
) -> Iterator[tuple[str, Rule]]:
    """Yield place and rule for every breach in a finished table.

    Parameters
    ----------
    heads
        Watched columns by the headings of the table they are in.
    """
    places: list[int] = []
    for number, row in enumerate(rows, start=1):
        places = heads.get(tuple(row), places)
        for place, text in enumerate(row):
            where = f"riga {number}, colonna {place + 1}"
            below = _BELOW.fullmatch(text.strip())
            if below is not None and int(below[1]) < threshold:
                yield where, Rule.OTHER_THRESHOLD
            elif place in places and is_small(_printed(text), threshold):
                yield where, Rule.SMALL_COUNT


def _printed(text: str) -> int | None:
    found = _GROUPED.fullmatch(text.strip())
    return int(re.sub(r"\D", "", text)) if found else None
