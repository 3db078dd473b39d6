"""What a cell parser returns, and how it works: on the distinct values of a column.

A parser looks at each distinct (kind, text) pair once; the answers are mapped back to the rows,
so that a column of a million rows with four hundred spellings costs four hundred decisions.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from bgest_analysis.read.raw import CellKind
from bgest_analysis.text.messages import Message


class Outcome(StrEnum):
    """How reading one cell went."""

    OK = "ok"
    CORRETTO = "corretto"  # a safe repair, named by its rule
    MANCANTE = "mancante"  # there is no value, and the rule says why
    AMBIGUO = "ambiguo"  # more than one reading: a person is asked
    ERRORE = "errore"  # no reading


OUTCOMES = pd.CategoricalDtype([str(outcome) for outcome in Outcome])
_POSITION = {outcome: position for position, outcome in enumerate(Outcome)}


@dataclass(frozen=True, slots=True)
class Cell:
    """The reading of one distinct value."""

    value: Any = None
    outcome: Outcome = Outcome.OK
    rule: str = ""


def fixed(value: Any, rule: str) -> Cell:
    """Return the reading of a cell that was safely repaired."""
    return Cell(value, Outcome.CORRETTO, rule)


def missing(rule: str) -> Cell:
    """Return the reading of a cell without a value; the rule says why."""
    return Cell(None, Outcome.MANCANTE, rule)


def ambiguous(rule: str) -> Cell:
    """Return the reading of a cell that a person must decide on."""
    return Cell(None, Outcome.AMBIGUO, rule)


def wrong(rule: str) -> Cell:
    """Return the reading of a cell that nobody can read."""
    return Cell(None, Outcome.ERRORE, rule)


@dataclass(frozen=True)
class Parsed:
    """A column after reading: typed values and, for each row, how it went and by which rule.

    Parameters
    ----------
    values
        Typed, ``NA`` where the cell is not usable; index of the source (file rows).
    outcome
        Categorical of ``Outcome``.
    rule
        Categorical of rule codes (``clean/cells/rules.py``), ``""`` where all is well.
    decisions
        What was decided for the whole column, and on which evidence.
    """

    values: pd.Series
    outcome: pd.Series
    rule: pd.Series
    decisions: tuple[Message, ...] = ()

    def counts(self) -> dict[str, int]:
        """Return the number of cells by rule code, cells without a rule left out."""
        found = self.rule.value_counts()
        return {str(code): int(n) for code, n in sorted(found.items()) if str(code) and n}

    def where(self, *outcomes: Outcome) -> npt.NDArray[np.bool_]:
        """Return which rows had one of ``outcomes``."""
        return np.asarray(self.outcome.isin([str(outcome) for outcome in outcomes]), dtype=bool)


@dataclass(frozen=True)
class Distinct:
    """The distinct (kind, text) pairs of a column and where each row points.

    Parameters
    ----------
    texts, kinds, counts
        One entry a pair: its text, its kind, how many cells have it.
    codes
        For each row the position of its pair.
    """

    texts: list[str]
    kinds: list[CellKind]
    counts: npt.NDArray[np.int64]
    codes: npt.NDArray[np.intp]
    index: pd.Index

    def read(self, reader: Callable[[str, CellKind], Cell]) -> list[Cell]:
        """Return the reading of every pair."""
        return [reader(text, kind) for text, kind in zip(self.texts, self.kinds, strict=True)]

    def spread(
        self, cells: Sequence[Cell], dtype: str, decisions: tuple[Message, ...] = ()
    ) -> Parsed:
        """Map the readings back to the rows.

        Parameters
        ----------
        cells
            One reading a pair, in order.
        dtype
            pandas dtype of the values.
        """
        values = _typed([cell.value for cell in cells], dtype)
        outcomes = np.array([_POSITION[cell.outcome] for cell in cells], dtype=np.int8)
        rules = sorted({"", *(cell.rule for cell in cells)})
        places = {rule: place for place, rule in enumerate(rules)}
        rule = np.array([places[cell.rule] for cell in cells], dtype=np.int16)
        return Parsed(
            pd.Series(values.take(self.codes), index=self.index),
            self._labels(outcomes, OUTCOMES),
            self._labels(rule, pd.CategoricalDtype(rules)),
            decisions,
        )

    def _labels(self, codes: npt.NDArray[Any], dtype: pd.CategoricalDtype) -> pd.Series:
        return pd.Series(
            pd.Categorical.from_codes(codes[self.codes], dtype=dtype), index=self.index
        )


def _typed(values: list[Any], dtype: Any) -> Any:
    if str(dtype).startswith("datetime64"):
        days = [np.datetime64("NaT") if v is None else np.datetime64(v, "us") for v in values]
        return pd.array(np.array(days, dtype="datetime64[us]"))
    return pd.array(values, dtype=dtype)


def distinct(text: pd.Series, kinds: pd.Series | None = None) -> Distinct:
    """Return the distinct pairs of a column; a missing text counts as an empty cell."""
    codes, texts = pd.factorize(text.fillna(""))
    names: list[str] = texts.tolist()
    if kinds is None:
        return _collect(names, [CellKind.TEXT] * len(names), codes, text.index)
    kind_codes, kind_names = pd.factorize(kinds)
    pairs, positions = np.unique(codes * len(kind_names) + kind_codes, return_inverse=True)
    pair_texts = [names[pair // len(kind_names)] for pair in pairs]
    pair_kinds = [CellKind(kind_names[pair % len(kind_names)]) for pair in pairs]
    return _collect(pair_texts, pair_kinds, positions, text.index)


def _collect(
    texts: list[str], kinds: list[CellKind], codes: npt.NDArray[np.intp], index: pd.Index
) -> Distinct:
    counts = np.bincount(codes, minlength=len(texts)).astype(np.int64)
    return Distinct(texts, kinds, counts, codes, index)
