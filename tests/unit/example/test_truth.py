"""Planted effects come back by a simple formula from the clean tables alone."""

from __future__ import annotations

import json

import numpy as np
import pandas as pd
import pytest

from bgest_analysis.example.tables import world_tables
from bgest_analysis.example.truth import observed, true_effects


@pytest.fixture(scope="module")
def thick_tables(thick):
    return world_tables(thick)


def _mean_difference(values, treated):
    """Return a difference of means and its standard error."""
    one, two = values[treated].astype(float), values[~treated].astype(float)
    error = np.sqrt(one.var() / len(one) + two.var() / len(two))
    return one.mean() - two.mean(), error


def _adoption(tables):
    moves = tables["pratiche"].query("componente == 'integrata'")
    return moves.set_index("ambito_id")["data_adozione"]


def test_adoption_is_staggered_and_stands_in_pratiche(tables, world):
    found = {code: str(day.date()) for code, day in _adoption(tables).items()}
    assert found == true_effects(world)["adozione"]
    assert len(set(found.values())) == 6


def test_wait_effect_comes_back_within_ambiti(thick_tables, thick):
    log = thick_tables["interventi"].dropna(subset=["data", "data_richiesta"])
    log = log[(log["modalita"] != "urgente") & (log["data_richiesta"] < "2022-02-24")]
    wait = (log["data"] - log["data_richiesta"]).dt.days
    within = wait - wait.groupby(log["ambito_id"]).transform("mean")
    treated = log["data_richiesta"] >= log["ambito_id"].map(_adoption(thick_tables))
    share = treated.groupby(log["ambito_id"]).transform("mean")
    slope = float((within * (treated - share)).sum() / ((treated - share) ** 2).sum())
    assert slope == pytest.approx(thick.parametri.modello.attesa_giorni, abs=0.5)


def test_autonomy_effect_comes_back(thick_tables, thick):
    log = thick_tables["interventi"].dropna(subset=["autonomia_0_3", "caso_id"])
    log = log.sort_values(["caso_id", "data", "data_richiesta"])
    cases = log.groupby("caso_id").agg(
        first=("autonomia_0_3", "first"), last=("autonomia_0_3", "last"),
        n=("autonomia_0_3", "size"), opened=("data_richiesta", "min"),
        ambito=("ambito_id", "first"),
    )  # fmt: skip
    cases = cases[(cases["n"] > 1) & cases["opened"].notna()]
    treated = (cases["opened"] >= cases["ambito"].map(_adoption(thick_tables))).to_numpy()
    change = (cases["last"] - cases["first"]).to_numpy(dtype=float)
    difference, error = _mean_difference(change, treated)
    # Contacts not registered (6%) shorten the observed change a little.
    assert 0.8 * thick.parametri.modello.autonomia <= difference
    assert difference <= thick.parametri.modello.autonomia + 4 * error


def test_integrated_share_doubles(thick_tables, thick):
    log = thick_tables["interventi"].query("fase_origine == 'registrata'")
    day = log["data_richiesta"].fillna(log["data"])  # a fixed desk has no request
    treated = (day >= log["ambito_id"].map(_adoption(thick_tables))).to_numpy()
    integrated = log["fase"].isin(["lettura", "progettazione", "verifica"]).to_numpy(dtype=float)
    before, after = thick.parametri.modello.quota_integrata
    difference, error = _mean_difference(integrated, treated)
    assert abs(difference - (after - before)) <= 4 * error + 0.01


def test_surge_has_its_size_and_half_life(thick):
    extra = thick.log[thick.log["sfollati"]]
    since = (extra["giorno"] - pd.Timestamp("2022-02-24")).dt.days
    assert since.min() == 0
    half_life = thick.parametri.ucraina.emivita_giorni
    # An exponential cut at 675 days: its mean is a little below half-life / ln 2.
    assert since.mean() == pytest.approx(half_life / np.log(2) - 3.75, abs=6)
    days = (pd.Timestamp("2023-12-31") - pd.Timestamp("2019-01-01")).days + 1
    ordinary = (~thick.log["sfollati"]).sum() / days
    first = (since < 14).sum() / 14
    assert first / ordinary == pytest.approx(thick.parametri.ucraina.ampiezza * 1.08, rel=0.2)


def test_covid_trough_and_move_to_distance(thick):
    spring = observed(thick)["covid"]
    ratio = spring["2020"]["richieste"] / spring["2019"]["richieste"]
    assert ratio == pytest.approx(np.mean([0.30, 0.25, 0.40]), abs=0.05)
    share = spring["2020"]["a_distanza"] / spring["2020"]["richieste"]
    assert share == pytest.approx(0.55, abs=0.06)


def test_coverage_is_that_of_the_truth(tables, written):
    people = tables["destinatari"]
    twins = tables["coppie_persone"].query("motivo_coppia != 'stesso_cognome_stessa_data'")
    second = set(twins["destinatario_b"])
    unique = people[people["ammissibile_fami"]].groupby("ambito_id").size()
    ineligible = people[~people["ammissibile_fami"]]["destinatario_id"]
    doubled = people[people["destinatario_id"].isin(second - set(ineligible))]
    once = unique - doubled.groupby("ambito_id").size().reindex(unique.index, fill_value=0)
    truth = written.truth.osservato["copertura"]
    assert {code: int(n) for code, n in once.items()} == {c: t["persone"] for c, t in truth.items()}
    rates = [t["per_mille"] for t in truth.values()]
    assert max(rates) / min(rates) == pytest.approx(1.60 / 0.55, rel=0.1)


def test_ties_grow_as_planted(tables, world):
    ties = tables["relazioni"]
    density = (ties["frequenza"] > 0).groupby(ties["onda"]).mean()
    before, after = world.parametri.rete.densita_relazioni
    assert density["prima"] == pytest.approx(before, abs=0.03)
    assert density["dopo"] == pytest.approx(after, abs=0.03)


def test_timesheets_differ_from_the_log_only_where_planted(tables, written):
    log = tables["interventi"].dropna(subset=["data", "mediatore_id"])
    minutes = log[["minuti_frontali", "minuti_viaggio", "minuti_backoffice"]].sum(axis=1)
    keys = [log["mediatore_id"], log["data"].dt.strftime("%Y-%m")]
    from_log = minutes.groupby(keys).sum()
    sheets = tables["timesheet"].groupby(["mediatore_id", "mese"])["minuti"].sum()
    assert from_log.index.sort_values().equals(sheets.index.sort_values())
    gaps = sheets - from_log.rename_axis(sheets.index.names)
    truth = {
        (row["mediatore_id"], row["mese"]): row["minuti_foglio"] - row["minuti_registro"]
        for row in written.truth.osservato["foglio_ore_diverso"]
    }
    assert {key: int(gap) for key, gap in gaps[gaps != 0].items()} == truth
    assert 0.04 <= len(truth) / len(sheets) <= 0.14


def test_budget_is_overrun_only_where_planted(tables, written):
    lines = tables["budget"]
    last = lines[lines["versione_budget"] == "rimod_1"].set_index("sottovoce")["importo_eur"]
    spent = lines.groupby("sottovoce")["importo_rendicontato_eur"].sum()
    over = {name for name in last.index if spent[name] > last[name]}
    assert over == {row["sottovoce"] for row in written.truth.osservato["oltre_budget"]}
    assert len(over) == written.world.parametri.righe_oltre_budget


def test_indicators_decrease_only_where_planted(tables, written):
    sheets = tables["indicatori"].sort_values(["codice", "trimestre", "versione"])
    last = sheets.groupby(["codice", "trimestre"])["valore_realizzato"].last()
    assert (last.groupby("codice").diff().dropna() >= 0).all()
    previous = last.groupby("codice").shift()
    first = sheets.groupby(["codice", "trimestre"])["valore_realizzato"].first()
    falls = set(first.index[(first < previous).fillna(False)])
    planted = {
        (row["codice"], row["trimestre"])
        for row in written.truth.osservato["indicatori_strani"]
        if row["stranezza"] == "decrescente"
    }
    reopened = {"2020-T2", "2021-T3", "2022-T4"}
    assert planted <= falls
    assert {quarter for _, quarter in falls - planted} <= reopened


def test_survey_effects(thick_tables, thick):
    answers = thick_tables["questionari"]
    staff = answers[answers["rilevazione"] == "operatori"].dropna(subset=["valore"])
    means = staff.groupby("onda_questionario")["valore"].mean()
    assert means["post"] - means["pre"] == pytest.approx(
        thick.parametri.questionari.prima_dopo, abs=0.12
    )
    assert answers["valore"].isna().mean() == pytest.approx(0.08, abs=0.01)


def test_truth_on_disk_is_the_truth_in_memory(written):
    on_disk = json.loads((written.folder / "truth.json").read_text(encoding="utf-8"))
    assert on_disk == json.loads(json.dumps(written.truth.to_json()))
    assert on_disk["nota"].startswith("DATI SINTETICI")
