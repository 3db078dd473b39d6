"""What ``bgest run`` does when there is something to do."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import replace
from importlib.metadata import version
from pathlib import Path
from typing import Any

from bgest_analysis.cli.asking import read_request
from bgest_analysis.cli.main import message_language
from bgest_analysis.cli.progress import Reporter
from bgest_analysis.cli.run import Target, asked_for
from bgest_analysis.engine.backend import Backend
from bgest_analysis.engine.crate import CrateFacts, write_crate
from bgest_analysis.engine.engines import EngineName, open_backend, open_cluster
from bgest_analysis.engine.imprints import keep_imprints
from bgest_analysis.engine.job import Job
from bgest_analysis.engine.manifest import read_manifest
from bgest_analysis.engine.plan import Planner
from bgest_analysis.engine.quick import forget_run, remember_run
from bgest_analysis.engine.request import Request, check_request
from bgest_analysis.engine.runner import RunResult, RunSettings, run_jobs
from bgest_analysis.errors import DONE
from bgest_analysis.example.write import write_example
from bgest_analysis.schema.store import read_table
from bgest_analysis.study.load import load_study
from bgest_analysis.study.model import Study
from bgest_analysis.text.messages import T
from bgest_analysis.workspace import Workspace


def execute(options: argparse.Namespace, target: Target) -> int:
    """Run the stale jobs of one study and say how it went."""
    workspace = target.workspace
    if target.synthetic and not workspace.study_file.is_file():
        write_example(workspace.root)
    study = load_study(workspace)
    request = replace(read_request(options), areas=target.areas, example=target.beside)
    check_request(workspace, study, request)
    jobs = Planner(workspace, study, request).all_jobs()
    settings = RunSettings(parameters=asked(request, study), rehash=options.rehash)
    language = message_language(options)
    backend = chosen_backend(options, workspace, jobs)
    with Reporter(language, options.json) as reporter:
        result = run_jobs(workspace, jobs, backend, settings, reporter)
        if result.exit_code == DONE and keep_imprints(workspace, study, jobs):
            jobs = Planner(workspace, study, request).all_jobs()
            backend = chosen_backend(options, workspace, jobs)
            again = run_jobs(workspace, jobs, backend, settings, reporter)
            result = after_both(result, again)
    describe_run(workspace, study)
    remember(target, asked_for(options, target), jobs, result, language)
    if not options.json:
        print("\n".join(closing_lines(workspace, result, language)))
    return result.exit_code


def chosen_backend(
    options: argparse.Namespace, workspace: Workspace, jobs: Sequence[Job]
) -> Backend:
    """Return what does the jobs: this machine, or the workers of a Dask scheduler."""
    if options.scheduler:
        return open_cluster(workspace, jobs, options.scheduler)
    engine = EngineName(options.engine) if options.engine else None
    return open_backend(workspace, jobs, max(1, options.jobs), engine)


def after_both(first: RunResult, again: RunResult) -> RunResult:
    """Return how a run went whose documents were made once more, with their imprints."""
    made = {*first.done, *again.done}
    done = (*first.done, *(name for name in again.done if name not in first.done))
    current = tuple(name for name in again.current if name not in made)
    return replace(again, done=done, current=current)


def describe_run(workspace: Workspace, study: Study) -> None:
    """Write the RO-Crate of a complete run."""
    manifest = read_manifest(workspace)
    if manifest is None:
        return
    facts = CrateFacts(
        title=study.titolo,
        description=study.sottotitolo,
        published=study.documenti.data,
        licence=study.documenti.licenza,
        version=version("bgest-analysis"),
    )
    write_crate(workspace, manifest, facts)


def remember(
    target: Target,
    asked_words: Sequence[str],
    jobs: Sequence[Job],
    result: RunResult,
    language: str,
) -> None:
    """Remember a run that did all it was asked, so that the next one can say so at once."""
    workspace = target.workspace
    if result.exit_code != DONE:
        forget_run(workspace)
        return
    current = RunResult(current=tuple(job.id for job in jobs))
    remember_run(workspace, asked_words, jobs, closing_lines(workspace, current, language))


def asked(request: Request, study: Study) -> dict[str, Any]:
    """Return the request as ``run.json`` records it."""
    return {
        "studio": study.id,
        "aree": list(request.areas or study.aree),
        "analisi": list(request.notebooks),
        "lingue": list(request.languages or (study.lingua,)),
        "parametri": dict(request.parameters or {}),
        "esempio": request.example,
        "profilo": str(request.profile),
    }


def closing_lines(workspace: Workspace, result: RunResult, language: str) -> list[str]:
    """Say what happened, where the results are, and what to type next."""
    lines = [
        T(
            "fatti {done:int} lavori, {current:int} erano già aggiornati, {failed:int} non "
            "riusciti, {skipped:int} saltati",
            done=len(result.done),
            current=len(result.current),
            failed=len(result.failed),
            skipped=len(result.skipped),
        ).render(language)
    ]
    accounts = workspace.processed / "tidy_conti.parquet"
    if accounts.is_file():
        lines.append(accounts_line(accounts, language))
    index = workspace.reports / "index.html"
    if index.is_file():
        lines.append(T("risultati: {file}", file=str(index)).render(language))
    return [*lines, T("poi: bgest status --explain; bgest check FILE").render(language)]


def accounts_line(accounts: Path, language: str) -> str:
    """Return the sums of the cleaning: rows read, kept, in quarantine, dropped."""
    sums = read_table(accounts)[["righe_lette", "righe_pulite", "quarantena", "scartate"]].sum()
    message = T(
        "righe lette {read:int} = pulite {kept:int} + quarantena {aside:int} + scartate "
        "{dropped:int}",
        read=int(sums["righe_lette"]),
        kept=int(sums["righe_pulite"]),
        aside=int(sums["quarantena"]),
        dropped=int(sums["scartate"]),
    )
    return message.render(language)
