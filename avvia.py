#!/usr/bin/env python3
"""The one door of the workspace: `python3 avvia.py run`, `python3 avvia.py test`.

Standard library only. Makes `.venv` beside this file the first time, installs the hashed lock and
the package, then hands over to the Python inside; any verb but `test` goes to `bgest`. What is
installed is told by a stamp (lock, Python, folder) written last: without a good stamp the
environment is thrown away and made anew. Old Pythons must still read this file, so as to say
which one is needed: nothing here is newer than Python 3.4, and what only an installation needs
is imported there.
"""

import os
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import IO, Dict, List, Optional, Tuple

ROOT = os.path.dirname(os.path.abspath(__file__))
VENV = os.path.join(ROOT, ".venv")
STAMP = os.path.join(VENV, "bgest.stamp")
LOG = os.path.join(ROOT, ".venv.log")
LOCK_FILE = os.path.join(ROOT, ".venv.lock")
ON_WINDOWS = sys.platform == "win32"
INSIDE = os.path.join(VENV, *(("Scripts", "python.exe") if ON_WINDOWS else ("bin", "python")))

OLDEST, NEWEST = (3, 11), (3, 14)
LOCKS = {"run": "requirements.lock", "test": "requirements-test.lock"}
NEEDED_MB = 2000  # 1.2 GB installed, and the packages while they are downloaded
LONGEST_INSIDE = 165  # characters of the longest path under .venv on Windows
LONGEST_ON_WINDOWS = 259
MACHINE_LACKS, WRONG_USAGE, INTERRUPTED = 5, 2, 130
# Settings of another Python or of somebody's pip, which would send the packages elsewhere.
FOREIGN_SETTINGS = ("PYTHONHOME", "PYTHONPATH", "PIP_USER", "PIP_TARGET", "PIP_PREFIX")

USAGE = """Uso: python3 avvia.py COMANDO [opzioni]      (Windows: py avvia.py COMANDO)

  run     prepara l'ambiente se manca e fa i documenti in reports/
  test    prepara l'ambiente di prova e lancia i test
  ...     ogni altro comando di bgest: check, status, fetch, doctor...
"""

FULL_DISK = "il disco è pieno: servono circa {mb} MB in {root}. Fare spazio e rilanciare."
LONG_PATH = (
    "il percorso {root} è troppo lungo per Windows. Spostare la cartella più in alto "
    "(per esempio C:\\bgest) e rilanciare."
)
NO_VENV = (
    "a questo Python manca il modulo {module}. Su Debian e Ubuntu: sudo apt install "
    "python3-venv; altrove reinstallare Python con venv e pip; poi rilanciare."
)
BAD_PYTHON = (
    "serve Python da {oldest} a {newest} e questo è {version}. Installare Python {oldest} e "
    "rilanciare con quello (python{oldest} avvia.py run; su Windows py -{oldest} avvia.py run)."
)
UNKNOWN_FAULT = (
    "l'ambiente non è pronto: qui sopra le ultime righe dell'installazione, tutte in {log}. "
    "Rilanciare; se si ripete, mandare quel file a chi cura il programma."
)

# What the installer says, in small letters, and what it means: the first that fits.
CAUSES = (
    ("no space left on device|errno 28|winerror 112|not enough space", FULL_DISK),
    (
        "do not match the hashes",
        "un pacchetto scaricato non è quello atteso. Rilanciare; se si ripete, avvisare chi "
        "cura la rete.",
    ),
    (
        "name resolution|name or service not known|getaddrinfo failed|nodename nor servname|"
        "network is unreachable|newconnectionerror|proxyerror|connecttimeout|readtimeout|"
        "connection refused|connection reset|connection broken|sslerror|max retries exceeded",
        "la rete non risponde: serve solo per preparare l'ambiente. Controllare la connessione "
        "(e il proxy) e rilanciare.",
    ),
    (
        "no matching distribution found|not a supported wheel",
        "per questo sistema un pacchetto non c'è già compilato. Usare Linux o Windows a 64 bit "
        "con Python da {oldest} a {newest}.",
    ),
    ("winerror 206|filename or extension is too long", LONG_PATH),
    (
        "permission denied|errno 13|winerror 5]|errno 30|read-only file system",
        "non si può scrivere in {root}. Spostare la cartella dove si hanno i permessi e "
        "rilanciare.",
    ),
)


class CannotStart(Exception):
    """The environment cannot be made; the text is for the reader."""


def main(arguments: "List[str]") -> int:
    """Make sure the environment is there, then become the command that was asked for."""
    if not arguments or arguments[0] in ("-h", "--help"):
        (sys.stdout if arguments else sys.stderr).write(USAGE)
        return 0 if arguments else WRONG_USAGE
    kind = "test" if arguments[0] == "test" else "run"
    try:
        check_python(sys.version_info[:2])
        if not is_ready(kind):
            prepare(kind)
    except CannotStart as reason:
        say("bgest: {}".format(reason))
        return MACHINE_LACKS
    except KeyboardInterrupt:
        say("bgest: interrotto; al prossimo avvio l'ambiente sarà preparato da capo.")
        return INTERRUPTED
    return hand_over(kind, arguments)


def say(line: str, end: str = "\n") -> None:
    """Write to the person, in what the console can show; standard output stays clean."""
    known = getattr(sys.stderr, "encoding", None) or "ascii"
    sys.stderr.write(line.encode(known, "replace").decode(known) + end)
    sys.stderr.flush()


def dotted(version: "Tuple[int, ...]") -> str:
    """Write a version as people do."""
    return ".".join(str(part) for part in version)


def phrase(template: str, **values: object) -> str:
    """Fill a message; what most of them name is known here."""
    return template.format(
        root=ROOT, log=LOG, mb=NEEDED_MB, oldest=dotted(OLDEST), newest=dotted(NEWEST), **values
    )


def check_python(version: "Tuple[int, ...]") -> None:
    """Refuse a Python for which the lock holds no packages."""
    if not OLDEST <= version <= NEWEST:
        raise CannotStart(phrase(BAD_PYTHON, version=dotted(version)))


def hand_over(kind: str, arguments: "List[str]") -> int:
    """Run the command in the environment and pass its exit code on."""
    environment = clean_environment()
    command = [INSIDE, "-P", "-m", "bgest_analysis"] + arguments
    if kind == "test":
        os.chdir(ROOT)
        environment["PYTHONHASHSEED"] = "0"
        command = [INSIDE, "-P", "-m", "pytest"] + arguments[1:]
    if not ON_WINDOWS:
        os.execve(INSIDE, command, environment)
    import subprocess

    try:
        return subprocess.call(command, env=environment)
    except KeyboardInterrupt:
        return INTERRUPTED


def clean_environment() -> "Dict[str, str]":
    """Return the variables of this process without another Python's.

    In UTF-8 mode Windows reads the package's ``.pth`` rightly in a folder with accents.
    """
    kept = {name: value for name, value in os.environ.items() if name not in FOREIGN_SETTINGS}
    kept["PYTHONUTF8"] = "1"
    return kept


# What is installed.


def stamp_of(kind: str) -> "List[str]":
    """Return the lines of a good environment's stamp; the last is about our package alone."""
    return [
        "lock {} {}".format(LOCKS[kind], sha256(LOCKS[kind])),
        "python {} {}".format(dotted(sys.version_info[:3]), sys.implementation.name),
        "path {}".format(ROOT),
        "package {}".format(sha256("pyproject.toml")),
    ]


def sha256(name: str) -> str:
    """Return the SHA-256 of a file of the repository."""
    import hashlib

    with open(os.path.join(ROOT, name), "rb") as stream:
        return hashlib.sha256(stream.read()).hexdigest()


def read_stamp() -> "List[str]":
    """Return the stamp's lines as they stand; none when the environment is missing or half made."""
    try:
        with open(STAMP, "rb") as stream:
            lines = stream.read().decode("utf-8", "replace").split("\n")
    except OSError:
        return []
    return lines if os.path.exists(INSIDE) else []


def is_ready(kind: str) -> bool:
    """Tell whether what is installed serves; the environment of the tests serves `run` too."""
    found = read_stamp()
    return any(found == stamp_of(other) for other in {kind, "test"})


def installed_packages() -> "Optional[str]":
    """Return whose packages stand in the environment ("run" or "test"), if they are today's."""
    found = read_stamp()[:3]
    for kind in ("test", "run"):
        if found == stamp_of(kind)[:3]:
            return kind
    return None


# What an installation does.


def prepare(kind: str) -> None:
    """Install what is missing, one process at a time."""
    try:
        with open(LOCK_FILE, "a") as lock:
            wait_for_turn(lock)
            if not is_ready(kind):
                install(kind)
    except OSError as error:
        raise CannotStart(explain(str(error)) or str(error)) from error


def wait_for_turn(lock: "IO[str]") -> None:
    """Hold the lock file until this process ends: two starts at once must not mix."""
    import time

    told = False
    while not try_lock(lock):
        if not told:
            say("bgest: un altro avvio sta preparando l'ambiente, aspetto che finisca...")
        told = True
        time.sleep(0.5)


def try_lock(lock: "IO[str]") -> bool:
    """Take the lock file; a file system without locks counts as taken."""
    import errno

    try:
        if sys.platform == "win32":
            import msvcrt

            msvcrt.locking(lock.fileno(), msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(lock.fileno(), fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        return error.errno not in (errno.EACCES, errno.EAGAIN, errno.EDEADLK)
    return True


def install(kind: str) -> None:
    """Bring the environment to what is asked, the stamp last."""
    import time

    check_machine()
    started = time.time()
    found = installed_packages()
    target = "test" if "test" in (kind, found) else "run"
    if found != target:
        say("bgest: preparo l'ambiente, circa un minuto...")
    if os.path.exists(STAMP):
        os.remove(STAMP)
    open(LOG, "w").close()
    if found is None:
        make_venv()
    if found != target:
        install_lock(LOCKS[target])
    pip_install("--no-build-isolation", "--no-index", "-e", ROOT)
    with open(STAMP + ".new", "wb") as stream:
        stream.write("\n".join(stamp_of(target)).encode("utf-8"))
    os.replace(STAMP + ".new", STAMP)
    os.remove(LOG)
    if found != target:
        say("bgest: ambiente pronto in {:.0f} secondi.".format(time.time() - started))


def check_machine() -> None:
    """Refuse at once what would fail after a minute of downloads."""
    import importlib.util
    import shutil

    for module in ("venv", "ensurepip"):
        if importlib.util.find_spec(module) is None:
            raise CannotStart(phrase(NO_VENV, module=module))
    if ON_WINDOWS and is_too_long(VENV) and not has_long_paths():
        raise CannotStart(phrase(LONG_PATH))
    free_mb = shutil.disk_usage(ROOT).free // 1000000
    if not os.path.exists(VENV) and free_mb < NEEDED_MB:
        raise CannotStart(phrase(FULL_DISK))


def is_too_long(folder: str) -> bool:
    """Tell whether the longest file of the environment would pass Windows' limit."""
    return len(folder) + 1 + LONGEST_INSIDE > LONGEST_ON_WINDOWS


def has_long_paths() -> bool:
    """Tell whether this Windows accepts long paths."""
    if sys.platform == "win32":
        import winreg

        try:
            with winreg.OpenKey(
                winreg.HKEY_LOCAL_MACHINE, r"SYSTEM\CurrentControlSet\Control\FileSystem"
            ) as key:
                return bool(winreg.QueryValueEx(key, "LongPathsEnabled")[0])
        except OSError:
            pass
    return False


def make_venv() -> None:
    """Make an empty environment in the place of whatever stands there."""
    import shutil

    if os.path.exists(VENV):
        shutil.rmtree(VENV)
    # When this very Python is one of an environment, its parent is the one to copy.
    run_quietly([getattr(sys, "_base_executable", sys.executable), "-m", "venv", VENV])


def install_lock(name: str) -> None:
    """Install every package of a lock, by hash and already built."""
    with open(os.path.join(ROOT, name), encoding="utf-8") as lines:
        total = sum(line[:1].isalnum() for line in lines)
    pip_install("--require-hashes", "--only-binary", ":all:", "-r", name, total=total)


def pip_install(*arguments: str, total: int = 0) -> None:
    """Run pip inside the environment; with a total, count the packages for whoever watches."""
    command = [INSIDE, "-m", "pip", "--disable-pip-version-check", "--no-input", "install"]
    run_quietly(
        command + ["--no-deps", "--no-compile", "--progress-bar", "off"] + list(arguments), total
    )


def run_quietly(command: "List[str]", total: int = 0) -> None:
    """Run a step of the installation; its output goes to the log, and is shown if it fails."""
    import subprocess

    step = subprocess.Popen(
        command,
        cwd=ROOT,
        env=clean_environment(),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    try:
        keep_log(step.stdout, total)
    except BaseException:
        step.kill()
        raise
    finally:
        code = step.wait()
    if code != 0:
        raise CannotStart(blame_log())


def keep_log(output: "Optional[IO[bytes]]", total: int) -> None:
    """Copy a step's output to the log, and show how far it is where somebody can see it."""
    done, watched = 0, total > 0 and sys.stderr.isatty()
    with open(LOG, "ab") as log:
        for line in output or ():
            log.write(line)
            if watched and line.startswith(b"Collecting "):
                done += 1
                say("\r  pacchetti: {} di circa {}".format(done, total), end="")
            elif watched and line.startswith(b"Installing collected"):
                say("\r  pacchetti scaricati: li installo...", end="")
    if watched:
        say("\r" + " " * 40, end="\r")


def blame_log() -> str:
    """Return what went wrong, in one line; where we cannot tell, show the end of the log."""
    with open(LOG, "rb") as stream:
        text = stream.read().decode("utf-8", "replace")
    known = explain(text)
    if known is None:
        say("\n".join(text.splitlines()[-30:]))
    return known or phrase(UNKNOWN_FAULT)


def explain(text: str) -> "Optional[str]":
    """Return the cause that an installer's words point to, and its remedy."""
    small = text.lower()
    for signs, meaning in CAUSES:
        if any(sign in small for sign in signs.split("|")):
            return phrase(meaning)
    return None


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
