"""Orientation by Ambito and the likeness of the Ambiti, on data whose truth is known."""

import numpy as np
import pandas as pd
import pytest

from bgest_analysis.example.tables import make_tables
from bgest_analysis.impact.model import hide_small
from bgest_analysis.impact.modello import (
    LEAST_OF_AN_AMBITO,
    estimate_convergence,
    estimate_orientation,
)
from bgest_analysis.schema.mediazione import INTERVENTI
from tests.lib.studies import small_study


def log_with(**columns):
    """Return a tidy log of these columns, all concluded, whatever else is missing."""
    types = {column.name: column.dtype for column in INTERVENTI.columns}
    frame = pd.DataFrame(columns).assign(esito="concluso", orientamento_origine="registrata")
    return frame.reindex(columns=list(types)).astype(types)


def test_the_effects_of_ambiti_come_back(tmp_path):
    rng = np.random.default_rng(5)
    n = 4_000
    ambito = rng.integers(0, 2, n)
    score = rng.logistic(size=n) + np.where(ambito == 1, 1.0, 0.0)
    code = np.digitize(score, [0.0, 1.7])
    names = np.array(["assistenza", "accompagnamento", "attivazione"])
    log = log_with(
        ambito_id=np.array(["SU", "NO"])[ambito],
        orientamento=names[code],
        data=pd.Timestamp("2021-01-01") + pd.to_timedelta(rng.integers(0, 700, n), "D"),
    )
    found = estimate_orientation({"tidy_interventi": log}, small_study(tmp_path))
    direct = found[found["tipo"] == "ambito"].set_index("nome")["stima"]
    assert direct["NO"] - direct["SU"] == pytest.approx(1.0, abs=0.15)
    trend = found[found["nome"] == "anno"].iloc[0]
    assert trend["basso"] < 0 < trend["alto"]


def test_few_coded_interventions_are_not_estimated(tmp_path):
    log = log_with(ambito_id=["SU"] * 6, orientamento=["assistenza", "attivazione"] * 3)
    log["data"] = pd.Timestamp("2021-01-01")
    found = estimate_orientation({"tidy_interventi": log}, small_study(tmp_path))
    assert found["motivo"].tolist() == ["troppo pochi interventi con orientamento codificato"]
    assert found["stima"].isna().all()


def test_ambiti_that_do_the_same_have_no_icc_to_speak_of(tmp_path):
    share = [1, 0, 1, 0] * LEAST_OF_AN_AMBITO
    phases = np.where(share, "lettura", "attuazione")
    log = log_with(
        ambito_id=["SU"] * len(share) + ["NO"] * len(share),
        fase=[*phases, *phases],
        data=pd.Timestamp("2021-05-01"),
    )
    log["fase_origine"] = "registrata"
    row = estimate_convergence({"tidy_interventi": log}, small_study(tmp_path)).iloc[0]
    assert (row["ambiti"], row["media"], row["deviazione"]) == (2, 0.5, 0.0)
    assert row["icc"] == 0


def test_one_ambito_is_said_not_to_be_enough(tmp_path):
    log = log_with(ambito_id=["SU"] * 30, modalita=["programmata", "a_chiamata"] * 15)
    log["data_richiesta"] = pd.Timestamp("2021-05-01")
    found = estimate_convergence({"tidy_interventi": log}, small_study(tmp_path), "programmata")
    assert found["motivo"].iloc[0].startswith("meno di due Ambiti")


def test_the_planted_spread_of_orientation_is_in_reach(tmp_path):
    frames = {f"tidy_{k}": v for k, v in make_tables(scale=3).items()}
    found = estimate_orientation(frames, small_study(tmp_path))
    spread = found[found["tipo"] == "tra_ambiti"]["stima"].iloc[0]
    assert 0 <= spread < 1
    hidden = hide_small(found, 10_000)
    assert hidden["stima"].isna().all()
