"""Funnel plots: a ratio against what was expected, with the limits chance alone would draw."""

from __future__ import annotations

from matplotlib.axes import Axes

from bgest_analysis.report.charts.drawing import (
    Drawing,
    Drawn,
    format_axis,
    new_figure,
    quiet_axes,
    unique,
)
from bgest_analysis.report.charts.marks import add_reference
from bgest_analysis.report.charts.points import name_points
from bgest_analysis.report.theme import MUTED

STYLES = ((0, (4, 2)), "-")


def draw_funnel(drawing: Drawing) -> Drawn:
    """Draw ``x`` expected, ``y`` ratio, ``label`` names.

    Options: ``limiti`` [[x, low95, high95, low998, high998], ...] in order of x (the last two
    may be left out); ``riferimento`` [value, message].
    """
    chart = drawing.chart
    figure = new_figure(10.5)
    ax = figure.add_subplot()
    _draw_limits(ax, [list(map(float, row)) for row in drawing.option("limiti", ())])
    names = drawing.words(chart.label) if chart.label else [""] * len(drawing.grid.rows)
    series = unique(names)
    x, y = drawing.numbers(chart.x), drawing.numbers(chart.y)
    for place_x, place_y, name in zip(x, y, names, strict=True):
        ax.plot(
            place_x,
            place_y,
            marker=drawing.palette.marker(name, series),
            color=drawing.palette.colour(name, series),
            markersize=7,
            markeredgecolor="white",
        )
    quiet_axes(ax, "both")
    ax.set_xlabel(drawing.heading(chart.x))
    ax.set_ylabel(drawing.unit() or drawing.heading(chart.y))
    format_axis(ax.xaxis, drawing.format_of(chart.x), drawing.language)
    format_axis(ax.yaxis, drawing.format_of(chart.y), drawing.language)
    ax.margins(0.08)
    add_reference(ax, drawing, "y")
    figure.draw_without_rendering()
    name_points(ax, x, y, names)
    return Drawn(figure)


def _draw_limits(ax: Axes, limits: list[list[float]]) -> None:
    if not limits:
        return
    across = [row[0] for row in limits]
    for column in range(1, len(limits[0])):
        style = STYLES[(column - 1) // 2]
        ax.plot(across, [row[column] for row in limits], color=MUTED, linewidth=1, linestyle=style)
