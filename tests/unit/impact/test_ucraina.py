"""The emergency: planted surge and delay recovered, and reasons where nothing can be said."""

from types import SimpleNamespace

import pandas as pd
import pytest

from bgest_analysis.example.parameters import UkraineEffects
from bgest_analysis.example.tables import make_tables
from bgest_analysis.impact import ucraina as stime
from bgest_analysis.indicators import ucraina as indicatori
from bgest_analysis.indicators.rivolti import with_group
from bgest_analysis.pages.areas import one_row

TRUTH = UkraineEffects()


def study_with(day, ids):
    events = pd.DataFrame(
        {
            "evento_id": ["covid19", "ucraina"],
            "data_inizio": ["2020-03", day],
            "data_fine": ["2021-05", ""],
        }
    )
    return SimpleNamespace(
        ambito_ids=ids,
        aree=("distretto", *ids),
        tabelle={"eventi": events},
        protezione=SimpleNamespace(soglia_interna=5),
    )


@pytest.fixture(scope="module")
def example():
    frames = {f"tidy_{name}": table for name, table in make_tables(scale=3).items()}
    return frames, study_with("2022-02-24", tuple(frames["tidy_ambiti"]["ambito_id"]))


@pytest.fixture(scope="module")
def found(example):
    return stime.estimate_surge(*example)


@pytest.mark.parametrize("version", stime.VERSIONS)
@pytest.mark.parametrize(
    ("measure", "truth"),
    [
        (stime.SIZE, TRUTH.ampiezza),
        (stime.HALF_LIFE, TRUTH.emivita_giorni),
        (stime.OWN_HALF_LIFE, TRUTH.emivita_giorni),
        (stime.OTHER_WAIT, TRUTH.attesa_altri_giorni),
        (stime.OTHER_REQUESTS, 0.0),
    ],
)
def test_planted_emergency_lies_in_its_intervals(found, measure, version, truth):
    row = one_row(found, misura=measure, variante=version)
    assert row["basso"] <= truth <= row["alto"]


def test_size_is_seen_beyond_chance_in_both_versions(found):
    rows = found[found["misura"] == stime.SIZE]
    assert (rows["basso"] > 0.5).all()
    assert (rows["p"] < 0.001).all()
    # Sixty months without fifteen of COVID-19 and the last, whose requests still wait.
    assert rows.set_index("variante").loc[stime.WITHOUT_MONTHS, "mesi"] == 44


def test_a_study_without_surge_says_so(example):
    frames, study = example
    quiet = frames["tidy_interventi"]
    days = quiet["data_richiesta"].fillna(quiet["data"])
    kept = quiet[
        (days < "2022-02-24") | (with_group(quiet, frames["tidy_destinatari"])["gruppo"] == "altri")
    ]
    rows = stime.estimate_surge({**frames, "tidy_interventi": kept}, study)
    half = one_row(rows, misura=stime.OWN_HALF_LIFE, variante=stime.WITH_TERMS)
    assert half["motivo"] == stime.NO_SURGE
    assert pd.isna(half["stima"])


@pytest.mark.parametrize(
    ("keep", "day", "reason"),
    [
        (lambda log: log, "", stime.NO_DAY),
        (lambda log: log[log["data_richiesta"] >= "2022-01-01"], "2022-02-24", stime.FEW_MONTHS),
        (lambda log: log.iloc[::40], "2022-02-24", stime.THIN_MONTHS),
    ],
)
def test_reasons_where_nothing_can_be_estimated(example, keep, day, reason):
    frames, study = example
    log = keep(frames["tidy_interventi"])
    rows = stime.estimate_surge(
        {**frames, "tidy_interventi": log}, study_with(day, study.ambito_ids)
    )
    assert set(rows["motivo"]) == {reason}
    assert rows["stima"].isna().all()
    months = stime.estimate_fitted({"tidy_interventi": log}, study_with(day, study.ambito_ids))
    assert set(months["motivo"]) == {reason}


def test_model_expects_the_same_before_and_more_after(example):
    months = stime.estimate_fitted(*example)
    before = months[months["mese"] < "2022-02-01"]
    assert before["modello"].to_numpy() == pytest.approx(before["ordinario"].to_numpy())
    after = months[(months["mese"] > "2022-02-01") & (months["mese"] < "2022-08-01")]
    assert (after["modello"] > after["ordinario"]).all()


def test_groups_follow_persons_then_language():
    log = pd.DataFrame(
        {
            "lingua": ["ukr", "ukr", "rus", "ary", None],
            "destinatari_id": [None, "a", "b", "a|b", "z"],
        }
    )
    people = pd.DataFrame(
        {
            "destinatario_id": ["a", "b"],
            "target": ["donna", "donna|ucraina"],
            "cittadinanza_iso3": ["MAR", None],
        }
    )
    groups = with_group(log, people)["gruppo"].tolist()
    assert groups == ["ucraina", "altri", "ucraina", "ucraina", "altri"]
    assert with_group(log, None)["gruppo"].tolist() == [
        "ucraina",
        "ucraina",
        "altri",
        "altri",
        "altri",
    ]


def test_periods_of_the_emergency():
    start = pd.Timestamp("2022-02-24")
    days = pd.Series(
        pd.to_datetime(
            ["2021-02-23", "2021-02-24", "2022-02-23", "2022-02-24", "2022-08-24", "2023-03-01"]
        )
    )
    found = indicatori.period_since(days, start)
    assert found.isna().tolist() == [True, *[False] * 5]
    assert found.dropna().tolist() == ["prima", "prima", "mesi_0_6", "mesi_7_12", "oltre"]


def test_new_persons_add_up(example):
    table = indicatori.compute_persone(*example)
    whole = table[table["area"] == "distretto"]
    totals = whole.groupby(["dimensione", "gruppo"])["persone"].sum().unstack()
    assert (totals.nunique() == 1).all()
    shares = whole[whole["dimensione"] == "sesso"].groupby("gruppo")["quota"].sum()
    assert shares.tolist() == pytest.approx([1.0, 1.0])


def test_without_the_day_nothing_about_before_and_after(example):
    frames, study = example
    blank = study_with("", study.ambito_ids)
    assert indicatori.compute_persone(frames, blank).empty
    assert indicatori.compute_attese(frames, blank).empty
