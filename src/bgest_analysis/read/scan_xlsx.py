"""What a parser of xlsx would not say, found in the XML itself.

Cells too far out, formulas without a stored value, cells that hold an error, hidden rows.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from xml.etree import ElementTree

from bgest_analysis.read.archive import MARKS, Archive
from bgest_analysis.read.guard import Limits, refuse

LONGEST_TAIL = 4 << 20
Place = tuple[int, int]  # row and column, from 0
_REFERENCE = re.compile(rb"([A-Z]{1,7})(\d{1,10})")
_ATTRIBUTE_R = re.compile(rb"\sr=\"([A-Z]{1,7}\d{1,10})\"")
_TYPE = re.compile(rb"\st=\"(\w+)\"")
_WITHOUT_VALUE = (
    re.compile(rb"</f>\s*(?:<v\s*/>|<v[^>/]*>\s*</v>)?\s*</c>"),
    re.compile(rb"<f(?:\s[^>]*)?/>\s*(?:<v\s*/>|<v[^>/]*>\s*</v>)?\s*</c>"),
)
_ERROR = re.compile(rb"\st=\"e\"[^>]*>(?:<f.*?(?:</f>|/>))?\s*<v>([^<]{0,20})</v>", re.DOTALL)
_PREFIX = re.compile(rb"<(\w+):worksheet[\s>]")
_NS_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_NS_STRICT = "{http://purl.oclc.org/ooxml/spreadsheetml/main}"
_MACROS = re.compile(r"vbaProject|macrosheets/|/activeX/", re.IGNORECASE)
_LINKS = re.compile(r"(?:^|/)externalLinks/", re.IGNORECASE)
_COMMENT = re.compile(rb"<!--.*?-->", re.DOTALL)
_ROOT = re.compile(rb"<(?:\w+:)?([A-Za-z]\w*)[\s/>]")


@dataclass
class SheetScan:
    """What was found in one sheet."""

    formulas: set[Place] = field(default_factory=set)
    errors: dict[Place, str] = field(default_factory=dict)
    cells: int = 0
    hidden_rows: int = 0


@dataclass(frozen=True)
class BookScan:
    """What was found in a workbook; ``sheets`` by sheet name."""

    sheets: dict[str, SheetScan]
    date1904: bool = False
    external_links: bool = False


def scan_xlsx(archive: Archive) -> BookScan:
    """Look through every XML part of a workbook before it is parsed.

    Raises
    ------
    UnsafeInput
        Macros, links to other workbooks (unless allowed), document types, encodings other than
        UTF-8, too many sheets, rows, columns or cells.
    """
    _check_names(archive)
    roots = {name: _root(archive, name) for name in archive.names}
    sheets = [name for name, root in roots.items() if root == "worksheet"]
    books = [name for name, root in roots.items() if root == "workbook"]
    if len(books) != 1:
        raise refuse(
            "{file} non è una cartella di lavoro di Excel; aprirlo e salvarlo come .xlsx",
            archive.shown_as,
        )
    if len(sheets) > archive.limits.sheets:
        raise refuse("{file} ha {n:int} fogli: troppi; dividerlo", archive.shown_as, n=len(sheets))
    scans = _scan_parts(archive, roots)
    return _named(archive, books[0], scans)


def _root(archive: Archive, name: str) -> str:
    """Return the name of the root element of a part, ``""`` when the part is not XML."""
    first = next(archive.blocks(name), b"")
    start = first.removeprefix(b"\xef\xbb\xbf").lstrip()
    named_xml = name.lower().endswith((".xml", ".rels"))
    if not start.startswith(b"<") and not named_xml:
        return ""
    found = _ROOT.search(_COMMENT.sub(b"", start))
    if found is None and named_xml and not first.startswith(MARKS):
        raise refuse(
            "{file} ha una struttura insolita; salvarlo di nuovo con Excel", archive.shown_as
        )
    return found[1].decode("ascii") if found else "?"


def _scan_parts(archive: Archive, roots: dict[str, str]) -> dict[str, SheetScan]:
    scans: dict[str, SheetScan] = {}
    total = 0
    for name, root in roots.items():
        if root == "worksheet":
            scans[name] = SheetScan()
            _scan_sheet(archive, name, scans[name], total)
            total += scans[name].cells
        elif root:
            for _ in archive.xml_blocks(name):
                pass
    return scans


def _check_names(archive: Archive) -> None:
    if any(_MACROS.search(name) for name in archive.names):
        raise refuse(
            "{file} contiene macro; aprirlo con Excel e salvarlo come «Cartella di lavoro (.xlsx)»",
            archive.shown_as,
        )
    if not archive.limits.external_links and any(_LINKS.search(name) for name in archive.names):
        raise refuse(
            "{file} ha collegamenti ad altre cartelle di lavoro; in Excel: Dati, Modifica "
            "collegamenti, Interrompi collegamento, poi salvare",
            archive.shown_as,
        )


def _named(archive: Archive, part: str, scans: dict[str, SheetScan]) -> BookScan:
    """Give each sheet part its name, as the workbook and its relations say."""
    book = _tree(archive, part)
    folder, _, own = part.rpartition("/")
    relations = f"{folder}/_rels/{own}.rels".lstrip("/")
    targets: dict[str, str] = {}
    if relations in archive:
        for entry in _tree(archive, relations):
            targets[entry.get("Id", "")] = _part_name(folder, entry.get("Target", ""))
    named, date1904 = {}, False
    for element in book.iter():
        if element.tag in (_NS_MAIN + "sheet", _NS_STRICT + "sheet"):
            target = targets.get(_relation_id(element), "")
            named[element.get("name", "")] = scans.get(target, SheetScan())
        elif element.tag in (_NS_MAIN + "workbookPr", _NS_STRICT + "workbookPr"):
            date1904 = element.get("date1904") in ("1", "true")
    return BookScan(named, date1904, any(_LINKS.search(name) for name in archive.names))


def _tree(archive: Archive, name: str) -> ElementTree.Element:
    """Parse a small part; document types were refused before."""
    try:
        return ElementTree.fromstring(archive.small(name))  # noqa: S314
    except ElementTree.ParseError as error:
        raise refuse("{file} è danneggiato; farselo rimandare", archive.shown_as) from error


def _part_name(folder: str, target: str) -> str:
    if target.startswith("/"):
        return target.lstrip("/")
    return posixpath.normpath(posixpath.join(folder, target))


def _relation_id(sheet: ElementTree.Element) -> str:
    return next((value for key, value in sheet.attrib.items() if key.endswith("}id")), "")


def _scan_sheet(archive: Archive, name: str, scan: SheetScan, before: int) -> None:
    far = _far_cells(archive.limits)
    for block in _whole_cells(archive, name):
        _check_far(block, far, archive)
        scan.cells += block.count(b"<c ") + block.count(b"<c>")
        scan.hidden_rows += block.count(b' hidden="1"')
        if before + scan.cells > archive.limits.cells:
            raise refuse(
                "{file} ha più di {n:int} celle; dividerlo",
                archive.shown_as,
                n=archive.limits.cells,
            )
        _find_formulas(block, scan)
        for found in _ERROR.finditer(block) if b't="e"' in block else ():
            scan.errors[_place_before(block, found.end())] = found[1].decode("utf-8", "replace")


def _whole_cells(archive: Archive, name: str) -> Iterator[bytes]:
    """Yield the sheet in pieces that never cut a cell, without prefixes and single quotes."""
    tail, prefix = b"", b""
    for number, block in enumerate(archive.xml_blocks(name)):
        if number == 0 and (found := _PREFIX.search(block)):
            prefix = found[1] + b":"
        piece = tail + block
        cut = max(piece.rfind(b"<" + prefix + b"c "), piece.rfind(b"</" + prefix + b"row>"))
        if cut <= 0:
            tail = _bounded(piece, archive)
            continue
        tail = _bounded(piece[cut:], archive)
        yield _plain(piece[:cut], prefix)
    yield _plain(tail, prefix)


def _bounded(tail: bytes, archive: Archive) -> bytes:
    if len(tail) > LONGEST_TAIL:
        raise refuse("{file} ha una cella smisurata; farselo rimandare", archive.shown_as)
    return tail


def _plain(piece: bytes, prefix: bytes) -> bytes:
    if prefix:
        piece = piece.replace(b"<" + prefix, b"<").replace(b"</" + prefix, b"</")
    return piece.replace(b"'", b'"') if b"='" in piece else piece


def _far_cells(limits: Limits) -> re.Pattern[bytes]:
    """Match references that may lie beyond the limits: wide columns, rows with many digits."""
    digits = len(str(limits.rows))
    wide = 3 if limits.columns >= 26 else 2
    two = r"[A-Z]{2}" if wide == 3 else "[A-Z]"
    pattern = rf' r="(?:[A-Z]{{{wide},}}\d|{two}\d|[A-Z]+\d{{{digits},}})'
    return re.compile(pattern.encode())


def _check_far(block: bytes, far: re.Pattern[bytes], archive: Archive) -> None:
    limits = archive.limits
    for found in far.finditer(block):
        reference = _REFERENCE.match(block, found.start() + 4)
        if reference is None:
            continue
        inside = _column(reference[1]) <= limits.columns and int(reference[2]) <= limits.rows
        if inside or _is_empty(block, found.start()):
            continue
        raise refuse(
            "{file} ha dati nella cella {cella}, oltre {righe:int} righe o {colonne:int} colonne; "
            "cancellare ciò che sta fuori dalla tabella oppure dividere il file",
            archive.shown_as,
            cella=reference[0].decode(),
            righe=limits.rows,
            colonne=limits.columns,
        )


def _is_empty(block: bytes, place: int) -> bool:
    """Tell whether the tag at ``place`` closes itself: a format without content."""
    end = block.find(b">", place)
    return end > 0 and block[end - 1 : end] == b"/"


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def _find_formulas(block: bytes, scan: SheetScan) -> None:
    if b"<f" not in block:
        return
    for pattern in _WITHOUT_VALUE:
        for found in pattern.finditer(block):
            start = block.rfind(b"<c ", 0, found.start())
            tag = block[start : block.find(b">", start)]
            kind = _TYPE.search(tag)
            empty_text = kind is not None and kind[1] == b"str" and b"<v" in found[0]
            if not empty_text:
                scan.formulas.add(_place_before(block, found.end()))


def _place_before(block: bytes, end: int) -> Place:
    start = block.rfind(b"<c ", 0, end)
    found = _ATTRIBUTE_R.search(block, start, end)
    reference = _REFERENCE.match(found[1]) if found else None
    if reference is None:
        return (-1, -1)
    return int(reference[2]) - 1, _column(reference[1]) - 1
