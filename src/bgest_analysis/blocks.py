"""The nine kinds of block an analysis is made of; every document is rendered from them.

A block holds messages and values, never formatted strings, so language and number style are
chosen when it is rendered. A table or figure that lacks caption, alternative text, source or n
does not build. Serialised as ``application/vnd.bgest.block+json``, ``versione`` 1.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

import pandas as pd

from bgest_analysis.errors import BlockError
from bgest_analysis.text.formats import Hidden, is_missing
from bgest_analysis.text.messages import Message, decode_value, encode_value

MIME = "application/vnd.bgest.block+json"
VERSION = 1


class Kind(StrEnum):
    """The nine kinds."""

    TITLE = "title"
    PARAGRAPH = "paragraph"
    TABLE = "table"
    FIGURE = "figure"
    NOTE = "note"
    SOURCE = "source"
    FORMULA = "formula"
    WARNING = "warning"
    CITATION = "citation"


class ChartKind(StrEnum):
    """The forms a figure can take, and what its columns mean in each."""

    MAPPA = "mappa"  # choropleth: x = codes (cod_istat or ambito_id), y = value
    BARRE = "barre"  # horizontal bars, grouped by ``gruppo``
    LINEE = "linee"  # series over x, one line a ``gruppo``, low and high as a band
    PUNTI = "punti"  # dots with intervals: x = category, y = value, low/high = interval
    DISPERSIONE = "dispersione"  # scatter: x, y, labels
    MATRICE = "matrice"  # heat map: x, y = gruppo, value = z in ``valore``
    LIKERT = "likert"  # diverging bars: x = item, gruppo = answer, y = share
    RETE = "rete"  # sociogram: x, y = positions; ``archi`` in options
    SCHEMA = "schema"  # logic model: nodes and links in options
    GRADINI = "gradini"  # step curves (survival)
    GANTT = "gantt"  # periods: x = label, low/high = dates
    CASCATA = "cascata"  # waterfall
    IMBUTO = "imbuto"  # funnel: x = expected, y = ratio, limits in options


@dataclass(frozen=True)
class Column:
    """A column of a block's grid: key, heading, format spec (``text.formats``)."""

    key: str
    title: Message
    format: str = "text"

    def to_json(self) -> dict[str, Any]:
        return {"key": self.key, "title": self.title.to_json(), "format": self.format}


@dataclass(frozen=True)
class Grid:
    """Columns and rows of values; a cell may be a number, text, ``Message``, ``Hidden``, None."""

    columns: tuple[Column, ...]
    rows: tuple[tuple[Any, ...], ...]

    def __post_init__(self) -> None:
        wrong = [i for i, row in enumerate(self.rows) if len(row) != len(self.columns)]
        if wrong:
            raise BlockError("righe con un numero sbagliato di celle: {rows}", rows=wrong)

    def column(self, key: str) -> list[Any]:
        """Return the values of a column."""
        place = [column.key for column in self.columns].index(key)
        return [row[place] for row in self.rows]


@dataclass(frozen=True)
class Chart:
    """How a figure's grid is drawn: which column plays which part.

    Parameters
    ----------
    kind
        The form.
    x, y, group, low, high, label
        Keys of grid columns; empty when not used.
    unit
        What the value axis measures.
    options
        Small JSON settings of the form (reference lines, highlighted rows, links).
    """

    kind: ChartKind
    x: str
    y: str
    group: str = ""
    low: str = ""
    high: str = ""
    label: str = ""
    unit: Message = field(default_factory=lambda: Message(""))
    options: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Block:
    """One element of an analysis.

    Parameters
    ----------
    id
        Unique within the analysis; what cross-references and ``bgest trace`` point to.
    kind
        One of the nine kinds.
    text
        The sentence, heading, formula (plain text) or caption.
    level
        For titles, 1 to 3.
    alt, source, n
        Required for tables and figures.
    suppression
        What is hidden, and why.
    origin
        ``pubblica``, ``progetto`` or ``sintetica``: the worst of what was read.
    tables
        Keys of the tables it was made from.
    grid, chart
        The data of tables and figures, and how a figure is drawn.
    """

    id: str
    kind: Kind
    text: Message
    level: int = 0
    alt: Message | None = None
    source: Message | None = None
    n: Message | None = None
    suppression: Message | None = None
    origin: str = "pubblica"
    tables: tuple[str, ...] = ()
    grid: Grid | None = None
    chart: Chart | None = None

    def __post_init__(self) -> None:
        _check_block(self)

    def to_json(self) -> dict[str, Any]:
        """Return plain JSON data with ``versione``; ``block_from_json`` is its inverse."""
        texts = {"text": self.text, "alt": self.alt, "source": self.source}
        texts |= {"n": self.n, "suppression": self.suppression}
        return {
            "versione": VERSION,
            "id": self.id,
            "kind": str(self.kind),
            "level": self.level,
            "origin": self.origin,
            "tables": list(self.tables),
            **{key: None if text is None else text.to_json() for key, text in texts.items()},
            "grid": None if self.grid is None else _grid_to_json(self.grid),
            "chart": None if self.chart is None else _chart_to_json(self.chart),
        }


def _check_block(block: Block) -> None:
    if block.kind not in (Kind.TABLE, Kind.FIGURE):
        return
    texts = {"didascalia": block.text, "testo alternativo": block.alt}
    texts |= {"fonte": block.source, "n": block.n}
    missing = [name for name, text in texts.items() if text is None or not text.template.strip()]
    if block.grid is None:
        missing.append("dati")
    if block.kind is Kind.FIGURE and block.chart is None:
        missing.append("grafico")
    if missing:
        raise BlockError("il blocco {id} non ha: {missing}", id=block.id, missing=missing)


def _grid_to_json(grid: Grid) -> dict[str, Any]:
    rows = [[encode_value(cell) for cell in row] for row in grid.rows]
    return {"columns": [column.to_json() for column in grid.columns], "rows": rows}


def _chart_to_json(chart: Chart) -> dict[str, Any]:
    parts = {key: getattr(chart, key) for key in ("x", "y", "group", "low", "high", "label")}
    options = {key: encode_value(value) for key, value in chart.options.items()}
    return {"kind": str(chart.kind), **parts, "unit": chart.unit.to_json(), "options": options}


def block_from_json(data: Mapping[str, Any]) -> Block:
    """Rebuild a block; a version we do not know is refused.

    Raises
    ------
    BlockError
        If ``versione`` is not ours.
    """
    if data["versione"] != VERSION:
        raise BlockError("blocco di versione {found}", found=data["versione"])
    texts = {
        key: None if data[key] is None else Message.from_json(data[key])
        for key in ("alt", "source", "n", "suppression")
    }
    return Block(
        id=data["id"],
        kind=Kind(data["kind"]),
        text=Message.from_json(data["text"]),
        level=data["level"],
        origin=data["origin"],
        tables=tuple(data["tables"]),
        grid=None if data["grid"] is None else _grid_from_json(data["grid"]),
        chart=None if data["chart"] is None else _chart_from_json(data["chart"]),
        **texts,
    )


def _grid_from_json(data: Mapping[str, Any]) -> Grid:
    columns = tuple(
        Column(item["key"], Message.from_json(item["title"]), item["format"])
        for item in data["columns"]
    )
    return Grid(columns, tuple(tuple(decode_value(cell) for cell in row) for row in data["rows"]))


def _chart_from_json(data: Mapping[str, Any]) -> Chart:
    parts = {key: data[key] for key in ("x", "y", "group", "low", "high", "label")}
    options = {key: decode_value(value) for key, value in data["options"].items()}
    unit = Message.from_json(data["unit"])
    return Chart(kind=ChartKind(data["kind"]), unit=unit, options=options, **parts)


def grid_from_frame(frame: pd.DataFrame, columns: Sequence[Column]) -> Grid:
    """Take the named columns of a frame as a grid, protected cells as ``Hidden``.

    Parameters
    ----------
    frame
        May carry ``protezione`` (names of hidden columns, ``|``-separated) and ``soglia``; a
        hidden count prints "<soglia", what rests on it prints "n.p.".
    """
    hidden = [_hidden_of(row) for row in frame.to_dict("records")]
    values = {column.key: frame[column.key].tolist() for column in columns}
    rows = tuple(
        tuple(hidden[i].get(column.key, values[column.key][i]) for column in columns)
        for i in range(len(frame))
    )
    return Grid(tuple(columns), rows)


def _hidden_of(row: Mapping[Any, Any]) -> dict[str, Hidden]:
    marks = row.get("protezione")
    if is_missing(marks) or not marks:
        return {}
    named = [mark.partition(":") for mark in str(marks).split("|")]
    return {key: Hidden(int(below) if below else None) for key, _, below in named}
