from __future__ import annotations

import numpy as np
import pytest
from statsmodels.stats import inter_rater

from bgest_analysis.errors import EstimationError
from bgest_analysis.stats import agreement as agr

TABLE = np.array([[44, 5, 1], [7, 20, 3], [9, 5, 6]])
# Krippendorff (2011), "Computing Krippendorff's alpha-reliability", example C.
N = np.nan
CODERS = [
    [1, 2, 3, 3, 2, 1, 4, 1, 2, N, N, N],
    [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, N, 3],
    [N, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, N],
    [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, N],
]


def test_textbook_kappa():
    found = agr.kappa_from_table([[20, 5], [10, 15]])
    assert found.value == pytest.approx(0.4)
    assert (found.observed, found.expected) == pytest.approx((0.7, 0.5))


@pytest.mark.parametrize(
    ("weights", "name"), [(None, None), ("linear", "linear"), ("quadratic", "fc")]
)
def test_kappa_and_its_error_agree_with_statsmodels(weights, name):
    found = agr.kappa_from_table(TABLE, weights)
    other = inter_rater.cohens_kappa(TABLE, wt=name)
    assert found.value == pytest.approx(other.kappa)
    assert found.std_error == pytest.approx(other.std_kappa)


def test_labels_in_their_order():
    one = ["mai", "spesso", "sempre", "mai"]
    two = ["mai", "sempre", "sempre", "spesso"]
    order = ["mai", "spesso", "sempre"]
    found = agr.cohen_kappa(one, two, "linear", order)
    table = [[1, 1, 0], [0, 0, 1], [0, 0, 1]]
    assert found.value == pytest.approx(agr.kappa_from_table(table, "linear").value)
    assert list(found.categories) == order
    with pytest.raises(EstimationError, match="non previste"):
        agr.cohen_kappa(one, two, categories=order[:2])


def test_full_agreement():
    found = agr.cohen_kappa([1, 2, 3], [1, 2, 3])
    assert found.value == pytest.approx(1)
    assert found.high == 1


def test_one_category_has_no_kappa_but_has_agreement():
    with pytest.raises(EstimationError, match="una sola"):
        agr.cohen_kappa(["a", "a"], ["a", "a"])
    assert agr.percent_agreement(["a", "a"], ["a", "a"]).value == 1


def test_percent_agreement_has_a_wilson_interval():
    found = agr.percent_agreement([1] * 10, [1] * 8 + [2] * 2)
    assert (found.value, round(float(found.low), 2)) == (0.8, 0.49)


def test_fleiss_agrees_with_statsmodels():
    counts = np.array([[0, 0, 5], [1, 2, 2], [3, 1, 1], [4, 1, 0], [0, 5, 0]])
    assert agr.fleiss_kappa(counts) == pytest.approx(inter_rater.fleiss_kappa(counts))
    with pytest.raises(EstimationError):
        agr.fleiss_kappa([[2, 1], [1, 1]])


def test_gwet_stays_high_where_kappa_falls():
    one = ["si"] * 118 + ["si"] * 5 + ["no"] * 2
    two = ["si"] * 118 + ["no"] * 5 + ["si"] * 2
    assert agr.cohen_kappa(one, two).value < 0
    e = 2 * 0.972 * 0.028
    assert agr.gwet_ac1(one, two) == pytest.approx((118 / 125 - e) / (1 - e))


@pytest.mark.parametrize(
    ("scale", "expected"),
    [("nominal", 0.743), ("ordinal", 0.815), ("interval", 0.849), ("ratio", 0.797)],
)
def test_krippendorff_published(scale, expected):
    assert agr.krippendorff_alpha(CODERS, scale) == pytest.approx(expected, abs=5e-4)


def test_alpha_of_parallel_items_follows_spearman_brown():
    generator = np.random.default_rng(1)
    true = generator.standard_normal((20000, 1))
    items = true + generator.standard_normal((20000, 5))
    assert agr.cronbach_alpha(items).value == pytest.approx(5 * 0.5 / (1 + 4 * 0.5), abs=0.01)


def test_alpha_by_the_definition():
    items = np.array([[1, 2, 2], [3, 3, 4], [5, 4, 4], [2, 2, 3], [4, 5, 5.0]])
    variances, total = items.var(axis=0, ddof=1), items.sum(axis=1).var(ddof=1)
    found = agr.cronbach_alpha(items)
    assert found.value == pytest.approx(1.5 * (1 - variances.sum() / total))
    assert found.if_dropped[0] == pytest.approx(agr.cronbach_alpha(items[:, 1:]).value)
    assert found.low < found.value < found.high <= 1


def test_missing_answers_pairwise_or_complete():
    items = np.array([[1, 2, N], [3, 3, 4], [5, 4, 4], [2, N, 3], [4, 5, 5], [1, 1, 2.0]])
    complete = agr.cronbach_alpha(items, "complete")
    pairwise = agr.cronbach_alpha(items)
    assert (complete.n, pairwise.n, pairwise.complete) == (4, 6, 4)
    assert complete.value == pytest.approx(agr.cronbach_alpha(items[[1, 2, 4, 5]]).value)
    assert pairwise.value != pytest.approx(complete.value)


@pytest.mark.parametrize(
    "items", [[[1], [2]], [[1, 2], [N, 1], [2, N]], [[1, 2], [2, 1], [1, 2]], [[1, 2], [1, 3]]]
)
def test_no_alpha_without_variance_or_answers(items):
    with pytest.raises(EstimationError):
        agr.cronbach_alpha(items)
