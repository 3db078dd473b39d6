"""The templates we give out are read back without a question: headers, example row, own sheets."""

from __future__ import annotations

import openpyxl
import pytest

from bgest_analysis.read.headers import header_report
from bgest_analysis.read.project import read_project_file
from bgest_analysis.schema.ingresso import input_columns
from bgest_analysis.schema.registry import TABLES
from bgest_analysis.workbooks.templates import FIRST_ROW, write_template

FILLED_BY_SENDERS = ("interventi", "destinatari", "budget", "timesheet", "presenze", "indicatori")


@pytest.mark.parametrize("name", FILLED_BY_SENDERS)
def test_a_filled_template_is_understood(name, tmp_path):
    table = TABLES[name]
    path = tmp_path / "modello.xlsx"
    write_template(path, table)
    book = openpyxl.load_workbook(path)
    page = book.worksheets[0]
    columns = input_columns(table)
    for place in range(1, len(columns) + 1):
        page.cell(FIRST_ROW, place, f"valore {place}")
    book.save(path)
    for chosen in (table, None):
        [raw] = read_project_file(path, chosen)
        assert raw.layout == f"progetto.{name}"
        assert list(raw.cells) == [column.name for column in columns]
        assert list(raw.cells.index) == [FIRST_ROW]
        assert [entry.rule for entry in raw.skipped] == ["esempio"]
        report = header_report(raw)
        assert (report.unknown, report.repeated, report.missing) == ((), (), ())
        assert "fogli_senza_tabella" not in raw.remarks
        assert "fogli_nascosti" not in raw.remarks
