"""One hash for our source, one for the packages a result is computed with."""

from __future__ import annotations

import hashlib
import os
import re
import sys
import sysconfig
from collections.abc import Iterator
from pathlib import Path

from bgest_analysis.engine.hashing import HashCache
from bgest_analysis.workspace import PACKAGE_DIR

LOCK_NAME = "requirements.lock"
ALWAYS_OUT = frozenset({"notebooks", "__pycache__"})
NOT_CODE = ALWAYS_OUT | {"cli"}
PIN = re.compile(r"^([A-Za-z0-9][A-Za-z0-9._-]*)==", re.MULTILINE)


def code_hash(
    cache: HashCache, package: Path = PACKAGE_DIR, leave_out: frozenset[str] = NOT_CODE
) -> str:
    """Return one hash of the package without its command line and its notebooks.

    Notebooks are inputs of their own jobs; how commands are typed changes no result.
    """
    total = hashlib.sha256()
    for path in sorted(_source_files(str(package), leave_out)):
        name = os.path.relpath(path, package).replace("\\", "/")
        total.update(f"{name}\0{cache.digest(path)}\n".encode())
    return total.hexdigest()


def _source_files(folder: str, leave_out: frozenset[str]) -> Iterator[str]:
    with os.scandir(folder) as found:
        for item in found:
            if item.name in leave_out or item.name.startswith("."):
                continue
            if item.is_dir():
                yield from _source_files(item.path, leave_out)
            elif not item.name.endswith((".pyc", ".tmp", "~")):
                yield item.path


def lock_file(package: Path = PACKAGE_DIR) -> Path | None:
    """Return the hashed lock: in the checkout, or beside the installed package."""
    places = (package.parents[1] / LOCK_NAME, package / LOCK_NAME)
    return next((path for path in places if path.is_file()), None)


def lock_hash(cache: HashCache, lock: Path | None = None, site: Path | None = None) -> str:
    """Return one hash of the interpreter, the lock, and what is installed of it.

    Without a lock, every installed package counts.
    """
    lock = lock or lock_file()
    folder = site or Path(sysconfig.get_paths()["purelib"])
    locked = None if lock is None else cache.digest(lock)
    facts = [sys.version, str(locked), *installed(folder, pinned(lock))]
    return hashlib.sha256("\n".join(facts).encode()).hexdigest()


def pinned(lock: Path | None) -> frozenset[str] | None:
    """Return the normalised names a lock pins; ``None`` without a lock."""
    if lock is None:
        return None
    return frozenset(_normal(name) for name in PIN.findall(lock.read_text(encoding="utf-8")))


def installed(site: Path, names: frozenset[str] | None) -> list[str]:
    """Return ``name-version`` of the installed packages that a lock names, sorted."""
    parts = [item.removesuffix(".dist-info").rpartition("-") for item in _dist_infos(site)]
    return sorted(
        f"{_normal(name)}-{version}"
        for name, _, version in parts
        if names is None or _normal(name) in names
    )


def _dist_infos(site: Path) -> list[str]:
    return [item for item in os.listdir(site) if item.endswith(".dist-info")]


def _normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()
