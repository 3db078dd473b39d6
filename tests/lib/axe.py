"""axe-core, the checker of accessibility, from npm: pinned, and kept outside the tree."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import tempfile
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from tests.lib.browser import Browser

VERSION = "4.14.1"
SHA256 = "29348999450cdf2849a8e70b7912fc2da85a849da39c0d0d5394f51d4a9ed95c"
BAD = ("serious", "critical")
LONGEST = 120  # seconds, for one page


@cache
def axe_source() -> str:
    """Return axe-core's script; the first time npm downloads it into the user's cache.

    Without npm's registry the test is skipped; where no skip is allowed (CI) it fails.
    """
    home = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    kept = home / "bgest-tests" / f"axe-core-{VERSION}.min.js"
    if not kept.is_file():
        kept.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=kept.parent) as folder:
            _npm_install(Path(folder)).replace(kept)
    script = kept.read_bytes()
    assert hashlib.sha256(script).hexdigest() == SHA256, f"{kept} is not axe-core {VERSION}"
    return script.decode("utf-8")


def _npm_install(folder: Path) -> Path:
    npm = shutil.which("npm")
    assert npm is not None
    options = ["--no-save", "--ignore-scripts", "--no-audit", "--no-fund"]
    done = subprocess.run(
        [npm, "install", "--prefix", str(folder), *options, f"axe-core@{VERSION}"],
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        reason = f"npm does not give axe-core: {done.stderr.strip()[-300:]}"
        if os.environ.get("BGEST_NO_SKIPS") == "1":
            pytest.fail(reason)
        pytest.skip(reason)
    return folder / "node_modules" / "axe-core" / "axe.min.js"


def axe_faults(browser: Browser, path: Path, width: int = 1280) -> tuple[int, list[str]]:
    """Return how many rules a page kept, and each serious or critical fault with its element."""
    driver = browser.driver
    driver.execute_cdp_cmd("Page.enable", {})
    driver.execute_cdp_cmd("Page.setBypassCSP", {"enabled": True})  # axe is put in from outside
    try:
        browser.open(path, width)
        browser.run("document.querySelectorAll('details').forEach(d => { d.open = true; })")
        browser.run(axe_source())
        driver.set_script_timeout(LONGEST)
        answer = driver.execute_async_script(
            "const done = arguments[0]; axe.run(document).then(done, e => done({fault: `${e}`}))"
        )
    finally:
        driver.execute_cdp_cmd("Page.setBypassCSP", {"enabled": False})
    assert "fault" not in answer, answer
    return len(answer["passes"]), [
        line for found in answer["violations"] if found["impact"] in BAD for line in _lines(found)
    ]


def _lines(found: dict[str, Any]) -> list[str]:
    return [f"{found['impact']} {found['id']}: {node['html'][:200]}" for node in found["nodes"]]
