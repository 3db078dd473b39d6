"""Names and identifiers that come from no list -> mended texts, missing ones with their reason."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from bgest_analysis.clean.cells import rules
from bgest_analysis.clean.cells.missing import missing_cell, missing_rule
from bgest_analysis.clean.cells.mojibake import merge_part, needs_care, repair
from bgest_analysis.clean.cells.parsed import Cell, Outcome, Parsed, distinct, fixed, missing
from bgest_analysis.read.raw import CellKind

LONGEST_MISSING = 24


def parse_texts(text: pd.Series, kinds: pd.Series | None = None) -> Parsed:
    """Read texts (``str``).

    An identifier in plain letters with a digit can be neither spoiled nor a way of saying "no
    value": a column of a million of them costs next to nothing.
    """
    full = text.fillna("").astype("str")
    cells = pa.array(full, type=pa.large_string())
    sure = np.asarray(pc.match_substring_regex(cells, "[0-9]").to_numpy(zero_copy_only=False))
    care = needs_care(full) | ~sure.astype(bool)
    if kinds is not None:
        care |= kinds.isin([CellKind.FORMULA, CellKind.ERROR]).to_numpy()
    part = distinct(full[care], None if kinds is None else kinds[care])
    return merge_part(full, part.spread(part.read(read_text), "str"), care)


def read_text(text: str, kind: CellKind) -> Cell:
    """Read one text."""
    if kind in (CellKind.FORMULA, CellKind.ERROR):
        return missing_cell(text, kind) or Cell(text)
    if "\ufffd" in text:
        return Cell(None, Outcome.AMBIGUO, rules.TEXT_LOST.code)
    clean, rule = repair(text)
    reason = missing_rule(clean) if len(clean) < LONGEST_MISSING else ""
    if reason == rules.IDEM.code:
        return Cell(None, Outcome.AMBIGUO, reason)
    if reason == rules.EXCEL_ERROR.code:
        return Cell(None, Outcome.ERRORE, reason)
    if reason:
        return missing(reason)
    return fixed(clean, rule) if rule else Cell(clean)
