from __future__ import annotations

import networkx as nx
import numpy as np
import pytest

from bgest_analysis.errors import EstimationError
from bgest_analysis.stats import network_nulls as nulls
from bgest_analysis.stats import networks as net

# Four bodies, three meetings: a plenary, a pair, a meeting of one.
ATTENDANCE = np.array([[1, 1, 0], [1, 1, 0], [1, 0, 0], [1, 0, 1]])
STAR = np.zeros((6, 6))
STAR[0, 1:] = STAR[1:, 0] = 1
RING = np.roll(np.eye(6), 1, axis=0) + np.roll(np.eye(6), -1, axis=0)


def test_a_plenary_weighs_as_much_as_a_pair():
    ties = net.project(ATTENDANCE)
    assert ties[0, 1] == pytest.approx(1 / 3 + 1)
    assert ties[0, 2] == pytest.approx(1 / 3)
    # Each body's total is the number of its meetings with somebody else.
    assert ties.sum(axis=1) == pytest.approx([2, 2, 1, 1])
    assert net.project(ATTENDANCE, "count")[0, 1] == 2


def test_projection_agrees_with_networkx():
    graph = nx.davis_southern_women_graph()
    women = graph.graph["top"]
    table = nx.bipartite.biadjacency_matrix(graph, women).toarray()
    other = nx.bipartite.collaboration_weighted_projected_graph(graph, women)
    assert net.project(table) == pytest.approx(nx.to_numpy_array(other, women))


def test_density_of_both_modes():
    assert net.density(RING) == pytest.approx(6 / 15)
    assert net.two_mode_density(ATTENDANCE) == pytest.approx(7 / 12)


@pytest.mark.parametrize("measure", ["degree", "betweenness", "closeness"])
def test_a_star_is_all_centre_and_a_ring_none(measure):
    assert net.centralisation(STAR, measure) == pytest.approx(1)
    assert net.centralisation(RING, measure) == pytest.approx(0)


@pytest.mark.parametrize(
    ("measure", "function"),
    [
        ("degree", nx.degree_centrality),
        ("betweenness", nx.betweenness_centrality),
        ("closeness", nx.closeness_centrality),
        ("eigenvector", nx.eigenvector_centrality_numpy),
    ],
)
def test_centralities_agree_with_networkx(measure, function):
    graph = nx.florentine_families_graph()
    ties = nx.to_numpy_array(graph)
    expected = function(graph)
    assert net.centrality(ties, measure) == pytest.approx([expected[n] for n in graph], abs=1e-6)


def test_a_planted_core_is_found():
    core = np.array([1, 1, 1, 0, 0, 0, 0], bool)
    ties = np.where(core[:, None] & core, 1.0, 0) + 0.0
    ties[2, 3] = ties[3, 2] = ties[0, 5] = ties[5, 0] = ties[1, 4] = ties[4, 1] = 1
    np.fill_diagonal(ties, 0)
    found = net.core_periphery(ties)
    assert list(found.core) == list(core)
    assert found.fit == pytest.approx(1)
    assert found.coreness[core].min() > found.coreness[~core].max()


def test_brokers_between_groups():
    # a - b - c: b stands between the two.
    ties = np.array([[0, 1, 0], [1, 0, 1], [0, 1, 0.0]])
    assert net.brokerage(ties, ["x", "x", "x"]).coordinator[1] == 1
    assert net.brokerage(ties, ["x", "y", "x"]).itinerant[1] == 1
    assert net.brokerage(ties, ["x", "y", "z"]).liaison[1] == 1
    found = net.brokerage(ties, ["x", "x", "z"])
    assert found.gatekeeper[1] + found.representative[1] == 1
    assert list(found.total) == [0, 1, 0]


def test_direction_tells_gatekeepers_from_representatives():
    ties = np.array([[0, 1, 0], [0, 0, 1], [0, 0, 0.0]])
    found = net.brokerage(ties, ["x", "y", "y"], directed=True)
    assert (found.gatekeeper[1], found.representative[1]) == (1, 0)
    found = net.brokerage(ties, ["x", "x", "y"], directed=True)
    assert (found.gatekeeper[1], found.representative[1]) == (0, 1)


def test_random_incidence_keeps_all_attendances():
    table = np.random.default_rng(1).random((9, 14)) < 0.4
    found = nulls.random_incidence(table, 3)
    assert (found.sum(axis=0) == table.sum(axis=0)).all()
    assert (found.sum(axis=1) == table.sum(axis=1)).all()
    assert (found != table).any()


def test_random_graph_keeps_all_degrees():
    ties = nx.to_numpy_array(nx.karate_club_graph(), weight=None)
    found = nulls.random_graph(ties, 3)
    assert (found.sum(axis=1) == ties.sum(axis=1)).all()
    assert (found == found.T).all()
    assert not found.diagonal().any()
    assert (found != (ties > 0)).sum() > 40


def test_trades_reach_all_tables_alike():
    # Margins (1, 1, 1) x (1, 1, 1): the six permutation matrices are equally likely.
    seen = [tuple(nulls.random_incidence(np.eye(3), seed).argmax(axis=1)) for seed in range(1200)]
    counts = np.unique(seen, axis=0, return_counts=True)[1]
    assert len(counts) == 6
    assert counts.min() > 140


def test_degrees_alone_explain_themselves():
    table = np.random.default_rng(1).random((8, 10)) < 0.4
    found = nulls.compare_with_random(table, lambda b: float(b.sum(axis=1).max()), 50)
    assert (found.mean, found.z, found.p_value) == (found.observed, 0, 1)


def test_two_blocks_are_not_chance():
    table = np.kron(np.eye(2), np.ones((5, 6)))
    found = nulls.compare_with_random(table, lambda b: net.density(net.project(b)), 99, rng=1)
    assert found.p_value == pytest.approx(0.02)
    assert found.observed < found.low
    assert found.z < -3


def test_one_mode_nulls():
    ties = nx.to_numpy_array(nx.karate_club_graph(), weight=None)
    found = nulls.compare_with_random(
        ties, lambda a: net.centralisation(a, "betweenness"), 60, mode="one-mode"
    )
    assert found.low < found.mean < found.high


def test_one_meeting_less():
    found = nulls.leave_one_out(ATTENDANCE, lambda b: net.density(net.project(b)))
    assert found.observed == 1
    assert list(found.without) == pytest.approx([1 / 6, 1, 1])
    assert found.most_influential == 0
    assert found.low == pytest.approx(1 / 6)


def test_qap_of_a_network_with_itself():
    found = nulls.qap_correlation(STAR, STAR)
    assert found.correlation == pytest.approx(1)
    assert found.exact
    # Every permutation that keeps the centre gives the same network: 5! of 6!.
    assert found.p_greater == pytest.approx(1 / 6)


def test_qap_of_independent_networks():
    generator = np.random.default_rng(4)
    a, b = (np.triu(generator.random((12, 12)), 1) for _ in range(2))
    found = nulls.qap_correlation(a + a.T, b + b.T, 999, 1)
    assert found.p_value > 0.05
    assert found.permutations == 1000
    upper = np.triu_indices(12, 1)
    assert found.correlation == pytest.approx(np.corrcoef(a[upper], b[upper])[0, 1])


@pytest.mark.parametrize(
    "call",
    [
        lambda: net.density([[0, 1], [0, 0]]),
        lambda: net.density([[0, 1, 1]]),
        lambda: net.centralisation(np.ones((2, 2))),
        lambda: net.centralisation(STAR, "eigenvector"),
        lambda: net.core_periphery(np.ones((5, 5))),
        lambda: net.project(-ATTENDANCE),
        lambda: nulls.qap_correlation(STAR, np.ones((6, 6))),
        lambda: nulls.leave_one_out(ATTENDANCE[:, :1], np.sum),
    ],
)
def test_impossible_networks_are_refused(call):
    with pytest.raises(EstimationError):
        call()
