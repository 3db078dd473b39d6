"""``bgest run``: says at once that nothing has changed, and only else loads what makes things."""

from __future__ import annotations

import argparse
import importlib
from dataclasses import dataclass, replace
from pathlib import Path

from bgest_analysis.engine.address import check_address
from bgest_analysis.engine.quick import nothing_to_do
from bgest_analysis.engine.start import SLOW, hidden
from bgest_analysis.errors import DONE, UsageError
from bgest_analysis.schema.territorio import TABLES as PUBLIC
from bgest_analysis.workspace import DISTRETTO, Workspace

ASKING = "bgest_analysis.cli.asking"
MAKING = "bgest_analysis.cli.making"
NOT_ASKED = frozenset(
    {"verb", "study", "debug", "json", "jobs", "engine", "scheduler", "example", "no_example"}
)
EXAMPLE = "esempio"
SHIPPED = "example"


@dataclass(frozen=True)
class Target:
    """One study to make: the user's own, or the synthetic example apart."""

    workspace: Workspace
    areas: tuple[str, ...]
    synthetic: bool = False
    beside: bool = False  # the synthetic example is made beside it


def execute(options: argparse.Namespace) -> int:
    """Make everything that was asked for and is not there yet."""
    workspace = Workspace.find(options.study or Path.cwd())
    if options.scheduler:
        check_address(options.scheduler)
    code = DONE
    for target in targets(options, workspace):
        asked = asked_for(options, target)
        closing = None if options.rehash else nothing_to_do(target.workspace, asked)
        if closing is not None and not options.json:
            print("\n".join(closing))
            continue
        importlib.import_module(ASKING).refuse_wrong(options, target)
        with hidden(SLOW):
            making = importlib.import_module(MAKING)
        code = code or int(making.execute(options, target))
    return code


def targets(options: argparse.Namespace, workspace: Workspace) -> list[Target]:
    """Return the studies to make.

    The synthetic example is made, for the whole only, where there are no project files yet.

    Raises
    ------
    UsageError
        If the example is asked for and refused at once.
    """
    if options.example and options.no_example:
        raise UsageError("--example e --no-example non stanno insieme")
    own = Target(workspace, tuple(options.ambito))
    if options.example:
        return [example_of(workspace)]
    if options.no_example or has_project_files(workspace) or is_example(workspace):
        return [own]
    return [replace(own, beside=True), example_of(workspace)]


def has_project_files(workspace: Workspace) -> bool:
    """Tell whether somebody put a file about the project into the study."""
    public = {"territorio", *(table.name for table in PUBLIC)}
    folders = workspace.raw.iterdir() if workspace.raw.is_dir() else ()
    own = [folder for folder in folders if folder.is_dir() and folder.name not in public]
    return any(not path.name.startswith(".") for folder in own for path in folder.iterdir())


def is_example(workspace: Workspace) -> bool:
    """Tell whether the study is the synthetic one."""
    return (workspace.root / "truth.json").is_file()


def example_of(workspace: Workspace) -> Target:
    """Return the synthetic study that goes with a study."""
    beside = workspace.root / SHIPPED
    root = beside if is_example(Workspace(beside)) else workspace.processed / EXAMPLE
    return Target(Workspace(root, workspace.reports / EXAMPLE), (DISTRETTO,), synthetic=True)


def asked_for(options: argparse.Namespace, target: Target) -> list[str]:
    """Return what changes a run's results, in a fixed order."""
    given = {key: value for key, value in vars(options).items() if key not in NOT_ASKED}
    given["ambito"] = list(target.areas)
    return [f"{key}={value}" for key, value in sorted(given.items())]
