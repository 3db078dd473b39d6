from __future__ import annotations

import json
from typing import Any

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from bgest_analysis.engine.normalise import (
    INJECTED,
    merge_streams,
    normalise,
    notebook_text,
    scrub_failed,
)
from bgest_analysis.errors import AnalysisFailed


def executed(*outputs: Any, **metadata: Any) -> Any:
    """Return a notebook as papermill leaves it: times, paths, random ids."""
    timing = {"papermill": {"start_time": "now", "duration": 1.2}, "execution": {"iopub": "now"}}
    injected = new_code_cell("x = 1", metadata={"tags": [INJECTED], **timing})
    cell = new_code_cell("f(x)", id="fixed", outputs=list(outputs), metadata={"tags": [], **timing})
    papermill = {"parameters": {"x": 1}, "output_path": "/tmp/x", "start_time": "now"}
    return new_notebook(cells=[injected, cell], metadata={"papermill": papermill, **metadata})


def stream(name: str, text: str) -> Any:
    return new_output("stream", name=name, text=text)


def test_two_executions_give_the_same_text() -> None:
    texts = set()
    for version in ("3.11", "3.12"):
        nb = executed(stream("stdout", "a"), language_info={"name": "python", "version": version})
        normalise(nb, {})
        texts.add(notebook_text(nb))
    assert len(texts) == 1
    assert "now" not in texts.pop()


def test_parameters_stay() -> None:
    nb = executed()
    normalise(nb, {})
    assert nb.metadata.papermill == {"parameters": {"x": 1}}
    nbformat.validate(nb)


def test_widgets_go() -> None:
    nb = executed(widgets={"state": {}})
    normalise(nb, {})
    assert "widgets" not in nb.metadata


@pytest.mark.parametrize(
    "cut",
    [
        [("stdout", "a\nb\n"), ("stderr", "w")],
        [("stdout", "a\n"), ("stderr", "w"), ("stdout", "b\n")],
        [("stderr", "w"), ("stdout", "a\n"), ("stdout", "b\n")],
    ],
)
def test_streams_are_one_a_name_however_they_were_cut(cut: list[tuple[str, str]]) -> None:
    shown = new_output("display_data", data={"text/plain": "1"})
    merged = merge_streams([shown, *(stream(*item) for item in cut)])
    assert [(item.output_type, item.get("name"), item.get("text")) for item in merged] == [
        ("stream", "stdout", "a\nb\n"),
        ("stream", "stderr", "w"),
        ("display_data", None, None),
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("/home/io/studio/data/a.csv", "<studio>/data/a.csv"),
        ("/home/io/studio/.venv/lib/p.py:3: W", "<python>/lib/p.py:3: W"),
        ("<ipython-input-3-0a1b2c3d4e5f>:1: W", "<cella>:1: W"),
        ("/tmp/ipykernel_4242/123456.py:1: W", "<cella>:1: W"),
        ("/altro/posto", "/altro/posto"),
    ],
)
def test_no_folder_of_this_machine_stays(text: str, expected: str) -> None:
    shown = new_output("display_data", data={"text/html": text, "image/png": text})
    nb = executed(stream("stderr", text), shown)
    normalise(nb, {"/home/io/studio/.venv": "<python>", "/home/io/studio": "<studio>"})
    outputs = nb.cells[1].outputs
    assert outputs[0].text == expected
    assert outputs[1].data == {"text/html": expected, "image/png": text}


ADDRESS = "<object at 0x7f3a5c0d1e20>"


@pytest.mark.parametrize(
    "output",
    [
        stream("stdout", ADDRESS),
        new_output("execute_result", data={"text/plain": ADDRESS}),
        new_output("display_data", data={"text/html": ADDRESS}),
        new_output("display_data", data={"application/json": {"a": [ADDRESS]}}),
    ],
)
def test_memory_addresses_are_refused(output: Any) -> None:
    with pytest.raises(AnalysisFailed, match="la cella 1 stampa un indirizzo"):
        normalise(executed(output), {})


@pytest.mark.parametrize("text", ["640x480", "0x1f", "0xCAFE", "prezzo 0x", "10x20000000"])
def test_what_only_looks_like_an_address_passes(text: str) -> None:
    normalise(executed(stream("stdout", text)), {})


def test_images_are_not_searched() -> None:
    normalise(executed(new_output("display_data", data={"image/png": ADDRESS})), {})


def test_a_failed_notebook_keeps_code_and_error_class_only() -> None:
    error = new_output("error", ename="KeyError", evalue="Mario Rossi", traceback=["Mario Rossi"])
    nb = executed(stream("stdout", "Mario Rossi"), error)
    marker = new_markdown_cell("An Exception", metadata={"tags": ["papermill-error-cell-tag"]})
    nb.cells.insert(0, marker)
    scrubbed = scrub_failed(nb)
    text = notebook_text(scrubbed)
    assert "Rossi" not in text
    assert [cell.source for cell in scrubbed.cells] == ["x = 1", "f(x)"]
    assert [dict(item) for item in scrubbed.cells[1].outputs] == [
        {"output_type": "error", "ename": "KeyError", "evalue": "", "traceback": []}
    ]
    assert "now" not in json.dumps(scrubbed)
    nbformat.validate(scrubbed)
