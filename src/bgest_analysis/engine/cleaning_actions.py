"""What the jobs from raw files to tidy tables do: calls into ``clean``, nothing computed here."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from bgest_analysis.clean.checks.run import check_tables
from bgest_analysis.clean.corrections import load_decisions
from bgest_analysis.clean.meetings import link_meetings
from bgest_analysis.clean.merge import merge_parts
from bgest_analysis.clean.official.cross import check_foreigners
from bgest_analysis.clean.persons import pair_reviews
from bgest_analysis.clean.project.files import PROJECT_TABLES, needs_key
from bgest_analysis.clean.review import gather_reviews, write_review
from bgest_analysis.clean.sources import clean_source
from bgest_analysis.engine.cleaning import named, study_key
from bgest_analysis.engine.files import write_json
from bgest_analysis.engine.job import Job
from bgest_analysis.privacy.matching import apply_decisions, match_persons
from bgest_analysis.schema.contract import validate_table
from bgest_analysis.schema.lineage import combine
from bgest_analysis.schema.registry import find_table
from bgest_analysis.schema.store import read_lineage, read_table, write_table
from bgest_analysis.study.load import load_study
from bgest_analysis.study.model import Fonte
from bgest_analysis.workspace import Workspace

RISCONTRI = "riscontri"
MEETINGS = "tidy_incontri.parquet"


def clean(workspace: Workspace, job: Job) -> None:
    """Clean one raw file."""
    study = load_study(workspace)
    fonte = Fonte(job.settings["tabella"], job.settings["file"])
    persons = fonte.tabella in PROJECT_TABLES and needs_key(find_table(fonte.tabella))
    key = study_key(workspace, study) if persons else None
    cleaned = clean_source(workspace, study, fonte, key)
    frames = {
        "pulito.parquet": cleaned.table,
        "quarantena.parquet": cleaned.quarantine,
        "problemi.parquet": cleaned.problems,
        "registro.parquet": cleaned.register,
        "da_rivedere.parquet": cleaned.review,
        **{f"{name}.parquet": frame for name, frame in cleaned.extra.items()},
    }
    facts = {"tabella": fonte.tabella, **({"chiave": key.id} if key else {})}
    for name, frame in frames.items():
        write_table(named(job, name), frame, cleaned.lineage, facts)
    accounts = {"conti": [item.to_json() for item in cleaned.accounts]}
    write_json(named(job, "conti.json"), accounts, indent=1)


def tidy(workspace: Workspace, job: Job) -> None:
    """Stack the parts of one table."""
    table = find_table(job.settings["tabella"])
    frames = {path: read_table(path) for path in job.inputs}
    meetings = [frames.pop(path) for path in job.inputs if path.name == MEETINGS]
    parts = [link_meetings(part, meetings[0]) if meetings else part for part in frames.values()]
    merged, log = merge_parts(parts, table)
    validate_table(merged, table)
    logs = [log, *(check_foreigners(merged) if table.name == "popolazione" else [])]
    lineage = combine(read_lineage(path) for path in job.inputs)
    write_table(job.outputs[0], merged, lineage, {"tabella": table.full_name})
    problems = pd.concat([one.to_frame() for one in logs], ignore_index=True)
    write_table(job.outputs[1], problems, lineage)


def persons(workspace: Workspace, job: Job) -> None:
    """Compare the persons of all files; what people decided on a pair stands."""
    features = read_table(job.inputs[0])
    lineage = read_lineage(job.inputs[0])
    decided = load_decisions(workspace.raw).pairs()
    pairs = apply_decisions(match_persons(features), decided)
    table = find_table("coppie_persone")
    validate_table(pairs, table)
    write_table(job.outputs[0], pairs, lineage, {"tabella": table.full_name})
    write_review(job.outputs[1], pair_reviews(pairs, features))


def checks(workspace: Workspace, job: Job) -> None:
    """Compare the tables with each other."""
    study = load_study(workspace)
    paths = [path for path in job.inputs if path.suffix == ".parquet"]
    frames = {path.stem.removeprefix("tidy_"): read_table(path) for path in paths}
    found = check_tables(frames, study)
    table = find_table(RISCONTRI)
    validate_table(found, table)
    lineage = combine(read_lineage(path) for path in paths)
    write_table(job.outputs[0], found, lineage, {"tabella": table.full_name})


def review(workspace: Workspace, job: Job) -> None:
    """Write, for each table, the values that wait for a person."""
    waiting = gather_reviews([read_table(path) for path in job.inputs])
    for path in job.outputs:
        own = waiting[waiting["tabella"] == path.stem]
        write_review(path, own.reset_index(drop=True))


def quality(workspace: Workspace, job: Job) -> None:
    """Gather the accounts, problems, register and open questions of all files."""
    tables = [path for path in job.inputs if path.suffix == ".parquet"]
    lineage = combine(read_lineage(path) for path in tables)
    conti, problemi, registro, da_rivedere = job.outputs
    accounts = [path for path in job.inputs if path.name == "conti.json"]
    write_table(conti, _accounts_frame(accounts), lineage)
    write_table(problemi, _stacked(tables, "problemi.parquet"), lineage)
    write_table(registro, _stacked(tables, "registro.parquet"), lineage)
    waiting = [read_table(path) for path in tables if path.name == "da_rivedere.parquet"]
    write_table(da_rivedere, gather_reviews(waiting), lineage)


def _stacked(paths: Sequence[Path], ending: str) -> pd.DataFrame:
    return pd.concat(
        [read_table(path) for path in paths if path.name.endswith(ending)], ignore_index=True
    )


def _accounts_frame(files: Sequence[Path]) -> pd.DataFrame:
    frame = pd.DataFrame([_account_row(path) for path in files])
    counts = ["righe_lette", "righe_pulite", "quarantena", "scartate", "segnalazioni"]
    return frame.astype(dict.fromkeys(counts, "Int64")).sort_values("file", ignore_index=True)


def _account_row(path: Path) -> dict[str, Any]:
    accounts = json.loads(path.read_text(encoding="utf-8"))["conti"]
    lineage = read_lineage(path.with_name("pulito.parquet"))
    problems = read_table(path.with_name("problemi.parquet"))
    sums = {
        key: sum(item[key] for item in accounts)
        for key in ("righe_lette", "righe_pulite", "quarantena")
    }
    return {
        "file": lineage.inputs[0].path,
        "tabella": path.parent.parent.name,
        **sums,
        "scartate": sum(sum(item["scartate"].values()) for item in accounts),
        "segnalazioni": len(problems),
        "sha256": lineage.inputs[0].sha256,
    }
