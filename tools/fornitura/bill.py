"""Write the bill of materials (CycloneDX 1.6) and the table of licences of what a user installs.

Usage: ``python -m tools.fornitura.bill [--check]``. Names, versions and checksums come from
``requirements.lock``; licences from the installed packages, and for those of other systems from
``licenze_altrove.csv`` (read from their own metadata by hand). A licence that
``licenze_ammesse.csv`` does not name is a failure.
"""

from __future__ import annotations

import argparse
import csv
import importlib.metadata
import json
import re
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
HERE = Path(__file__).parent
LOCK = ROOT / "requirements.lock"
BILL, TABLE = ROOT / "docs" / "sbom.cdx.json", ROOT / "docs" / "licenze.md"
PIN = re.compile(r"^([A-Za-z0-9_.-]+)==([^ ;\\]+)\s*(?:;\s*(.*?))?\s*\\?$")
HASH = re.compile(r"--hash=sha256:([0-9a-f]{64})")
# How licences are written where no SPDX expression is given.
SPDX = {
    "Apache 2.0": "Apache-2.0",
    "Apache License, Version 2.0": "Apache-2.0",
    "Apache Software License": "Apache-2.0",
    "BSD License": "BSD-3-Clause",
    "ISC License (ISCL)": "ISC",
    "MIT License": "MIT",
    "Mozilla Public License 2.0 (MPL 2.0)": "MPL-2.0",
    "Python Software Foundation License": "PSF-2.0",
}


@dataclass(frozen=True)
class Package:
    """One line of the lock: where it is installed (a marker, or everywhere), its checksums."""

    name: str
    version: str
    marker: str
    hashes: tuple[str, ...]
    licence: str


def read_lock(text: str, licences: dict[str, str]) -> list[Package]:
    """Return the packages of a lock.

    Raises
    ------
    SystemExit
        If a package has no known licence or no checksum.
    """
    found: list[tuple[str, str, str, list[str]]] = []
    for line in text.splitlines():
        pin = PIN.match(line)
        if pin:
            found.append((pin[1], pin[2], pin[3] or "", []))
        elif found:
            found[-1][3].extend(HASH.findall(line))
    without = [name for name, _, _, hashes in found if not hashes or name not in licences]
    if without:
        raise SystemExit(f"no licence or no checksum: {', '.join(without)}")
    return [Package(n, v, m, tuple(sorted(h)), licences[n]) for n, v, m, h in found]


def known_licences(names: Iterable[str]) -> dict[str, str]:
    """Return the SPDX expression of each package, as far as it is known."""
    elsewhere = dict(_rows(HERE / "licenze_altrove.csv"))
    found = {}
    for name in names:
        try:
            found[name] = _installed(importlib.metadata.metadata(name))
        except importlib.metadata.PackageNotFoundError:
            if name in elsewhere:
                found[name] = elsewhere[name]
    return found


def _installed(metadata: Any) -> str:
    if metadata.get("License-Expression"):
        return str(metadata["License-Expression"])
    kinds = [c for c in metadata.get_all("Classifier", []) if c.startswith("License ::")]
    written = kinds[-1].rsplit(" :: ", 1)[-1] if kinds else str(metadata.get("License") or "")
    return SPDX.get(written, written)


def _rows(path: Path) -> list[tuple[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))
    return [(row[0], row[1]) for row in rows[1:]]


def refused(packages: Iterable[Package], allowed: Iterable[str]) -> list[str]:
    """Return the packages under a licence that is not allowed: of an OR one is enough."""
    known = set(allowed)

    def ok(expression: str) -> bool:
        ways = [way.strip(" ()").split(" AND ") for way in expression.split(" OR ")]
        return any(all(part.strip(" ()") in known for part in way) for way in ways)

    return [f"{p.name} ({p.licence})" for p in packages if not ok(p.licence)]


def bill(packages: Sequence[Package], version: str) -> dict[str, Any]:
    """Return the CycloneDX document; no date and no serial number, so the same lock, same bytes."""
    own = f"bgest-analysis@{version}"
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {
            "component": {
                "type": "application",
                "bom-ref": own,
                "name": "bgest-analysis",
                "version": version,
                "licenses": [{"license": {"id": "EUPL-1.2"}}],
            }
        },
        "components": [_component(package) for package in packages],
        "dependencies": [{"ref": own, "dependsOn": [_purl(package) for package in packages]}],
    }


def _purl(package: Package) -> str:
    return f"pkg:pypi/{package.name.lower().replace('_', '-')}@{package.version}"


def _component(package: Package) -> dict[str, Any]:
    component: dict[str, Any] = {
        "type": "library",
        "bom-ref": _purl(package),
        "name": package.name,
        "version": package.version,
        "purl": _purl(package),
        "licenses": [{"expression": package.licence}],
    }
    if package.marker:
        component["properties"] = [{"name": "python:marker", "value": package.marker}]
    return component


def table(packages: Sequence[Package], reasons: dict[str, str]) -> str:
    """Return the page of licences."""
    head = (
        "# Licenze di ciò che si installa\n\n"
        "Fatta da `python -m tools.fornitura.bill` a partire da `requirements.lock`; la distinta "
        "per altri programmi è in `docs/sbom.cdx.json` (CycloneDX 1.6). I checksum sono nel lock. "
        "Il codice di questo progetto è EUPL-1.2.\n\n"
        "## Licenze ammesse\n\n| licenza | motivo |\n|---|---|\n"
    )
    allowed = "".join(f"| {name} | {why} |\n" for name, why in reasons.items())
    lines = "".join(
        f"| {p.name} | {p.version} | {p.licence} | {f'`{p.marker}`' if p.marker else 'sempre'} |\n"
        for p in packages
    )
    columns = "\n## Pacchetti\n\n| pacchetto | versione | licenza | quando |\n|---|---|---|---|\n"
    return head + allowed + columns + lines


def made() -> dict[Path, str]:
    """Return both files, by path.

    Raises
    ------
    SystemExit
        If a licence is not allowed.
    """
    text = LOCK.read_text(encoding="utf-8")
    names = [pin[1] for pin in map(PIN.match, text.splitlines()) if pin]
    packages = read_lock(text, known_licences(names))
    reasons = dict(_rows(HERE / "licenze_ammesse.csv"))
    outside = refused(packages, reasons)
    if outside:
        raise SystemExit(f"licences not allowed: {', '.join(outside)}")
    document = bill(packages, importlib.metadata.version("bgest-analysis"))
    return {
        BILL: json.dumps(document, indent=1, ensure_ascii=False) + "\n",
        TABLE: table(packages, reasons),
    }


def main() -> int:
    """Write the files, or say which are behind."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--check", action="store_true", help="change nothing, fail if behind")
    check = parser.parse_args().check
    behind = []
    for path, text in made().items():
        if check and (not path.is_file() or path.read_text(encoding="utf-8") != text):
            behind.append(path.name)
        elif not check:
            path.write_text(text, encoding="utf-8")
    if behind:
        print(f"behind: {', '.join(behind)}; run python -m tools.fornitura.bill", file=sys.stderr)
    return 1 if behind else 0


if __name__ == "__main__":
    raise SystemExit(main())
