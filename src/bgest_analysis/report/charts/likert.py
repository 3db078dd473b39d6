"""Answers on a scale as bars that part at the middle of the scale."""

from __future__ import annotations

import numpy as np
from matplotlib import colormaps
from matplotlib.axes import Axes
from matplotlib.colors import to_hex
from matplotlib.figure import Figure
from matplotlib.patches import Patch

from bgest_analysis.report.charts.drawing import (
    Drawing,
    Drawn,
    NumberFormatter,
    new_figure,
    quiet_axes,
    unique,
    wrap,
)
from bgest_analysis.report.charts.marks import put_legend
from bgest_analysis.report.theme import DIVERGING, HATCHES, INK, MUTED

NARROW = 0.06  # a share too small to hold its own label


def draw_likert(drawing: Drawing) -> Drawn:
    """Draw ``x`` items, ``group`` answers from most negative to most positive, ``y`` shares.

    An item with a hidden share is drawn as far as it is known and says so at its end.
    """
    chart = drawing.chart
    labels, groups = drawing.words(chart.x), drawing.groups()
    items, answers = unique(labels), unique(groups)
    figure = new_figure(2.4 + 0.85 * len(items))
    ax = figure.add_subplot()
    shares = np.full((len(items), len(answers)), np.nan)
    words = [["" for _ in answers] for _ in items]
    for i, value in enumerate(drawing.numbers(chart.y)):
        place = items.index(labels[i]), answers.index(groups[i])
        shares[place] = value
        words[place[0]][place[1]] = drawing.word(drawing.column(chart.y)[i], chart.y)
    for row in range(len(items)):
        _draw_item(ax, row, shares[row], words[row])
    _finish(figure, ax, drawing, items, answers)
    return Drawn(figure)


def middle_of(shares: np.ndarray) -> float:
    """Return how much of a row stands left of zero: the lower half, and half a middle answer."""
    known = np.nan_to_num(shares)
    half = len(known) // 2
    return float(known[:half].sum() + (known[half] / 2 if len(known) % 2 else 0))


def _faces(count: int) -> list[str]:
    return [to_hex(colour) for colour in colormaps[DIVERGING](np.linspace(0.15, 0.85, count))]


def _draw_item(ax: Axes, row: int, shares: np.ndarray, words: list[str]) -> None:
    left = -middle_of(shares)
    faces = _faces(len(shares))
    hidden = []
    for place, (share, word) in enumerate(zip(shares, words, strict=True)):
        if np.isnan(share):
            hidden.append(word)
            continue
        hatch = HATCHES[1] if place == 0 else HATCHES[3] if place == len(shares) - 1 else ""
        ax.barh(
            row, share, 0.72, left, facecolor=faces[place], edgecolor="white", hatch=hatch, lw=0.8
        )
        if share >= NARROW:
            dark = 0 < place < len(shares) - 1
            box = None if dark else {"facecolor": "white", "edgecolor": "none", "pad": 1.2}
            ax.text(left + share / 2, row, word, ha="center", va="center", fontsize=7.2, bbox=box)
        left += share
    if any(hidden):
        note = ", ".join(dict.fromkeys(word for word in hidden if word))
        ax.annotate(note, (left, row), xytext=(4, 0), textcoords="offset points", va="center")


def _finish(
    figure: Figure, ax: Axes, drawing: Drawing, items: list[str], answers: list[str]
) -> None:
    ax.set_yticks(range(len(items)), [wrap(item, 34) for item in items])
    ax.invert_yaxis()
    quiet_axes(ax, "x")
    ax.axvline(0, color=MUTED, linewidth=0.8)
    ax.xaxis.set_major_formatter(_Mirrored(drawing.format_of(drawing.chart.y), drawing.language))
    ax.set_xlabel(drawing.unit())
    handles = [
        Patch(facecolor=face, edgecolor="white", label=answer)
        for face, answer in zip(_faces(len(answers)), answers, strict=True)
    ]
    handles[0].set_hatch(HATCHES[1])
    handles[-1].set_hatch(HATCHES[3])
    put_legend(figure, handles)
    ax.tick_params(axis="y", labelcolor=INK)


class _Mirrored(NumberFormatter):
    """Shares to the left of zero are shares too: no minus sign."""

    def __call__(self, x: float, pos: int | None = None) -> str:
        return super().__call__(abs(x), pos)
