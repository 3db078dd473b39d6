"""Real runs of real studies, as a user would start them."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

STUDY_PARTS = ("study.toml", "studio", "data/raw/territorio")


def copy_study(root: Path, folder: Path) -> Path:
    """Copy what a study is made of, and nothing a run has made."""
    folder.mkdir(parents=True)
    for part in STUDY_PARTS:
        source = root / part
        target = folder / part
        target.parent.mkdir(parents=True, exist_ok=True)
        (shutil.copytree if source.is_dir() else shutil.copy2)(source, target)
    return folder


def bgest(*arguments: str, timeout: float = 600) -> subprocess.CompletedProcess[str]:
    """Run the command as a user would."""
    environment = {**os.environ, "PYTHONHASHSEED": "0"}
    return subprocess.run(
        [sys.executable, "-m", "bgest_analysis", *arguments],
        capture_output=True,
        text=True,
        check=False,
        env=environment,
        timeout=timeout,
    )
