"""One case: a mutated file, a command in a forked process, and what is wrong with how it ended."""

from __future__ import annotations

import contextlib
import io
import json
import os
import resource
import shutil
import sys
import tempfile
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

from bgest_analysis import errors
from bgest_analysis.cli.main import main
from bgest_analysis.read import project
from bgest_analysis.read.guard import Limits, preflight, refuse
from bgest_analysis.read.workbook import SheetCells, read_workbook
from bgest_analysis.study.borders import load_borders
from bgest_analysis.study.load import load_study
from bgest_analysis.workspace import MARKED, Workspace
from tools.fuzzing.mutate import mutate
from tools.fuzzing.seeds import MARK, Seed, copy_study

MOST_SECONDS = 5.0  # of processor: the wall clock would judge the machine's other work
MOST_MB = 300.0
TEMPORARY = "temporanei"
HANGS = 60  # seconds of the wall clock
DOCUMENTED = frozenset(
    {
        errors.DONE,
        errors.PROBLEMS_FOUND,
        errors.WRONG_USAGE,
        errors.UNSAFE_INPUT,
        errors.PRIVACY_GATE,
        errors.MACHINE_LACKS,
        errors.SOME_FAILED,
    }
)
WRITES = frozenset({"os.rename", "os.remove", "os.mkdir", "os.rmdir", "os.symlink", "os.link"})


@dataclass(frozen=True)
class Outcome:
    """How a case ended.

    Parameters
    ----------
    seconds, own_mb, reader_mb
        Processor time of all; what the process grew by; the largest child.
    faults
        What must not be, each in a few words; empty when all is well.
    said
        What was printed, for the record of a fault.
    """

    code: int
    seconds: float
    own_mb: float
    reader_mb: float
    faults: tuple[str, ...]
    said: str


def mutated(seed: Seed, number: int, base: int) -> tuple[bytes, tuple[str, ...]]:
    """Return the bytes and the command of a case; the same numbers give the same ones."""
    random = Random(f"{base}:{number}")
    command = random.choice(seed.commands)
    return mutate(seed.source.read_bytes(), random), command


def try_case(seed: Seed, number: int, base: int, study: Path, folder: Path) -> Outcome:
    """Do one case in a folder of its own, which is removed."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    data, command = mutated(seed, number, base)
    home = study if command[0] in ("check", "read") else folder / "studio"
    if home != study:
        copy_study(study, home)
    file = (folder if home == study else home) / seed.place
    file.unlink(missing_ok=True)
    file.write_bytes(data)
    words = [str(file) if word == MARK else word for word in command]
    before = _listing(folder)
    outcome = _forked(lambda: _do(words, home), folder)
    faults = (*outcome.faults, *_left(before, _listing(folder), command[0]))
    shutil.rmtree(folder)
    return Outcome(**{**vars(outcome), "faults": faults})


def _do(words: list[str], study: Path) -> int:
    if words[0] not in ("borders", "read"):
        return main([*words, "--study", str(study), "--debug"])
    try:
        if words[0] == "read":
            project.read_in_child = _read_here
            project.read_project_file(Path(words[1]))
        else:
            found = load_study(Workspace(study))
            load_borders(found, found.comuni["cod_istat"].tolist())
    except errors.BgestError as error:
        print(error)
        return error.exit_code
    except Exception:  # noqa: BLE001  what fuzzing is for
        traceback.print_exc()
        return errors.OUR_FAULT
    return errors.DONE


def _read_here(path: Path, shown_as: str, limits: Limits | None = None) -> list[SheetCells]:
    """Read without a child of its own, many times faster; a failure is told as there."""
    chosen = limits or Limits()
    preflight(path, shown_as, chosen)
    try:
        return read_workbook(path, shown_as, chosen)
    except errors.BgestError:
        raise
    except Exception as fault:
        raise refuse("{file} fa fallire la lettura", shown_as) from fault


def warm_up(study: Path) -> None:
    """Load what the commands load: the processes forked later find it there."""
    book = next((study / "data/raw/interventi").glob("*.xlsx"))
    for words in (["status"], ["check", str(book)]):
        with contextlib.redirect_stdout(io.StringIO()):
            main([*words, "--study", str(study)])
    for copy in book.parent.glob(f"*{MARKED}*"):
        copy.unlink()


def _forked(do: Callable[[], int], folder: Path) -> Outcome:
    """Do something in a forked process and tell how it went."""
    said, answer = folder.with_suffix(".out"), folder.with_suffix(".json")
    answer.unlink(missing_ok=True)
    pid = os.fork()
    if pid == 0:
        _child(do, folder, said, answer)
    status, used, hung = _wait(pid)
    text = said.read_text(encoding="utf-8", errors="replace")
    told: dict[str, Any] = json.loads(answer.read_text()) if answer.exists() else {}
    code = told.get("code", -1)
    own, reader = told.get("own_mb", 0.0), told.get("reader_mb", 0.0)
    seconds = used.ru_utime + used.ru_stime
    faults = [f"ucciso dopo {HANGS} s"] if hung else []
    faults += [] if told or hung else [f"processo finito male: stato {status}"]
    faults += [_name_of(text)] if told and code not in DOCUMENTED else []
    faults += [f"{seconds:.1f} s"] if seconds > MOST_SECONDS else []
    faults += [f"{size:.0f} MB" for size in (own, reader) if size > MOST_MB]
    faults += [f"scrive {name}" for name in told.get("elsewhere", [])]
    return Outcome(code, seconds, own, reader, tuple(faults), text)


def _child(do: Callable[[], int], folder: Path, said: Path, answer: Path) -> None:
    """Never returns."""
    os.setsid()
    out = os.open(said, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    for stream in (1, 2):
        os.dup2(out, stream)
    elsewhere: list[str] = []
    tempfile.tempdir = str(folder / TEMPORARY)
    os.mkdir(tempfile.tempdir)
    sys.addaudithook(lambda event, arguments: _watch(event, arguments, folder, elsewhere))
    start = _peak(resource.RUSAGE_SELF)
    code = 70
    try:
        code = do()
    except SystemExit as end:
        code = int(end.code or 0)
    except BaseException:  # noqa: BLE001  what fuzzing is for
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        own, reader = _peak(resource.RUSAGE_SELF) - start, _peak(resource.RUSAGE_CHILDREN)
        told = {"code": code, "own_mb": own, "reader_mb": reader, "elsewhere": elsewhere[:5]}
        handle = os.open(answer, os.O_WRONLY | os.O_CREAT, 0o600)
        os.write(handle, json.dumps(told).encode())
        os._exit(0)


def _watch(event: str, arguments: tuple[Any, ...], folder: Path, elsewhere: list[str]) -> None:
    """Note what is written outside the case's folder."""
    if event == "open":
        path, _mode, flags = arguments
        if not isinstance(path, str | bytes) or not isinstance(flags, int):
            return
        if not flags & (os.O_WRONLY | os.O_RDWR | os.O_CREAT):
            return
    elif event in WRITES:
        path = arguments[0]
    else:
        return
    name = os.path.abspath(os.fsdecode(path))
    own = (str(folder) + os.sep, str(folder) + ".")
    if name != str(folder) and not name.startswith((*own, "/dev/", "/proc/")):
        elsewhere.append(f"{event} {name}")


def _peak(who: int) -> float:
    return resource.getrusage(who).ru_maxrss / 1024


def _wait(pid: int) -> tuple[int, resource.struct_rusage, bool]:
    """Wait for a process, no longer than ``HANGS`` seconds."""
    end = time.monotonic() + HANGS
    while time.monotonic() < end:
        found, status, used = os.wait4(pid, os.WNOHANG)
        if found:
            return status, used, False
        time.sleep(0.01)
    os.killpg(pid, 9)
    _, status, used = os.wait4(pid, 0)
    return status, used, True


def _name_of(text: str) -> str:
    """Return the last line of ours in a traceback and the error's name."""
    lines = text.splitlines()
    ours = [line.strip() for line in lines if "bgest_analysis" in line and 'File "' in line]
    last = ours[-1].rpartition("bgest_analysis/")[2] if ours else "?"
    error = next((line for line in reversed(lines) if line[:1].isalpha() and ":" in line), "?")
    return f"traceback {last} {error.split(':')[0]}"


def _listing(folder: Path) -> dict[str, tuple[int, int]]:
    paths = [path for path in folder.rglob("*") if path.is_file()]
    stats = [(path, path.stat()) for path in paths]
    return {str(p.relative_to(folder)): (s.st_ino, s.st_mtime_ns) for p, s in stats}


def _left(before: dict[str, Any], after: dict[str, Any], verb: str) -> list[str]:
    """Return what a command left that it should not: half files; for a check, all but its copy."""
    new = [name for name, facts in after.items() if before.get(name) != facts]
    gone = [name for name in before if name not in after]
    wrong = [name for name in new if name.endswith(".tmp") or name.startswith(TEMPORARY)]
    if verb == "check":
        wrong += gone + [name for name in new if MARKED not in name and name not in wrong]
    return [f"lascia {name}" for name in wrong]
