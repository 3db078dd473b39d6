"""Decisions of people, lists to review, and tables that come from several files."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pandas as pd
import pytest

from bgest_analysis.clean.corrections import Decision, collect_decisions, load_decisions
from bgest_analysis.clean.meetings import link_meetings, listed_codes
from bgest_analysis.clean.merge import merge_parts
from bgest_analysis.clean.review import gather_reviews, write_review
from bgest_analysis.errors import StudyError
from bgest_analysis.schema.model import Table
from bgest_analysis.schema.registry import find_table
from tests.lib.cleaning import Clean

HEADER = "tabella;colonna;valore;nuovo_valore;perche;chi;quando"


def write(folder: Path, *lines: str, name: str = "decisioni.csv") -> Path:
    path = folder / "correzioni" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def test_decisions_are_read_and_open_lines_passed_over(tmp_path: Path) -> None:
    write(
        tmp_path,
        HEADER,
        "interventi;lingua;ghanese;twi;chiesto alla cooperativa;A.B.;2026-01-10",
        "interventi;lingua;togolese;;;;",
    )
    found = load_decisions(tmp_path)
    assert found.by_value == {("interventi", "lingua"): {"ghanese": "twi"}}


def test_private_decisions_are_read_too(tmp_path: Path) -> None:
    pair = f"{'a' * 20}|{'b' * 20}"
    line = f"coppie_persone;classe_coppia;{pair};stessa;visti i documenti;A.B.;2026-01-10"
    write(tmp_path, HEADER, line, name="personali/coppie.csv")
    assert load_decisions(tmp_path).pairs().to_dict("records") == [
        {"destinatario_a": "a" * 20, "destinatario_b": "b" * 20, "classe_coppia": "stessa"}
    ]


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        (("tabella;colonna;valore", "a;b;c"), "nuovo_valore"),
        ((HEADER, "interventi;lingua;x;twi;;A.B.;oggi"), "perche"),
        ((HEADER, "interventi;idioma;x;twi;p;A.B.;oggi"), "idioma"),
        ((HEADER, "niente;lingua;x;twi;p;A.B.;oggi"), "niente"),
        (
            (HEADER, "interventi;lingua;x;twi;p;A;oggi", "interventi;lingua;x;fra;p;A;oggi"),
            "due decisioni",
        ),
        (
            (HEADER, "interventi;lingua;;twi;p;A.B.;oggi"),
            "vuoto o coperto",
        ),
        ((HEADER, "interventi;lingua;[…] bambara;twi;p;A.B.;oggi"), "vuoto o coperto"),
        (
            ("riga;" + HEADER, "tre;interventi;lingua;x;twi;p;A;oggi"),
            "un numero",
        ),
    ],
)
def test_a_decision_that_cannot_be_used_is_refused(
    tmp_path: Path, lines: tuple[str, ...], message: str
) -> None:
    write(tmp_path, *lines)
    with pytest.raises(StudyError, match=message):
        load_decisions(tmp_path)


def test_the_list_to_review_filled_in_is_a_corrections_table(clean: Clean, tmp_path: Path) -> None:
    row = {"intervento_id": "1", "ambito_id": "Seriate", "esito": "concluso", "lingua": "ghanese"}
    review = gather_reviews([clean("interventi", [row]).review])
    path = tmp_path / "correzioni" / "interventi.xlsx"
    path.parent.mkdir()
    write_review(path, review)
    assert load_decisions(tmp_path).by_value == {}
    book = openpyxl.load_workbook(path)
    page = book.active
    places = {cell.value: cell.column for cell in page[1]}
    for name, text in (("nuovo_valore", "twi"), ("perche", "p"), ("chi", "A"), ("quando", "oggi")):
        page.cell(2, places[name], text)
    book.save(path)
    decided = load_decisions(tmp_path)
    assert decided.by_value == {("interventi", "lingua"): {"ghanese": "twi"}}
    again = clean("interventi", [row], Decision("interventi", "lingua", "ghanese", "twi"))
    assert again.tables["interventi"]["lingua"].tolist() == ["twi"]


def test_a_value_like_a_formula_stays_text(tmp_path: Path) -> None:
    names = ["tabella", "colonna", "valore", "suggerimenti", "regola", "celle", "dove"]
    review = pd.DataFrame([["t", "c", "=1+1", "", "r", 1, "f"]], columns=names)
    write_review(tmp_path / "r.xlsx", review)
    cell = openpyxl.load_workbook(tmp_path / "r.xlsx").active["C2"]
    assert (cell.value, cell.data_type) == ("=1+1", "s")


def test_values_of_several_files_are_asked_once(clean: Clean) -> None:
    rows = [
        {"intervento_id": str(n), "ambito_id": "Seriate", "esito": "concluso", "lingua": "ghanese"}
        for n in range(2)
    ]
    parts = [clean("interventi", rows, file=f"{name}.csv").review for name in "ab"]
    gathered = gather_reviews(parts)
    assert gathered["celle"].tolist() == [4]
    assert gathered["dove"].tolist() == ["a.csv 2, 3; b.csv 2, 3"]


def test_contradicting_decisions_on_a_row_are_refused() -> None:
    one = Decision("interventi", "lingua", "", "twi", row=3)
    with pytest.raises(StudyError):
        collect_decisions([one, Decision("interventi", "lingua", "", "fra", row=3)])


# --- several files ---
LOG = find_table("interventi")
BASE = {"ambito_id": "Seriate", "esito": "concluso", "data": "03/04/2022", "minuti_frontali": "60"}


def part(clean: Clean, file: str, *rows: dict[str, str], table: str = "interventi") -> pd.DataFrame:
    return clean(table, list(rows), file=file).tables[table]


def merged(parts: list[pd.DataFrame], table: Table) -> tuple[pd.DataFrame, dict[str, int]]:
    frame, log = merge_parts(parts, table)
    return frame, log.to_frame()["regola"].value_counts().to_dict()


def test_a_row_of_two_files_counts_once(clean: Clean) -> None:
    row = {**BASE, "intervento_id": "7"}
    frame, said = merged([part(clean, "a.csv", row), part(clean, "b.csv", row)], LOG)
    assert frame["fonte_file"].tolist() == ["a.csv"]
    assert said == {"riga_in_due_file": 1}


def test_a_row_without_a_code_counts_once_too(clean: Clean) -> None:
    frame, said = merged([part(clean, "a.csv", BASE), part(clean, "b.csv", BASE)], LOG)
    assert len(frame) == 1
    assert said == {"riga_in_due_file": 1}


def test_two_files_may_use_the_same_numbers(clean: Clean) -> None:
    one, other = {**BASE, "intervento_id": "7"}, {**BASE, "intervento_id": "7", "lingua": "urdu"}
    frame, said = merged([part(clean, "x/a.csv", one), part(clean, "x/b.csv", other)], LOG)
    assert frame["intervento_id"].tolist() == ["a.csv:7", "b.csv:7"]
    assert said == {"codice_in_due_file": 2}


def test_a_person_of_two_files_is_one_row(clean: Clean) -> None:
    person = {"codice_utente": "U1", "sesso": "F", "ambito_id": "Seriate"}
    first = part(
        clean, "a.csv", {**person, "data_primo_contatto": "02/02/2022"}, table="destinatari"
    )
    second = part(
        clean,
        "b.csv",
        {**person, "sesso": "M", "titolo_studio": "laurea", "data_primo_contatto": "01/01/2022"},
        table="destinatari",
    )
    frame, said = merged([second, first], find_table("destinatari"))
    assert frame["titolo_studio"].tolist() == ["terziaria"]
    assert frame["sesso"].tolist() == ["F"]
    assert frame["data_primo_contatto"].tolist() == [pd.Timestamp(2022, 1, 1)]
    assert said == {"due_fonti_diverse": 4}


def test_an_indicator_sheet_sent_again_is_a_version(clean: Clean) -> None:
    row = {"codice": "P1", "trimestre": "2022-T1", "valore_realizzato": "10"}
    again = {**row, "valore_realizzato": "12"}
    table = find_table("indicatori")
    parts = [part(clean, f, r, table="indicatori") for f, r in (("a.csv", row), ("b.csv", again))]
    frame, said = merged(parts, table)
    assert frame["versione"].tolist() == [1, 2]
    assert frame["valore_realizzato"].tolist() == [10.0, 12.0]
    assert said == {"versione_dall_ordine": 2}
    same, nothing = merged([parts[0], parts[0].assign(fonte_file="c.csv")], table)
    assert (len(same), nothing) == (1, {})


def test_a_meeting_of_a_grid_is_the_one_in_the_list(clean: Clean) -> None:
    listed = part(
        clean,
        "elenco.csv",
        {"incontro_id": "CR-1", "data": "12/03/2021", "livello": "Cabina di Regia"},
        table="incontri",
    )
    crosses = [
        {"data": day, "livello": "Cabina", "ente_id": "Cooperativa Ruah", "n_persone": "1"}
        for day in ("12/03/2021", "14/04/2021")
    ]
    gridded = clean("presenze", crosses, file="griglia.csv").tables
    meetings, said = merged([listed, gridded["incontri"]], find_table("incontri"))
    assert meetings["incontro_id"].tolist() == ["CR-1", "cabina_regia_2021-04-14"]
    assert said == {"incontro_gia_in_elenco": 1}
    linked = link_meetings(gridded["presenze"], meetings)
    assert linked["incontro_id"].tolist() == ["CR-1", "cabina_regia_2021-04-14"]


def test_two_listed_meetings_of_one_day_are_not_confused(clean: Clean) -> None:
    rows = [{"incontro_id": code, "data": "12/03/2021", "livello": "Cabina"} for code in ("A", "B")]
    frame = part(clean, "elenco.csv", *rows, table="incontri")
    assert listed_codes(frame) == {}


def test_expenses_of_two_files_are_all_kept(clean: Clean) -> None:
    row = {"voce": "A", "importo_rendicontato_eur": "10"}
    parts = [part(clean, f, row, table="budget") for f in ("a.csv", "b.csv")]
    frame, said = merged(parts, find_table("budget"))
    assert (len(frame), said) == (2, {})


def test_merging_twice_changes_nothing(clean: Clean) -> None:
    rows = [{**BASE, "intervento_id": str(n)} for n in range(3)]
    once, _ = merge_parts([part(clean, "a.csv", *rows), part(clean, "b.csv", *rows[:1])], LOG)
    twice, log = merge_parts([once], LOG)
    pd.testing.assert_frame_equal(once, twice)
    assert len(log) == 0
