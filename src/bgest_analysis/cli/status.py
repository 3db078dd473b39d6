"""``bgest status``: what is stale and why, the last run, what is in quarantine."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

from bgest_analysis.cli.main import message_language
from bgest_analysis.engine.manifest import read_manifest
from bgest_analysis.engine.plan import Planner
from bgest_analysis.engine.profiles import Profile
from bgest_analysis.engine.request import Request
from bgest_analysis.engine.staleness import JobStatus, survey
from bgest_analysis.errors import DONE
from bgest_analysis.schema.store import read_table
from bgest_analysis.study.load import load_study
from bgest_analysis.text.messages import T
from bgest_analysis.workspace import Workspace


def execute(options: argparse.Namespace) -> int:
    """Say where the study stands, without changing anything."""
    workspace = Workspace.find(options.study or Path.cwd())
    study = load_study(workspace)
    statuses = survey(workspace, Planner(workspace, study, last_request(workspace)).all_jobs())
    language = message_language(options)
    if options.json:
        print(json.dumps(to_json(statuses, language), ensure_ascii=False))
        return DONE
    for line in summary(workspace, statuses):
        print(line.render(language))
    if options.explain:
        for status in statuses:
            for reason in status.reasons:
                print(f"  {status.job.id}: {reason.message().render(language)}")
    return DONE


def last_request(workspace: Workspace) -> Request:
    """Return what the last run was asked for, so that status speaks of the same documents."""
    manifest = read_manifest(workspace)
    if manifest is None:
        return Request()
    asked = manifest["parametri"]
    profile = asked.get("profilo")
    return Request(
        areas=tuple(asked["aree"]),
        notebooks=tuple(asked["analisi"]),
        languages=tuple(asked["lingue"]),
        parameters=asked["parametri"],
        example=bool(asked.get("esempio", False)),
        profile=Profile(profile) if profile in list(Profile) else Profile.INTERNO,
    )


def summary(workspace: Workspace, statuses: list[JobStatus]) -> list[Any]:
    """Return the lines everybody wants to see."""
    stale = [status for status in statuses if status.reasons]
    lines = [
        T("lavori: {n:int}, da rifare: {stale:int}", n=len(statuses), stale=len(stale)),
        _last_run(workspace),
    ]
    accounts = workspace.processed / "tidy_conti.parquet"
    if accounts.is_file():
        table = read_table(accounts)
        aside = table[table["quarantena"] > 0]
        lines.append(T("righe in quarantena: {n:int}", n=int(table["quarantena"].sum())))
        lines += [
            T("  {file}: {n:int}", file=row.file, n=row.quarantena) for row in aside.itertuples()
        ]
    return lines


def _last_run(workspace: Workspace) -> Any:
    manifest = read_manifest(workspace)
    if manifest is None:
        return T("nessuna esecuzione completa: eseguire bgest run")
    failed = [job["id"] for job in manifest["lavori"] if job["stato"] != "fatto"]
    return T(
        "ultima esecuzione: {n:int} lavori, non riusciti o saltati {failed:int}; {file}",
        n=len(manifest["lavori"]),
        failed=len(failed),
        file=workspace.relative(workspace.reports / "index.html"),
    )


def to_json(statuses: list[JobStatus], language: str) -> list[dict[str, Any]]:
    """Return jobs and reasons for another program."""
    return [
        {
            "lavoro": status.job.id,
            "da_rifare": bool(status.reasons),
            "motivi": [reason.message().render(language) for reason in status.reasons],
        }
        for status in statuses
    ]
