"""Class breaks of a choropleth: few, round, and the same for the legend and the map."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from matplotlib import colormaps
from matplotlib.colors import to_hex

from bgest_analysis.report.theme import DIVERGING, SEQUENTIAL


def breaks_of(values: np.ndarray, classes: int | Sequence[float]) -> list[float]:
    """Return the inner class breaks.

    Parameters
    ----------
    values
        Shape (n,), NaN ignored.
    classes
        The breaks themselves, or how many classes of about equal size to make. When values lie
        on both sides of zero, zero is a break.
    """
    if not isinstance(classes, int):
        return sorted(float(edge) for edge in classes)
    known = values[~np.isnan(values)]
    if known.size < 2 or known.min() == known.max():
        return []
    count = min(classes, max(2, known.size // 2))
    quantiles = np.quantile(known, np.arange(1, count) / count)
    step = _round_step(float(known.max() - known.min()) / count)
    rounded = {round(round(edge / step) * step, 12) + 0.0 for edge in quantiles}
    if known.min() < 0 < known.max():
        rounded.add(0.0)
    edges = sorted(edge for edge in rounded if known.min() < edge <= known.max())
    return _without_empty(known, edges)


def _without_empty(known: np.ndarray, edges: list[float]) -> list[float]:
    """Drop the breaks above which, up to the next, there is no value; zero always stays."""
    kept: list[float] = []
    for place, edge in enumerate(edges):
        above = edges[place + 1] if place + 1 < len(edges) else np.inf
        if edge == 0 or ((known >= edge) & (known < above)).any():
            kept.append(edge)
    return kept


def _round_step(width: float) -> float:
    """Return a step of 1, 2 or 5 times a power of ten, about a tenth of a class."""
    power = 10.0 ** math.floor(math.log10(width / 10))
    return next((m * power for m in (1, 2, 5) if m * power >= width / 10), 10 * power)


def class_of(value: float, breaks: Sequence[float]) -> int:
    """Return the class of a value: a break belongs to the class above it."""
    return int(np.searchsorted(np.asarray(breaks), value, side="right"))


def class_colours(breaks: Sequence[float]) -> list[str]:
    """Return a colour a class: cividis, or a diverging scale when a break is zero."""
    n = len(breaks) + 1
    if 0.0 not in breaks:
        return [to_hex(colour) for colour in colormaps[SEQUENTIAL](np.linspace(0.97, 0.06, n))]
    below = list(breaks).index(0.0) + 1
    reach = max(below, n - below)
    steps = [*(-np.arange(below, 0, -1) + 0.5), *(np.arange(n - below) + 0.5)]
    places = 0.5 + 0.45 * np.array(steps) / (reach - 0.5 if reach > 1 else 1)
    return [to_hex(colour) for colour in colormaps[DIVERGING](places)]
