"""Pages of perceptions, multiverse and synthesis with little or nothing to show."""

import pandas as pd
import pytest

from bgest_analysis.impact.effetti import ALL_ROWS, CR2, NO_SHOCKS, RANDOM, WILD, WITHOUT
from bgest_analysis.pages import multiverso, sintesi, sintesi_quadro
from bgest_analysis.pages.ascolto import parole
from bgest_analysis.pages.effetti import stime
from bgest_analysis.schema.indicatori.ascolto import CODICI
from bgest_analysis.schema.results import RISULTATI
from bgest_analysis.text.messages import T
from tests.lib.studies import small_study

SOURCE = T("prova")


def results(rows):
    named = ["analisi", "codice", "stima", "basso", "alto", "forza"]
    frame = pd.DataFrame(rows, columns=named).assign(ambito="distretto", motivo="")
    return frame.reindex(columns=RISULTATI.column_names)


def effects(p=0.01, low=0.1, calm_low=0.1):
    rows = [("autonomia", way, ALL_ROWS, 0.5, low, 0.9, p) for way in (CR2, WILD, RANDOM)]
    rows.append(("autonomia", CR2, NO_SHOCKS, 0.5, calm_low, 0.9, p))
    rows.append(("autonomia", WITHOUT, "SU", 0.5, low, 0.9, p))
    names = ["esito", "metodo", "variante", "stima", "basso", "alto", "p"]
    return pd.DataFrame(rows, columns=names).assign(n=100, motivo="")


def test_no_coded_document_gives_no_share():
    empty = pd.DataFrame(columns=CODICI.column_names).astype({"codice": "str"})
    made = parole.headlines(empty, "distretto")
    assert {row["stima"] for row in made} == {None}
    assert {row["forza"] for row in made} == {"non stimabile"}


def test_the_synthesis_builds_without_results(tmp_path):
    study = small_study(tmp_path)
    blocks = sintesi.findings(results([]), study, "distretto", SOURCE)
    assert [block.id for block in blocks] == ["esiti_nessuno"]


@pytest.mark.parametrize(
    ("low", "share", "words"),
    [
        (0.1, 0.9, "concordano"),
        (-0.1, 0.9, "divergono"),
        (-0.1, 0.1, "concordano"),
        (0.1, None, None),
    ],
)
def test_figures_and_words_are_put_together(tmp_path, low, share, words):
    rows = results(
        [
            ("05_effetti", "E3", 0.5, low, 0.9, "debole"),
            ("09_percezioni", "Q-E3", share, None, None, "debole"),
        ]
    )
    blocks = sintesi_quadro.joint_display(rows, small_study(tmp_path), "distretto", SOURCE)
    if words is None:
        assert blocks[1].id == "quadro_muto"
        return
    table = next(block for block in blocks if block.id == "quadro_tabella")
    assert table.grid.column("insieme")[0].render("it") == words


def test_the_effect_is_named_apart_from_the_change():
    rows = results([("05_effetti", "E3", 0.5, 0.1, 0.9, "debole")]).to_dict("records")
    assert "Effetto" in sintesi.name_of(rows[0]).render("it")


def test_at_most_ten_findings():
    assert len(sintesi.FINDINGS) <= 10


@pytest.mark.parametrize(
    ("changes", "strength"),
    [({}, "media"), ({"p": 0.2}, "debole"), ({"calm_low": -0.1}, "debole")],
)
def test_strength_needs_every_check(changes, strength):
    assert stime.strength(effects(**changes)) == strength


def test_one_ambito_has_no_effect_of_its_own():
    made = stime.headline(effects(), "SU")
    assert (made["stima"], made["forza"]) == (None, "non stimabile")


def test_missing_tables_give_a_reason_not_an_error(tmp_path):
    absent = pd.DataFrame({"n": [0], "motivo": ["mancano tidy_pratiche"]})
    assert stime.headline(absent, "distretto")["motivo"] == "mancano tidy_pratiche"
    assert stime.sensitivity(absent, small_study(tmp_path), SOURCE) == []
    blocks = multiverso.figures(absent.assign(codice="M3"), small_study(tmp_path), SOURCE)
    assert blocks[-1].id == "manca_multiverso"
