"""Code lists: complete, unambiguous where they must be, in both languages."""

import pytest

from bgest_analysis.vocabulary.load import codes, load_codes, read_list

LISTS = sorted(set(read_list("codici")["lista"]))

FOUND = [
    ("modalita", "a chiamata urgente", "urgente"),
    ("modalita", "On call", "a_chiamata"),
    ("canale", "Videochiamata", "video"),
    ("ente_richiedente_tipo", "Scuola Media", "secondaria_I"),
    ("ente_richiedente_tipo", "C.P.I.A.", "cpia"),
    ("tipologia", "ÉQUIPE", "equipe_coordinamento"),
    ("fase", "lettura", "lettura"),
    ("orientamento", "Attivazione", "attivazione"),
    ("esito", "lingua non coperta", "non_coperto"),
    ("livello", "Cabina di regia", "cabina_regia"),
    ("ruolo", "Mediatrice culturale", "mediatore"),
    ("azione", "1", "01"),
    ("azione", "Azione 04", "04"),
    ("voce", "a", "A"),
    ("voce", "costi indiretti", "IND"),
    ("titolo_soggiorno", "Richiedente asilo", "richiesta_asilo"),
    ("titolo_soggiorno", "carta di soggiorno", "lungo_periodo"),
    ("sesso", "femmine", "F"),
    ("fascia_eta", "18-60", "18_60"),
]


@pytest.mark.parametrize(("lista", "text", "codice"), FOUND)
def test_code(lista: str, text: str, codice: str) -> None:
    assert load_codes(lista).find(text).codice == codice


@pytest.mark.parametrize("text", ["annullato", "DISDETTO"])
def test_who_cancelled_is_not_guessed(text: str) -> None:
    match = load_codes("esito").find(text)
    assert (match.codice, match.esito) == (None, "ambiguo")
    assert set(match.suggerimenti) == {"annullato_ente", "annullato_mediatore"}


@pytest.mark.parametrize("lista", LISTS)
def test_every_code_is_named_and_found_by_itself(lista: str) -> None:
    vocabulary = load_codes(lista)
    listed = codes(lista)
    assert len({code.codice for code in listed}) == len(listed)
    for code in listed:
        assert code.titolo_it
        assert code.titolo_en
        for text in (code.codice, code.titolo_it, code.titolo_en):
            assert vocabulary.find(text).codice == code.codice, text


def test_the_lists_of_one_intervention_are_those_of_the_dictionary() -> None:
    expected = {
        "modalita": 4,
        "canale": 4,
        "ente_richiedente_tipo": 16,
        "tipologia": 10,
        "fase": 5,
        "orientamento": 3,
        "utenza": 4,
        "esito": 7,
        "azione": 4,
        "fondo": 3,
    }
    assert {lista: len(codes(lista)) for lista in expected} == expected


def test_reasons_of_the_caveats_are_named() -> None:
    named = {code.codice for code in codes("motivo_vocabolario")}
    used = set(read_list("paesi_cautele")["motivo"]) | set(read_list("lingue_cautele")["motivo"])
    assert used <= named
    esiti = {code.codice for code in codes("esito_vocabolario")}
    assert esiti == {"trovato", "ambiguo", "sconosciuto", "non_valido", "mancante"}


def test_an_unknown_list_is_an_error() -> None:
    with pytest.raises(KeyError):
        codes("boh")
