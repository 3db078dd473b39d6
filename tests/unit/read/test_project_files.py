"""Workbooks and text files as cooperatives send them -> our columns, file rows, named rules."""

from __future__ import annotations

import datetime as dt
import shutil
import subprocess
from pathlib import Path

import openpyxl
import pandas as pd
import pytest

from bgest_analysis.errors import UnknownLayout
from bgest_analysis.read.headers import Header, HeaderReport, header_report, letter, synonyms
from bgest_analysis.read.letters import KINDS
from bgest_analysis.read.project import ReadOptions, read_project_file
from bgest_analysis.read.raw import CellKind, RawTable
from bgest_analysis.schema.ingresso import EXAMPLE_MARK, input_columns
from bgest_analysis.schema.registry import TABLES

INTERVENTI = TABLES["interventi"]
HEADER = ["Data", "Mediatore", "Lingua", "Ore frontali", "Ambito", "Esito"]
ROW = ["03/01/2022", "M1", "Arabo", "1:30", "Ambito Esempio 1", "concluso"]


def save(path: Path, **sheets: list[list[object]]) -> Path:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        page = book.create_sheet(name)
        for row in rows:
            page.append(row)
    book.save(path)
    return path


def skipped(raw: RawTable) -> dict[str, tuple[int, ...]]:
    return {entry.rule: entry.rows for entry in raw.skipped}


def accounts(raw: RawTable) -> bool:
    return raw.rows_in == len(raw.cells) + sum(len(entry.rows) for entry in raw.skipped)


def build_trap_workbook(path: Path) -> Path:
    """Every trap of a real log in one sheet."""
    rows: list[list[object]] = [
        ["Registro interventi 2022"],
        [],
        ["N.", "Data", "Mediatore", "Lingua", "Ore", None, "Ambito", "Esito", "Colore", "Note"],
        [None, None, None, None, "Frontali", "Viaggio"],
        [
            1,
            dt.date(2022, 1, 3),
            "M1",
            "Arabo",
            1.5,
            dt.time(0, 30),
            "Ambito Esempio 1",
            "concluso",
        ],
        [2, "04/01/2022", "M1", "Urdu", "1:30", "0,5", "Ambito Esempio 1", "concluso"],
        [],
        ["Febbraio"],
        [3, "05/02/2022", "M2", "Urdu", "=1+1", "0,5", "Ambito Esempio 1", "concluso"],
        ["Totale", None, None, None, "=SUM(E5:E9)", 3],
        ["N.", "Data", "Mediatore", "Lingua", "Frontali", "Viaggio", "Ambito", "Esito"],
        [4, "06/02/2022", "M2", "Urdu", "#N/D", "0,5", "Ambito Esempio 1", "concluso"],
        ["Nota: i dati sono provvisori"],
        ["Firma del responsabile"],
    ]
    book = openpyxl.Workbook()
    page = book.active
    page.title = "Gennaio"
    for row in rows:
        page.append(row)
    page["E12"].data_type, page["E12"].value = "e", "#N/A"
    for merged in ("A1:J1", "E3:F3"):
        page.merge_cells(merged)
    book.create_sheet("Legenda").append(["X = presente"])
    hidden = book.create_sheet("Prova")
    hidden.sheet_state = "hidden"
    hidden.append(HEADER)
    hidden.append(ROW)
    book.save(path)
    return path


def test_one_sheet_with_every_trap(tmp_path):
    [raw] = read_project_file(build_trap_workbook(tmp_path / "log.xlsx"), INTERVENTI)
    assert list(raw.cells.index) == [5, 6, 9, 12]
    assert raw.cells.index.name == "riga"
    assert skipped(raw) == {
        "intestazione_ripetuta": (11,),
        "nota": (13, 14),
        "sezione": (8,),
        "totale": (10,),
    }
    assert accounts(raw)
    assert list(raw.cells["minuti_frontali"]) == ["1.5", "1:30", "", "#N/A"]
    assert list(raw.kinds["minuti_frontali"]) == ["n", "t", "f", "e"]
    assert list(raw.cells["minuti_viaggio"]) == ["00:30:00", "0,5", "0,5", "0,5"]
    assert list(raw.kinds["data"]) == ["d", "t", "t", "t"]
    assert raw.remarks["riga_intestazione"] == "3"
    assert raw.remarks["righe_intestazione"] == "2"
    assert raw.remarks["righe_vuote"] == "1"
    assert raw.remarks["fogli_nascosti"] == "Prova"
    assert raw.remarks["fogli_senza_tabella"] == "Legenda"


def test_the_report_on_headers_names_letters_units_and_what_is_unknown(tmp_path):
    [raw] = read_project_file(build_trap_workbook(tmp_path / "log.xlsx"), INTERVENTI)
    report = header_report(raw)
    assert report.letters["data"] == "B"
    assert report.letters["minuti_viaggio"] == "F"
    assert report.units == {"minuti_frontali": "ore", "minuti_viaggio": "ore"}
    assert [(h.text, h.letter) for h in report.unknown] == [("N.", "A"), ("Colore", "I")]
    assert report.missing == ("intervento_id",)
    assert HeaderReport.from_json(report.to_json()) == report


@pytest.mark.office
@pytest.mark.parametrize("ending", ["ods", "xls"])
def test_the_same_workbook_saved_by_libreoffice(ending, tmp_path):
    source = build_trap_workbook(tmp_path / "log.xlsx")
    office = shutil.which("soffice") or shutil.which("libreoffice")
    subprocess.run(
        [office, f"-env:UserInstallation=file://{tmp_path}/profilo", "--headless",
         "--convert-to", ending, "--outdir", str(tmp_path), str(source)],
        check=True, capture_output=True, timeout=120,
    )  # fmt: skip
    [raw] = read_project_file(tmp_path / f"log.{ending}", INTERVENTI)
    assert list(raw.cells.index) == [5, 6, 9, 12]
    assert list(raw.cells["minuti_frontali"]) == ["1.5", "1:30", "2", "#N/A"]
    assert list(raw.kinds["minuti_frontali"]) == ["n", "t", "n", "e"]
    assert set(skipped(raw)) == {"intestazione_ripetuta", "nota", "sezione", "totale"}
    assert raw.remarks["fogli_nascosti"] == "Prova"


def test_a_sheet_a_month_keeps_its_name(tmp_path):
    path = save(tmp_path / "log.xlsx", Gennaio=[HEADER, ROW], Febbraio=[HEADER, ROW, ROW])
    tables = read_project_file(path, INTERVENTI)
    assert [(raw.sheet, len(raw.cells)) for raw in tables] == [("Gennaio", 1), ("Febbraio", 2)]


def test_hidden_sheets_are_read_only_when_asked(tmp_path):
    path = build_trap_workbook(tmp_path / "log.xlsx")
    tables = read_project_file(path, INTERVENTI, ReadOptions(hidden_sheets=True))
    assert [raw.sheet for raw in tables] == ["Gennaio", "Prova"]


def test_columns_in_any_order_under_any_known_name(tmp_path):
    header = ["ESITO INTERVENTO", "Durata (min)", "ambito territoriale", "2) Data intervento"]
    path = save(tmp_path / "log.xlsx", F=[header, ["concluso", 90, "Ambito Esempio 1", "1/2/22"]])
    [raw] = read_project_file(path, INTERVENTI)
    assert list(raw.cells) == ["esito", "minuti_frontali", "ambito_id", "data"]
    assert header_report(raw).units == {"minuti_frontali": "minuti"}


def test_an_unknown_header_is_listed_with_the_nearest_and_never_taken(tmp_path):
    path = save(tmp_path / "log.xlsx", F=[[*HEADER, "Linguaa"], [*ROW, "Urdu"]])
    [raw] = read_project_file(path, INTERVENTI)
    [unknown] = header_report(raw).unknown
    assert (unknown.text, unknown.letter, unknown.nearest) == ("Linguaa", "G", "Lingua")
    assert "Urdu" not in raw.cells.to_numpy()


def test_a_column_without_header_but_with_values_is_listed(tmp_path):
    path = save(tmp_path / "log.xlsx", F=[HEADER, [*ROW, "fuori"]])
    [raw] = read_project_file(path, INTERVENTI)
    assert [(h.text, h.letter) for h in header_report(raw).unknown] == [("", "G")]


def test_two_headers_for_one_column_keep_the_left_one(tmp_path):
    path = save(tmp_path / "log.xlsx", F=[[*HEADER, "Giorno"], [*ROW, "05/01/2022"]])
    [raw] = read_project_file(path, INTERVENTI)
    assert header_report(raw).repeated == (Header("data", "Giorno", "G"),)
    assert list(raw.cells["data"]) == ["03/01/2022"]


def test_the_example_row_of_a_template_is_never_read(tmp_path):
    path = save(tmp_path / "log.xlsx", F=[HEADER, [EXAMPLE_MARK, *ROW[1:]], ROW])
    [raw] = read_project_file(path, INTERVENTI)
    assert skipped(raw) == {"esempio": (2,)}
    assert len(raw.cells) == 1


@pytest.mark.parametrize(
    "label",
    [
        "TOTALE",
        "Totale gennaio",
        "Totali:",
        "Subtotale",
        "tot. ore",
        "TOTALE GENERALE",
        "Sub-totale",
    ],
)
def test_totals_are_left_out_however_full_the_row(label, tmp_path):
    path = save(tmp_path / "log.xlsx", F=[HEADER, ROW, [label, 1, 2, 3, 4, 5], ROW])
    [raw] = read_project_file(path, INTERVENTI)
    assert skipped(raw) == {"totale": (3,)}
    assert list(raw.cells.index) == [2, 4]


def test_names_that_only_look_like_totals_are_data(tmp_path):
    row = ["03/01/2022", "Totò", *ROW[2:]]
    path = save(tmp_path / "log.xlsx", F=[HEADER, row, ["04/01/2022", "Sommaruga", *ROW[2:]]])
    [raw] = read_project_file(path, INTERVENTI)
    assert len(raw.cells) == 2


def test_a_row_with_one_value_among_the_data_is_not_lost(tmp_path):
    path = save(tmp_path / "log.xlsx", F=[HEADER, ROW, [None, "M2"], ROW])
    [raw] = read_project_file(path, INTERVENTI)
    assert list(raw.cells.index) == [2, 3, 4]
    assert list(raw.cells["mediatore"]) == ["M1", "M2", "M1"]


def test_a_vertical_merge_gives_its_value_to_each_row(tmp_path):
    path = save(tmp_path / "log.xlsx", F=[HEADER, ROW, [*ROW[:4], None, "concluso"], ROW])
    book = openpyxl.load_workbook(path)
    book["F"].merge_cells("E2:E3")
    book.save(path)
    [raw] = read_project_file(path, INTERVENTI)
    assert list(raw.cells["ambito_id"]) == ["Ambito Esempio 1"] * 3
    assert raw.remarks["celle_unite_riempite"] == "1"


def test_the_kind_of_file_is_recognised_by_its_headers(tmp_path):
    path = save(tmp_path / "log.xlsx", F=[HEADER, ROW])
    [raw] = read_project_file(path)
    assert raw.layout == "progetto.interventi"
    path = save(
        tmp_path / "t.xlsx", F=[["Mediatore", "Mese", "Ore mese", "WBS"], ["M1", "2022-01", 3]]
    )
    [raw] = read_project_file(path)
    assert raw.layout == "progetto.timesheet"


def test_a_file_without_known_headers_says_what_it_saw(tmp_path):
    path = save(tmp_path / "log.xlsx", F=[["Titolo"], ["Alfa", "Beta"], ["x", "y"]])
    with pytest.raises(UnknownLayout, match="Alfa, Beta") as caught:
        read_project_file(path, INTERVENTI)
    assert caught.value.exit_code == 1


# --- text files -------------------------------------------------------------------------------
def write(path: Path, text: str, encoding: str = "utf-8") -> Path:
    path.write_bytes(text.encode(encoding))
    return path


@pytest.mark.parametrize(
    ("encoding", "separator", "ending"),
    [
        ("utf-8", ";", "\n"),
        ("utf-8-sig", ";", "\r\n"),
        ("cp1252", ";", "\r\n"),
        ("utf-16", "\t", "\n"),
        ("utf-8", ",", "\n"),
        ("latin-1", "|", "\r"),
    ],
)
def test_text_files_in_any_encoding(encoding, separator, ending, tmp_path):
    lines = ["Data;Ambito;Esito", "03/04/2022;Città Esempio;concluso", "04/04/2022;Però;concluso"]
    text = ending.join(line.replace(";", separator) for line in lines) + ending
    [raw] = read_project_file(write(tmp_path / "log.csv", text, encoding), INTERVENTI)
    assert list(raw.cells["ambito_id"]) == ["Città Esempio", "Però"]
    assert list(raw.cells.index) == [2, 3]
    assert raw.kinds is None
    assert raw.remarks["separatore"] == {"\t": "tab"}.get(separator, separator)


def test_rows_keep_their_line_across_blank_rows_breaks_and_titles(tmp_path):
    text = (
        'Registro;;\n\nData;Ambito;Note\n03/04/2022;A;"due\nrighe"\n\n04/04/2022;B;x\n'
        "05/04/2022;C\n06/04/2022;D;y;in più\n"
    )
    [raw] = read_project_file(write(tmp_path / "log.csv", text), INTERVENTI)
    assert dict(zip(raw.cells.index, raw.cells["ambito_id"], strict=True)) == {
        4: "A",
        7: "B",
        8: "C",
        9: "D",
    }
    assert [h.letter for h in header_report(raw).unknown] == ["D"]


def test_the_fast_and_the_slow_reader_agree(tmp_path):
    lines = ["Data;Ambito;Note", *(f'0{1 + n % 9}/04/2022;A{n};"x\n{n}"' for n in range(50))]
    fast = read_project_file(write(tmp_path / "a.csv", "\n".join(lines) + "\n"), INTERVENTI)[0]
    slow = read_project_file(
        write(tmp_path / "b.csv", "\n".join([*lines, "", "1;2;3;4"])), INTERVENTI
    )[0]
    pd.testing.assert_frame_equal(fast.cells, slow.cells.iloc[:50])


def test_a_title_row_wider_than_the_table_is_no_obstacle(tmp_path):
    text = "a;b;c;d;e\nData;Ambito;Esito\n03/04/2022;A;concluso\n04/04/2022;B;concluso\n"
    [raw] = read_project_file(write(tmp_path / "log.csv", text), INTERVENTI)
    assert list(raw.cells.index) == [3, 4]


def test_a_text_file_with_an_excel_hint_on_the_separator(tmp_path):
    text = "sep=,\nData,Ambito,Esito\n03/04/2022,A,concluso\n"
    [raw] = read_project_file(write(tmp_path / "log.csv", text), INTERVENTI)
    assert list(raw.cells["ambito_id"]) == ["A"]
    assert list(raw.cells.index) == [3]


# --- headers ----------------------------------------------------------------------------------
def test_letters_are_those_of_a_spreadsheet():
    assert [letter(n) for n in (0, 25, 26, 51, 701, 702)] == ["A", "Z", "AA", "AZ", "ZZ", "AAA"]


def test_the_letters_of_kinds_are_the_contract():
    assert tuple(KINDS) == tuple(CellKind)


@pytest.mark.parametrize("table", TABLES.values(), ids=list(TABLES))
def test_every_column_is_known_by_its_title_and_name(table):
    known = synonyms(table)
    for column in input_columns(table):
        assert known.find(column.name)[0] == column.name
        assert known.find(f"{column.title_it} *")[0] == column.name
