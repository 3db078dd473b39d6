"""Columns of plain codes, each cell a different one: taken whole, without a look at each."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from bgest_analysis.clean.cells.parsed import OUTCOMES, Outcome, Parsed
from bgest_analysis.clean.project.prepared import Prepared
from bgest_analysis.read.raw import CellKind

_PLAIN = r"^[A-Za-z0-9][A-Za-z0-9_./:-]*$"
_DIGIT = r"\d"
# A tax code or an e-mail address: a person, in whatever column it stands.
TAX_CODE = 16  # letters and digits of a tax code
PERSONAL = re.compile(
    r"\b[A-Za-z]{6}\d{2}[A-Za-z]\d{2}[A-Za-z]\d{3}[A-Za-z]\b|[\w.+-]+@[\w-]+\.[\w.-]+"
)


def codes_as_they_are(prepared: Prepared, pattern: str) -> Parsed | None:
    """Return a column whose every cell is a plain code, ``None`` if one of them is not.

    A plain code has letters, digits and signs, among them a digit, so that it can be no way of
    saying that there is nothing.
    """
    cells = prepared.cells
    if any(kind is not CellKind.TEXT for kind in set(cells.kinds)):
        return None
    texts = pa.array(cells.texts, type=pa.string())
    wanted = [_PLAIN, _DIGIT, *([f"^(?:{pattern})$"] if pattern else [])]
    if not all(pc.all(pc.match_substring_regex(texts, pattern=one)).as_py() for one in wanted):
        return None
    if _may_be_personal(texts):
        return None
    n = len(cells.codes)
    values = pd.array(texts, dtype="str").take(cells.codes)
    fine = np.zeros(n, dtype=np.int8) + list(OUTCOMES.categories).index(str(Outcome.OK))
    rule = pd.Categorical.from_codes(np.zeros(n, dtype=np.int8), dtype=pd.CategoricalDtype([""]))
    return Parsed(
        pd.Series(values, index=cells.index),
        pd.Series(pd.Categorical.from_codes(fine, dtype=OUTCOMES), index=cells.index),
        pd.Series(rule, index=cells.index),
    )


def _may_be_personal(texts: pa.Array) -> bool:
    """Tell whether a cell is long enough for a tax code, and one is like a tax code.

    A plain code has no "@", so that an address is none.
    """
    longest = pc.max(pc.binary_length(texts)).as_py() or 0
    if longest < TAX_CODE:
        return False
    return bool(pc.any(pc.match_substring_regex(texts, pattern=PERSONAL.pattern)).as_py())
