"""Series over time or over an ordered scale, each named at its end; events marked."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.dates import AutoDateLocator, date2num, num2date
from matplotlib.ticker import FuncFormatter, MaxNLocator

from bgest_analysis.blocks import ChartKind
from bgest_analysis.report.charts.drawing import (
    Drawing,
    Drawn,
    as_number,
    format_axis,
    new_figure,
    quiet_axes,
    spread,
    unique,
    wrap,
)
from bgest_analysis.report.charts.marks import add_reference
from bgest_analysis.report.theme import INK, MUTED

LABEL_GAP_PT = 10.5


def draw_lines(drawing: Drawing) -> Drawn:
    """Draw a line for each group, with a band where ``low`` and ``high`` are given.

    Options: ``eventi`` [[x, message], ...] marks events; ``riferimento`` [value, message] draws
    a level; ``evidenzia`` lists the groups with a thicker line; ``da_zero`` starts the value
    axis at zero; ``altezza_cm``. As ``gradini`` the lines are steps.
    """
    figure = new_figure(float(drawing.option("altezza_cm", 9.0)))
    ax = figure.add_subplot()
    x = x_values(drawing)
    groups = drawing.groups()
    series = unique(groups)
    ends = [_draw_series(ax, drawing, group, series, x) for group in series]
    _finish(ax, drawing, x)
    figure.draw_without_rendering()
    _name_ends(ax, series, ends)
    mark_events(ax, drawing)
    return Drawn(figure)


def x_values(drawing: Drawing) -> np.ndarray:
    """Return the places along x: dates as day numbers, numbers as they are, words in order."""
    cells = drawing.column(drawing.chart.x)
    if drawing.format_of(drawing.chart.x) == "date":
        return np.array([_day(cell) for cell in cells])
    numbers = np.array([as_number(cell) for cell in cells])
    if not np.isnan(numbers).any():
        return numbers
    words = drawing.words(drawing.chart.x)
    return np.array([unique(words).index(word) for word in words], dtype=float)


def _day(cell: Any) -> float:
    day = dt.date.fromisoformat(str(cell)[:10])
    return float(date2num(day))  # type: ignore[no-untyped-call]


def _draw_series(
    ax: Axes, drawing: Drawing, group: str, series: list[str], x: np.ndarray
) -> tuple[float, float]:
    chart, palette = drawing.chart, drawing.palette
    rows = np.array([other == group for other in drawing.groups()])
    order = np.argsort(x[rows], kind="stable")
    y = drawing.numbers(chart.y)[rows][order]
    colour = palette.colour(group, series)
    steps = chart.kind is ChartKind.GRADINI
    ax.plot(
        x[rows][order],
        y,
        color=colour,
        drawstyle="steps-post" if steps else "default",
        linestyle=palette.dash(group, series),
        marker="" if steps else palette.marker(group, series),
        markersize=4.5,
        markeredgecolor="white",
        markeredgewidth=0.5,
        linewidth=2.8 if _stands_out(drawing, group) else 1.6,
        label=group,
        zorder=3,
        clip_on=False,
    )
    if chart.low and chart.high:
        low, high = (drawing.numbers(key)[rows][order] for key in (chart.low, chart.high))
        ax.fill_between(
            x[rows][order],
            low,
            high,
            color=colour,
            alpha=0.15,
            linewidth=0,
            step="post" if steps else None,
        )
    known = np.flatnonzero(~np.isnan(y))
    last = known[-1] if known.size else 0
    return float(x[rows][order][last]), float(y[last])


def _stands_out(drawing: Drawing, group: str) -> bool:
    return group in {drawing.palette.name(drawing.text(g)) for g in drawing.option("evidenzia", ())}


def _finish(ax: Axes, drawing: Drawing, x: np.ndarray) -> None:
    quiet_axes(ax, "y")
    format_axis(ax.yaxis, drawing.format_of(drawing.chart.y), drawing.language)
    ax.set_ylabel(drawing.unit())
    if drawing.option("da_zero"):
        ax.set_ylim(bottom=0)
    _finish_x(ax, drawing, x)
    add_reference(ax, drawing, "y")


def _finish_x(ax: Axes, drawing: Drawing, x: np.ndarray) -> None:
    key, language = drawing.chart.x, drawing.language
    if drawing.chart.kind is ChartKind.GRADINI:
        ax.set_xlabel(drawing.heading(key))
    words = unique(drawing.words(key))
    if drawing.format_of(key) == "date":
        # Three ticks at least: with its own five it finds none for three and a half years to five.
        ax.xaxis.set_major_locator(AutoDateLocator(minticks=3, maxticks=8))  # type: ignore[no-untyped-call]
        ax.xaxis.set_major_formatter(FuncFormatter(_month))
    elif np.isnan([as_number(cell) for cell in drawing.column(key)]).any():
        ax.set_xticks(range(len(words)), [wrap(word, 14) for word in words])
    elif len(words) <= 12:
        ax.set_xticks(np.unique(x))
        format_axis(ax.xaxis, drawing.format_of(key), language)
    else:
        ax.xaxis.set_major_locator(MaxNLocator(integer=True, nbins=10))
        format_axis(ax.xaxis, drawing.format_of(key), language)


def _month(day: float, _: int | None = None) -> str:
    return f"{num2date(day):%m/%Y}"  # type: ignore[no-untyped-call]


def _name_ends(ax: Axes, series: list[str], ends: list[tuple[float, float]]) -> None:
    """Write each name at the end of its line, moved apart, tied to it by a thin rule."""
    named = [
        (name, end) for name, end in zip(series, ends, strict=True) if name and end[1] == end[1]
    ]
    if not named:
        return
    pixels = 72 / ax.get_figure().dpi  # type: ignore[union-attr]
    heights = [float(ax.transData.transform(end)[1]) * pixels for _, end in named]
    right = max(end[0] for _, end in named)
    for (name, end), height, wished in zip(
        named, spread(heights, LABEL_GAP_PT), heights, strict=True
    ):
        ax.annotate(
            name,
            end,
            xytext=(14, height - wished),
            textcoords="offset points",
            va="center",
            fontsize=8,
            color=INK,
            annotation_clip=False,
            arrowprops={"arrowstyle": "-", "color": MUTED, "linewidth": 0.5, "shrinkB": 3},
        )
    ax.set_xlim(right=right)


def mark_events(ax: Axes, drawing: Drawing) -> None:
    """Mark the option ``eventi`` [[x, message], ...] by dotted lines, near names at two heights."""
    events = [_event(drawing, item) for item in drawing.option("eventi", ())]
    low, high = ax.get_xlim()
    free_from = -np.inf
    for place, name in sorted(events, key=lambda event: event[0]):
        if not low <= place <= high:
            continue
        raised = place < free_from
        free_from = place + (high - low) * 0.16 if not raised else free_from
        ax.axvline(place, color=MUTED, linewidth=0.9, linestyle=(0, (2, 2)), zorder=1)
        ax.annotate(
            drawing.text(name),
            (place, 1.0),
            xycoords=ax.get_xaxis_transform(),
            xytext=(0, 14 if raised else 3),
            textcoords="offset points",
            ha="center",
            va="bottom",
            fontsize=7.5,
            color=INK,
        )


def _event(drawing: Drawing, item: Any) -> tuple[float, Any]:
    parts = (item["data"], item["testo"]) if isinstance(item, Mapping) else item
    return _event_place(drawing, parts[0]), parts[1]


def _event_place(drawing: Drawing, cell: Any) -> float:
    chart = drawing.chart
    if drawing.format_of(chart.low if chart.kind is ChartKind.GANTT else chart.x) == "date":
        return _day(cell)
    if isinstance(cell, int | float):
        return float(cell)
    text = str(cell)
    if len(text) == 10 and text[4] == "-":  # a date on an axis of years
        day = dt.date.fromisoformat(text)
        return day.year + (day.timetuple().tm_yday - 1) / 365.25
    return float(unique(drawing.words(drawing.chart.x)).index(text))
