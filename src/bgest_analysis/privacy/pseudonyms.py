"""Keyed pseudonyms of persons: BLAKE2b with a key that stays outside the study's folder.

Tax codes can be enumerated, so a hash without a key would hide nobody: without a key nothing is
read. Tables carry the key's id, which tells keys apart and tells nothing of the key.
"""

from __future__ import annotations

import glob
import hashlib
import json
import os
import re
import secrets
import stat
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from bgest_analysis.errors import PrivacyGateClosed, UsageError
from bgest_analysis.schema.model import Origin

KEY_BYTES = 32
PSEUDONYM_BYTES = 10  # 20 hexadecimal digits: 200,000 persons collide with probability 2e-14
KEY_ID_BYTES = 4
VERSION = 1
SUFFIX = ".chiave"
EXAMPLE = "esempio"
DESTINATARIO, MEDIATORE, CASO = "destinatario", "mediatore", "caso"

_NOT_ALNUM = re.compile(r"[^0-9A-Z]")
_CF = re.compile(
    r"[A-Z]{6}[0-9LMNPQRSTUV]{2}[ABCDEHLMPRST][0-9LMNPQRSTUV]{2}[A-Z][0-9LMNPQRSTUV]{3}[A-Z]"
)
_ODD = dict(
    zip(
        "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ",
        (
            *(1, 0, 5, 7, 9, 13, 15, 17, 19, 21),
            *(1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3),
            *(6, 8, 12, 14, 16, 10, 22, 25, 24, 23),
        ),
        strict=True,
    )
)


@dataclass(frozen=True)
class Key:
    """A pseudonym key; its bytes are never shown, its ``id`` may be."""

    id: str
    secret: bytes = field(repr=False)


def _key(secret: bytes) -> Key:
    digest = hashlib.blake2b(key=secret, person=b"bgest-key-id", digest_size=KEY_ID_BYTES)
    return Key(digest.hexdigest(), secret)


def example_key() -> Key:
    """Return the published key of the synthetic study; it protects nobody."""
    return _key(hashlib.blake2b(b"bgest: chiave pubblicata", digest_size=KEY_BYTES).digest())


def key_folder(environ: Mapping[str, str], home: Path, platform: str = os.name) -> Path:
    """Return the folder of this user's keys, the same for every study."""
    if platform == "nt":
        return Path(environ.get("APPDATA", home / "AppData" / "Roaming")) / "bgest" / "chiavi"
    return Path(environ.get("XDG_CONFIG_HOME", home / ".config")) / "bgest" / "chiavi"


def key_path(folder: Path, study_id: str) -> Path:
    """Return where the key of a study is."""
    return folder / f"{study_id}{SUFFIX}"


def make_key(path: Path, study_root: Path) -> Key:
    """Make a new key file that only its owner can read.

    Raises
    ------
    UsageError
        If the file is there already (a new key would orphan every pseudonym made so far) or
        would lie inside the study's folder.
    """
    _refuse_inside(path, study_root)
    key = _key(secrets.token_bytes(KEY_BYTES))
    content = json.dumps({"versione": VERSION, "id": key.id, "chiave": key.secret.hex()})
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    try:
        _write_new(path, content + "\n")
    except FileExistsError as error:
        raise UsageError(
            "la chiave {file} c'è già e non viene sostituita: con un'altra chiave gli "
            "pseudonimi già fatti non si ritroverebbero",
            file=path.name,
        ) from error
    return key


def _write_new(path: Path, text: str) -> None:
    """Write a file that only its owner can read, whole or not at all, and never over another."""
    if path.exists():
        raise FileExistsError(path)
    prefix = f".{path.name}."
    for left in path.parent.glob(f"{glob.escape(prefix)}*"):  # by a command killed while it wrote
        left.unlink()
    handle, staged = tempfile.mkstemp(dir=path.parent, prefix=prefix)
    with os.fdopen(handle, "w", encoding="ascii", newline="\n") as lines:
        lines.write(text)
    os.replace(staged, path)


def load_key(path: Path, study_root: Path, origin: Origin) -> Key:
    """Return the key of a study; that of a synthetic study is the published one.

    Raises
    ------
    PrivacyGateClosed
        If there is no key, others can read it, it lies inside the study, is damaged, or is
        the published one.
    """
    if origin is Origin.SINTETICA:
        return example_key()
    if not path.is_file():
        raise PrivacyGateClosed(
            "manca la chiave degli pseudonimi, e senza chiave i dati sulle persone non si "
            "leggono: crearla con «bgest key --make» e conservarne una copia in un posto protetto"
        )
    _refuse_inside(path, study_root)
    _refuse_readable(path)
    key = _read(path)
    if key == example_key():
        raise PrivacyGateClosed("la chiave «esempio» è pubblica: serve solo ai dati sintetici")
    return key


def _refuse_inside(path: Path, study_root: Path) -> None:
    if path.resolve().is_relative_to(study_root.resolve()):
        raise PrivacyGateClosed(
            "la chiave {file} sta nella cartella dello studio: spostarla fuori", file=path.name
        )


def _refuse_readable(path: Path) -> None:
    if os.name == "posix" and stat.S_IMODE(path.stat().st_mode) & 0o077:
        raise PrivacyGateClosed(
            "la chiave {file} può essere letta da altri utenti: eseguire chmod 600 {file}",
            file=path.name,
        )


def _read(path: Path) -> Key:
    try:
        content = json.loads(path.read_text(encoding="ascii"))
        key = _key(bytes.fromhex(content["chiave"]))
    except (ValueError, KeyError, TypeError) as error:
        raise PrivacyGateClosed("la chiave {file} è danneggiata", file=path.name) from error
    if content.get("id") != key.id or len(key.secret) != KEY_BYTES:
        raise PrivacyGateClosed("la chiave {file} è danneggiata", file=path.name)
    return key


def pseudonym(key: Key, kind: str, identity: str) -> str:
    """Return the pseudonym of an identity: 20 hexadecimal digits.

    Parameters
    ----------
    kind
        Namespace (at most 16 bytes): a mediator and a recipient of one name stay apart.
    identity
        Normalised text that identifies the person.

    Raises
    ------
    ValueError
        If the identity is empty: nobody must share the pseudonym of nothing.
    """
    if not identity:
        raise ValueError("an empty identity has no pseudonym")
    digest = hashlib.blake2b(
        identity.encode(), key=key.secret, person=kind.encode(), digest_size=PSEUDONYM_BYTES
    )
    return digest.hexdigest()


def normalise_code(text: str) -> str:
    """Return a code (tax code, permit, receipt) with capital letters and digits only."""
    return _NOT_ALNUM.sub("", text.upper())


def normalise_phone(text: str) -> str:
    """Return the digits of a telephone number without Italy's prefix; ``""`` if too few."""
    digits = re.sub(r"\D", "", text)
    if text.strip().startswith(("+39", "0039")):
        digits = digits.removeprefix("00").removeprefix("39")
    elif len(digits) == 12 and digits.startswith("39"):
        digits = digits[2:]
    return digits if len(digits) >= 6 else ""


def is_tax_code(text: str) -> bool:
    """Tell whether a normalised text is a personal tax code with the right check letter."""
    if not _CF.fullmatch(text):
        return False
    odd = sum(_ODD[char] for char in text[0:15:2])
    even = sum(int(char, 36) - (10 if char.isalpha() else 0) for char in text[1:15:2])
    return (odd + even) % 26 == ord(text[15]) - ord("A")
