"""Who may be the same person: the traps of domain.md 7, one case a line."""

import datetime as dt

import pandas as pd
import pytest

from bgest_analysis.privacy.matching import (
    UniqueRange,
    apply_decisions,
    list_reviews,
    match_persons,
    unique_range,
)
from bgest_analysis.privacy.persons import Person, Sighting, build_features
from bgest_analysis.privacy.pseudonyms import example_key
from bgest_analysis.schema.contract import validate_table
from bgest_analysis.schema.persone import COPPIE_PERSONE, IMPRONTE_PERSONE

KEY = example_key()
BORN = dt.date(1990, 5, 17)
NEW_YEAR = dt.date(1990, 1, 1)
CF_A, CF_B = "RSSMRA85T10A562S", "RSSMRA80A01H501U"


def person(
    cognome: str, nome: str, born: dt.date | None = BORN, sesso: str = "M", **more
) -> Person:
    return Person(cognome=cognome, nome=nome, data_nascita=born, sesso=sesso, **more)


def features(*people: Person, start: int = 0, file: str = "registro.xlsx") -> pd.DataFrame:
    sightings = [
        Sighting(f"{number:020x}", one, file, number + 2)
        for number, one in enumerate(people, start=start)
    ]
    return build_features(sightings, KEY)


def verdict(one: Person, other: Person) -> tuple[str, str] | None:
    pairs = match_persons(features(one, other))
    rows = pairs[["classe_coppia", "motivo_coppia"]].itertuples(index=False)
    return next((tuple(row) for row in rows), None)


CASES = {
    "three spellings of Mohamed": (
        person("Rahman", "Mohamed"), person("Rahman", "Muhammad"),
        ("stessa", "stesso_nome_e_data"),
    ),
    "name and surname swapped": (
        person("Diallo", "Mamadou"), person("Mamadou", "Diallo"),
        ("stessa", "nome_cognome_scambiati"),
    ),
    "Cyrillic against Latin": (
        person("Шевченко", "Олена", sesso="F"), person("Shevchenko", "Olena", sesso="F"),
        ("stessa", "stesso_nome_e_data"),
    ),
    "Olena and Elena": (
        person("Shevchenko", "Olena", sesso="F"), person("Shevchenko", "Elena", sesso="F"),
        ("stessa", "stesso_nome_e_data"),
    ),
    "accents and apostrophes": (
        person("D'Agostino", "Nicolò"), person("DAGOSTINO", "Nicolo"),
        ("stessa", "stesso_nome_e_data"),
    ),
    "a patronymic more": (
        person("Koval", "Andrii Petrovych"), person("Koval", "Andriy"),
        ("da_rivedere", "nome_simile_stessa_data"),
    ),
    "a letter wrong": (
        person("Bojaxhiu", "Arben"), person("Bojaxhiu", "Arbem"),
        ("da_rivedere", "nome_simile_stessa_data"),
    ),
    "a married name": (
        person("Haddad", "Samira", sesso="F"), person("Benali", "Samira", sesso="F"),
        ("da_rivedere", "nome_simile_stessa_data"),
    ),
    "a married name, surname and name in one cell": (
        person("Haddad Samira", "", sesso="F"), person("Benali", "Samira", sesso="F"),
        ("da_rivedere", "nome_simile_stessa_data"),
    ),
    "twin sisters, one of them in one cell": (
        person("Haddad Samira", "", sesso="F"), person("Haddad", "Nadia", sesso="F"), None,
    ),
    "namesakes born on 1 January": (
        person("Ali", "Mohamed", NEW_YEAR), person("Ali", "Mohammed", NEW_YEAR),
        ("da_rivedere", "stesso_nome_data_convenzionale"),
    ),
    "born on 1 January with one telephone": (
        person("Ali", "Mohamed", NEW_YEAR, telefono="+39 347 0000001"),
        person("Ali", "Mohammed", NEW_YEAR, telefono="3470000001"),
        ("stessa", "stesso_identificativo"),
    ),
    "day and month swapped": (
        person("Rahman", "Karim", dt.date(1990, 3, 4)),
        person("Rahman", "Karim", dt.date(1990, 4, 3)),
        ("da_rivedere", "nome_simile_stessa_data"),
    ),
    "twins": (
        person("Rahman", "Karim"), person("Rahman", "Tareq"),
        ("diversa", "stesso_cognome_stessa_data"),
    ),
    "same tax code": (
        person("Rossi", "Mario", codice_fiscale=CF_A), person("Rosi", "Mario", codice_fiscale=CF_A),
        ("stessa", "stesso_identificativo"),
    ),
    "same tax code on two unlike names": (
        person("Rossi", "Mario", codice_fiscale=CF_A),
        person("Lleshi", "Dritan", codice_fiscale=CF_A),
        ("da_rivedere", "stesso_identificativo"),
    ),
    "same name and date, two tax codes": (
        person("Rossi", "Mario", codice_fiscale=CF_A),
        person("Rossi", "Mario", codice_fiscale=CF_B),
        ("da_rivedere", "identificativi_diversi"),
    ),
    "same name and date, two citizenships": (
        person("Ali", "Omar", cittadinanza="PAK"), person("Ali", "Umar", cittadinanza="SOM"),
        ("da_rivedere", "stesso_nome_e_data"),
    ),
    "parent and child on one permit": (
        person("Rahman", "Karim", dt.date(1990, 2, 3), permesso="I123"),
        person("Rahman", "Nadia", dt.date(1990, 7, 8), permesso="I123"),
        None,
    ),
    "namesakes with two dates": (
        person("Singh", "Gurpreet"), person("Singh", "Gurpreet", dt.date(1990, 8, 9)), None,
    ),
    "other year of birth": (
        person("Singh", "Gurpreet"), person("Singh", "Gurpreet", dt.date(1991, 5, 17)), None,
    ),
    "one given name only, same date": (
        person("Karim", ""), person("Karim", ""), ("da_rivedere", "stesso_nome_e_data"),
    ),
}  # fmt: skip


@pytest.mark.parametrize(("one", "other", "expected"), CASES.values(), ids=CASES)
def test_judges_each_trap_in_either_order(one, other, expected):
    assert verdict(one, other) == expected
    assert verdict(other, one) == expected


def test_new_files_match_earlier_ones_and_old_pairs_are_not_judged_again():
    known = features(person("Rahman", "Karim"), person("Rahman", "Karim"), file="2021.xlsx")
    new = features(person("Rahman", "Karim"), start=2, file="2022.xlsx")

    pairs = match_persons(new, known)

    found = set(pairs[["destinatario_a", "destinatario_b"]].itertuples(index=False, name=None))
    assert found == {(f"{0:020x}", f"{2:020x}"), (f"{1:020x}", f"{2:020x}")}


def test_features_hold_no_name_and_keep_their_contract():
    one = person(
        "Shevchenko", "Olena", sesso="F", codice_fiscale=CF_A, telefono="3470000001",
        permesso="I7654321", cittadinanza="UKR",
    )  # fmt: skip
    frame = features(one)

    validate_table(frame, IMPRONTE_PERSONE)
    text = frame.to_csv().lower()
    for value in ("shevchenko", "olena", CF_A.lower(), "3470000001", "7654321", "1990", "ukr"):
        assert value not in text


def test_another_key_gives_features_that_match_nothing():
    other = build_features([Sighting("f" * 20, person("Rahman", "Karim"), "a", 1)], _other_key())

    assert match_persons(other, features(person("Rahman", "Karim"))).empty


def _other_key():
    key = example_key()
    return type(key)("altra", bytes(32))


def test_no_pair_gives_an_empty_table_that_keeps_its_contract():
    pairs = match_persons(features(person("Singh", "Gurpreet")))

    assert pairs.empty
    validate_table(pairs, COPPIE_PERSONE)


def test_range_counts_sure_pairs_once_and_doubtful_ones_once_at_least():
    a, b, c, d = (f"{number:020x}" for number in range(4))
    pairs = pd.DataFrame(
        [(a, b, "stessa", "stesso_nome_e_data"), (b, c, "da_rivedere", "nome_simile_stessa_data"),
         (c, d, "diversa", "stesso_cognome_stessa_data")],
        columns=[column.name for column in COPPIE_PERSONE.columns],
    )  # fmt: skip

    assert unique_range([a, b, c, d], pairs) == UniqueRange(minimo=2, massimo=3)
    assert unique_range([a, d], pairs) == UniqueRange(minimo=2, massimo=2)


def test_a_decision_replaces_the_class_and_is_the_same_applied_twice():
    pairs = match_persons(
        features(person("Haddad", "Samira", sesso="F"), person("Benali", "Samira", sesso="F"))
    )
    a, b = pairs.loc[0, ["destinatario_a", "destinatario_b"]]
    decisions = pd.DataFrame(
        {"destinatario_a": [b], "destinatario_b": [a], "classe_coppia": ["stessa"]}
    )

    once = apply_decisions(pairs, decisions)

    assert once["classe_coppia"].tolist() == ["stessa"]
    assert once["motivo_coppia"].tolist() == ["decisione"]
    pd.testing.assert_frame_equal(apply_decisions(once, decisions), once)
    validate_table(once, COPPIE_PERSONE)


def test_review_list_says_file_and_row_of_both_records():
    known = features(person("Haddad", "Samira", sesso="F"), file="2021.xlsx")
    new = features(person("Benali", "Samira", sesso="F"), start=1, file="2022.xlsx")
    both = pd.concat([known, new], ignore_index=True)

    reviews = list_reviews(match_persons(new, known), both)

    assert reviews[
        ["fonte_file_a", "fonte_riga_a", "fonte_file_b", "fonte_riga_b"]
    ].values.tolist() == [["2021.xlsx", 2, "2022.xlsx", 3]]
