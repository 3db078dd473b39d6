"""The door of the workspace: what it installs, when, and what it says when it cannot."""

from __future__ import annotations

import ast
import importlib.util
import os
import shutil
import stat
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parents[1]
SOURCE = (ROOT / "avvia.py").read_text(encoding="utf-8")
FOLDER = "città prova àè"
FILES = ("avvia.py", "pyproject.toml", "requirements.lock", "requirements-test.lock")
posix = pytest.mark.skipif(os.name == "nt", reason="the stand-in for Python is a shell script")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a copy of what avvia.py reads, in a folder with spaces and accents."""
    place = tmp_path / FOLDER
    place.mkdir()
    for name in FILES:
        shutil.copy(ROOT / name, place / name)
    return place


@pytest.fixture
def avvia(folder: Path) -> ModuleType:
    """Return avvia.py as it stands in that folder."""
    spec = importlib.util.spec_from_file_location("avvia_elsewhere", folder / "avvia.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def write_stamp(avvia: ModuleType, kind: str, **changed: str) -> None:
    """Write the stamp of a good environment, some lines changed, and a Python that is there."""
    inside = Path(avvia.INSIDE)
    inside.parent.mkdir(parents=True, exist_ok=True)
    inside.touch()
    lines = [changed.get(line.split()[0], line) for line in avvia.stamp_of(kind)]
    Path(avvia.STAMP).write_text("\n".join(lines), encoding="utf-8")


# The file itself


def test_an_old_python_can_read_it() -> None:
    ast.parse(SOURCE, feature_version=(3, 4))


def test_it_needs_the_standard_library_only() -> None:
    imported = {
        name.split(".")[0]
        for node in ast.walk(ast.parse(SOURCE))
        for name in (
            [alias.name for alias in node.names]
            if isinstance(node, ast.Import)
            else [node.module or ""]
            if isinstance(node, ast.ImportFrom)
            else []
        )
    }
    assert imported - set(sys.stdlib_module_names) == set()


def test_nothing_slow_is_imported_when_all_is_there(avvia: ModuleType, folder: Path) -> None:
    write_stamp(avvia, "run")
    ask = "import avvia, sys; print(avvia.is_ready('run'), *sys.modules)"
    told = subprocess.run(
        [sys.executable, "-S", "-c", ask], cwd=folder, capture_output=True, text=True, check=True
    )
    ready, *modules = told.stdout.split()
    assert ready == "True"
    assert {"subprocess", "shutil", "importlib.util", "venv", "typing"} & set(modules) == set()


# Which Python


@pytest.mark.parametrize("version", [(3, 6), (3, 10), (3, 15), (4, 0)])
def test_another_python_is_refused_in_one_line(avvia: ModuleType, version: tuple[int, int]) -> None:
    with pytest.raises(avvia.CannotStart) as refusal:
        avvia.check_python(version)
    line = str(refusal.value)
    assert f"questo è {version[0]}.{version[1]}" in line
    assert "da 3.11 a 3.14" in line
    assert "\n" not in line


@pytest.mark.parametrize("version", [(3, 11), (3, 12), (3, 14)])
def test_the_pythons_of_the_lock_are_accepted(avvia: ModuleType, version: tuple[int, int]) -> None:
    avvia.check_python(version)


def test_a_refusal_is_exit_code_5_and_makes_nothing(
    avvia: ModuleType,
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(avvia, "OLDEST", (3, 99))
    assert avvia.main(["run"]) == 5
    out, err = capsys.readouterr()
    assert out == ""
    assert err.count("\n") == 1
    assert err.startswith("bgest: serve Python")
    assert {path.name for path in folder.iterdir()} - {"__pycache__"} == set(FILES)


# Its own words


def test_without_a_command_it_says_how(
    avvia: ModuleType, capsys: pytest.CaptureFixture[str]
) -> None:
    assert avvia.main([]) == 2
    assert "avvia.py COMANDO" in capsys.readouterr().err
    assert avvia.main(["--help"]) == 0
    assert "avvia.py COMANDO" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("said", "meaning"),
    [
        ("ERROR: Could not install packages due to an OSError: [Errno 28] No space left", "disco"),
        (
            "WARNING: Retrying (Retry(total=4)) after connection broken by 'NewConnectionError("
            "...: Failed to establish a new connection: [Errno 111] Connection refused)'\n"
            "ERROR: Could not find a version that satisfies the requirement anyio==4.16.0\n"
            "ERROR: No matching distribution found for anyio==4.16.0",
            "rete",
        ),
        ("socket.gaierror: [Errno -3] Temporary failure in name resolution", "rete"),
        ("socket.gaierror: [Errno 11001] getaddrinfo failed", "rete"),
        ("ReadTimeoutError(HTTPSConnectionPool): Read timed out. ReadTimeout", "rete"),
        ("ERROR: No matching distribution found for pyarrow==26.0.1", "già compilato"),
        ("ERROR: THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE", "atteso"),
        ("OSError: [WinError 206] The filename or extension is too long: 'C:\\a'", "troppo lungo"),
        ("OSError: [WinError 112] There is not enough space on the disk", "disco"),
        ("ERROR: [Errno 13] Permission denied: '.venv/bin'", "permessi"),
        ("OSError: [Errno 30] Read-only file system", "permessi"),
        ("error: subprocess-exited-with-error", None),
    ],
)
def test_what_the_installer_says_becomes_one_line(
    avvia: ModuleType, said: str, meaning: str | None
) -> None:
    line = avvia.explain(said)
    if meaning is None:
        assert line is None
    else:
        assert meaning in line
        assert "\n" not in line
        assert "{" not in line


@pytest.mark.parametrize("missing", ["venv", "ensurepip"])
def test_a_python_without_venv_is_told_apart(
    avvia: ModuleType, monkeypatch: pytest.MonkeyPatch, missing: str
) -> None:
    found = importlib.util.find_spec
    monkeypatch.setattr(
        importlib.util, "find_spec", lambda name: None if name == missing else found(name)
    )
    with pytest.raises(avvia.CannotStart, match=f"manca il modulo {missing}.*python3-venv"):
        avvia.check_machine()


def test_a_full_disk_is_seen_before_the_download(
    avvia: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    usage = shutil.disk_usage(ROOT)
    nearly_full = usage._replace(free=(avvia.NEEDED_MB - 1) * 1000000)
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: nearly_full)
    with pytest.raises(avvia.CannotStart, match="disco è pieno: servono circa 2000 MB"):
        avvia.check_machine()


@pytest.mark.parametrize(
    ("folder_length", "too_long"), [(20, False), (93, False), (94, True), (200, True)]
)
def test_windows_limit(avvia: ModuleType, folder_length: int, too_long: bool) -> None:
    assert avvia.is_too_long("x" * folder_length) is too_long


def test_the_longest_installed_path_is_known(avvia: ModuleType) -> None:
    on_posix = len(os.path.join("lib", f"python{sys.version_info[0]}.{sys.version_info[1]}", ""))
    fewer = 0 if os.name == "nt" else on_posix - len("Lib/")
    prefix = len(sys.prefix) + 1
    longest = max(
        len(os.path.join(where, name)) - prefix - fewer
        for where, folders, names in os.walk(os.path.join(sys.prefix, "lib"))
        if not _leave_out_caches(folders)
        for name in names
    )
    assert longest <= avvia.LONGEST_INSIDE


def _leave_out_caches(folders: list[str]) -> bool:
    folders[:] = [name for name in folders if name != "__pycache__"]
    return False


# The stamp


@pytest.mark.parametrize(
    ("stamped", "serves_run", "serves_test"),
    [("run", True, False), ("test", True, True)],
)
def test_the_environment_of_the_tests_serves_the_product_too(
    avvia: ModuleType, stamped: str, serves_run: bool, serves_test: bool
) -> None:
    write_stamp(avvia, stamped)
    assert avvia.is_ready("run") is serves_run
    assert avvia.is_ready("test") is serves_test


@pytest.mark.parametrize(
    ("changed", "packages"),
    [
        ({"lock": "lock requirements.lock 0000"}, None),
        ({"python": "python 3.11.0 cpython"}, None),
        ({"path": "path C:\\elsewhere"}, None),
        ({"package": "package 0000"}, "run"),
    ],
)
def test_a_stamp_of_something_else_does_not_serve(
    avvia: ModuleType, changed: dict[str, str], packages: str | None
) -> None:
    write_stamp(avvia, "run", **changed)
    assert not avvia.is_ready("run")
    assert avvia.installed_packages() == packages


def test_without_its_python_an_environment_does_not_serve(avvia: ModuleType) -> None:
    write_stamp(avvia, "run")
    Path(avvia.INSIDE).unlink()
    assert not avvia.is_ready("run")


# The installation, its steps recorded instead of done


@pytest.fixture
def steps(avvia: ModuleType, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Record the steps of an installation, and whether a stamp stood while they were done."""
    done: list[str] = []

    def record(command: list[str], total: int = 0) -> None:
        name = command[-1] if "-r" in command else "package" if "-e" in command else "venv"
        assert not Path(avvia.STAMP).exists(), "a half-made environment must have no stamp"
        assert (total > 100) is ("-r" in command)
        Path(avvia.INSIDE).parent.mkdir(parents=True, exist_ok=True)
        Path(avvia.INSIDE).touch()
        done.append(name)

    monkeypatch.setattr(avvia, "run_quietly", record)
    return done


@pytest.mark.parametrize(
    ("there", "changed", "asked", "expected", "serves_test"),
    [
        (None, {}, "run", ["venv", "requirements.lock", "package"], False),
        (None, {}, "test", ["venv", "requirements-test.lock", "package"], True),
        ("run", {}, "run", [], False),
        ("test", {}, "run", [], True),
        ("run", {}, "test", ["requirements-test.lock", "package"], True),
        ("run", {"package": "package 0"}, "run", ["package"], False),
        ("test", {"package": "package 0"}, "run", ["package"], True),
        ("run", {"python": "python 3"}, "run", ["venv", "requirements.lock", "package"], False),
    ],
)
def test_only_what_is_missing_is_installed(
    avvia: ModuleType,
    steps: list[str],
    there: str | None,
    changed: dict[str, str],
    asked: str,
    expected: list[str],
    serves_test: bool,
) -> None:
    if there is not None:
        write_stamp(avvia, there, **changed)
    avvia.prepare(asked)
    assert steps == expected
    assert avvia.is_ready("run")
    assert avvia.is_ready("test") is serves_test


def test_a_half_made_environment_is_thrown_away(avvia: ModuleType, steps: list[str]) -> None:
    leftover = Path(avvia.VENV) / "lib" / "half.py"
    leftover.parent.mkdir(parents=True)
    leftover.touch()
    avvia.prepare("run")
    assert steps == ["venv", "requirements.lock", "package"]
    assert not leftover.exists()


def test_a_failure_leaves_no_stamp_and_the_log(
    avvia: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    unknown = [sys.executable, "-c", "print('something new'); raise SystemExit(3)"]
    monkeypatch.setattr(avvia, "make_venv", lambda: avvia.run_quietly(unknown))
    assert avvia.main(["run"]) == 5
    told = capsys.readouterr().err.splitlines()
    assert told[0] == "bgest: preparo l'ambiente, circa un minuto..."
    assert told[1] == "something new"
    assert told[2].startswith("bgest: l'ambiente non è pronto")
    assert Path(avvia.LOG).read_text(encoding="utf-8").strip() == "something new"
    assert not avvia.is_ready("run")


def test_two_starts_wait_for_each_other(avvia: ModuleType) -> None:
    with open(avvia.LOCK_FILE, "a") as first, open(avvia.LOCK_FILE, "a") as second:
        assert avvia.try_lock(first)
        assert not avvia.try_lock(second)
    with open(avvia.LOCK_FILE, "a") as third:
        assert avvia.try_lock(third)


@pytest.mark.slow
def test_without_network_it_says_so(folder: Path) -> None:
    nowhere = {
        "PIP_CONFIG_FILE": os.devnull,
        "PIP_INDEX_URL": "http://127.0.0.1:9/simple",
        "PIP_NO_CACHE_DIR": "1",
        "PIP_RETRIES": "1",
    }
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PIP_")}
    told = subprocess.run(
        [sys.executable, "avvia.py", "run"],
        cwd=folder,
        env=kept | nowhere,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    assert told.returncode == 5
    assert told.stdout == ""
    assert told.stderr.splitlines()[1].startswith("bgest: la rete non risponde")
    assert not (folder / ".venv" / "bgest.stamp").exists()


# The command itself


def stand_in(avvia: ModuleType, code: int) -> None:
    """Put in the place of the environment's Python a script that tells how it was called."""
    write_stamp(avvia, "test")
    python = Path(avvia.INSIDE)
    python.write_text(
        '#!/bin/sh\nprintf "%s\\n" "$@" "in $PWD" "utf8 $PYTHONUTF8" "seed $PYTHONHASHSEED" '
        f'"path $PYTHONPATH"\nexit {code}\n',
        encoding="utf-8",
    )
    python.chmod(python.stat().st_mode | stat.S_IXUSR)


@posix
@pytest.mark.parametrize(
    ("arguments", "code", "expected"),
    [
        (["run"], 0, ["bgest_analysis", "run"]),
        (["run", "--ambito", "VCA"], 6, ["bgest_analysis", "run", "--ambito", "VCA"]),
        (["check", "un file.csv"], 1, ["bgest_analysis", "check", "un file.csv"]),
        (["test"], 0, ["pytest"]),
        (["test", "-k", "a and b"], 5, ["pytest", "-k", "a and b"]),
    ],
)
def test_the_command_and_its_exit_code_pass_through(
    avvia: ModuleType, folder: Path, arguments: list[str], code: int, expected: list[str]
) -> None:
    stand_in(avvia, code)
    elsewhere = folder.parent
    told = subprocess.run(
        [sys.executable, str(folder / "avvia.py"), *arguments],
        cwd=elsewhere,
        env={"PYTHONPATH": "x", "PYTHONHASHSEED": "7", "PATH": os.environ["PATH"]},
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    of_tests = arguments[0] == "test"
    assert told.returncode == code
    assert told.stderr == ""
    assert told.stdout.splitlines() == [
        "-P",
        "-m",
        *expected,
        f"in {folder if of_tests else elsewhere}",
        "utf8 1",
        f"seed {0 if of_tests else 7}",
        "path ",
    ]


# avvia.cmd: nobody could run it here; what can be read of it is checked

COMMAND_FILE = (ROOT / "avvia.cmd").read_bytes()


def test_the_double_click_file_has_the_ends_of_line_that_windows_needs() -> None:
    assert COMMAND_FILE.count(b"\r\n") == COMMAND_FILE.count(b"\n") > 20
    assert COMMAND_FILE.isascii()
    assert "*.cmd text eol=crlf" in (ROOT / ".gitattributes").read_text(encoding="utf-8")


def test_the_double_click_file_asks_for_the_pythons_we_take(avvia: ModuleType) -> None:
    text = COMMAND_FILE.decode()
    minors = range(avvia.OLDEST[1], avvia.NEWEST[1] + 1)
    assert f"in ({' '.join(f'3.{minor}' for minor in minors)})" in text
    assert f"{avvia.OLDEST} <= sys.version_info[:2] <= {avvia.NEWEST}" in text
    assert f"exit /b {avvia.MACHINE_LACKS}" in text


def test_the_double_click_file_checks_what_is_dropped_on_it_and_keeps_the_code() -> None:
    lines = COMMAND_FILE.decode().split("\r\n")
    assert "  %COMANDO% avvia.py run" in lines
    assert "  %COMANDO% avvia.py check %*" in lines
    assert lines[-2] == "exit /b %ESITO%"
    assert any(line.startswith("pause") for line in lines)
