"""Cells read the same in every document: Italian and English numbers, hidden and missing."""

from __future__ import annotations

import pytest

from bgest_analysis.report.grids import BOLD, breadth, is_numeric, lay_out
from bgest_analysis.report.printable import printable, printable_value
from tests.lib.report_samples import TABLE, WIDE


@pytest.mark.parametrize(
    ("language", "rows"),
    [
        (
            "it",
            [
                ("Ambito Alfa", "41.234", "13,8%", "−0,20", "1.234,50\xa0€", "01/01/2023", "2023"),
                ("Ambito Beta", "1.234.567", "6,4%", "+0,50", "n.d.", "n.d.", "2021"),
                ("Distretto", "<5", "n.p.", "0,00", "0,00\xa0€", "31/12/2022", "2020"),
            ],
        ),
        (
            "en",
            [
                ("Ambito Alfa", "41,234", "13.8%", "−0.20", "€1,234.50", "01/01/2023", "2023"),
                ("Ambito Beta", "1,234,567", "6.4%", "+0.50", "n/a", "n/a", "2021"),
            ],
        ),
    ],
)
def test_cells(language: str, rows: list[tuple[str, ...]]) -> None:
    assert TABLE.grid is not None
    table = lay_out(TABLE.grid, language)
    assert [tuple(cell.text for cell in row) for row in table.rows][: len(rows)] == rows
    assert table.numeric == (False, True, True, True, True, False, False)


def test_a_hidden_or_missing_cell_has_no_value_behind_it() -> None:
    assert TABLE.grid is not None
    values = [[cell.value for cell in row[1:5]] for row in lay_out(TABLE.grid, "it").rows]
    assert values == [
        [41234, 0.1378, -0.204, 1234.5],
        [1234567, 0.0641, 0.5, None],
        [None, None, 0, 0],
    ]


def test_least_widths_hold_the_longest_number_and_word() -> None:
    assert TABLE.grid is not None
    assert WIDE.grid is not None
    table = lay_out(TABLE.grid, "it")
    assert table.least_widths()[1] == pytest.approx(breadth("Residenti") * BOLD)
    assert lay_out(WIDE.grid, "it").least_widths()[1:] == [breadth("1.000.000")] * 16
    assert all(x <= y for x, y in zip(table.least_widths(), table.full_widths(), strict=True))
    assert breadth("massimo") > breadth("minimo") > breadth("iiiiii")


@pytest.mark.parametrize(("spec", "expected"), [("int", True), ("", False), ("date", False)])
def test_which_formats_are_numbers(spec: str, expected: bool) -> None:
    assert is_numeric(spec) is expected


@pytest.mark.parametrize(
    ("dirty", "clean"),
    [("a\x00b", "ab"), ("\u202eabc", "abc"), ("a\tb\nc", "a\tb\nc"), ("x\ud800y", "xy")],
)
def test_printable_text(dirty: str, clean: str) -> None:
    assert printable(dirty) == clean
    assert printable_value(dirty) == clean
