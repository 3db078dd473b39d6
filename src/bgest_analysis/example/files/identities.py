"""Invented names, tax codes and telephones; none can be anybody's.

Tax codes are of a country code that does not exist (Z999); telephones begin with 000.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import numpy as np
import pandas as pd

from bgest_analysis.example.draws import Ints, Texts, stream
from bgest_analysis.example.people import People
from bgest_analysis.privacy.names import fold
from bgest_analysis.privacy.pseudonyms import is_tax_code

Names = tuple[tuple[str, ...], tuple[str, ...]]  # men's, women's
ARABIC: Names = (
    ("Mohamed", "Ahmed", "Youssef", "Hassan", "Omar", "Karim", "Rachid", "Ibrahim"),
    ("Fatima", "Khadija", "Aicha", "Salma", "Nadia", "Samira", "Hanane", "Laila"),
)
SLAVIC = (("Oleksandr", "Andrii", "Serhii", "Mykola", "Dmytro", "Volodymyr"),
          ("Olena", "Iryna", "Nataliia", "Tetiana", "Svitlana", "Kateryna"))  # fmt: skip
INDIAN = (("Rajinder", "Gurpreet", "Imran", "Bilal", "Rahim", "Anwar"),
          ("Manpreet", "Shabnam", "Nasreen", "Rukhsana", "Kulwinder", "Farzana"))  # fmt: skip
OTHER = (("Alban", "Kofi", "Mamadou", "Carlos", "Wei", "Emeka", "Pjeter"),
         ("Mimoza", "Abena", "Aminata", "Rosa", "Lin", "Blessing", "Drita"))  # fmt: skip
GIVEN_BY_COUNTRY = {
    "MAR": ARABIC, "EGY": ARABIC, "TUN": ARABIC, "UKR": SLAVIC, "ROU": OTHER, "IND": INDIAN,
    "PAK": INDIAN, "BGD": INDIAN, "ALB": OTHER, "SEN": ARABIC,
}  # fmt: skip
# Another known spelling of the same name.
SPELLINGS = {
    "Mohamed": "Mohammed", "Ahmed": "Ahmad", "Youssef": "Yusuf", "Hassan": "Hasan",
    "Ibrahim": "Brahim", "Rachid": "Rashid", "Omar": "Umar", "Fatima": "Fatma",
    "Khadija": "Hadija", "Aicha": "Aisha",
}  # fmt: skip
CYRILLIC = {
    "Oleksandr": "Олександр", "Andrii": "Andrey", "Serhii": "Sergey", "Mykola": "Nikolay",
    "Dmytro": "Дмитро", "Volodymyr": "Vladimir", "Olena": "Олена", "Iryna": "Irina",
    "Nataliia": "Natalia", "Tetiana": "Tatiana", "Svitlana": "Svetlana", "Kateryna": "Катерина",
}  # fmt: skip
OPENINGS = ("Bel", "Tar", "Zan", "Mor", "Kas", "Lum", "Ven", "Dar", "Sol", "Fer", "Nab", "Gor")
MIDDLES = ("ab", "ed", "in", "or", "ul", "ash", "em", "ig", "ov", "un")
ENDINGS = ("ari", "eno", "iku", "osha", "uri", "amba", "ezzi", "illo")
MONTH_LETTERS = "ABCDEHLMPRST"
COUNTRY_OF_NOBODY = "Z999"
WITH_TAX_CODE, WITH_TELEPHONE = 0.70, 0.55
CHECK_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


@dataclass(frozen=True)
class Identities:
    """Who each record says the person is: cognome, nome, nascita, codice_fiscale, telefono."""

    frame: pd.DataFrame


def build_identities(seed: int, people: People) -> Identities:
    """Return one row a record, in the order of ``people.schede``."""
    rng = stream(seed, "identita")
    who = people.persone
    surname = _surnames(rng, who)
    given = _given_names(rng, who, people)
    birth = [day.astype(dt.date) for day in who["nascita"].to_numpy().astype("datetime64[D]")]
    person = people.schede["persona"].to_numpy()
    frame = pd.DataFrame(
        {
            "cognome": surname[person],
            "nome": given[person],
            "nascita": np.array(birth, dtype=object)[person],
        }
    )
    first = len(who)
    frame["codice_fiscale"] = _tax_codes(rng, frame, who["sesso"].to_numpy()[person], first)
    frame["telefono"] = _telephones(rng, len(frame))
    _spoil_doubles(frame, people.schede, first)
    return Identities(frame)


def _surnames(rng: np.random.Generator, who: pd.DataFrame) -> Texts:
    """Return invented surnames; a twin has that of the other."""
    parts = [rng.integers(0, len(p), len(who)) for p in (OPENINGS, MIDDLES, ENDINGS)]
    names = [OPENINGS[a] + MIDDLES[b] + ENDINGS[c] for a, b, c in zip(*parts, strict=True)]
    result = np.array(names, dtype=object)
    twins = np.flatnonzero(who["gemello"] >= 0)
    result[twins] = result[who["gemello"].to_numpy()[twins]]
    return result


def _given_names(rng: np.random.Generator, who: pd.DataFrame, people: People) -> Texts:
    """Return given names; those of a double of kind ``variante`` have another known spelling."""
    draw = rng.random(len(who))
    kind = pd.Series("", index=range(len(who)), dtype=object)
    doubles = people.schede[people.schede["doppione"].notna()]
    kind[doubles["persona"].to_numpy()] = doubles["doppione"].to_numpy()
    rows = zip(who["cittadinanza"], who["sesso"] == "F", draw, kind, strict=True)
    names = [_given(country, female, x, which) for country, female, x, which in rows]
    return _unlike_twins(np.array(names, dtype=object), who)


def _given(country: str, female: bool, draw: float, kind: str) -> str:
    pool = GIVEN_BY_COUNTRY.get(country, OTHER)[int(female)]
    if kind == "variante":
        pool = tuple(name for name in ARABIC[int(female)] if name in SPELLINGS)
    return pool[int(draw * len(pool))]


def _unlike_twins(names: Texts, who: pd.DataFrame) -> Texts:
    """Give a twin another name than the other's."""
    other, sex = who["gemello"].to_numpy(), who["sesso"].to_numpy()
    country = who["cittadinanza"].to_numpy()
    for second in np.flatnonzero(other >= 0):
        pool = GIVEN_BY_COUNTRY.get(country[second], OTHER)[int(sex[second] == "F")]
        names[second] = next(name for name in pool if name != names[other[second]])
    return names


def _tax_codes(
    rng: np.random.Generator, frame: pd.DataFrame, sex: np.ndarray, first: int
) -> list[str | None]:
    """Return tax codes of the first records; a second record has none."""
    has = (rng.random(len(frame)) < WITH_TAX_CODE) & (np.arange(len(frame)) < first)
    rows = zip(frame["cognome"], frame["nome"], frame["nascita"], sex, has, strict=True)
    return [tax_code(s, n, day, x) if yes else None for s, n, day, x, yes in rows]


def tax_code(surname: str, given: str, birth: dt.date, sex: str) -> str:
    """Return a tax code with the right check letter, born where nobody is."""
    day = birth.day + (40 if sex == "F" else 0)
    body = f"{_three(surname)}{_three(given)}{birth.year % 100:02d}"
    body += f"{MONTH_LETTERS[birth.month - 1]}{day:02d}{COUNTRY_OF_NOBODY}"
    return next(body + letter for letter in CHECK_LETTERS if is_tax_code(body + letter))


def _three(name: str) -> str:
    letters = fold(name).replace(" ", "").upper()
    consonants = [letter for letter in letters if letter not in "AEIOU"]
    vowels = [letter for letter in letters if letter in "AEIOU"]
    return "".join([*consonants, *vowels, "X", "X", "X"][:3])


def _telephones(rng: np.random.Generator, n: int) -> list[str | None]:
    has = rng.random(n) < WITH_TELEPHONE
    return [f"000 {k + 1:07d}" if yes else None for k, yes in enumerate(has)]


def _spoil_doubles(frame: pd.DataFrame, records: pd.DataFrame, first: int) -> None:
    """Write each second record the way its kind of double says."""
    columns = {name: frame[name].to_numpy(dtype=object, copy=True) for name in
               ("cognome", "nome", "nascita")}  # fmt: skip
    kinds = records["doppione"].to_numpy(dtype=object)
    for row in range(first, len(frame)):
        old = tuple(columns[name][row] for name in columns)
        new = second_record(kinds[row], *old)
        for name, value in zip(columns, new, strict=True):
            columns[name][row] = value
    for name, values in columns.items():
        frame[name] = values


def second_record(kind: str, surname: str, given: str, birth: dt.date) -> tuple[str, str, dt.date]:
    """Return surname, name and birthday as the second record of a person has them."""
    if kind == "variante":
        return surname, SPELLINGS.get(given, given), birth
    if kind == "traslitterazione":
        return surname, CYRILLIC.get(given, given), birth
    if kind == "scambio":
        return given, surname, birth
    if kind == "refuso":
        return surname[:3] + surname[4] + surname[3] + surname[5:], given, birth
    if kind == "data_convenzionale":
        return surname, given, birth.replace(month=1, day=1)
    return f"{surname[:2]}{MIDDLES[len(given) % len(MIDDLES)]}{ENDINGS[0]}", given, birth


def doubles_of(people: People) -> Ints:
    """Return the positions of the second records."""
    return np.flatnonzero(people.schede["doppione"].notna())
