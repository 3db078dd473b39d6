"""A whole synthetic study in a folder: study files, messy project files, their truth."""

from __future__ import annotations

import shutil
from pathlib import Path

from bgest_analysis.errors import UsageError
from bgest_analysis.example.files.admin import write_admin
from bgest_analysis.example.files.dirt import Ledger
from bgest_analysis.example.files.listening import write_listening
from bgest_analysis.example.files.log import write_log
from bgest_analysis.example.files.network import write_network
from bgest_analysis.example.files.people import write_people
from bgest_analysis.example.files.study import write_study
from bgest_analysis.example.parameters import SEED, Parameters
from bgest_analysis.example.truth import Truth, tell_truth
from bgest_analysis.example.world import World, build_world
from bgest_analysis.workspace import STUDY_FILE

PARTS = frozenset({"data", "studio", "truth.json"})  # all there can be before the study file


def write_example(
    folder: Path, scale: float = 1.0, seed: int = SEED, parameters: Parameters | None = None
) -> Truth:
    """Write a synthetic study into an empty folder; same seed and scale, same bytes.

    Parameters
    ----------
    folder
        Made if it is not there.
    scale
        1 is about 1,500 interventions; above 5 the long registers are text files.
    parameters
        What is true in it.

    Returns
    -------
    Truth
        Also written as ``truth.json``.

    Raises
    ------
    UsageError
        If the folder holds anything but a part of this very study, left by a command that was
        killed, or the scale is out of bounds.
    """
    found = {path.name for path in folder.iterdir()} if folder.exists() else set()
    if not found <= PARTS:
        raise _refusal(folder)
    world = build_world(scale, seed, parameters)
    making = folder.resolve().with_name(f".{folder.resolve().name}.in_corso")
    shutil.rmtree(making, ignore_errors=True)
    truth = write_world(making, world)
    if not all(_same(folder / name, making / name) for name in found):
        shutil.rmtree(making)
        raise _refusal(folder)
    for name in found:  # put there by a command that was killed before it had moved all
        _remove(making / name)
    folder.mkdir(parents=True, exist_ok=True)
    for made in sorted(making.iterdir(), key=lambda path: path.name == STUDY_FILE):
        made.rename(folder / made.name)  # the study file last: with it the study is there
    making.rmdir()
    return truth


def _same(there: Path, made: Path) -> bool:
    return _contents(there) == _contents(made)


def _contents(path: Path) -> dict[str, bytes]:
    files = [path] if path.is_file() else [file for file in path.rglob("*") if file.is_file()]
    return {file.relative_to(path).as_posix(): file.read_bytes() for file in files}


def _remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink()


def _refusal(folder: Path) -> UsageError:
    return UsageError(
        "la cartella {folder} non è vuota: indicarne una nuova per lo studio di esempio",
        folder=folder.name,
    )


def write_world(folder: Path, world: World) -> Truth:
    """Write a world already built."""
    ledger = Ledger()
    write_study(folder, world)
    write_log(folder, world, ledger)
    write_people(folder, world, ledger)
    write_network(folder, world, ledger)
    write_admin(folder, world, ledger)
    write_listening(folder, world, ledger)
    truth = tell_truth(world, ledger)
    truth.write(folder)
    return truth
