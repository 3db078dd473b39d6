"""Estimates with their intervals, and scatters with named points."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from bgest_analysis.report.charts.drawing import (
    Drawing,
    Drawn,
    format_axis,
    new_figure,
    quiet_axes,
    unique,
    wrap,
)
from bgest_analysis.report.charts.marks import HALO, add_reference, put_legend
from bgest_analysis.report.theme import INK, OKABE_ITO


def draw_points(drawing: Drawing) -> Drawn:
    """Draw a dot and its interval for each category, one lane a group.

    Options: ``riferimento`` [value, message] draws a line across.
    """
    labels, groups = drawing.words(drawing.chart.x), drawing.groups()
    categories, series = unique(labels), unique(groups)
    figure = new_figure(2.0 + len(categories) * (0.3 + 0.31 * len(series)))
    ax = figure.add_subplot()
    for lane, group in enumerate(series):
        rows = [i for i, other in enumerate(groups) if other == group]
        offset = (lane - (len(series) - 1) / 2) * 0.7 / len(series)
        for row in rows:
            _draw_point(ax, drawing, row, categories.index(labels[row]) + offset, group, series)
    _finish(ax, drawing, categories)
    if len(series) > 1:
        _legend(figure, drawing, series)
    return Drawn(figure)


def _draw_point(
    ax: Axes, drawing: Drawing, row: int, place: float, group: str, series: list[str]
) -> None:
    chart = drawing.chart
    value = drawing.numbers(chart.y)[row]
    colour = drawing.palette.colour(group, series)
    word = drawing.word(drawing.column(chart.y)[row], chart.y)
    end = value
    if chart.low and chart.high:
        low, high = drawing.numbers(chart.low)[row], drawing.numbers(chart.high)[row]
        ax.plot((low, high), (place, place), color=colour, linewidth=2.2, solid_capstyle="round")
        end = value if np.isnan(high) else high
    ax.plot(
        value,
        place,
        color=colour,
        marker=drawing.palette.marker(group, series),
        markersize=6.5,
        markeredgecolor="white",
        markeredgewidth=0.8,
    )
    where = (0.0, place) if np.isnan(end) else (float(end), place)
    coords = ax.get_yaxis_transform() if np.isnan(end) else ax.transData
    ax.annotate(
        word,
        where,
        xycoords=coords,
        xytext=(5, 0),
        textcoords="offset points",
        va="center",
        fontsize=7.5,
        color=INK,
        path_effects=HALO,
        zorder=5,
    )


def _finish(ax: Axes, drawing: Drawing, categories: list[str]) -> None:
    ax.set_yticks(range(len(categories)), [wrap(label, 34) for label in categories])
    ax.set_ylim(len(categories) - 0.4, -0.6)
    quiet_axes(ax, "x")
    ax.grid(axis="y", visible=False)
    format_axis(ax.xaxis, drawing.format_of(drawing.chart.y), drawing.language)
    ax.set_xlabel(drawing.unit())
    ax.margins(x=0.12)
    add_reference(ax, drawing, "x")


def _legend(figure: Figure, drawing: Drawing, series: list[str]) -> None:
    palette = drawing.palette
    handles = [
        Line2D(
            [],
            [],
            color=palette.colour(group, series),
            marker=palette.marker(group, series),
            linewidth=2.2,
            label=group,
        )
        for group in series
    ]
    put_legend(figure, handles)


def draw_scatter(drawing: Drawing) -> Drawn:
    """Draw a named point for each row: ``x``, ``y`` numbers, ``label`` the name.

    Options: ``riferimento`` [value of y, message]; ``riferimento_x`` [value of x, message].
    """
    chart = drawing.chart
    figure = new_figure(10.5)
    ax = figure.add_subplot()
    names = drawing.words(chart.label) if chart.label else [""] * len(drawing.grid.rows)
    groups = drawing.groups() if chart.group else names
    series = unique(groups)
    for row, (x, y) in enumerate(
        zip(drawing.numbers(chart.x), drawing.numbers(chart.y), strict=True)
    ):
        ax.plot(
            x,
            y,
            linestyle="",
            color=drawing.palette.colour(groups[row], series) if names[row] else OKABE_ITO[0],
            marker=drawing.palette.marker(groups[row], series) if names[row] else "o",
            markersize=7,
            markeredgecolor="white",
            markeredgewidth=0.8,
        )
    quiet_axes(ax, "both")
    ax.set_xlabel(drawing.heading(chart.x))
    ax.set_ylabel(drawing.unit() or drawing.heading(chart.y))
    format_axis(ax.xaxis, drawing.format_of(chart.x), drawing.language)
    format_axis(ax.yaxis, drawing.format_of(chart.y), drawing.language)
    ax.margins(0.12)
    add_reference(ax, drawing, "y")
    figure.draw_without_rendering()
    name_points(ax, drawing.numbers(chart.x), drawing.numbers(chart.y), names)
    return Drawn(figure)


def name_points(ax: Axes, x: np.ndarray, y: np.ndarray, names: list[str]) -> None:
    """Write each name beside its point, on the side where it covers the fewest points."""
    figure = ax.get_figure(root=True)
    if figure is None:
        return
    scale = 72 / figure.dpi
    points = ax.transData.transform(np.column_stack([x, y])) * scale
    taken: list[Box] = [
        (px - 4, py - 4, px + 4, py + 4) for px, py in points if px == px and py == py
    ]
    for (px, py), place, name in zip(points, zip(x, y, strict=True), names, strict=True):
        if not name or px != px or py != py:
            continue
        dx, dy, align, box = _best_side(px, py, 4.9 * len(name), taken)
        taken.append(box)
        ax.annotate(
            name,
            (float(place[0]), float(place[1])),
            xytext=(dx, dy),
            textcoords="offset points",
            ha=align,
            va="center",
            fontsize=8,
            color=INK,
            path_effects=HALO,
            zorder=5,
        )


Box = tuple[float, float, float, float]
_SIDES = (
    (7, 0, "left"),
    (-7, 0, "right"),
    (0, 11, "center"),
    (0, -11, "center"),
    (9, 12, "left"),
    (9, -12, "left"),
    (-9, 12, "right"),
    (-9, -12, "right"),
)


def _best_side(px: float, py: float, width: float, taken: list[Box]) -> tuple[int, int, str, Box]:
    places = [
        (dx, dy, align, _label_box(px + dx, py + dy, width, align)) for dx, dy, align in _SIDES
    ]
    return min(places, key=lambda place: sum(_overlap(place[3], other) for other in taken))


def _label_box(x: float, y: float, width: float, align: str) -> Box:
    start = x - {"left": 0.0, "right": width, "center": width / 2}[align]
    return start, y - 5, start + width, y + 5


def _overlap(a: Box, b: Box) -> bool:
    return a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]
