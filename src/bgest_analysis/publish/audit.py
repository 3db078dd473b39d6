"""The audit of a finished run: every file read back as it would leave, every breach told."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bgest_analysis.blocks import Block
from bgest_analysis.engine.dossiers import read_blocks
from bgest_analysis.engine.files import read_json
from bgest_analysis.engine.job import path_of
from bgest_analysis.engine.manifest import DONE, FILE_NAME
from bgest_analysis.engine.profiles import Profile
from bgest_analysis.publish.content import Content, read_content
from bgest_analysis.publish.counts import Limits, check_block, check_table, known_tables, watched
from bgest_analysis.publish.differencing import Tables, few_differ, table_file
from bgest_analysis.publish.erasure import SUPERSEDED
from bgest_analysis.publish.findings import Finding, Rule
from bgest_analysis.publish.metadata import strip_names
from bgest_analysis.publish.patterns import Forbidden, usable_users
from bgest_analysis.publish.register import kept_tables
from bgest_analysis.report.grids import lay_out
from bgest_analysis.schema.lineage import Lineage
from bgest_analysis.schema.model import Origin
from bgest_analysis.schema.store import read_lineage, read_table
from bgest_analysis.study.model import Study
from bgest_analysis.text.formats import LANGUAGES
from bgest_analysis.workspace import Workspace

REPORTS = "reports/"
NOTEBOOK, TABLE = ".ipynb", ".parquet"
RUN = f"{REPORTS}{FILE_NAME}"
Heads = dict[tuple[str, ...], list[int]]


@dataclass(frozen=True)
class Copy:
    """A file as it would leave: its bytes, and the hash it had in the run."""

    name: str
    data: bytes
    sha256_run: str

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.data).hexdigest()


@dataclass
class Audit:
    """What an audit found, and what it read."""

    limits: Limits
    findings: list[Finding] = field(default_factory=list)
    copies: list[Copy] = field(default_factory=list)
    tables: dict[str, Path] = field(default_factory=dict)


def audit_run(workspace: Workspace, study: Study, home: Path) -> Audit:
    """Audit the files of the current run.

    Parameters
    ----------
    home
        The user's own folder: neither it nor its name may stand in a file.

    Returns
    -------
    The findings, none if all may leave; copies without names in their metadata; the protected
    tables about people.
    """
    limits = Limits(study.protezione.soglia_pubblicazione, study.protezione.arrotondamento)
    audit = Audit(limits)
    manifest = read_json(workspace.reports / FILE_NAME)
    if not isinstance(manifest, dict):
        audit.findings.append(Finding(RUN, "-", Rule.NO_RUN))
        return audit
    audit.findings += [Finding(RUN, place, rule) for place, rule in check_run(study, manifest)]
    _take_files(workspace, manifest, audit)
    blocks = dict(_blocks(workspace, audit.copies))
    audit.findings += [
        Finding(name, place, rule)
        for name, items in blocks.items()
        for block in items
        for place, rule in check_block(block, limits)
    ]
    forbidden = Forbidden(
        allowed=tuple(study.contatti.values()),
        places=tuple({str(workspace.root), str(workspace.root.resolve()), str(home)} - {"/"}),
        users=usable_users([home.name]),
    )
    heads = _heads(block for items in blocks.values() for block in items)
    delicate = {n for n, items in blocks.items() if any(b.origin != "pubblica" for b in items)}
    for copy in audit.copies:
        audit.findings += check_copy(copy, forbidden, heads, limits, copy.name in delicate)
    for earlier in _published(workspace):
        audit.findings += few_differ(_tables(earlier), _tables(audit.tables), limits.threshold)
    audit.findings = sorted(set(audit.findings))
    return audit


def check_run(study: Study, manifest: Mapping[str, Any]) -> Iterator[tuple[str, Rule]]:
    """Yield what is wrong with the run as a whole."""
    profile = manifest.get("parametri", {}).get("profilo")
    if SUPERSEDED in manifest:
        yield "-", Rule.SUPERSEDED
    if study.origine == Origin.SINTETICA:
        yield "study.toml", Rule.SYNTHETIC
    if profile == Profile.RISERVATO:
        yield "profilo", Rule.CONFIDENTIAL
    elif profile != Profile.PUBBLICAZIONE:
        yield "profilo", Rule.PROFILE
    for job in manifest["lavori"]:
        if job["stato"] != DONE:
            yield job["id"], Rule.INCOMPLETE


def _take_files(workspace: Workspace, manifest: Mapping[str, Any], audit: Audit) -> None:
    """Copy the documents and note the tables; a file that is not the run's is not opened."""
    for item in manifest["uscite"]:
        name, path = item["file"], path_of(workspace, item["file"])
        protected = path.suffix == TABLE and path.is_relative_to(workspace.protected)
        if not name.startswith(REPORTS) and not protected:
            continue
        data = path.read_bytes() if path.is_file() else b""
        if hashlib.sha256(data).hexdigest() != item["sha256"]:
            audit.findings.append(Finding(name, "-", Rule.CHANGED))
        elif not protected:
            audit.copies.append(Copy(name, strip_names(name, data), item["sha256"]))
        elif path.stem in known_tables():
            _take_table(path, name, audit)


def _take_table(path: Path, name: str, audit: Audit) -> None:
    lineage: Lineage = read_lineage(path)
    if lineage.origin is Origin.SINTETICA:
        audit.findings.append(Finding(name, "-", Rule.SYNTHETIC))
    if known_tables()[path.stem].about_people and lineage.origin is not Origin.PUBBLICA:
        audit.tables[path.stem] = path


def _blocks(workspace: Workspace, copies: Iterable[Copy]) -> Iterator[tuple[str, list[Block]]]:
    for copy in copies:
        if copy.name.endswith(NOTEBOOK):
            yield copy.name, list(read_blocks(path_of(workspace, copy.name)))


def _heads(blocks: Iterable[Block]) -> Heads:
    """Return the watched columns of every table, by its headings in each language."""
    heads: Heads = {}
    for block in blocks:
        places = watched(block)
        if block.grid is None or not places:
            continue
        for language in LANGUAGES:
            key = lay_out(block.grid, language).heads
            heads[key] = sorted({*heads.get(key, []), *places})
    return heads


def check_copy(
    copy: Copy, forbidden: Forbidden, heads: Heads, limits: Limits, blocks_only: bool
) -> Iterator[Finding]:
    """Yield the breaches in a file read back.

    Parameters
    ----------
    blocks_only
        Whether outputs of a notebook that are not blocks are breaches.
    """
    content: Content | None = read_content(copy.name, copy.data)
    if content is None:
        yield Finding(copy.name, "-", Rule.FORMAT)
        return
    for place, text in content.texts:
        yield from (Finding(copy.name, place, rule) for rule in forbidden.rules(text))
    for title, rows in content.tables:
        for place, rule in check_table(rows, heads, limits.threshold):
            yield Finding(copy.name, f"{title}, {place}", rule)
    for place in content.loose if blocks_only else ():
        yield Finding(copy.name, place, Rule.NOT_A_BLOCK)


def _published(workspace: Workspace) -> Iterator[dict[str, Path]]:
    """Yield the protected tables of each publication."""
    for folder in sorted(kept_tables(workspace).glob("*/")):
        names = (path.stem for path in sorted(folder.glob(f"*{TABLE}")))
        yield {name: table_file(folder, name) for name in names if name in known_tables()}


def _tables(files: Mapping[str, Path]) -> Tables:
    return {name: (known_tables()[name], read_table(path)) for name, path in files.items()}
