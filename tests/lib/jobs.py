"""A study of one's own with the real one's territory, and its jobs done one after the other."""

from __future__ import annotations

import importlib
import shutil
from pathlib import Path

from bgest_analysis.engine.job import Job, Step
from bgest_analysis.engine.plan import Planner
from bgest_analysis.engine.request import Request
from bgest_analysis.privacy.pseudonyms import key_folder, key_path, make_key
from bgest_analysis.study.load import load_study
from bgest_analysis.workspace import Workspace


def bare_study(folder: Path, root: Path) -> Workspace:
    """Make a study with the real one's territory and no file of its own."""
    folder.mkdir(parents=True)
    settings = (root / "study.toml").read_text(encoding="utf-8")
    head, _, rest = settings.partition("[[fonti]]")
    (folder / "study.toml").write_text(head + rest[rest.index("[protezione]") :], encoding="utf-8")
    shutil.copytree(root / "studio", folder / "studio")
    return Workspace(folder)


def give_key(workspace: Workspace, config: Path) -> None:
    """Make the study's key in a folder of settings of the test's own."""
    folder = key_folder({"XDG_CONFIG_HOME": str(config)}, config, "posix")
    make_key(key_path(folder, "bergamo-est"), workspace.root)


def cleaning_jobs(workspace: Workspace) -> list[Job]:
    """Return the jobs from raw files to tidy tables, in the order of the plan."""
    jobs = Planner(workspace, load_study(workspace), Request()).all_jobs()
    return [job for job in jobs if job.step in (Step.CLEAN, Step.TIDY)]


def run_cleaning(workspace: Workspace) -> list[Job]:
    """Do every job from raw files to tidy tables."""
    jobs = cleaning_jobs(workspace)
    for job in jobs:
        module, name = job.action.split(":")
        for path in job.outputs:
            path.parent.mkdir(parents=True, exist_ok=True)
        getattr(importlib.import_module(module), name)(workspace, job)
        assert [path.name for path in job.outputs if not path.is_file()] == []
    return jobs
