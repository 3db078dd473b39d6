"""The jobs from raw files to tidy tables: cleaning, stacking, persons, checks, what to review."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from bgest_analysis.clean.corrections import decision_files
from bgest_analysis.clean.project.files import EXTRA_TABLES, PROJECT_TABLES, needs_key
from bgest_analysis.engine.job import Job, Step
from bgest_analysis.errors import PrivacyGateClosed
from bgest_analysis.privacy.pseudonyms import Key, key_folder, key_path, load_key
from bgest_analysis.schema.model import Origin
from bgest_analysis.schema.registry import TABLES
from bgest_analysis.study.model import Fonte, Study
from bgest_analysis.workspace import Workspace

ACTIONS = "bgest_analysis.engine.cleaning_actions"
PARTS = (
    "pulito.parquet",
    "quarantena.parquet",
    "problemi.parquet",
    "conti.json",
    "registro.parquet",
    "da_rivedere.parquet",
)
QUALITY_TABLES = ("tidy_conti", "tidy_problemi", "tidy_registro", "tidy_da_rivedere")
REVIEW_FOLDER = "da_rivedere"
FEATURES, PAIRS = "impronte_persone", "coppie_persone"


def study_key(workspace: Workspace, study: Study) -> Key:
    """Return the key of a study's pseudonyms.

    Raises
    ------
    PrivacyGateClosed
        If there is none, or it cannot be trusted.
    """
    path = key_path(key_folder(os.environ, Path.home()), study.id)
    origin = Origin.SINTETICA if study.origine == Origin.SINTETICA else Origin.PROGETTO
    return load_key(path, workspace.root, origin)


def key_name(workspace: Workspace, study: Study) -> str:
    """Return the id of a study's key, ``""`` when there is no usable one."""
    try:
        return study_key(workspace, study).id
    except PrivacyGateClosed:
        return ""


@dataclass(frozen=True)
class CleaningPlan:
    """Makes the jobs from raw files to tidy tables.

    Parameters
    ----------
    study_files
        Files every job depends on.
    """

    workspace: Workspace
    study: Study
    study_files: tuple[Path, ...]

    def clean_jobs(self) -> list[Job]:
        """Return one job a raw file."""
        return [self._clean_job(fonte) for fonte in self.study.fonti]

    def _clean_job(self, fonte: Fonte) -> Job:
        name = Path(fonte.file).name.replace(".", "_")
        folder = self.workspace.processed / "fonti" / fonte.tabella / name
        raw = self.workspace.root / fonte.file
        beside = raw.with_suffix(".source.toml")
        described = (beside,) if beside.is_file() else ()
        extra = tuple(f"{table}.parquet" for table in EXTRA_TABLES.get(fonte.tabella, ()))
        return Job(
            id=f"clean/{fonte.tabella}/{Path(fonte.file).name}",
            step=Step.CLEAN,
            action=f"{ACTIONS}:clean",
            inputs=(raw, *described, *self._decided(fonte.tabella), *self.study_files),
            outputs=tuple(folder / part for part in (*PARTS, *extra)),
            settings={
                "tabella": fonte.tabella,
                "file": fonte.file,
                "chiave": self._key_of(fonte.tabella),
            },
        )

    def _decided(self, table: str) -> tuple[Path, ...]:
        return decision_files(self.workspace.raw) if table in PROJECT_TABLES else ()

    def _key_of(self, table: str) -> str:
        named = table in PROJECT_TABLES and needs_key(TABLES[table])
        return key_name(self.workspace, self.study) if named else ""

    def tidy_jobs(self, clean: Sequence[Job]) -> list[Job]:
        """Return the jobs that stack parts, match persons, compare tables, gather accounts."""
        parts = _parts_by_table(clean)
        jobs = [self._tidy_job(table, paths) for table, paths in sorted(parts.items())]
        if FEATURES in parts:
            jobs.append(self._persons_job(self.tidy(FEATURES)))
        project = [job for job in jobs if job.settings.get("tabella") in PROJECT_TABLES]
        if project:
            jobs += [self._checks_job(project), self._review_job(clean, project)]
        return [*jobs, self._quality_job(clean, jobs)]

    def _tidy_job(self, table: str, parts: Sequence[Path]) -> Job:
        meetings = (self.tidy("incontri"),) if table == "presenze" else ()
        return Job(
            id=f"tidy/{table}",
            step=Step.TIDY,
            action=f"{ACTIONS}:tidy",
            inputs=(*parts, *meetings),
            outputs=(self.tidy(table), self.tidy(f"{table}.problemi")),
            settings={"tabella": table},
        )

    def _persons_job(self, features: Path) -> Job:
        return Job(
            id=f"tidy/{PAIRS}",
            step=Step.TIDY,
            action=f"{ACTIONS}:persons",
            inputs=(features, *decision_files(self.workspace.raw)),
            outputs=(self.tidy(PAIRS), self.review(PAIRS)),
        )

    def _checks_job(self, project: Sequence[Job]) -> Job:
        return Job(
            id="tidy/riscontri",
            step=Step.TIDY,
            action=f"{ACTIONS}:checks",
            inputs=(*(job.outputs[0] for job in project), *self.study_files),
            outputs=(self.tidy("riscontri"),),
        )

    def _review_job(self, clean: Sequence[Job], project: Sequence[Job]) -> Job:
        tables = [job.settings["tabella"] for job in project]
        own = [job for job in clean if job.settings["tabella"] in PROJECT_TABLES]
        return Job(
            id="tidy/da_rivedere",
            step=Step.TIDY,
            action=f"{ACTIONS}:review",
            inputs=tuple(named(job, "da_rivedere.parquet") for job in own),
            outputs=tuple(self.review(table) for table in tables),
        )

    def _quality_job(self, clean: Sequence[Job], tidy: Sequence[Job]) -> Job:
        parts = ("problemi.parquet", "conti.json", "registro.parquet", "da_rivedere.parquet")
        merged = [path for job in tidy for path in job.outputs if path.name.endswith(MERGE_LOG)]
        return Job(
            id="tidy/qualita",
            step=Step.TIDY,
            action=f"{ACTIONS}:quality",
            inputs=(*(named(job, part) for part in parts for job in clean), *merged),
            outputs=tuple(self.workspace.processed / f"{name}.parquet" for name in QUALITY_TABLES),
        )

    def tidy(self, table: str) -> Path:
        """Return where a tidy table goes."""
        return self.workspace.processed / f"tidy_{table}.parquet"

    def review(self, table: str) -> Path:
        """Return where the list of a table's values to review goes."""
        return self.workspace.processed / REVIEW_FOLDER / f"{table}.xlsx"


MERGE_LOG = ".problemi.parquet"


def named(job: Job, name: str) -> Path:
    """Return the output of a job that has a name."""
    return next(path for path in job.outputs if path.name == name)


def _parts_by_table(clean: Sequence[Job]) -> Mapping[str, list[Path]]:
    """Return table -> the parts of it that the files give."""
    parts: dict[str, list[Path]] = {}
    for job in clean:
        table = job.settings["tabella"]
        parts.setdefault(table, []).append(job.outputs[0])
        for extra in EXTRA_TABLES.get(table, ()):
            parts.setdefault(extra, []).append(named(job, f"{extra}.parquet"))
    return parts
