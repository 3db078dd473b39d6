"""One source file of the study -> its tidy part, quarantine, problems and accounts."""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd

from bgest_analysis.clean.corrections import load_decisions
from bgest_analysis.clean.official.check import check_official
from bgest_analysis.clean.official.model import CleanedOfficial
from bgest_analysis.clean.places import known_places
from bgest_analysis.clean.project.files import (
    EXTRA_TABLES,
    PROJECT_TABLES,
    clean_project_file,
    empty_table,
)
from bgest_analysis.clean.project.model import REVIEW_COLUMNS, CleanContext, CleanedProject
from bgest_analysis.clean.project.vocabularies import study_vocabularies
from bgest_analysis.errors import SourceMissing, UnknownLayout
from bgest_analysis.privacy.pseudonyms import Key
from bgest_analysis.problems.record import COLUMNS as PROBLEM_COLUMNS
from bgest_analysis.problems.record import ProblemLog
from bgest_analysis.problems.register import Accounting, CleaningRegister
from bgest_analysis.schema import territorio
from bgest_analysis.schema.lineage import Input, Lineage
from bgest_analysis.schema.model import Origin, Table
from bgest_analysis.schema.registry import find_table
from bgest_analysis.study.load import ITEM_MAP
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
        Rows that stand aside: of public files as they were read, of project files without what
        could be personal.
    problems
        One row a problem (``problems.record.COLUMNS``).
    accounts
        One a sheet: where every row went.
    lineage
        The file, its hash, how to cite it, and the origin of its figures.
    register
        What each rule did (``problems.register.REGISTER_COLUMNS``).
    review
        Values that wait for a person (``clean.project.model.REVIEW_COLUMNS``).
    extra
        Further tables that the file gives, by name.
    """

    table: pd.DataFrame
    quarantine: pd.DataFrame
    problems: pd.DataFrame
    accounts: tuple[Accounting, ...]
    lineage: Lineage
    register: pd.DataFrame
    review: pd.DataFrame
    extra: Mapping[str, pd.DataFrame] = field(default_factory=dict)


def clean_source(
    workspace: Workspace, study: Study, fonte: Fonte, key: Key | None = None
) -> CleanedSource:
    """Read and clean one file of the study.

    Raises
    ------
    SourceMissing
        If the file is not there.
    UnknownLayout
        If it fits no known layout, or holds another table than the study says.
    UnsafeInput
        If it cannot be opened safely.
    PrivacyGateClosed
        If it is about persons and there is no key.
    """
    path = workspace.root / fonte.file
    if not path.is_file():
        raise SourceMissing(
            "manca il file {file}, indicato in study.toml per la tabella {tabella}",
            file=fonte.file,
            tabella=fonte.tabella,
        )
    lineage = source_lineage(path, fonte, study)
    if fonte.tabella in PROJECT_TABLES:
        context = clean_context(workspace, study, key)
        table = find_table(fonte.tabella)
        return _project(clean_project_file(path, fonte.file, table, context), table, lineage)
    return _official(check_official(path, fonte.file, known_places(study)), fonte, lineage)


def clean_context(workspace: Workspace, study: Study, key: Key | None) -> CleanContext:
    """Return what is known before a project file is opened.

    Raises
    ------
    StudyError
        If a corrections table cannot be used.
    """
    beside = (workspace.root / study.comuni.attrs["file"]).parent
    return CleanContext(
        study=study,
        vocabularies=study_vocabularies(study),
        key=key,
        decisions=load_decisions(workspace.raw),
        items_file=beside / ITEM_MAP,
    )


def _official(parts: Sequence[CleanedOfficial], fonte: Fonte, lineage: Lineage) -> CleanedSource:
    return CleanedSource(
        table=_table(parts, fonte),
        quarantine=pd.concat([part.quarantine for part in parts], ignore_index=True),
        problems=collect_problems([part.log for part in parts]),
        accounts=tuple(part.accounting for part in parts),
        lineage=lineage,
        register=_register(parts),
        review=pd.DataFrame({name: pd.Series(dtype="str") for name in REVIEW_COLUMNS}).astype(
            {"celle": "Int64"}
        ),
    )


def _project(parts: Sequence[CleanedProject], table: Table, lineage: Lineage) -> CleanedSource:
    names = (table.name, *EXTRA_TABLES.get(table.name, ()))
    frames = {
        name: pd.concat(
            [empty_table(name), *(part.tables[name] for part in parts if name in part.tables)],
            ignore_index=True,
        )
        for name in names
    }
    return CleanedSource(
        table=frames[table.name],
        quarantine=pd.concat([part.quarantine for part in parts], ignore_index=True),
        problems=collect_problems([part.log for part in parts]),
        accounts=tuple(part.accounting for part in parts),
        lineage=lineage,
        register=_register(parts),
        review=pd.concat([part.review for part in parts], ignore_index=True),
        extra={name: frames[name] for name in names[1:]},
    )


def _register(parts: Sequence[CleanedOfficial] | Sequence[CleanedProject]) -> pd.DataFrame:
    register = CleaningRegister()
    for part in parts:
        for step in part.steps:
            register.add(step)
    texts = dict.fromkeys(("file", "foglio", "colonna", "regola"), "str")
    numbers = dict.fromkeys(("righe_prima", "righe_dopo", "celle"), "Int64")
    return register.to_frame().astype({**texts, **numbers})


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


def collect_problems(logs: Sequence[ProblemLog]) -> pd.DataFrame:
    """Return the problems of all sheets, one row each."""
    frames = [log.to_frame() for log in logs]
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
