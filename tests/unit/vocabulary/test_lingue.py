"""Languages as the cooperatives write them; a country is not a language."""

import pytest

from bgest_analysis.vocabulary.load import load_lingue, read_list

FOUND = [
    ("Youruba", "yor"),
    ("Banbara", "bam"),
    ("Djoula", "dyu"),
    ("Dioula", "dyu"),
    ("Cinese", "zho"),
    ("Cinese mandarino", "cmn"),
    ("mandarino", "cmn"),
    ("arabo", "ara"),
    ("ARABO", "ara"),
    ("lingua araba", "ara"),
    ("Lingua russa", "rus"),
    ("russa", "rus"),
    ("Arabo marocchino", "ary"),
    ("darija", "ary"),
    ("Urdù", "urd"),
    ("punjabi", "pan"),
    ("Bengali", "ben"),
    ("bangla", "ben"),
    ("wolof", "wol"),
    ("Tigrigna", "tir"),
    ("albanese", "sqi"),
    ("rumeno", "ron"),
    ("moldavo", "ron"),
    ("farsi", "fas"),
    ("Dari", "prs"),
    ("pashtu", "pus"),
    ("twi (Ashanti)", "twi"),
    ("mandinka", "mnk"),
    ("serbo-croato", "hbs"),
    ("fra", "fra"),
    ("fr", "fra"),
    ("ENG", "eng"),
    ("French", "fra"),
    ("singalese", "sin"),
    ("capoverdiano", "kea"),
    ("L.I.S.", "ise"),
]


@pytest.mark.parametrize(("text", "code"), FOUND)
def test_language(text: str, code: str) -> None:
    assert load_lingue().find(text).codice == code


NOT_A_LANGUAGE = [
    "Ghanese",
    "Togolese",
    "Afgano",
    "afgana",
    "nigeriano",
    "Nigeria",
    "pakistano",
    "indiano",
    "senegalese",
    "Senegal",
    "marocchino",
    "egiziana",
    "brasiliano",
    "boliviano",
    "congolese",
]


@pytest.mark.parametrize("text", NOT_A_LANGUAGE)
def test_a_country_is_not_a_language(text: str) -> None:
    match = load_lingue().find(text)
    assert (match.codice, match.esito, match.motivo) == (None, "non_valido", "paese_non_lingua")
    assert match.suggerimenti == ()


TO_A_PERSON = [
    ("Manding", "ambiguo", {"man", "mnk", "bam", "dyu", "emk"}),
    ("Fujian", "ambiguo", {"cdo", "nan"}),
    ("diola", "ambiguo", {"dyo", "dyu"}),
    ("berbero", "ambiguo", {"tzm", "rif", "shi", "kab", "tmh"}),
    ("Pidgin", "ambiguo", {"pcm", "wes", "kri"}),
    ("no", "ambiguo", {"nor"}),
    ("ga", "ambiguo", {"gle", "gaa"}),
    ("tem", "ambiguo", {"tem", "kdh"}),
    ("dialetto", "non_valido", set()),
    ("MAR", "sconosciuto", set()),
    ("klingon", "sconosciuto", set()),
]


@pytest.mark.parametrize(("text", "esito", "candidati"), TO_A_PERSON)
def test_a_person_must_look(text: str, esito: str, candidati: set[str]) -> None:
    match = load_lingue().find(text)
    assert (match.codice, match.esito, set(match.suggerimenti)) == (None, esito, candidati)


def test_codes_are_unique_and_every_name_finds_itself() -> None:
    lingue = read_list("lingue")
    assert lingue["iso639_3"].is_unique
    assert lingue["iso639_3"].str.fullmatch("[a-z]{3}").all()
    assert lingue["famiglia"].ne("").all()
    assert set(lingue["macrolingua"]) == {"true", "false"}
    found = load_lingue().match(lingue["nome_it"])
    wrong = lingue.loc[found["codice"].ne(lingue["iso639_3"]).to_numpy(), "nome_it"].tolist()
    assert wrong == ["ga", "tem"]  # also the codes of Irish and of Temne


def test_every_alias_and_candidate_is_in_the_list() -> None:
    known = set(read_list("lingue")["iso639_3"])
    assert set(read_list("lingue_alias")["iso639_3"]) <= known
    candidates = read_list("lingue_cautele")["candidati"].str.split("|").explode()
    assert set(candidates) - {""} <= known


def test_no_form_is_both_a_language_and_a_caveat() -> None:
    lingue = load_lingue()
    assert not set(lingue.forme) & set(lingue.cautele)
    assert all(len(codes) == 1 for codes in lingue.forme.values())
