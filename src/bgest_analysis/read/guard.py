"""What a file that came by mail must be before any parser sees it: what it says, and safe.

Every refusal is an ``UnsafeInput`` (exit code 3) with one Italian line: what, which file, what
to do. Nothing is unpacked to disk.
"""

from __future__ import annotations

import stat
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

from bgest_analysis.errors import UnsafeInput

MEGABYTE = 1_000_000
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_HEAD = 4096


class Container(StrEnum):
    """The kinds of file that can hold a table."""

    XLSX = "xlsx"
    XLS = "xls"
    ODS = "ods"
    TESTO = "testo"


@dataclass(frozen=True)
class Limits:
    """What a file may be at most; a real register is far below.

    Parameters
    ----------
    file_bytes, unpacked_bytes
        Size on disk; size of a workbook's parts once unpacked.
    ratio
        Unpacked over packed size of one part.
    sheets, rows, columns, cells
        Of a workbook; rows and columns of one sheet.
    seconds, memory_bytes
        Of the child process that reads.
    external_links
        Accept workbooks with links to other workbooks (they are never followed).
    """

    file_bytes: int = 100 * MEGABYTE
    unpacked_bytes: int = 200 * MEGABYTE
    ratio: int = 200
    sheets: int = 200
    rows: int = 200_000
    columns: int = 200
    cells: int = 2_000_000
    seconds: int = 120
    memory_bytes: int = 3_000 * MEGABYTE
    external_links: bool = False


_ENDINGS = {
    ".xlsx": Container.XLSX,
    ".xls": Container.XLS,
    ".ods": Container.ODS,
    ".csv": Container.TESTO,
    ".tsv": Container.TESTO,
    ".txt": Container.TESTO,
}
_REFUSED_ENDINGS = {
    ".xlsm": "contiene macro; aprirlo con Excel e salvarlo come «Cartella di lavoro (.xlsx)»",
    ".xltm": "contiene macro; aprirlo con Excel e salvarlo come «Cartella di lavoro (.xlsx)»",
    ".xlsb": "è una cartella binaria; aprirla con Excel e salvarla come «.xlsx»",
    ".xltx": "è un modello; aprirlo con Excel e salvarlo come «.xlsx»",
    ".pdf": "è un PDF; farsi mandare il foglio di calcolo da cui è stato stampato",
    ".docx": "è un documento Word; copiare la tabella in un foglio di calcolo",
    ".doc": "è un documento Word; copiare la tabella in un foglio di calcolo",
    ".zip": "è un archivio; estrarre i file e metterli nella cartella",
    ".numbers": "è un file di Numbers; esportarlo in formato Excel",
}


def refuse(template: str, file: str, **values: Any) -> UnsafeInput:
    """Return the refusal of a file; the template has ``{file}`` and other named fields."""
    return UnsafeInput(template, file=file, **values)


def preflight(path: Path, shown_as: str, limits: Limits | None = None) -> Container:
    """Say what a file is, or refuse it; reads its first bytes only.

    Parameters
    ----------
    path
        The file.
    shown_as
        Its name in messages.

    Raises
    ------
    UnsafeInput
        A link, a special or empty file, open elsewhere, too large, of another kind than its
        ending says.
    """
    chosen = limits or Limits()
    _check_entry(path, shown_as)
    _check_open(path, shown_as)
    head = _read_head(path, shown_as, chosen)
    return _agree(path, head, shown_as)


def _check_entry(path: Path, shown_as: str) -> None:
    try:
        mode = path.lstat().st_mode
    except OSError as error:
        raise refuse(
            "non riesco ad aprire {file} ({motivo}); controllare che ci sia e i permessi",
            shown_as,
            motivo=error.strerror or type(error).__name__,
        ) from error
    if stat.S_ISLNK(mode):
        raise refuse(
            "{file} è un collegamento a un altro file; mettere nella cartella il file vero",
            shown_as,
        )
    if not stat.S_ISREG(mode):
        raise refuse("{file} non è un file; mettere nella cartella il file vero", shown_as)


def _check_open(path: Path, shown_as: str) -> None:
    if path.name.startswith(("~$", ".~lock.")):
        raise refuse(
            "{file} è il segnaposto di un file aperto; chiudere Excel e usare il file vero",
            shown_as,
        )
    for lock in (f"~${path.name}", f"~${path.name[2:]}", f".~lock.{path.name}#"):
        if (path.parent / lock).exists():
            raise refuse(
                "{file} è ancora aperto in un altro programma; salvarlo e chiuderlo "
                "(se non è aperto, cancellare il file {segnaposto})",
                shown_as,
                segnaposto=lock,
            )


def _read_head(path: Path, shown_as: str, limits: Limits) -> bytes:
    try:
        size = path.stat().st_size
        with path.open("rb") as handle:
            head = handle.read(_HEAD)
    except OSError as error:
        raise refuse(
            "non riesco ad aprire {file} ({motivo}); chiuderlo se è aperto in un altro programma "
            "e controllare i permessi",
            shown_as,
            motivo=error.strerror or type(error).__name__,
        ) from error
    if not head.strip():
        raise refuse("{file} è vuoto; farselo rimandare", shown_as)
    is_text = path.suffix.lower() in (".csv", ".tsv", ".txt")
    if size > limits.file_bytes * (4 if is_text else 1):
        raise refuse(
            "{file} è troppo grande ({megabyte:int} MB); dividerlo in più file",
            shown_as,
            megabyte=size // MEGABYTE,
        )
    return head


def _agree(path: Path, head: bytes, shown_as: str) -> Container:
    ending = path.suffix.lower()
    if ending in _REFUSED_ENDINGS:
        raise refuse("{file} " + _REFUSED_ENDINGS[ending], shown_as)
    content = _sniff(head)
    declared = _ENDINGS.get(ending)
    if declared is None:
        raise refuse(
            "{file} non è di un tipo che si può leggere; salvarlo come .xlsx, .ods o .csv", shown_as
        )
    if content not in _CONTENT_OF[declared]:
        raise refuse(
            "{file} non è quello che il nome dice: dentro c'è {contenuto}; "
            "aprirlo e salvarlo di nuovo come .xlsx",
            shown_as,
            contenuto=_CONTENT_NAMES[content],
        )
    return declared


def _sniff(head: bytes) -> str:
    start = head.lstrip(b"\xef\xbb\xbf \r\n\t")[:1024].lower()
    if head.startswith(b"PK"):
        return "zip"
    if head.startswith(_OLE):
        return "ole"
    if head.startswith(b"%PDF"):
        return "pdf"
    if start.startswith((b"<!doctype", b"<html", b"<table", b"<?xml", b"<meta", b"<style")):
        return "html"
    return "testo"


_CONTENT_OF = {
    Container.XLSX: {"zip", "ole"},  # an encrypted xlsx is an OLE file: told apart later
    Container.ODS: {"zip"},
    Container.XLS: {"ole"},
    Container.TESTO: {"testo"},
}
_CONTENT_NAMES = {
    "zip": "una cartella di lavoro o un archivio compresso",
    "ole": "un file di Office del vecchio tipo",
    "pdf": "un PDF",
    "html": "una pagina web o dell'XML",
    "testo": "del testo",
}
