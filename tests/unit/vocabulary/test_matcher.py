"""Exact after folding, and never by resemblance."""

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bgest_analysis.vocabulary.matcher import Caveat, Entry, build_vocabulary, fold

AMBITI = build_vocabulary(
    "ambiti",
    [
        Entry("VCA", "Val Cavallina", ("Val Cavallina", "Valcavallina"), ("VCA",)),
        Entry("VSE", "Valle Seriana", ("Valle Seriana",), ("VSE",)),
        Entry("AVS", "Alta Valle Seriana", ("Alta Valle Seriana",), ("AVS",)),
    ],
    cautele=[Caveat("Valli", ("VSE", "AVS"), "nome_condiviso")],
    prefissi=("ambito", "ambito di"),
)

FOLDED = [
    ("  Costa d’Avorio ", "costa d avorio"),
    ("COSTA D'AVORIO", "costa d avorio"),
    ("Perù", "peru"),
    ("Val\u00a0Cavallina", "val cavallina"),
    ("Guinea-Bissau", "guinea bissau"),
    ("U.S.A.", "usa"),
    ("c.t.i. Seriate", "cti seriate"),
    ("Torre de' Roveri", "torre de roveri"),
    ("S.Paolo", "s paolo"),
    ("Łódź", "lodz"),
    ("Scalve & Clusone", "scalve e clusone"),
    ("zero\u200bwidth", "zerowidth"),
    ("...", ""),
    ("𝐌𝐚𝐫𝐨𝐜𝐜𝐨", "marocco"),
]


@pytest.mark.parametrize(("text", "folded"), FOLDED)
def test_fold(text: str, folded: str) -> None:
    assert fold(text) == folded


@settings(derandomize=True, deadline=None, max_examples=100)
@given(st.text(max_size=40))
def test_folding_twice_changes_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text)


FOUND = [
    ("Valle Seriana", "VSE", "trovato"),
    ("VALLE  SERIANA", "VSE", "trovato"),
    ("Alta Valle Seriana", "AVS", "trovato"),
    ("Ambito di Valle Seriana", "VSE", "trovato"),
    ("ambito Alta Valle Seriana", "AVS", "trovato"),
    ("VSE", "VSE", "trovato"),
    ("vse", None, "sconosciuto"),
    ("Valle", None, "sconosciuto"),
    ("Seriana", None, "sconosciuto"),
    ("Vale Seriana", None, "sconosciuto"),
    ("Bassa Valle Seriana", None, "sconosciuto"),
    ("distretto Valle Seriana", None, "sconosciuto"),
    ("ambito", None, "sconosciuto"),
    ("valli", None, "ambiguo"),
    ("Ambito Valli", None, "ambiguo"),
    ("  ", None, "mancante"),
]


@pytest.mark.parametrize(("text", "codice", "esito"), FOUND)
def test_find(text: str, codice: str | None, esito: str) -> None:
    match = AMBITI.find(text)
    assert (match.codice, match.esito) == (codice, esito)


def test_match_keeps_index_order_and_repeats() -> None:
    values = pd.Series(
        ["Valcavallina", None, "boh", "Valcavallina", "Vale Seriana"], index=[7, 7, 3, 1, 0]
    )
    table = AMBITI.match(values)
    assert list(table.index) == [7, 7, 3, 1, 0]
    assert table["codice"].fillna("").tolist() == ["VCA", "", "", "VCA", ""]
    assert table["esito"].tolist() == [
        "trovato",
        "mancante",
        "sconosciuto",
        "trovato",
        "sconosciuto",
    ]
    assert table["suggerimenti"].iloc[4].split("|")[0] == "VSE"
    assert table["suggerimenti"].iloc[0] == ""


def test_match_of_nothing_has_the_columns() -> None:
    table = AMBITI.match(pd.Series([], dtype="str"))
    assert list(table.columns) == ["codice", "esito", "suggerimenti", "motivo"]
    assert len(table) == 0


def test_a_form_of_two_codes_is_ambiguous() -> None:
    shared = build_vocabulary("x", [Entry("A", "a", ("uno", "due")), Entry("B", "b", ("Uno",))])
    match = shared.find("UNO")
    assert (match.codice, match.esito, match.suggerimenti, match.motivo) == (
        None,
        "ambiguo",
        ("A", "B"),
        "nome_condiviso",
    )
    assert shared.find("due").codice == "A"


def test_a_text_that_is_a_code_and_another_name_is_ambiguous() -> None:
    lingue = build_vocabulary("x", [Entry("gaa", "ga", ("ga",)), Entry("gle", "irl", (), ("ga",))])
    assert set(lingue.find("ga").suggerimenti) == {"gaa", "gle"}
    assert lingue.find("Ga").codice == "gaa"


def test_a_short_caveat_in_capitals_is_only_an_abbreviation() -> None:
    paesi = build_vocabulary(
        "paesi",
        [Entry("NOR", "Norvegia", ("Norvegia",), ("NO", "NOR"))],
        cautele=[Caveat("NO", ("NOR",), "sigla_equivoca")],
    )
    assert paesi.find("NO").esito == "ambiguo"
    assert paesi.find("NOR").codice == "NOR"
    assert paesi.find("no").esito == "sconosciuto"


EDITS = st.sampled_from(
    [
        str.upper,
        str.title,
        str.strip,
        lambda text: f" {text}",
        lambda text: text.replace("l", "", 1),
        lambda text: text.replace(" ", "  "),
        lambda text: f"Ambito di {text}",
        lambda text: text[1:],
        lambda text: text[:-1],
        lambda text: f"Alta {text}",
        lambda text: text.replace(" ", "\u00a0"),
        lambda text: text.replace("a", "à"),
    ]
)
NAMES = st.sampled_from(["Valle Seriana", "Alta Valle Seriana", "Val Cavallina", "Valcavallina"])


@settings(derandomize=True, deadline=None, max_examples=300)
@given(NAMES, st.lists(EDITS, max_size=3))
def test_a_code_is_only_given_to_a_form_that_folds_to_one_of_its_own(text, edits) -> None:
    for edit in edits:
        text = edit(text)
    match = AMBITI.find(text)
    form = fold(text)
    own = {form, form.removeprefix("ambito di "), form.removeprefix("ambito ")}
    codes = {code for known in own for code in AMBITI.forme.get(known, ())}
    assert match.codice == (codes.pop() if len(codes) == 1 else None)
