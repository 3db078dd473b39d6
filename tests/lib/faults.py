"""A fault at each write of a command, and what must hold afterwards."""

from __future__ import annotations

import hashlib
import re
import shutil
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from bgest_analysis.errors import MACHINE_LACKS, SOME_FAILED
from tests.lib.watched import ERRORS, Fault, Kind, Walk, watch

# Own notes, which are read with suspicion or say times of day: not results.
VOLATILE = re.compile(r"(^|/)(\.stato/|\.tempi\.json$|\.in_corso/)")
UNFINISHED = re.compile(r"(^|/)(\.stato/|\.in_corso[/-])|\.in_corso/|\.tmp(/|$)|/\.[^/]*\.[^/]+$")
TOLD = re.compile(r"fare spazio|si può scrivere")


@dataclass(frozen=True)
class Scene:
    """A command on a folder.

    Parameters
    ----------
    base
        The folder as it is before the command; every fault works on a copy.
    do
        The command, in a copy: returns its exit code.
    raw
        Folder (within the study) that the command may only read; ``""`` for none.
    done
        Exit codes of a command that ended, or that finds all done when it is repeated.
    left
        What a repeated command may leave of a folder that it was taking away.
    warm
        Whether it is first done in this process, so that those forked find its modules.
    """

    base: Path
    do: Callable[[Path], int]
    raw: str = "data/raw"
    done: frozenset[int] = frozenset({0})
    left: str = ""
    warm: bool = True


@dataclass
class Tally:
    """Counts of a walk; ``wrong`` says what went wrong, where."""

    points: int = 0
    tried: int = 0
    faults: int = 0
    lost: int = 0
    recovered: int = 0
    wrong: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        return (
            f"punti {self.points}, guasti {self.faults}, file persi {self.lost}, "
            f"riprese {self.recovered}"
        )


def walk_faults(scene: Scene, room: Path, kinds: Iterable[Kind], most: int | None = None) -> Tally:
    """Inject faults at the writes of a command, at ``most`` of them spread evenly, or at all.

    Each kind of fault meets every chosen point.
    """
    if scene.warm:
        scene.do(_copy(scene, room))
    calm = _copy(scene, room)
    undisturbed = watch(lambda: scene.do(calm), calm)
    expected = _files(calm)
    tally = Tally(points=len(undisturbed.points))
    assert undisturbed.code in scene.done, undisturbed.said
    assert not undisturbed.orphans
    versions = {name: set(found) for name, found in undisturbed.versions.items()}
    for files in (_files(scene.base), expected):
        for name, data in files.items():
            versions.setdefault(name, set()).add(hashlib.sha256(data).hexdigest())
    for kind in kinds:
        for point in _spread(len(undisturbed.points), most):
            fault = Fault(point, kind)
            where = f"{kind} {point} {undisturbed.points[point]}"
            folder = _copy(scene, room)
            walk = watch(lambda folder=folder: scene.do(folder), folder, fault)
            tally.tried += 1
            tally.faults += walk.struck
            wrong = list(_after_fault(scene, folder, walk, fault, undisturbed.code, versions))
            again = watch(lambda folder=folder: scene.do(folder), folder)
            wrong += _after_all(scene, folder, again, expected)
            tally.recovered += not wrong
            tally.lost += any("perso" in item for item in wrong)
            tally.wrong += [f"{where}: {item}" for item in wrong]
    return tally


def _spread(total: int, most: int | None) -> Sequence[int]:
    if most is None or most >= total:
        return range(total)
    return sorted({round(step * (total - 1) / (most - 1)) for step in range(most)})


def _copy(scene: Scene, room: Path) -> Path:
    folder = room / "studio"
    shutil.rmtree(folder, ignore_errors=True)
    if scene.base.exists():
        shutil.copytree(scene.base, folder)
    else:
        folder.parent.mkdir(parents=True, exist_ok=True)
    return folder


def _files(folder: Path) -> dict[str, bytes]:
    files = [path for path in folder.rglob("*") if path.is_file()]
    named = {path.relative_to(folder).as_posix(): path for path in files}
    return {name: path.read_bytes() for name, path in named.items() if not VOLATILE.search(name)}


def _after_fault(
    scene: Scene,
    folder: Path,
    walk: Walk,
    fault: Fault,
    calm_code: int,
    versions: dict[str, set[str]],
) -> Iterable[str]:
    """Yield what is wrong when the command has just met its fault."""
    yield from _ended_badly(walk, fault, calm_code)
    found = _files(folder)
    for name, data in found.items():
        known = hashlib.sha256(data).hexdigest() in versions.get(name, set())
        if not known and not UNFINISHED.search(f"/{name}"):
            yield f"a metà {name}"
    before = _files(scene.base) if scene.base.exists() else {}
    for name, data in before.items():
        if scene.raw and name.startswith(scene.raw) and found.get(name) != data:
            yield f"perso o toccato {name}"


def _ended_badly(walk: Walk, fault: Fault, calm_code: int) -> Iterable[str]:
    """Yield what is wrong with how a command met its fault."""
    if not walk.struck and fault.kind not in ERRORS:
        yield "il guasto non è arrivato"
    if walk.orphans:
        yield "un processo è rimasto"
    if fault.kind in ERRORS:
        if walk.code not in (MACHINE_LACKS, SOME_FAILED, calm_code):
            yield f"codice {walk.code}: {walk.said[-300:]}"
        elif walk.code != calm_code and not TOLD.search(walk.said):
            yield f"nessun rimedio: {walk.said[-300:]}"
    elif walk.struck and walk.code != -9:
        yield f"codice {walk.code} invece di -9"


def _after_all(
    scene: Scene, folder: Path, again: Walk, expected: dict[str, bytes]
) -> Iterable[str]:
    """Yield what is wrong when the command was given again."""
    if again.code not in scene.done:
        yield f"ripetuto, codice {again.code}: {again.said[-300:]}"
    found = _files(folder)
    for name in sorted(expected.keys() - found.keys()):
        yield f"perso {name}"
    extra = found.keys() - expected.keys()
    for name in sorted(extra if not scene.left else {n for n in extra if scene.left not in n}):
        yield f"di troppo {name}"
    for name in sorted(found.keys() & expected.keys()):
        if found[name] != expected[name]:
            yield f"diverso {name}"
