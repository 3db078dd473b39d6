"""Checks of the arrays and settings that enter an estimator, with errors a user can read.

An estimator never repairs its input in silence: what cannot be computed is refused with an
`EstimationError` that says which argument is wrong and why.
"""

from __future__ import annotations

from typing import Any, TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

from bgest_analysis.errors import EstimationError

FloatArray: TypeAlias = NDArray[np.float64]
IntArray: TypeAlias = NDArray[np.int64]
BoolArray: TypeAlias = NDArray[np.bool_]
Labels: TypeAlias = NDArray[Any]


def finite_array(values: ArrayLike, campo: str) -> FloatArray:
    """Return `values` as a float array of any shape; refuse missing and infinite values.

    Raises
    ------
    EstimationError
        If a value is not a finite number.
    """
    try:
        result = np.asarray(values, dtype=np.float64)
    except (TypeError, ValueError) as error:
        raise EstimationError("{campo}: servono numeri", campo=campo) from error
    if not np.isfinite(result).all():
        raise EstimationError(
            "{campo}: {numero} valori mancanti o non finiti",
            campo=campo,
            numero=int((~np.isfinite(result)).sum()),
        )
    return result


def vector(values: ArrayLike, campo: str, least: int = 1) -> FloatArray:
    """Return `values` as a finite one-dimensional array of at least `least` elements.

    Raises
    ------
    EstimationError
        If the shape is wrong, the vector is too short, or a value is not finite.
    """
    result = finite_array(values, campo)
    if result.ndim != 1:
        raise EstimationError("{campo}: serve un vettore a una dimensione", campo=campo)
    if result.size < least:
        raise EstimationError(
            "{campo}: servono almeno {minimo} valori, ce ne sono {numero}",
            campo=campo,
            minimo=least,
            numero=int(result.size),
        )
    return result


def matrix(values: ArrayLike, campo: str) -> FloatArray:
    """Return `values` as a finite two-dimensional array; a vector becomes one column.

    Raises
    ------
    EstimationError
        If there are more than two dimensions or a value is not finite.
    """
    result = finite_array(values, campo)
    if result.ndim == 1:
        result = result[:, None]
    if result.ndim != 2 or result.size == 0:
        raise EstimationError("{campo}: serve una tabella a due dimensioni", campo=campo)
    return result


def non_negative(values: FloatArray, campo: str) -> FloatArray:
    """Return `values` unchanged, refusing negative ones.

    Raises
    ------
    EstimationError
        If a value is below zero.
    """
    if (values < 0).any():
        raise EstimationError("{campo}: ci sono valori negativi", campo=campo)
    return values


def positive(values: FloatArray, campo: str) -> FloatArray:
    """Return `values` unchanged, refusing zero and negative ones.

    Raises
    ------
    EstimationError
        If a value is zero or below.
    """
    if (values <= 0).any():
        raise EstimationError(
            "{campo}: {numero} valori nulli o negativi, senza denominatore non c'è stima",
            campo=campo,
            numero=int((values <= 0).sum()),
        )
    return values


def same_length(**arrays: NDArray[Any]) -> int:
    """Return the common first dimension of the named arrays.

    Raises
    ------
    EstimationError
        If the lengths differ.
    """
    lengths = {name: int(array.shape[0]) for name, array in arrays.items()}
    if len(set(lengths.values())) != 1:
        raise EstimationError(
            "lunghezze diverse: {lunghezze}",
            lunghezze=", ".join(f"{name} {length}" for name, length in lengths.items()),
        )
    return next(iter(lengths.values()))


def labels(values: Any, campo: str) -> tuple[Labels, IntArray]:
    """Return the sorted distinct labels of `values` and the position of each value in them.

    Raises
    ------
    EstimationError
        If `values` is empty, not one-dimensional, or has a missing label.
    """
    array = np.asarray(values)
    if array.ndim != 1 or array.size == 0:
        raise EstimationError("{campo}: serve un vettore di etichette", campo=campo)
    if _any_missing(array):
        raise EstimationError("{campo}: ci sono etichette mancanti", campo=campo)
    distinct, codes = np.unique(array, return_inverse=True)
    return distinct, codes.astype(np.int64)


def _any_missing(array: Labels) -> bool:
    if array.dtype.kind in "iub":
        return False
    if array.dtype.kind == "f":
        return bool(np.isnan(array).any())
    # A missing label is the only value that differs from itself, or is None.
    return any(label is None or label != label for label in array.tolist())


def flags(values: ArrayLike, campo: str) -> BoolArray:
    """Return `values` (booleans, or numbers 0 and 1) as a one-dimensional boolean array.

    Raises
    ------
    EstimationError
        If a value is neither 0 nor 1.
    """
    numbers = vector(values, campo)
    if not np.isin(numbers, (0.0, 1.0)).all():
        raise EstimationError("{campo}: sono ammessi solo 0 e 1", campo=campo)
    return numbers.astype(bool)


def confidence(level: float) -> float:
    """Return `level` when it is a confidence level strictly between 0 and 1.

    Raises
    ------
    EstimationError
        If it is not.
    """
    if not 0.0 < level < 1.0:
        raise EstimationError("livello di confidenza {livello} fuori da (0, 1)", livello=level)
    return float(level)


def choice(value: str, allowed: tuple[str, ...], campo: str) -> str:
    """Return `value` when it is one of `allowed`.

    Raises
    ------
    EstimationError
        If it is not, listing what is allowed.
    """
    if value not in allowed:
        raise EstimationError(
            "{campo}: «{valore}» non è tra {ammessi}",
            campo=campo,
            valore=value,
            ammessi=", ".join(allowed),
        )
    return value
