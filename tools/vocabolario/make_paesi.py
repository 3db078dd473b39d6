"""Write the country lists of ``src/bgest_analysis/vocabulary/``.

Usage: ``python -m tools.vocabolario.make_paesi``

Reads the reviewed tables beside this script (ISTAT codes and names, membership of the Union,
masculine demonyms, variants) and two packages that need not be in the project's own
environment: ``pycountry`` (ISO 3166) and ``babel`` (CLDR names, Italian and English).
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from pathlib import Path

import pycountry
from babel import Locale

HERE = Path(__file__).resolve().parent
VOCABULARY = HERE.parents[1] / "src" / "bgest_analysis" / "vocabulary"
OUTSIDE_ISO = {"XKX": ("XK", "Kosovo"), "XXA": ("", "Stateless")}
GENDERS = ("m_s", "f_s", "m_p", "f_p")


def read_rows(path: Path) -> list[dict[str, str]]:
    """The rows of a CSV, every cell as text."""
    with path.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def write_rows(name: str, columns: Iterable[str], rows: Iterable[Iterable[str]]) -> None:
    """A CSV of the vocabulary, lines ended by a newline alone."""
    with (VOCABULARY / name).open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(columns)
        writer.writerows(rows)


def iso2_and_english(iso3: str) -> tuple[str, str]:
    """The two-letter code and the English name of a country."""
    if iso3 in OUTSIDE_ISO:
        return OUTSIDE_ISO[iso3]
    country = pycountry.countries.get(alpha_3=iso3)
    return country.alpha_2, getattr(country, "common_name", country.name)


def paesi(rows: list[dict[str, str]]) -> Iterator[tuple[str, ...]]:
    """One row per country, in the order of ISTAT's codes."""
    for row in sorted(rows, key=lambda row: row["cod_istat_stato"]):
        iso2, english = iso2_and_english(row["iso3"])
        yield (
            row["iso3"],
            iso2,
            row["cod_istat_stato"],
            row["nome_it"],
            english,
            row["ue_dal"],
            row["ue_al"],
        )


def variants(rows: list[dict[str, str]]) -> Iterator[tuple[str, str, str]]:
    """Other names: CLDR in Italian and English, ISO's long names, reviewed variants."""
    italian, english = Locale("it").territories, Locale("en").territories
    for row in rows:
        iso3, (iso2, english_name) = row["iso3"], iso2_and_english(row["iso3"])
        names = [italian.get(iso2, ""), english.get(iso2, ""), english_name]
        country = pycountry.countries.get(alpha_3=iso3)
        if country is not None:
            names += [country.name, getattr(country, "official_name", "")]
        for name in dict.fromkeys(names):
            if name and name != row["nome_it"]:
                yield name, iso3, "cldr_iso"
    for row in read_rows(HERE / "paesi_varianti.csv"):
        yield row["forma"], row["iso3"], "rivista"


def inflect(masculine: str) -> tuple[str, str, str, str]:
    """Masculine and feminine, singular and plural, of an Italian demonym.

    Four forms separated by colons are taken as written; otherwise ``-o`` has four forms,
    ``-e`` and ``-a`` one singular.
    """
    if ":" in masculine:
        first, second, third, fourth = masculine.split(":")
        return first, second, third, fourth
    stem, ending = masculine[:-1], masculine[-1]
    forms = {
        "o": (masculine, f"{stem}a", f"{stem}i", f"{stem}e"),
        "e": (masculine, masculine, f"{stem}i", f"{stem}i"),
        "a": (masculine, masculine, f"{stem}i", f"{stem}e"),
    }
    return forms[ending]


def demonimi(rows: list[dict[str, str]]) -> Iterator[tuple[str, str, str]]:
    """One row per form, gender and number, and country."""
    for row in rows:
        for masculine in filter(None, row["demonimi"].split("|")):
            for form, gender in zip(inflect(masculine), GENDERS, strict=True):
                yield form, gender, row["iso3"]


def main() -> None:
    """Write the three lists."""
    rows = read_rows(HERE / "paesi_istat.csv")
    write_rows(
        "paesi.csv",
        ("iso3", "iso2", "cod_istat_stato", "nome_it", "nome_en", "ue_dal", "ue_al"),
        paesi(rows),
    )
    write_rows("paesi_alias.csv", ("forma", "iso3", "origine"), variants(rows))
    write_rows("demonimi.csv", ("forma", "genere_numero", "iso3"), demonimi(rows))


if __name__ == "__main__":
    main()
