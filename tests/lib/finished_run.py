"""A finished run in a folder, as ``bgest run`` leaves it, made from blocks in a second."""

from __future__ import annotations

import dataclasses
import hashlib
import json
from collections.abc import Sequence
from pathlib import Path

import nbformat
import pandas as pd

from bgest_analysis.blocks import Block, Column, Grid, Kind
from bgest_analysis.engine.job import name_of
from bgest_analysis.report.charts.render import render_figures
from bgest_analysis.report.dossier import Dossier, Section
from bgest_analysis.report.excel import write_excel
from bgest_analysis.report.html.render import render_html
from bgest_analysis.report.pdf.render import render_pdf
from bgest_analysis.report.word.render import render_word
from bgest_analysis.schema.lineage import Lineage
from bgest_analysis.schema.model import Origin
from bgest_analysis.schema.store import write_table
from bgest_analysis.study.load import load_study
from bgest_analysis.study.model import Study
from bgest_analysis.text.formats import Hidden
from bgest_analysis.text.messages import Message, T
from bgest_analysis.workspace import Workspace
from tests.lib.report_samples import DOSSIER, STYLE

TABLE = "ind_autonomia"
HEADS = (
    Column("area", Message("Area"), "text"),
    Column("casi_seguiti", Message("Casi seguiti"), "int"),
    Column("migliorati", Message("Migliorati"), "int"),
)
ROWS = (("Nord", 1230, 40), ("Sud", 25, Hidden(10)), ("Ovest", Hidden(10), Hidden(None)))


def people_block(rows: Sequence[tuple[object, ...]] = ROWS, **more: object) -> Block:
    """Return a table of counts of persons as the protect job would have left it."""
    values: dict[str, object] = {
        "text": Message("Casi e autonomia"),
        "alt": Message("Casi per area"),
        "source": Message("Registro inventato"),
        "n": T("n = {n:int} casi", n=1255),
        "origin": "progetto",
        "tables": (TABLE,),
        "grid": Grid(HEADS, tuple(rows)),
    }
    return Block("casi", Kind.TABLE, **(values | more))  # type: ignore[arg-type]


@dataclasses.dataclass
class FinishedRun:
    """A study whose documents are written; ``seal`` writes the manifest over what is there."""

    workspace: Workspace
    profile: str = "pubblicazione"
    states: tuple[str, ...] = ("fatto",)

    @property
    def study(self) -> Study:
        return load_study(self.workspace)

    @property
    def folder(self) -> Path:
        return self.workspace.reports / "it" / "distretto"

    def write(self, *blocks: Block, author: str = "Anna Bìanchi") -> FinishedRun:
        meta = dataclasses.replace(DOSSIER.meta, authors=(author,))
        section = Section("06_prova", Message("Prova"), tuple(blocks))
        colophon = dataclasses.replace(DOSSIER.colophon, contacts=())
        dossier = dataclasses.replace(DOSSIER, sections=(section,), meta=meta, colophon=colophon)
        self.write_documents(dossier)
        self.write_notebook(*blocks)
        return self.seal()

    def write_documents(self, dossier: Dossier) -> None:
        figures = render_figures(dossier.sections, "it", STYLE)
        self.folder.mkdir(parents=True, exist_ok=True)
        page = render_html(dossier, "it", figures)
        (self.folder / "dossier.html").write_text(page, encoding="utf-8")
        (self.folder / "dossier.docx").write_bytes(render_word(dossier, "it", figures))
        (self.folder / "dossier.pdf").write_bytes(render_pdf(dossier, "it", figures))
        write_excel(dossier, "it", self.folder / "tabelle.xlsx")

    def write_notebook(self, *blocks: Block, more: Sequence[object] = ()) -> None:
        mime = "application/vnd.bgest.block+json"
        outputs = [nbformat.v4.new_output("display_data", {mime: b.to_json()}) for b in blocks]
        cell = nbformat.v4.new_code_cell("run.show(b)", id="c1", outputs=[*outputs, *more])
        path = self.workspace.reports / "notebooks/distretto/06_prova.ipynb"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(nbformat.writes(nbformat.v4.new_notebook(cells=[cell])), encoding="utf-8")

    def write_table(self, casi: Sequence[int | None], origin: Origin = Origin.PROGETTO) -> None:
        frame = pd.DataFrame(
            {
                "area": [f"A{place}" for place in range(len(casi))],
                "casi_seguiti": pd.array(list(casi), dtype="Int64"),
            }
        )
        write_table(self.workspace.protected / f"ind/{TABLE}.parquet", frame, Lineage(origin))

    def seal(self) -> FinishedRun:
        files = [p for p in self.workspace.reports.rglob("*") if p.is_file()]
        files += list(self.workspace.protected.rglob("*.parquet"))
        made = [
            {
                "file": name_of(self.workspace, path),
                "sha256": hashlib.sha256(path.read_bytes()).hexdigest(),
            }
            for path in sorted(files)
            if path.name != "run.json"
        ]
        jobs = [{"id": f"lavoro/{n}", "stato": state} for n, state in enumerate(self.states)]
        manifest = {"parametri": {"profilo": self.profile}, "uscite": made, "lavori": jobs}
        self.workspace.reports.mkdir(exist_ok=True)
        (self.workspace.reports / "run.json").write_text(json.dumps(manifest), encoding="utf-8")
        return self
