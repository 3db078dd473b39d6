"""One run at a time in a study's folder.

The system frees the lock when its holder ends, however it ends; the process id written in it is
for the message. Where the disk knows no locks (some network folders) the id decides.
"""

from __future__ import annotations

import errno
import json
import os
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from bgest_analysis.errors import MachineLacks

FILE_NAME = "in_corso.lock"
NO_LOCKS_HERE = frozenset({errno.ENOLCK, errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOSYS})


@contextmanager
def run_lock(folder: Path) -> Iterator[None]:
    """Hold the lock of a study's state folder.

    Raises
    ------
    MachineLacks
        If another run holds it.
    """
    folder.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(folder / FILE_NAME, os.O_RDWR | os.O_CREAT, 0o644)
    try:
        holder = _read_holder(descriptor)
        if not _take(descriptor, holder):
            raise _busy(holder)
        _write_holder(descriptor, {"pid": os.getpid(), "macchina": socket.gethostname()})
        yield
        _write_holder(descriptor, {})
    finally:
        os.close(descriptor)


def _busy(holder: dict[str, Any]) -> MachineLacks:
    return MachineLacks(
        "in questa cartella è già in corso un'esecuzione (processo {pid} su {host}); "
        "attendere che finisca o interromperla",
        pid=str(holder.get("pid", "?")),
        host=holder.get("macchina", "?"),
    )


def _take(descriptor: int, holder: dict[str, Any]) -> bool:
    try:
        return _lock_file(descriptor)
    except OSError as error:
        if error.errno not in NO_LOCKS_HERE:
            raise
        return not _is_alive(holder)


if sys.platform == "win32":
    import msvcrt

    def _lock_file(descriptor: int) -> bool:
        os.lseek(descriptor, 1 << 20, os.SEEK_SET)  # a byte that nobody reads
        try:
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        except OSError as error:
            if error.errno in (errno.EACCES, errno.EDEADLOCK):
                return False
            raise
        return True

    def _process_exists(pid: int) -> bool:
        return True  # Windows always knows locks: never asked

else:
    import fcntl

    def _lock_file(descriptor: int) -> bool:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def _process_exists(pid: int) -> bool:
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return False
        except PermissionError:
            return True
        return True


def _is_alive(holder: dict[str, Any]) -> bool:
    """Tell whether the run named in the lock may still be there (another machine: perhaps)."""
    pid = holder.get("pid")
    if not isinstance(pid, int):
        return False
    return holder.get("macchina") != socket.gethostname() or _process_exists(pid)


def _read_holder(descriptor: int) -> dict[str, Any]:
    os.lseek(descriptor, 0, os.SEEK_SET)
    try:
        found = json.loads(os.read(descriptor, 4096) or b"{}")
    except (json.JSONDecodeError, UnicodeDecodeError):
        return {}
    return found if isinstance(found, dict) else {}


def _write_holder(descriptor: int, holder: dict[str, Any]) -> None:
    os.ftruncate(descriptor, 0)
    os.lseek(descriptor, 0, os.SEEK_SET)
    os.write(descriptor, json.dumps(holder).encode())
