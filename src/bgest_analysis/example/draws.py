"""Random numbers of the generator: one stream a subject, the same for the same seed."""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]
Texts = npt.NDArray[np.object_]
Days = npt.NDArray[np.datetime64]


def stream(seed: int, subject: str) -> np.random.Generator:
    """Return the random stream of a subject: what one draws does not move the others."""
    return np.random.default_rng([seed, zlib.crc32(subject.encode())])


def texts(values: Sequence[str]) -> Texts:
    """Return strings as an array of objects."""
    return np.array(list(values), dtype=object)


def pick(rng: np.random.Generator, shares: dict[str, float], n: int) -> Texts:
    """Return ``n`` codes drawn with these shares (made to sum to one)."""
    weights = np.array(list(shares.values()))
    cumulated = np.cumsum(weights / weights.sum())
    where = np.searchsorted(cumulated, rng.random(n), side="right")
    return texts(list(shares))[np.minimum(where, len(shares) - 1)]


def stochastic_round(rng: np.random.Generator, values: Floats) -> Ints:
    """Return integers whose mean is the values': 1.3 is 1 seven times in ten, else 2."""
    return np.floor(values + rng.random(values.shape)).astype(np.int64)


def known(values: Any, kept: Any) -> Texts:
    """Return the values as objects, ``None`` where they are not kept."""
    result = np.full(len(kept), None, dtype=object)
    where = np.asarray(kept, dtype=bool)
    result[where] = np.asarray(values, dtype=object)[where] if np.ndim(values) else values
    return result


def by_position(values: Any, position: Any) -> Texts:
    """Return the value at each position, ``None`` at position -1."""
    where = np.asarray(position)
    result = np.full(len(where), None, dtype=object)
    result[where >= 0] = np.asarray(values, dtype=object)[where[where >= 0]]
    return result
