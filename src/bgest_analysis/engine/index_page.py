"""What the entry page says, gathered from the executed notebooks and the documents."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from pathlib import Path

from bgest_analysis.blocks import Block, Kind
from bgest_analysis.engine.dossiers import (
    colophon,
    input_files,
    read_blocks,
    why_absent,
)
from bgest_analysis.engine.job import Job
from bgest_analysis.notebook.style import chart_style
from bgest_analysis.pages.build import MISSING_PREFIX
from bgest_analysis.pages.names import analysis_name
from bgest_analysis.report.index import (
    AnalysisRow,
    AreaEntry,
    DocumentLink,
    IndexPage,
    SourceRow,
    State,
    render_index,
)
from bgest_analysis.schema.model import Origin
from bgest_analysis.schema.store import read_lineage
from bgest_analysis.study.model import Study
from bgest_analysis.text.messages import Message, T
from bgest_analysis.workspace import DISTRETTO, Workspace

HEADLINE = ("01_territorio", "incidenza_aree")
MAP = ("01_territorio", "mappa_comuni")
EXAMPLE = (
    (
        T("Studio sintetico di esempio: che cosa diventa ogni analisi con i dati"),
        "esempio/index.html",
    ),
)
FORMATS = {".html": "web", ".docx": "Word", ".pdf": "PDF", ".xlsx": "Excel"}


def make_index(workspace: Workspace, study: Study, job: Job) -> str:
    """Return the entry page of a run."""
    notebooks = [p for p in job.wants if p.suffix == ".ipynb" and p.is_file()]
    blocks = {(path.parent.name, path.stem): read_blocks(path) for path in notebooks}
    page = IndexPage(
        study_title=study.titolo,
        title=Message("{testo}", {"testo": study.titolo}),
        intro=T(
            "Valutazione del territorio e del modello di integrazione: un dossier per "
            "l'insieme e uno per ogni Ambito, dalle stesse analisi."
        ),
        date=dt.date.fromisoformat(study.documenti.data),
        areas=tuple(
            area_entry(workspace, study, job, area, blocks) for area in job.settings["aree"]
        ),
        sources=source_rows(workspace),
        colophon=colophon(workspace, study, job),
        headline=find_block(blocks, *HEADLINE),
        map=find_block(blocks, *MAP),
        counts=(
            (T("notebook eseguiti"), len(notebooks)),
            (T("file letti"), len(input_files(workspace))),
        ),
        others=EXAMPLE if job.settings["esempio"] else (),
        fund_statement=study.progetto.cofinanziamento,
        synthetic=study.origine == Origin.SINTETICA,
    )
    return render_index(page, study.lingua, chart_style(study))


def find_block(
    blocks: dict[tuple[str, str], tuple[Block, ...]], analisi: str, id: str
) -> Block | None:
    """Return a block of the whole's notebook, if it was made."""
    found = blocks.get((DISTRETTO, analisi), ())
    return next((block for block in found if block.id == id), None)


def area_entry(
    workspace: Workspace,
    study: Study,
    job: Job,
    area: str,
    blocks: dict[tuple[str, str], tuple[Block, ...]],
) -> AreaEntry:
    """Return an area's documents and analyses."""
    own = {analisi: found for (place, analisi), found in blocks.items() if place == area}
    documents = [p for p in job.wants if p.suffix in FORMATS and p.parent.name == area]
    rows = [analysis_row(area, name, found) for name, found in own.items()]
    lacks = job.settings["mancano"]
    rows += [
        absent_row(name, area, lacks)
        for name in sorted({*job.settings["analisi"], *lacks} - set(own))
    ]
    return AreaEntry(
        id=area,
        name=study.nome_area(area),
        documents=tuple(document_link(workspace, path) for path in documents),
        analyses=tuple(sorted(rows, key=lambda row: row.analisi)),
        synthetic=study.origine == Origin.SINTETICA,
    )


def document_link(workspace: Workspace, path: Path) -> DocumentLink:
    """Return the address of a document, relative to the entry page."""
    language = path.parent.parent.name
    href = path.relative_to(workspace.reports).as_posix()
    return DocumentLink(language, FORMATS[path.suffix], href)


def analysis_row(area: str, analisi: str, blocks: tuple[Block, ...]) -> AnalysisRow:
    """Say how far an analysis got, and what it lacks."""
    lacks = [block for block in blocks if block.id.startswith(MISSING_PREFIX)]
    shows = any(block.kind in (Kind.TABLE, Kind.FIGURE) for block in blocks)
    state = State.DONE if not lacks else (State.PARTIAL if shows else State.MISSING)
    return AnalysisRow(
        analisi=analisi,
        title=analysis_name(analisi),
        state=state,
        note=lacks[0].text if lacks else None,
        notebook=f"notebooks/{area}/{analisi}.ipynb",
    )


def absent_row(analisi: str, area: str, lacks: Mapping[str, Sequence[str]]) -> AnalysisRow:
    """Say why an analysis is not there: it waits for data, or it failed."""
    state = State.MISSING if analisi in lacks else State.FAILED
    return AnalysisRow(analisi, analysis_name(analisi), state, why_absent(analisi, area, lacks))


def source_rows(workspace: Workspace) -> tuple[SourceRow, ...]:
    """Return the files read, with publisher, vintage and hash."""
    parts = sorted((workspace.processed / "fonti").glob("*/*/pulito.parquet"))
    return tuple(_source_row(path) for path in parts)


def _source_row(path: Path) -> SourceRow:
    lineage = read_lineage(path)
    source = lineage.inputs[0]
    publisher, _, title = source.citazione.partition(", ")
    return SourceRow(
        path=source.path,
        title=title,
        publisher=publisher,
        vintage=source.annata,
        origin=str(lineage.origin),
        sha256=source.sha256,
    )
