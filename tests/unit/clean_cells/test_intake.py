"""From a file to typed columns: which parser reads what, what stands aside, what is reported."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from bgest_analysis.clean.cells.coded import parse_code_lists, parse_codes
from bgest_analysis.clean.intake import Intake, IntakeOptions, take_in
from bgest_analysis.read.project import read_project_file
from bgest_analysis.schema.registry import TABLES
from bgest_analysis.vocabulary.load import load_codes, load_lingue, load_paesi
from bgest_analysis.vocabulary.matcher import Entry, build_vocabulary

AMBITI = build_vocabulary(
    "ambiti",
    [
        Entry("ES1", "Esempio Uno", ("ES1", "Esempio Uno")),
        Entry("ES2", "Esempio Due", ("ES2", "Esempio Due")),
    ],
    prefissi=("ambito",),
)
STUDY = IntakeOptions({"ambito_id": AMBITI})


def take(folder: Path, text: str, table: str = "interventi", options=STUDY) -> Intake:
    (folder / "log.csv").write_text(text, encoding="utf-8")
    [raw] = read_project_file(folder / "log.csv", TABLES[table])
    return take_in(raw, TABLES[table], options)


def column(intake: Intake, name: str) -> list[object]:
    return [None if pd.isna(value) else value for value in intake.values[name]]


def problems(intake: Intake) -> list[tuple[int | None, str, str, str]]:
    return [(p.row, p.column, p.rule.code, p.value) for p in intake.log.problems()]


LOG = """Intervento;Data;Ore frontali;Ambito;Esito;Lingua;Mediatore;Note;Partecipanti
I1;03/04/2022;1:30;Ambito Esempio Uno;concluso;Arabo;Persona Inventata;privato;3
I2;31/02/2022;boh;Esempio Due;Concluso;Arabbo;M2;;n.d.
I3;aprile 22;mezz'ora;Esempio Tre;concluso;-;M3;;5000
;05/04/2022;90;Esempio Due;;Urdu;M4;;1
TOTALE;;4;;;;;;
"""


def test_each_column_is_read_by_its_own_parser(tmp_path):
    intake = take(tmp_path, LOG)
    assert column(intake, "minuti_frontali") == [90, None, 30, None]
    assert [str(v)[:10] for v in column(intake, "data")] == [
        "2022-04-03",
        "None",
        "None",
        "2022-04-05",
    ]
    assert column(intake, "ambito_id") == ["ES1", "ES2", None, "ES2"]
    assert column(intake, "esito") == ["concluso", "concluso", "concluso", None]
    assert column(intake, "lingua") == ["ara", None, None, "urd"]
    assert column(intake, "n_partecipanti")[:2] == [3, None]
    assert column(intake, "note_flag") == [True, False, False, False]


def test_what_a_person_must_look_at(tmp_path):
    assert problems(take(tmp_path, LOG)) == [
        (3, "data", "data_impossibile", "31/02/2022"),
        (
            3,
            "lingua",
            "codice_sconosciuto",
            "Arabbo (forse: arabo, arabo iracheno, arabo tunisino)",
        ),
        (3, "minuti_frontali", "ore_illeggibili", "boh"),
        (4, "ambito_id", "codice_sconosciuto", "Esempio Tre (forse: Esempio Due)"),
        (4, "ambito_id", "obbligatorio_mancante", ""),
        (4, "data", "data_periodo", "aprile 22"),
        (5, "esito", "obbligatorio_mancante", ""),
        (5, "intervento_id", "obbligatorio_mancante", ""),
        (5, "minuti_frontali", "ore_unita_incerta", "90"),
    ]


def test_rows_in_are_rows_kept_aside_or_dropped(tmp_path):
    intake = take(tmp_path, LOG)
    assert list(intake.quarantined) == [False, False, True, True]
    assert intake.accounting.to_json() == {
        "file": "log.csv",
        "foglio": "",
        "righe_lette": 5,
        "righe_pulite": 2,
        "quarantena": 2,
        "scartate": {"totale": 1},
    }


def test_persons_and_free_text_stay_out_of_values_problems_and_register(tmp_path):
    intake = take(tmp_path, LOG)
    assert intake.persons["mediatore"].iloc[0] == "Persona Inventata"
    told = intake.values.to_csv() + intake.log.to_frame().to_csv() + str(intake.register.steps)
    for personal in ("Persona Inventata", "privato"):
        assert personal not in told
    assert "Persona Inventata" not in repr(intake)


def test_values_of_people_are_not_shown_in_problems(tmp_path):
    text = (
        "Codice utente;Cittadinanza;Anno di nascita;Data di nascita\nU1;Atlantide;1789;31/02/1990\n"
    )
    intake = take(tmp_path, text, "destinatari")
    assert {(rule, value) for _, _, rule, value in problems(intake)} >= {
        ("codice_sconosciuto", ""),
        ("fuori_intervallo", ""),
        ("data_impossibile", ""),
    }
    assert "Atlantide" not in intake.log.to_frame().to_csv()


def test_dates_of_birth_are_read_before_they_are_replaced(tmp_path):
    text = "Codice utente;Cognome e nome;Data di nascita\nU1;Inventata Persona;03/04/1990\n"
    intake = take(tmp_path, text, "destinatari")
    assert intake.persons["data_nascita"].iloc[0] == pd.Timestamp("1990-04-03")
    assert intake.persons["cognome"].iloc[0] == "Inventata Persona"


def test_a_missing_key_is_made_and_a_missing_required_column_stops_the_rows(tmp_path):
    intake = take(tmp_path, "Data;Ore frontali;Ambito\n03/04/2022;1:30;ES1\n")
    assert column(intake, "intervento_id") == ["log.csv#!2"]
    assert (None, "esito", "colonna_mancante", "") in problems(intake)
    assert list(intake.quarantined) == [True]


def test_hours_or_minutes_as_the_header_says(tmp_path):
    text = "Data;Minuti frontali;Ore viaggio;Ambito\n03/04/2022;90;0,5;ES1\n"
    intake = take(tmp_path, text)
    assert (column(intake, "minuti_frontali"), column(intake, "minuti_viaggio")) == ([90], [30])


def test_decisions_for_a_column_are_kept(tmp_path):
    text = "Data;Ore frontali;Ambito\n3/4/2022;1,30;ES1\n3/4/2022;0,45;ES1\n"
    intake = take(tmp_path, text)
    assert column(intake, "minuti_frontali") == [90, 45]
    assert "ore e minuti" in intake.decisions["minuti_frontali"][0].render("it")


def test_idem_is_filled_only_where_the_layout_says_so(tmp_path):
    text = "Data;Lingua;Ambito\n3/4/2022;Urdu;ES1\nidem;idem;ES1\n"
    plain = take(tmp_path, text)
    assert column(plain, "lingua") == ["urd", None]
    filled = take(
        tmp_path, text, options=IntakeOptions({"ambito_id": AMBITI}, frozenset({"lingua"}))
    )
    assert column(filled, "lingua") == ["urd", "urd"]
    assert [str(v)[:10] for v in column(filled, "data")] == ["2022-04-03", "None"]


def test_months_of_timesheets(tmp_path):
    rows = ("aprile 22;120", "2022-05;90:30", "06/2022;n.d.", "II trim. 2022;1")
    text = "Mediatore;Mese;Ore mese\n" + "".join(f"M1;{row}\n" for row in rows)
    intake = take(tmp_path, text, "timesheet")
    assert column(intake, "mese") == ["2022-04", "2022-05", "2022-06", None]
    assert column(intake, "minuti") == [7200, 5430, None, 60]
    assert ("data_anno_due_cifre", 1) in [(step.rule, step.cells) for step in intake.register.steps]
    assert (5, "mese", "periodo_illeggibile", "II trim. 2022") in problems(intake)


def test_a_code_of_the_study_without_its_list_must_have_the_form_of_a_code(tmp_path):
    intake = take(tmp_path, "Data;Esito;Ambito\n3/4/2022;concluso;A B\n", options=IntakeOptions())
    assert (2, "ambito_id", "forma_non_valida", "A B") in problems(intake)
    assert list(intake.quarantined) == [True]


def test_taking_in_what_was_taken_in_changes_nothing(tmp_path):
    once = take(tmp_path, LOG)
    kept = once.values[~once.quarantined][
        ["intervento_id", "data", "minuti_frontali", "ambito_id", "esito", "lingua"]
    ]
    shown = kept.assign(data=kept["data"].dt.strftime("%d/%m/%Y"))
    twice = take(tmp_path, shown.to_csv(sep=";", index=False))
    assert twice.values[kept.columns].reset_index(drop=True).equals(kept.reset_index(drop=True))
    assert twice.register.steps == []


@pytest.mark.parametrize(
    ("text", "code", "rule"),
    [
        ("MAR", "MAR", ""),
        ("marocchina", "MAR", "codice_riconosciuto"),
        ("Costa dâ€™Avorio", "CIV", "codice_riconosciuto"),
        ("Atlantide", None, "codice_sconosciuto"),
        ("n.d.", None, "mancante_nd"),
        ("idem", None, "idem_senza_origine"),
    ],
)
def test_codes_of_countries(text, code, rule):
    parsed = parse_codes(pd.Series([text], dtype="str"), load_paesi())
    assert (None if pd.isna(parsed.values[0]) else parsed.values[0]) == code
    assert parsed.rule[0] == rule


def test_a_country_is_no_language():
    parsed = parse_codes(pd.Series(["Ghanese"], dtype="str"), load_lingue())
    assert parsed.values.isna().all()
    assert parsed.outcome[0] in ("ambiguo", "errore")


def test_lists_of_codes():
    cells = pd.Series(["Arabo, Urdu", "ara|urd", "Arabo; Elfico", ""], dtype="str")
    parsed = parse_code_lists(cells, load_lingue())
    assert [None if pd.isna(v) else v for v in parsed.values] == ["ara|urd", "ara|urd", None, None]
    assert list(parsed.rule) == ["codice_riconosciuto", "", "codice_sconosciuto", "vuota"]


def test_an_alias_of_two_codes_goes_to_a_person():
    parsed = parse_codes(pd.Series(["annullato"], dtype="str"), load_codes("esito"))
    assert parsed.rule[0] == "codice_ambiguo"
