"""Ask whether a locked package has a known vulnerability; say so when that cannot be asked.

Usage: ``python -m tools.fornitura.vulnerabilities``. Optional: pip-audit, in an environment of
its own under ``build/``, asks the Python Packaging Advisory Database. Exit code 0: none known;
1: some are; 5: the source could not be reached, or does not know some packages.
"""

from __future__ import annotations

import json
import subprocess
import sys
import venv
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
ENVIRONMENT = ROOT / "build" / "pip-audit"
FOUND, UNKNOWN = 1, 5


def main() -> int:
    """Make the environment if needed, ask, and say what came out."""
    python = ENVIRONMENT / ("Scripts" if sys.platform == "win32" else "bin") / "python"
    if not python.exists():
        venv.create(ENVIRONMENT, with_pip=True)
    made = subprocess.run([python, "-m", "pip", "install", "-q", "pip-audit"], check=False)
    if made.returncode:
        return _unknown("pip-audit could not be installed")
    command = [str(python), "-m", "pip_audit", "--disable-pip", "--progress-spinner=off"]
    asked = subprocess.run(
        [*command, "--format=json", "--require-hashes", "-r", str(ROOT / "requirements.lock")],
        capture_output=True,
        text=True,
        check=False,
    )
    if not asked.stdout.strip():
        return _unknown((asked.stderr.strip().splitlines() or ["no answer"])[-1])
    return _tell(json.loads(asked.stdout)["dependencies"])


def _tell(packages: Sequence[Mapping[str, Any]]) -> int:
    """Say what is known of each package: a package that was skipped is not a package in order."""
    skipped = [package["name"] for package in packages if "skip_reason" in package]
    bad = [package for package in packages if package.get("vulns")]
    for package in bad:
        ids = ", ".join(one["id"] for one in package["vulns"])
        print(f"{package['name']} {package['version']}: {ids}")
    print(f"{len(packages) - len(skipped)} of {len(packages)} packages checked, {len(bad)} at risk")
    if bad:
        return FOUND
    return _unknown(f"{len(skipped)} packages were not found at the source") if skipped else 0


def _unknown(why: str) -> int:
    print(f"not checked: {why}", file=sys.stderr)
    return UNKNOWN


if __name__ == "__main__":
    raise SystemExit(main())
