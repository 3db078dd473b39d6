"""Notebooks run through papermill, and what is taken out of them afterwards."""

from __future__ import annotations

import hashlib
import json
import logging
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import nbformat as untyped_nbformat
import papermill
from nbclient.exceptions import CellTimeoutError, DeadKernelError
from papermill.engines import papermill_engines

from bgest_analysis import errors
from bgest_analysis.engine.context import IN_PROCESS, STOCK, current_job
from bgest_analysis.engine.files import write_whole
from bgest_analysis.engine.job import JSON
from bgest_analysis.engine.normalise import (
    PAPERMILL_ERROR,
    normalise,
    notebook_text,
    numbered_cells,
    scrub_failed,
)
from bgest_analysis.engine.staging import FAILED_FOLDER
from bgest_analysis.engine.stock import InProcessEngine, StockEngine
from bgest_analysis.errors import AnalysisFailed
from bgest_analysis.workspace import PACKAGE_DIR

nbformat: Any = untyped_nbformat

BLOCK_MIME = "application/vnd.bgest.block+json"
RESULT_MIME = "application/vnd.bgest.result+json"


def execute_notebook(
    source: Path,
    output: Path,
    parameters: Mapping[str, JSON],
    cwd: Path,
    engine: str | None = None,
) -> Any:
    """Run a notebook and write its normalised copy whole.

    Parameters
    ----------
    source
        The notebook as written by its author.
    output
        Where the executed one goes. If a cell fails, a copy without values goes beside it, in
        ``failed/``.
    parameters
        Checked already: papermill itself lets unknown names pass.
    cwd
        Folder the cells run in.
    engine
        ``bgest-stock``, ``bgest-inprocess``; ``None`` for the run's own.

    Returns
    -------
    NotebookNode
        The executed, normalised notebook.

    Raises
    ------
    AnalysisFailed
        If a cell fails, the kernel dies, or an output could not be the same next time. The
        message has the cell and the class of the error, and the error's own words only if the
        error is one of ours, which hold no personal value.
    """
    _register()
    kept: list[Any] = []
    try:
        nb = _execute(source, parameters, cwd, engine or current_job().engine, kept)
        normalise(nb, _places(cwd))
    except papermill.PapermillExecutionError as error:
        _write_failed(kept, output)
        raise _cell_failure(source, kept, error) from None
    except (DeadKernelError, CellTimeoutError) as error:
        _write_failed(kept, output)
        raise AnalysisFailed(
            "il notebook {notebook} si è interrotto: il kernel non risponde più ({error})",
            notebook=source.stem,
            error=type(error).__name__,
        ) from error
    except AnalysisFailed as error:
        _write_failed(kept, output)
        raise AnalysisFailed(
            "il notebook {notebook}: {problem}", notebook=source.stem, problem=error.message
        ) from error
    write_whole(output, notebook_text(nb))
    return nb


def _register() -> None:
    """Make our engines known where the package is used without being installed."""
    logging.getLogger("papermill").setLevel(logging.ERROR)
    for name, engine in ((STOCK, StockEngine), (IN_PROCESS, InProcessEngine)):
        papermill_engines.register(name, engine)


def _execute(
    source: Path, parameters: Mapping[str, JSON], cwd: Path, engine: str, kept: list[Any]
) -> Any:
    """Call papermill with the notebook itself: it would take braces in a path for fields."""
    return papermill.execute_notebook(
        read_source(source),
        None,
        parameters=dict(parameters),
        engine_name=engine,
        kernel_name="python3",
        language="python",
        progress_bar=False,
        autosave_cell_every=0,
        request_save_on_cell_execute=False,
        cwd=cwd,
        keep=kept,
    )


def read_source(source: Path) -> Any:
    """Read a notebook; cells that have no id get one from their place and text.

    Raises
    ------
    AnalysisFailed
        If the file is no notebook.
    """
    try:
        nb = nbformat.reads(source.read_text(encoding="utf-8"), as_version=4)
    except (nbformat.reader.NotJSONError, nbformat.ValidationError, UnicodeDecodeError) as error:
        raise AnalysisFailed("{file} non è un notebook leggibile", file=source.name) from error
    for place, cell in enumerate(nb.cells):
        if nb.nbformat_minor < 5 or "id" not in cell:
            cell["id"] = hashlib.sha256(f"{place}\0{cell.source}".encode()).hexdigest()[:8]
    nb.nbformat_minor = max(5, nb.nbformat_minor)
    return nb


def _places(cwd: Path) -> dict[str, str]:
    """Return the folders that outputs may name, longest first."""
    named = {
        str(PACKAGE_DIR): "<bgest_analysis>",
        sys.prefix: "<python>",
        sys.base_prefix: "<python>",
        str(cwd): "<studio>",
        str(cwd.resolve()): "<studio>",
    }
    usable = [folder for folder in named if len(Path(folder).parts) > 2]
    return {folder: named[folder] for folder in sorted(usable, key=len, reverse=True)}


def _write_failed(kept: list[Any], output: Path) -> None:
    if kept:
        text = notebook_text(scrub_failed(kept[0]))
        write_whole(output.parent / FAILED_FOLDER / output.name, text)


def _cell_failure(source: Path, kept: list[Any], error: Any) -> AnalysisFailed:
    values = {"notebook": source.stem, "cell": _failed_cell(kept), "error": error.ename}
    if issubclass(getattr(errors, error.ename, object), errors.BgestError):
        return AnalysisFailed(
            "il notebook {notebook} si è fermato alla cella {cell}: {words}",
            words=error.evalue,
            **values,
        )
    if error.ename == "MemoryError":
        return AnalysisFailed(
            "il notebook {notebook} si è fermato alla cella {cell}: memoria esaurita", **values
        )
    return AnalysisFailed(
        "il notebook {notebook} si è fermato alla cella {cell} ({error}); il codice è nella "
        "copia sotto failed/",
        **values,
    )


def _failed_cell(kept: list[Any]) -> int:
    """Return the number, in the source, of the first cell with an error output."""
    for number, cell in numbered_cells(kept[0]):
        if any(item.output_type == "error" for item in cell.get("outputs", [])):
            return number
    return sum(PAPERMILL_ERROR not in cell.metadata.get("tags", []) for cell in kept[0].cells)


def extract_blocks(nb: Any) -> list[dict[str, Any]]:
    """Return the JSON of the blocks a notebook showed, in order."""
    return _extract(nb, BLOCK_MIME)


def extract_results(nb: Any) -> list[dict[str, Any]]:
    """Return the JSON of the results a notebook recorded, in order."""
    return _extract(nb, RESULT_MIME)


def _extract(nb: Any, mime: str) -> list[dict[str, Any]]:
    outputs = [item for cell in nb.cells for item in cell.get("outputs", [])]
    found = [item.data[mime] for item in outputs if mime in item.get("data", {})]
    return [json.loads(json.dumps(item)) for item in found]
