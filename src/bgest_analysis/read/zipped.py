"""Zip archives of text tables, as publishers offer them, opened with limits."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Iterator

from bgest_analysis.errors import UnknownLayout, UnsafeInput

ZIP = b"PK\x03\x04"
EMPTY_ZIP = b"PK\x05\x06"
LARGEST_CONTENT = 400_000_000
LARGEST_RATIO = 200
SMALL = 10_000_000
MOST_MEMBERS = 2_000
TABLES = (".csv", ".txt", ".tsv")


def is_zip(content: bytes) -> bool:
    """Tell whether bytes begin as a zip archive."""
    return content.startswith((ZIP, EMPTY_ZIP))


def open_zip(content: bytes, shown_as: str) -> zipfile.ZipFile:
    """Open a zip archive whose declared sizes are reasonable.

    Raises
    ------
    UnsafeInput
        If it is truncated, encrypted, or declares too much content.
    """
    try:
        archive = zipfile.ZipFile(io.BytesIO(content))
    except (zipfile.BadZipFile, zlib.error, ValueError) as error:
        raise damaged_zip(shown_as) from error
    entries = archive.infolist()
    size = sum(entry.file_size for entry in entries)
    packed = max(1, sum(entry.compress_size for entry in entries))
    swollen = size > SMALL and size / packed > LARGEST_RATIO
    if size > LARGEST_CONTENT or swollen or len(entries) > MOST_MEMBERS:
        raise UnsafeInput(
            "{file} non si apre: l'archivio contiene troppo ({megabyte} MB in {numero} parti); "
            "nessun file ufficiale è fatto così: riscaricarlo dal sito di chi lo pubblica",
            file=shown_as,
            megabyte=size // 1_000_000,
            numero=len(entries),
        )
    if any(entry.flag_bits & 0x1 for entry in entries):
        raise UnsafeInput(
            "{file} è protetto da password; salvarne una copia senza password", file=shown_as
        )
    return archive


def damaged_zip(shown_as: str) -> UnsafeInput:
    """Make the error of an archive that is truncated or damaged."""
    return UnsafeInput(
        "{file} è un archivio danneggiato o scaricato a metà; riscaricarlo", file=shown_as
    )


def members(content: bytes, shown_as: str) -> Iterator[tuple[str, bytes]]:
    """Yield name and bytes of the text tables in an archive, in order of name.

    Raises
    ------
    UnsafeInput
        If the archive is damaged or hostile.
    UnknownLayout
        If there is no text table in it.
    """
    with open_zip(content, shown_as) as archive:
        entries = sorted(
            (e for e in archive.infolist() if e.filename.lower().endswith(TABLES)),
            key=lambda entry: entry.filename,
        )
        if not entries:
            raise UnknownLayout(
                "{file} è un archivio senza tabelle CSV (contiene: {contenuto}); "
                "controllare che sia il file giusto",
                file=shown_as,
                contenuto=", ".join(archive.namelist()[:10]) or "niente",
            )
        for entry in entries:
            yield entry.filename.rsplit("/", 1)[-1], _bytes_of(archive, entry, shown_as)


def _bytes_of(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, shown_as: str) -> bytes:
    try:
        with archive.open(entry) as file:
            content = file.read(LARGEST_CONTENT + 1)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError) as error:
        raise damaged_zip(shown_as) from error
    if len(content) > LARGEST_CONTENT:
        raise damaged_zip(shown_as)
    return content
