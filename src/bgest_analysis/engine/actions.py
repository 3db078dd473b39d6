"""What each kind of job does: calls into the layers below, nothing computed here."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from bgest_analysis.engine.dossiers import drawn_pictures, make_dossier, make_section
from bgest_analysis.engine.files import write_whole
from bgest_analysis.engine.index_page import FORMATS, make_index
from bgest_analysis.engine.job import Job
from bgest_analysis.engine.notebooks import execute_notebook, extract_results
from bgest_analysis.engine.pictures import keep_pictures, kept_pictures
from bgest_analysis.engine.plan import STUDY_PREFIX
from bgest_analysis.engine.profiles import study_for
from bgest_analysis.indicators.registry import BY_NAME
from bgest_analysis.notebook.style import chart_style
from bgest_analysis.privacy.protect import Candidate, protect_tables
from bgest_analysis.report.charts.render import render_figures
from bgest_analysis.report.excel import write_excel
from bgest_analysis.report.html.render import Links, render_html
from bgest_analysis.report.pdf.render import render_pdf
from bgest_analysis.report.word.render import render_word
from bgest_analysis.schema.contract import validate_table
from bgest_analysis.schema.lineage import Input, Lineage, combine
from bgest_analysis.schema.model import Origin, Table
from bgest_analysis.schema.results import RISULTATI
from bgest_analysis.schema.store import read_lineage, read_table, write_table
from bgest_analysis.study.load import load_study
from bgest_analysis.study.model import Study
from bgest_analysis.workspace import Workspace


def indicator(workspace: Workspace, job: Job) -> None:
    """Make one indicator table."""
    study = study_for(load_study(workspace), job.settings)
    made = BY_NAME[job.settings["indicatore"]]
    paths = [path for path in job.reads if path.suffix == ".parquet" and path.is_file()]
    frames = {path.stem: read_table(path) for path in paths}
    frame = made.compute(frames, study)
    validate_table(frame, made.table)
    own = study_lineage(workspace, study, made.reads)
    lineage = combine([*(read_lineage(path) for path in paths), own])
    write_table(job.outputs[0], frame, lineage, {"tabella": made.table.full_name})


def study_lineage(workspace: Workspace, study: Study, reads: Sequence[str]) -> Lineage:
    """Return the lineage that the study's own tables give (its slides are public)."""
    names = [name.removeprefix(STUDY_PREFIX) for name in reads if name.startswith(STUDY_PREFIX)]
    inputs = tuple(_study_input(workspace, study.tabelle[name]) for name in names)
    synthetic = study.origine == Origin.SINTETICA
    return Lineage(Origin.SINTETICA if synthetic else Origin.PUBBLICA, inputs)


def _study_input(workspace: Workspace, frame: pd.DataFrame) -> Input:
    file = frame.attrs["file"]
    digest = hashlib.sha256((workspace.root / file).read_bytes()).hexdigest()
    cited = sorted(set(frame["fonte"])) if "fonte" in frame.columns else []
    return Input(file, digest, "; ".join(text for text in cited if text))


def protect(workspace: Workspace, job: Job) -> None:
    """Decide over all indicator tables at once which cells are not shown."""
    candidates = {
        path.stem: Candidate(_indicator_table(path), read_table(path), read_lineage(path))
        for path in job.wants
        if path.is_file()
    }
    base = job.settings.get("arrotondamento", 1)
    protected = protect_tables(candidates, job.settings["soglia"], base)
    for name, frame in protected.items():
        path = job.folders[0] / f"{name}.parquet"
        write_table(path, frame, candidates[name].lineage, {"tabella": name})


def _indicator_table(path: Path) -> Table:
    return BY_NAME[path.stem].table


def notebook(workspace: Workspace, job: Job) -> None:
    """Run one analysis for one area, keep its notebook and its headline results."""
    executed, results = job.outputs
    nb = execute_notebook(job.inputs[0], executed, job.settings["parametri"], workspace.root)
    rows = extract_results(nb)
    origins = {Origin(row["origine"]) for row in rows} | {Origin.PUBBLICA}
    lineage = combine([*(Lineage(origin) for origin in origins), *_lineages(job.reads)])
    write_table(
        results, results_frame(rows), lineage, {"tabella": f"ris_{job.settings['analisi']}"}
    )


def _lineages(paths: tuple[Path, ...]) -> list[Lineage]:
    there = [path for path in paths if path.suffix == ".parquet" and path.is_file()]
    return [read_lineage(path) for path in there]


def results_frame(rows: list[dict[str, Any]]) -> pd.DataFrame:
    """Return the rows an analysis recorded, in the columns of the results contract."""
    names = RISULTATI.column_names
    frame = pd.DataFrame(rows, columns=names)
    return frame.astype({column.name: column.dtype for column in RISULTATI.columns})


def figures(workspace: Workspace, job: Job) -> None:
    """Draw the figures of one executed notebook in one language."""
    section = make_section(job.settings["analisi"], job.inputs[0], job.settings["area"])
    style = chart_style(load_study(workspace))
    keep_pictures(job.outputs[0], render_figures([section], job.settings["lingua"], style))


def documents(workspace: Workspace, job: Job) -> None:
    """Write the documents of one area in one language."""
    study = load_study(workspace)
    dossier = make_dossier(workspace, study, job)
    language = job.settings["lingua"]
    pictures = kept_pictures(drawn_pictures(job).values())
    html, word, pdf, excel = job.outputs
    template = study.documenti.modello_word
    own = workspace.root / template if template else None
    write_whole(html, render_html(dossier, language, pictures, neighbours(study, job)))
    word.write_bytes(render_word(dossier, language, pictures, own))
    pdf.write_bytes(render_pdf(dossier, language, pictures))
    write_excel(dossier, language, excel)
    for (analisi, name), picture in pictures.items():
        stem = job.folders[0] / f"{analisi}.{name}"
        write_whole(stem.with_name(stem.name + ".svg"), picture.svg)
        stem.with_name(stem.name + ".png").write_bytes(picture.png)


def neighbours(study: Study, job: Job) -> Links:
    """Return the addresses a dossier's page points to."""
    own = job.settings["lingua"]
    names = [(FORMATS[path.suffix], path.name) for path in job.outputs if path.suffix != ".html"]
    others = [code for code in job.settings["lingue"] if code != own]
    return Links(
        index="../../index.html",
        languages={code: f"../../{code}/{job.settings['area']}/dossier.html" for code in others},
        files=tuple(names),
    )


def index(workspace: Workspace, job: Job) -> None:
    """Write the entry page."""
    study = load_study(workspace)
    write_whole(job.outputs[0], make_index(workspace, study, job))
