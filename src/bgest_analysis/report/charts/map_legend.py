"""What stands beside a map: the classes and how many areas are in each, the scale, the north."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.figure import Figure
from matplotlib.patches import Patch

from bgest_analysis.report.charts.classes import class_colours, class_of
from bgest_analysis.report.charts.drawing import Drawing, wrap
from bgest_analysis.report.theme import INK, MISSING_FACE, MUTED
from bgest_analysis.text.formats import Hidden, format_value
from bgest_analysis.text.messages import T


def draw_legend(figure: Figure, drawing: Drawing, breaks: Sequence[float], *, gaps: bool) -> None:
    """Draw a patch for each class with its range and count, and one for what is not shown."""
    left = beside_map(figure)
    ax = figure.add_axes((left, 0.05, 0.285, 0.94))
    ax.set_axis_off()
    handles = _class_patches(drawing, breaks)
    if gaps:
        handles.append(_missing_patch(drawing))
    legend = ax.legend(
        handles=handles,
        title=wrap(drawing.unit() or drawing.heading(drawing.chart.y), 28),
        loc="upper left",
        borderaxespad=0,
        labelspacing=0.35,
        handlelength=1.8,
        handleheight=1.2,
        alignment="left",
    )
    legend.get_title().set_fontsize(8)


def _class_patches(drawing: Drawing, breaks: Sequence[float]) -> list[Patch]:
    values = drawing.numbers(drawing.chart.y)
    known = values[~np.isnan(values)]
    if not known.size:
        return []
    classes = np.array([class_of(value, breaks) for value in known], dtype=int)
    edges = [float(known.min()), *breaks, float(known.max())]
    patches = []
    for i, colour in enumerate(class_colours(breaks)):
        words = _range_text(drawing, edges[i], edges[i + 1])
        count = T("{words}  (n={count:int})", words=words, count=int((classes == i).sum()))
        label = count.render(drawing.language)
        patches.append(Patch(facecolor=colour, edgecolor=MUTED, linewidth=0.4, label=label))
    return patches


def _range_text(drawing: Drawing, low: float, high: float) -> str:
    spec, language = drawing.format_of(drawing.chart.y), drawing.language
    return f"{format_value(low, spec, language)} – {format_value(high, spec, language)}"


def _missing_patch(drawing: Drawing) -> Patch:
    cells = drawing.column(drawing.chart.y)
    words = T("n.d. o protetto") if any(isinstance(c, Hidden) for c in cells) else T("n.d.")
    return Patch(
        facecolor=MISSING_FACE,
        edgecolor=MUTED,
        hatch="/////",
        linewidth=0.4,
        label=words.render(drawing.language),
    )


def beside_map(figure: Figure) -> float:
    """Return where the map (the first axes) ends, with a little room, as a share of the width."""
    figure.axes[0].apply_aspect()
    right = float(figure.axes[0].get_position().x1)
    return min(max(right + 0.03, 0.3), 0.71)


def scale_length(width_m: float) -> int:
    """Return a round length in km, near a quarter of the map's width."""
    wanted = width_m / 4000
    return max((length for length in (1, 2, 5, 10, 20, 50) if length <= wanted), default=1)


def draw_scale_and_north(figure: Figure, drawing: Drawing) -> None:
    """Draw the scale bar in the units of the map (the first axes), and an arrow to the north."""
    main = figure.axes[0]
    main.apply_aspect()
    west, east = main.get_xlim()
    kilometres = scale_length(east - west)
    per_metre = main.get_position().width / (east - west)
    ax = figure.add_axes((0, 0, 1, 1), frameon=False)
    ax.set_axis_off()
    ax.set_xlim(0, 1)
    ax.set_ylim(0, 1)
    left, base, length = beside_map(figure) + 0.02, 0.085, kilometres * 1000 * per_metre
    ends = (left, left, left + length, left + length)
    ax.plot(ends, (base + 0.012, base, base, base + 0.012), color=INK, linewidth=1)
    distance = T("{n:int} km", n=kilometres).render(drawing.language)
    ax.text(left + length / 2, base + 0.018, distance, fontsize=7, ha="center", va="bottom")
    x = left + 0.22
    ax.annotate(
        "",
        (x, base + 0.075),
        xytext=(x, base - 0.01),
        arrowprops={"arrowstyle": "-|>", "color": INK, "linewidth": 1.1, "mutation_scale": 11},
    )
    ax.text(x, base + 0.08, "N", fontsize=8, ha="center", va="bottom", weight="bold")
