"""Write the language lists of ``src/bgest_analysis/vocabulary/``.

Usage: ``python -m tools.vocabolario.make_lingue`` (after ``make_paesi``)

Reads the reviewed tables beside this script and two packages that need not be in the project's
own environment: ``pycountry`` (ISO 639-3) and ``babel`` (CLDR names in Italian). A name of a
country or of its people that is not the name of a language becomes a caveat: a country is not
a language, and none is ever derived from it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import pycountry
from babel import Locale

from bgest_analysis.vocabulary.matcher import fold
from tools.vocabolario.make_paesi import HERE, VOCABULARY, read_rows, write_rows

PEOPLE = {"m_s", "f_s"}
SHORTEST_NAME = 3
ENGLISH = {"ton": "Tongan"}  # ISO's name is also the country's


def lingue(rows: list[dict[str, str]]) -> Iterator[tuple[str, ...]]:
    """One row per language: codes, names, family, whether it covers several languages."""
    for row in sorted(rows, key=lambda row: row["iso639_3"]):
        language = pycountry.languages.get(alpha_3=row["iso639_3"])
        covers = "true" if language.scope == "M" else "false"
        english = ENGLISH.get(row["iso639_3"], language.name.split(" (")[0])
        yield (
            row["iso639_3"],
            getattr(language, "alpha_2", ""),
            row["nome_it"],
            english,
            row["famiglia"],
            covers,
        )


def variants(rows: list[dict[str, str]]) -> Iterator[tuple[str, str, str]]:
    """Other names: CLDR's Italian one and the reviewed variants."""
    italian = Locale("it").languages
    for row in rows:
        iso = row["iso639_3"]
        language = pycountry.languages.get(alpha_3=iso)
        cldr = italian.get(getattr(language, "alpha_2", iso), italian.get(iso, ""))
        if len(cldr) >= SHORTEST_NAME and fold(cldr) != fold(row["nome_it"]):
            yield cldr, iso, "cldr"
        for form in filter(None, row["alias"].split("|")):
            yield form, iso, "rivista"


def feminine_forms(named: dict[str, str]) -> Iterator[tuple[str, str, str]]:
    """Forms like "(lingua) russa" beside "russo", for demonyms that are the name of a language."""
    masculine = ""
    for row in read_rows(VOCABULARY / "demonimi.csv"):
        if row["genere_numero"] == "m_s":
            masculine = fold(row["forma"])
        feminine = row["genere_numero"] == "f_s" and fold(row["forma"]) not in named
        if feminine and masculine in named:
            yield row["forma"], named[masculine], "femminile"


def caveats(taken: set[str]) -> Iterator[tuple[str, str, str, str]]:
    """The reviewed caveats, then the names of countries and peoples that are no language."""
    reviewed = [tuple(row.values()) for row in read_rows(HERE / "lingue_cautele.csv")]
    yield from reviewed
    seen = taken | {fold(row[0]) for row in reviewed}
    for form in names_of_countries():
        if fold(form) not in seen:
            seen.add(fold(form))
            yield form, "non_valido", "", "paese_non_lingua"


def names_of_countries() -> Iterator[str]:
    """Countries and their people, singular, as ``make_paesi`` wrote them."""
    yield from (row["nome_it"] for row in read_rows(VOCABULARY / "paesi.csv"))
    for row in read_rows(VOCABULARY / "demonimi.csv"):
        if row["genere_numero"] in PEOPLE:
            yield row["forma"]


def overlooked(caveat_forms: Iterable[str]) -> list[str]:
    """Forms that CLDR knows as the name of a language: they must be in the list instead."""
    known = {fold(name) for name in Locale("it").languages.values()}
    return [form for form in caveat_forms if fold(form) in known]


def main() -> None:
    """Write the three lists; stop if a caveat is the name of a language."""
    rows = read_rows(HERE / "lingue_scelte.csv")
    aliases = list(variants(rows))
    named = {fold(row["nome_it"]): row["iso639_3"] for row in rows}
    named |= {fold(form): iso for form, iso, _ in aliases}
    aliases += dict.fromkeys(feminine_forms(named))
    kept = list(caveats({*named, *(fold(form) for form, _, _ in aliases)}))
    faults = overlooked(form for form, _, _, reason in kept if reason == "paese_non_lingua")
    if faults:
        raise SystemExit(f"CLDR knows these as languages: {faults}")
    write_rows(
        "lingue.csv",
        ("iso639_3", "iso639_1", "nome_it", "nome_en", "famiglia", "macrolingua"),
        lingue(rows),
    )
    write_rows("lingue_alias.csv", ("forma", "iso639_3", "origine"), aliases)
    write_rows("lingue_cautele.csv", ("forma", "esito", "candidati", "motivo"), kept)


if __name__ == "__main__":
    main()
