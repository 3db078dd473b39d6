"""The parts of a zipped workbook, inflated block by block and never trusted on their size."""

from __future__ import annotations

import re
import struct
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import Self

from bgest_analysis.read.guard import MEGABYTE, Limits, refuse

BLOCK = 1 << 20
MOST_PARTS = 20_000
SMALL_PART = 16 * MEGABYTE
_RATIO_FROM = 1 << 20
_LOCAL_HEADER = struct.Struct("<4s5H3I2H")
_DIRECTORY_END = b"PK\x05\x06"
_DECLARED = re.compile(rb"^\s*<\?xml[^>]*?encoding\s*=\s*[\"']([^\"']+)[\"']")
MARKS = (b"\xff\xfe", b"\xfe\xff", b"\x00")
_DTD = b"<!DOCTYPE"  # XML knows no other case
_OVERLAP = 16


class Archive:
    """A zip file opened for reading its parts.

    Parameters
    ----------
    path
        The file.
    shown_as
        Its name in messages.

    Raises
    ------
    UnsafeInput
        If the directory of the archive is damaged, hostile or too large.
    """

    def __init__(self, path: Path, shown_as: str, limits: Limits) -> None:
        self.shown_as = shown_as
        self.limits = limits
        self._check_directory_size(path)
        self._parts = self._directory(path)
        self._handle = path.open("rb")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._handle.close()

    def __contains__(self, name: str) -> bool:
        return name in self._parts

    @property
    def names(self) -> list[str]:
        return list(self._parts)

    def small(self, name: str) -> bytes:
        """Return a whole part that is small by nature (workbook, relations)."""
        content = b"".join(self.blocks(name))
        if len(content) > SMALL_PART:
            raise refuse("{file} ha una struttura smisurata; farselo rimandare", self.shown_as)
        return content

    def blocks(self, name: str) -> Iterator[bytes]:
        """Yield a part, inflated, never more than the directory said it would be."""
        info = self._parts[name]
        produced = 0
        for block in self._inflate(info):
            produced += len(block)
            if produced > info.file_size:
                raise refuse(
                    "{file} dichiara dimensioni false: non si apre; farselo rimandare",
                    self.shown_as,
                )
            yield block

    def xml_blocks(self, name: str) -> Iterator[bytes]:
        """Yield an XML part, refused if it has a document type or is not UTF-8."""
        tail = b""
        for number, block in enumerate(self.blocks(name)):
            if number == 0:
                self._check_encoding(block)
            if _DTD in block or _DTD in tail + block[:_OVERLAP]:
                raise refuse(
                    "{file} contiene definizioni di entità XML, che nessun foglio di calcolo "
                    "scrive: può essere un attacco; non aprirlo e chiedere a chi l'ha mandato",
                    self.shown_as,
                )
            tail = block[-_OVERLAP:]
            yield block

    def _check_encoding(self, block: bytes) -> None:
        declared = _DECLARED.match(block.removeprefix(b"\xef\xbb\xbf"))
        name = declared[1].decode("ascii", "replace").lower() if declared else "utf-8"
        if block.startswith(MARKS) or b"\x00" in block[:64] or name not in ("utf-8", "us-ascii"):
            raise refuse(
                "{file} ha parti che non sono in UTF-8, come nessun foglio di calcolo scrive; "
                "aprirlo con Excel e salvarlo di nuovo",
                self.shown_as,
            )

    # --- the directory ------------------------------------------------------------------------
    def _check_directory_size(self, path: Path) -> None:
        """Count the parts before the directory is read, which costs memory for each."""
        with path.open("rb") as handle:
            handle.seek(max(0, handle.seek(0, 2) - 65_557))
            end = handle.read()
        place = end.rfind(_DIRECTORY_END)
        if place < 0 or place + 22 > len(end):
            raise refuse("{file} è danneggiato o incompleto; farselo rimandare", self.shown_as)
        parts, directory = struct.unpack_from("<HI", end, place + 10)
        if parts > MOST_PARTS or directory > 8 * MEGABYTE:
            raise refuse("{file} ha troppe parti; dividerlo in più file", self.shown_as)

    def _directory(self, path: Path) -> dict[str, zipfile.ZipInfo]:
        try:
            with zipfile.ZipFile(path) as archive:
                entries = archive.infolist()
        except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
            raise refuse(
                "{file} è danneggiato o incompleto; farselo rimandare", self.shown_as
            ) from error
        for entry in entries:
            self._check_entry(entry)
        if sum(entry.file_size for entry in entries) > self.limits.unpacked_bytes:
            raise self._bomb(sum(entry.file_size for entry in entries))
        parts = {entry.filename.lstrip("/"): entry for entry in entries}
        if len(parts) != len(entries):
            raise refuse("{file} ha parti doppie: non si apre; farselo rimandare", self.shown_as)
        return parts

    def _check_entry(self, entry: zipfile.ZipInfo) -> None:
        if entry.flag_bits & 0x1:
            raise refuse(
                "{file} è protetto da password; toglierla (File, Informazioni, Proteggi) e salvare",
                self.shown_as,
            )
        packed = max(1, entry.compress_size)
        if entry.file_size > _RATIO_FROM and entry.file_size > self.limits.ratio * packed:
            raise self._bomb(entry.file_size)
        if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise refuse(
                "{file} è compresso in un modo insolito; salvarlo con Excel", self.shown_as
            )

    def _bomb(self, size: int) -> Exception:
        return refuse(
            "{file} si gonfia a {megabyte:int} MB quando si apre: può essere un attacco; "
            "non aprirlo e chiedere a chi l'ha mandato",
            self.shown_as,
            megabyte=size // MEGABYTE,
        )

    # --- inflating ----------------------------------------------------------------------------
    def _inflate(self, info: zipfile.ZipInfo) -> Iterator[bytes]:
        left = self._start(info)
        if info.compress_type == zipfile.ZIP_STORED:
            while left > 0 and (piece := self._handle.read(min(BLOCK, left))):
                left -= len(piece)
                yield piece
            return
        engine = zlib.decompressobj(-15)
        try:
            while left > 0 and not engine.eof:
                piece = self._handle.read(min(BLOCK, left))
                if not piece:
                    break
                left -= len(piece)
                while piece and not engine.eof:
                    yield engine.decompress(piece, BLOCK)
                    piece = engine.unconsumed_tail
        except zlib.error as error:
            raise refuse("{file} è danneggiato; farselo rimandare", self.shown_as) from error

    def _start(self, info: zipfile.ZipInfo) -> int:
        """Go to the data of a part and return how many packed bytes it has."""
        self._handle.seek(max(0, info.header_offset))
        header = self._handle.read(_LOCAL_HEADER.size)
        if len(header) < _LOCAL_HEADER.size or not header.startswith(b"PK\x03\x04"):
            raise refuse("{file} è danneggiato o incompleto; farselo rimandare", self.shown_as)
        fields = _LOCAL_HEADER.unpack(header)
        self._handle.seek(fields[9] + fields[10], 1)
        return info.compress_size
