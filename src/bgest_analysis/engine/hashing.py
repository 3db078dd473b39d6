"""Content hashes of files, remembered by what the file system says of them.

A remembered hash is believed while size, mtime, ctime and inode are the same and the file had
been still for two seconds when it was read: a file written twice within a clock tick looks
unchanged to ``stat``.
"""

from __future__ import annotations

import hashlib
import os
import time
from pathlib import Path
from typing import Any

from bgest_analysis.engine.files import read_json, write_json

SETTLED_NS = 2_000_000_000
VERSION = 1
FILE_NAME = "impronte.json"

Entry = list[Any]  # size, mtime_ns, ctime_ns, inode, hashed_at_ns, sha256


class HashCache:
    """SHA-256 of files, each read only when it may have changed.

    Parameters
    ----------
    file
        Where hashes are remembered; a missing or damaged file means starting anew.
    rehash
        Believe nothing that is remembered.
    """

    def __init__(self, file: Path, *, rehash: bool = False) -> None:
        self.file = file
        self._entries: dict[str, Entry] = {} if rehash else _load(file)
        self._changed = rehash

    def digest(self, path: Path | str) -> str | None:
        """Return the SHA-256 of a file's bytes, ``None`` if there is no such file."""
        name = os.fspath(path)
        try:
            found = os.stat(name)
        except (FileNotFoundError, NotADirectoryError):
            self._changed |= self._entries.pop(name, None) is not None
            return None
        signature = [found.st_size, found.st_mtime_ns, found.st_ctime_ns, found.st_ino]
        entry = self._entries.get(name)
        if entry is None or entry[:4] != signature or not _settled(entry):
            entry = [*signature, time.time_ns(), sha256_file(name)]
            self._entries[name] = entry
            self._changed = True
        return str(entry[5])

    def moved(self, old: Path, new: Path) -> None:
        """Note that a file whose hash is known now stands elsewhere (which changes its ctime)."""
        entry = self._entries.pop(os.fspath(old), None)
        if entry is not None:
            found = os.stat(new)
            signature = [found.st_size, found.st_mtime_ns, found.st_ctime_ns, found.st_ino]
            self._entries[os.fspath(new)] = [*signature, *entry[4:]]
            self._changed = True

    def save(self) -> None:
        """Write what was learnt, if anything was."""
        if self._changed:
            write_json(self.file, {"versione": VERSION, "voci": self._entries})
            self._changed = False


def _settled(entry: Entry) -> bool:
    """Tell whether the file had not been touched for a while when it was read.

    A change time in the future (another machine's clock) is never settled.
    """
    return bool(entry[4] - max(entry[1], entry[2]) >= SETTLED_NS)


def _load(file: Path) -> dict[str, Entry]:
    data = read_json(file)
    if not isinstance(data, dict) or data.get("versione") != VERSION:
        return {}
    entries = data.get("voci")
    if not isinstance(entries, dict) or not all(_sound(item) for item in entries.values()):
        return {}
    return entries


def _sound(entry: Any) -> bool:
    return (
        isinstance(entry, list)
        and len(entry) == 6
        and all(isinstance(item, int) for item in entry[:5])
        and isinstance(entry[5], str)
    )


def sha256_file(path: Path | str) -> str:
    """Return the SHA-256 of a file's bytes, read in pieces."""
    with open(path, "rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
