"""Matrices: a shade and its number in each cell, or a dot where something is present."""

from __future__ import annotations

import numpy as np
from matplotlib import colormaps
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from bgest_analysis.report.charts.drawing import (
    Drawing,
    Drawn,
    as_number,
    new_figure,
    unique,
    wrap,
)
from bgest_analysis.report.theme import INK, MISSING_FACE, MUTED, OKABE_ITO, RULE, SEQUENTIAL

DARK = 0.55  # below this luminance the number in a cell is white


def draw_matrix(drawing: Drawing) -> Drawn:
    """Draw ``group`` down, ``x`` across, ``y`` in the cells.

    Options: ``presenza`` draws a dot where the value is not zero.
    """
    chart = drawing.chart
    across, down = drawing.words(chart.x), drawing.groups()
    columns, rows = unique(across), unique(down)
    lines = [wrap(name, 40) for name in rows]
    heights = sum(0.22 + 0.36 * (line.count("\n") + 1) for line in lines)
    figure = new_figure(2.2 + heights)
    ax = figure.add_subplot()
    reach = _reach(drawing.numbers(chart.y))
    for i, cell in enumerate(drawing.column(chart.y)):
        place = columns.index(across[i]), rows.index(down[i])
        if drawing.option("presenza"):
            _draw_presence(ax, place, as_number(cell))
        else:
            _draw_cell(ax, place, as_number(cell), drawing.word(cell, chart.y), reach)
    _finish(ax, columns, lines)
    return Drawn(figure)


def _reach(values: np.ndarray) -> tuple[float, float]:
    low, high = float(np.nanmin(values, initial=0.0)), float(np.nanmax(values, initial=0.0))
    return low, high if high > low else low + 1


def _draw_presence(ax: Axes, place: tuple[int, int], value: float) -> None:
    x, y = place
    if np.isnan(value):
        ax.text(x, y, "?", ha="center", va="center", color=MUTED)
    elif value:
        ax.plot(x, y, marker="o", markersize=9, color=OKABE_ITO[0], markeredgecolor="white")


def _draw_cell(
    ax: Axes, place: tuple[int, int], value: float, word: str, reach: tuple[float, float]
) -> None:
    x, y = place
    colour = (0.96, 0.96, 0.95, 1.0)
    if not np.isnan(value):
        share = (value - reach[0]) / (reach[1] - reach[0])
        colour = colormaps[SEQUENTIAL](0.97 - 0.91 * share)
    luminance = 0.2126 * colour[0] + 0.7152 * colour[1] + 0.0722 * colour[2]
    face = MISSING_FACE if np.isnan(value) else colour
    ax.add_patch(Rectangle((x - 0.5, y - 0.5), 1, 1, facecolor=face, edgecolor="white"))
    ink = "white" if luminance < DARK else INK
    ax.text(x, y, word, ha="center", va="center", fontsize=7.5, color=ink)


def _finish(ax: Axes, columns: list[str], rows: list[str]) -> None:
    ax.set_xlim(-0.5, len(columns) - 0.5)
    ax.set_ylim(len(rows) - 0.5, -0.5)
    steep = len(columns) > 7
    ax.set_xticks(range(len(columns)), [wrap(name, 40 if steep else 18) for name in columns])
    if steep:
        ax.tick_params(axis="x", labelrotation=60)
        for label in ax.get_xticklabels():
            label.set_horizontalalignment("left")
            label.set_rotation_mode("anchor")
    ax.set_yticks(range(len(rows)), rows)
    ax.xaxis.tick_top()
    ax.tick_params(axis="both", length=0)
    for spine in ax.spines.values():
        spine.set_visible(False)
    for y in range(len(rows) + 1):
        ax.axhline(y - 0.5, color=RULE, linewidth=0.6, zorder=0)
