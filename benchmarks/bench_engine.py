"""The engine against its peers: the rows of design.md 6 that concern it.

    python benchmarks/bench_engine.py [ROW …] [--jobs 70] [--rounds 1] [--peers DIR]

Rows: ``overhead``, ``loop``, ``snakemake``, ``null``, ``changed``, ``memory``, ``growth``,
``bytes``; all of them without a name. Both sides take turns in one run; medians and ratios are
printed as Markdown, wall and CPU seconds of the process and all it started.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import nbformat
from engine_pairs import DISTRICTS, MODELS
from engine_peers import peer_python, write_dvc, write_snakefile
from engine_side import EMPTY
from engine_work import IMPORTS, write_data, write_notebooks

HERE = Path(__file__).resolve().parent
SRC = HERE.parent / "src"
AT_ONCE = 2
ONE_THREAD = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}
ENV = {
    **os.environ,
    **ONE_THREAD,
    "PYTHONPATH": os.pathsep.join((str(HERE), str(SRC))),
    "PYTHONDONTWRITEBYTECODE": "",
}


@dataclass(frozen=True)
class Cost:
    """What a command took: wall and CPU seconds; all its processes counted."""

    wall: float
    cpu: float


@dataclass(frozen=True)
class Options:
    """What was asked for."""

    jobs: int
    rounds: int
    peers: Path


def freeze_code(parent: Path) -> None:
    """Measure a copy of the source: an edit while measuring would make every job stale."""
    copy = parent / "codice"
    shutil.copytree(SRC, copy / "src", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copyfile(SRC.parent / "requirements.lock", copy / "requirements.lock")
    ENV["PYTHONPATH"] = os.pathsep.join((str(HERE), str(copy / "src")))


def measure(command: Sequence[str | Path], cwd: Path, env: dict[str, str] = ENV) -> Cost:
    """Run a command to its end and return its cost."""
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    done = subprocess.run(command, cwd=cwd, env=env, capture_output=True, text=True, check=False)
    wall, after = time.perf_counter() - start, resource.getrusage(resource.RUSAGE_CHILDREN)
    if done.returncode:
        raise SystemExit(f"{command}: {done.stdout[-2000:]}{done.stderr[-2000:]}")
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Cost(wall, cpu)


def median(costs: Sequence[Cost]) -> Cost:
    """Return the median wall and the median CPU time."""
    return Cost(
        statistics.median(cost.wall for cost in costs),
        statistics.median(cost.cpu for cost in costs),
    )


def new_work(parent: Path, name: str) -> Path:
    """Return a folder with notebooks and data, nothing made yet."""
    work = parent / name
    shutil.rmtree(work, ignore_errors=True)
    write_data(work / "data" / "raw")
    write_notebooks(work / "notebooks")
    cells = [nbformat.v4.new_code_cell(text, id=f"c{i}") for i, text in enumerate(_empty_cells())]
    cells[0].metadata["tags"] = ["parameters"]
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    nb = nbformat.v4.new_notebook(cells=cells, metadata={"kernelspec": kernel})
    (work / "notebooks" / f"{EMPTY}.ipynb").write_text(nbformat.writes(nb), encoding="utf-8")
    (work / "study.toml").write_text("versione = 1\n", encoding="utf-8")
    return work


def _empty_cells() -> tuple[str, ...]:
    return ('distretto: str = "D0"\ncartella: str = "."', IMPORTS, "distretto")


def ours(work: Path, jobs: int, *more: str, at_once: int = AT_ONCE) -> list[str]:
    """Return the command of our side."""
    side = [sys.executable, str(HERE / "engine_side.py"), str(work)]
    return [*side, "--jobs", str(jobs), "--at-once", str(at_once), *more]


def loop_command(work: Path, jobs: int) -> list[str]:
    """Return the command of the papermill and nbconvert loop."""
    return [sys.executable, str(HERE / "engine_peers.py"), str(work), "--jobs", str(jobs)]


def turns(rounds: int, *sides: Callable[[], Cost]) -> list[Cost]:
    """Let the sides take turns and return the median of each."""
    costs: list[list[Cost]] = [[] for _ in sides]
    for _ in range(rounds):
        for place, side in enumerate(sides):
            costs[place].append(side())
    return [median(item) for item in costs]


def bench_overhead(parent: Path, options: Options) -> None:
    """Cost of one more job whose cells do nothing, beyond what is paid once."""
    few, many = 10, 110

    def slope() -> Cost:
        first = measure(ours(new_work(parent, "a"), few, "--empty", at_once=1), parent)
        second = measure(ours(new_work(parent, "b"), many, "--empty", at_once=1), parent)
        more = many - few
        return Cost((second.wall - first.wall) / more, (second.cpu - first.cpu) / more)

    def stock() -> Cost:
        command = ours(new_work(parent, "c"), 4, "--empty", "--engine", "stock", at_once=1)
        cost = measure(command, parent)
        return Cost(cost.wall / 4, cost.cpu / 4)

    mine, theirs = turns(options.rounds, slope, stock)
    row("overhead of a job", in_words(mine), "<= 0.30 s", f"on a stock kernel {in_words(theirs)}")


def in_words(cost: Cost) -> str:
    """Return a cost as text."""
    return f"{cost.wall:.3f} s wall, {cost.cpu:.3f} s cpu"


def row(what: str, measured: str, goal: str, note: str = "") -> None:
    """Print a row of the table."""
    print(f"| {what} | {measured} | {goal} | {note} |", flush=True)


def bench_loop(parent: Path, options: Options) -> None:
    """Executed notebooks and HTML against a serial papermill and nbconvert loop."""

    def mine() -> Cost:
        return measure(ours(new_work(parent, "nostro"), options.jobs, "--html"), parent)

    def theirs() -> Cost:
        return measure(loop_command(new_work(parent, "loro"), options.jobs), parent / "loro")

    a, b = turns(options.rounds, mine, theirs)
    name = f"{options.jobs} jobs, 2 at once, against a papermill + nbconvert loop"
    report(name, a, b, ">= 8, >= 5")


def report(name: str, mine: Cost, theirs: Cost, goal: str) -> None:
    """Print a row with both sides and their ratio."""
    wall = f"{mine.wall:.2f} / {theirs.wall:.2f} s wall = **{theirs.wall / mine.wall:.1f}**"
    cpu = f"{mine.cpu:.2f} / {theirs.cpu:.2f} s cpu = **{theirs.cpu / mine.cpu:.1f}**"
    row(name, f"{wall}, {cpu}", goal)


def snakemake(options: Options) -> list[str]:
    """Return the beginning of a Snakemake command."""
    python = peer_python(options.peers, "snakemake")
    return [str(python), "-m", "snakemake", "--cores", str(AT_ONCE), "--quiet", "all"]


def peer_env(python: str) -> dict[str, str]:
    """Return the environment in which a peer's programs are found."""
    path = os.pathsep.join((str(Path(python).parent), os.environ["PATH"]))
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    return {**kept, **ONE_THREAD, "PATH": path}


def bench_snakemake(parent: Path, options: Options) -> None:
    """The same against Snakemake, and both with nothing to do."""
    command = snakemake(options)
    env = peer_env(command[0])
    own, other = new_work(parent, "nostro"), parent / "serpente"

    def mine() -> Cost:
        shutil.rmtree(own / "reports", ignore_errors=True)
        shutil.rmtree(own / "data" / "processed", ignore_errors=True)
        return measure(ours(own, options.jobs, "--html"), parent)

    def theirs() -> Cost:
        write_snakefile(new_work(parent, "serpente"), options.jobs)
        return measure(command, other, env)

    report(f"{options.jobs} jobs against Snakemake", *turns(options.rounds, mine, theirs), ">= 5")
    settle(own, options.jobs)
    again = turns(
        max(5, options.rounds),
        lambda: measure(ours(own, options.jobs, "--html"), parent),
        lambda: measure(command, other, env),
    )
    report("nothing changed, against Snakemake", *again, "<= 0.15 s, >= 10")


def settle(work: Path, jobs: int) -> None:
    """Let the files grow older than two seconds, so that their hashes are believed."""
    newest = max(path.stat().st_ctime for path in work.rglob("*"))
    while time.time() < newest + 2.5:
        threading.Event().wait(0.1)
    measure(ours(work, jobs, "--html"), work)


def bench_null(parent: Path, options: Options) -> None:
    """Nothing changed: the whole process, at 8, 80 and 800 jobs."""
    for jobs in (8, 80, 800):
        work = new_work(parent, "nulla")
        command = ours(work, jobs, "--empty")
        measure(command, parent)
        threading.Event().wait(2.5)
        measure(command, parent)
        cost = median([measure(command, parent) for _ in range(9)])
        row(f"nothing changed, {jobs} jobs", in_words(cost), "<= 0.15 s")


def bench_dvc(parent: Path, options: Options) -> None:
    """DVC with nothing to do (its first run is a serial loop of the same two programs)."""
    python = peer_python(options.peers, "dvc")
    work, env = new_work(parent, "dvc"), peer_env(str(python))
    jobs = min(options.jobs, 10)
    write_dvc(work, jobs)
    (work / "out").mkdir()
    dvc = [str(python), "-m", "dvc"]
    measure([*dvc, "init", "--no-scm", "-q"], work, env)
    first = measure([*dvc, "repro", "-q"], work, env)
    again = median([measure([*dvc, "repro", "-q"], work, env) for _ in range(3)])
    row(
        f"DVC, {jobs} jobs: first run; nothing changed", f"{in_words(first)}; {in_words(again)}", ""
    )


def bench_changed(parent: Path, options: Options) -> None:
    """One raw file changed: its dependants and no others."""
    work = new_work(parent, "cambio")
    measure(ours(work, options.jobs, "--html"), parent)
    data = work / "data" / "raw" / f"{DISTRICTS[1]}.csv"
    data.write_text(data.read_text(encoding="utf-8") + "1,scuola,30,1.5,2,1\n", encoding="utf-8")
    started = {path: path.stat().st_ino for path in (work / "reports").rglob("*.ipynb")}
    cost = measure(ours(work, options.jobs, "--html"), parent)
    redone = [path.stem for path, inode in started.items() if path.stat().st_ino != inode]
    wrong = [name for name in redone if not name.endswith(DISTRICTS[1])]
    seconds = sum(_seconds(work)[name] for name in redone)
    limit = 1.3 * seconds / AT_ONCE + 3
    name = f"one raw file changed: {len(redone)} of {options.jobs} jobs, {len(wrong)} wrongly"
    row(name, in_words(cost), f"<= {limit:.2f} s (1.3 x {seconds:.2f} / 2 + 3)")


def _seconds(work: Path) -> dict[str, float]:
    times = json.loads((work / "reports" / ".tempi.json").read_text(encoding="utf-8"))
    return {name: item["secondi"] for name, item in times["lavori"].items()}


def bench_memory(parent: Path, options: Options) -> None:
    """Peak of the summed proportional memory of all our processes."""
    work = new_work(parent, "memoria")
    command = ours(work, min(options.jobs, 20), "--html")
    with subprocess.Popen(command, cwd=parent, env=ENV, stdout=subprocess.DEVNULL) as process:
        peak = 0.0
        while process.poll() is None:
            peak = max(peak, sum(_pss(pid) for pid in _family(process.pid)))
            threading.Event().wait(0.05)
    row("memory, parent and 2 children (PSS)", f"{peak:.0f} MB", "<= 600 MB")


def _family(root: int) -> list[int]:
    found, todo = [], [root]
    while todo:
        pid = todo.pop()
        found.append(pid)
        for task in Path(f"/proc/{pid}/task").glob("*/children"):
            try:
                todo.extend(int(child) for child in task.read_text().split())
            except OSError:
                continue
    return found


def _pss(pid: int) -> float:
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0.0
    return sum(int(line.split()[1]) for line in lines if line.startswith("Pss:")) / 1000


def bench_growth(parent: Path, options: Options) -> None:
    """Cost a job as the number of jobs grows."""
    for jobs in (8, 80, 800):
        work = new_work(parent, "crescita")
        cost = measure(ours(work, jobs, "--empty"), parent)
        each = f"{1000 * cost.wall / jobs:.0f} ms wall, {1000 * cost.cpu / jobs:.0f} ms cpu a job"
        row(f"{jobs} jobs that do nothing", f"{in_words(cost)}: {each}", "linear")


def bench_bytes(parent: Path, options: Options) -> None:
    """Two runs: another folder, other jobs at once, another engine."""
    first, second = new_work(parent, "qui"), new_work(parent, "un altro posto è")
    jobs = min(options.jobs, len(MODELS))
    measure(ours(first, jobs, "--html", at_once=2), parent)
    measure(ours(second, jobs, "--html", "--engine", "stock", at_once=1), parent)
    kept = sorted(
        path.relative_to(first)
        for path in (first / "reports").rglob("*")
        if path.is_file() and path.name != ".tempi.json"
    )
    differing = [p for p in kept if (first / p).read_bytes() != (second / p).read_bytes()]
    name = "fork x 2 against stock x 1, other folder: files that differ"
    row(name, f"{len(differing)} of {len(kept)} {[str(p) for p in differing][:5]}", "0")


ROWS = {
    "overhead": bench_overhead,
    "loop": bench_loop,
    "snakemake": bench_snakemake,
    "null": bench_null,
    "dvc": bench_dvc,
    "changed": bench_changed,
    "memory": bench_memory,
    "growth": bench_growth,
    "bytes": bench_bytes,
}


def main() -> None:
    """Measure the rows asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("rows", nargs="*", choices=[*ROWS, []], metavar="ROW")
    parser.add_argument("--jobs", type=int, default=70)
    parser.add_argument("--rounds", type=int, default=1)
    parser.add_argument("--peers", type=Path, default=Path(tempfile.gettempdir()) / "bgest-peers")
    given = parser.parse_args()
    options = Options(given.jobs, given.rounds, given.peers)
    print(f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} processors\n")
    row("what", "measured", "goal")
    print("|---|---|---|---|", flush=True)
    with tempfile.TemporaryDirectory() as parent:
        freeze_code(Path(parent))
        for name in given.rows or ROWS:
            ROWS[name](Path(parent), options)


if __name__ == "__main__":
    main()
