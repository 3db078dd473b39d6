"""Seats with and without, and the accounts of cleaning."""

from dataclasses import replace

import pandas as pd

from bgest_analysis.indicators.qualita import compute_completezza, compute_regole
from bgest_analysis.indicators.rete import compute_seggi
from bgest_analysis.pages.areas import one_row
from tests.lib.studies import small_study


def test_every_body_stands_against_every_organ(tmp_path):
    enti = pd.DataFrame(
        {
            "ente_id": ["A", "B", "C"],
            "nome": ["Ente A", "Ente B", "Ente C"],
            "tipo": ["coop", "ambito", "anci"],
            "ambito_id": ["", "SU", ""],
        }
    )
    seats = pd.DataFrame(
        {
            "organo": ["cabina_regia", "cabina_regia", "equipe_tecnica", "equipe_tecnica"],
            "ente_id": ["A", "B", "A", "A"],
            "ruolo": ["resp", "resp", "resp", "referente"],
            "come_scritto": ["Ente A", "Ente B", "Ente A", "Referente A"],
            "fonte": ["slide"] * 4,
        }
    )
    study = replace(small_study(tmp_path), tabelle={"enti": enti, "composizione_organi": seats})
    table = compute_seggi({}, study)
    assert len(table) == 6
    double = one_row(table, organo="equipe_tecnica", ente_id="A")
    assert double["seggio"]
    assert double["ruolo"] == "referente; resp"
    assert not one_row(table, organo="cabina_regia", ente_id="C")["seggio"]
    assert one_row(table, organo="cabina_regia", ente_id="B")["ambito_id"] == "SU"


def test_rules_are_counted_by_file_and_column():
    problems = pd.DataFrame(
        {
            "file": ["a", "a", "b"],
            "regola": ["neg", "neg", "neg"],
            "trattamento": ["quarantena"] * 3,
            "colonna": ["n"] * 3,
        }
    )
    table = compute_regole({"tidy_problemi": problems}, None)
    assert table.set_index("file")["casi"].to_dict() == {"a": 2, "b": 1}


def test_completeness_counts_required_columns_only():
    redditi = pd.DataFrame(
        {
            "cod_istat": ["016001", None],
            "anno_imposta": [2023, 2023],
            "contribuenti": [1, 2],
            "imponibile_eur": [None, None],
        }
    )
    table = compute_completezza({"tidy_redditi": redditi}, None)
    assert "imponibile_eur" not in set(table["colonna"])
    assert one_row(table, colonna="cod_istat")["completezza"] == 0.5
    assert one_row(table, colonna="anno_imposta")["completezza"] == 1
