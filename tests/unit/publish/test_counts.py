"""Counts of persons below the threshold are found in blocks and again in finished tables."""

from __future__ import annotations

import docx
import openpyxl
import pytest

from bgest_analysis.blocks import Column, Grid
from bgest_analysis.publish.audit import audit_run
from bgest_analysis.publish.counts import Limits, check_block, check_table, is_delicate, watched
from bgest_analysis.publish.findings import Rule
from bgest_analysis.text.formats import Hidden
from bgest_analysis.text.messages import Message, T
from tests.lib.finished_run import people_block

LIMITS = Limits(10, 5)
OTHER = Column("altro", Message("Altro"), "int")
KNOWN = Column("anno", Message("Anno"), "int")


def rules(block):
    return [rule for _, rule in check_block(block, LIMITS)]


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        (("Nord", 10, 0), []),
        (("Nord", 9, 0), [Rule.SMALL_COUNT]),
        (("Nord", 1, 5), [Rule.SMALL_COUNT, Rule.SMALL_COUNT]),
        (("Nord", 12, 10), [Rule.NOT_ROUNDED]),
        (("Nord", Hidden(10), Hidden(None)), []),
        (("Nord", Hidden(5), 20), [Rule.OTHER_THRESHOLD]),
        (("Nord", None, 20), []),
    ],
)
def test_each_kind_of_cell(row, expected):
    assert rules(people_block([row])) == expected


def test_public_blocks_and_blocks_about_bodies_are_exempt():
    small = [("Nord", 3, 4)]
    assert rules(people_block(small, origin="pubblica")) == []
    bodies = people_block(small, tables=("tidy_popolazione",))
    assert not is_delicate(bodies)
    assert rules(bodies) == []


def test_tables_nobody_knows_count_as_delicate():
    assert rules(people_block([("Nord", 3, 20)], tables=("ind_mai_vista",))) == [Rule.SMALL_COUNT]
    assert rules(people_block([("Nord", 3, 20)], tables=())) == [Rule.SMALL_COUNT]


def test_whole_numbers_with_unknown_names_are_looked_at():
    grid = Grid((OTHER, KNOWN), ((4, 4),))
    assert watched(people_block(grid=grid)) == [0]
    assert rules(people_block(grid=grid)) == [Rule.SMALL_COUNT]


def test_sentences_are_looked_at_too():
    assert rules(people_block(n=T("n = {n:int}", n=7))) == [Rule.SMALL_COUNT]
    assert rules(people_block(n=T("{a}", a=T("n = {n:int}", n=7)))) == [Rule.SMALL_COUNT]
    assert rules(people_block(text=T("{migliorati:int} su {x:int}", migliorati=3, x=4))) == [
        Rule.SMALL_COUNT
    ]


def test_synthetic_blocks_are_named():
    assert rules(people_block(origin="sintetica")) == [Rule.SYNTHETIC]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("9", [Rule.SMALL_COUNT]),
        ("10", []),
        ("1.234", []),
        ("0", []),
        ("n.p.", []),
        ("<10", []),
        ("<5", [Rule.OTHER_THRESHOLD]),
        ("7,0%", []),
    ],
)
def test_finished_cells_as_they_are_printed(text, expected):
    heads = {("Area", "Casi"): [1]}
    rows = [["Titolo", ""], ["Area", "Casi"], ["Nord", text]]
    assert [rule for _, rule in check_table(rows, heads, 10)] == expected


def test_an_unwatched_column_may_hold_small_numbers():
    rows = [["Area", "Incontri"], ["Nord", "3"]]
    assert list(check_table(rows, {("Area", "Casi"): [1]}, 10)) == []


def forge_word(run):
    path = run.folder / "dossier.docx"
    document = docx.Document(str(path))
    table = next(t for t in document.tables if t.cell(0, 1).text == "Casi seguiti")
    table.cell(2, 1).text = "7"
    document.save(str(path))


def forge_excel(run):
    path = run.folder / "tabelle.xlsx"
    book = openpyxl.load_workbook(path)
    cells = [cell for row in book.worksheets[-1].iter_rows() for cell in row if cell.value == 25]
    cells[0].value = 7
    book.save(path)


def forge_page(run):
    path = run.folder / "dossier.html"
    page = path.read_text(encoding="utf-8")
    assert page.count(">25</td>") == 1
    path.write_text(page.replace(">25</td>", ">7</td>"), encoding="utf-8")


@pytest.mark.parametrize("forge", [forge_word, forge_excel, forge_page])
def test_finished_tables_are_read_again(copy_of, forge):
    """A small count only the finished file shows is found, were the manifest to vouch for it."""
    run = copy_of()
    forge(run)
    audit = audit_run(run.seal().workspace, run.study, run.workspace.root / "casa")
    assert [item.rule for item in audit.findings] == [Rule.SMALL_COUNT]


def test_a_run_with_the_internal_threshold_is_found_everywhere(run, tmp_path):
    run.write(people_block([("Nord", 1230, Hidden(5)), ("Sud", 7, 40)]))
    audit = audit_run(run.workspace, run.study, tmp_path / "casa")
    suffixes = {item.file.rpartition(".")[2] for item in audit.findings}
    assert suffixes == {"docx", "html", "ipynb", "xlsx"}
    assert {item.rule for item in audit.findings} == {Rule.SMALL_COUNT, Rule.OTHER_THRESHOLD}
