"""What every form of chart shares: the block's columns as numbers and words, and the axes."""

from __future__ import annotations

import math
import textwrap
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import geopandas as gpd
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import Formatter

from bgest_analysis.blocks import Block, Chart, Grid
from bgest_analysis.errors import BlockError
from bgest_analysis.report.printable import printable
from bgest_analysis.report.theme import CM, MAX_HEIGHT_CM, MUTED, RULE, WIDTH_CM, Palette
from bgest_analysis.text.formats import Hidden, format_value, is_missing
from bgest_analysis.text.messages import Message

MAP_CRS = "EPSG:32632"


@dataclass(frozen=True)
class MapSource:
    """Where maps take their shapes from.

    Parameters
    ----------
    load
        Codes of comuni -> GeoDataFrame with ``cod_istat`` and geometry, any CRS with a name.
    ambito_of
        Every comune of the study, and its Ambito.
    note
        Source and vintage of the boundaries, printed under the map.
    """

    load: Callable[[Sequence[str]], gpd.GeoDataFrame]
    ambito_of: Mapping[str, str]
    note: Message

    @cached_property
    def comuni(self) -> gpd.GeoDataFrame:
        """``cod_istat``, ``ambito_id`` and geometry of every comune, in EPSG:32632; read once."""
        shapes = self.load(sorted(self.ambito_of))[["cod_istat", "geometry"]].to_crs(MAP_CRS)
        return shapes.assign(ambito_id=shapes["cod_istat"].map(dict(self.ambito_of)))

    @cached_property
    def ambiti(self) -> gpd.GeoDataFrame:
        """The Ambiti's outlines: ``ambito_id`` and geometry."""
        return self.comuni[["ambito_id", "geometry"]].dissolve("ambito_id", as_index=False)


@dataclass(frozen=True)
class Drawing:
    """A figure block to be drawn in one language."""

    block: Block
    language: str
    palette: Palette = field(default_factory=Palette)
    maps: MapSource | None = None

    @property
    def chart(self) -> Chart:
        """The block's chart."""
        if self.block.chart is None:
            raise BlockError("il blocco {id} non ha un grafico", id=self.block.id)
        return self.block.chart

    @property
    def grid(self) -> Grid:
        """The block's data."""
        if self.block.grid is None:
            raise BlockError("il blocco {id} non ha dati", id=self.block.id)
        return self.block.grid

    def column(self, key: str) -> list[Any]:
        """Return a column's cells; a key the grid lacks is an error of the block."""
        if key not in {column.key for column in self.grid.columns}:
            raise BlockError(
                "il grafico {id} usa la colonna {key}, che non c'è", id=self.block.id, key=key
            )
        return self.grid.column(key)

    def format_of(self, key: str) -> str:
        """Return the format of a column."""
        return next(column.format for column in self.grid.columns if column.key == key)

    def heading(self, key: str) -> str:
        """Return the heading of a column."""
        found = next(column.title for column in self.grid.columns if column.key == key)
        return found.render(self.language)

    def numbers(self, key: str) -> np.ndarray:
        """Return a column as floats, NaN where hidden or missing; shape (rows,)."""
        return np.array([as_number(value) for value in self.column(key)], dtype=float)

    def words(self, key: str) -> list[str]:
        """Return a column as the reader sees it, Ambiti by name."""
        return [self.word(value, key) for value in self.column(key)]

    def word(self, value: Any, key: str) -> str:
        """Return one cell as the reader sees it."""
        return self.palette.name(show(value, self.format_of(key), self.language))

    def groups(self) -> list[str]:
        """Return the group of each row ("" when the chart has none)."""
        return self.words(self.chart.group) if self.chart.group else [""] * len(self.grid.rows)

    def text(self, message: Message | str) -> str:
        """Return a message in the figure's language."""
        return printable(message.render(self.language) if isinstance(message, Message) else message)

    def option(self, key: str, default: Any = None) -> Any:
        """Return an option of the chart."""
        return self.chart.options.get(key, default)

    def unit(self) -> str:
        """Return what the value axis measures."""
        return self.chart.unit.render(self.language)


@dataclass(frozen=True)
class Drawn:
    """A figure, and what to show when the pointer rests on an element (by its gid)."""

    figure: Figure
    hover: Mapping[str, str] = field(default_factory=dict)


def as_number(value: Any) -> float:
    """Return a cell as a float, NaN if it is hidden, missing or a word."""
    if isinstance(value, Hidden | Message | str) or is_missing(value):
        return math.nan
    return float(value)


def show(value: Any, spec: str, language: str) -> str:
    """Return a cell as text: a message is rendered, the rest goes through its format."""
    if isinstance(value, Message):
        return printable(value.render(language))
    if isinstance(value, str) and spec != "date":
        return printable(value)
    return format_value(value, spec, language)


def unique(words: Sequence[str]) -> list[str]:
    """Return the words once each, in order of appearance."""
    return list(dict.fromkeys(words))


def wrap(text: str, width: int) -> str:
    """Break a label into lines."""
    return "\n".join(textwrap.wrap(text, width, break_long_words=False)) or text


def new_figure(height_cm: float, width_cm: float = WIDTH_CM) -> Figure:
    """Return an empty figure that fits a page."""
    height = min(height_cm, MAX_HEIGHT_CM)
    return Figure(figsize=(width_cm * CM, height * CM), layout="constrained")


class NumberFormatter(Formatter):
    """Axis numbers in the reader's language, with just the decimals the ticks need."""

    def __init__(self, spec: str, language: str) -> None:
        self.kind = spec.rstrip("0123456789") or "int"
        self.grouped = spec not in ("", "text")
        self.language = language
        self.places: Sequence[float] = ()

    def set_locs(self, locs: Sequence[float]) -> None:
        """Take note of where the ticks are."""
        self.places = locs

    def __call__(self, x: float, pos: int | None = None) -> str:
        if not self.grouped and float(x).is_integer():
            return str(int(x))
        kind = "dec" if self.kind in ("int", "text") else self.kind
        return format_value(float(x), f"{kind}{self._decimals(kind)}", self.language)

    def _decimals(self, kind: str) -> int:
        places = np.asarray(self.places, dtype=float) * (100 if kind == "pct" else 1)
        for decimals in range(4):
            if np.allclose(places, np.round(places, decimals), atol=1e-9):
                return decimals
        return 4


def format_axis(axis: Any, spec: str, language: str) -> None:
    """Give an axis numbers in the reader's language."""
    axis.set_major_formatter(NumberFormatter(spec, language))


def quiet_axes(ax: Axes, grid: str = "x") -> None:
    """Leave of the frame only what helps reading: light lines across, no ticks on words."""
    ax.grid(axis=grid, color=RULE)  # type: ignore[arg-type]
    ax.spines["left" if grid == "x" else "bottom"].set_color(MUTED)
    ax.spines["bottom" if grid == "x" else "left"].set_visible(False)
    ax.tick_params(axis="both", length=0)


def spread(positions: Sequence[float], gap: float) -> list[float]:
    """Move labels apart until none is nearer than ``gap``, keeping their order and middle."""
    order = np.argsort(positions, kind="stable")
    placed = np.asarray(positions, dtype=float)[order]
    blocks: list[list[float]] = []  # [sum of wished places minus offsets, count]
    for place in placed:
        blocks.append([place, 1.0])
        while len(blocks) > 1 and _too_near(blocks[-2], blocks[-1], gap):
            last = blocks.pop()
            total = blocks[-1][0] * blocks[-1][1] + last[0] * last[1]
            blocks[-1] = [total / (blocks[-1][1] + last[1]), blocks[-1][1] + last[1]]
    spots = [
        centre + gap * (i - (count - 1) / 2) for centre, count in blocks for i in range(int(count))
    ]
    result = np.empty(len(spots))
    result[order] = spots
    return [float(spot) for spot in result]


def _too_near(before: list[float], after: list[float], gap: float) -> bool:
    return after[0] - before[0] < gap * (before[1] + after[1]) / 2
