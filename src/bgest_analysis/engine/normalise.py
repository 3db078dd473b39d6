"""An executed notebook as a pure function of source, parameters, tables and packages.

Everything that a second run in another folder, with another engine or at another time would
write differently is taken out here, and nowhere else.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

import nbformat as untyped_nbformat

from bgest_analysis.errors import AnalysisFailed

nbformat: Any = untyped_nbformat

INJECTED = "injected-parameters"
PAPERMILL_ERROR = "papermill-error-cell-tag"
KERNELSPEC = {"display_name": "Python 3", "language": "python", "name": "python3"}
LANGUAGE = {
    "file_extension": ".py",
    "mimetype": "text/x-python",
    "name": "python",
    "pygments_lexer": "ipython3",
}
ADDRESS = re.compile(r"\b0x[0-9a-fA-F]{8,}\b")
CELL_FILE = re.compile(r"<ipython-input-\d+-[0-9a-f]+>|\S*[\\/]ipykernel_\d+[\\/]\d+\.py")
BINARY = ("image/", "application/pdf", "audio/", "video/")


def normalise(nb: Any, places: Mapping[str, str]) -> None:
    """Take out of an executed notebook, in place, what is not a result.

    Parameters
    ----------
    nb
        Notebook as papermill returns it.
    places
        Folders of this machine and what to call them (longest first), e.g. ``<studio>``.

    Raises
    ------
    AnalysisFailed
        If a cell prints a memory address, which changes at every run.
    """
    parameters = nb.metadata.get("papermill", {}).get("parameters", {})
    keep = {key: value for key, value in nb.metadata.items() if key not in _REPLACED}
    keep |= {"kernelspec": dict(KERNELSPEC), "language_info": dict(LANGUAGE)}
    nb.metadata = nbformat.from_dict({**keep, "papermill": {"parameters": dict(parameters)}})
    for cell in nb.cells:
        _normalise_cell(cell, places)
    check_addresses(nb)


_REPLACED = frozenset({"papermill", "widgets", "kernelspec", "language_info"})


def _normalise_cell(cell: Any, places: Mapping[str, str]) -> None:
    for key in ("papermill", "execution"):
        cell.metadata.pop(key, None)
    if is_injected(cell):
        cell["id"] = hashlib.sha256(b"injected" + cell.source.encode()).hexdigest()[:8]
    if not cell.metadata.get("tags", True):
        del cell.metadata["tags"]
    if cell.cell_type == "code":
        cell.outputs = [_rename(item, places) for item in merge_streams(cell.outputs)]


def is_injected(cell: Any) -> bool:
    """Tell whether papermill added the cell."""
    return INJECTED in cell.metadata.get("tags", [])


def merge_streams(outputs: list[Any]) -> list[Any]:
    """Return one output for stdout, one for stderr, then the others in their order.

    When a stream is flushed, and so how it is cut and where it stands among the others,
    depends on timing in a kernel.
    """
    texts: dict[str, str] = {}
    for item in outputs:
        if item.output_type == "stream":
            texts[item.name] = texts.get(item.name, "") + item.text
    streams = [
        nbformat.v4.new_output("stream", name=name, text=texts[name])
        for name in sorted(texts, reverse=True)
    ]
    return streams + [item for item in outputs if item.output_type != "stream"]


def _rename(output: Any, places: Mapping[str, str]) -> Any:
    """Return an output whose texts name no folder of this machine."""
    if output.output_type == "stream":
        output.text = _rename_text(output.text, places)
    for mime, value in output.get("data", {}).items():
        if isinstance(value, str) and not mime.startswith(BINARY):
            output.data[mime] = _rename_text(value, places)
    return output


def _rename_text(text: str, places: Mapping[str, str]) -> str:
    text = CELL_FILE.sub("<cella>", text)
    for folder, name in places.items():
        text = text.replace(folder, name)
    return text


def check_addresses(nb: Any) -> None:
    """Refuse outputs with a memory address in them.

    Raises
    ------
    AnalysisFailed
        Names the cell.
    """
    for number, cell in numbered_cells(nb):
        if any(ADDRESS.search(text) for text in _texts(cell)):
            raise AnalysisFailed(
                "la cella {cell} stampa un indirizzo di memoria, diverso a ogni esecuzione; "
                "assegnare il valore a una variabile o chiudere la riga con ';'",
                cell=number,
            )


def numbered_cells(nb: Any) -> Iterator[tuple[int, Any]]:
    """Yield each cell with its number (from 1) in the source, the injected one with its host's."""
    number = 0
    for cell in nb.cells:
        tags = cell.metadata.get("tags", [])
        number += INJECTED not in tags and PAPERMILL_ERROR not in tags
        yield number, cell


def _texts(cell: Any) -> Iterator[str]:
    for output in cell.get("outputs", []):
        if output.output_type == "stream":
            yield output.text
        for mime, value in output.get("data", {}).items():
            if not mime.startswith(BINARY):
                yield value if isinstance(value, str) else json.dumps(value)


def scrub_failed(nb: Any) -> Any:
    """Return a failed notebook with its code and the class of its error, and no value at all."""
    cells = [_scrub_cell(cell) for _, cell in numbered_cells(nb) if not _is_marker(cell)]
    metadata = {"kernelspec": dict(KERNELSPEC), "language_info": dict(LANGUAGE)}
    return nbformat.v4.new_notebook(cells=cells, metadata=metadata)


def _is_marker(cell: Any) -> bool:
    return PAPERMILL_ERROR in cell.metadata.get("tags", [])


def _scrub_cell(cell: Any) -> Any:
    tags = {"tags": list(cell.metadata.tags)} if cell.metadata.get("tags") else {}
    if cell.cell_type != "code":
        return nbformat.v4.new_markdown_cell(cell.source, id=cell.id, metadata=tags)
    errors = [
        nbformat.v4.new_output("error", ename=item.ename, evalue="", traceback=[])
        for item in cell.outputs
        if item.output_type == "error"
    ]
    fresh = nbformat.v4.new_code_cell(cell.source, id=cell.id, metadata=tags, outputs=errors)
    if is_injected(cell):
        fresh["id"] = hashlib.sha256(b"injected" + cell.source.encode()).hexdigest()[:8]
    return fresh


def notebook_text(nb: Any) -> str:
    """Return a notebook's file content: the same notebook, the same bytes."""
    return str(nbformat.writes(nb)) + "\n"
