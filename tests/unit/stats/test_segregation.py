from __future__ import annotations

import numpy as np
import pytest

from bgest_analysis.errors import EstimationError
from bgest_analysis.stats import segregation as seg
from bgest_analysis.stats import segregation_bias as bias

GROUP = np.array([10, 40, 30, 20, 0])
TOTAL = np.array([100, 100, 100, 100, 50])


def test_all_indices_at_once_equal_the_single_functions():
    found = seg.segregation_indices(GROUP, TOTAL, area=[1, 1, 1, 1, 1])
    assert found.dissimilarity == seg.dissimilarity(GROUP, TOTAL)
    assert found.isolation + found.interaction == pytest.approx(1)
    assert found.concentration == pytest.approx(0.3)
    assert seg.segregation_indices(GROUP, TOTAL).concentration is None


@pytest.mark.parametrize(
    ("group", "total", "expected"),
    [([5, 5], [50, 50], 0.0), ([50, 0], [50, 50], 1.0), ([10, 0], [20, 20], 2 / 3)],
)
def test_dissimilarity_from_even_to_apart(group, total, expected):
    assert seg.dissimilarity(group, total) == pytest.approx(expected)


def test_two_groups_are_the_multigroup_case():
    counts = np.column_stack([GROUP, TOTAL - GROUP])
    assert seg.multigroup_dissimilarity(counts) == pytest.approx(seg.dissimilarity(GROUP, TOTAL))
    assert seg.multigroup_entropy_index(counts) == pytest.approx(seg.entropy_index(GROUP, TOTAL))
    assert seg.mutual_information(counts) == pytest.approx(0.11508120717722 * 0.5297061990576)


def test_an_empty_unit_changes_nothing():
    assert seg.dissimilarity([*GROUP, 0], [*TOTAL, 0]) == seg.dissimilarity(GROUP, TOTAL)
    assert seg.entropy_index([*GROUP, 0], [*TOTAL, 0]) == seg.entropy_index(GROUP, TOTAL)


def test_gini_by_pairs():
    share = GROUP / TOTAL
    whole = GROUP.sum() / TOTAL.sum()
    pairs = (TOTAL[:, None] * TOTAL * np.abs(share[:, None] - share)).sum()
    expected = pairs / (2 * TOTAL.sum() ** 2 * whole * (1 - whole))
    assert seg.gini_segregation(GROUP, TOTAL) == pytest.approx(expected)


def test_contact_with_a_third_group():
    assert seg.interaction([10, 0], [20, 20], other=[5, 20]) == pytest.approx(0.25)


@pytest.mark.parametrize(
    ("group", "total"), [([0, 0], [5, 5]), ([5, 5], [5, 5]), ([6, 0], [5, 5]), ([1], [2, 3])]
)
def test_a_group_that_cannot_be_segregated_is_refused(group, total):
    with pytest.raises(EstimationError):
        seg.dissimilarity(group, total)


@pytest.mark.parametrize("index", bias.INDICES)
def test_vectorised_indices_equal_the_plain_ones(index):
    drawn = np.array([GROUP, [20, 20, 20, 20, 20], [1, 0, 0, 0, 0]], float)
    many = bias._VECTOR[index](drawn, TOTAL.astype(float))
    plain = [bias._SCALAR[index](row, TOTAL) for row in drawn]
    assert many == pytest.approx(plain, abs=1e-12)


@pytest.mark.parametrize("model", ["binomial", "hypergeometric"])
def test_small_units_are_segregated_by_chance_alone(model):
    size = np.full(60, 8)
    group = np.tile([1, 0, 2], 20)
    found = bias.compare_with_chance(group, size, 2000, rng=1, model=model)
    assert found.null_mean > 0.35
    assert found.observed < found.null_high
    assert found.p_value > 0.05
    assert found.excess < 0.2


def test_true_segregation_is_seen():
    found = bias.compare_with_chance(GROUP * 5, TOTAL * 5, 500, rng=1)
    assert found.p_value == pytest.approx(1 / 501)
    assert found.null_high < found.observed


def test_the_same_seed_gives_the_same_null():
    one, two = bias.draw_null(GROUP, TOTAL, 50, 7), bias.draw_null(GROUP, TOTAL, 50, 7)
    assert np.array_equal(one, two)


@pytest.mark.parametrize("method", ["density", "bootstrap"])
@pytest.mark.parametrize("shares", [(0.1, 0.2), (0.15, 0.15)])
def test_correction_brings_the_index_towards_the_truth(method, shares):
    generator = np.random.default_rng(5)
    share = np.repeat(shares, 30)
    size = np.full(60, 30)
    truth = seg.dissimilarity(share * 30, size)
    raw, corrected = [], []
    for _ in range(60):
        found = bias.correct_dissimilarity(generator.binomial(30, share), size, method, 100, 3)
        raw.append(found.raw)
        corrected.append(found.corrected)
    assert abs(np.mean(corrected) - truth) < 0.65 * abs(np.mean(raw) - truth)


def test_most_likely_centre_maximises_the_folded_normal():
    seen = np.array([0.3, 1.0, 1.05, 1.5, 2.0, 6.0])
    grid = np.linspace(0, 7, 70001)
    density = np.exp(-0.5 * (seen[:, None] - grid) ** 2) + np.exp(
        -0.5 * (seen[:, None] + grid) ** 2
    )
    assert bias._most_likely_centre(seen) == pytest.approx(grid[density.argmax(axis=1)], abs=2e-3)
