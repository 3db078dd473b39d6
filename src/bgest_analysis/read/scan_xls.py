"""What a parser of xls would not say: password, macros, links, cells that hold an error."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from pathlib import Path

from bgest_analysis.read.compound import Compound
from bgest_analysis.read.guard import Limits, refuse
from bgest_analysis.read.scan_xlsx import BookScan, SheetScan

_BOF, _EOF, _BOUNDSHEET, _FILEPASS = 0x0809, 0x000A, 0x0085, 0x002F
_SUPBOOK, _DATEMODE, _BOOLERR = 0x01AE, 0x0022, 0x0205
_FORMULAS = (0x0006, 0x0206, 0x0406)
_INTERNAL = (b"\x01\x04", b"\x01\x3a")
_ERRORS = {0: "#NULL!", 7: "#DIV/0!", 15: "#VALUE!", 23: "#REF!", 29: "#NAME?", 36: "#NUM!"}
_NOT_AVAILABLE = "#N/A"
Record = tuple[int, bytes]


def scan_compound(path: Path, shown_as: str, limits: Limits, named_xlsx: bool) -> BookScan:
    """Look through an old Office file, or refuse it.

    Parameters
    ----------
    named_xlsx
        The file is called .xlsx: only a password explains it, or a wrong ending.

    Raises
    ------
    UnsafeInput
        Password, macros, links to other workbooks (unless allowed), no workbook inside.
    """
    document = Compound(path, shown_as)
    if "EncryptedPackage" in document.names:
        raise _locked(shown_as)
    if named_xlsx:
        raise refuse(
            "{file} si chiama .xlsx ma è del vecchio tipo; aprirlo con Excel e salvarlo come .xlsx",
            shown_as,
        )
    if any(name.startswith(("_VBA", "VBA")) for name in document.names):
        raise refuse(
            "{file} contiene macro; aprirlo con Excel e salvarlo come «Cartella di lavoro (.xlsx)»",
            shown_as,
        )
    content = document.stream("Workbook") or document.stream("Book")
    if not content:
        raise refuse("{file} non contiene un foglio di calcolo; salvarlo come .xlsx", shown_as)
    return _scan_book(content, shown_as, limits)


def _locked(shown_as: str) -> Exception:
    return refuse(
        "{file} è protetto da password; in Excel: File, Informazioni, Proteggi cartella, "
        "Crittografa con password, cancellarla e salvare",
        shown_as,
    )


def _scan_book(content: bytes, shown_as: str, limits: Limits) -> BookScan:
    places: dict[str, int] = {}
    links = date1904 = False
    for code, data in _records(content, 0):
        if code == _FILEPASS:
            raise _locked(shown_as)
        if code == _BOUNDSHEET and len(data) > 8:
            places[_sheet_name(data)] = struct.unpack_from("<I", data)[0]
        links = links or (code == _SUPBOOK and data[2:4] not in _INTERNAL)
        date1904 = date1904 or (code == _DATEMODE and data[:1] == b"\x01")
    if links and not limits.external_links:
        raise refuse(
            "{file} ha collegamenti ad altre cartelle di lavoro; in Excel: Dati, Modifica "
            "collegamenti, Interrompi collegamento, poi salvare come .xlsx",
            shown_as,
        )
    if len(places) > limits.sheets:
        raise refuse("{file} ha {n:int} fogli: troppi; dividerlo", shown_as, n=len(places))
    sheets = {name: _scan_sheet(content, place) for name, place in places.items()}
    return BookScan(sheets, date1904, links)


def _records(content: bytes, place: int) -> Iterator[Record]:
    """Yield the records of one substream, up to its end."""
    while place + 4 <= len(content):
        code, length = struct.unpack_from("<HH", content, place)
        yield code, content[place + 4 : place + 4 + length]
        if code == _EOF:
            return
        place += 4 + length


def _sheet_name(data: bytes) -> str:
    length, wide = data[6], data[7] & 1
    raw = data[8 : 8 + length * (2 if wide else 1)]
    return raw.decode("utf-16-le" if wide else "latin-1", "replace")


def _scan_sheet(content: bytes, place: int) -> SheetScan:
    scan = SheetScan()
    for code, data in _records(content, place):
        if code == _BOOLERR and len(data) >= 8 and data[7]:
            scan.errors[struct.unpack_from("<HH", data)] = _error(data[6])
        elif code in _FORMULAS and len(data) >= 14 and data[12:14] == b"\xff\xff" and data[6] == 2:
            scan.errors[struct.unpack_from("<HH", data)] = _error(data[8])
    return scan


def _error(code: int) -> str:
    return _ERRORS.get(code, _NOT_AVAILABLE)
