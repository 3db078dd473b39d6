"""Horizontal bars, grouped, stacked or single, with values written at their ends."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes

from bgest_analysis.report.charts.drawing import (
    Drawing,
    Drawn,
    format_axis,
    new_figure,
    quiet_axes,
    unique,
    wrap,
)
from bgest_analysis.report.charts.marks import HALO, add_legend, add_reference, shade
from bgest_analysis.report.theme import INK, MUTED, OKABE_ITO, Palette


def draw_bars(drawing: Drawing) -> Drawn:
    """Draw a bar for each category and group.

    Options: ``riferimento`` [value, message] draws a line across; ``evidenzia`` lists the
    categories in the accent colour; ``impilate`` stacks the groups.
    """
    labels = drawing.words(drawing.chart.x)
    groups = drawing.groups()
    categories, series = unique(labels), unique(groups)
    stacked = bool(drawing.option("impilate"))
    lanes = 1 if stacked else len(series)
    figure = new_figure(1.9 + len(categories) * (0.26 + 0.36 * lanes))
    ax = figure.add_subplot()
    left = np.zeros(len(categories))
    for lane, group in enumerate(series):
        rows = [i for i, other in enumerate(groups) if other == group]
        places = [categories.index(labels[i]) for i in rows]
        offset = 0.0 if stacked else _offset(lane, lanes)
        _draw_group(ax, drawing, rows, np.array(places) + offset, 0.8 / lanes, left, places)
        if stacked:
            left[places] += np.nan_to_num(drawing.numbers(drawing.chart.y)[rows])
    _finish(ax, drawing, categories)
    if len(series) > 1:
        add_legend(figure, drawing, series)
    return Drawn(figure)


def _offset(lane: int, lanes: int) -> float:
    return (lane - (lanes - 1) / 2) * 0.8 / lanes


def _draw_group(
    ax: Axes,
    drawing: Drawing,
    rows: Sequence[int],
    places: np.ndarray,
    height: float,
    left: np.ndarray,
    lanes: Sequence[int],
) -> None:
    stacked = bool(drawing.option("impilate"))
    values = drawing.numbers(drawing.chart.y)[list(rows)]
    starts = left[list(lanes)] if stacked else np.zeros(len(rows))
    for row, place, value, start in zip(rows, places, values, starts, strict=True):
        colour, hatch = _face(drawing, row)
        size = 0.0 if np.isnan(value) else float(value)
        bars = ax.barh(place, size, height * 0.92, start, facecolor=colour, edgecolor="white")
        shade(bars.patches[0], hatch)
        word = drawing.word(drawing.column(drawing.chart.y)[row], drawing.chart.y)
        if not stacked:
            _write_value(ax, drawing, row, float(place), size, word)
        _draw_interval(ax, drawing, row, float(place))


def _face(drawing: Drawing, row: int) -> tuple[str, str]:
    palette: Palette = drawing.palette
    if drawing.chart.group:
        groups = drawing.groups()
        series = unique(groups)
        return palette.colour(groups[row], series), palette.hatch(groups[row], series)
    marked = [drawing.palette.name(drawing.text(name)) for name in drawing.option("evidenzia", ())]
    label = drawing.words(drawing.chart.x)[row]
    return (OKABE_ITO[3], "////") if label in marked else (OKABE_ITO[0], "")


def _write_value(
    ax: Axes, drawing: Drawing, row: int, place: float, size: float, word: str
) -> None:
    end = size
    if drawing.chart.high:
        high = drawing.numbers(drawing.chart.high)[row]
        end = size if np.isnan(high) else max(size, float(high))
    negative = size < 0
    ax.annotate(
        word,
        (size if negative else end, place),
        xytext=(-4 if negative else 4, 0),
        textcoords="offset points",
        va="center",
        ha="right" if negative else "left",
        fontsize=7.5,
        color=INK,
        path_effects=HALO,
        zorder=5,
    )


def _draw_interval(ax: Axes, drawing: Drawing, row: int, place: float) -> None:
    chart = drawing.chart
    if chart.low and chart.high:
        ends = drawing.numbers(chart.low)[row], drawing.numbers(chart.high)[row]
        ax.plot(ends, (place, place), color=INK, linewidth=1.1, solid_capstyle="butt")


def _finish(ax: Axes, drawing: Drawing, categories: list[str]) -> None:
    ax.set_yticks(range(len(categories)), [wrap(label, 34) for label in categories])
    ax.invert_yaxis()
    quiet_axes(ax, "x")
    format_axis(ax.xaxis, drawing.format_of(drawing.chart.y), drawing.language)
    ax.set_xlabel(drawing.unit())
    ax.axvline(0, color=MUTED, linewidth=0.8)
    ax.margins(x=0.1)
    low, high = ax.get_xlim()
    values = drawing.numbers(drawing.chart.y)
    ax.set_xlim(low if np.nanmin(values, initial=0.0) < 0 else 0, high if high > low else 1)
    add_reference(ax, drawing, "x")
