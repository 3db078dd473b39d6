"""One person is taken out of the files received; everybody else stays as they were."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import zipfile

import openpyxl
import pandas as pd
import pytest

from bgest_analysis.cli.main import main
from bgest_analysis.errors import SourceMissing, UsageError
from bgest_analysis.publish.audit import check_run
from bgest_analysis.publish.erasure import (
    Place,
    blank_lines,
    blank_workbook,
    erase_person,
    find_person,
)
from bgest_analysis.publish.findings import Rule
from bgest_analysis.study.load import load_study
from tests.lib.kill import killed_at
from tests.lib.studies import write_study

ANNA, UGO, EVA = "a" * 20, "b" * 20, "c" * 20
CSV = b'nome;note\r\nAnna;"una\r\nnota"\r\nUgo;x\r\nAnna;y\r\n'
CSV_FILE = "data/raw/destinatari/elenco.csv"
XLSX_FILE = "data/raw/interventi/registro.xlsx"


@pytest.fixture
def study(tmp_path):
    """Return a study with a text file, a workbook of two sheets, and their cleaned tables."""
    workspace = write_study(tmp_path)
    text = workspace.root / CSV_FILE
    text.parent.mkdir(parents=True)
    text.write_bytes(CSV)
    write_book(workspace.root / XLSX_FILE)
    part(workspace, "destinatari/elenco_csv/pulito", [(ANNA, "", 2), (UGO, "", 4)], CSV_FILE)
    part(workspace, "destinatari/elenco_csv/quarantena", [(ANNA, "", 5)], CSV_FILE)
    rows = [
        (ANNA, "#Maggio", 2),
        (f"{ANNA}|{UGO}", "#Maggio", 3),
        (EVA, "#Maggio", 4),
        (None, "#Giugno", 2),
    ]
    part(workspace, "interventi/registro_xlsx/pulito", rows, XLSX_FILE)
    workspace.reports.mkdir()
    manifest = {"lavori": [], "parametri": {"profilo": "pubblicazione"}}
    (workspace.reports / "run.json").write_text(json.dumps(manifest), encoding="utf-8")
    return workspace


def write_book(path):
    path.parent.mkdir(parents=True)
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "Maggio"
    for row in (["nome", "ore"], ["Anna", 1], ["Anna, Ugo", 2], ["Eva", 3]):
        sheet.append(row)
    other = book.create_sheet("Giugno")
    other.append(["nome", "ore"])
    other.append(["Eva", 4])
    book.save(path)


def part(workspace, name, rows, file):
    frame = pd.DataFrame(
        {
            "persona_id": [row[0] for row in rows],
            "fonte_file": [file + row[1] for row in rows],
            "fonte_riga": [row[2] for row in rows],
        }
    )
    path = workspace.processed / f"fonti/{name}.parquet"
    path.parent.mkdir(parents=True, exist_ok=True)
    frame.to_parquet(path)


def test_rows_are_found_and_nothing_is_touched(study):
    before = digests(study)
    found = find_person(study, ANNA)
    assert found.rows == {
        Place(CSV_FILE, "", 2),
        Place(CSV_FILE, "", 5),
        Place(XLSX_FILE, "Maggio", 2),
    }
    assert found.by_hand == {Place(XLSX_FILE, "Maggio", 3)}
    assert digests(study) == before


def digests(study):
    files = [path for path in study.root.rglob("*") if path.is_file()]
    return {path: hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def test_rows_are_blanked_and_the_others_keep_their_numbers(study):
    before = digests(study)
    erase_person(study, ANNA, "2026-11-23")
    assert (study.root / CSV_FILE).read_bytes() == b"nome;note\r\n\r\n\r\nUgo;x\r\n\r\n"
    book = openpyxl.load_workbook(study.root / XLSX_FILE)
    values = [[cell.value for cell in row] for row in book["Maggio"].iter_rows()]
    assert values == [["nome", "ore"], [None, None], ["Anna, Ugo", 2], ["Eva", 3]]
    assert book["Giugno"].cell(2, 1).value == "Eva"
    with (study.root / "data/registro_cancellazioni.csv").open(encoding="utf-8") as lines:
        register = list(csv.DictReader(lines))
    assert [(line["file"], line["righe"]) for line in register] == [
        (CSV_FILE, "2"),
        (XLSX_FILE, "1"),
    ]
    after = digests(study)
    for line in register:
        path = study.root / line["file"]
        assert (line["sha256_prima"], line["sha256_dopo"]) == (before[path], after[path])
    assert ANNA not in (study.root / "data/registro_cancellazioni.csv").read_text(encoding="utf-8")


REPLACED = 5  # register, file, register, file, manifest


@pytest.mark.parametrize("stop", range(REPLACED))
def test_an_erasure_killed_at_any_write_is_completed_by_the_next(study, monkeypatch, stop):
    killed_at(monkeypatch, stop, lambda: erase_person(study, ANNA, "2026-11-23"))
    erase_person(study, ANNA, "2026-11-23")

    assert (study.root / CSV_FILE).read_bytes() == b"nome;note\r\n\r\n\r\nUgo;x\r\n\r\n"
    book = openpyxl.load_workbook(study.root / XLSX_FILE)
    values = [[cell.value for cell in row] for row in book["Maggio"].iter_rows()]
    assert values == [["nome", "ore"], [None, None], ["Anna, Ugo", 2], ["Eva", 3]]
    with (study.root / "data/registro_cancellazioni.csv").open(encoding="utf-8") as lines:
        register = [tuple(row.values()) for row in csv.DictReader(lines)]
    assert len(register) == len(set(register))
    told = {row[-1] for row in register}
    assert {digests(study)[study.root / name] for name in (CSV_FILE, XLSX_FILE)} <= told
    manifest = json.loads((study.reports / "run.json").read_text(encoding="utf-8"))
    assert {rule for _, rule in check_run(load_study(study), manifest)} == {Rule.SUPERSEDED}


def test_tables_go_and_earlier_runs_are_superseded(study):
    (study.processed / "tidy_destinatari.parquet").write_bytes(b"x")
    erase_person(study, ANNA, "2026-11-23")
    assert [path for path in study.processed.iterdir() if path != study.state] == []
    manifest = json.loads((study.reports / "run.json").read_text(encoding="utf-8"))
    assert manifest["superato"] == {"data": "2026-11-23"}
    assert [rule for _, rule in check_run(load_study(study), manifest)] == [Rule.SUPERSEDED]


def test_formulas_become_the_values_they_had():
    """A formula whose value openpyxl lost would be read as nothing by the next run."""
    out = io.BytesIO()
    book = openpyxl.Workbook()
    for row in (["Anna", 1], ["Ugo", "=1+1"]):
        book.active.append(row)
    book.save(out)
    cached = with_cached_value(out.getvalue(), b"<v></v>", b"<v>2</v>")
    blanked = blank_workbook(cached, {Place("a.xlsx", "Sheet", 1)})
    sheet = openpyxl.load_workbook(io.BytesIO(blanked)).active
    assert [cell.value for cell in sheet[1]] == [None, None]
    assert [cell.value for cell in sheet[2]] == ["Ugo", 2]


def with_cached_value(data, old, new):
    """Return a workbook whose formula has a value, as Excel would have saved it."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(out, "w") as target:
        for name in source.namelist():
            part_of = source.read(name)
            if name.endswith("sheet1.xml"):
                part_of = part_of.replace(b"<v />", new).replace(old, new).replace(b"<v/>", new)
            target.writestr(name, part_of)
    return out.getvalue()


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ({1}, b"\nb,2\nc,3"),
        ({2}, b"a,1\n\nc,3"),
        ({1, 3}, b"\nb,2\n"),
    ],
)
def test_lines_are_blanked_one_by_one(rows, expected):
    assert blank_lines(b"a,1\nb,2\nc,3", rows) == expected


def test_files_that_cannot_be_rewritten_are_left_to_people(study):
    (study.root / CSV_FILE).write_bytes("nome\nAnna\n".encode("utf-16"))
    (study.root / XLSX_FILE).unlink()
    found = find_person(study, ANNA)
    assert found.rows == set()
    assert len(found.by_hand) == 4


@pytest.mark.parametrize("name", ["", "Anna", "A" * 20, "a" * 19, "../" + "a" * 20])
def test_only_pseudonyms_are_taken(study, name):
    with pytest.raises(UsageError, match="20 cifre"):
        find_person(study, name)


def test_nobody_and_no_tables(study, tmp_path_factory):
    with pytest.raises(UsageError, match="nessuna riga"):
        find_person(study, "d" * 20)
    bare = write_study(tmp_path_factory.mktemp("vuoto"))
    with pytest.raises(SourceMissing):
        find_person(bare, ANNA)


def test_the_command_is_dry_until_told(study, capsys):
    before = digests(study)
    where = ["--study", str(study.root), "--when", "2026-11-23"]
    assert main(["erase", *where, ANNA]) == 1  # a row is left to people
    assert "nulla è stato toccato" in capsys.readouterr().out
    assert digests(study) == before
    assert main(["erase", *where, EVA, "--do", "--json"]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert answer["righe"] == [[XLSX_FILE, "Maggio", 4]]
