"""One way to turn a written name into a code: exact after folding, never by resemblance.

A :class:`Vocabulary` is a value: the study's Ambiti and bodies, ISTAT's comuni, countries,
languages and code lists all reach it as entries. Resemblance only ever makes suggestions.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache

import pandas as pd
from rapidfuzz import fuzz, process

TROVATO = "trovato"
AMBIGUO = "ambiguo"
SCONOSCIUTO = "sconosciuto"
NON_VALIDO = "non_valido"
MANCANTE = "mancante"
COLUMNS = ("codice", "esito", "suggerimenti", "motivo")
SEPARATOR = "|"
LOWEST_SCORE = 75.0
SHORTEST_TEXT = 4
LONGEST_TEXT = 200
MOST_SUGGESTIONS = 500

_ACRONYM = re.compile(r"\b(?:[^\W\d_]\.){2,}(?:[^\W\d_]\b)?")
_NOT_WORD = re.compile(r"[\W_]+")
_UNDECOMPOSED = str.maketrans(
    {"ø": "o", "đ": "d", "ð": "d", "ł": "l", "ħ": "h", "ı": "i", "æ": "ae", "œ": "oe", "&": " e "}
)


@lru_cache(maxsize=8192)
def fold(text: str) -> str:
    """Return what is compared: lower case, no accents, words separated by one blank.

    Apostrophes (straight or curly), punctuation, non-breaking and repeated blanks become one
    blank; the dots of an acronym and invisible characters go away.

    Examples
    --------
    >>> fold("  Côte d’Ivoire ")
    'cote d ivoire'
    >>> fold("U.S.A.")
    'usa'
    """
    plain_letters = unicodedata.normalize("NFKD", text).casefold()
    decomposed = unicodedata.normalize("NFKD", plain_letters)
    plain = "".join(ch for ch in decomposed if unicodedata.category(ch) not in ("Mn", "Cf"))
    joined = _ACRONYM.sub(lambda found: found.group().replace(".", ""), plain)
    return _NOT_WORD.sub(" ", joined.translate(_UNDECOMPOSED)).strip()


@dataclass(frozen=True)
class Entry:
    """One code with the ways it is written.

    Attributes
    ----------
    codice
        The code.
    titolo
        Name shown to a reader.
    forme
        Names and variants, compared after :func:`fold`.
    sigle
        Codes and abbreviations, compared as written (``NO`` is Norway, ``no`` is not).
    """

    codice: str
    titolo: str
    forme: tuple[str, ...] = ()
    sigle: tuple[str, ...] = ()


@dataclass(frozen=True)
class Caveat:
    """A written form that a person must look at: several codes, or none at all.

    Attributes
    ----------
    forma
        The form, compared after :func:`fold`; an upper-case one also as an abbreviation.
    candidati
        The codes it may mean; empty when it means none.
    motivo
        Code of the reason, in the code list ``motivo_vocabolario``.
    esito
        ``ambiguo`` or ``non_valido``.
    """

    forma: str
    candidati: tuple[str, ...]
    motivo: str
    esito: str = AMBIGUO


@dataclass(frozen=True)
class Match:
    """What one written value means."""

    codice: str | None
    esito: str
    suggerimenti: tuple[str, ...] = ()
    motivo: str | None = None


@dataclass(frozen=True)
class Vocabulary:
    """A list of codes and of the ways they are written.

    Attributes
    ----------
    nome
        Name of the list, for messages.
    titoli
        Code to the name shown to a reader.
    forme
        Folded form to the codes it is written for; more than one makes it ambiguous.
    sigle
        Abbreviation as written to the codes.
    cautele
        Folded form to the caveat that goes before everything else.
    prefissi
        Folded openings without meaning (``"ambito di"``), tried only when the whole form
        is not known, the longest first.
    """

    nome: str
    titoli: Mapping[str, str]
    forme: Mapping[str, tuple[str, ...]]
    sigle: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    cautele: Mapping[str, Caveat] = field(default_factory=dict)
    prefissi: tuple[str, ...] = ()

    def find(self, text: str) -> Match:
        """Return what one value means; never by resemblance, and without suggestions."""
        form = fold(text)
        if not form:
            return Match(None, MANCANTE)
        readings = (self._by_abbreviation(text.strip()), self._by_form(form))
        return _agreed([match for match in readings if match])

    def match(self, values: pd.Series) -> pd.DataFrame:
        """Return the codes of a column, worked out once per distinct value.

        Parameters
        ----------
        values
            Texts as written; missing ones stay missing.

        Returns
        -------
        pandas.DataFrame
            Same index; ``codice`` (missing unless found), ``esito`` (``trovato``, ``ambiguo``,
            ``sconosciuto``, ``non_valido``, ``mancante``), ``suggerimenti`` (codes joined by
            ``|``; for the first 500 distinct unknown values), ``motivo`` (code of the reason,
            or missing).
        """
        positions, distinct = pd.factorize(values)
        texts = [str(value) for value in distinct]
        found = self._with_suggestions(texts, [self.find(text) for text in texts])
        table = _as_table([*found, Match(None, MANCANTE)])
        return table.take(positions % len(table)).set_axis(values.index)

    def suggest(self, text: str, limit: int = 3) -> tuple[str, ...]:
        """Return codes whose names resemble ``text``, the nearest first; only suggestions."""
        form = fold(text[:LONGEST_TEXT])
        if len(form) < SHORTEST_TEXT:
            return ()
        near = process.extract(
            form,
            self.forme.keys(),
            scorer=fuzz.WRatio,
            limit=limit * 3,
            score_cutoff=LOWEST_SCORE,
        )
        codes = dict.fromkeys(code for form, _, _ in near for code in self.forme[form])
        return tuple(codes)[:limit]

    def _with_suggestions(self, texts: list[str], found: list[Match]) -> list[Match]:
        unknown = [at for at, match in enumerate(found) if match.esito == SCONOSCIUTO]
        for at in unknown[:MOST_SUGGESTIONS]:
            found[at] = replace(found[at], suggerimenti=self.suggest(texts[at]))
        return found

    def _by_abbreviation(self, text: str) -> Match | None:
        caveat = self.cautele.get(text)
        if caveat:
            return _from_caveat(caveat)
        return _from_codes(self.sigle.get(text, ()))

    def _by_form(self, form: str) -> Match | None:
        for candidate in (form, *self._without_prefix(form)):
            known = self._known(candidate)
            if known:
                return known
        return None

    def _known(self, form: str) -> Match | None:
        caveat = self.cautele.get(form)
        if caveat:
            return _from_caveat(caveat)
        return _from_codes(self.forme.get(form, ()))

    def _without_prefix(self, form: str) -> list[str]:
        return [
            form.removeprefix(f"{prefix} ")
            for prefix in self.prefissi
            if form.startswith(f"{prefix} ")
        ]


def build_vocabulary(
    nome: str,
    entries: Iterable[Entry],
    *,
    cautele: Iterable[Caveat] = (),
    prefissi: Sequence[str] = (),
) -> Vocabulary:
    """Make a vocabulary from its entries; a form written for two codes becomes ambiguous."""
    listed = list(entries)
    return Vocabulary(
        nome=nome,
        titoli={entry.codice: entry.titolo for entry in listed},
        forme=_index((fold(form), entry.codice) for entry in listed for form in entry.forme),
        sigle=_index((sigla, entry.codice) for entry in listed for sigla in entry.sigle),
        cautele={_caveat_key(caveat.forma): caveat for caveat in cautele},
        prefissi=tuple(sorted(map(fold, prefissi), key=len, reverse=True)),
    )


def _caveat_key(form: str) -> str:
    return form if form.isupper() and len(form) <= 3 else fold(form)


def _index(pairs: Iterable[tuple[str, str]]) -> dict[str, tuple[str, ...]]:
    found: dict[str, dict[str, None]] = {}
    for form, code in pairs:
        if form:
            found.setdefault(form, {})[code] = None
    return {form: tuple(codes) for form, codes in found.items()}


def _from_codes(codes: tuple[str, ...]) -> Match | None:
    if not codes:
        return None
    if len(codes) > 1:
        return Match(None, AMBIGUO, codes, "nome_condiviso")
    return Match(codes[0], TROVATO)


def _agreed(readings: list[Match]) -> Match:
    """Return the one reading of a text as an abbreviation and as a name, or both as candidates."""
    if not readings:
        return Match(None, SCONOSCIUTO)
    first, last = readings[0], readings[-1]
    if first.esito == last.esito == TROVATO and first.codice != last.codice:
        return Match(None, AMBIGUO, (str(first.codice), str(last.codice)), "nome_condiviso")
    return first


def _from_caveat(caveat: Caveat) -> Match:
    return Match(None, caveat.esito, caveat.candidati, caveat.motivo)


def _as_table(found: Sequence[Match]) -> pd.DataFrame:
    rows = [
        (match.codice, match.esito, SEPARATOR.join(match.suggerimenti), match.motivo)
        for match in found
    ]
    return pd.DataFrame(rows, columns=list(COLUMNS), dtype="str")
