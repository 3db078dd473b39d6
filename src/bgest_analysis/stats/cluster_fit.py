"""One coefficient of a clustered regression, reduced to what its inference needs.

By Frisch, Waugh and Lovell the coefficient is that of the residualised regressor; every cluster
then counts through a score and a row of projections. Bootstraps cost draws x clusters, whatever
the number of persons.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from bgest_analysis.errors import EstimationError
from bgest_analysis.stats.checks import (
    FloatArray,
    IntArray,
    Labels,
    labels,
    matrix,
    positive,
    same_length,
    vector,
)

_RANK = 1e-9


@dataclass(frozen=True, slots=True)
class ClusteredData:
    """A checked regression with clusters; rows already multiplied by root weights.

    Attributes
    ----------
    y, X
        Outcome and design (n x k), fixed effects appended as dummies; rows sorted by cluster.
    codes, clusters
        Position of each row's cluster, ascending, and the labels of the clusters.
    named
        Columns of X before the fixed effects.
    """

    y: FloatArray
    X: FloatArray
    codes: IntArray
    clusters: Labels
    named: int


@dataclass(frozen=True, slots=True)
class CoefficientParts:
    """What the inference on one coefficient needs, per cluster.

    Attributes
    ----------
    estimate
        The coefficient by (weighted) least squares.
    square
        Sum of squares of the residualised regressor.
    score_outcome, score_regressor
        Per cluster, residualised regressor times outcome residualised on the other columns, and
        times itself: the score under the null r is outcome - r regressor.
    mix_outcome, mix_regressor
        Clusters x clusters: what the residuals of cluster h, refitted, take from the score of g.
    correction
        Small-sample factor G/(G-1) (n-1)/(n-k).
    """

    estimate: float
    square: float
    score_outcome: FloatArray
    score_regressor: FloatArray
    mix_outcome: FloatArray
    mix_regressor: FloatArray
    correction: float


def clustered_data(
    outcome: ArrayLike,
    design: ArrayLike,
    clusters: Any,
    weights: ArrayLike | None = None,
    fixed_effects: Sequence[Any] = (),
) -> ClusteredData:
    """Return the checked arrays of a regression with clustered errors.

    Parameters
    ----------
    outcome, design
        n and n x k, constant included when wanted.
    clusters
        One label per row; at least two clusters.
    weights
        Positive weights of the rows; rows are multiplied by their roots.
    fixed_effects
        One vector of labels per set of fixed effects, added as dummies.

    Raises
    ------
    EstimationError
        If lengths differ or there are fewer than two clusters.
    """
    y, X = vector(outcome, "esito"), matrix(design, "regressori")
    names, codes = labels(clusters, "gruppi")
    same_length(esito=y, regressori=X, gruppi=codes)
    if names.size < 2:
        raise EstimationError("servono almeno due gruppi, ce n'è {numero}", numero=names.size)
    named = X.shape[1]
    X = np.column_stack([X, *[_dummies(effect, y.size) for effect in fixed_effects]])
    if weights is not None:
        w = positive(vector(weights, "pesi"), "pesi")
        same_length(esito=y, pesi=w)
        y, X = y * np.sqrt(w), X * np.sqrt(w)[:, None]
    if (np.diff(codes) < 0).any():
        order = np.argsort(codes, kind="stable")
        y, X, codes = y[order], X[order], codes[order]
    return ClusteredData(y, X, codes, names, named)


def contrast_of(coefficient: int | ArrayLike, data: ClusteredData) -> FloatArray:
    """Return the contrast over all columns for a position or for a vector of multipliers.

    Raises
    ------
    EstimationError
        If the position is out of range or the contrast is empty.
    """
    contrast = np.zeros(data.X.shape[1])
    if isinstance(coefficient, int | np.integer):
        if not -data.named <= coefficient < data.named:
            raise EstimationError("non c'è un coefficiente {posizione}", posizione=coefficient)
        contrast[range(data.named)[coefficient]] = 1.0
        return contrast
    asked = vector(coefficient, "contrasto")
    if asked.size != data.named or not asked.any():
        raise EstimationError("contrasto: serve un valore per regressore, non tutti nulli")
    contrast[: data.named] = asked
    return contrast


def coefficient_parts(data: ClusteredData, contrast: FloatArray) -> CoefficientParts:
    """Return the per-cluster parts of the coefficient `contrast`' beta.

    Raises
    ------
    EstimationError
        If the coefficient is not identified (collinear with the other columns).
    """
    regressor, others = _separated(data.X, contrast)
    basis = _orthonormal(others)
    free = regressor - basis @ (basis.T @ regressor)
    square = float(free @ free)
    if square <= _RANK * float(regressor @ regressor):
        raise EstimationError("coefficiente non identificato: collineare con gli altri regressori")
    outcome = data.y - basis @ (basis.T @ data.y)
    full = np.column_stack([basis, free / np.sqrt(square)])
    groups = data.clusters.size
    weight = _by_cluster(free[:, None] * full, data.codes, groups)
    mix = [weight @ _by_cluster(full * part[:, None], data.codes, groups).T
           for part in (outcome, free)]  # fmt: skip
    both = np.column_stack([free * outcome, free**2])
    scores = _by_cluster(both, data.codes, groups).T
    freedom = data.y.size - full.shape[1]
    if freedom <= 0:
        raise EstimationError("non restano gradi di libertà: più regressori che osservazioni")
    correction = groups / (groups - 1) * (data.y.size - 1) / freedom
    estimate = float(free @ outcome / square)
    return CoefficientParts(
        estimate, square, scores[0], scores[1], mix[0], mix[1], correction
    )  # fmt: skip


def _separated(X: FloatArray, contrast: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return a column whose coefficient is contrast' beta, and columns spanning the rest."""
    position = np.flatnonzero(contrast)
    if position.size == 1:
        column = X[:, position[0]] / contrast[position[0]]
        return column, np.delete(X, position[0], axis=1)
    # beta = contrast theta / |contrast|^2 + N gamma, N orthogonal to the contrast.
    scale = float(contrast @ contrast)
    _, _, vt = np.linalg.svd(contrast[None, :])
    return X @ contrast / scale, X @ vt[1:].T


def _orthonormal(X: FloatArray) -> FloatArray:
    if X.shape[1] == 0:
        return X
    scale = np.sqrt((X**2).sum(axis=0))
    u, s, _ = np.linalg.svd(X / np.where(scale > 0, scale, 1.0), full_matrices=False)
    result: FloatArray = u[:, s > _RANK * s[0]]
    return result


def _by_cluster(rows: FloatArray, codes: IntArray, groups: int) -> FloatArray:
    starts = np.searchsorted(codes, np.arange(groups))
    result: FloatArray = np.add.reduceat(rows, starts, axis=0)
    return result


def _dummies(effect: Any, rows: int) -> FloatArray:
    names, codes = labels(effect, "effetti fissi")
    if codes.size != rows:
        raise EstimationError("effetti fissi: lunghezza diversa dalle righe")
    result: FloatArray = (codes[:, None] == np.arange(names.size)).astype(np.float64)
    return result
