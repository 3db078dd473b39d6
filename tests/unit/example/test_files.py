"""The files: what is planted stands where the truth says, and perfect reading gives the truth."""

from __future__ import annotations

import json
import re
from collections import Counter
from functools import cache

import pandas as pd
import pytest
from openpyxl import load_workbook

from bgest_analysis.clean.cells.dates import parse_dates
from bgest_analysis.clean.cells.hours import HoursOptions, Unit, parse_minutes
from bgest_analysis.clean.cells.mojibake import repair_text
from bgest_analysis.errors import UsageError
from bgest_analysis.example.files.dirt import CLASSES
from bgest_analysis.example.files.listening import ITEM_MAP
from bgest_analysis.example.write import write_example
from bgest_analysis.read.codings import read_codings
from bgest_analysis.read.grids import read_attendance
from bgest_analysis.read.project import read_project_file
from bgest_analysis.read.surveys import item_map, read_survey
from bgest_analysis.schema.registry import TABLES
from bgest_analysis.vocabulary.load import (
    load_codes,
    load_lingue,
    load_paesi,
    vocabulary_of_table,
)

LOG = "interventi"
DURATIONS = ("minuti_frontali", "minuti_viaggio", "minuti_backoffice")
CODED = ("ente_richiedente_tipo", "modalita", "canale", "tipologia", "fase", "orientamento",
         "utenza", "esito", "fondo")  # fmt: skip
# Our name of a column -> the one that the marks use.
MARKED_AS = {"ambito_id": "ambito", "ente_id": "ente", "cod_istat": "comune"}
REPAIRED = {kind for kind, known in CLASSES.items() if known.trattamento == "riparata"}
KEPT = REPAIRED | {"richiesta_inevasa", "riga_ripetuta"}


@pytest.fixture(scope="module")
def raw(written):
    """Return the log's sheets as the reader gives them: file, sheet, cells, kinds, units."""
    tables = []
    for path in sorted((written.folder / "data/raw" / LOG).iterdir()):
        tables += read_project_file(path, TABLES[LOG])
    return tables


def _beyond_repair(truth, column):
    """Return the cells that no cleaning can get back: (file name, sheet, row)."""
    marked = MARKED_AS.get(column, column)
    places = [
        place
        for kind, found in truth.sporco.items()
        if kind not in KEPT
        for place in found["dove"]
        if place["colonna"] == marked
    ]
    return {
        (place["file"].rpartition("/")[2], place["foglio"], row)
        for place in places
        for row in place["righe"]
    }


def _units(table):
    known = json.loads(table.remarks["intestazioni"])["known"]
    return {header["column"]: header["unit"] for header in known if header["unit"]}


def _disagreeing(raw, written, tables, column, parse):
    """Return the cells, apart from those beyond repair, that do not give the true value."""
    lost = _beyond_repair(written.truth, column)
    truth = tables[LOG].set_index("intervento_id")[column].astype(object)
    wrong = []
    for table in raw:
        kinds = None if table.kinds is None else table.kinds[column]
        values = parse(table, table.cells[column], kinds).astype(object)
        expected = table.cells["intervento_id"].map(truth)
        blank = table.cells[column].fillna("").str.strip() == ""
        for row, value, true in zip(values.index, values, expected, strict=True):
            same = _blank_is_right(table, column, row, true) if blank[row] else _equal(value, true)
            if (table.file, table.sheet, row) not in lost and not same:
                wrong.append((table.file, table.sheet, row, value, true))
    return wrong


def test_every_request_is_in_the_files_once_and_the_doubled_ones_twice(raw, written, tables):
    counts = Counter(code for table in raw for code in table.cells["intervento_id"])
    assert set(counts) == set(tables[LOG]["intervento_id"])
    twice = sum(1 for n in counts.values() if n == 2)
    assert twice == written.truth.sporco["riga_ripetuta"]["quante"]
    assert max(counts.values()) == 2


def _equal(value, true):
    return bool(pd.notna(value) and pd.notna(true) and value == true)


def _blank_is_right(table, column, row, true):
    """Tell whether a cell may be blank: nothing to say, no minutes, a phase only derived."""
    if column == "fase":
        return table.cells.at[row, "orientamento"] == ""
    return pd.isna(true) or (column in DURATIONS and true == 0)


def _share_read(raw, column):
    filled = sum(int((table.cells[column].fillna("") != "").sum()) for table in raw)
    return filled / sum(len(table.cells) for table in raw)


@pytest.mark.parametrize("column", DURATIONS)
def test_minutes_come_back(raw, written, tables, column):
    def parse(table, cells, kinds):
        unit = Unit(_units(table)[column])
        return parse_minutes(cells, kinds, HoursOptions(unit=unit)).values

    assert _disagreeing(raw, written, tables, column, parse) == []
    assert _share_read(raw, column) > 0.8


@pytest.mark.parametrize("column", ["data", "data_richiesta"])
def test_days_come_back(raw, written, tables, column):
    def parse(table, cells, kinds):
        return parse_dates(cells, kinds).values

    assert _disagreeing(raw, written, tables, column, parse) == []
    assert _share_read(raw, column) > 0.8


@pytest.mark.parametrize("column", [*CODED, "ambito_id", "ente_id", "cod_istat", "lingua"])
def test_codes_come_back(raw, written, tables, column):
    vocabulary = _vocabulary(written, column)

    def parse(table, cells, kinds):
        return vocabulary.match(repair_text(cells).values)["codice"]

    assert _disagreeing(raw, written, tables, column, parse) == []
    assert _share_read(raw, column) > 0.5


def _vocabulary(written, column):
    studio = written.folder / "studio"
    if column in CODED:
        return load_codes(column)
    if column == "lingua":
        return load_lingue()
    name = {"ambito_id": "ambiti", "ente_id": "enti", "cod_istat": "comuni"}[column]
    table = pd.read_csv(studio / f"{name}.csv", dtype="str", keep_default_na=False)
    alias = "alias" if "alias" in table else None
    return vocabulary_of_table(
        name, table, codice=column, titolo="nome", forme=("nome",), alias=alias
    )


def test_other_files_are_read_whole(written, tables):
    folder = written.folder / "data/raw"
    rows = {
        name: sum(
            len(sheet.cells)
            for path in sorted((folder / name).iterdir())
            for sheet in read_project_file(path, TABLES[name])
        )
        for name in ("destinatari", "servizi_ricevuti", "mediatori", "timesheet", "incontri",
                     "relazioni", "proposte", "pratiche", "attivita", "indicatori", "budget")
    }  # fmt: skip
    assert rows == {name: len(tables[name]) for name in rows}


def test_attendance_grids_and_list_hold_every_presence(written, tables):
    folder = written.folder / "data/raw/presenze"
    found = 0
    for path in sorted(folder.iterdir()):
        if re.search(r"20\d\d", path.name):
            found += sum(len(sheet.cells) for sheet in read_attendance(path))
        else:
            found += sum(len(sheet.cells) for sheet in read_project_file(path, TABLES["presenze"]))
    assert found == len(tables["presenze"])


def test_surveys_hold_every_answer_by_the_item_map(written, tables):
    rows = pd.read_csv(written.folder / ITEM_MAP, dtype="str", keep_default_na=False)
    items = item_map(rows.to_dict("records"))
    folder = written.folder / "data/raw/questionari"
    sheets = [sheet for path in sorted(folder.iterdir()) for sheet in read_survey(path, items)]
    assert sum(len(sheet.cells) for sheet in sheets) == len(tables["questionari"])
    blank = sum(int((sheet.cells["valore"] == "").sum()) for sheet in sheets)
    assert blank == int(tables["questionari"]["valore"].isna().sum())


def test_codings_are_read_whole(written, tables):
    folder = written.folder / "data/raw/codifiche_qual"
    sheets = [sheet for path in folder.iterdir() for sheet in read_codings(path)]
    assert sum(len(sheet.cells) for sheet in sheets) == len(tables["codifiche_qual"])


def test_every_citizenship_written_in_a_known_form_is_recognised(written, tables):
    wanted = dict(
        zip(written.world.persone.schede["codice"], tables["destinatari"]["cittadinanza_iso3"],
            strict=True)
    )  # fmt: skip
    ambiguous = wrong = 0
    for path in sorted((written.folder / "data/raw/destinatari").iterdir()):
        for sheet in read_project_file(path, TABLES["destinatari"]):
            found = load_paesi().match(sheet.cells["cittadinanza_iso3"])
            expected = sheet.cells["codice_utente"].map(wanted)
            ambiguous += int((found["esito"] == "ambiguo").sum())
            known = found["esito"] == "trovato"
            wrong += int((found["codice"] != expected)[known].sum())
            assert (known | (found["esito"] == "ambiguo")).all()
    assert wrong == 0
    assert ambiguous == written.truth.sporco["cittadinanza_ambigua"]["quante"]


@pytest.fixture(scope="module")
def books(written):
    """Return a function that opens each workbook once."""
    return cache(lambda file: load_workbook(written.folder / file))


SHAPES = {
    "data_impossibile": r"31/02/\d{4}",
    "data_sentinella": r"01/01/0001",
    "data_periodo": r"[a-z]+ \d\d",
    "data_fuori_periodo": r"\d\d/\d\d/20(29|3\d)",
    "minuti_impossibili": r"15\d\d",
    "ambito_sconosciuto": r"(Ambito|Distretto) .*",
    "esito_ambiguo": r"annullato",
    "idem": r"idem",
    "mancante_codice": r"n\.d\.|-|/|n\.p\.",
    "formula_senza_valore": r"=15\*2",
    "ore_sessagesimali": r"\d+,\d\d|\d\d'",
    "importo_forma": r"[\d.]+,\d\d €",
}


@pytest.mark.parametrize("kind", sorted(SHAPES))
def test_a_planted_cell_stands_where_the_truth_says(written, books, kind):
    places = [p for p in written.truth.sporco[kind]["dove"] if p["file"].endswith(".xlsx")]
    assert places
    for place in places:
        sheet = books(place["file"])[place["foglio"]]
        for row in place["righe"]:
            texts = [str(cell.value) for cell in sheet[row] if cell.value is not None]
            assert any(re.fullmatch(SHAPES[kind], text) for text in texts), (place, row)


def test_an_hour_over_a_day_hides_it(written, books):
    (place,) = written.truth.sporco["ore_giorno_perso"]["dove"]
    sheet = books(place["file"])[place["foglio"]]
    cell = sheet.cell(place["righe"][0], 5)
    assert cell.number_format == "h:mm"
    assert cell.value.year == 1900  # openpyxl reads it as the day after: the trap


def test_every_class_is_planted_but_those_of_text_files(written):
    absent = {kind for kind, found in written.truth.sporco.items() if not found["quante"]}
    assert absent == set()
    for kind, found in written.truth.sporco.items():
        assert found["quante"] == sum(place["quante"] for place in found["dove"]), kind


def test_everything_says_it_is_synthetic(written, books):
    for path in sorted((written.folder / "data").rglob("*")):
        if path.suffix == ".xlsx":
            assert "DATI SINTETICI" in path.name
            for sheet in books(path.relative_to(written.folder).as_posix()).worksheets:
                assert "DATI SINTETICI" in sheet["A1"].value
        elif path.suffix == ".csv":
            first = path.read_bytes().split(b"\n", 1)[0].decode("utf-8-sig")
            assert "DATI SINTETICI" in path.name
            assert "DATI SINTETICI" in first


def test_a_full_folder_is_refused(tmp_path):
    (tmp_path / "altro.txt").write_text("x", encoding="utf-8")
    with pytest.raises(UsageError):
        write_example(tmp_path, 0.1)
    assert [path.name for path in tmp_path.iterdir()] == ["altro.txt"]
