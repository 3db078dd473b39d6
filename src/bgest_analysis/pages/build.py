"""Short ways to make blocks; every page of an analysis is built with these."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import pandas as pd

from bgest_analysis.blocks import Block, Chart, ChartKind, Column, Kind, grid_from_frame
from bgest_analysis.text.messages import Message, T

MISSING_PREFIX = "manca_"


def title(id: str, text: Message, level: int = 2) -> Block:
    """Make a heading (level 1 is the analysis itself)."""
    return Block(id=id, kind=Kind.TITLE, text=text, level=level)


def paragraph(id: str, text: Message) -> Block:
    """Make a paragraph."""
    return Block(id=id, kind=Kind.PARAGRAPH, text=text)


def warning(id: str, text: Message) -> Block:
    """Make a warning: what the reader must know before using the figures beside it."""
    return Block(id=id, kind=Kind.WARNING, text=text)


def note(id: str, text: Message) -> Block:
    """Make a note on method or data."""
    return Block(id=id, kind=Kind.NOTE, text=text)


def formula(id: str, text: Message) -> Block:
    """Make a formula, in plain text."""
    return Block(id=id, kind=Kind.FORMULA, text=text)


def citation(id: str, text: Message) -> Block:
    """Make a bibliographic entry."""
    return Block(id=id, kind=Kind.CITATION, text=text)


def table(
    id: str,
    frame: pd.DataFrame,
    columns: Sequence[tuple[str, Message, str]],
    *,
    caption: Message,
    alt: Message,
    source: Message,
    n: Message,
    tables: Iterable[str],
    suppression: Message | None = None,
) -> Block:
    """Make a table of the named columns (key, heading, format spec)."""
    return Block(
        id=id,
        kind=Kind.TABLE,
        text=caption,
        alt=alt,
        source=source,
        n=n,
        suppression=suppression or hidden_cells(frame),
        tables=tuple(tables),
        grid=grid_from_frame(frame, [Column(*column) for column in columns]),
    )


def figure(
    id: str,
    kind: ChartKind,
    frame: pd.DataFrame,
    columns: Sequence[tuple[str, Message, str]],
    roles: Mapping[str, str],
    *,
    caption: Message,
    alt: Message,
    source: Message,
    n: Message,
    tables: Iterable[str],
    unit: Message,
    options: Mapping[str, Any] | None = None,
    suppression: Message | None = None,
) -> Block:
    """Make a figure; ``roles`` says which column is x, y, group, low, high, label."""
    return Block(
        id=id,
        kind=Kind.FIGURE,
        text=caption,
        alt=alt,
        source=source,
        n=n,
        suppression=suppression or hidden_cells(frame),
        tables=tuple(tables),
        grid=grid_from_frame(frame, [Column(*column) for column in columns]),
        chart=Chart(kind=kind, unit=unit, options=dict(options or {}), **roles),
    )


def hidden_cells(frame: pd.DataFrame) -> Message | None:
    """Say how many rows of a protected table have hidden cells; None if it has none."""
    if "protezione" not in frame.columns:
        return None
    hidden = int((frame["protezione"].fillna("") != "").sum())
    if not hidden:
        return None
    return T(
        "Alcuni valori non sono mostrati, a tutela delle persone: righe toccate {hidden:int} su "
        "{rows:int}.",
        hidden=hidden,
        rows=len(frame),
    )


def unavailable(id: str, what: Message, need: Message) -> Block:
    """Say that an analysis cannot be made yet, and what it would need.

    The id gets the prefix by which the entry page finds what is missing.
    """
    return warning(f"{MISSING_PREFIX}{id}", T("{what} Servono: {need}", what=what, need=need))
