"""One source file of the study -> its tidy part, quarantine, problems and accounts."""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from bgest_analysis.clean.official.check import check_official
from bgest_analysis.clean.official.model import CleanedOfficial
from bgest_analysis.clean.places import known_places
from bgest_analysis.errors import SourceMissing, UnknownLayout
from bgest_analysis.problems.record import COLUMNS as PROBLEM_COLUMNS
from bgest_analysis.problems.register import Accounting
from bgest_analysis.schema import territorio
from bgest_analysis.schema.lineage import Input, Lineage
from bgest_analysis.schema.model import Origin
from bgest_analysis.study.model import Fonte, Study
from bgest_analysis.workspace import Workspace

SYNTHETIC = "sintetica"
PUBLIC_TABLES = frozenset(table.name for table in territorio.TABLES)


@dataclass(frozen=True)
class CleanedSource:
    """What cleaning one file gives.

    Parameters
    ----------
    table
        Tidy rows of the source's table.
    quarantine
        Rows that stand aside, as they were read.
    problems
        One row a problem (``problems.record.COLUMNS``).
    accounts
        One a sheet: where every row went.
    lineage
        The file, its hash, how to cite it, and the origin of its figures.
    """

    table: pd.DataFrame
    quarantine: pd.DataFrame
    problems: pd.DataFrame
    accounts: tuple[Accounting, ...]
    lineage: Lineage


def clean_source(workspace: Workspace, study: Study, fonte: Fonte) -> CleanedSource:
    """Read and clean one file of the study.

    Raises
    ------
    SourceMissing
        If the file is not there.
    UnknownLayout
        If it fits no known layout, or holds another table than the study says.
    UnsafeInput
        If it cannot be opened safely.
    """
    path = workspace.root / fonte.file
    if not path.is_file():
        raise SourceMissing(
            "manca il file {file}, indicato in study.toml per la tabella {tabella}",
            file=fonte.file,
            tabella=fonte.tabella,
        )
    parts = check_official(path, fonte.file, known_places(study))
    return CleanedSource(
        table=_table(parts, fonte),
        quarantine=pd.concat([part.quarantine for part in parts], ignore_index=True),
        problems=collect_problems(parts),
        accounts=tuple(part.accounting for part in parts),
        lineage=source_lineage(path, fonte, study),
    )


def _table(parts: Sequence[CleanedOfficial], fonte: Fonte) -> pd.DataFrame:
    found = sorted({name for part in parts for name in part.tables})
    if fonte.tabella not in found:
        raise UnknownLayout(
            "{file}: contiene {found}, ma study.toml lo indica per la tabella {tabella}",
            file=fonte.file,
            found=found,
            tabella=fonte.tabella,
        )
    wanted = [part.tables[fonte.tabella] for part in parts if fonte.tabella in part.tables]
    return pd.concat(wanted, ignore_index=True)


def collect_problems(parts: Sequence[CleanedOfficial]) -> pd.DataFrame:
    """Return the problems of all sheets, one row each."""
    frames = [part.log.to_frame() for part in parts]
    return pd.concat(frames, ignore_index=True)[list(PROBLEM_COLUMNS)]


def source_lineage(path: Path, fonte: Fonte, study: Study) -> Lineage:
    """Return a file's lineage, with the citation that stands beside it (``*.source.toml``)."""
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    beside = path.with_suffix(".source.toml")
    said = tomllib.loads(beside.read_text(encoding="utf-8")) if beside.is_file() else {}
    public = fonte.tabella in PUBLIC_TABLES
    default = str(Origin.PUBBLICA if public else Origin.PROGETTO)
    origin = Origin(SYNTHETIC if study.origine == SYNTHETIC else said.get("origine", default))
    publisher = str(said.get("editore", "")).partition(",")[0]
    cited = ", ".join(text for text in (publisher, said.get("titolo", "")) if text)
    source = Input(fonte.file, digest, cited, said.get("annata", ""))
    return Lineage(origin, (source,))
