import hashlib

import pytest
from openpyxl import Workbook, load_workbook

from bgest_analysis.errors import UnsafeInput, UsageError
from bgest_analysis.problems.record import Problem, Rule, Treatment
from bgest_analysis.workbooks import marked
from bgest_analysis.workbooks.marked import (
    Mark,
    PlainSheet,
    collect_marks,
    mark_plain,
    mark_workbook,
)

RED = "00FFC7CE"
ORE = Rule(
    "ore_non_lette",
    "«{valore}» in {colonna} non è una durata",
    "Scrivere 1:30",
    Treatment.QUARANTENA,
)
ANNO = Rule(
    "anno_impossibile", "anno di nascita impossibile: {valore}", "Correggerlo", Treatment.REVISIONE
)
SPAZI = Rule("spazi", "spazi tolti", "Nulla da fare", Treatment.CORREZIONE)
LETTERS = {"Marzo": {"minuti": "B", "anno_nascita": "C", "titolo": "B"}}


def problem(rule, row, column, value=""):
    return Problem(rule, "registro.xlsx", "Marzo", row, column, value)


@pytest.fixture
def source(tmp_path):
    book = Workbook()
    page = book.active
    page.title = "Marzo"
    page["A1"] = "Registro di marzo"
    page.merge_cells("A1:C1")
    page.append(["Data", "Ore", "Anno di nascita"])
    page.append(["01/03/2022", "boh", "1790"])
    page.append(["02/03/2022", "1:30", "1990"])
    page["A5"] = "=1+1"
    page["A5"].data_type = "s"
    book.create_sheet("Nascosto").sheet_state = "hidden"
    path = tmp_path / "registro.xlsx"
    book.save(path)
    return path


def copy_of(source, problems, **options):
    target = source.with_name("registro_segnato.xlsx")
    mark_workbook(source, target, collect_marks(problems, LETTERS, **options))
    return load_workbook(target)


def test_bad_cells_are_red_and_commented_and_the_others_are_not(source):
    page = copy_of(source, [problem(ORE, 3, "minuti", "boh")])["Marzo"]

    assert page["B3"].fill.start_color.rgb == RED
    assert page["B3"].comment.text == "«boh» in minuti non è una durata\n→ Scrivere 1:30"
    marked_cells = [c.coordinate for row in page.iter_rows() for c in row if c.comment]
    assert marked_cells == ["B3"]
    assert page["B4"].fill.start_color.rgb != RED


def test_errors_come_first_with_cell_what_rule_and_remedy(source):
    book = copy_of(
        source,
        [problem(ORE, 3, "minuti", "boh"), problem(SPAZI, 4, "minuti"), problem(ORE, None, "x")],
    )
    rows = list(book["Errori"].iter_rows(min_row=2, values_only=True))

    assert book.sheetnames == ["Errori", "Marzo", "Nascosto"]
    assert rows == [
        ("Foglio", "Cella", "Colonna", "Cosa", "Regola", "Rimedio"),
        ("Marzo", None, "x", "«» in x non è una durata", "ore_non_lette", "Scrivere 1:30"),
        (
            "Marzo",
            "B3",
            "minuti",
            "«boh» in minuti non è una durata",
            "ore_non_lette",
            "Scrivere 1:30",
        ),
        ("Marzo", "B4", "minuti", "spazi tolti", "spazi", "Nulla da fare"),
    ]
    assert book["Marzo"]["B4"].comment is None


def test_the_original_keeps_its_bytes(source):
    before = hashlib.sha256(source.read_bytes()).hexdigest()

    copy_of(source, [problem(ORE, 3, "minuti", "boh")])

    assert hashlib.sha256(source.read_bytes()).hexdigest() == before
    with pytest.raises(UsageError, match=r"registro\.xlsx"):
        mark_workbook(source, source, [])


def test_everything_else_of_the_workbook_is_still_there(source):
    book = copy_of(source, [problem(ORE, 3, "minuti", "boh")])
    page = book["Marzo"]

    assert [str(area) for area in page.merged_cells.ranges] == ["A1:C1"]
    assert (page["A5"].value, page["A5"].data_type) == ("=1+1", "s")
    assert book["Nascosto"].sheet_state == "hidden"


def test_a_cell_inside_a_merged_range_marks_the_ranges_first_cell(source):
    page = copy_of(source, [problem(ORE, 1, "titolo")])["Marzo"]

    assert page["A1"].fill.start_color.rgb == RED
    assert page["A1"].comment is not None


def test_a_personal_value_is_in_no_comment_and_no_line(source):
    book = copy_of(
        source, [problem(ANNO, 3, "anno_nascita", "1790")], personal=frozenset({"anno_nascita"})
    )

    page = book["Marzo"]
    assert page["C3"].fill.start_color.rgb == RED
    texts = [page["C3"].comment.text]
    texts += [str(v) for row in book["Errori"].iter_rows(values_only=True) for v in row]
    assert not any("1790" in text for text in texts)


def test_two_problems_of_a_cell_share_its_comment(source):
    problems = [problem(ORE, 3, "minuti", "boh"), problem(ANNO, 3, "minuti", "x")]
    comment = copy_of(source, problems)["Marzo"]["B3"].comment.text

    assert comment.count("→") == 2


def test_a_hostile_value_is_text_in_the_list(source):
    page = copy_of(source, [problem(Rule("r", "=1+1", "@x", Treatment.SCARTO), 3, "minuti")])[
        "Errori"
    ]

    assert [(c.value, c.data_type) for c in (page["D3"], page["F3"])] == [
        ("=1+1", "s"),
        ("@x", "s"),
    ]


def test_a_sheet_of_the_senders_called_errori_stays(source):
    book = load_workbook(source)
    book.create_sheet("Errori")["A1"] = "nostro"
    book.save(source)

    marked_copy = copy_of(source, [problem(ORE, 3, "minuti", "boh")])
    assert marked_copy.sheetnames[0] == "Errori (2)"
    assert marked_copy["Errori"]["A1"].value == "nostro"


def test_a_long_list_is_cut_and_says_so(source, monkeypatch):
    monkeypatch.setattr(marked, "MOST_LINES", 2)
    monkeypatch.setattr(marked, "MOST_COMMENTS", 1)
    problems = [problem(ORE, row, "minuti", "x") for row in (2, 3, 4)]
    book = copy_of(source, problems)

    assert book["Errori"]["A1"].value == "Errori trovati: 3"
    assert book["Errori"]["A5"].value == "e altri 1 problemi, non elencati"
    cells = [book["Marzo"][f"B{row}"] for row in (2, 3, 4)]
    assert [cell.fill.start_color.rgb for cell in cells] == [RED] * 3
    assert [cell.comment is None for cell in cells] == [False, True, True]


def test_a_text_file_gets_an_excel_copy_row_by_row(tmp_path):
    target = tmp_path / "copia.xlsx"
    sheet = PlainSheet("", {1: ["Titolo"], 3: ["Data", "Ore"], 4: ["01/03/2022", "=1+1"]})

    mark_plain([sheet], target, [Mark("", 4, "B", "minuti", "cosa", "regola", "rimedio")])

    page = load_workbook(target)["Dati"]
    assert [page[cell].value for cell in ("A1", "A2", "B3", "B4")] == [
        "Titolo",
        None,
        "Ore",
        "=1+1",
    ]
    assert page["B4"].data_type == "s"
    assert page["B4"].comment.text == "cosa\n→ rimedio"


def test_another_kind_of_file_is_refused(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("a;b")

    with pytest.raises(UnsafeInput, match=r"a\.csv"):
        mark_workbook(path, tmp_path / "b.xlsx", [])


def test_same_problems_same_bytes(source):
    marks = collect_marks([problem(ORE, 3, "minuti", "boh")], LETTERS)
    targets = [source.with_name(name) for name in ("a.xlsx", "b.xlsx")]
    for target in targets:
        mark_workbook(source, target, marks)

    assert targets[0].read_bytes() == targets[1].read_bytes()
