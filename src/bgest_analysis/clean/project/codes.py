"""Written names -> codes: code lists, countries, languages, Ambiti, bodies, comuni."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from bgest_analysis.clean.cells.missing import missing_cell
from bgest_analysis.clean.cells.parsed import Cell, Outcome, ambiguous, missing, wrong
from bgest_analysis.clean.cells.rules import EMPTY
from bgest_analysis.clean.project import rules
from bgest_analysis.clean.project.prepared import Prepared
from bgest_analysis.clean.project.vocabularies import LARGER_PLACES, StudyVocabularies
from bgest_analysis.read.raw import CellKind
from bgest_analysis.vocabulary.matcher import (
    AMBIGUO,
    MANCANTE,
    MOST_SUGGESTIONS,
    NON_VALIDO,
    SEPARATOR,
    TROVATO,
    Match,
    Vocabulary,
    fold,
)

_PARTS = re.compile(r"\s*(?:[|;,\n+]|(?<!\d)/(?!\d)|\s+e\s+|\s+-\s+)\s*", re.IGNORECASE)
_WHOLE_NUMBER = re.compile(r"^(\d+)\.0+$")


def _hyphened(text: str) -> list[str]:
    return [part.strip() for part in text.split("-") if part.strip()]


@dataclass(frozen=True)
class CodeReading:
    """The readings of a column's distinct cells, with the codes that resemble the unknown."""

    cells: tuple[Cell, ...]
    suggestions: tuple[str, ...]


@dataclass(frozen=True)
class CodeReader:
    """Reads cells by one vocabulary.

    Parameters
    ----------
    allowed
        Codes the column may hold; ``None`` for all of the vocabulary.
    several
        Whether a cell may hold a list.
    places
        The study's places, for a column of Ambiti.
    """

    vocabulary: Vocabulary
    allowed: frozenset[str] | None = None
    several: bool = False
    places: StudyVocabularies | None = None

    def read(self, prepared: Prepared) -> CodeReading:
        """Return the reading of every distinct cell."""
        found = [
            self.read_cell(text, kind)
            for text, kind in zip(prepared.cells.texts, prepared.cells.kinds, strict=True)
        ]
        return CodeReading(
            tuple(cell for cell, _ in found), self._suggestions(prepared.cells.texts, found)
        )

    def read_cell(self, text: str, kind: CellKind) -> tuple[Cell, tuple[str, ...]]:
        """Return what one cell means, and the candidates when that is not sure."""
        if kind in (CellKind.FORMULA, CellKind.ERROR):
            return missing_cell(text, kind) or wrong(rules.UNKNOWN_CODE.code), ()
        plain = _WHOLE_NUMBER.sub(r"\1", text.strip()) if kind is CellKind.NUMBER else text
        match = self._find(plain)
        if match.esito == TROVATO:
            return Cell(match.codice), ()
        if match.esito == MANCANTE:
            return missing_cell(text, kind) or missing(EMPTY.code), ()
        if match.esito in (AMBIGUO, NON_VALIDO):
            return self._doubtful(match), match.suggerimenti
        nothing = missing_cell(text, kind)
        return (nothing, ()) if nothing is not None else self._unknown(plain)

    def _find(self, text: str) -> Match:
        match = self.vocabulary.find(text)
        if match.esito == TROVATO and not self._allows(match.codice):
            return Match(None, NON_VALIDO)
        if match.esito == AMBIGUO and match.suggerimenti:
            kept = tuple(code for code in match.suggerimenti if self._allows(code))
            return Match(None, AMBIGUO, kept, match.motivo)
        return match

    def _allows(self, code: str | None) -> bool:
        return self.allowed is None or code in self.allowed

    def _doubtful(self, match: Match) -> Cell:
        by_outcome = rules.SHARED_CODE if match.esito == AMBIGUO else rules.NOT_A_CODE
        rule = rules.BY_REASON.get(match.motivo or "", by_outcome)
        return ambiguous(rule.code) if match.esito == AMBIGUO else wrong(rule.code)

    def _unknown(self, text: str) -> tuple[Cell, tuple[str, ...]]:
        if self.places is not None:
            return self._other_level(text, self.places)
        parts = [part for part in _PARTS.split(text) if part]
        if len(parts) < 2 and self.several:
            parts = _hyphened(text)  # "ucraino-russo", if no list has it as one name
        if len(parts) < 2:
            return wrong(rules.UNKNOWN_CODE.code), ()
        codes = [self._find(part).codice for part in parts]
        known = tuple(dict.fromkeys(code for code in codes if code))
        if self.several:
            if len(known) and None not in codes:
                return Cell(SEPARATOR.join(known)), ()
            return wrong(rules.PART_UNKNOWN.code), known
        if None not in codes and len(known) == 1:
            return Cell(known[0]), ()
        rule = rules.SEVERAL_CODES if None not in codes else rules.UNKNOWN_CODE
        return (ambiguous if rule is rules.SEVERAL_CODES else wrong)(rule.code), known

    def _other_level(self, text: str, places: StudyVocabularies) -> tuple[Cell, tuple[str, ...]]:
        comune = places.comuni.find(text).codice
        if comune is not None:
            ambito = places.ambito_di.get(comune)
            return wrong(rules.AMBITO_IS_COMUNE.code), (ambito,) if ambito else ()
        if any(fold(text).startswith(larger) for larger in LARGER_PLACES):
            return wrong(rules.AMBITO_IS_LARGER.code), ()
        return wrong(rules.UNKNOWN_CODE.code), ()

    def _suggestions(
        self, texts: Iterable[str], found: list[tuple[Cell, tuple[str, ...]]]
    ) -> tuple[str, ...]:
        """Add to the candidates the codes whose names resemble an unknown text."""
        shown = []
        looked_up = 0
        for text, (cell, candidates) in zip(texts, found, strict=True):
            unknown = cell.rule == rules.UNKNOWN_CODE.code and not candidates
            if unknown and looked_up < MOST_SUGGESTIONS:
                looked_up += 1
                near = self.vocabulary.suggest(text)
                candidates = tuple(code for code in near if self._allows(code))
            asked = cell.outcome in (Outcome.AMBIGUO, Outcome.ERRORE)
            shown.append(SEPARATOR.join(candidates) if asked else "")
        return tuple(shown)
