"""A block carries all a reader needs, or it does not build."""

import json

import pandas as pd
import pytest

from bgest_analysis.blocks import (
    Block,
    Chart,
    ChartKind,
    Column,
    Grid,
    Kind,
    block_from_json,
    grid_from_frame,
)
from bgest_analysis.errors import BlockError
from bgest_analysis.text.formats import Hidden
from bgest_analysis.text.messages import T

GRID = Grid((Column("a", T("A")), Column("n", T("N"), "int")), (("x", 3), ("y", Hidden(5))))
WHOLE = {"alt": T("alt"), "source": T("fonte"), "n": T("n = 2"), "grid": GRID}


@pytest.mark.parametrize("lost", ["alt", "source", "n", "grid"])
@pytest.mark.parametrize("kind", [Kind.TABLE, Kind.FIGURE])
def test_a_table_or_figure_without_its_parts_does_not_build(kind, lost):
    parts = {**WHOLE, "chart": Chart(ChartKind.BARRE, "a", "n")}
    del parts[lost]
    with pytest.raises(BlockError, match="non ha"):
        Block("t", kind, T("didascalia"), **parts)


def test_a_figure_needs_a_chart_and_a_caption():
    with pytest.raises(BlockError, match="grafico"):
        Block("f", Kind.FIGURE, T("didascalia"), **WHOLE)
    with pytest.raises(BlockError, match="didascalia"):
        Block("f", Kind.TABLE, T(" "), **WHOLE)


def test_a_block_survives_json():
    options = {"riferimenti": [{"valore": 0.1, "testo": T("distretto {v:pct1}", v=0.1)}]}
    chart = Chart(ChartKind.PUNTI, "a", "n", unit=T("persone"), options=options)
    block = Block("f", Kind.FIGURE, T("di {n:int}", n=3), chart=chart, tables=("ind_x",), **WHOLE)
    assert block_from_json(json.loads(json.dumps(block.to_json()))) == block


def test_another_version_is_refused():
    data = Block("p", Kind.PARAGRAPH, T("testo")).to_json() | {"versione": 99}
    with pytest.raises(BlockError, match="99"):
        block_from_json(data)


def test_rows_must_fit_their_columns():
    with pytest.raises(BlockError, match="celle"):
        Grid((Column("a", T("A")),), (("x", 1),))


def test_protected_cells_become_hidden_and_missing_ones_none():
    frame = pd.DataFrame(
        {
            "a": ["x", "y"],
            "n": pd.array([None, 7], dtype="Int64"),
            "tasso": [None, 0.5],
            "protezione": ["n:5|tasso", ""],
        }
    )
    columns = [Column("a", T("A")), Column("n", T("N"), "int"), Column("tasso", T("T"), "dec1")]
    grid = grid_from_frame(frame, columns)
    assert grid.rows[0] == ("x", Hidden(5), Hidden())
    assert grid.rows[1] == ("y", 7, 0.5)
    assert grid.column("a") == ["x", "y"]
