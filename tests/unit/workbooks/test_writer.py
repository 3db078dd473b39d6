"""Text stays text, numbers stay numbers, and the same content gives the same bytes."""

import datetime as dt
import zipfile
from decimal import Decimal
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from openpyxl import load_workbook
from python_calamine import CalamineWorkbook

from bgest_analysis.text.formats import Hidden
from bgest_analysis.text.messages import T
from bgest_analysis.workbooks.writer import (
    LONGEST_TEXT,
    new_workbook,
    number_format,
    plain_value,
    put,
    save_workbook,
    sheet_name,
)

PAYLOADS = (
    "=1+1",
    '=HYPERLINK("file:///x","qui")',
    "=cmd|' /C calc'!A0",
    "+1+1",
    "-1+1",
    "@SUM(1+1)",
    "\t=1+1",
    "\r=1+1",
    " =1+1",
    "\uff1d1+1",
    '=WEBSERVICE("x")',
    "{=1+1}",
    "#REF!",
    "%0A=1+1",
)

# Stands for the module ``datetime`` where openpyxl asks for the time of saving.
LATER = SimpleNamespace(
    timezone=dt.timezone,
    datetime=SimpleNamespace(now=lambda tz=None: dt.datetime(2031, 5, 6, 7, 8, 9)),
)


def write(path, values, spec="text"):
    book = new_workbook()
    page = book.create_sheet("Dati")
    for row, value in enumerate(values, start=1):
        put(page.cell(row, 1), value, spec)
    save_workbook(book, path, "=1+1")
    return path


def test_no_payload_becomes_a_formula_and_all_come_back_equal(tmp_path):
    path = write(tmp_path / "a.xlsx", PAYLOADS)

    cells = [row[0] for row in load_workbook(path)["Dati"].iter_rows()]
    assert [cell.data_type for cell in cells] == ["s"] * len(PAYLOADS)
    assert [cell.value.replace("\r\n", "\n").replace("\n", "\r") for cell in cells] == list(
        PAYLOADS
    )
    with zipfile.ZipFile(path) as parts:
        sheet = parts.read("xl/worksheets/sheet1.xml")
    assert b"<f" not in sheet
    assert b'ref="' not in sheet.split(b"<sheetData>")[1]


def test_a_formula_like_text_is_quoted_for_whoever_edits_the_cell(tmp_path):
    path = write(tmp_path / "a.xlsx", ["=1+1", "-1+1", "testo", "a=b"])

    quoted = [row[0].quotePrefix for row in load_workbook(path)["Dati"].iter_rows()]
    assert quoted == [True, True, False, False]


def test_another_reader_sees_the_same_text(tmp_path):
    path = write(tmp_path / "a.xlsx", ["=1+1", "testo", -3.5])

    assert CalamineWorkbook.from_path(path).get_sheet_by_name("Dati").to_python() == [
        ["=1+1"], ["testo"], [-3.5],
    ]  # fmt: skip


VALUES = {
    "text": ("è così", "è così"),
    "empty text": ("", None),
    "control characters": ("a\x00b\x1fc\u202e", "abc\u202e"),
    "an integer": (np.int64(12), 12),
    "a float": (np.float64(1.5), 1.5),
    "a negative number": (-7, -7),
    "pandas' missing": (pd.NA, None),
    "no time": (pd.NaT, None),
    "not a number": (float("nan"), None),
    "infinite": (float("inf"), "∞"),
    "less than any": (float("-inf"), "\u2212∞"),
    "more than Excel holds exactly": (2**60, str(2**60)),
    "money": (Decimal("1234.50"), Decimal("1234.50")),
    "a truth value": (np.True_, True),
    "a day": (dt.date(2022, 3, 15), dt.date(2022, 3, 15)),
    "midnight is a day": (pd.Timestamp("2022-03-15"), dt.date(2022, 3, 15)),
    "an instant": (pd.Timestamp("2022-03-15 10:30"), pd.Timestamp("2022-03-15 10:30")),
    "a hidden count": (Hidden(5), "<5"),
    "a message": (T("{n:int} residenti", n=1234), "1.234 residenti"),
}


@pytest.mark.parametrize(("value", "expected"), VALUES.values(), ids=VALUES)
def test_each_value_becomes_what_a_cell_holds(value, expected):
    plain = plain_value(value)

    assert plain == expected
    assert type(plain) is not str or isinstance(expected, str)


def test_text_longer_than_a_cell_is_cut_and_shows_it():
    cut = plain_value("x" * (LONGEST_TEXT + 5))

    assert len(cut) == LONGEST_TEXT
    assert cut.endswith("x…")


@pytest.mark.parametrize(
    ("spec", "expected"),
    [("int", "#,##0"), ("dec1", "#,##0.0"), ("dec0", "#,##0"), ("pct1", "0.0%"),
     ("eur2", '#,##0.00" €"'), ("sdec1", "+#,##0.0;-#,##0.0;0.0"), ("date", "dd/mm/yyyy"),
     ("", "General"), ("text", "General")],
)  # fmt: skip
def test_number_formats_follow_the_documents_specs(spec, expected):
    assert number_format(spec, 1) == expected


@pytest.mark.parametrize(
    ("wanted", "taken", "expected"),
    [("Tabella 1: a/b", [], "Tabella 1 a b"), ("", [], "Foglio"), ("'x'", [], "x"),
     ("Dati", ["DATI"], "Dati (2)"), ("Dati", ["Dati", "dati (2)"], "Dati (3)"),
     ("History", [], "History (2)"), ("y" * 40, [], "y" * 31),
     ("y" * 40, ["y" * 31], "y" * 27 + " (2)"), ("[*?:]", [], "Foglio")],
)  # fmt: skip
def test_sheet_names_are_ones_excel_accepts(wanted, taken, expected):
    assert sheet_name(wanted, taken) == expected


def test_same_content_same_bytes_and_no_user_or_time_inside(tmp_path, monkeypatch):
    first = write(tmp_path / "a.xlsx", ["x", 1]).read_bytes()
    monkeypatch.setattr("openpyxl.writer.excel.datetime", LATER)
    again = write(tmp_path / "altra" / "b.xlsx", ["x", 1]).read_bytes()

    assert first == again
    with zipfile.ZipFile(tmp_path / "a.xlsx") as parts:
        assert {info.date_time for info in parts.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        core = parts.read("docProps/core.xml").decode()
    assert core.count("2000-01-01T00:00:00Z") == 2
    assert ">bgest</dc:creator>" in core


def test_a_failed_save_leaves_the_earlier_file(tmp_path):
    path = write(tmp_path / "a.xlsx", ["prima"])
    book = new_workbook()  # a workbook without sheets cannot be saved

    with pytest.raises(IndexError):
        save_workbook(book, path)
    assert load_workbook(path)["Dati"]["A1"].value == "prima"
    assert [item.name for item in tmp_path.iterdir()] == ["a.xlsx"]
