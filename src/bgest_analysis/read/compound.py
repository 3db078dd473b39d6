"""Old Office files (OLE compound documents): their streams, read without trusting a length."""

from __future__ import annotations

import struct
from dataclasses import dataclass
from pathlib import Path

from bgest_analysis.read.guard import refuse

_HEADER = struct.Struct("<8s16s6H10I")
_END = 0xFFFFFFFA  # and above: no further sector
_STREAM, _ROOT = 2, 5


@dataclass(frozen=True)
class _Entry:
    name: str
    kind: int
    start: int
    size: int


class Compound:
    """The streams of a compound document.

    Raises
    ------
    UnsafeInput
        If the document is damaged.
    """

    def __init__(self, path: Path, shown_as: str) -> None:
        self.shown_as = shown_as
        self._data = path.read_bytes()
        if len(self._data) < 1024:
            raise self._damaged()
        header = _HEADER.unpack_from(self._data)
        self._shift, self._mini_shift = header[5], header[6]
        if self._shift not in (9, 12) or self._mini_shift != 6:
            raise self._damaged()
        self._cutoff = header[13]
        self._fat = self._table(self._fat_sectors(header[16], header[17]))
        self._entries = self._directory(header[11])
        self._mini_fat = self._table(self._chain(header[14], self._fat))
        root = next((entry for entry in self._entries if entry.kind == _ROOT), None)
        self._mini = self._read(root.start, 1 << 31) if root else b""

    @property
    def names(self) -> list[str]:
        return [entry.name for entry in self._entries]

    def stream(self, name: str) -> bytes:
        """Return a stream's content, ``b""`` when there is none of that name."""
        for entry in self._entries:
            if entry.name == name and entry.kind == _STREAM:
                if entry.size < self._cutoff:
                    return self._read_mini(entry.start, entry.size)
                return self._read(entry.start, entry.size)
        return b""

    def _damaged(self) -> Exception:
        return refuse("{file} è danneggiato o incompleto; farselo rimandare", self.shown_as)

    def _sector(self, number: int) -> bytes:
        start = (number + 1) << self._shift
        return self._data[start : start + (1 << self._shift)]

    def _fat_sectors(self, more: int, count: int) -> list[int]:
        sectors = list(struct.unpack_from("<109I", self._data, 76))
        for _ in range(min(count, len(self._data) >> self._shift)):
            block = self._sector(more)
            if len(block) < 1 << self._shift:
                raise self._damaged()
            numbers = struct.unpack(f"<{len(block) // 4}I", block)
            sectors.extend(numbers[:-1])
            more = numbers[-1]
        return [number for number in sectors if number < _END]

    def _table(self, sectors: list[int]) -> list[int]:
        blocks = b"".join(self._sector(number) for number in sectors)
        return list(struct.unpack(f"<{len(blocks) // 4}I", blocks[: len(blocks) // 4 * 4]))

    def _chain(self, start: int, table: list[int]) -> list[int]:
        found: list[int] = []
        while start < _END:
            if start >= len(table) or len(found) > len(table):
                raise self._damaged()
            found.append(start)
            start = table[start]
        return found

    def _read(self, start: int, size: int) -> bytes:
        return b"".join(self._sector(n) for n in self._chain(start, self._fat))[:size]

    def _read_mini(self, start: int, size: int) -> bytes:
        step = 1 << self._mini_shift
        places = [n * step for n in self._chain(start, self._mini_fat)]
        return b"".join(self._mini[place : place + step] for place in places)[:size]

    def _directory(self, start: int) -> list[_Entry]:
        content = self._read(start, 1 << 31)
        entries = []
        for place in range(0, len(content) - 127, 128):
            length, kind = struct.unpack_from("<HB", content, place + 64)
            first, size = struct.unpack_from("<IQ", content, place + 116)
            name = content[place : place + max(0, min(length, 64) - 2)]
            if kind:
                entries.append(
                    _Entry(name.decode("utf-16-le", "replace"), kind, first, size & 0xFFFFFFFF)
                )
        return entries
