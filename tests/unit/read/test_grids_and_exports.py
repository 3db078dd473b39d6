"""Attendance grids, questionnaires exported wide, codings of three programs."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import openpyxl
import pytest

from bgest_analysis.errors import StudyError, UnknownLayout
from bgest_analysis.read.codings import read_codings
from bgest_analysis.read.grids import read_attendance
from bgest_analysis.read.headers import header_report
from bgest_analysis.read.raw import RawTable
from bgest_analysis.read.surveys import item_map, read_survey


def save(path: Path, rows: list[list[object]]) -> Path:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    book.save(path)
    return path


def records(raw: RawTable, *columns: str) -> list[tuple[str, ...]]:
    return [tuple(row) for row in raw.cells[list(columns)].itertuples(index=False, name=None)]


# --- attendance -------------------------------------------------------------------------------
GRID = [
    ["Presenze Cabina di Regia"],
    ["", "", "Cabina di Regia", "", "Équipe Tecnica"],
    ["Ente", "Ruolo", dt.date(2022, 1, 12), "15/02/2022", "10/03/2022", "Totale"],
    ["Ambito Esempio 1", "resp_udp", "X", "A", "P", 2],
    ["Cooperativa Esempio A", "coordinatore", 2, "", "in ritardo", 2],
    ["TOTALE", "", 3, 0, 1, 4],
]


def test_a_grid_of_bodies_by_dates(tmp_path):
    [raw] = read_attendance(save(tmp_path / "p.xlsx", GRID))
    assert records(raw, "data", "livello", "ente_id", "ruolo", "n_persone", "lettera") == [
        ("2022-01-12", "Cabina di Regia", "Ambito Esempio 1", "resp_udp", "1", "C"),
        ("10/03/2022", "Équipe Tecnica", "Ambito Esempio 1", "resp_udp", "1", "E"),
        ("2022-01-12", "Cabina di Regia", "Cooperativa Esempio A", "coordinatore", "2", "C"),
        (
            "10/03/2022",
            "Équipe Tecnica",
            "Cooperativa Esempio A",
            "coordinatore",
            "in ritardo",
            "E",
        ),
    ]
    assert list(raw.cells.index) == [4, 4, 5, 5]
    assert {entry.rule: len(entry.rows) for entry in raw.skipped} == {"assente": 1, "totale": 3}
    assert raw.rows_in == 8


def test_sheets_that_no_grid_is_read_from_are_told(tmp_path):
    path = save(tmp_path / "p.xlsx", GRID)
    book = openpyxl.load_workbook(path)
    hidden = book.create_sheet("Vecchio")
    hidden.sheet_state = "hidden"
    for row in GRID:
        hidden.append(row)
    book.create_sheet("Legenda").append(["P = presente"])
    book.create_sheet("Vuoto")
    book.save(path)

    [raw] = read_attendance(path)
    assert raw.remarks["fogli_nascosti"] == "Vecchio"
    assert raw.remarks["fogli_senza_tabella"] == "Legenda"


def test_a_grid_of_dates_by_bodies(tmp_path):
    rows = [
        ["Data", "Ambito Esempio 1", "Ambito Esempio 2"],
        ["12/01/2022", "x", "assente"],
        ["15/02/2022", "✓", "3"],
    ]
    [raw] = read_attendance(save(tmp_path / "p.xlsx", rows))
    assert records(raw, "data", "ente_id", "n_persone", "lettera") == [
        ("12/01/2022", "Ambito Esempio 1", "1", "B"),
        ("15/02/2022", "Ambito Esempio 1", "1", "B"),
        ("15/02/2022", "Ambito Esempio 2", "3", "C"),
    ]
    assert list(raw.cells.index) == [2, 3, 3]


def test_a_file_without_a_grid_is_refused_with_the_remedy(tmp_path):
    with pytest.raises(UnknownLayout, match="griglia di presenze"):
        read_attendance(save(tmp_path / "p.xlsx", [["a", "b"], ["c", "d"]]))


# --- questionnaires ---------------------------------------------------------------------------
ITEMS = item_map(
    [
        {"domanda": "Quanto è stata utile la mediazione?", "item": "U1", "scala": "likert_1_5"},
        {"domanda": "Valuti i servizi [Sportello]", "item": "U2", "scala": "likert_1_5"},
        {"domanda": "Ambito in cui lavora", "colonna": "ambito_id"},
        {"domanda": "Q3", "item": "U3", "scala": "si_no"},
    ]
)
ANSWERS = ["Quanto è stata utile la mediazione?", "Valuti i servizi [Sportello]"]


@pytest.mark.parametrize(
    ("layout", "header", "row", "respondent"),
    [
        (
            "google_moduli",
            ["Informazioni cronologiche", "Indirizzo email", "Ambito in cui lavora", *ANSWERS],
            ["12/01/2022 10:00", "x@esempio.invalid", "Ambito Esempio 1", 4, ""],
            "R2",
        ),
        (
            "microsoft_forms",
            ["ID", "Ora di inizio", "Ora di completamento", "Posta elettronica", "Nome",
             "Ambito in cui lavora", *ANSWERS],
            [7, "1/12/22", "1/12/22", "anonymous", "Zzz", "Ambito Esempio 1", 4, ""],
            "7",
        ),
        (
            "limesurvey",
            ["ID risposta", "Data invio", "Ultima pagina", "Indirizzo IP",
             "G1Q0. Ambito in cui lavora", "G1Q1. Quanto è stata utile la mediazione?",
             "G1Q2[1]. Valuti i servizi [Sportello]"],
            [31, "2022-01-12 10:00:00", 3, "192.0.2.1", "Ambito Esempio 1", 4, ""],
            "31",
        ),
        (
            "carta",
            ["N. questionario", "Compilatore", "Ambito in cui lavora",
             "1) Quanto è stata utile la mediazione?", "2. Valuti i servizi [Sportello]"],
            ["C-01", "Zzz", "Ambito Esempio 1", 4, ""],
            "C-01",
        ),
    ],
)  # fmt: skip
def test_wide_exports_become_one_row_an_answer(layout, header, row, respondent, tmp_path):
    [raw] = read_survey(save(tmp_path / "q.xlsx", [header, row]), ITEMS)
    assert raw.layout == f"questionari.{layout}"
    assert records(raw, "risposta_id", "ambito_id", "item", "scala", "valore") == [
        (respondent, "Ambito Esempio 1", "U1", "likert_1_5", "4"),
        (respondent, "Ambito Esempio 1", "U2", "likert_1_5", ""),
    ]
    everything = raw.cells.to_csv() + str(raw.remarks)
    for personal in ("esempio.invalid", "Zzz", "192.0.2.1"):
        assert personal not in everything
    assert header_report(raw).unknown == ()


def test_a_question_outside_the_map_is_listed_with_the_nearest(tmp_path):
    header = ["Informazioni cronologiche", ANSWERS[0], "Quanto è stata utile la mediatrice?"]
    [raw] = read_survey(save(tmp_path / "q.xlsx", [header, ["x", 4, 5]]), ITEMS)
    [unknown] = header_report(raw).unknown
    assert (unknown.letter, unknown.nearest) == ("C", ANSWERS[0])
    assert list(raw.cells["valore"]) == ["4"]


def test_questions_can_be_found_by_their_code(tmp_path):
    [raw] = read_survey(save(tmp_path / "q.xlsx", [["ID risposta", "Q3"], [1, "sì"]]), ITEMS)
    assert records(raw, "risposta_id", "item", "valore") == [("1", "U3", "sì")]


@pytest.mark.parametrize(
    "row",
    [
        {"domanda": "", "item": "U1"},
        {"domanda": "X"},
        {"domanda": "X", "item": "U1", "colonna": "sesso"},
        {"domanda": "X", "colonna": "colore"},
    ],
)
def test_an_item_map_with_a_mistake_names_its_line(row):
    with pytest.raises(StudyError, match="riga 2"):
        item_map([row])


def test_an_export_without_known_questions_is_refused(tmp_path):
    with pytest.raises(UnknownLayout, match="mappa"):
        read_survey(save(tmp_path / "q.xlsx", [["a"], ["b"]]), ITEMS)


# --- codings ----------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("program", "rows", "expected"),
    [
        (
            "maxqda",
            [
                ["Colore", "Gruppo di documenti", "Nome del documento", "Codice", "Inizio", "Fine",
                 "Peso del codice", "Segmento", "Autore", "Copertura %"],
                ["", "Interviste", "INT01", "M\\fiducia", 3, 5, 0, "parole dette", "AB", 1.2],
            ],
            [("INT01", "3-5", "M\\fiducia", "AB")],
        ),
        (
            "nvivo",
            [
                ["Sommario della codifica"],
                ["Nome file", "Nodo", "Riferimento", "Iniziali", "Copertura", "Testo codificato"],
                ["INT01", "Contesto\\distanza", 1, "AB", 0.01, "parole dette"],
            ],
            [("INT01", "1", "Contesto\\distanza", "AB")],
        ),
        (
            "atlas_ti",
            [
                ["ID", "Documento", "Contenuto della citazione", "Codici", "Riferimento",
                 "Densità", "Creato da"],
                ["1:4", "1 INT01", "parole dette", "C_distanza\nM_fiducia", "p. 3", 2, "AB"],
                ["1:5", "1 INT01", "parole dette", "", "p. 4", 0, "AB"],
            ],
            [("1 INT01", "1:4", "C_distanza", "AB"), ("1 INT01", "1:4", "M_fiducia", "AB")],
        ),
        (
            "maxqda",
            [
                ["Document name", "Code", "Beginning", "End", "Segment", "Created by"],
                ["INT01", "O_autonomia", 3, 3, "words said", "CD"],
            ],
            [("INT01", "3-3", "O_autonomia", "CD")],
        ),
    ],
)  # fmt: skip
def test_codings_of_three_programs(program, rows, expected, tmp_path):
    [raw] = read_codings(save(tmp_path / "c.xlsx", rows))
    assert raw.remarks["programma"] == program
    assert records(raw, "doc_id", "segmento", "codice_qual", "codificatore") == expected
    assert "parole dette" not in raw.cells.to_csv()
    assert raw.rows_in == len(raw.cells) + sum(len(entry.rows) for entry in raw.skipped)


def test_a_quotation_without_code_is_left_out_by_name(tmp_path):
    rows = [["ID", "Documento", "Codici", "Creato da"], ["1:1", "D1", "", "AB"]]
    [raw] = read_codings(save(tmp_path / "c.xlsx", rows))
    assert [(entry.rule, entry.rows) for entry in raw.skipped] == [("senza_codice", (2,))]
