"""From executed notebooks to a dossier: its sections, who signs, what it was made from."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from importlib.metadata import version
from pathlib import Path

from bgest_analysis.blocks import Block, block_from_json
from bgest_analysis.engine.context import current_job
from bgest_analysis.engine.job import Job
from bgest_analysis.engine.notebooks import extract_blocks, read_source
from bgest_analysis.engine.profiles import Profile, stamp_confidential
from bgest_analysis.engine.words import add_words, find_words, read_imprints
from bgest_analysis.pages.names import analysis_name
from bgest_analysis.report.dossier import Colophon, Dossier, InputFile, Meta, Section
from bgest_analysis.schema.lineage import Lineage
from bgest_analysis.schema.registry import TABLES
from bgest_analysis.schema.store import read_lineage
from bgest_analysis.study.model import Study
from bgest_analysis.text.messages import Message, T
from bgest_analysis.workspace import DISTRETTO, Workspace

OWN_PACKAGE = "bgest-analysis"
PRINTED_VERSIONS = ("pandas", "numpy", "statsmodels", "papermill", "matplotlib")


def make_dossier(workspace: Workspace, study: Study, job: Job) -> Dossier:
    """Gather the blocks of an area's notebooks into one dossier."""
    area = job.settings["area"]
    drawn = drawn_pictures(job)
    executed = {name: path for name, path in executed_notebooks(job).items() if name in drawn}
    lacks = job.settings["mancano"]
    sections = tuple(
        make_section(name, executed[name], area)
        if name in executed
        else Section(name, analysis_name(name), missing=why_absent(name, area, lacks))
        for name in sorted({*job.settings["analisi"], *lacks})
    )
    words = {item.analisi: item for item in find_words(workspace, study.aree) if item.area == area}
    kept = read_imprints(workspace)
    dossier = Dossier(
        id=area,
        title=title(study, area),
        subtitle=Message("{testo}", {"testo": study.sottotitolo}),
        sections=tuple(add_words(part, words.get(part.analisi), kept) for part in sections),
        colophon=colophon(workspace, study, job),
        meta=meta(workspace, study),
    )
    confidential = job.settings.get("profilo") == Profile.RISERVATO
    return stamp_confidential(dossier) if confidential else dossier


def title(study: Study, area: str) -> Message:
    """Return a dossier's title."""
    if area == DISTRETTO:
        return Message("{testo}", {"testo": study.titolo})
    return T("{titolo}: Ambito {nome}", titolo=study.titolo, nome=study.nome_area(area))


def make_section(analisi: str, path: Path, area: str) -> Section:
    """Return an executed notebook as a part of its area's dossier."""
    return Section(
        analisi=analisi,
        title=analysis_name(analisi),
        blocks=read_blocks(path),
        notebook=f"../../notebooks/{area}/{analisi}.ipynb",
    )


def drawn_pictures(job: Job) -> dict[str, Path]:
    """Return the files of the pictures a document can be made with, by analysis."""
    return {path.stem: path for path in job.wants if path.suffix == ".parquet" and path.is_file()}


def executed_notebooks(job: Job) -> dict[str, Path]:
    """Return the executed notebooks a document can be made from, by analysis."""
    return {path.stem: path for path in job.wants if path.suffix == ".ipynb" and path.is_file()}


def why_absent(analisi: str, area: str, lacks: Mapping[str, Sequence[str]]) -> Message:
    """Say why an analysis is not in the dossier: it waits for data, or it failed."""
    if analisi in lacks:
        return waiting_message(lacks[analisi])
    return T(
        "Questa analisi non è riuscita in questa esecuzione. Il notebook fermo, senza valori, è in "
        "notebooks/{area}/failed/; il motivo è nella risposta di bgest run.",
        area=area,
    )


def waiting_message(tables: Sequence[str]) -> Message:
    """Say which data an analysis waits for, and where they go."""
    bare = [name.removeprefix("tidy_").removeprefix("studio_") for name in tables]
    titles = [TABLES[name].title_it if name in TABLES else name for name in bare]
    return T(
        "Questa analisi attende i dati: {titles}. Mettere i file in {folders}; i modelli da "
        "compilare si ottengono con bgest new.",
        titles=titles,
        folders=[f"data/raw/{name}/" for name in bare],
    )


def read_blocks(path: Path) -> tuple[Block, ...]:
    """Return the blocks of an executed notebook, in order."""
    return tuple(block_from_json(data) for data in extract_blocks(read_source(path)))


def colophon(workspace: Workspace, study: Study, job: Job) -> Colophon:
    """Return what is needed to make the dossier again."""
    parameters = {
        name: str(value)
        for values in job.settings["parametri"].values()
        for name, value in values.items()
    }
    versions = [(name, version(name)) for name in (OWN_PACKAGE, *PRINTED_VERSIONS)]
    return Colophon(
        run_id=current_job().key[:12],
        inputs=input_files(workspace),
        versions=tuple(versions),
        parameters=tuple(sorted(parameters.items())),
        contacts=tuple(f"{key}: {value}" for key, value in study.contatti.items()),
    )


def input_files(workspace: Workspace) -> tuple[InputFile, ...]:
    """Return the raw files under all cleaned sources, with hash, origin and citation."""
    parts = sorted((workspace.processed / "fonti").glob("*/*/pulito.parquet"))
    return tuple(_input_file(read_lineage(path)) for path in parts)


def _input_file(lineage: Lineage) -> InputFile:
    source = lineage.inputs[0]
    return InputFile(source.path, source.sha256, str(lineage.origin), source.citazione)


def meta(workspace: Workspace, study: Study) -> Meta:
    """Return who signs, who pays, when."""
    return Meta(
        study_id=study.id,
        study_title=study.titolo,
        date=dt.date.fromisoformat(study.documenti.data),
        authors=study.documenti.autori,
        institution=study.documenti.istituzione,
        fund_statement=study.progetto.cofinanziamento,
        logos=tuple(workspace.root / logo for logo in study.documenti.loghi),
    )
