"""Cluster-robust errors that hold with few clusters: CR2 with Satterthwaite degrees of freedom.

V = M (sum_g X_g' A_g u_g u_g' A_g X_g) M, M = (X'X)^-1, A_g = (I - H_gg)^(-1/2) (pseudo-inverse).
The degrees of freedom of each coefficient match the first two moments of its variance to a
chi-square under the working model of equal variances. Sources: Bell and McCaffrey (2002, Survey
Methodology 28:169); Pustejovsky and Tipton (2018, JBES 36:672); MacKinnon and White (1985) for
the jackknife CR3. Weights are inverse variances of the working model, as in clubSandwich with
`inverse_var = TRUE`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike
from scipy import stats

from bgest_analysis.errors import EstimationError
from bgest_analysis.stats.checks import FloatArray, IntArray, choice, confidence, matrix
from bgest_analysis.stats.cluster_fit import ClusteredData, clustered_data, contrast_of

KINDS = ("CR0", "CR1", "CR1S", "CR2", "CR3")
_RANK = 1e-10


@dataclass(frozen=True, slots=True)
class ClusterRobust:
    """Coefficients (or contrasts) with cluster-robust inference, one element each.

    Attributes
    ----------
    coefficient
        Estimates, outcome units per unit of the regressor.
    std_error
        Cluster-robust standard errors.
    df
        Degrees of freedom of the t distribution: Satterthwaite for CR2, G - 1 otherwise.
    t, p_value
        Against zero, two-sided.
    low, high
        Interval at `level`.
    covariance
        Covariance of the estimates.
    clusters, level, kind
        Number of clusters, confidence level, kind of the variance.
    """

    coefficient: FloatArray
    std_error: FloatArray
    df: FloatArray
    t: FloatArray
    p_value: FloatArray
    low: FloatArray
    high: FloatArray
    covariance: FloatArray
    clusters: int
    level: float
    kind: str


def cluster_robust(
    outcome: ArrayLike,
    design: ArrayLike,
    clusters: Any,
    *,
    kind: str = "CR2",
    weights: ArrayLike | None = None,
    fixed_effects: Sequence[Any] = (),
    contrasts: ArrayLike | None = None,
    level: float = 0.95,
) -> ClusterRobust:
    """Return (weighted) least squares with cluster-robust inference.

    Parameters
    ----------
    outcome, design, clusters
        n, n x k (constant included when wanted), n labels.
    kind
        ``CR2`` (default), ``CR0``, ``CR1`` (G/(G-1)), ``CR1S`` (Stata's factor
        G/(G-1) (n-1)/(n-k)) or ``CR3``
        (jackknife, with (G-1)/G).
    weights
        Positive weights, inverse variances of the working model.
    fixed_effects
        Vectors of labels added as dummies; their coefficients are not returned.
    contrasts
        c x k multipliers of the coefficients; default: each coefficient.

    Raises
    ------
    EstimationError
        If the design is collinear, there are fewer than two clusters, or a coefficient's
        variance is zero under the working model (e.g. no degree of freedom).
    """
    choice(kind, KINDS, "tipo")
    data = clustered_data(outcome, design, clusters, weights, fixed_effects)
    L, basis, beta = _fit(data, contrasts)
    residual = data.y - basis @ (basis.T @ data.y)
    halves = [_adjusted(data, basis, L, g, kind) for g in range(data.clusters.size)]
    scores = np.array([half.T @ residual[rows] for rows, half in halves])
    covariance = scores.T @ scores * _factor(data, basis.shape[1], kind)
    df = _degrees(data, basis, halves, kind)
    return _inference(beta, covariance, df, data.clusters.size, level, kind)


def _fit(
    data: ClusteredData, contrasts: ArrayLike | None
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Return the map from basis to contrasts (k x c), the orthonormal basis, the contrasts."""
    asked = (
        np.eye(data.named) if contrasts is None else np.atleast_2d(matrix(contrasts, "contrasti"))
    )
    if asked.shape[1] != data.named:
        asked = asked.T
    rows = np.array([contrast_of(row, data) for row in asked])
    scale = np.sqrt((data.X**2).sum(axis=0))
    if (scale == 0).any():
        raise EstimationError("un regressore è tutto nullo")
    u, s, vt = np.linalg.svd(data.X / scale, full_matrices=False)
    keep = s > _RANK * s[0]
    inverse = (vt[keep].T / s[keep]) / scale[:, None]
    L = (rows @ inverse).T
    # An estimable contrast comes back unchanged through the row space.
    back = L.T @ (s[keep][:, None] * vt[keep]) * scale
    if np.abs(back - rows).max() > 1e-6 * np.abs(rows).max():
        raise EstimationError("coefficiente non identificato: collineare con gli altri regressori")
    basis = u[:, keep]
    if data.y.size <= basis.shape[1]:
        raise EstimationError("non restano gradi di libertà: più regressori che osservazioni")
    return L, basis, L.T @ (basis.T @ data.y)


def _adjusted(
    data: ClusteredData, basis: FloatArray, L: FloatArray, cluster: int, kind: str
) -> tuple[IntArray, FloatArray]:
    """Return the rows of a cluster, and A_g X_g M c for every contrast (n_g x c)."""
    rows = np.flatnonzero(data.codes == cluster).astype(np.int64)
    own = basis[rows]
    power = {"CR2": -0.5, "CR3": -1.0}.get(kind)
    if power is None:
        return rows, own @ L
    u, s, vt = np.linalg.svd(own, full_matrices=False)
    left = 1 - s**2
    # A direction fully explained by its own cluster has no residual: pseudo-inverse, 0.
    scaled = np.where(left > _RANK, np.where(left > _RANK, left, 1.0) ** power, 0.0)
    return rows, u @ ((scaled * s)[:, None] * (vt @ L))


def _factor(data: ClusteredData, rank: int, kind: str) -> float:
    groups, n = data.clusters.size, data.y.size
    return {
        "CR1": groups / (groups - 1),
        "CR1S": groups / (groups - 1) * (n - 1) / (n - rank),
        "CR3": (groups - 1) / groups,
    }.get(kind, 1.0)


def _degrees(
    data: ClusteredData,
    basis: FloatArray,
    halves: list[tuple[IntArray, FloatArray]],
    kind: str,
) -> FloatArray:
    """Return (trace P)^2 / trace(P^2), P_gh = q_g' (I - H)_gh q_h, q_g = A_g X_g M c."""
    width = halves[0][1].shape[1]
    if kind != "CR2":
        return np.full(width, data.clusters.size - 1.0)
    own = np.array([(half**2).sum(axis=0) for _, half in halves])
    through = np.array([basis[rows].T @ half for rows, half in halves])
    result = np.empty(width)
    for c in range(width):
        P = np.diag(own[:, c]) - through[:, :, c] @ through[:, :, c].T
        trace, square = np.trace(P), (P**2).sum()
        if square <= 1e-24 * max(float(own[:, c].max()) ** 2, 1e-300):
            raise EstimationError("CR2: nessun grado di libertà per un coefficiente")
        result[c] = trace**2 / square
    return result


def _inference(
    beta: FloatArray,
    covariance: FloatArray,
    df: FloatArray,
    clusters: int,
    level: float,
    kind: str,
) -> ClusterRobust:
    error = np.sqrt(np.diag(covariance))
    if (error <= 1e-14 * np.maximum(np.abs(beta), 1e-300)).any():
        raise EstimationError("varianza nulla tra i gruppi: il test non è possibile")
    t = beta / error
    half = stats.t.isf((1 - confidence(level)) / 2, df) * error
    return ClusterRobust(
        beta, error, df, t, 2 * stats.t.sf(np.abs(t), df), beta - half, beta + half,
        covariance, clusters, level, kind,
    )  # fmt: skip
