import pytest
from openpyxl import load_workbook

from bgest_analysis.errors import SchemaViolation
from bgest_analysis.text.formats import Hidden
from bgest_analysis.text.messages import T
from bgest_analysis.workbooks.annex import Sheet, SheetColumn, write_annex

COLUMNS = (
    SheetColumn(T("Ambito")),
    SheetColumn("Residenti", "int"),
    SheetColumn("Incidenza", "pct1"),
    SheetColumn("Anno", ""),
)
ROWS = (("Val Cavallina", 54321, 0.138, 2023), ("=1+1", Hidden(5), None, 2023))
TABLE = Sheet(
    "Tabella 1", T("Incidenza, {anno}", anno=2023), COLUMNS, ROWS, ("n = 2", T("Fonte: ISTAT"))
)


@pytest.fixture
def book(tmp_path):
    path = tmp_path / "tabelle.xlsx"
    other = Sheet("Tabella 1", "Un'altra", COLUMNS, (), warning="DATI SINTETICI")
    write_annex(path, T("Dossier"), (TABLE, other), notes=("Licenza: EUPL-1.2",))
    return load_workbook(path)


def test_one_sheet_a_table_after_the_index(book):
    assert book.sheetnames == ["Indice", "Tabella 1", "Tabella 1 (2)"]


def test_index_lists_and_links_every_table(book):
    index = book["Indice"]

    assert [[cell.value for cell in row] for row in index["A4:C5"]] == [
        ["Tabella 1", "Incidenza, 2023", 2],
        ["Tabella 1 (2)", "Un'altra", 0],
    ]
    assert [index[cell].hyperlink.location for cell in ("A4", "A5")] == [
        "'Tabella 1'!A1",
        "'Tabella 1 (2)'!A1",
    ]
    assert index["A1"].value == "Dossier"
    assert index["A7"].value == "Licenza: EUPL-1.2"


def test_table_has_caption_header_values_and_notes(book):
    page = book["Tabella 1"]
    rows = [[cell.value for cell in row] for row in page.iter_rows(min_row=1, max_row=8)]

    assert rows[0][0] == "Incidenza, 2023"
    assert rows[2] == ["Ambito", "Residenti", "Incidenza", "Anno"]
    assert rows[3] == ["Val Cavallina", 54321, 0.138, 2023]
    assert rows[4] == ["=1+1", "<5", None, 2023]
    assert [row[0] for row in rows[6:8]] == ["n = 2", "Fonte: ISTAT"]
    assert page.freeze_panes == "A4"
    assert page["A2"].hyperlink.location == "'Indice'!A1"


def test_numbers_are_numbers_with_their_formats_and_text_is_no_formula(book):
    page = book["Tabella 1"]

    assert [page.cell(4, column).number_format for column in (2, 3, 4)] == [
        "#,##0",
        "0.0%",
        "General",
    ]
    assert page["A5"].data_type == "s"


def test_a_warning_stands_above_its_table(book):
    page = book["Tabella 1 (2)"]

    assert page["A3"].value == "DATI SINTETICI"
    assert page["A4"].value == "Ambito"
    assert page.freeze_panes == "A5"


def test_a_row_of_another_length_is_refused():
    with pytest.raises(SchemaViolation, match="celle"):
        Sheet("T", "c", COLUMNS, (("x",),))


def test_same_tables_same_bytes(tmp_path):
    for name in ("a.xlsx", "b.xlsx"):
        write_annex(tmp_path / name, "Dossier", (TABLE,))

    assert (tmp_path / "a.xlsx").read_bytes() == (tmp_path / "b.xlsx").read_bytes()
