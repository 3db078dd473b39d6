"""The lists that travel with the package, read when first asked for.

Tables come as frames of text (codes keep their zeros; ``NA`` is Namibia, never a missing
value); names and variants come as :class:`~bgest_analysis.vocabulary.matcher.Vocabulary`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import pandas as pd

from bgest_analysis.vocabulary.matcher import (
    SEPARATOR,
    Caveat,
    Entry,
    Vocabulary,
    build_vocabulary,
)

COMUNE_PREFIXES = ("comune di", "comune", "città di")
_SAINT = re.compile(r"\b(?:San|Santa|Santo)\s|\bSant'")


@dataclass(frozen=True)
class Code:
    """One value of a code list with its names in the two languages."""

    codice: str
    titolo_it: str
    titolo_en: str
    alias: tuple[str, ...] = ()


def read_list(name: str) -> pd.DataFrame:
    """Return a list of the package as text, a fresh copy at every call."""
    return _read_list(name).copy()


@cache
def _read_list(name: str) -> pd.DataFrame:
    path = files("bgest_analysis.vocabulary") / f"{name}.csv"
    with path.open("rb") as stream:
        return pd.read_csv(stream, encoding="utf-8", dtype="str", keep_default_na=False)


def _rows(table: pd.DataFrame) -> list[dict[str, str]]:
    columns = [str(name) for name in table.columns]
    return [dict(zip(columns, row, strict=True)) for row in table.itertuples(index=False)]


def vocabulary_of_table(
    nome: str,
    table: pd.DataFrame,
    *,
    codice: str,
    titolo: str,
    forme: Sequence[str],
    alias: str | None = None,
    prefissi: Sequence[str] = (),
) -> Vocabulary:
    """Make a vocabulary from a table of the study (Ambiti, bodies).

    Parameters
    ----------
    codice, titolo
        Columns of the code and of the name shown.
    forme
        Columns whose text is a way of writing the code; the code itself always is.
    alias
        Column of further ways separated by ``|``.
    prefissi
        Openings without meaning, e.g. ``"ambito di"``.
    """
    entries = [
        Entry(row[codice], row[titolo], _forms_of_row(row, (codice, *forme), alias))
        for row in _rows(table)
    ]
    return build_vocabulary(nome, entries, prefissi=prefissi)


def _forms_of_row(
    row: dict[str, str], columns: Sequence[str], alias: str | None
) -> tuple[str, ...]:
    named = [row[column] for column in columns]
    further = row[alias].split(SEPARATOR) if alias else []
    return tuple(form for form in (*named, *further) if form)


@cache
def load_comuni() -> Vocabulary:
    """Return Lombardy's comuni (December 2024) by name, ISTAT code and cadastral code."""
    entries = [
        Entry(
            row["cod_istat"],
            row["nome"],
            (row["nome"], _SAINT.sub("S. ", row["nome"])),
            (row["cod_istat"], row["codice_catastale"]),
        )
        for row in _rows(_read_list("comuni_lombardia"))
    ]
    return build_vocabulary("comuni", entries, prefissi=COMUNE_PREFIXES)


def load_variazioni() -> pd.DataFrame:
    """Return the mergers: abolished code and name, ``data_evento`` (ISO), new code and name."""
    return read_list("variazioni_comuni")


def current_comune(cod_istat: str, data: str = "9999-12-31") -> str:
    """Return the comune that a code belongs to on a date, mergers followed.

    Parameters
    ----------
    cod_istat
        Six digits.
    data
        ISO date; only mergers up to that day count.
    """
    successors = _successors()
    while cod_istat in successors and successors[cod_istat][0] <= data:
        cod_istat = successors[cod_istat][1]
    return cod_istat


@cache
def _successors() -> dict[str, tuple[str, str]]:
    table = _read_list("variazioni_comuni")
    steps = zip(table["data_evento"], table["cod_istat_nuovo"], strict=True)
    return dict(zip(table["cod_istat_soppresso"], steps, strict=True))


@cache
def load_paesi() -> Vocabulary:
    """Return the countries: ISO 3166 alpha-3 by name, variant, demonym, ISO2, ISO3 and ISTAT code.

    ``XKX`` is Kosovo and ``XXA`` stateless. A form shared by several countries ("congolese")
    is ambiguous; the forms of ``paesi_cautele`` always go to a person.
    """
    entries = [
        Entry(
            row["iso3"],
            row["nome_it"],
            (row["nome_it"], row["nome_en"], *_paese_forms().get(row["iso3"], ())),
            tuple(filter(None, (row["iso3"], row["iso2"], row["cod_istat_stato"]))),
        )
        for row in _rows(_read_list("paesi"))
    ]
    return build_vocabulary("paesi", entries, cautele=_caveats("paesi_cautele"))


@cache
def _paese_forms() -> dict[str, tuple[str, ...]]:
    written = pd.concat([_read_list("paesi_alias"), _read_list("demonimi")])
    return {str(iso3): tuple(forms) for iso3, forms in written.groupby("iso3")["forma"]}


def _caveats(name: str) -> Iterator[Caveat]:
    for row in _rows(_read_list(name)):
        candidates = tuple(filter(None, row["candidati"].split(SEPARATOR)))
        yield Caveat(row["forma"], candidates, row["motivo"], row["esito"])


def is_ue(iso3: str, data: str) -> bool:
    """Tell whether a country was in the European Union on a day (ISO date).

    The first and the last day of membership count; the United Kingdom's last is 31 January
    2020 (its transition period, to 31 December 2020, was not membership). Raises ``KeyError``
    for a code that is not in the list.
    """
    joined, left = _membership()[iso3]
    return bool(joined) and joined <= data and (not left or data <= left)


@cache
def _membership() -> dict[str, tuple[str, str]]:
    paesi = _read_list("paesi")
    return dict(zip(paesi["iso3"], zip(paesi["ue_dal"], paesi["ue_al"], strict=True), strict=True))


@cache
def load_aggregati() -> frozenset[str]:
    """Return the names of areas and totals that stand among countries in ISTAT's tables."""
    return frozenset(_read_list("aggregati_cittadinanza")["nome"])


@cache
def load_lingue() -> Vocabulary:
    """Return the languages: ISO 639-3 by name and variant; a country is not a language."""
    aliases = _read_list("lingue_alias").groupby("iso639_3")["forma"].apply(tuple).to_dict()
    entries = [
        Entry(
            row["iso639_3"],
            row["nome_it"],
            (row["nome_it"], row["nome_en"], *aliases.get(row["iso639_3"], ())),
            _language_abbreviations(row["iso639_3"], row["iso639_1"]),
        )
        for row in _rows(_read_list("lingue"))
    ]
    return build_vocabulary(
        "lingue", entries, cautele=_caveats("lingue_cautele"), prefissi=("lingua",)
    )


def _language_abbreviations(iso639_3: str, iso639_1: str) -> tuple[str, ...]:
    """Return the codes, and their capitals unless those are a country's (``MAR``, ``AR``)."""
    paesi = _read_list("paesi")
    countries = {*paesi["iso2"], *paesi["iso3"]}
    written = [code for code in (iso639_3, iso639_1) if code]
    return (*written, *(code.upper() for code in written if code.upper() not in countries))


@cache
def codes(lista: str) -> tuple[Code, ...]:
    """Return a code list in its order; ``KeyError`` for a list that is not there."""
    table = _read_list("codici")
    rows = _rows(table[table["lista"].eq(lista)])
    if not rows:
        raise KeyError(lista)
    return tuple(
        Code(
            row["codice"],
            row["titolo_it"],
            row["titolo_en"],
            tuple(filter(None, row["alias"].split(SEPARATOR))),
        )
        for row in rows
    )


@cache
def load_codes(lista: str) -> Vocabulary:
    """Return a code list as a vocabulary: code, Italian and English name, aliases."""
    entries = [
        Entry(
            code.codice, code.titolo_it, (code.codice, code.titolo_it, code.titolo_en, *code.alias)
        )
        for code in codes(lista)
    ]
    return build_vocabulary(lista, entries)
