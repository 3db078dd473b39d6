"""What every test needs: one thread, one time zone, and an honest word on what is missing.

Two tiers: the tests marked ``full`` run with ``-m full`` or ``BGEST_FULL=1`` only. A test that
needs something the machine lacks is skipped with the reason; ``BGEST_NO_SKIPS=1`` (CI, which
installs those programs) turns a missing program into a failure.
"""

from __future__ import annotations

import os
import shutil
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
SHARED_DATA = ROOT.parent / "shared" / "data"

# Before any numerical library is imported, and inherited by every process a test starts.
os.environ.update(
    {
        "MPLBACKEND": "Agg",
        "OMP_NUM_THREADS": "1",
        "OPENBLAS_NUM_THREADS": "1",
        "MKL_NUM_THREADS": "1",
        "PYTHONHASHSEED": "0",
        "TZ": "UTC",
        "JUPYTER_PLATFORM_DIRS": "1",
    }
)
if hasattr(time, "tzset"):
    time.tzset()

PROGRAMS = {
    "browser": (("chromium", "chromium-browser", "google-chrome"), ("chromedriver",)),
    "office": (("soffice", "libreoffice"),),
    "poppler": (("pdftotext",), ("pdftoppm",)),
    "npm": (("npm",),),
}


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out the heavy tier unless it is asked for, and what this machine cannot run."""
    _deselect_full(config, items)
    reasons = {mark: reason for mark in PROGRAMS if (reason := _missing_program(mark))}
    for item in items:
        if "shared_data_dir" in getattr(item, "fixturenames", ()):
            item.add_marker("shared_data")
        if item.get_closest_marker("shared_data") and not SHARED_DATA.is_dir():
            item.add_marker(pytest.mark.skip(reason="the folder ../shared/data is not there"))
        for mark, reason in reasons.items():
            if item.get_closest_marker(mark):
                item.add_marker(pytest.mark.skip(reason=reason))


def _deselect_full(config: pytest.Config, items: list[pytest.Item]) -> None:
    if os.environ.get("BGEST_FULL") == "1" or "full" in config.option.markexpr:
        return
    heavy = [item for item in items if item.get_closest_marker("full")]
    if heavy:
        config.hook.pytest_deselected(items=heavy)
        items[:] = [item for item in items if not item.get_closest_marker("full")]


def _missing_program(mark: str) -> str | None:
    for names in PROGRAMS[mark]:
        if not any(shutil.which(name) for name in names):
            reason = f"{' or '.join(names)} is not installed"
            if os.environ.get("BGEST_NO_SKIPS") == "1":
                raise pytest.UsageError(f"tests marked {mark} cannot run: {reason}")
            return reason
    return None


@pytest.fixture(scope="session")
def root() -> Path:
    """Return the root of the repository."""
    return ROOT


@pytest.fixture(scope="session")
def shared_data_dir() -> Path:
    """Return the folder of the official files; the test that asks for it is marked by itself."""
    return SHARED_DATA
