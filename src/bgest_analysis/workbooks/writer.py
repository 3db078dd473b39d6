"""The one way a cell, a sheet name or a file is written to Excel.

Text is always text: a string that looks like a formula stays a string, for the program that
opens the file and for the person who edits the cell. Numbers are numbers, with formats that an
Italian Excel shows the Italian way. The same content gives the same bytes.
"""

from __future__ import annotations

import datetime as dt
import io
import math
import re
import zipfile
from decimal import Decimal
from pathlib import Path
from typing import Any

from openpyxl import Workbook
from openpyxl.cell.cell import Cell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.worksheet.worksheet import Worksheet

from bgest_analysis.text.formats import Hidden, is_missing
from bgest_analysis.text.messages import Message

LONGEST_TEXT = 32_767
LONGEST_SHEET_NAME = 31
BIGGEST_EXACT = 2**53
FIXED_DATE = dt.datetime(2000, 1, 1)
ZIP_DATE = (1980, 1, 1, 0, 0, 0)
AUTHOR = "bgest"

FONT = "Calibri"
HEADER_FONT = Font(name=FONT, size=11, bold=True, color="FFFFFF")
HEADER_FILL = PatternFill("solid", start_color="1F3864")
TITLE_FONT = Font(name=FONT, bold=True, size=13)
NOTE_FONT = Font(name=FONT, size=11, italic=True, color="404040")
WARNING_FONT = Font(name=FONT, size=11, bold=True, color="9C0006")
WARNING_FILL = PatternFill("solid", start_color="FFC7CE")
LINK_FONT = Font(name=FONT, size=11, color="0563C1", underline="single")
EXAMPLE_FONT = Font(name=FONT, size=11, italic=True, color="7F7F7F")
EXAMPLE_FILL = PatternFill("solid", start_color="F2F2F2")
THIN = Side(style="thin", color="BFBFBF")
BORDER = Border(bottom=THIN)
WRAPPED = Alignment(wrap_text=True, vertical="top")

_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_LIVE = re.compile(r"\s*[=+\-@|%\t\r\uff1d\uff0b\uff0d\uff20\u2212]")
_SHEET_FORBIDDEN = re.compile(r"[\[\]:*?/\\\x00-\x1f]")
_MODIFIED = re.compile(rb"(<dcterms:modified[^>]*>)[^<]*(</dcterms:modified>)")


def clean_text(text: str) -> str:
    """Return text without the characters a workbook cannot hold, cut at Excel's limit."""
    plain = _ILLEGAL.sub("", text)
    return plain if len(plain) <= LONGEST_TEXT else plain[: LONGEST_TEXT - 1] + "…"


def plain_value(value: Any, language: str = "it") -> Any:
    """Return what goes into a cell: text, number, date, boolean or ``None``.

    Messages and hidden values become text in ``language``; missing values and empty text
    leave the cell empty; a number Excel would round becomes text.
    """
    if isinstance(value, Message | Hidden):
        return clean_text(value.render(language))
    if is_missing(value):
        return None
    if isinstance(value, str):
        return clean_text(value) or None
    if isinstance(value, dt.datetime | dt.date | dt.time):
        return _plain_date(value)
    if isinstance(value, bool) or type(value).__name__ == "bool":
        return bool(value)
    return _plain_number(value)


def _plain_date(value: dt.datetime | dt.date | dt.time) -> Any:
    if isinstance(value, dt.datetime):
        naive = value.replace(tzinfo=None)
        return naive.date() if naive.time() == dt.time() else naive
    return value


def _plain_number(value: Any) -> Any:
    if isinstance(value, Decimal):
        return value if value.is_finite() else str(value)
    if hasattr(value, "item"):
        value = value.item()
    if isinstance(value, int):
        return value if abs(value) <= BIGGEST_EXACT else str(value)
    if isinstance(value, float):
        return value if math.isfinite(value) else "∞".rjust(1 + (value < 0), "\u2212")
    return clean_text(str(value))


def put(cell: Cell, value: Any, spec: str = "text", language: str = "it") -> Cell:
    """Write one value in a cell, text always as text, and give it its number format.

    Parameters
    ----------
    spec
        Format of ``text.formats`` (``int``, ``dec1``, ``pct1``, ``eur2``, ``date``…).
    """
    plain = plain_value(value, language)
    cell.value = plain
    if isinstance(plain, str):
        cell.data_type = "s"
        cell.quotePrefix = bool(_LIVE.match(plain))
    elif plain is not None:
        cell.number_format = number_format(spec, plain)
    return cell


def number_format(spec: str, value: Any = 0) -> str:
    """Return Excel's format for a spec; separators follow the reader's own settings."""
    if isinstance(value, bool):
        return "General"
    if isinstance(value, dt.datetime):
        return "dd/mm/yyyy hh:mm"
    if isinstance(value, dt.date) or spec == "date":
        return "dd/mm/yyyy"
    if spec == "int":
        return "#,##0"
    kind, decimals = spec.rstrip("0123456789"), spec.lstrip("abcdefghijklmnopqrstuvwxyz")
    places = "." + "0" * int(decimals) if decimals and int(decimals) else ""
    return _FORMATS.get(kind, "General").format(places=places)


_FORMATS = {
    "dec": "#,##0{places}",
    "sdec": "+#,##0{places};-#,##0{places};0{places}",
    "qty": "#,##0{places}",
    "prob": "0{places}",
    "pct": "0{places}%",
    "eur": '#,##0{places}" €"',
}


def sheet_name(wanted: str, taken: list[str]) -> str:
    """Return a name Excel accepts and no other sheet has, as near as can be to the wanted one."""
    plain = " ".join(_SHEET_FORBIDDEN.sub(" ", clean_text(wanted)).split()).strip("'").strip()
    base = plain[:LONGEST_SHEET_NAME].rstrip("'").strip() or "Foglio"
    used = {name.casefold() for name in taken} | {"history", "cronologia"}
    name, number = base, 2
    while name.casefold() in used:
        tail = f" ({number})"
        name, number = base[: LONGEST_SHEET_NAME - len(tail)] + tail, number + 1
    return name


def set_page(page: Worksheet, header_row: int) -> None:
    """Make a sheet print on A4 across, its header on every page."""
    page.print_title_rows = f"{header_row}:{header_row}"
    page.page_setup.orientation = "landscape"
    page.page_setup.paperSize = page.PAPERSIZE_A4
    page.page_setup.fitToHeight = 0
    page.sheet_properties.pageSetUpPr.fitToPage = True


def new_workbook() -> Workbook:
    """Return a workbook without sheets."""
    book = Workbook()
    book.remove(book.worksheets[0])
    return book


def save_workbook(book: Workbook, path: Path, title: str = "") -> None:
    """Write the workbook whole or not at all; same content, same bytes.

    The properties tell no user, machine or time.
    """
    book.properties.creator = AUTHOR
    book.properties.lastModifiedBy = AUTHOR
    book.properties.title = clean_text(title)
    book.properties.created = FIXED_DATE
    buffer = io.BytesIO()
    book.save(buffer)
    path.parent.mkdir(parents=True, exist_ok=True)
    staged = path.with_name(path.name + ".tmp")
    staged.write_bytes(_normalised(buffer.getvalue()))
    staged.replace(path)


def _normalised(data: bytes) -> bytes:
    """Return the same zip with fixed times, and the time of saving fixed too."""
    result = io.BytesIO()
    stamp = FIXED_DATE.strftime("%Y-%m-%dT%H:%M:%SZ").encode()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(result, "w") as new:
        for name in sorted(old.namelist(), key=lambda name: (name != "[Content_Types].xml", name)):
            part = old.read(name)
            if name == "docProps/core.xml":
                part = _MODIFIED.sub(rb"\g<1>" + stamp + rb"\g<2>", part)
            entry = zipfile.ZipInfo(name, ZIP_DATE)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.create_system = 0
            new.writestr(entry, part)
    return result.getvalue()
