from pathlib import Path

import pytest

from bgest_analysis.errors import UnknownLayout, UnsafeInput
from bgest_analysis.read.header import IRREGULAR
from bgest_analysis.read.official import read_official, read_text_table
from tests.lib.official_samples import (
    balance_file,
    balance_header,
    balance_rows,
    table,
    write,
    write_workbook,
    write_zip,
)

RCS = (
    "Codice Istat",
    "Denominazione",
    "Codice stato di cittadinanza",
    "Stato di cittadinanza",
    "Totale",
)


def read_text(text: str):
    return read_text_table(text.encode(), "f.csv", "f.csv")


def test_title_header_and_note_stand_apart_from_the_rows(tmp_path: Path) -> None:
    path = write(tmp_path, "P3.csv", balance_file(balance_rows(foreign=True), foreign=True))

    (raw,) = read_official(path, "dati/P3.csv")

    assert raw.file == "dati/P3.csv"
    assert raw.layout == "istat_p3"
    assert raw.rows_in == len(raw.cells) + 1 == 6
    assert list(raw.cells.index) == [3, 4, 5, 6, 7]
    assert raw.cells.index.name == "riga"
    assert [(s.rule, s.rows) for s in raw.skipped] == [("nota", (8,))]
    assert raw.remarks["titolo"].endswith("31 dicembre 2025")
    assert raw.remarks["codifica"] == "utf-8-sig"
    assert raw.remarks["separatore"] == ";"
    assert raw.cells.loc[3, "Codice comune"] == "016001"


def test_all_cells_are_text_and_nothing_is_converted() -> None:
    raw = read_text(table(RCS, [["016001", " Alfa ", "100", "Italia", "1.234"]]))

    assert raw.cells.iloc[0].tolist() == ["016001", " Alfa ", "100", "Italia", "1.234"]
    assert raw.kinds is None


def test_header_cells_with_line_breaks_are_joined() -> None:
    header = (
        'Codice Regione;"Codice Istat del Comune \n(alfanumerico)";'
        '"Denominazione (Italiana e straniera)";Superficie territoriale (kmq) al 01/01/2025;'
        "Popolazione legale 2021 (31/12/2021);Zona altimetrica;Grado di urbanizzazione 2021"
    )

    raw = read_text(header + "\n03;016001;Alfa;10,5;100;1;3\n")

    assert raw.layout == "istat_classificazioni"
    assert list(raw.cells.columns)[1] == "Codice Istat del Comune (alfanumerico)"
    assert list(raw.cells.index) == [3]


@pytest.mark.parametrize(
    ("row", "found"),
    [
        ("016001;Alfa;100;Italia", "4 invece di 5"),
        ("016001;Alfa;di sotto;100;Italia;7", "6 invece di 5: 7"),
        ("016001;Alfa;100;Italia;7;", ""),
        ("016001;Alfa;100;Italia;7;;;", ""),
    ],
)
def test_rows_with_another_number_of_fields_are_told(row: str, found: str) -> None:
    raw = read_text(";".join(RCS) + "\n016002;Beta;100;Italia;9\n" + row + "\n")

    told = raw.cells[IRREGULAR].tolist() if IRREGULAR in raw.cells else ["", ""]
    assert told == ["", found]
    assert raw.rows_in == 2


def test_unnamed_columns_at_the_end_of_the_header_are_left_out() -> None:
    raw = read_text(";".join([*RCS, " "]) + "\n016002;Beta;100;Italia;9\n")

    assert list(raw.cells.columns) == list(RCS)


def test_blank_lines_and_repeated_headers() -> None:
    head = ";".join(RCS)

    raw = read_text(f"{head}\n016002;Beta;100;Italia;9\n\n;;;;\n{head}\n016003;G;100;Italia;1\n")

    assert list(raw.cells.index) == [2, 6]
    assert [(s.rule, s.rows) for s in raw.skipped] == [("intestazione_ripetuta", (5,))]
    assert raw.rows_in == 3


def test_a_cut_row_with_a_code_alone_is_no_note() -> None:
    raw = read_text(";".join(RCS) + "\n016002;Beta;100;Italia;9\n016003\n")

    assert raw.skipped == ()
    assert raw.cells[IRREGULAR].tolist() == ["", "1 invece di 5"]


def test_an_unknown_header_is_refused_with_what_was_expected_and_found() -> None:
    text = "Codice comune;Comune;Abitanti\n016001;Alfa;5\n"

    with pytest.raises(UnknownLayout) as refusal:
        read_text(text)

    said = str(refusal.value)
    assert refusal.value.exit_code == 1
    assert "f.csv" in said
    assert "Intestazione trovata: Codice comune; Comune; Abitanti" in said
    assert "che vuole le colonne: Codice comune; Comune; " in said
    assert "Mancano: " in said


def test_a_renamed_obligatory_column_is_named() -> None:
    header = balance_header(foreign=True)
    header[header.index("Popolazione al 31 dicembre - Totale")] = "Residenti a fine anno - Totale"
    text = '"Cittadini stranieri 2025"\n' + table(header, [["016001"] + ["1"] * 47])

    with pytest.raises(UnknownLayout) as refusal:
        read_text(text)

    assert "«ISTAT P3" in str(refusal.value)
    assert "Mancano: Popolazione al 31 dicembre - Totale." in str(refusal.value)


@pytest.mark.parametrize(
    ("name", "content", "error", "said"),
    [
        ("pagina.csv", b"<!DOCTYPE html><html><body>Errore</body></html>", UnsafeInput, "web"),
        ("vuoto.csv", b"", UnsafeInput, "vuoto"),
        ("nulli.csv", b"a;b\x00\n1;2\n", UnsafeInput, "testo"),
        ("testo.csv", b"ciao\n", UnknownLayout, "Intestazione trovata: ciao"),
        ("mezzo.zip", b"PK\x03\x04mozzato", UnsafeInput, "scaricato a met"),
        ("finto.zip", b"a;b\n1;2\n", UnsafeInput, "scaricato a met"),
    ],
)
def test_what_cannot_be_read_is_refused(
    tmp_path: Path, name: str, content: bytes, error: type[Exception], said: str
) -> None:
    path = tmp_path / name
    path.write_bytes(content)

    with pytest.raises(error, match=said) as refusal:
        read_official(path, name)

    assert name in str(refusal.value)


def test_an_archive_gives_its_tables(tmp_path: Path) -> None:
    text = table(RCS, [["016001", "Alfa", "100", "Italia", "1"]])
    path = write_zip(
        tmp_path,
        "Dati_RCS_cittadinanza_2024.zip",
        {"dati/Dati_cittadinanza_2024.csv": text.encode(), "leggimi.pdf": b"%PDF"},
    )

    (raw,) = read_official(path, "rcs.zip")

    assert (raw.layout, raw.sheet) == ("istat_rcs", "Dati_cittadinanza_2024.csv")
    assert raw.remarks["nome_file"] == "Dati_cittadinanza_2024.csv"


def test_an_archive_without_tables_and_a_bomb_are_refused(tmp_path: Path) -> None:
    empty = write_zip(tmp_path, "a.zip", {"leggimi.pdf": b"%PDF"})
    bomb = write_zip(tmp_path, "b.zip", {"a.csv": b"0;" * 10_000_000})

    with pytest.raises(UnknownLayout, match=r"archivio senza tabelle CSV \(contiene: leggimi"):
        read_official(empty, "a.zip")
    with pytest.raises(UnsafeInput, match="troppo"):
        read_official(bomb, "b.zip")


def test_a_table_saved_as_excel_is_the_same_table(tmp_path: Path) -> None:
    rows = [["016001", "Alfa", 100, "Italia", 1234], ["016002", "Beta", 201, "Albania", 5]]
    path = write_workbook(tmp_path, "rcs.xlsx", {"Legenda": [["Note"]], "Dati": [RCS, *rows]})

    (raw,) = read_official(path, "rcs.xlsx")

    assert (raw.layout, raw.sheet) == ("istat_rcs", "Dati")
    assert raw.cells.loc[2].tolist() == ["016001", "Alfa", "100", "Italia", "1234"]


def test_a_workbook_without_a_known_sheet_is_refused(tmp_path: Path) -> None:
    path = write_workbook(tmp_path, "x.xlsx", {"Uno": [["a", "b"], [1, 2]]})

    with pytest.raises(UnknownLayout, match="Intestazione trovata: a; b"):
        read_official(path, "x.xlsx")
