"""A person as a file shows them, in memory only, and the keyed features that survive the reading.

Features let new files be compared with earlier ones without keeping a name: every word, date and
number is replaced by a keyed digest. Whoever has the key could guess names from them, so they
stay with the processed data, under the same rules, and go when the person is erased.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from bgest_analysis.privacy.names import bigrams, canonical_tokens, skeleton
from bgest_analysis.privacy.pseudonyms import (
    Key,
    is_tax_code,
    normalise_code,
    normalise_phone,
)
from bgest_analysis.schema.model import PANDAS
from bgest_analysis.schema.persone import IMPRONTE_PERSONE

SEPARATOR = "|"
DIGEST_BYTES = 6


@dataclass(frozen=True)
class Person:
    """What a row says of who somebody is; printing it shows nothing.

    ``cognome`` may hold the full name, with ``nome`` empty. ``ente`` is the body whose code
    ``codice`` is. A date of 1 January is taken as "some day of that year".
    """

    codice: str = field(default="", repr=False)
    ente: str = field(default="", repr=False)
    cognome: str = field(default="", repr=False)
    nome: str = field(default="", repr=False)
    codice_fiscale: str = field(default="", repr=False)
    data_nascita: dt.date | None = field(default=None, repr=False)
    anno_nascita: int | None = field(default=None, repr=False)
    sesso: str = field(default="", repr=False)
    cittadinanza: str = field(default="", repr=False)
    telefono: str = field(default="", repr=False)
    permesso: str = field(default="", repr=False)

    @property
    def year(self) -> int | None:
        return self.data_nascita.year if self.data_nascita else self.anno_nascita

    @property
    def tokens(self) -> tuple[str, ...]:
        return canonical_tokens(f"{self.cognome} {self.nome}")


@dataclass(frozen=True)
class Sighting:
    """A person seen in a row of a file, with the pseudonym given there."""

    destinatario_id: str
    person: Person
    file: str
    row: int


def person_identity(person: Person) -> str:
    """Return the text a person's pseudonym is made of; ``""`` if the row tells nobody apart.

    The sender's own code first, then a tax code with the right check letter, then the words of
    the name with the date of birth. Records of one person that get different pseudonyms this
    way are found by matching; none is merged here on a likeness.
    """
    code, tax_code = normalise_code(person.codice), normalise_code(person.codice_fiscale)
    if code:
        return f"codice:{normalise_code(person.ente)}:{code}"
    if is_tax_code(tax_code):
        return f"cf:{tax_code}"
    if not person.tokens or person.year is None:
        return ""
    born = person.data_nascita.isoformat() if person.data_nascita else str(person.year)
    return f"nome:{' '.join(person.tokens)}:{born}"


def build_features(sightings: Iterable[Sighting], key: Key) -> pd.DataFrame:
    """Return the keyed features of persons: one row a sighting, as ``impronte_persone``."""
    digest = _Digest(key)
    rows = [_features(sighting, digest) for sighting in sightings]
    columns = IMPRONTE_PERSONE.columns
    frame = pd.DataFrame(rows, columns=[column.name for column in columns])
    return frame.astype({column.name: PANDAS[column.type] for column in columns})


class _Digest:
    """Keyed digests of small texts, each computed once."""

    def __init__(self, key: Key) -> None:
        self._key = key
        self._known: dict[tuple[str, str], str] = {}

    def __call__(self, kind: str, text: str) -> str:
        if not text:
            return ""
        known = self._known.get((kind, text))
        return self._compute(kind, text) if known is None else known

    def _compute(self, kind: str, text: str) -> str:
        made = hashlib.blake2b(
            text.encode(), key=self._key.secret, person=kind.encode(), digest_size=DIGEST_BYTES
        ).hexdigest()
        self._known[kind, text] = made
        return made

    def all(self, kind: str, texts: Iterable[str]) -> str:
        return SEPARATOR.join(sorted({self(kind, text) for text in texts}))


def _features(sighting: Sighting, digest: _Digest) -> dict[str, Any]:
    person = sighting.person
    tokens = person.tokens
    tax_code = normalise_code(person.codice_fiscale)
    separate = bool(person.cognome and person.nome)
    return {
        "destinatario_id": sighting.destinatario_id,
        "impronta_blocco": digest("blocco", _block(person)),
        "impronta_cf": digest("cf", tax_code if is_tax_code(tax_code) else ""),
        "impronta_permesso": digest("permesso", normalise_code(person.permesso)),
        "impronta_telefono": digest("telefono", normalise_phone(person.telefono)),
        **_date_features(person, digest),
        "impronta_cognome": digest.all(
            "parola", canonical_tokens(person.cognome) if separate else ()
        ),
        "impronta_nome": digest.all("parola", canonical_tokens(person.nome) if separate else ()),
        "impronta_parole": digest.all("parola", tokens),
        "impronta_suoni": digest.all("suono", map(skeleton, tokens)),
        "impronta_lettere": digest.all("lettere", bigrams(tokens)),
        "impronta_cittadinanza": digest("stato", person.cittadinanza),
        "cognome_variabile": person.sesso == "F",
        "fonte_file": sighting.file,
        "fonte_riga": sighting.row,
    }


def _block(person: Person) -> str:
    return f"{person.sesso}{person.year}" if person.sesso and person.year else ""


def _date_features(person: Person, digest: _Digest) -> dict[str, Any]:
    born = person.data_nascita
    conventional = born is None or (born.day, born.month) == (1, 1)
    if born is None or conventional:
        return {"impronta_data": "", "impronta_data_scambiata": "", "data_convenzionale": True}
    swapped = born.replace(day=born.month, month=born.day) if born.day <= 12 else None
    return {
        "impronta_data": digest("data", born.isoformat()),
        "impronta_data_scambiata": digest("data", swapped.isoformat() if swapped else ""),
        "data_convenzionale": False,
    }
