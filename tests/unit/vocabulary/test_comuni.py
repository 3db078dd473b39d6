"""Comuni of Lombardy: names as written, codes, mergers."""

import pytest

from bgest_analysis.vocabulary.load import current_comune, load_comuni, load_variazioni, read_list

FOUND = [
    ("Seriate", "016198"),
    ("SERIATE", "016198"),
    ("Comune di Seriate", "016198"),
    ("016198", "016198"),
    ("Torre de’ Roveri", "016216"),
    ("Torre de Roveri", "016216"),
    ("Villa d'Ogna", "016241"),
    ("San Paolo d'Argon", "016189"),
    ("S. Paolo d'Argon", "016189"),
    ("S.Paolo d’Argon", "016189"),
    ("Albano Sant'Alessandro", "016003"),
    ("Albano S. Alessandro", "016003"),
    ("Vigano S. Martino", "016236"),
]


@pytest.mark.parametrize(("text", "cod_istat"), FOUND)
def test_comune(text: str, cod_istat: str) -> None:
    assert load_comuni().find(text).codice == cod_istat


@pytest.mark.parametrize("text", ["16198", "Seriana", "Adrara", "Cenate", "Bergamo Est"])
def test_not_a_comune(text: str) -> None:
    assert load_comuni().find(text).esito == "sconosciuto"


def test_every_name_finds_its_own_code() -> None:
    comuni = read_list("comuni_lombardia")
    assert len(comuni) == 1502
    assert load_comuni().match(comuni["nome"])["codice"].tolist() == comuni["cod_istat"].tolist()
    assert comuni["cod_istat"].str[:3].eq(comuni["cod_provincia"]).all()
    assert comuni["codice_catastale"].is_unique


MERGERS = [
    ("016039", "9999-12-31", "016253"),
    ("016039", "2014-02-03", "016039"),
    ("016039", "2014-02-04", "016253"),
    ("018002", "9999-12-31", "018026"),
    ("016198", "9999-12-31", "016198"),
]


@pytest.mark.parametrize(("old", "day", "now"), MERGERS)
def test_mergers_are_followed(old: str, day: str, now: str) -> None:
    assert current_comune(old, day) == now


def test_every_merger_ends_in_a_comune_of_today() -> None:
    variazioni, today = load_variazioni(), load_comuni().titoli
    ends = {current_comune(code) for code in variazioni["cod_istat_soppresso"]}
    assert ends <= set(today)
    assert not set(variazioni["cod_istat_soppresso"]) & set(today)
    names = variazioni["nome_nuovo"]
    assert names.tolist() == names.str.strip().tolist()
