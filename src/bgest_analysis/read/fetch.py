"""``bgest fetch``: official files from their publishers, checked before they take their place.

A download that is a web page of error, a truncated archive or a table whose layout changed is
refused, and the copy that was there stays. Beside each file stands where it comes from.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

from bgest_analysis.errors import BgestError, SourceError
from bgest_analysis.read.addresses import Address
from bgest_analysis.read.download import Downloaded, Web, ask_web, download
from bgest_analysis.read.official import read_text_table
from bgest_analysis.read.text_file import read_bytes
from bgest_analysis.read.zipped import is_zip, members

EARLIER = "precedenti"
SOURCE = ".source.toml"


class Outcome(StrEnum):
    """What a fetch came to."""

    SCARICATO = "scaricato"  # a new file
    AGGIORNATO = "aggiornato"  # another content; the earlier copy is under ``precedenti/``
    INVARIATO = "invariato"  # the publisher has the same content
    PRESENTE = "presente"  # already here, not asked again


@dataclass(frozen=True)
class Fetched:
    """One publication fetched.

    Parameters
    ----------
    path
        The file, as its publisher writes it (taken out of its archive).
    rows
        Rows of data in it.
    """

    path: Path
    outcome: Outcome
    sha256: str
    rows: int


def web() -> Web:
    """Return the real web."""
    return Web(ask_web)


def fetch(
    address: Address,
    year: int,
    folder: Path,
    net: Web,
    *,
    today: dt.date,
    again: bool = False,
) -> Fetched:
    """Fetch one edition of a publication into a folder.

    Parameters
    ----------
    folder
        Where raw official files stand.
    again
        Ask even if the file is here (the publisher may answer that it has not changed).

    Raises
    ------
    MachineLacks
        Without network; nothing has changed on disk but the part received, for going on.
    SourceError
        If the publisher has no such file, or what came is refused; the earlier copy is kept.
    """
    folder.mkdir(parents=True, exist_ok=True)
    target = folder / address.file_name(year)
    known = read_provenance(target)
    if target.is_file() and known and not again:
        return _present(target, known, Outcome.PRESENTE)
    url = address.url(year)
    headers = {"Accept": address.accetta, **_conditions(target, known, url)}
    got = download(net, url, target, headers, address.attesa_secondi)
    if got.path is None:
        return _present(target, known, Outcome.INVARIATO)
    try:
        content, rows = _checked(got.path, address, target.name, had_one=target.is_file())
    finally:
        got.path.unlink(missing_ok=True)
    return _put(target, content, rows, _provenance(address, year, url, got, today))


def _present(target: Path, known: Mapping[str, Any], outcome: Outcome) -> Fetched:
    digest = hashlib.sha256(target.read_bytes()).hexdigest()
    if digest != known.get("sha256"):
        raise SourceError(
            "{file} non è più quello scaricato: la somma di controllo è cambiata; se la modifica "
            "è voluta salvarlo con un altro nome, altrimenti cancellarlo e rifare bgest fetch",
            file=target.name,
        )
    return Fetched(target, outcome, digest, int(known.get("righe", 0)))


def read_provenance(target: Path) -> dict[str, Any]:
    """Return what stands in the file beside, empty if there is none or it cannot be read."""
    beside = provenance_path(target)
    try:
        return tomllib.loads(beside.read_text(encoding="utf-8"))
    except (OSError, tomllib.TOMLDecodeError, UnicodeDecodeError):
        return {}


def provenance_path(target: Path) -> Path:
    """Return the file that says where another one comes from."""
    return target.with_suffix(SOURCE)


def _conditions(target: Path, known: Mapping[str, Any], url: str) -> dict[str, str]:
    """Ask only for what has changed, if the copy here is whole and from the same address."""
    if not target.is_file() or known.get("url") != url:
        return {}
    pairs = (("If-None-Match", "etag"), ("If-Modified-Since", "data_pubblicazione"))
    return {header: str(known[key]) for header, key in pairs if known.get(key)}


def _checked(path: Path, address: Address, name: str, *, had_one: bool) -> tuple[bytes, int]:
    """Return the table's bytes and rows, if it is what it should be."""
    try:
        content = _table_bytes(read_bytes(path, name), name)
        raw = read_text_table(content, name, name)
        if raw.layout not in address.tracciati:
            raise SourceError("il tracciato è «{altro}»", altro=raw.remarks["tracciato"])
        if not len(raw.cells):
            raise SourceError("non ha nessuna riga di dati")
    except BgestError as error:
        kept = "la copia che c'era resta al suo posto" if had_one else "non è stato salvato nulla"
        raise SourceError(
            "{file}: quello che il sito ha mandato non va bene ({motivo}); {copia}. Riprovare più "
            "tardi; se si ripete, scaricarlo a mano e controllare {indirizzo}",
            file=name,
            motivo=str(error),
            copia=kept,
            indirizzo=address.indirizzo,
        ) from error
    return content, raw.rows_in


def _table_bytes(content: bytes, name: str) -> bytes:
    if not is_zip(content):
        return content
    inside = list(members(content, name))
    wanted = [data for member, data in inside if member == name]
    if wanted or len(inside) == 1:
        return wanted[0] if wanted else inside[0][1]
    raise SourceError(
        "l'archivio contiene più tabelle e nessuna si chiama {nome}: {nomi}",
        nome=name,
        nomi=", ".join(member for member, _ in inside),
    )


def _provenance(
    address: Address, year: int, url: str, got: Downloaded, today: dt.date
) -> dict[str, str]:
    return {
        "titolo": address.title(year),
        "editore": address.editore,
        "url": url,
        "licenza": address.licenza,
        "citazione": address.citazione,
        "data_pubblicazione": got.modified,
        "data_accesso": today.isoformat(),
        "annata": str(year),
        "origine": "pubblica",
        "etag": got.etag,
    }


def _put(target: Path, content: bytes, rows: int, facts: Mapping[str, str]) -> Fetched:
    """Set the new file in its place, the earlier one aside, the provenance beside."""
    digest = hashlib.sha256(content).hexdigest()
    outcome = Outcome.SCARICATO
    if target.is_file():
        before = hashlib.sha256(target.read_bytes()).hexdigest()
        outcome = Outcome.INVARIATO if before == digest else Outcome.AGGIORNATO
        if outcome is Outcome.AGGIORNATO:
            _set_aside(target, before)
    if outcome is not Outcome.INVARIATO:
        _write_whole(target, content)
    _write_whole(provenance_path(target), _toml({**facts, "sha256": digest}, rows))
    return Fetched(target, outcome, digest, rows)


def _set_aside(target: Path, digest: str) -> None:
    """Copy the earlier file (and its provenance) under ``precedenti/``, named by its content."""
    folder = target.parent / EARLIER
    folder.mkdir(exist_ok=True)
    for path in (target, provenance_path(target)):
        if path.is_file():
            copy = folder / f"{target.stem}_{digest[:8]}{path.name.removeprefix(target.stem)}"
            _write_whole(copy, path.read_bytes())


def _write_whole(path: Path, content: bytes) -> None:
    staged = path.with_name(path.name + ".nuovo")
    staged.write_bytes(content)
    os.replace(staged, path)


def _toml(facts: Mapping[str, str], rows: int) -> bytes:
    lines = [f"{key} = {json.dumps(value, ensure_ascii=False)}" for key, value in facts.items()]
    return ("\n".join([*lines, f"righe = {rows}"]) + "\n").encode()
