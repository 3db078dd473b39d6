import datetime as dt

import pytest
from openpyxl import load_workbook

from bgest_analysis.errors import UsageError
from bgest_analysis.schema.ingresso import EXAMPLE_MARK, INTERNAL, STAMP_SHEET, input_columns
from bgest_analysis.schema.model import VERSION
from bgest_analysis.schema.registry import TABLES
from bgest_analysis.workbooks.templates import (
    EXAMPLE_ROW,
    FIRST_ROW,
    LAST_ROW,
    ROWS,
    Limits,
    write_template,
)

SENT = [name for name in TABLES if name not in INTERNAL]
LIMITS = Limits(
    first_day=dt.date(2019, 1, 1),
    last_day=dt.date(2023, 6, 30),
    choices={"ambito_id": ["Ambito Esempio 1", "Ambito Esempio 2"]},
)


def template(tmp_path, name):
    path = tmp_path / f"{name}.xlsx"
    write_template(path, TABLES[name], LIMITS)
    return load_workbook(path)


def rules(book):
    """Data validations of the sheet to fill in, by the heading of their column."""
    page = book.worksheets[0]
    found = {}
    for rule in page.data_validations.dataValidation:
        area = next(iter(rule.sqref.ranges))
        assert (area.min_row, area.max_row) == (FIRST_ROW, LAST_ROW)
        found[page.cell(1, area.min_col).value.removesuffix(" *")] = rule
    return found


def options(book, rule):
    sheet, area = rule.formula1.split("!")
    cells = book[sheet.strip("'")][area.replace("$", "")]
    return [row[0].value for row in cells]


@pytest.fixture
def interventi(tmp_path):
    return template(tmp_path, "interventi")


@pytest.mark.parametrize("name", SENT)
def test_every_table_has_a_template_whose_columns_all_have_a_prompt(tmp_path, name):
    book = template(tmp_path, name)
    page = book.worksheets[0]
    headings = [cell.value.removesuffix(" *") for cell in page[1]]

    assert headings == [column.title_it for column in input_columns(TABLES[name])]
    assert list(rules(book)) == headings
    assert all(rule.prompt and rule.showInputMessage for rule in rules(book).values())


def test_drop_downs_survive_reopening_and_offer_the_code_lists(interventi):
    found = rules(interventi)

    assert ROWS == 5_000
    assert found["Esito"].type == "list"
    assert "Non coperto" in " ".join(options(interventi, found["Esito"]))
    assert options(interventi, found["Ambito"]) == ["Ambito Esempio 1", "Ambito Esempio 2"]
    assert len(options(interventi, found["Fase"])) == 5
    assert interventi["Elenchi"].sheet_state == "hidden"


def test_drop_downs_survive_saving_again(interventi, tmp_path):
    interventi.save(tmp_path / "riempito.xlsx")
    again = load_workbook(tmp_path / "riempito.xlsx")

    assert {k: r.formula1 for k, r in rules(again).items()} == {
        k: r.formula1 for k, r in rules(interventi).items()
    }


def test_dates_of_the_project_lie_between_the_studys_days(interventi):
    rule = rules(interventi)["Data della richiesta"]
    epoch = dt.date(1899, 12, 30)

    assert epoch + dt.timedelta(int(rule.formula1)) == dt.date(2019, 1, 1)
    assert epoch + dt.timedelta(int(rule.formula2)) == dt.date(2023, 6, 30)
    assert rule.error == "Scrivere una data tra il 01/01/2019 e il 30/06/2023."


def test_dates_of_birth_are_not_limited_to_the_project(tmp_path):
    rule = rules(template(tmp_path, "destinatari"))["Data di nascita"]

    assert int(rule.formula1) < 10
    assert "01/01/1900" in rule.error


def test_numbers_keep_their_range(interventi):
    rule = rules(interventi)["Minuti frontali"]

    assert (rule.type, rule.formula1, rule.formula2) == ("whole", "0", "1440")


def test_the_example_row_is_recognised_by_its_first_cell(interventi):
    page = interventi.worksheets[0]

    assert page.max_row == EXAMPLE_ROW
    assert page.cell(EXAMPLE_ROW, 1).value == EXAMPLE_MARK
    assert page.freeze_panes == f"A{FIRST_ROW}"


@pytest.mark.parametrize("name", SENT)
def test_the_example_row_holds_values_that_its_own_rules_accept(tmp_path, name):
    book = template(tmp_path, name)
    page = book.worksheets[0]
    for place, (heading, rule) in enumerate(rules(book).items(), start=1):
        value = page.cell(EXAMPLE_ROW, place).value
        if place > 1 and rule.type == "list":
            assert value in options(book, rule), heading
        elif place > 1 and rule.type in ("whole", "decimal"):
            assert float(rule.formula1) <= value <= float(rule.formula2), heading


def test_text_codes_keep_their_zeros(tmp_path):
    page = template(tmp_path, "comuni").worksheets[0]

    assert page.column_dimensions["A"].number_format == "@"


def test_required_columns_are_starred_and_explained(tmp_path):
    book = template(tmp_path, "presenze")

    assert [cell.value for cell in book.worksheets[0][1]] == [
        "Incontro *", "Data", "Livello", "Ente *", "Ruolo *", "Persone presenti *",
    ]  # fmt: skip
    guide = [row[0] for row in book["Istruzioni"].iter_rows(values_only=True)]
    assert any(EXAMPLE_MARK in str(line) for line in guide)


def test_templates_about_people_warn_and_say_their_table_and_version(tmp_path):
    book = template(tmp_path, "destinatari")
    guide = " ".join(str(v) for row in book["Istruzioni"].iter_rows(values_only=True) for v in row)

    assert "dati personali" in guide
    stamp = {row[0]: row[1] for row in book[STAMP_SHEET].iter_rows(values_only=True)}
    assert stamp == {"tabella": "destinatari", "versione": VERSION}
    assert book[STAMP_SHEET].sheet_state == "veryHidden"


@pytest.mark.parametrize("name", sorted(INTERNAL))
def test_a_table_that_we_make_ourselves_has_no_template(tmp_path, name):
    with pytest.raises(UsageError, match=name):
        write_template(tmp_path / "a.xlsx", TABLES[name])
    assert list(tmp_path.iterdir()) == []


def test_same_table_same_bytes(tmp_path):
    for name in ("a", "b"):
        write_template(tmp_path / f"{name}.xlsx", TABLES["interventi"], LIMITS)

    assert (tmp_path / "a.xlsx").read_bytes() == (tmp_path / "b.xlsx").read_bytes()
