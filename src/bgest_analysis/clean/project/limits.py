"""The limits of the schema on numbers that were read."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd

from bgest_analysis.clean.cells.parsed import Outcome, Parsed
from bgest_analysis.clean.project import rules
from bgest_analysis.problems.record import Rule
from bgest_analysis.schema.model import Column


def limited(parsed: Parsed, column: Column) -> Parsed:
    """Return a column whose values outside the schema's range wait for a person."""
    values = parsed.values
    outside = pd.Series(False, index=values.index)
    if column.minimum is not None:
        outside |= (values < column.minimum).fillna(False).astype(bool)
    if column.maximum is not None:
        outside |= (values > column.maximum).fillna(False).astype(bool)
    return override(parsed, outside.to_numpy(), rules.OUT_OF_RANGE) if outside.any() else parsed


def override(parsed: Parsed, where: npt.NDArray[np.bool_], rule: Rule) -> Parsed:
    """Return a column with some cells set to missing, waiting for a person, by a rule."""
    outcome = parsed.outcome.mask(where, str(Outcome.ERRORE))
    categories = sorted({*parsed.rule.cat.categories, rule.code})
    codes = parsed.rule.cat.set_categories(categories).mask(where, rule.code)
    return Parsed(parsed.values.mask(where), outcome, codes, parsed.decisions)
