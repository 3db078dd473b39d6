"""The result most estimators share: a value with the two ends of its interval."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from bgest_analysis.stats.checks import FloatArray, confidence


@dataclass(frozen=True, slots=True)
class Interval:
    """One or more estimates, each with an interval.

    `value`, `low` and `high` are numpy floats when the input was scalar, arrays of the shape of
    the input otherwise. An end that is infinite is an answer: the data do not bound it.

    Attributes
    ----------
    value
        Point estimate, in `unit`.
    low, high
        Ends of the interval, in `unit`.
    level
        Confidence level, between 0 and 1.
    method
        How the interval was made, e.g. ``"wilson"``.
    unit
        What `value` counts, e.g. ``"proporzione"`` or ``"per 1000"``.
    """

    value: FloatArray
    low: FloatArray
    high: FloatArray
    level: float
    method: str
    unit: str = ""

    @property
    def bounded(self) -> bool:
        """Whether every end of the interval is finite."""
        return bool(np.isfinite(self.low).all() and np.isfinite(self.high).all())


def scalar_or_array(values: FloatArray) -> FloatArray:
    """Return a numpy float for a 0-dimensional array, the array itself otherwise."""
    result: FloatArray = np.asarray(values, dtype=np.float64)[()]
    return result


def percentile_interval(
    value: FloatArray | float, draws: FloatArray, level: float, method: str, unit: str = ""
) -> Interval:
    """Return the percentile interval of bootstrap `draws` (draws x ...) around `value`.

    Efron (1979): the (1-level)/2 and (1+level)/2 quantiles of the draws, linear interpolation.

    Raises
    ------
    EstimationError
        If `level` is not a confidence level.
    """
    tail = (1.0 - confidence(level)) / 2.0
    low, high = np.quantile(draws, [tail, 1.0 - tail], axis=0)
    return Interval(
        scalar_or_array(np.asarray(value, dtype=np.float64)),
        scalar_or_array(low),
        scalar_or_array(high),
        level,
        method,
        unit,
    )


def bisect_end(accepts: Callable[[float], bool], inside: float, outside: float) -> float:
    """Return the point between `inside` (accepted) and `outside` (not) where `accepts` changes.

    Forty halvings: 1e-12 of the first distance. `inside` and `outside` are in the unit of
    the parameter; the last accepted point is returned, so the interval is closed.
    """
    for _ in range(40):
        middle = 0.5 * (inside + outside)
        if middle in (inside, outside):
            break
        if accepts(middle):
            inside = middle
        else:
            outside = middle
    return inside
