"""Ordered answers of persons inside groups: cumulative logit with one intercept per group.

P(Y <= k) = 1 / (1 + exp(-(theta_k - x'beta - u_g))), u_g ~ N(0, sigma^2) (Hedeker and Gibbons
1994; Christensen's `ordinal::clmm`). The integral over u is adaptive Gauss-Hermite around each
group's mode. Two categories give the binary random-intercept logit.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike
from scipy import optimize, special, stats

from bgest_analysis.errors import EstimationError
from bgest_analysis.stats.checks import (
    FloatArray,
    IntArray,
    Labels,
    confidence,
    labels,
    matrix,
    same_length,
)

_SMALLEST = 1e-300


@dataclass(frozen=True, slots=True)
class OrdinalMixed:
    """A cumulative logit model with random group intercepts.

    Attributes
    ----------
    thresholds, threshold_error
        Cuts between categories on the logit scale, at x = 0 and u = 0.
    coefficient, std_error, p_value, low, high
        Log odds of a higher answer per unit of each covariate; normal approximation.
    sigma, sigma_low, sigma_high
        Standard deviation of the group intercepts (logit scale), interval on the log scale
        unless it is 0.
    icc
        sigma^2 / (sigma^2 + pi^2 / 3): share of latent variance between groups.
    groups, effect, effect_error
        Labels, mode of each intercept and its curvature error.
    categories
        Labels of the answers, in order.
    log_likelihood, p_between, level
        At the maximum; p-value of no variance between groups (half chi-square); level.
    """

    thresholds: FloatArray
    threshold_error: FloatArray
    coefficient: FloatArray
    std_error: FloatArray
    p_value: FloatArray
    low: FloatArray
    high: FloatArray
    sigma: float
    sigma_low: float
    sigma_high: float
    icc: float
    groups: Labels
    effect: FloatArray
    effect_error: FloatArray
    categories: Labels
    log_likelihood: float
    p_between: float
    level: float


@dataclass(frozen=True, slots=True)
class _Cells:
    """Distinct (group, answer, covariates) with how many persons have them."""

    group: IntArray
    answer: IntArray
    X: FloatArray
    count: FloatArray
    groups: int
    cuts: int


def ordinal_mixed(
    answer: Any,
    groups: Any,
    covariates: ArrayLike | None = None,
    categories: Sequence[Any] | None = None,
    points: int = 11,
    level: float = 0.95,
) -> OrdinalMixed:
    """Return the cumulative logit model of ordered answers with group intercepts.

    Parameters
    ----------
    answer
        Ordered labels, one per person.
    groups
        Label of each person's group.
    covariates
        Persons x k, without constant.
    categories
        All answers in their order; default: those seen, sorted.
    points
        Quadrature points; 1 is the Laplace approximation.

    Raises
    ------
    EstimationError
        If there are fewer than two answers or groups, an unknown answer, or no convergence.
    """
    names, codes = labels(groups, "gruppi")
    order, place = _ordered(answer, categories)
    X = np.zeros((codes.size, 0)) if covariates is None else matrix(covariates, "covariate")
    same_length(risposte=place, gruppi=codes, covariate=X)
    if names.size < 2 or order.size < 2:
        raise EstimationError("modello ordinale: servono due gruppi e due risposte diverse")
    if X.shape[1] and np.linalg.matrix_rank(X - X.mean(axis=0)) < X.shape[1]:
        raise EstimationError("modello ordinale: covariate collineari o costanti")
    cells = _collapse(codes, place, X, names.size, order.size - 1)
    fixed = _maximise(lambda p: _log_likelihood(p, None, cells, 1), _start(cells))
    full = _maximise(
        lambda p: _log_likelihood(p[:-1], float(np.exp(p[-1])), cells, points),
        np.append(fixed.x, np.log(0.5)),
    )
    return _assemble(fixed, full, cells, names, order, points, confidence(level))


def _assemble(
    fixed: Any,
    full: Any,
    cells: _Cells,
    names: Labels,
    order: Labels,
    points: int,
    level: float,
) -> OrdinalMixed:
    flat = -full.fun <= -fixed.fun + 1e-7 or np.exp(full.x[-1]) < 1e-4
    parameters = fixed.x if flat else full.x[:-1]
    sigma = 0.0 if flat else float(np.exp(full.x[-1]))
    covariance = _covariance(parameters, None if flat else full.x[-1], cells, points)
    k = cells.X.shape[1]
    cuts, beta = _unpacked(parameters, cells)
    jacobian = np.tril(np.ones((cells.cuts, cells.cuts)))
    jacobian[:, 1:] *= np.exp(parameters[1 : cells.cuts])
    error = np.sqrt(np.diag(covariance))
    beta_error = error[cells.cuts : cells.cuts + k]
    cut_error = np.sqrt(np.diag(jacobian @ covariance[: cells.cuts, : cells.cuts] @ jacobian.T))
    z = float(stats.norm.isf((1 - level) / 2))
    spread = 0.0 if flat else z * float(error[-1])
    mode, curve = _modes(cuts, beta, max(sigma, 1e-8), cells)
    gain = max(0.0, 2 * (-full.fun + fixed.fun))
    return OrdinalMixed(
        cuts, cut_error, beta, beta_error,
        2 * stats.norm.sf(np.abs(beta / beta_error)), beta - z * beta_error, beta + z * beta_error,
        sigma, sigma * float(np.exp(-spread)), sigma * float(np.exp(spread)),
        sigma**2 / (sigma**2 + np.pi**2 / 3), names, mode, 1 / np.sqrt(curve), order,
        float(max(-full.fun, -fixed.fun)), 1.0 if flat else 0.5 * float(stats.chi2.sf(gain, 1)),
        level,
    )  # fmt: skip


def _ordered(answer: Any, categories: Sequence[Any] | None) -> tuple[Labels, IntArray]:
    seen, codes = labels(answer, "risposte")
    if categories is None:
        return seen, codes
    position = {label: place for place, label in enumerate(categories)}
    if any(label not in position for label in seen.tolist()):
        raise EstimationError("modello ordinale: una risposta non è tra le categorie")
    kept = [label for label in categories if label in set(seen.tolist())]
    place = np.array([kept.index(label) for label in seen.tolist()])
    return np.asarray(kept), place[codes]


def _collapse(codes: IntArray, place: IntArray, X: FloatArray, groups: int, cuts: int) -> _Cells:
    rows, count = np.unique(np.column_stack([codes, place, X]), axis=0, return_counts=True)
    return _Cells(
        rows[:, 0].astype(np.int64), rows[:, 1].astype(np.int64), rows[:, 2:],
        count.astype(np.float64), groups, cuts,
    )  # fmt: skip


def _start(cells: _Cells) -> FloatArray:
    share = np.bincount(cells.answer, cells.count, cells.cuts + 1) / cells.count.sum()
    cuts = special.logit(np.clip(np.cumsum(share)[:-1], 1e-6, 1 - 1e-6))
    steps = np.log(np.maximum(np.diff(cuts), 1e-3))
    return np.concatenate([cuts[:1], steps, np.zeros(cells.X.shape[1])])


def _unpacked(parameters: FloatArray, cells: _Cells) -> tuple[FloatArray, FloatArray]:
    steps = np.exp(np.clip(parameters[1 : cells.cuts], -30, 30))
    cuts = parameters[0] + np.concatenate([[0.0], np.cumsum(steps)])
    return cuts, parameters[cells.cuts :]


def _maximise(function: Any, start: FloatArray) -> Any:
    found = optimize.minimize(
        lambda p: -function(p), start, method="BFGS", options={"gtol": 1e-5, "maxiter": 500}
    )
    if not np.isfinite(found.fun):
        raise EstimationError("modello ordinale: la stima non converge")
    return found


def _log_likelihood(
    parameters: FloatArray, sigma: float | None, cells: _Cells, points: int
) -> float:
    cuts, beta = _unpacked(parameters, cells)
    if sigma is None:
        return float(cells.count @ np.log(_probability(cuts, cells.X @ beta, cells)))
    mode, curve = _modes(cuts, beta, sigma, cells)
    node, weight = np.polynomial.hermite.hermgauss(points)
    spread = np.sqrt(2 / curve)
    u = mode[:, None] + spread[:, None] * node
    linear = (cells.X @ beta)[:, None] + u[cells.group]
    terms = cells.count[:, None] * np.log(_probability(cuts, linear, cells))
    joint = np.zeros(u.shape)
    np.add.at(joint, cells.group, terms)
    joint += stats.norm.logpdf(u, scale=sigma) + node**2 + np.log(weight)
    return float((special.logsumexp(joint, axis=1) + np.log(spread)).sum())


def _ends(cuts: FloatArray, cells: _Cells) -> tuple[FloatArray, FloatArray]:
    edges = np.concatenate([[-np.inf], cuts, [np.inf]])
    return edges[cells.answer], edges[cells.answer + 1]


def _probability(cuts: FloatArray, linear: FloatArray, cells: _Cells) -> FloatArray:
    low, high = _ends(cuts, cells)
    if linear.ndim == 2:
        low, high = low[:, None], high[:, None]
    found = special.expit(high - linear) - special.expit(low - linear)
    result: FloatArray = np.maximum(found, _SMALLEST)
    return result


def _modes(
    cuts: FloatArray, beta: FloatArray, sigma: float, cells: _Cells
) -> tuple[FloatArray, FloatArray]:
    """Return the mode of each group's intercept and minus the second derivative there."""
    linear = cells.X @ beta
    low, high = _ends(cuts, cells)
    u = np.zeros(cells.groups)
    curve = np.full(cells.groups, 1 / sigma**2)
    for _ in range(50):
        above = special.expit(high - linear - u[cells.group])
        below = special.expit(low - linear - u[cells.group])
        # d log p / du = above + below - 1, and minus its derivative is the sum of the variances.
        slope = np.bincount(cells.group, cells.count * (above + below - 1), cells.groups)
        bend = above * (1 - above) + below * (1 - below)
        curve = np.bincount(cells.group, cells.count * bend, cells.groups) + 1 / sigma**2
        step = (slope - u / sigma**2) / curve
        u = u + np.clip(step, -3, 3)
        if np.abs(step).max() < 1e-10:
            break
    return u, curve


def _covariance(
    parameters: FloatArray, log_sigma: float | None, cells: _Cells, points: int
) -> FloatArray:
    """Return the inverse of the observed information, by central differences."""
    centre = parameters if log_sigma is None else np.append(parameters, log_sigma)

    def value(p: FloatArray) -> float:
        if log_sigma is None:
            return _log_likelihood(p, None, cells, points)
        return _log_likelihood(p[:-1], float(np.exp(p[-1])), cells, points)

    size = centre.size
    step = 1e-4 * np.maximum(np.abs(centre), 1.0)
    hessian = np.empty((size, size))
    for i in range(size):
        for j in range(i, size):
            a, b = np.eye(size)[i] * step[i], np.eye(size)[j] * step[j]
            corner = value(centre + a + b) - value(centre + a - b)
            corner += value(centre - a - b) - value(centre - a + b)
            hessian[i, j] = hessian[j, i] = corner / (4 * step[i] * step[j])
    if np.linalg.eigvalsh(-hessian).min() <= 0:
        raise EstimationError("modello ordinale: i dati non bastano a stimarlo")
    return np.asarray(np.linalg.inv(-hessian), dtype=np.float64)
