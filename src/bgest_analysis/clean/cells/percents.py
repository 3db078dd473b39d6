"""Percentages -> percentage points.

Excel stores 12.5% as 0.125 and the reader cannot see the format: a column of numbers between 0
and 1 is read as fractions, one with larger numbers as points, and what stays open goes to a
person.
"""

from __future__ import annotations

import pandas as pd

from bgest_analysis.clean.cells import rules
from bgest_analysis.clean.cells.numbers import Dot, NumberOptions, read_number
from bgest_analysis.clean.cells.parsed import Cell, Distinct, Parsed, ambiguous, distinct, fixed
from bgest_analysis.read.raw import CellKind
from bgest_analysis.text.messages import Message, T

_PLAIN = NumberOptions()


def parse_percents(text: pd.Series, kinds: pd.Series | None = None) -> Parsed:
    """Read percentages into points (``Float64``): "12,5%", "12,5" and Excel's 0.125 are 12.5."""
    values = distinct(text, kinds)
    fractions, decision = _numbers_are_fractions(values)
    cells = values.read(lambda value, kind: _read(value, kind, fractions))
    return values.spread(cells, "Float64", decision)


def _read(text: str, kind: CellKind, fractions: bool | None) -> Cell:
    if kind is not CellKind.NUMBER:
        return read_number(text.replace("%", " ").strip() or text, kind, _PLAIN, Dot.MIGLIAIA)
    number = float(text)
    if fractions and abs(number) <= 1:
        return fixed(round(number * 100, 10), rules.PERCENT_FRACTION.code) if number else Cell(0.0)
    if number and (abs(number) <= 1 and fractions is None):
        return ambiguous(rules.PERCENT_UNCLEAR.code)
    return Cell(number)


def _numbers_are_fractions(values: Distinct) -> tuple[bool | None, tuple[Message, ...]]:
    """Decide for the column; ``None`` when 1 could be 1% and could be 100%."""
    numbers = [
        abs(float(text))
        for text, kind in zip(values.texts, values.kinds, strict=True)
        if kind is CellKind.NUMBER
    ]
    small = [number for number in numbers if 0 < number <= 1]
    large = [number for number in numbers if number > 1]
    if not small:
        return False, ()
    fractions = None if large or all(number == 1 for number in small) else True
    reading = "incerte, da rivedere" if fractions is None else "frazioni, moltiplicate per cento"
    return fractions, (
        T(
            "le percentuali fra 0 e 1 ({celle:int} valori distinti) sono lette come {lettura}",
            celle=len(small),
            lettura=T(reading),
        ),
    )
