"""``bgest doctor``: what this machine has, what it lacks, and what that means."""

from __future__ import annotations

import argparse
import json
import shutil
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import matplotlib.font_manager

from bgest_analysis.cli.main import message_language
from bgest_analysis.errors import DONE, MACHINE_LACKS, UsageError
from bgest_analysis.study.load import load_study
from bgest_analysis.text.messages import Message, T
from bgest_analysis.workspace import Workspace

OLDEST_PYTHON = (3, 11)
FREE_MB = 500
PACKAGES = ("pandas", "papermill", "statsmodels", "matplotlib", "python-docx", "typst", "nbval")
FONT = "DejaVu Sans"


@dataclass(frozen=True)
class Finding:
    """One check: what was looked at, whether it is all right, whether a run needs it."""

    name: str
    ok: bool
    message: Message
    needed: bool = True


def execute(options: argparse.Namespace) -> int:
    """Print one line a check; exit code 5 if a run would lack something."""
    start = options.study or Path.cwd()
    findings = [check(start) for check in CHECKS]
    language = message_language(options)
    if options.json:
        rows = [{"cosa": f.name, "ok": f.ok, "esito": f.message.render(language)} for f in findings]
        print(json.dumps(rows, ensure_ascii=False))
    else:
        for finding in findings:
            mark = "ok " if finding.ok else ("NO " if finding.needed else "-- ")
            print(mark + finding.message.render(language))
    return MACHINE_LACKS if any(f.needed and not f.ok for f in findings) else DONE


def check_python(start: Path) -> Finding:
    """Check the interpreter."""
    found = ".".join(map(str, sys.version_info[:3]))
    ok = sys.version_info[:2] >= OLDEST_PYTHON
    return Finding("python", ok, T("Python {found} (serve 3.11 o più recente)", found=found))


def check_packages(start: Path) -> Finding:
    """Check the packages a run needs."""
    missing = [name for name in PACKAGES if not _installed(name)]
    if missing:
        return Finding(
            "pacchetti", False, T("mancano {names}: eseguire python3 avvia.py run", names=missing)
        )
    return Finding("pacchetti", True, T("pacchetti presenti: {names}", names=list(PACKAGES)))


def _installed(name: str) -> bool:
    try:
        version(name)
    except PackageNotFoundError:
        return False
    return True


def check_font(start: Path) -> Finding:
    """Check the font of the figures."""
    names = {font.name for font in matplotlib.font_manager.fontManager.ttflist}
    return Finding("carattere", FONT in names, T("carattere dei grafici: {font}", font=FONT))


def check_disk(start: Path) -> Finding:
    """Check room on the study's disk and in the temporary folder."""
    places = (start, Path(tempfile.gettempdir()))
    free = min(shutil.disk_usage(place).free for place in places) // 1_000_000
    return Finding("disco", free >= FREE_MB, T("spazio libero: {free:int} MB", free=free))


def check_study(start: Path) -> Finding:
    """Check that there is a study here, and that it can be read."""
    try:
        study = load_study(Workspace.find(start))
    except UsageError as error:
        return Finding("studio", False, error.message)
    return Finding(
        "studio",
        True,
        T(
            "studio: {title}, {n} Ambiti, {c} comuni",
            title=study.titolo,
            n=len(study.ambiti),
            c=len(study.comuni),
        ),
    )


def check_office(start: Path) -> Finding:
    """Check LibreOffice, which only tests and the looking at pages need."""
    found = shutil.which("soffice") or shutil.which("libreoffice")
    words = T("LibreOffice presente") if found else T("LibreOffice assente: serve solo alle prove")
    return Finding("libreoffice", found is not None, words, needed=False)


CHECKS: tuple[Callable[[Path], Finding], ...] = (
    check_python,
    check_packages,
    check_font,
    check_disk,
    check_study,
    check_office,
)
