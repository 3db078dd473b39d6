"""Networks: nodes where they were placed and their ties; or organs and who sits in each."""

from __future__ import annotations

from typing import Any

from matplotlib.axes import Axes
from matplotlib.patches import FancyBboxPatch

from bgest_analysis.report.charts.drawing import Drawing, Drawn, new_figure, unique, wrap
from bgest_analysis.report.charts.marks import add_legend, pair
from bgest_analysis.report.charts.points import name_points
from bgest_analysis.report.theme import INK, MUTED, OKABE_ITO, WIDTH_CM

ORGANIGRAM = "organigramma"
LINE_CM = 0.34


def draw_network(drawing: Drawing) -> Drawn:
    """Draw a sociogram: ``x``, ``y`` places, ``label`` names, ``group`` kinds of node.

    Options: ``archi`` [[from, to, weight], ...] by the nodes' labels; ``forma`` "organigramma"
    draws instead the organs (``x``) one above the other with the seats (``label``) in each.
    """
    if drawing.option("forma") == ORGANIGRAM:
        return _draw_organs(drawing)
    chart = drawing.chart
    figure = new_figure(12.0)
    ax = figure.add_subplot()
    x, y = drawing.numbers(chart.x), drawing.numbers(chart.y)
    names, groups = drawing.words(chart.label), drawing.groups()
    series = unique(groups)
    _draw_ties(ax, drawing, dict(zip(names, zip(x, y, strict=True), strict=True)))
    for place_x, place_y, group in zip(x, y, groups, strict=True):
        ax.plot(
            place_x,
            place_y,
            marker=drawing.palette.marker(group, series),
            color=drawing.palette.colour(group, series),
            markersize=9,
            markeredgecolor="white",
            zorder=3,
        )
    ax.set_axis_off()
    ax.margins(0.12)
    if len(series) > 1:
        add_legend(figure, drawing, series)
    figure.draw_without_rendering()
    name_points(ax, x, y, names)
    return Drawn(figure)


def _draw_ties(ax: Axes, drawing: Drawing, places: dict[str, tuple[float, float]]) -> None:
    ties = [(*pair(item), _weight(item)) for item in drawing.option("archi", ())]
    heaviest = max((weight for *_, weight in ties), default=1.0)
    for start, end, weight in ties:
        a, b = (places[drawing.palette.name(drawing.text(name))] for name in (start, end))
        width = 0.5 + 2.5 * weight / heaviest
        ax.plot((a[0], b[0]), (a[1], b[1]), color=MUTED, alpha=0.55, linewidth=width, zorder=1)


def _weight(item: Any) -> float:
    if isinstance(item, dict):
        return float(item.get("peso", 1))
    return float(item[2]) if len(item) > 2 else 1.0


def _draw_organs(drawing: Drawing) -> Drawn:
    chart = drawing.chart
    organs, seats, groups = drawing.words(chart.x), drawing.words(chart.label), drawing.groups()
    series = unique(groups)
    levels = [_rows_of_boxes(seats, organs, organ) for organ in unique(organs)]
    heights = [sum(height for _, height in level) + 0.9 for level in levels]
    figure = new_figure(sum(heights) + 0.4 * len(heights) + (0.9 if len(series) > 1 else 0.2))
    ax = figure.add_subplot()
    top = 0.0
    for organ, level, height in zip(unique(organs), levels, heights, strict=True):
        _draw_level(ax, drawing, organ, level, (top, height), groups)
        top += height + 0.4
    ax.set_xlim(0, WIDTH_CM)
    ax.set_ylim(top, 0)
    ax.set_axis_off()
    if len(series) > 1:
        add_legend(figure, drawing, series)
    return Drawn(figure)


def _rows_of_boxes(
    seats: list[str], organs: list[str], organ: str
) -> list[tuple[list[int], float]]:
    """Return rows of at most three seats (by their place in the grid), each with its height."""
    mine = [i for i, other in enumerate(organs) if other == organ]
    rows = [mine[i : i + 3] for i in range(0, len(mine), 3)]
    lines = [max(wrap(seats[i], 30).count("\n") + 1 for i in row) for row in rows]
    return [(row, count * LINE_CM + 0.55) for row, count in zip(rows, lines, strict=True)]


def _draw_level(
    ax: Axes,
    drawing: Drawing,
    organ: str,
    level: list[tuple[list[int], float]],
    place: tuple[float, float],
    groups: list[str],
) -> None:
    top, height = place
    ax.add_patch(_box(0.05, top, WIDTH_CM - 0.1, height, "#f4f6f8", MUTED))
    ax.text(0.3, top + 0.42, organ, fontsize=9, weight="bold", va="center", color=INK)
    seats, series = drawing.words(drawing.chart.label), unique(groups)
    base = top + 0.8
    for row, row_height in level:
        width = (WIDTH_CM - 0.5) / 3
        for lane, i in enumerate(row):
            left = 0.25 + lane * width
            colour = drawing.palette.colour(groups[i], series) if groups[i] else OKABE_ITO[0]
            ax.add_patch(_box(left, base, width - 0.2, row_height - 0.2, "white", colour))
            middle = left + (width - 0.2) / 2, base + (row_height - 0.2) / 2
            ax.text(*middle, wrap(seats[i], 30), fontsize=7.2, ha="center", va="center")
        base += row_height


def _box(x: float, y: float, width: float, height: float, face: str, edge: str) -> FancyBboxPatch:
    style = "round,pad=0,rounding_size=0.12"
    return FancyBboxPatch(
        (x, y), width, height, boxstyle=style, facecolor=face, edgecolor=edge, linewidth=1.1
    )
