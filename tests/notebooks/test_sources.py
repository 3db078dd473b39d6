"""Notebooks are thin: narrative, calls, one parameters cell, no outputs."""

from __future__ import annotations

import ast
import json
from pathlib import Path
from statistics import median

import pytest

from bgest_analysis.indicators.registry import BY_NAME
from bgest_analysis.notebook.declaration import read_declaration

NOTEBOOKS = sorted((Path(__file__).resolve().parents[2] / "notebooks").glob("[0-9][0-9]_*.ipynb"))
ANALYSES = [path for path in NOTEBOOKS if path.stem != "00_Inizio"]
LONGEST_CELL = 12
SETUP_CELLS = 2  # parameters, start


def code_cells(path):
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    return [cell for cell in cells if cell["cell_type"] == "code"]


def lines(cell):
    return [line for line in "".join(cell["source"]).splitlines() if line.strip()]


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda p: p.stem)
def test_no_outputs_are_stored(path):
    assert all(not cell["outputs"] and cell["execution_count"] is None for cell in code_cells(path))


@pytest.mark.parametrize("path", ANALYSES, ids=lambda p: p.stem)
def test_the_first_cell_says_title_and_question(path):
    first = json.loads(path.read_text(encoding="utf-8"))["cells"][0]
    assert first["cell_type"] == "markdown"
    assert "".join(first["source"]).startswith("# ")


@pytest.mark.parametrize("path", ANALYSES, ids=lambda p: p.stem)
def test_start_gets_the_parameters_of_the_parameters_cell(path):
    declaration = read_declaration(path)
    source = "".join(code_cells(path)[1]["source"])
    call = next(
        node
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "start"
    )
    passed = {k.arg: k.value.id for k in call.keywords if isinstance(k.value, ast.Name)}
    assert passed == {p.name: p.name for p in declaration.parameters}
    assert declaration.analisi == path.stem


@pytest.mark.parametrize("path", ANALYSES, ids=lambda p: p.stem)
def test_declared_tables_exist(path):
    declaration = read_declaration(path)
    assert {*declaration.needs, *declaration.tables} <= set(BY_NAME)
    assert set(declaration.results) <= {f"ris_{other.stem}" for other in ANALYSES}


@pytest.mark.parametrize("path", ANALYSES, ids=lambda p: p.stem)
def test_cells_are_short_calls(path):
    cells = code_cells(path)[SETUP_CELLS:]
    sizes = [len(lines(cell)) for cell in cells]
    assert max(sizes) <= LONGEST_CELL
    assert median(sizes) <= 5
    for cell in cells:
        tree = ast.parse("".join(cell["source"]))
        banned = (ast.FunctionDef, ast.ClassDef, ast.Import, ast.ImportFrom)
        assert not [node for node in ast.walk(tree) if isinstance(node, banned)]
        assert "groupby" not in "".join(cell["source"])
        assert "merge(" not in "".join(cell["source"])
