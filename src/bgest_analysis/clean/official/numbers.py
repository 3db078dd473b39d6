"""Counts and amounts written as text: plain integers, "269.0", Italian thousands, missing."""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from bgest_analysis.clean.official.ledger import Ledger, Mask
from bgest_analysis.clean.official.rules import (
    MIGLIAIA,
    VALORE_MANCANTE,
    VALORE_NEGATIVO,
    VALORE_NON_INTERO,
    VALORE_NON_NUMERICO,
)

PLAIN = r"[0-9]{1,15}"
MISSING = frozenset({"", "..", "...", ":", "-", "n.d.", "nd", "n.d", "na", "n/a", "null"})
_WHOLE = re.compile(r"([+-]?\d{1,15})(?:[.,]0+)?$", re.ASCII)
_DECIMAL = re.compile(r"[+-]?\d{1,15}[.,]\d+$|[+-]?\d(?:[.,]\d+)?[eE][+-]?\d{1,2}$", re.ASCII)
_THOUSANDS = re.compile(r"[+-]?\d{1,3}(?:\.\d{3})+$", re.ASCII)
_LONG = re.compile(r"[+-]?\d{4,15}(?:[.,]0+)?$", re.ASCII)


@dataclass(frozen=True)
class Counts:
    """Whole numbers of one column, and the masks of the cells that are none.

    Attributes
    ----------
    values
        ``Int64``, missing where a cell holds no whole number.
    """

    values: pd.Series
    missing: Mask
    not_whole: Mask
    not_number: Mask
    thousands: Mask

    @property
    def bad(self) -> Mask:
        return np.asarray(self.missing | self.not_whole | self.not_number, dtype=bool)


def parse_counts(text: pd.Series) -> Counts:
    """Parse a column of whole numbers written as text (stripped).

    ``1.234`` is read as 1234 only if the whole column writes its thousands so: no plain number
    of four digits, no other decimals. Otherwise it is a number with decimals, and not a count.
    """
    n = len(text)
    nothing = np.zeros(n, dtype=bool)
    if n and text.str.fullmatch(PLAIN).all():
        return Counts(pd.Series(text.astype("int64"), dtype="Int64"), *(nothing,) * 4)
    codes, distinct = pd.factorize(text.astype(object))
    forms = [str(value) for value in distinct]
    grouped = _writes_thousands(forms)
    parsed = [_parse(form, grouped) for form in forms]
    kinds = np.array([kind for _, kind in parsed], dtype=object)[codes] if n else nothing
    numbers = pd.array([value for value, _ in parsed], dtype="Int64")
    values = pd.Series(numbers.take(codes)) if n else pd.Series([], dtype="Int64")
    masks = (
        np.asarray(kinds == kind, dtype=bool) for kind in ("vuoto", "decimale", "testo", "migliaia")
    )
    return Counts(values, *masks)


def _writes_thousands(forms: list[str]) -> bool:
    grouped = [form for form in forms if _THOUSANDS.match(form)]
    others = [form for form in forms if not _THOUSANDS.match(form)]
    contrary = any(_LONG.match(form) or _DECIMAL.match(form) for form in others)
    return bool(grouped) and not contrary


def _parse(form: str, grouped: bool) -> tuple[int | None, str]:
    if form.casefold() in MISSING:
        return None, "vuoto"
    if grouped and _THOUSANDS.match(form):
        return int(form.replace(".", "")), "migliaia"
    whole = _WHOLE.match(form)
    if whole:
        return int(whole.group(1)), ""
    return None, "decimale" if _DECIMAL.match(form) else "testo"


def check_counts(
    ledger: Ledger, role: str, *, signed: bool = False, may_miss: bool = False
) -> pd.Series:
    """Parse a column of counts and put the rows aside whose cell is none.

    Parameters
    ----------
    signed
        Balances may be negative; numbers of persons may not.
    may_miss
        The publisher leaves cells empty (protected or not applicable).

    Returns
    -------
    Series
        ``Int64``, missing where the cell holds no count.
    """
    text = ledger.text(role)
    counts = parse_counts(text)
    if not may_miss:
        ledger.apply(VALORE_MANCANTE, counts.missing, role)
    ledger.apply(VALORE_NON_NUMERICO, counts.not_number, role, text)
    ledger.apply(VALORE_NON_INTERO, counts.not_whole, role, text)
    if not signed:
        ledger.apply(VALORE_NEGATIVO, negative(counts.values), role, text)
    if counts.thousands.any():
        ledger.apply(MIGLIAIA, counts.thousands, role, text)
    return counts.values


def negative(values: pd.Series) -> Mask:
    """Return where whole numbers are below zero (missing is not)."""
    return np.asarray(values.lt(0).fillna(False), dtype=bool)


def differs(left: pd.Series, right: pd.Series) -> Mask:
    """Return where two whole numbers are both known and differ."""
    return np.asarray(left.ne(right).fillna(False), dtype=bool)


def against(left: pd.Series, right: pd.Series) -> npt.NDArray[np.object_]:
    """Return "found ≠ expected" of two columns, for a message, where they differ."""
    return compared(left, right, differs(left, right), "≠")


def compared(left: pd.Series, right: pd.Series, where: Mask, sign: str) -> npt.NDArray[np.object_]:
    """Return "a sign b" for some rows of two columns, nothing for the others."""
    shown = np.full(len(left), "", dtype=object)
    pairs = zip(left.array[where], right.array[where], strict=True)
    shown[where] = [f"{a} {sign} {b}" for a, b in pairs]
    return shown
