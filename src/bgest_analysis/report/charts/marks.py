"""Marks shared by the forms: reference lines, legends, hatches, the synthetic stamp."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Patch
from matplotlib.patheffects import withStroke

from bgest_analysis.report.charts.drawing import Drawing
from bgest_analysis.report.theme import INK, MUTED, WIDTH_CM

HALO = [withStroke(linewidth=2.2, foreground="white")]


def shade(patch: Any, hatch: str) -> None:
    """Give a patch a white hatch, so that it differs from others without its colour."""
    if hatch:
        patch.set_hatch(hatch)


def add_legend(figure: Figure, drawing: Drawing, series: list[str]) -> None:
    """Put a legend of colour and hatch above the axes."""
    palette = drawing.palette
    handles = []
    for group in series:
        patch = Patch(facecolor=palette.colour(group, series), edgecolor="white", label=group)
        shade(patch, palette.hatch(group, series))
        handles.append(patch)
    put_legend(figure, handles)


def put_legend(figure: Figure, handles: Sequence[Any]) -> None:
    """Put a legend above the axes, in as many columns as the width of the page takes."""
    widths = [1.4 + 0.15 * len(str(handle.get_label())) for handle in handles]
    fits = sum(widths) <= WIDTH_CM
    columns = len(handles) if fits else max(1, int(WIDTH_CM / max(widths)))
    figure.legend(
        handles=list(handles),
        loc="outside upper left",
        ncols=columns,
        borderaxespad=0.2,
        handlelength=1.6,
        columnspacing=1.4,
    )


def pair(item: Any) -> tuple[Any, Any]:
    """Return the two ends of a link, written as a list or as an object with ``da`` and ``a``."""
    return (item["da"], item["a"]) if isinstance(item, Mapping) else (item[0], item[1])


def references(drawing: Drawing) -> list[tuple[float, str]]:
    """Return the values to mark across, with their names.

    Options: ``riferimento`` [value, message], or ``riferimenti`` [{valore, testo}, ...].
    """
    one = drawing.option("riferimento")
    found = [one] if one else []
    found += [(item["valore"], item["testo"]) for item in drawing.option("riferimenti", ())]
    return [(float(value), drawing.text(name)) for value, name in found]


def add_reference(ax: Axes, drawing: Drawing, axis: str) -> None:
    """Draw each reference value as a dashed line with its name."""
    for value, name in references(drawing):
        _draw_reference(ax, value, name, axis)


def _draw_reference(ax: Axes, value: float, name: str, axis: str) -> None:
    style: dict[str, Any] = {"color": INK, "linewidth": 1, "linestyle": (0, (4, 2))}
    if axis == "x":
        ax.axvline(value, **style)
        place: tuple[float, float] = (value, 1.0)
        kwargs: dict[str, Any] = {"xycoords": ax.get_xaxis_transform(), "ha": "center"}
        kwargs |= {"va": "bottom", "xytext": (0, 2)}
    else:
        ax.axhline(value, **style)
        place = (0.0, value)
        kwargs = {"xycoords": ax.get_yaxis_transform(), "ha": "left"}
        kwargs |= {"va": "bottom", "xytext": (2, 2)}
    ax.annotate(name, place, textcoords="offset points", fontsize=7.5, color=INK, **kwargs)


def add_stamp(figure: Figure, text: str) -> None:
    """Write across a figure that its data are synthetic."""
    figure.text(
        0.5,
        0.5,
        text,
        fontsize=26,
        color=MUTED,
        alpha=0.22,
        ha="center",
        va="center",
        rotation=24,
        weight="bold",
        zorder=10,
    )
