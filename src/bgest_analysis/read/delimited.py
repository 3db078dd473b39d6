"""Text tables of the project (CSV) -> a grid: encoding, separator and row numbers found out.

A regular file of a million rows is cut by Arrow; one with ragged or blank rows goes through
the slow reader, so that no row is lost and each keeps its line in the file.
"""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pacsv

from bgest_analysis.read.grid import Grid, text_grid
from bgest_analysis.read.guard import Limits, preflight, refuse
from bgest_analysis.read.text_file import (
    SEPARATORS,
    Decoded,
    Record,
    decode,
    head,
    read_bytes,
    records,
)

_SAMPLE = 1 << 20
_NO_TEXT = bytes(set(range(0x20)) - {0x09, 0x0A, 0x0B, 0x0C, 0x0D, 0x1A, 0x1C, 0x1D, 0x1E, 0x1F})


def read_delimited(path: Path, shown_as: str, limits: Limits | None = None) -> Grid:
    """Return the cells of a text table.

    Parameters
    ----------
    path
        The file.
    shown_as
        Its name in messages.

    Raises
    ------
    UnsafeInput
        If it is not text, or too wide or long to be a table.
    """
    chosen = limits or Limits()
    preflight(path, shown_as, chosen)
    content, encoding = _utf8(read_bytes(path, shown_as), shown_as)
    sample = content[:_SAMPLE].decode("utf-8", errors="ignore")
    separator = _separator(sample, shown_as)
    remarks = {"codifica": encoding, "separatore": {"\t": "tab"}.get(separator, separator)}
    top = _drop_hint(head(sample, separator, shown_as))
    grid = _read_fast(content, top, separator, remarks)
    if grid is None:
        grid = _read_slow(content, separator, shown_as, remarks)
    if grid.width > chosen.columns:
        raise refuse(
            "{file} ha {n:int} colonne: troppe; controllare il separatore o dividere il file",
            shown_as,
            n=grid.width,
        )
    return grid


def _utf8(content: bytes, shown_as: str) -> tuple[bytes, str]:
    """Return the content in UTF-8 and the encoding it had."""
    if content.startswith(b"\xef\xbb\xbf"):
        return content[3:], "utf-8-sig"
    if not content.startswith((b"\xff\xfe", b"\xfe\xff")) and _is_plain_utf8(content):
        return content, "ascii" if content.isascii() else "utf-8"
    decoded: Decoded = decode(content, shown_as)
    return decoded.text.encode("utf-8"), decoded.encoding


def _is_plain_utf8(content: bytes) -> bool:
    """Tell whether the bytes are UTF-8 text without control characters, at the speed of C."""
    if len(content.translate(None, _NO_TEXT)) != len(content):
        return False
    if content.isascii():
        return True
    checked = pa.array([content], type=pa.large_binary())
    try:
        checked.cast(pa.large_string())
    except pa.ArrowInvalid:
        return False
    return True


def _separator(sample: str, shown_as: str) -> str:
    """Return the separator whose rows agree best on a number of cells above one."""
    hint = sample[:6].lower()
    if hint.startswith("sep=") and len(sample) > 4:
        return sample[4]
    scores = {mark: _agreement(head(sample, mark, shown_as)) for mark in SEPARATORS}
    return max(SEPARATORS, key=lambda mark: scores[mark])


def _agreement(rows: list[Record]) -> tuple[int, int]:
    widths = Counter(len(row.cells) for row in rows if len(row.cells) > 1)
    if not widths:
        return (0, 0)
    width, times = max(widths.items(), key=lambda item: (item[1], item[0]))
    return times, width


def _drop_hint(rows: list[Record]) -> list[Record]:
    first = "".join(rows[0].cells).lower() if rows else ""
    return rows[1:] if first in ("sep=", "sep=;", "sep=,") else rows


# --- the fast way -----------------------------------------------------------------------------
def _read_fast(
    content: bytes, top: list[Record], separator: str, remarks: dict[str, str]
) -> Grid | None:
    """Cut a regular file with Arrow; ``None`` when a row is ragged or blank."""
    width = _agreement(top)[1]
    start = next((n for n, row in enumerate(top) if len(row.cells) == width), None)
    if width < 2 or start is None or b"\n" not in content:
        return None
    if any(len(row.cells) > width for row in top):
        return None
    first = top[start].line
    offset = _offset_of_line(content, first)
    table = _cut(content, offset, separator, width)
    if table is None:
        return None
    lines = _lines(table, first)
    if lines[-1] != first + _line_count(content, offset) - 1:
        return None  # a blank line was dropped: the numbers would be wrong
    return _below(top[:start], table, lines, width, remarks)


def _offset_of_line(content: bytes, line: int) -> int:
    offset = 0
    for _ in range(line - 1):
        offset = content.index(b"\n", offset) + 1
    return offset


def _line_count(content: bytes, offset: int) -> int:
    end = len(content.rstrip(b"\r\n"))
    return content.count(b"\n", offset, end) + 1


def _cut(content: bytes, offset: int, separator: str, width: int) -> pa.Table | None:
    names = [f"c{number}" for number in range(width)]
    parse = pacsv.ParseOptions(
        delimiter=separator, newlines_in_values=b'"' in content, ignore_empty_lines=True
    )
    convert = pacsv.ConvertOptions(
        column_types={name: pa.large_string() for name in names},
        strings_can_be_null=False,
        quoted_strings_can_be_null=False,
        check_utf8=False,
    )
    read = pacsv.ReadOptions(column_names=names, block_size=8 << 20)
    buffer = pa.BufferReader(pa.py_buffer(content).slice(offset))
    try:
        return pacsv.read_csv(buffer, read, parse, convert)
    except pa.ArrowInvalid:  # a row with more or fewer cells
        return None


def _lines(table: pa.Table, first: int) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    """Return the line each row starts at; a cell with line breaks takes several."""
    extra = np.zeros(table.num_rows, dtype=np.int64)
    for column in table.columns:
        breaks = pc.count_substring(column, "\n")
        if pc.max(breaks).as_py():
            extra += np.asarray(breaks)
    ends = first + np.cumsum(1 + extra) - 1
    return np.asarray(ends - extra, dtype=np.int64) if extra.any() else ends


def _below(
    titles: list[Record],
    table: pa.Table,
    lines: np.ndarray[tuple[int], np.dtype[np.int64]],
    width: int,
    remarks: dict[str, str],
) -> Grid:
    """Put the title rows above the table again."""
    columns: tuple[pa.ChunkedArray, ...] = tuple(table.columns)
    if titles:
        above = text_grid(
            "",
            [[*row.cells, *[""] * (width - len(row.cells))] for row in titles],
            [0] * len(titles),
            {},
        )
        columns = tuple(
            pa.chunked_array([part, *column.chunks], type=pa.large_string())
            for part, column in zip(above.texts, columns, strict=True)
        )
        lines = np.concatenate([[row.line for row in titles], lines]).astype(np.int64)
    return Grid("", columns, None, lines, remarks=remarks)


# --- the slow way -----------------------------------------------------------------------------
def _read_slow(content: bytes, separator: str, shown_as: str, remarks: dict[str, str]) -> Grid:
    rows = _drop_hint(list(records(content.decode("utf-8"), separator, shown_as)))
    kept = [row for row in rows if row.cells]
    return text_grid("", [row.cells for row in kept], [row.line for row in kept], remarks)
