"""Nationality as people write it: one country, several, or a person must look."""

import pandas as pd
import pytest

from bgest_analysis.vocabulary.load import is_ue, load_aggregati, load_paesi, read_list

FOUND = [
    ("Marocco", "MAR"),
    ("marocchina", "MAR"),
    ("MAROCCHINI", "MAR"),
    ("marocchine", "MAR"),
    ("Morocco", "MAR"),
    ("MA", "MAR"),
    ("MAR", "MAR"),
    ("436", "MAR"),
    ("Moroccan", "MAR"),
    ("Niger", "NER"),
    ("nigerino", "NER"),
    ("Nigeria", "NGA"),
    ("nigeriano", "NGA"),
    ("nigeriane", "NGA"),
    ("Costa d'Avorio", "CIV"),
    ("COSTA D’AVORIO", "CIV"),
    ("CIV", "CIV"),
    ("Côte d'Ivoire", "CIV"),
    ("ivoriana", "CIV"),
    ("Cina", "CHN"),
    ("cinesi", "CHN"),
    ("Rep. Popolare Cinese", "CHN"),
    ("Cina/Rep. Popolare Cinese", "CHN"),
    ("Kosovo", "XKX"),
    ("kosovara", "XKX"),
    ("Palestina", "PSE"),
    ("palestinesi", "PSE"),
    ("apolide", "XXA"),
    ("apolidi", "XXA"),
    ("Romania", "ROU"),
    ("rumena", "ROU"),
    ("Guinea", "GIN"),
    ("Guinea Conakry", "GIN"),
    ("Guinea-Bissau", "GNB"),
    ("Guinea equatoriale", "GNQ"),
    ("Papua Nuova Guinea", "PNG"),
    ("Congo (Repubblica del)", "COG"),
    ("Repubblica Democratica del Congo", "COD"),
    ("ex Zaire", None),
    ("Zaire", "COD"),
    ("Dominica", "DMA"),
    ("Repubblica Dominicana", "DOM"),
    ("dominicana", "DOM"),
    ("Sudan", "SDN"),
    ("Sud Sudan", "SSD"),
    ("Regno Unito", "GBR"),
    ("inglese", "GBR"),
    ("burkinabé", "BFA"),
    ("turche", "TUR"),
    ("tedeschi", "DEU"),
    ("belghe", "BEL"),
    ("vietnamite", "VNM"),
    ("keniota", "KEN"),
    ("etiope", "ETH"),
    ("Perù", "PER"),
    ("Peru'", "PER"),
    ("Macedonia", "MKD"),
    ("S. Marino", None),
    ("Namibia", "NAM"),
]


@pytest.mark.parametrize(("text", "iso3"), FOUND)
def test_country(text: str, iso3: str | None) -> None:
    match = load_paesi().find(text)
    assert match.codice == iso3
    assert match.esito == ("trovato" if iso3 else "sconosciuto")


TO_A_PERSON = [
    ("Congo", "ambiguo", {"COG", "COD"}, "nome_condiviso"),
    ("congolese", "ambiguo", {"COG", "COD"}, "nome_condiviso"),
    ("guineana", "ambiguo", {"GIN", "GNB", "GNQ"}, "nome_condiviso"),
    ("coreano", "ambiguo", {"KOR", "PRK"}, "nome_condiviso"),
    ("nigeriano/Niger", "ambiguo", {"NGA", "NER"}, "nome_condiviso"),
    (
        "ex-Jugoslavia",
        "ambiguo",
        {"SRB", "HRV", "BIH", "MKD", "MNE", "SVN", "XKX"},
        "stato_sciolto",
    ),
    ("doppia cittadinanza", "ambiguo", set(), "doppia_cittadinanza"),
    ("curda", "ambiguo", {"TUR", "IRQ", "SYR", "IRN"}, "etnia"),
    ("NO", "ambiguo", {"NOR"}, "sigla_equivoca"),
    ("NA", "ambiguo", {"NAM"}, "sigla_equivoca"),
    ("africana", "non_valido", set(), "area"),
    ("extracomunitario", "non_valido", set(), "non_cittadinanza"),
    ("richiedente asilo", "non_valido", set(), "status_non_cittadinanza"),
]


@pytest.mark.parametrize(("text", "esito", "candidati", "motivo"), TO_A_PERSON)
def test_a_person_must_look(text: str, esito: str, candidati: set[str], motivo: str) -> None:
    match = load_paesi().find(text)
    assert match.codice is None
    assert (match.esito, set(match.suggerimenti), match.motivo) == (esito, candidati, motivo)


def test_lower_case_abbreviations_are_not_codes() -> None:
    assert [load_paesi().find(text).codice for text in ("no", "si", "ma", "mar")] == [None] * 4


@pytest.mark.parametrize(
    ("text", "first"), [("marochino", "MAR"), ("albanesse", "ALB"), ("ucraiana", "UKR")]
)
def test_a_slip_is_only_a_suggestion(text: str, first: str) -> None:
    table = load_paesi().match(pd.Series([text]))
    assert table["codice"].isna().all()
    assert table["suggerimenti"].iloc[0].split("|")[0] == first


UNION = [
    ("ROU", "2006-12-31", False),
    ("ROU", "2007-01-01", True),
    ("ROU", "2023-01-01", True),
    ("HRV", "2013-06-30", False),
    ("HRV", "2013-07-01", True),
    ("GBR", "1972-12-31", False),
    ("GBR", "2020-01-31", True),
    ("GBR", "2020-02-01", False),
    ("ITA", "2023-01-01", True),
    ("MAR", "2023-01-01", False),
    ("CHE", "2023-01-01", False),
]


@pytest.mark.parametrize(("iso3", "day", "member"), UNION)
def test_union_by_date(iso3: str, day: str, member: bool) -> None:
    assert is_ue(iso3, day) is member


@pytest.mark.parametrize(
    ("day", "members"),
    [
        ("1957-12-31", 0),
        ("1958-01-01", 6),
        ("1973-01-01", 9),
        ("1981-01-01", 10),
        ("1986-01-01", 12),
        ("1995-01-01", 15),
        ("2004-05-01", 25),
        ("2007-01-01", 27),
        ("2013-07-01", 28),
        ("2020-01-31", 28),
        ("2020-02-01", 27),
        ("2023-01-01", 27),
    ],
)
def test_members_at_each_enlargement(day: str, members: int) -> None:
    assert sum(is_ue(iso3, day) for iso3 in read_list("paesi")["iso3"]) == members


def test_an_unknown_code_is_an_error() -> None:
    with pytest.raises(KeyError):
        is_ue("SML", "2023-01-01")


def test_codes_are_unique_and_well_formed() -> None:
    paesi = read_list("paesi")
    for column, pattern in (("iso3", r"[A-Z]{3}"), ("cod_istat_stato", r"\d{3}")):
        assert paesi[column].is_unique
        assert paesi[column].str.fullmatch(pattern).all()
    written = paesi.loc[paesi["iso2"].ne(""), "iso2"]
    assert written.is_unique
    assert written.str.fullmatch(r"[A-Z]{2}").all()
    assert paesi.loc[paesi["iso2"].eq(""), "iso3"].tolist() == ["XXA"]


def test_every_name_of_a_list_finds_its_country() -> None:
    paesi = read_list("paesi")
    found = load_paesi().match(paesi["nome_it"])
    wrong = paesi.loc[found["codice"].ne(paesi["iso3"]).to_numpy(), "nome_it"].tolist()
    assert wrong == ["Congo"]


def test_every_candidate_and_alias_is_a_country() -> None:
    known = set(read_list("paesi")["iso3"])
    candidates = read_list("paesi_cautele")["candidati"].str.split("|").explode()
    assert set(candidates) - {""} <= known
    assert set(read_list("paesi_alias")["iso3"]) | set(read_list("demonimi")["iso3"]) <= known


def test_four_forms_per_demonym() -> None:
    demonimi = read_list("demonimi")
    assert demonimi["genere_numero"].value_counts().nunique() == 1
    assert set(demonimi["genere_numero"]) == {"m_s", "f_s", "m_p", "f_p"}


def test_areas_are_not_countries() -> None:
    for nome in load_aggregati():
        assert load_paesi().find(nome).codice is None, nome
