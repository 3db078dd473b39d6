"""``bgest lab``: JupyterLab for the study, in its language, with its kernel and its door."""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from pathlib import Path

from bgest_analysis.cli.lab_desk import DOOR, lab_environment, lay_copies
from bgest_analysis.cli.main import message_language
from bgest_analysis.cli.run import example_of
from bgest_analysis.errors import DONE, MachineLacks
from bgest_analysis.study.load import load_study
from bgest_analysis.text.messages import T
from bgest_analysis.workspace import Workspace


def execute(options: argparse.Namespace) -> int:
    """Open JupyterLab on working copies of the notebooks; return when it is closed.

    Raises
    ------
    MachineLacks
        If JupyterLab does not start.
    """
    workspace = Workspace.find(options.study or Path.cwd())
    if options.example:
        workspace = example_of(workspace).workspace
    study = load_study(workspace)
    kept = lay_copies(workspace)
    language = message_language(options)
    for name in kept:
        print(T("tenuta la copia modificata: lab/{name}", name=name).render(language))
    print(T("JupyterLab si apre nel browser; per chiuderlo: File, Spegni, oppure Ctrl-C qui")
          .render(language), flush=True)  # fmt: skip
    ended = subprocess.run(
        lab_command(workspace, options.port, browser=not options.no_browser),
        env=lab_environment(workspace, study.lingua),
        cwd=workspace.root,
        check=False,
    )
    if ended.returncode not in (0, -2, 130):
        raise MachineLacks(
            "JupyterLab non si è avviato (codice {code}): provare un'altra porta con --port, o "
            "bgest doctor",
            code=ended.returncode,
        )
    return DONE


def lab_command(workspace: Workspace, port: int, *, browser: bool) -> list[str]:
    """Return the command that starts Lab: on this machine only, with a token of its own."""
    command = [
        sys.executable,
        "-m",
        "jupyterlab",
        f"--ServerApp.root_dir={workspace.root}",
        "--ServerApp.ip=127.0.0.1",
        f"--ServerApp.port={port}",
        "--ServerApp.allow_remote_access=False",
        "--ServerApp.log_level=WARN",
        f"--LabApp.default_url=/lab/tree/{DOOR}",
        "--KernelSpecManager.ensure_native_kernel=False",
        "--KernelSpecManager.allowed_kernelspecs=bgest",
    ]
    if hasattr(os, "geteuid") and os.geteuid() == 0:  # in a container, usually
        command.append("--allow-root")
    return command if browser else [*command, "--no-browser"]
