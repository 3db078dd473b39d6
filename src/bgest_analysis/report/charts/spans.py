"""Periods along a calendar (Gantt), and amounts that add up or are taken away (waterfall)."""

from __future__ import annotations

import datetime as dt
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.dates import date2num

from bgest_analysis.report.charts.drawing import (
    Drawing,
    Drawn,
    format_axis,
    new_figure,
    quiet_axes,
    show,
    unique,
    wrap,
)
from bgest_analysis.report.charts.lines import mark_events
from bgest_analysis.report.charts.marks import add_legend, shade
from bgest_analysis.report.theme import HATCHES, INK, MUTED, OKABE_ITO
from bgest_analysis.text.formats import is_missing

DAYS_OF_YEAR = 365.25


def draw_gantt(drawing: Drawing) -> Drawn:
    """Draw ``x`` names with their periods ``low`` to ``high`` (dates), ``group`` kinds.

    A period without a start or an end is drawn to the edge with an arrow. Options: ``eventi``.
    """
    chart = drawing.chart
    names, groups = drawing.words(chart.x), drawing.groups()
    lanes, series = unique(names), unique(groups)
    figure = new_figure(2.4 + 0.72 * len(lanes))
    ax = figure.add_subplot()
    starts = [_day(cell) for cell in drawing.column(chart.low)]
    ends = [_day(cell) for cell in drawing.column(chart.high)]
    known = [day for day in (*starts, *ends) if day is not None]
    first, last = (min(known), max(known)) if known else (0.0, DAYS_OF_YEAR)
    edge = max((last - first) * 0.04, 30)
    for row, name in enumerate(names):
        colour = drawing.palette.colour(groups[row], series)
        hatch = drawing.palette.hatch(groups[row], series)
        span = (starts[row], ends[row])
        _draw_period(ax, lanes.index(name), span, (first - edge, last + edge), colour, hatch)
    _finish_gantt(ax, drawing, lanes, (first - edge, last + edge))
    if len(series) > 1:
        add_legend(figure, drawing, series)
    return Drawn(figure)


def _day(cell: Any) -> float | None:
    if is_missing(cell):
        return None
    return float(date2num(dt.date.fromisoformat(str(cell)[:10])))  # type: ignore[no-untyped-call]


def _draw_period(
    ax: Axes,
    lane: int,
    span: tuple[float | None, float | None],
    edges: tuple[float, float],
    colour: str,
    hatch: str,
) -> None:
    start = edges[0] if span[0] is None else span[0]
    end = edges[1] if span[1] is None else span[1]
    bars = ax.barh(lane, end - start, 0.6, start, facecolor=colour, edgecolor="white")
    shade(bars.patches[0], hatch)
    for known, place, sign in ((span[0], start, "<"), (span[1], end, ">")):
        if known is None:
            ax.plot(place, lane, marker=sign, color=INK, markersize=6, clip_on=False)


def _finish_gantt(ax: Axes, drawing: Drawing, lanes: list[str], edges: tuple[float, float]) -> None:
    ax.set_yticks(range(len(lanes)), [wrap(name, 34) for name in lanes])
    ax.set_ylim(len(lanes) - 0.4, -0.6)
    ax.set_xlim(*edges)
    quiet_axes(ax, "x")
    years = range(_year(edges[0]), _year(edges[1]) + 1)
    places = [_day(f"{year}-01-01") for year in years]
    ax.set_xticks([place for place in places if place is not None], [str(year) for year in years])
    ax.set_xlim(*edges)
    mark_events(ax, drawing)


def _year(day: float) -> int:
    return (dt.date(1970, 1, 1) + dt.timedelta(days=int(day))).year


def draw_waterfall(drawing: Drawing) -> Drawn:
    """Draw ``y`` amounts added one after the other along ``x``.

    Options: ``totali`` lists the ``x`` that are totals, drawn from zero.
    """
    chart = drawing.chart
    names, values = drawing.words(chart.x), np.nan_to_num(drawing.numbers(chart.y))
    totals = {drawing.text(name) for name in drawing.option("totali", ())}
    figure = new_figure(9.5)
    ax = figure.add_subplot()
    level = 0.0
    for place, (name, value) in enumerate(zip(names, values, strict=True)):
        total = name in totals
        base = 0.0 if total else level
        level = float(value) if total else level + float(value)
        _draw_step(ax, place, base, float(value), total=total)
        word = show(drawing.column(chart.y)[place], drawing.format_of(chart.y), drawing.language)
        top = max(base, base + float(value))
        ax.annotate(
            word,
            (place, top),
            xytext=(0, 3),
            textcoords="offset points",
            ha="center",
            fontsize=7.5,
        )
        if place + 1 < len(names):
            ax.plot((place - 0.36, place + 1.36), (level, level), color=MUTED, linewidth=0.7)
    ax.set_xticks(range(len(names)), [wrap(name, 13) for name in names])
    quiet_axes(ax, "y")
    format_axis(ax.yaxis, drawing.format_of(chart.y), drawing.language)
    ax.set_ylabel(drawing.unit())
    ax.axhline(0, color=MUTED, linewidth=0.8)
    ax.margins(y=0.1)
    return Drawn(figure)


def _draw_step(ax: Axes, place: int, base: float, value: float, *, total: bool) -> None:
    colour = MUTED if total else OKABE_ITO[0] if value >= 0 else OKABE_ITO[3]
    bars = ax.bar(place, value, 0.72, base, facecolor=colour, edgecolor="white")
    shade(bars.patches[0], HATCHES[1] if value < 0 and not total else "")
