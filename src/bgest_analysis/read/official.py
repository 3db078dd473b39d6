"""Official publications and the project's own tables, recognised by their headers.

``read_official`` turns a file into raw tables: strings, each with its row in the file. Nothing
is converted here; judgement belongs to ``clean.official``.
"""

from __future__ import annotations

import re
from pathlib import Path

from bgest_analysis.errors import UnknownLayout
from bgest_analysis.read.guard import Container, preflight
from bgest_analysis.read.header import assemble, choose, fitting, unknown_layout
from bgest_analysis.read.raw import RawTable
from bgest_analysis.read.text_file import SEPARATORS, decode, head, read_bytes, records
from bgest_analysis.read.workbook_official import read_workbook_tables
from bgest_analysis.read.zipped import members

_MARKUP = re.compile(r"^\s*<(!doctype|html|\?xml|head|body|svg|!--)", re.IGNORECASE)


def read_official(path: Path, shown_as: str) -> list[RawTable]:
    """Read a file of a known layout.

    Parameters
    ----------
    path
        A text table, a workbook, or a zip archive that holds text tables.
    shown_as
        Its path as the user knows it.

    Returns
    -------
    list of RawTable
        One table for a text file; one a sheet, or one a member, for workbooks and archives
        (``sheet`` names it). ``riga`` is the line of the file, or the row of the sheet.

    Raises
    ------
    UnknownLayout
        If no layout fits; the message has the headers expected and found.
    UnsafeInput
        If the file cannot be opened safely.
    """
    if path.suffix.lower() == ".zip":
        return [
            read_text_table(inside, shown_as, name, sheet=name)
            for name, inside in members(read_bytes(path, shown_as), shown_as)
        ]
    if preflight(path, shown_as) is not Container.TESTO:
        return read_workbook_tables(path, shown_as)
    return [read_text_table(read_bytes(path, shown_as), shown_as, path.name)]


def read_text_table(content: bytes, shown_as: str, file_name: str, *, sheet: str = "") -> RawTable:
    """Read one text table of a known layout from its bytes.

    Raises
    ------
    UnknownLayout, UnsafeInput
        As ``read_official``.
    """
    decoded = decode(content, shown_as)
    if _MARKUP.match(decoded.text):
        raise UnknownLayout(
            "{file} è una pagina web, non una tabella: forse il sito ha risposto con un errore; "
            "riscaricare il file",
            file=shown_as,
        )
    heads = {separator: head(decoded.text, separator, shown_as) for separator in SEPARATORS}
    candidates = [found for place, rows in heads.items() for found in fitting(rows, place)]
    if not candidates:
        raise unknown_layout(heads, shown_as)
    found = choose(candidates, shown_as)
    rows = list(records(decoded.text, found.place, shown_as))
    remarks = {
        "codifica": decoded.encoding,
        "separatore": {"\t": "tab"}.get(found.place, found.place),
        "nome_file": file_name,
    } | ({"caratteri_illeggibili": str(decoded.unreadable)} if decoded.unreadable else {})
    return assemble(rows, found, shown_as, sheet, remarks)
