"""Class breaks of a choropleth: few, round, and the same for the legend and the map."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np


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
    quantiles = np.quantile(known, np.arange(1, classes) / classes)
    step = _round_step(float(known.max() - known.min()) / classes)
    rounded = {round(round(edge / step) * step, 12) + 0.0 for edge in quantiles}
    if known.min() < 0 < known.max():
        rounded.add(0.0)
    return sorted(edge for edge in rounded if known.min() < edge <= known.max())


def _round_step(width: float) -> float:
    """Return a step of 1, 2 or 5 times a power of ten, about a tenth of a class."""
    power = 10.0 ** math.floor(math.log10(width / 10))
    return next((m * power for m in (1, 2, 5) if m * power >= width / 10), 10 * power)


def class_of(value: float, breaks: Sequence[float]) -> int:
    """Return the class of a value: a break belongs to the class above it."""
    return int(np.searchsorted(np.asarray(breaks), value, side="right"))
