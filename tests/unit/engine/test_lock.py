from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from bgest_analysis.engine import lock
from bgest_analysis.engine.lock import FILE_NAME, run_lock
from bgest_analysis.errors import MachineLacks

HOLD = """
import sys
from pathlib import Path
from bgest_analysis.engine.lock import run_lock
with run_lock(Path(sys.argv[1])):
    print("held", flush=True)
    sys.stdin.read()
"""


def test_a_second_holder_is_refused_and_told_who(tmp_path: Path) -> None:
    with run_lock(tmp_path), pytest.raises(MachineLacks) as caught, run_lock(tmp_path):
        pass
    assert str(os.getpid()) in str(caught.value)
    assert socket.gethostname() in str(caught.value)


def test_it_is_free_afterwards(tmp_path: Path) -> None:
    with run_lock(tmp_path):
        pass
    with run_lock(tmp_path):
        pass


def test_a_killed_holder_holds_nothing(tmp_path: Path) -> None:
    command = [sys.executable, "-c", HOLD, str(tmp_path)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == b"held\n"
        with pytest.raises(MachineLacks, match=str(holder.pid)), run_lock(tmp_path):
            pass
        holder.kill()
        holder.wait()
        with run_lock(tmp_path):
            pass


@pytest.fixture
def no_locks(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(descriptor: int) -> bool:
        raise OSError(lock.errno.ENOLCK, "no locks available")

    monkeypatch.setattr(lock, "_lock_file", refuse)


@pytest.mark.parametrize(
    ("holder", "free"),
    [
        ({"pid": os.getpid(), "macchina": socket.gethostname()}, False),
        ({"pid": 2**22 + 1, "macchina": socket.gethostname()}, True),
        ({"pid": 2**22 + 1, "macchina": "un'altra"}, False),
        ({}, True),
        ("damaged", True),
    ],
)
def test_without_locks_the_process_id_decides(
    tmp_path: Path, no_locks: None, holder: object, free: bool
) -> None:
    (tmp_path / FILE_NAME).write_text(json.dumps(holder), encoding="utf-8")
    if free:
        with run_lock(tmp_path):
            pass
        return
    with pytest.raises(MachineLacks), run_lock(tmp_path):
        pass
