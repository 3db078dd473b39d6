"""The table of the publishers' addresses, which a study may correct with its own."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bgest_analysis.errors import StudyError, UsageError
from bgest_analysis.read.layout import FOLDER

TABLE = "indirizzi.toml"
_FILE_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.{}-]{0,150}\.csv$")
_URL = re.compile(r"https?://[A-Za-z0-9.-]+(:\d+)?/[^\s\"<>]*$")
_KEYS = {
    "codice", "tabella", "titolo", "editore", "licenza", "citazione", "indirizzo", "nome",
    "tracciati",
}  # fmt: skip
_OPTIONAL = {"accetta", "attesa_secondi"}


@dataclass(frozen=True)
class Address:
    """Where one publication is, and what it must look like.

    Parameters
    ----------
    codice
        Name of the source in commands.
    tabella
        Table its rows go to; the file stands in ``data/raw/<tabella>/``.
    indirizzo, nome, titolo
        Templates with ``{anno}`` and ``{anno_precedente}``.
    tracciati
        Codes of the layouts its file may have.
    attesa_secondi
        How long an answer may take.
    """

    codice: str
    tabella: str
    titolo: str
    editore: str
    licenza: str
    citazione: str
    indirizzo: str
    nome: str
    tracciati: tuple[str, ...]
    accetta: str = "*/*"
    attesa_secondi: int = 120

    def url(self, year: int) -> str:
        return _filled(self.indirizzo, year)

    def file_name(self, year: int) -> str:
        return _filled(self.nome, year)

    def title(self, year: int) -> str:
        return _filled(self.titolo, year)


def _filled(template: str, year: int) -> str:
    return template.replace("{anno}", str(year)).replace("{anno_precedente}", str(year - 1))


def load_addresses(study_root: Path | None = None) -> dict[str, Address]:
    """Return the addresses by code; those of the study's ``indirizzi.toml`` come first.

    Raises
    ------
    StudyError
        If the study's table is not TOML, or an entry lacks a key, has an unknown one, an address
        that is not on the web or a file name with folders.
    """
    shipped = tomllib.loads((FOLDER / TABLE).read_text(encoding="utf-8"))
    found = {entry["codice"]: _address(entry, TABLE) for entry in shipped["fonte"]}
    own = None if study_root is None else study_root / TABLE
    if own is not None and own.is_file():
        found |= {address.codice: address for address in _own(own)}
    return found


def _own(path: Path) -> list[Address]:
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise StudyError(
            "{file} non si legge: {motivo}", file=path.name, motivo=str(error)
        ) from error
    entries = content.get("fonte", [])
    if not isinstance(entries, list) or set(content) - {"fonte"}:
        raise StudyError("{file}: ci vogliono solo voci [[fonte]]", file=path.name)
    return [_address(entry, path.name) for entry in entries]


def _address(entry: Mapping[str, Any], file: str) -> Address:
    given = set(entry)
    wrong = sorted((_KEYS - given) | (given - _KEYS - _OPTIONAL))
    if wrong:
        raise StudyError(
            "{file}: nella voce «{codice}» mancano o non esistono le chiavi {chiavi}",
            file=file,
            codice=str(entry.get("codice", "?")),
            chiavi=", ".join(wrong),
        )
    address = Address(**{**entry, "tracciati": tuple(entry["tracciati"])})
    if not _URL.match(address.indirizzo) or not _FILE_NAME.match(address.nome):
        raise StudyError(
            "{file}: nella voce «{codice}» l'indirizzo deve cominciare con http e il nome essere "
            "quello di un file .csv, senza cartelle",
            file=file,
            codice=address.codice,
        )
    return address


def address_of(code: str, addresses: Mapping[str, Address]) -> Address:
    """Return one address.

    Raises
    ------
    UsageError
        If no source has that code.
    """
    if code not in addresses:
        raise UsageError(
            "non conosco la fonte «{codice}»; quelle note sono: {note}",
            codice=code,
            note=", ".join(sorted(addresses)),
        )
    return addresses[code]
