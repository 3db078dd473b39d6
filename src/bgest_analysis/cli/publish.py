"""``bgest publish``: audits the finished files and makes the package that may leave."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from bgest_analysis.cli.days import read_day
from bgest_analysis.cli.main import message_language
from bgest_analysis.errors import DONE, PRIVACY_GATE
from bgest_analysis.publish.package import Eyes, Published, publish
from bgest_analysis.study.load import load_study
from bgest_analysis.text.messages import Message, T
from bgest_analysis.workspace import Workspace


def execute(options: argparse.Namespace) -> int:
    """Publish the current run, or say why it must stay."""
    workspace = Workspace.find(options.study or Path.cwd())
    study = load_study(workspace)
    eyes = Eyes(options.first or "", options.second or "", read_day(options.when))
    published = publish(workspace, study, eyes, Path.home())
    if options.json:
        print(json.dumps(to_json(workspace, published), ensure_ascii=False))
    else:
        for line in lines(workspace, published):
            print(line.render(message_language(options)))
    return PRIVACY_GATE if published.findings else DONE


def lines(workspace: Workspace, published: Published) -> list[Message]:
    """Return what is said to a person."""
    if published.package is None:
        findings = [finding.message for finding in published.findings]
        return [*findings, T("non pubblicato: {n:int} rilievi", n=len(findings))]
    return [
        T(
            "pacchetto {file}: {n:int} file controllati; registro in pubblicazioni/registro.csv",
            file=workspace.relative(published.package),
            n=published.files,
        )
    ]


def to_json(workspace: Workspace, published: Published) -> dict[str, object]:
    """Return the answer for other programs."""
    package = published.package
    return {
        "pacchetto": None if package is None else workspace.relative(package),
        "file": published.files,
        "rilievi": [finding.to_json() for finding in published.findings],
    }
