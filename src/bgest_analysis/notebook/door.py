"""A notebook's only door to the study: declared tables in, blocks and results out."""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from typing import Any

import pandas as pd
from IPython.display import publish_display_data

from bgest_analysis.blocks import MIME, Block
from bgest_analysis.errors import ParamsError, SchemaViolation
from bgest_analysis.impact.model import hide_small
from bgest_analysis.impact.registry import BY_NAME as ESTIMATORS
from bgest_analysis.notebook.declaration import AREA, check_values, read_declaration
from bgest_analysis.notebook.guard import guard_display
from bgest_analysis.notebook.style import chart_style
from bgest_analysis.report.inline import block_html
from bgest_analysis.schema.lineage import Lineage, combine
from bgest_analysis.schema.store import read_lineage, read_table
from bgest_analysis.study.load import load_study
from bgest_analysis.study.model import Study
from bgest_analysis.text.messages import Message, T, encode_value
from bgest_analysis.workspace import DISTRETTO, Workspace

NAMED_SOURCES = 6  # more would be longer than what they stand under
RESULT_MIME = "application/vnd.bgest.result+json"


@dataclass(frozen=True)
class Result:
    """One headline value for ``ris_<analisi>``.

    Parameters
    ----------
    codice
        Indicator code of domain.md 10 (C1, M3, ...).
    ambito
        Area code.
    stima, basso, alto
        Estimate and interval in the indicator's unit; None where not estimable.
    n
        Cases it rests on.
    intervallo
        Kind of interval in words (``"Wilson 95%"``, ``"campo di variazione"``, ``"nessuno"``).
    forza
        Strength of evidence: ``forte``, ``media``, ``debole``, ``non stimabile``.
    blocco
        Id of the block that shows it.
    motivo
        Why it is not estimable, if it is not.
    """

    codice: str
    ambito: str
    stima: float | None
    basso: float | None
    alto: float | None
    n: int | None
    intervallo: str
    forza: str
    blocco: str
    motivo: str = ""


EMPTY_RESULTS = pd.DataFrame(columns=["analisi", *(field.name for field in fields(Result))])


@dataclass
class Run:
    """An open analysis. Made by ``start``."""

    workspace: Workspace
    study: Study
    analisi: str
    area: str
    parameters: dict[str, Any]
    tables: tuple[str, ...]
    results: tuple[str, ...]
    models: tuple[str, ...] = ()
    _lineages: dict[str, Lineage] = field(default_factory=dict)
    _shown: set[str] = field(default_factory=set)

    def _path(self, name: str) -> Path:
        if name not in (*self.tables, *self.results):
            raise SchemaViolation(
                "{analisi} legge {name} senza dichiararla in start(tables=..., results=...)",
                analisi=self.analisi,
                name=name,
            )
        if name in self.results:
            return self.workspace.results_table(name, self.area)
        return self.workspace.protected_table(name)

    def has(self, name: str) -> bool:
        """Tell whether a declared table was made (its data may not be there yet)."""
        return self._path(name).is_file()

    def missing(self, *names: str) -> tuple[str, ...]:
        """Return those of the named tables that were not made."""
        return tuple(name for name in names if not self.has(name))

    def table(self, name: str) -> pd.DataFrame:
        """Return a protected table.

        Raises
        ------
        SchemaViolation
            If the notebook did not declare it.
        SourceMissing
            If it was not made.
        """
        path = self._path(name)
        frame = read_table(path)
        self._lineages[name] = read_lineage(path)
        return frame

    def estimate(self, model: str, **settings: Any) -> pd.DataFrame:
        """Call an estimator on the study's rows and return its estimates, never the rows.

        Estimates that rest on fewer persons or cases than the study's threshold come back empty,
        with the reason; so do those whose tables are not there.

        Raises
        ------
        SchemaViolation
            If the notebook did not declare the model, or there is none of that name.
        """
        if model not in self.models or model not in ESTIMATORS:
            raise SchemaViolation(
                "{analisi} chiama il modello {name} senza dichiararlo in start(models=...)",
                analisi=self.analisi,
                name=model,
            )
        estimator = ESTIMATORS[model]
        paths = {name: self._tidy(name) for name in (*estimator.reads, *estimator.also_reads)}
        frames = {name: read_table(path) for name, path in paths.items() if path.is_file()}
        absent = [name for name in estimator.reads if name not in frames]
        if absent:
            return pd.DataFrame({"n": [0], "motivo": [f"mancano {', '.join(absent)}"]})
        self._lineages |= {name: read_lineage(paths[name]) for name in frames}
        estimates = estimator.compute(frames, self.study, **settings)
        return hide_small(estimates, self.study.protezione.soglia_interna)

    def _tidy(self, name: str) -> Path:
        return self.workspace.processed / f"{name}.parquet"

    def source(self, *names: str) -> Message:
        """Return the source line of what was made from the named tables."""
        inputs = combine(read_lineage(self._path(name)) for name in names).inputs
        cited = sorted({item.citazione for item in inputs if item.citazione})
        cited += _folders([item.path for item in inputs if not item.citazione])
        if not cited:
            return T("elenchi di riferimento del programma")
        if len(cited) > NAMED_SOURCES:
            return T("elaborazione su {n:int} fonti, elencate in fondo al dossier", n=len(cited))
        return T("elaborazione su {fonti}", fonti="; ".join(cited))

    def vintages(self, *names: str) -> tuple[str, ...]:
        """Return what the publishers' vintages oblige us to say beside the named tables."""
        inputs = combine(read_lineage(self._path(name)) for name in names).inputs
        return tuple(sorted({item.annata for item in inputs if item.annata}))

    def all_results(self) -> pd.DataFrame:
        """Return the rows of all declared ``ris_`` tables that were made, one below the other."""
        made = [self.table(name) for name in self.results if self.has(name)]
        return pd.concat(made, ignore_index=True) if made else EMPTY_RESULTS

    def results_source(self) -> Message:
        """Return the source line of what was made from the declared results."""
        return self.source(*(name for name in self.results if self.has(name)))

    def show(self, block: Block) -> None:
        """Emit a block for the documents and show it here, in the study's language.

        Raises
        ------
        SchemaViolation
            If two blocks of the notebook have the same id.
        """
        if block.id in self._shown:
            raise SchemaViolation(
                "{analisi}: due blocchi con lo stesso nome {id}", analisi=self.analisi, id=block.id
            )
        self._shown.add(block.id)
        marked = self._with_origin(block)
        publish_display_data(
            {
                MIME: marked.to_json(),
                "text/html": block_html(marked, self.study.lingua, chart_style(self.study)),
                "text/plain": f"[{marked.kind}] {marked.text.render(self.study.lingua)}",
            }
        )

    def show_all(self, blocks: list[Block]) -> None:
        """Emit several blocks in order."""
        for block in blocks:
            self.show(block)

    def _with_origin(self, block: Block) -> Block:
        named = block.tables or tuple(self._lineages)
        used = [self._lineages[name] for name in named if name in self._lineages]
        origin = str(combine(used).origin)
        values = {f: getattr(block, f) for f in block.__dataclass_fields__}
        return Block(**{**values, "origin": origin, "tables": tuple(sorted(named))})

    def result(self, result: Result) -> None:
        """Emit one row of ``ris_<analisi>``."""
        origin = str(combine(self._lineages.values()).origin)
        row = {key: encode_value(value) for key, value in asdict(result).items()}
        data = {**row, "analisi": self.analisi, "origine": origin}
        publish_display_data({RESULT_MIME: data, "text/plain": f"[{result.codice}]"})


def _folders(paths: list[str]) -> list[str]:
    """Name project files by their folder, with how many there are: their names say too much."""
    counts = Counter(Path(path).parent.name for path in paths)
    return [f"{folder} ({n} file)" for folder, n in sorted(counts.items())]


def start(
    analisi: str,
    *,
    needs: tuple[str, ...] | list[str] = (),
    tables: tuple[str, ...] | list[str] = (),
    results: tuple[str, ...] | list[str] = (),
    models: tuple[str, ...] | list[str] = (),
    **parameters: Any,
) -> Run:
    """Open an analysis in the study of the current folder (or its nearest parent).

    Parameters
    ----------
    analisi
        The notebook's name, e.g. ``"01_territorio"``.
    needs, tables, results
        The ``ind_`` tables it cannot do without, those it reads when they are there, and the
        ``ris_`` results it reads; loading another is an error.
    models
        The estimators it calls.
    parameters
        The names of the parameters cell, with their values.

    Raises
    ------
    ParamsError
        If the parameters are not those the notebook declares, or a value is not allowed.
    """
    workspace = Workspace.find(Path.cwd())
    study = load_study(workspace)
    guard_display(study.lingua)
    declaration = read_declaration(workspace.notebook(analisi))
    if set(parameters) != {parameter.name for parameter in declaration.parameters}:
        raise ParamsError("{analisi}: start(...) deve ricevere tutti i parametri", analisi=analisi)
    checked = check_values(declaration, parameters, study.aree)
    return Run(
        workspace=workspace,
        study=study,
        analisi=analisi,
        area=str(checked.get(AREA, DISTRETTO)),
        parameters=checked,
        tables=(*needs, *tables),
        results=tuple(results),
        models=tuple(models),
    )
