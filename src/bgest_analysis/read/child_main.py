"""The child process that parses a workbook: limits first, then the file, cells to stdout.

Writes JSON lines: the sheets (or the refusal), then one line a column. Nothing touches the
disk, nothing is unpickled on the other side, and no heavy library is imported here.
"""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Any, BinaryIO

from bgest_analysis.errors import UNSAFE_INPUT, UnsafeInput
from bgest_analysis.read.guard import Limits, refuse
from bgest_analysis.read.workbook import SheetCells, read_workbook


def limit_process(limits: Limits) -> None:
    """Limit memory and processor time of this process, where the system can (POSIX)."""
    if sys.platform == "win32":
        return
    import resource  # the module exists on POSIX only

    for what, most in (
        (resource.RLIMIT_AS, limits.memory_bytes),
        (resource.RLIMIT_CPU, limits.seconds),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_FSIZE, 0),
    ):
        _soft, hard = resource.getrlimit(what)
        allowed = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.setrlimit(what, (allowed, allowed))


def write_sheets(sheets: list[SheetCells], out: BinaryIO) -> None:
    """Write the sheets: one JSON line for all, then one a column (its texts, its kinds)."""
    head = [_describe(sheet) for sheet in sheets]
    out.write(json.dumps({"fogli": head}).encode() + b"\n")
    for sheet in sheets:
        for column in zip(sheet.texts, sheet.kinds, strict=True):
            out.write(json.dumps(column).encode() + b"\n")


def _describe(sheet: SheetCells) -> dict[str, Any]:
    return {
        "name": sheet.name,
        "width": len(sheet.texts),
        "visible": sheet.visible,
        "merged": sheet.merged,
        "date1904": sheet.date1904,
        "hidden_rows": sheet.hidden_rows,
        "external_links": sheet.external_links,
    }


def main(arguments: list[str]) -> int:
    """Read the file named by the arguments (path, shown name, limits as JSON)."""
    path, shown_as, limits = Path(arguments[0]), arguments[1], Limits(**json.loads(arguments[2]))
    limit_process(limits)
    out = sys.stdout.buffer
    try:
        write_sheets(read_workbook(path, shown_as, limits), out)
    except UnsafeInput as refusal:
        out.write(json.dumps({"rifiuto": refusal.message.to_json()}).encode() + b"\n")
        return UNSAFE_INPUT
    except MemoryError:
        too_much = refuse("{file} è troppo grande per questa macchina; dividerlo", shown_as)
        out.write(json.dumps({"rifiuto": too_much.message.to_json()}).encode() + b"\n")
        return UNSAFE_INPUT
    out.flush()
    return 0


def arguments_of(path: Path, shown_as: str, limits: Limits) -> list[str]:
    """Return the arguments that ``main`` takes."""
    return [str(path), shown_as, json.dumps(asdict(limits))]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
