"""Names of codes as people write them -> codes, through a vocabulary; lists of codes too."""

from __future__ import annotations

import re

import pandas as pd

from bgest_analysis.clean.cells import rules_codes
from bgest_analysis.clean.cells.missing import missing_cell
from bgest_analysis.clean.cells.mojibake import repair
from bgest_analysis.clean.cells.parsed import (
    Cell,
    Outcome,
    Parsed,
    ambiguous,
    distinct,
    fixed,
    wrong,
)
from bgest_analysis.read.raw import CellKind
from bgest_analysis.vocabulary.matcher import (
    AMBIGUO,
    NON_VALIDO,
    SEPARATOR,
    TROVATO,
    Match,
    Vocabulary,
)

_LIST_SEPARATORS = re.compile(r"\s*[|;,/\n]\s*")
_REFUSED = {AMBIGUO: rules_codes.CODE_AMBIGUOUS, NON_VALIDO: rules_codes.CODE_INVALID}


def parse_codes(text: pd.Series, vocabulary: Vocabulary, kinds: pd.Series | None = None) -> Parsed:
    """Read names of codes into codes (``str``).

    Parameters
    ----------
    text
        Cells as text; index = rows of the file.
    vocabulary
        The codes and the ways they are written.

    Returns
    -------
    Parsed
        A code as written is ``ok``; a name is ``corretto`` (``codice_riconosciuto``); what the
        vocabulary does not know, or knows twice, goes to a person.
    """
    values = distinct(text, kinds)
    return values.spread(values.read(lambda value, kind: _code(value, kind, vocabulary)), "str")


def parse_code_lists(
    text: pd.Series, vocabulary: Vocabulary, kinds: pd.Series | None = None
) -> Parsed:
    """Read cells with several names into codes joined by ``|``; one unknown name stops a cell."""
    values = distinct(text, kinds)
    return values.spread(values.read(lambda value, kind: _codes(value, kind, vocabulary)), "str")


def suggestions(value: str, vocabulary: Vocabulary) -> str:
    """Return the names that resemble a value nobody knows, for the person who will decide."""
    return ", ".join(vocabulary.titoli[code] for code in vocabulary.suggest(value))


def _code(text: str, kind: CellKind, vocabulary: Vocabulary) -> Cell:
    if kind in (CellKind.FORMULA, CellKind.ERROR):
        return missing_cell(text, kind) or wrong(rules_codes.CODE_UNKNOWN.code)
    clean, _ = repair(text)
    found = vocabulary.find(clean)
    if found.esito == TROVATO:
        same = found.codice == text
        return Cell(found.codice) if same else fixed(found.codice, rules_codes.CODE_NAMED.code)
    return missing_cell(clean, CellKind.TEXT) or _refused(found)


def _refused(found: Match) -> Cell:
    if found.esito in _REFUSED:
        return ambiguous(_REFUSED[found.esito].code)
    return wrong(rules_codes.CODE_UNKNOWN.code)


def _codes(text: str, kind: CellKind, vocabulary: Vocabulary) -> Cell:
    whole = _code(text, kind, vocabulary)
    if whole.value is not None or whole.outcome is Outcome.MANCANTE or not text:
        return whole
    parts = [_code(part, kind, vocabulary) for part in _LIST_SEPARATORS.split(text.strip()) if part]
    bad = next((part for part in parts if part.value is None), None)
    if bad is not None or not parts:
        return bad or whole
    joined = SEPARATOR.join(dict.fromkeys(part.value for part in parts))
    return Cell(joined) if joined == text else fixed(joined, rules_codes.CODE_NAMED.code)
