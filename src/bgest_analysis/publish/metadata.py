"""Copies without authors and users in their metadata: Word, Excel, PDF, notebooks."""

from __future__ import annotations

import io
import json
import re
import zipfile
from collections.abc import Callable, Mapping

from lxml import etree

from bgest_analysis.report.word.package import normalise_zip

NAMES = frozenset({"creator", "lastModifiedBy", "Company", "Manager", "HyperlinkBase"})
PROPERTIES = "docProps/"
_AUTHOR = re.compile(rb"/Author\s*(\((?:\\.|[^\\()])*\)|<[0-9A-Fa-f]*>)", re.DOTALL)
_XMP = re.compile(rb"(?<=<dc:creator>).*?(?=</dc:creator>)", re.DOTALL)
_BLANK_UTF16 = b"0020"
_MARK = b"FEFF"


def parse(data: bytes) -> etree._Element:
    """Parse XML; entities are not expanded, nothing is fetched."""
    return etree.fromstring(data, etree.XMLParser(resolve_entities=False, no_network=True))


def strip_names(name: str, data: bytes) -> bytes:
    """Return a file's bytes without names of authors and users in its metadata.

    Parameters
    ----------
    name
        The file's name: its suffix tells the format.
    """
    strip = _STRIP.get(name[name.rfind(".") :].lower())
    return data if strip is None else strip(data)


def _strip_office(data: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(out, "w") as target:
        for item in source.infolist():
            part = source.read(item)
            keep = not item.filename.startswith(PROPERTIES) or not item.filename.endswith(".xml")
            target.writestr(item.filename, part if keep else _blank_properties(part))
    return normalise_zip(out.getvalue())


def _blank_properties(part: bytes) -> bytes:
    root = parse(part)
    for element in root.iter(etree.Element):
        if etree.QName(element).localname in NAMES:
            element.text = ""
    return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True))


def _strip_pdf(data: bytes) -> bytes:
    """Blank the author in place: every byte keeps its offset, which the file's index relies on."""
    blanked = _AUTHOR.sub(_blank_author, data)
    return _XMP.sub(lambda found: b" " * len(found[0]), blanked)


def _blank_author(found: re.Match[bytes]) -> bytes:
    value = found[1]
    if value.startswith(b"("):
        blank = b"(" + b" " * (len(value) - 2) + b")"
    else:
        rest = len(value) - 2 - len(_MARK)
        blank = (
            b"<" + _MARK + (_BLANK_UTF16 * (rest // 4 + 1))[:rest] + b">" if rest >= 0 else value
        )
    return found[0].removesuffix(value) + blank


def _strip_notebook(data: bytes) -> bytes:
    notebook = json.loads(data)
    if "authors" not in notebook.get("metadata", {}):
        return data
    del notebook["metadata"]["authors"]
    return (json.dumps(notebook, ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode()


_STRIP: Mapping[str, Callable[[bytes], bytes]] = {
    ".docx": _strip_office,
    ".xlsx": _strip_office,
    ".pdf": _strip_pdf,
    ".ipynb": _strip_notebook,
}
