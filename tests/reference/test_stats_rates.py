"""Newcombe (1998), Garwood; segregation by hand; Theil of the states of the USA."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from libpysal.examples import get_path

from bgest_analysis.stats import inequality, rates, segregation

CASES = json.loads((Path(__file__).parent / "stats_cases.json").read_text(encoding="utf-8"))
NEWCOMBE = CASES["rates_newcombe"]
HAND = CASES["segregation_hand"]


@pytest.mark.parametrize("fraction", list(NEWCOMBE["published"]))
@pytest.mark.parametrize("method", ["wilson", "exact"])
def test_newcombe_published(fraction, method):
    x, n = map(int, fraction.split("/"))
    found = rates.proportion_interval(x, n, method=method)
    expected = NEWCOMBE["published"][fraction][method]
    assert [found.low, found.high] == pytest.approx(expected, abs=NEWCOMBE["tolerance"])


@pytest.mark.parametrize("fraction", list(NEWCOMBE["published"]))
@pytest.mark.parametrize(
    ("name", "method"),
    [(m, m) for m in ("wilson", "exact", "jeffreys")] + [("agresti", "agresti_coull")],
)
def test_newcombe_computed(fraction, name, method):
    x, n = map(int, fraction.split("/"))
    found = rates.proportion_interval(x, n, method=method)
    expected = NEWCOMBE["computed"][fraction][name]
    assert [found.low, found.high] == pytest.approx(expected, abs=1e-10)


@pytest.mark.parametrize("events", list(NEWCOMBE["computed"]["garwood"]))
def test_garwood(events):
    found = rates.poisson_interval(int(events))
    expected = NEWCOMBE["computed"]["garwood"][events]
    assert [found.low, found.high] == pytest.approx(expected, abs=1e-9)


def test_newcombe_difference():
    found = rates.proportion_difference(56, 70, 48, 80)
    expected = NEWCOMBE["computed"]["newcombe_56_70_48_80"]
    assert [found.low, found.high] == pytest.approx(expected, abs=1e-12)


def test_segregation_by_hand():
    group, total = HAND["inputs"]["group"], HAND["inputs"]["total"]
    found = segregation.segregation_indices(group, total)
    expected = HAND["published"]
    assert found.dissimilarity == pytest.approx(expected["D"], abs=1e-12)
    assert found.isolation == pytest.approx(expected["isolation"], abs=1e-12)
    assert found.interaction == pytest.approx(expected["interaction"], abs=1e-12)
    assert found.correlation_ratio == pytest.approx(expected["eta2"], abs=1e-12)
    assert found.entropy == pytest.approx(expected["H"], abs=1e-12)
    assert found.gini == pytest.approx(HAND["computed"]["pysal_Gini"], abs=1e-12)
    quotients = segregation.location_quotient(group, total)
    assert quotients == pytest.approx(HAND["computed"]["LQ"], abs=1e-12)
    counts = np.column_stack([group, np.subtract(total, group)])
    multigroup = segregation.multigroup_dissimilarity(counts)
    assert multigroup == pytest.approx(HAND["computed"]["pysal_MultiDissim"], abs=1e-12)


def test_theil_of_the_states():
    # Groups: first letter of the state's name, found from the published parts.
    states = pd.read_csv(get_path("usjoin.csv"))
    income, letter = states["2009"].to_numpy(float), states["Name"].str[0].to_numpy(str)
    found = inequality.decompose_theil(income, letter)
    expected = CASES["theil_usjoin"]["computed"]
    assert inequality.theil(income) == pytest.approx(expected["T"], abs=1e-12)
    assert inequality.gini(income) == pytest.approx(expected["gini"], abs=1e-12)
    assert found.between == pytest.approx(expected["between"], abs=1e-12)
    assert found.within == pytest.approx(expected["within"], abs=1e-12)
