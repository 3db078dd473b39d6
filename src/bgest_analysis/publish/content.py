"""Finished files read back: every text with its place, every table as a reader sees it.

A PDF's pages are not read: its bytes are those the run wrote (compared before), from the same
blocks as the Word file; only its metadata are read here.
"""

from __future__ import annotations

import io
import json
import re
import struct
import zipfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

import docx
import openpyxl
from lxml import etree

from bgest_analysis.publish.metadata import parse

READ_ATTRIBUTES = frozenset({"descr", "title", "name", "Target", "alt", "content", "href", "src"})
UNREAD_TAGS = frozenset({"style", "script"})
DATA_URI = "data:"
PNG_HEAD, PNG_TEXTS = 8, (b"tEXt", b"iTXt", b"zTXt", b"eXIf")
BLOCK_MIME = "application/vnd.bgest.block+json"
HTML = "text/html"
RESULT_MIME = "application/vnd.bgest.result+json"
UTF16_MARK = b"\xfe\xff"
_PDF_INFO = re.compile(
    rb"/(?:Title|Author|Subject|Keywords|Creator|Producer)\s*(\((?:\\.|[^\\()])*\)|<[0-9A-Fa-f]*>)",
    re.DOTALL,
)
_PDF_XMP = re.compile(rb"<x:xmpmeta.*?</x:xmpmeta>", re.DOTALL)

Rows = list[list[str]]


@dataclass
class Content:
    """What a file says: texts with their places, tables with their names."""

    texts: list[tuple[str, str]] = field(default_factory=list)
    tables: list[tuple[str, Rows]] = field(default_factory=list)
    loose: list[str] = field(default_factory=list)  # places of outputs that are not blocks


def read_content(name: str, data: bytes) -> Content | None:
    """Read a finished file; ``None`` if its format is not one we read."""
    read = _READERS.get(name[name.rfind(".") :].lower())
    return None if read is None else read(data)


def _word(data: bytes) -> Content:
    content = Content(list(_parts(data, "p")))
    document = docx.Document(io.BytesIO(data))
    for number, table in enumerate(document.tables, start=1):
        rows = [[cell.text for cell in row.cells] for row in table.rows]
        content.tables.append((f"tabella {number}", rows))
    return content


def _excel(data: bytes) -> Content:
    """Read sheets cell by cell; the header of a table is found later among the rows."""
    content = Content(list(_parts(data, "si")))
    book = openpyxl.load_workbook(io.BytesIO(data))
    for sheet in book.worksheets:
        content.texts.append((f"foglio {sheet.title}", sheet.title))
        rows: Rows = []
        for row in sheet.iter_rows():
            rows.append(["" if cell.value is None else str(cell.value) for cell in row])
            content.texts += [
                (f"{sheet.title}!{c.coordinate}", c.value) for c in row if isinstance(c.value, str)
            ]
        content.tables.append((f"foglio {sheet.title}", rows))
    return content


def _parts(data: bytes, paragraph: str) -> Iterator[tuple[str, str]]:
    """Yield the texts of all XML parts: paragraphs whole, properties, read attributes."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        for name in sorted(archive.namelist()):
            part = archive.read(name)
            if name.endswith(".png"):
                yield from ((f"{name}: {place}", text) for place, text in _png_texts(part))
            elif name.endswith((".xml", ".rels")):
                yield from _part_texts(name, parse(part), paragraph)


def _part_texts(name: str, root: Any, paragraph: str) -> Iterator[tuple[str, str]]:
    number = 0
    for element in root.iter(etree.Element):
        tag = etree.QName(element).localname
        for key, value in element.attrib.items():
            if etree.QName(key).localname in READ_ATTRIBUTES:
                yield f"{name}: {tag}", value
        if tag == paragraph:
            number += 1
            yield f"{name}, paragrafo {number}", "".join(element.itertext())
        elif name.startswith("docProps/") and element.text:
            yield f"{name}: {tag}", element.text


class _Page(HTMLParser):
    """Texts, read attributes and tables of a page or of an SVG."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.content = Content()
        self.skip = 0
        self.rows: Rows | None = None
        self.cell: list[str] | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.skip += tag in UNREAD_TAGS
        for key, value in attrs:
            read = key in READ_ATTRIBUTES or key.startswith("aria-")
            if value and read and not value.startswith(DATA_URI):
                self.content.texts.append((f"riga {self.getpos()[0]}, {tag} {key}", value))
        if tag == "table":
            self.rows = []
        elif tag == "tr" and self.rows is not None:
            self.rows.append([])
        elif tag in ("td", "th") and self.rows:
            self.cell = []

    def handle_endtag(self, tag: str) -> None:
        self.skip -= tag in UNREAD_TAGS
        if tag in ("td", "th") and self.rows and self.cell is not None:
            self.rows[-1].append("".join(self.cell).strip())
            self.cell = None
        elif tag == "table" and self.rows is not None:
            number = len(self.content.tables) + 1
            self.content.tables.append((f"tabella {number}", self.rows))
            self.rows = None

    def handle_data(self, data: str) -> None:
        if self.skip or not data.strip():
            return
        if self.cell is not None:
            self.cell.append(data)
        self.content.texts.append((f"riga {self.getpos()[0]}", data))

    def handle_comment(self, data: str) -> None:
        self.content.texts.append((f"riga {self.getpos()[0]}, commento", data))


def _page(data: bytes) -> Content:
    page = _Page()
    page.feed(data.decode("utf-8"))
    page.close()
    return page.content


def _notebook(data: bytes) -> Content:
    content = Content()
    notebook = json.loads(data)
    content.texts += list(_strings("metadati", notebook.get("metadata", {})))
    for number, cell in enumerate(notebook["cells"], start=1):
        place = f"cella {number}"
        content.texts.append((place, "".join(cell["source"])))
        content.texts += list(_strings(place, cell.get("metadata", {})))
        for output in cell.get("outputs", []):
            content.texts += list(_strings(f"{place}, uscita", output))
            _add_html(content, place, output)
            shown = set(output.get("data", {}))
            if not shown & {BLOCK_MIME, RESULT_MIME}:
                content.loose.append(f"{place}, uscita")
    return content


def _add_html(content: Content, place: str, output: Mapping[str, Any]) -> None:
    """Add the texts and tables of what a cell shows in the notebook itself."""
    shown = "".join(output.get("data", {}).get(HTML, []))
    page = _page(shown.encode())
    content.texts += [(f"{place}, uscita, {where}", text) for where, text in page.texts]
    content.tables += [(f"{place}, uscita, {title}", rows) for title, rows in page.tables]


def _strings(place: str, data: Any) -> Iterator[tuple[str, str]]:
    """Yield every text in JSON data; pictures are left out, HTML is read apart."""
    if isinstance(data, str):
        yield place, data
    elif isinstance(data, list):
        lines = all(isinstance(item, str) for item in data)
        items = ["".join(data)] if lines and any(i.endswith("\n") for i in data) else data
        for item in items:
            yield from _strings(place, item)
    elif isinstance(data, dict):
        for key, item in data.items():
            if not key.startswith("image/") and key != HTML:
                yield from _strings(place, item)


def _png(data: bytes) -> Content:
    return Content(list(_png_texts(data)))


def _png_texts(data: bytes) -> Iterator[tuple[str, str]]:
    at = PNG_HEAD
    while at + 8 <= len(data):
        length, kind = struct.unpack(">I4s", data[at : at + 8])
        if kind in PNG_TEXTS:
            yield kind.decode(), data[at + 8 : at + 8 + length].decode("latin-1")
        at += length + 12


def _pdf(data: bytes) -> Content:
    """Read the properties and the XMP packet; pages are compressed and are not read."""
    texts = [("proprietà", _pdf_string(value)) for value in _PDF_INFO.findall(data)]
    for packet in _PDF_XMP.findall(data):
        for element in parse(packet).iter(etree.Element):
            texts.append((f"XMP {etree.QName(element).localname}", element.text or ""))
    return Content([(place, text) for place, text in texts if text.strip()])


def _pdf_string(value: bytes) -> str:
    if value.startswith(b"("):
        return value[1:-1].decode("latin-1")
    raw = bytes.fromhex(value[1:-1].decode())
    return raw.decode("utf-16") if raw.startswith(UTF16_MARK) else raw.decode("latin-1")


_READERS: Mapping[str, Callable[[bytes], Content]] = {
    ".docx": _word,
    ".xlsx": _excel,
    ".html": _page,
    ".svg": _page,
    ".ipynb": _notebook,
    ".png": _png,
    ".pdf": _pdf,
}
