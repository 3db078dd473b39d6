"""Text tables as publishers write them: encoding, separator and line breaks are found out.

Row numbers are lines of the file (from 1), as an editor shows them; a header cell that holds
line breaks counts for the lines it takes.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from bgest_analysis.errors import UnsafeInput

SEPARATORS = (";", ",", "\t", "|")
LARGEST_BYTES = 400_000_000
LONGEST_CELL = 100_000
HEAD_CHARACTERS = 200_000
HEAD_RECORDS = 40
_BOMS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
_ONLY_CP1252 = frozenset(range(0x80, 0xA0)) - {0x81, 0x8D, 0x8F, 0x90, 0x9D}
_NO_TEXT = frozenset(range(0x20)) - {0x09, 0x0A, 0x0C, 0x0D, 0x1A}


@dataclass(frozen=True)
class Decoded:
    """The text of a file and how it was found to be written."""

    text: str
    encoding: str
    unreadable: int = 0


@dataclass(frozen=True)
class Record:
    """One row of a text table: the line it starts at, and its cells."""

    line: int
    cells: list[str]


def read_bytes(path: Path, shown_as: str) -> bytes:
    """Return a file's content.

    Raises
    ------
    UnsafeInput
        If it cannot be read, is empty or is too large to be one of the known tables.
    """
    try:
        size = path.stat().st_size
        content = path.read_bytes() if 0 < size <= LARGEST_BYTES else b""
    except OSError as error:
        raise UnsafeInput(
            "non riesco ad aprire {file} ({motivo}); chiuderlo se è aperto in un altro programma "
            "e controllare i permessi",
            file=shown_as,
            motivo=error.strerror or type(error).__name__,
        ) from error
    if size > LARGEST_BYTES:
        raise UnsafeInput(
            "{file} è troppo grande ({megabyte} MB): nessuna tabella nota lo è; "
            "riscaricare il file dal sito di chi lo pubblica",
            file=shown_as,
            megabyte=size // 1_000_000,
        )
    if not content.strip():
        raise UnsafeInput("{file} è vuoto; riscaricare il file o farselo rimandare", file=shown_as)
    return content


def decode(content: bytes, shown_as: str) -> Decoded:
    """Turn bytes into text, saying which encoding was recognised.

    A byte order mark decides; else UTF-8 if it decodes; a file that is UTF-8 but for a few
    bytes stays UTF-8 and the unreadable characters are counted; else Windows (cp1252) when it
    has bytes that only Windows uses, else Latin-1.

    Raises
    ------
    UnsafeInput
        If the file is not text.
    """
    for mark, encoding in _BOMS:
        if content.startswith(mark):
            return _decode_marked(content, encoding, shown_as)
    present = set(content)
    if present & _NO_TEXT:
        raise UnsafeInput(
            "{file} non è un file di testo (contiene caratteri di controllo); "
            "riscaricarlo, oppure salvarlo come CSV UTF-8",
            file=shown_as,
        )
    lenient = content.decode("utf-8", errors="replace")
    broken = lenient.count("\ufffd")
    if broken == 0:
        return Decoded(lenient, "utf-8" if max(present, default=0) > 0x7F else "ascii")
    letters = sum(1 for character in lenient if character > "\x7f") - broken
    if letters > 10 * broken:
        return Decoded(lenient, "utf-8", broken)
    encoding = "cp1252" if present & _ONLY_CP1252 else "latin-1"
    text = content.decode(encoding, errors="replace")
    return Decoded(text, encoding, text.count("\ufffd"))


def _decode_marked(content: bytes, encoding: str, shown_as: str) -> Decoded:
    text = content.decode(encoding, errors="replace")
    if "\x00" in text:
        raise UnsafeInput(
            "{file} non è un file di testo (contiene caratteri nulli); riscaricarlo",
            file=shown_as,
        )
    return Decoded(text, encoding, text.count("\ufffd"))


def records(text: str, separator: str, shown_as: str) -> Iterator[Record]:
    """Yield the rows of a text table, quoted cells with line breaks included.

    Raises
    ------
    UnsafeInput
        If a cell is too long for a table (a quote that is never closed, a hostile file).
    """
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    start = 1
    try:
        for cells in reader:
            yield Record(start, cells)
            start = reader.line_num + 1
    except csv.Error as error:
        raise UnsafeInput(
            "{file} non si legge come tabella dopo la riga {riga}: virgolette mai chiuse oppure "
            "una cella smisurata; correggere la riga o riscaricare il file",
            file=shown_as,
            riga=start,
        ) from error


def head(text: str, separator: str, shown_as: str) -> list[Record]:
    """Return the first rows of a text table, enough to find title and header."""
    beginning = text[:HEAD_CHARACTERS]
    if len(text) > HEAD_CHARACTERS:
        cut = max(beginning.rfind("\n"), beginning.rfind("\r"))
        beginning = beginning[: cut + 1] if cut > 0 else beginning
    found = []
    for record in records(beginning, separator, shown_as):
        found.append(record)
        if len(found) == HEAD_RECORDS:
            break
    return found
