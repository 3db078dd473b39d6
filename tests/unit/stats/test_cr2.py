from __future__ import annotations

import numpy as np
import pytest
from scipy import linalg

from bgest_analysis.errors import EstimationError
from bgest_analysis.stats.cr2 import cluster_robust


def _study(seed=1, groups=7, treated=3, sizes=(5, 8, 12, 6, 9, 4, 10)):
    generator = np.random.default_rng(seed)
    clusters = np.repeat(np.arange(groups), sizes)
    d = (clusters < treated).astype(float)
    x = generator.standard_normal(clusters.size)
    y = 0.5 * d + 0.3 * x + generator.standard_normal(groups)[clusters] * 0.5
    return (
        y + generator.standard_normal(clusters.size),
        np.column_stack([np.ones(y.size), x, d]),
        clusters,
    )


def _by_matrices(y, X, clusters):
    """Bell and McCaffrey by n x n matrices."""
    M = np.linalg.inv(X.T @ X)
    H = X @ M @ X.T
    u = y - H @ y
    groups = [np.flatnonzero(clusters == g) for g in np.unique(clusters)]
    A = [linalg.inv(linalg.sqrtm(np.eye(len(r)) - H[np.ix_(r, r)]).real) for r in groups]
    meat = sum(np.outer(s, s) for r, a in zip(groups, A, strict=True) for s in [X[r].T @ a @ u[r]])
    df = []
    for c in M:
        p = np.column_stack(
            [(np.eye(len(y)) - H)[:, r] @ a @ X[r] @ c for r, a in zip(groups, A, strict=True)]
        )
        values = np.linalg.eigvalsh(p.T @ p)
        df.append(values.sum() ** 2 / (values**2).sum())
    return np.sqrt(np.diag(M @ meat @ M)), np.array(df)


@pytest.mark.parametrize("treated", [1, 2, 3])
def test_errors_and_degrees_by_matrices(treated):
    y, X, clusters = _study(treated=treated)
    if treated == 1:
        # The constant plus treatment explain the treated cluster: only a pseudo-inverse exists.
        found = cluster_robust(y, X, clusters)
        assert np.isfinite(found.std_error).all()
        return
    error, df = _by_matrices(y, X, clusters)
    found = cluster_robust(y, X, clusters)
    assert found.std_error == pytest.approx(error)
    assert found.df == pytest.approx(df)


def test_balanced_two_arms_is_the_t_test_of_cluster_means():
    # With equal sizes CR2 of a cluster-level treatment is Welch's test on the means.
    from scipy import stats

    y, X, clusters = _study(sizes=[6] * 7)
    X = X[:, [0, 2]]
    means = y.reshape(7, 6).mean(axis=1)
    welch = stats.ttest_ind(means[:3], means[3:], equal_var=False)
    found = cluster_robust(y, X, clusters)
    assert found.t[1] == pytest.approx(welch.statistic)


def test_singletons_are_hc2():
    import statsmodels.api as sm

    y, X, _ = _study()
    found = cluster_robust(y, X, np.arange(y.size))
    assert found.std_error == pytest.approx(sm.OLS(y, X).fit(cov_type="HC2").bse)


def test_other_kinds_agree_with_statsmodels():
    import statsmodels.api as sm

    y, X, clusters = _study()
    fit = sm.OLS(y, X).fit(cov_type="cluster", cov_kwds={"groups": clusters})
    assert cluster_robust(y, X, clusters, kind="CR1S").std_error == pytest.approx(fit.bse)
    plain = sm.OLS(y, X).fit(
        cov_type="cluster", cov_kwds={"groups": clusters, "use_correction": False}
    )
    assert cluster_robust(y, X, clusters, kind="CR0").std_error == pytest.approx(plain.bse)
    one = cluster_robust(y, X, clusters, kind="CR1")
    assert one.std_error == pytest.approx(plain.bse * np.sqrt(7 / 6))
    assert (one.df == 6).all()


def test_cr3_is_the_jackknife():
    y, X, clusters = _study()
    whole = np.linalg.lstsq(X, y, rcond=None)[0]
    left = [np.linalg.lstsq(X[clusters != g], y[clusters != g], rcond=None)[0] for g in range(7)]
    expected = np.sqrt(6 / 7 * ((np.array(left) - whole) ** 2).sum(axis=0))
    assert cluster_robust(y, X, clusters, kind="CR3").std_error == pytest.approx(expected)


def test_weights_are_a_change_of_rows():
    y, X, clusters = _study()
    w = np.linspace(0.5, 2, y.size)
    root = np.sqrt(w)
    one = cluster_robust(y, X, clusters, weights=w)
    two = cluster_robust(y * root, X * root[:, None], clusters)
    assert one.std_error == pytest.approx(two.std_error)
    assert one.df == pytest.approx(two.df)


def test_contrasts_and_fixed_effects():
    y, X, clusters = _study()
    month = np.arange(y.size) % 3
    dummies = (month[:, None] == [1, 2]).astype(float)
    given = cluster_robust(y, np.column_stack([X, dummies]), clusters)
    absorbed = cluster_robust(y, X[:, 1:], clusters, fixed_effects=[month])
    assert absorbed.coefficient == pytest.approx(given.coefficient[1:3])
    assert absorbed.std_error == pytest.approx(given.std_error[1:3])
    assert absorbed.df == pytest.approx(given.df[1:3])
    both = cluster_robust(y, X, clusters, contrasts=[[0, 1, 0], [0, 1, 1]])
    plain = cluster_robust(y, X, clusters)
    assert both.coefficient == pytest.approx([plain.coefficient[1], plain.coefficient[1:].sum()])
    assert both.std_error[0] == pytest.approx(plain.std_error[1])
    assert both.std_error[1] ** 2 == pytest.approx(plain.covariance[1:, 1:].sum())


def test_what_is_not_identified_is_refused():
    y, X, clusters = _study()
    with pytest.raises(EstimationError, match="collineare"):
        cluster_robust(y, X, clusters, fixed_effects=[clusters])
