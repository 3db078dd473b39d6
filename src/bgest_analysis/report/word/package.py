"""The same bytes every time: a fixed clock in the properties and in the zip."""

from __future__ import annotations

import datetime as dt
import io
import zipfile

from docx.document import Document as WordDocument

ZIP_TIME = (1980, 1, 1, 0, 0, 0)


def set_properties(document: WordDocument, title: str, author: str, date: dt.date) -> None:
    """Fill the document's properties; nothing of the machine or its user gets in."""
    properties = document.core_properties
    moment = dt.datetime(date.year, date.month, date.day, tzinfo=dt.UTC).replace(tzinfo=None)
    properties.created = properties.modified = moment
    properties.title, properties.author = title, author
    properties.last_modified_by = author
    properties.comments = properties.keywords = properties.subject = properties.category = ""
    properties.revision = 1


def pack(document: WordDocument) -> bytes:
    """Return the file's bytes, its parts in one order and with one time stamp."""
    raw = io.BytesIO()
    document.save(raw)
    return normalise_zip(raw.getvalue())


def normalise_zip(data: bytes) -> bytes:
    """Write a zip archive again with fixed times; the content types stay first."""
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(data)) as source,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target,
    ):
        names = sorted(source.namelist(), key=lambda name: (name != "[Content_Types].xml", name))
        for name in names:
            info = zipfile.ZipInfo(name, ZIP_TIME)
            packed = name.endswith(".png")  # small already: packing it again only takes time
            info.compress_type = zipfile.ZIP_STORED if packed else zipfile.ZIP_DEFLATED
            info.external_attr = 0o600 << 16
            target.writestr(info, source.read(name))
    return out.getvalue()
