"""Every write of a command, seen from the kernel, with a fault at one of them (Linux, x86-64).

A seccomp filter hands each system call that changes the disk to the test, whoever makes it:
Python, pyarrow's C++, a child, a forking process. The test counts those within one folder and, at
the one chosen, kills the command, lets half of the bytes through and kills it, or answers with an
error. The listener hangs up when the last process of the command is gone: an orphan shows.
"""

from __future__ import annotations

import array
import ctypes
import errno
import fcntl
import hashlib
import os
import platform
import select
import signal
import socket
import struct
import sys
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

import pytest

CALLS = {  # number on x86-64: name, which argument is the path (-1: a descriptor), its folder's
    1: ("write", -1, -1), 2: ("open", 0, -1), 18: ("pwrite", -1, -1), 20: ("writev", -1, -1),
    40: ("sendfile", -1, -1), 74: ("fsync", -1, -1), 75: ("fdatasync", -1, -1),
    76: ("truncate", 0, -1), 77: ("ftruncate", -1, -1), 82: ("rename", 1, -1),
    83: ("mkdir", 0, -1), 84: ("rmdir", 0, -1), 85: ("creat", 0, -1), 86: ("link", 1, -1),
    87: ("unlink", 0, -1), 88: ("symlink", 1, -1), 257: ("open", 1, 0), 258: ("mkdir", 1, 0),
    263: ("unlink", 1, 0), 264: ("rename", 3, 2), 265: ("link", 3, 2), 266: ("symlink", 2, 1),
    316: ("rename", 3, 2), 326: ("copy_file_range", -1, -1),
}  # fmt: skip
OPENS = {2: 1, 257: 2}  # which argument has the flags
TARGET = {326: 2}  # which argument is the descriptor written to, when it is not the first
WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT
SECCOMP, PIDFD_OPEN, PIDFD_GETFD = 317, 434, 438
RECEIVE, SEND = 0xC0502100, 0xC0182101
NOTIFICATION, ANSWER = struct.Struct("=QIIiIQ6Q"), struct.Struct("=QqiI")
CONTINUE = 1
ARCH_X86_64 = 0xC000003E
AT_FDCWD = -100
PATIENCE = 30  # seconds in which what is left of a killed command must end
_libc = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None


class Kind(StrEnum):
    """What happens at the point."""

    KILL = "kill -9 before it"
    TEAR = "kill -9 after half of its bytes"
    FULL = "no space from it on"
    READ_ONLY = "read-only from it on"


ERRORS = {Kind.FULL: errno.ENOSPC, Kind.READ_ONLY: errno.EROFS}
NEEDS_ROOM = frozenset({"write", "pwrite", "writev", "sendfile", "mkdir", "copy_file_range"})


@dataclass(frozen=True)
class Fault:
    """A fault at write ``point`` (from 0) of a command."""

    point: int
    kind: Kind = Kind.KILL


@dataclass
class Walk:
    """What a command did.

    Parameters
    ----------
    points
        Each write within the folder: call and path.
    code
        Its exit code; minus the signal that ended it.
    orphans
        Whether something of it was still there long after its end.
    struck
        Whether the fault was reached.
    said
        What it printed.
    versions
        SHA-256 of what was moved to each path, whole.
    """

    points: list[tuple[str, str]] = field(default_factory=list)
    code: int = 0
    orphans: bool = False
    struck: bool = False
    said: str = ""
    versions: dict[str, set[str]] = field(default_factory=dict)


def needs_watching() -> pytest.MarkDecorator:
    """Skip where system calls cannot be watched, with the reason."""
    return pytest.mark.skipif(
        not can_watch(), reason="watching system calls needs Linux >= 5.5 on x86-64 with seccomp"
    )


def can_watch() -> bool:
    if sys.platform != "linux" or platform.machine() != "x86_64":
        return False
    try:
        names = Path("/proc/sys/kernel/seccomp/actions_avail").read_text(encoding="ascii")
    except OSError:
        return False
    return "user_notif" in names.split()


def watch(command: Callable[[], int], root: Path, fault: Fault | None = None) -> Walk:
    """Do a command in a forked process and return what it wrote within ``root``."""
    ours, theirs = socket.socketpair()
    said = os.memfd_create("said")
    pid = os.fork()
    if pid == 0:
        _command(command, theirs, said)
    theirs.close()
    with ours:
        listener = _receive(ours)
    warden = _Warden(pid, listener, f"{root.resolve()}", fault)
    try:
        walk = warden.guard()
    finally:
        os.close(listener)
    with open(said, "rb") as stream:
        stream.seek(0)
        walk.said = stream.read().decode("utf-8", "replace")
    return walk


def _command(command: Callable[[], int], channel: socket.socket, said: int) -> None:
    """Never returns."""
    code = 99
    try:
        os.setsid()
        signal.signal(signal.SIGINT, signal.default_int_handler)
        os.dup2(said, 1)
        os.dup2(said, 2)
        sys.stdout, sys.stderr = open(1, "w", closefd=False), open(2, "w", closefd=False)  # noqa: SIM115
        listener = _install()
        socket.send_fds(channel, [b"x"], [listener])
        os.close(listener)
        channel.close()
        code = command()
    except SystemExit as end:
        code = int(end.code or 0)
    except BaseException:  # noqa: BLE001  told to the test, which sees what was printed
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


def _receive(channel: socket.socket) -> int:
    fds = array.array("i")
    _, found, *_ = channel.recvmsg(1, socket.CMSG_SPACE(fds.itemsize))
    fds.frombytes(found[0][2][: fds.itemsize])
    return int(fds[0])


def _install() -> int:
    """Install the filter on this process and those it will start; return its listener."""
    program = _program()
    lines = (ctypes.c_uint64 * len(program))(*program)

    class Program(ctypes.Structure):
        _fields_ = [("length", ctypes.c_ushort), ("lines", ctypes.c_void_p)]

    assert _libc is not None
    _libc.prctl(38, 1, 0, 0, 0)  # PR_SET_NO_NEW_PRIVS
    whole = Program(len(program), ctypes.cast(lines, ctypes.c_void_p))
    listener = int(_libc.syscall(SECCOMP, 1, 8, ctypes.byref(whole)))  # filter, new listener
    if listener < 0:
        raise OSError(ctypes.get_errno(), "seccomp")
    return listener


def _program() -> list[int]:
    """Return the filter: the calls of ``CALLS`` are handed over, opening only when to write."""

    def line(code: int, value: int, yes: int = 0, no: int = 0) -> int:
        return int.from_bytes(struct.pack("=HBBI", code, yes, no, value), sys.byteorder)

    load, equal, any_bit, end = 0x20, 0x15, 0x45, 0x06
    allow, notify = line(end, 0x7FFF0000), line(end, 0x7FC00000)
    program = [line(load, 4), line(equal, ARCH_X86_64, 1, 0), allow, line(load, 0)]
    for number in CALLS:
        if number in OPENS:
            flags = 16 + 8 * OPENS[number]
            program += [line(equal, number, 0, 4), line(load, flags), line(any_bit, WRITING, 0, 1)]
            program += [notify, allow]
        else:
            program += [line(equal, number, 0, 1), notify]
    return [*program, allow]


class _Warden:
    def __init__(self, pid: int, listener: int, root: str, fault: Fault | None) -> None:
        self.pid, self.listener, self.root, self.fault = pid, listener, root, fault
        self.walk = Walk()
        self.held: tuple[float, int] | None = None

    def guard(self) -> Walk:
        """Answer until the last process is gone."""
        poll = select.poll()
        poll.register(self.listener, select.POLLIN)
        deadline = None
        while True:
            found = poll.poll(200)
            if found and found[0][1] & select.POLLIN:
                self._answer_one()
            elif found and found[0][1] & select.POLLHUP:
                break
            if self.held is not None and time.monotonic() - self.held[0] > 1:
                self._send(self.held[1], 0)
                self.held = None
            if deadline is None and self._main_is_gone():
                deadline = time.monotonic() + PATIENCE
            if deadline is not None and time.monotonic() > deadline:
                self.walk.orphans = True
                break
        _, status = os.waitpid(self.pid, 0)
        self.walk.code = os.waitstatus_to_exitcode(status)
        return self.walk

    def _main_is_gone(self) -> bool:
        found = os.waitid(os.P_PID, self.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT)
        return found is not None

    def _answer_one(self) -> None:
        buffer = bytearray(NOTIFICATION.size)
        try:
            fcntl.ioctl(self.listener, RECEIVE, buffer)
        except FileNotFoundError:  # it was killed meanwhile
            return
        mark, pid, _, number, _, _, *arguments = NOTIFICATION.unpack(buffer)
        try:
            path = self._path(pid, number, arguments)
        except (ProcessLookupError, FileNotFoundError):
            return
        if path is None:
            self._send(mark, 0)
            return
        name = os.path.relpath(path, self.root)
        self.walk.points.append((CALLS[number][0], name))
        if CALLS[number][0] == "rename" and self.fault is None:
            self._note_version(pid, number, arguments, name)
        self._strike(mark, pid, number, arguments)

    def _strike(self, mark: int, pid: int, number: int, arguments: list[int]) -> None:
        """Let the call go, or do what the fault says."""
        fault, at = self.fault, len(self.walk.points) - 1
        if fault is None or at < fault.point or (fault.kind not in ERRORS and at > fault.point):
            self._send(mark, 0)
            return
        self.walk.struck = True
        if fault.kind in ERRORS:
            name = CALLS[number][0]
            creates = name == "open" and arguments[OPENS.get(number, 0)] & os.O_CREAT
            hit = name in NEEDS_ROOM or creates or fault.kind is Kind.READ_ONLY
            self._send(mark, ERRORS[fault.kind] if hit else 0)
            return
        if fault.kind is Kind.TEAR and CALLS[number][0] in ("write", "pwrite"):
            _write_half(pid, number, arguments)
        os.kill(self.pid, signal.SIGKILL)
        self.held = (time.monotonic(), mark)

    def _note_version(self, pid: int, number: int, arguments: list[int], name: str) -> None:
        source = Path(_text(pid, arguments[1 if number in (264, 316) else 0]))
        if source.is_file():
            digest = hashlib.sha256(source.read_bytes()).hexdigest()
            self.walk.versions.setdefault(name, set()).add(digest)

    def _send(self, mark: int, error: int) -> None:
        answer = bytearray(ANSWER.pack(mark, 0, -error, 0 if error else CONTINUE))
        try:
            fcntl.ioctl(self.listener, SEND, answer)
        except FileNotFoundError:
            return

    def _path(self, pid: int, number: int, arguments: list[int]) -> str | None:
        """Return the path a call is about if it is within the folder."""
        _, place, folder = CALLS[number]
        if place < 0:
            found = os.readlink(f"/proc/{pid}/fd/{_signed(arguments[TARGET.get(number, 0)])}")
        else:
            found = _text(pid, arguments[place])
            at = AT_FDCWD if folder < 0 else _signed(arguments[folder])
            base = f"/proc/{pid}/cwd" if at == AT_FDCWD else f"/proc/{pid}/fd/{at}"
            if not found.startswith("/"):
                found = os.path.join(os.readlink(base), found)
            found = os.path.normpath(found)
        inside = found == self.root or found.startswith(self.root + os.sep)
        return found if inside else None


def _signed(value: int) -> int:
    return struct.unpack("=i", struct.pack("=I", value & 0xFFFFFFFF))[0]  # type: ignore[no-any-return]


def _text(pid: int, address: int) -> str:
    found = b""
    with open(f"/proc/{pid}/mem", "rb", buffering=0) as memory:
        while b"\0" not in found:
            memory.seek(address + len(found))
            found += memory.read(4096 - (address + len(found)) % 4096)
    return os.fsdecode(found.partition(b"\0")[0])


def _write_half(pid: int, number: int, arguments: list[int]) -> None:
    """Write the first half of the bytes through the process's own descriptor."""
    assert _libc is not None
    descriptor, address, size = arguments[:3]
    with open(f"/proc/{pid}/mem", "rb", buffering=0) as memory:
        memory.seek(address)
        half = memory.read(size // 2)
    process = os.pidfd_open(pid)
    copy = int(_libc.syscall(PIDFD_GETFD, process, _signed(descriptor), 0))
    os.close(process)
    if copy < 0:
        raise OSError(ctypes.get_errno(), "pidfd_getfd")
    if CALLS[number][0] == "pwrite":
        os.pwrite(copy, half, arguments[3])
    else:
        os.write(copy, half)
    os.close(copy)
