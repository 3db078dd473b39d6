"""Hostile and damaged workbooks, made byte by byte."""

from __future__ import annotations

import struct
import zipfile
from collections.abc import Iterable, Mapping
from pathlib import Path

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
HEADER = '<row r="1"><c r="A1" t="inlineStr"><is><t>Data</t></is></c></row>'
ODS = "application/vnd.oasis.opendocument.spreadsheet"


def sheet_xml(rows: str = HEADER) -> str:
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><worksheet xmlns="{MAIN}">'
        f"<sheetData>{rows}</sheetData></worksheet>"
    )


def parts(sheets: Iterable[str | bytes] = (sheet_xml(),)) -> dict[str, str | bytes]:
    """Return the parts of a small xlsx with these sheets."""
    found: dict[str, str | bytes] = {}
    entries, relations = [], []
    for number, content in enumerate(sheets, start=1):
        found[f"xl/worksheets/sheet{number}.xml"] = content
        entries.append(f'<sheet name="F{number}" sheetId="{number}" r:id="rId{number}"/>')
        relations.append(
            f'<Relationship Id="rId{number}" Type="{RELATIONS}/worksheet" '
            f'Target="worksheets/sheet{number}.xml"/>'
        )
    found["[Content_Types].xml"] = '<?xml version="1.0"?><Types/>'
    found["_rels/.rels"] = (
        f'<?xml version="1.0"?><Relationships xmlns="{PACKAGE}"><Relationship Id="rId1" '
        f'Type="{RELATIONS}/officeDocument" Target="xl/workbook.xml"/></Relationships>'
    )
    found["xl/workbook.xml"] = (
        f'<?xml version="1.0"?><workbook xmlns="{MAIN}" xmlns:r="{RELATIONS}"><sheets>'
        + "".join(entries)
        + "</sheets></workbook>"
    )
    found["xl/_rels/workbook.xml.rels"] = (
        f'<?xml version="1.0"?><Relationships xmlns="{PACKAGE}">'
        + "".join(relations)
        + "</Relationships>"
    )
    return found


def write_zip(path: Path, content: Mapping[str, str | bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in content.items():
            archive.writestr(name, data)
    return path


def write_xlsx(path: Path, *sheets: str | bytes, **extra: str | bytes) -> Path:
    content = parts(sheets or (sheet_xml(),))
    return write_zip(path, {**content, **extra})


def write_bomb(path: Path, megabytes: int) -> Path:
    """Write an xlsx of a few kilobytes whose sheet inflates to many megabytes."""
    content = parts(("",))
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in content.items():
            if not name.startswith("xl/worksheets/"):
                archive.writestr(name, data)
        with archive.open("xl/worksheets/sheet1.xml", "w") as sheet:
            sheet.write(sheet_xml("")[:-30].encode())
            for _ in range(megabytes):
                sheet.write(b" " * 1_000_000)
    return path


def lie_about_sizes(path: Path, claimed: int) -> Path:
    """Make the directory of an archive claim that every large part is small."""
    data = bytearray(path.read_bytes())
    place = data.find(b"PK\x01\x02")
    while place >= 0:
        if struct.unpack_from("<I", data, place + 24)[0] > claimed:
            struct.pack_into("<I", data, place + 24, claimed)
        place = data.find(b"PK\x01\x02", place + 46)
    path.write_bytes(bytes(data))
    return path


def ods_xml(rows: str, table: str = "") -> str:
    return (
        '<?xml version="1.0" encoding="UTF-8"?><office:document-content '
        'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
        'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
        'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" '
        'xmlns:xlink="http://www.w3.org/1999/xlink">'
        f'<office:body><office:spreadsheet><table:table table:name="F1">{table}{rows}'
        "</table:table></office:spreadsheet></office:body></office:document-content>"
    )


def write_ods(path: Path, rows: str, manifest: str = "", table: str = "", **extra: str) -> Path:
    content = {
        "mimetype": ODS,
        "content.xml": ods_xml(rows, table),
        "META-INF/manifest.xml": f'<?xml version="1.0"?><manifest>{manifest}</manifest>',
        **extra,
    }
    return write_zip(path, content)


def compound(streams: Mapping[str, bytes]) -> bytes:
    """Return an OLE compound document with these streams (each stored in whole sectors)."""
    sector, free, end = 512, 0xFFFFFFFF, 0xFFFFFFFE
    bodies, fat, starts = b"", [0xFFFFFFFD], {}
    for name, data in streams.items():
        padded = data.ljust(max(4096, -(-len(data) // sector) * sector), b"\0")
        count = len(padded) // sector
        starts[name] = (len(fat), len(padded))
        fat += [len(fat) + step + 1 for step in range(count - 1)] + [end]
        bodies += padded
    entries = [_entry("Root Entry", 5, end, 0)]
    entries += [_entry(name, 2, *starts[name]) for name in streams]
    directory = b"".join(entries)
    directory = directory.ljust(-(-len(directory) // sector) * sector, b"\0")
    first = len(fat)
    count = len(directory) // sector
    fat += [len(fat) + step + 1 for step in range(count - 1)] + [end]
    table = struct.pack("<128I", *(fat + [free] * (128 - len(fat))))
    head = struct.pack(
        "<8s16s6H10I", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"", 62, 3, 0xFFFE, 9, 6, 0, 0, 0, 1,
        first, 0, 4096, end, 0, end, 0,
    )  # fmt: skip
    difat = struct.pack("<109I", 0, *([free] * 108))
    return head + difat + table + bodies + directory


def _entry(name: str, kind: int, start: int, size: int) -> bytes:
    raw = (name + "\0").encode("utf-16-le")
    free = 0xFFFFFFFF
    return (
        raw.ljust(64, b"\0")
        + struct.pack("<HBB3I", len(raw), kind, 1, free, 1 if kind == 5 else free, free)
        + bytes(36)
        + struct.pack("<IQ", start, size)
    )


def record(code: int, data: bytes) -> bytes:
    """Return one record of an old workbook (BIFF)."""
    return struct.pack("<HH", code, len(data)) + data
