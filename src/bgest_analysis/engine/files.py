"""Small files of the engine's own: read with suspicion, written whole or not at all."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any


def write_whole(path: Path, text: str) -> None:
    """Write text (UTF-8, Unix line ends) so that a reader sees the old file or the new one."""
    write_whole_bytes(path, text.encode())


def write_whole_bytes(path: Path, data: bytes) -> None:
    """Write bytes so that a reader sees the old file or the new one."""
    path.parent.mkdir(parents=True, exist_ok=True)
    staged = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    staged.write_bytes(data)
    os.replace(staged, path)


def write_json(path: Path, data: Any, *, indent: int | None = None) -> None:
    """Write JSON whole: sorted keys, so the same data give the same bytes."""
    text = json.dumps(data, sort_keys=True, ensure_ascii=False, indent=indent)
    write_whole(path, text + "\n")


def read_json(path: Path) -> Any:
    """Return a file's JSON, or ``None`` if it is missing or damaged (it can be made anew)."""
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except (FileNotFoundError, NotADirectoryError, UnicodeDecodeError, json.JSONDecodeError):
        return None
