"""A column before it is parsed: its distinct cells, mended and with people's decisions applied."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import numpy.typing as npt
import pandas as pd

from bgest_analysis.clean.cells.mojibake import needs_care, repair_text
from bgest_analysis.clean.cells.parsed import Cell, Distinct, Parsed, distinct
from bgest_analysis.clean.corrections import Decision
from bgest_analysis.read.raw import CellKind


@dataclass(frozen=True)
class Prepared:
    """A column ready to be parsed.

    Parameters
    ----------
    cells
        Distinct (kind, text) pairs after mending and decisions; positions as index.
    written
        The cells as they stand in the file, one a row.
    repairs
        Rule of mending -> cells mended.
    decided
        Cells whose value a person decided.
    """

    cells: Distinct
    written: pd.Series
    repairs: Mapping[str, int]
    decided: int = 0

    @cached_property
    def text(self) -> pd.Series:
        """The cells to parse, one a row."""
        texts = pd.array(self.cells.texts, dtype="str")
        return pd.Series(texts.take(self.cells.codes), index=self.cells.index)

    @cached_property
    def kinds(self) -> pd.Series | None:
        """Kinds of the cells, ``None`` when all are text."""
        if all(kind is CellKind.TEXT for kind in self.cells.kinds):
            return None
        names = [str(kind) for kind in self.cells.kinds]
        dtype = pd.CategoricalDtype(sorted(set(names)))
        kinds = pd.Categorical(names, dtype=dtype)
        return pd.Series(kinds.take(self.cells.codes), index=self.cells.index)

    @property
    def empty(self) -> bool:
        """Whether no cell holds anything."""
        return all(not text and kind is not CellKind.FORMULA for text, kind in self._pairs())

    def _pairs(self) -> zip[tuple[str, CellKind]]:
        return zip(self.cells.texts, self.cells.kinds, strict=True)

    def spread(self, readings: Sequence[Cell], dtype: str) -> Parsed:
        """Map one reading a pair back to the rows."""
        return self.cells.spread(readings, dtype)


def prepare(
    text: pd.Series,
    kinds: pd.Series | None = None,
    by_value: Mapping[str, str] | None = None,
    by_position: Mapping[int, str] | None = None,
) -> Prepared:
    """Return a column with spoiled letters mended and decisions applied.

    Parameters
    ----------
    text, kinds
        The column as read, in the order of the rows.
    by_value
        Value as written, without outer blanks -> value decided.
    by_position
        Position of the row -> value decided for that row alone.
    """
    plain = text.reset_index(drop=True)
    plain_kinds = None if kinds is None else kinds.reset_index(drop=True)
    if by_position:
        plain, plain_kinds = _placed(plain, plain_kinds, by_position)
    found = distinct(plain, plain_kinds)
    ready, repairs = _repaired(found)
    decided = 0
    if by_value:
        ready, decided = _decided(ready, found.texts, by_value)
    written = text.reset_index(drop=True)
    return Prepared(ready, written, repairs, decided + len(by_position or {}))


def _repaired(found: Distinct) -> tuple[Distinct, dict[str, int]]:
    """Return the cells with mended texts, and how many cells each rule mended."""
    texts = pd.Series(found.texts, dtype="str")
    if not needs_care(texts).any():
        return found, {}
    mended = repair_text(texts)
    repairs = {
        code: int(found.counts[(mended.rule == code).to_numpy()].sum()) for code in mended.counts()
    }
    ready = replace(found, texts=_mended(mended.values, found.texts)) if repairs else found
    return ready, repairs


def _mended(values: pd.Series, texts: Sequence[str]) -> list[str]:
    """Return mended texts; one with a lost letter stays as written, for a person to decide."""
    pairs = zip(values.tolist(), texts, strict=True)
    return [new if isinstance(new, str) else old for new, old in pairs]


def _decided(
    cells: Distinct, written: Sequence[str], decisions: Mapping[str, str]
) -> tuple[Distinct, int]:
    """Put the decided value in place of each text a person decided on."""
    texts, kinds = list(cells.texts), list(cells.kinds)
    chosen = [place for place, text in enumerate(written) if text.strip() in decisions]
    for place in chosen:
        texts[place] = decisions[written[place].strip()]
        kinds[place] = CellKind.TEXT
    return replace(cells, texts=texts, kinds=kinds), int(cells.counts[chosen].sum())


def _placed(
    text: pd.Series, kinds: pd.Series | None, by_position: Mapping[int, str]
) -> tuple[pd.Series, pd.Series | None]:
    where = sorted(by_position)
    placed = text.copy()
    placed.iloc[where] = [by_position[place] for place in where]
    if kinds is None:
        return placed, None
    as_text = kinds.astype("str")
    as_text.iloc[where] = str(CellKind.TEXT)
    return placed, as_text


def positions_of(decisions: Sequence[Decision], rows: npt.NDArray[np.int64]) -> dict[int, str]:
    """Return position -> decided value, for decisions on single rows of this sheet."""
    if not decisions:
        return {}
    places = {int(row): place for place, row in enumerate(rows.tolist())}
    return {places[d.row]: d.new_value for d in decisions if d.row in places}
