"""The Fay-Herriot area model: direct estimates improved with what the areas have in common.

y_i = x_i' beta + u_i + e_i, var(u_i) = A unknown, var(e_i) = D_i known. Sources: Fay and Herriot
(1979); Prasad and Rao (1990); Datta and Lahiri (2000); Rao and Molina (2015), chapter 6. The
numbers agree with R's `sae::mseFH`. A variance of zero is an answer: areas differ no more than
their sampling errors, and every area gets its regression estimate.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy import optimize

from bgest_analysis.errors import EstimationError
from bgest_analysis.stats.checks import FloatArray, choice, matrix, positive, same_length, vector

METHODS = ("reml", "ml", "fh", "prasad_rao")


@dataclass(frozen=True, slots=True)
class FayHerriot:
    """Area estimates of the Fay-Herriot model, in the unit of the direct estimates.

    Attributes
    ----------
    estimate
        Empirical best predictor of each area.
    mse
        Its mean squared error (Prasad-Rao, with the term for estimating the variance).
    synthetic
        Regression part, x'beta, of each area.
    weight
        Share of the direct estimate in `estimate`, 0 to 1.
    coefficient, std_error
        Regression coefficients and their errors, one per column of the covariates.
    variance
        Between-area variance A; 0 is an answer.
    log_likelihood
        Maximised (restricted for REML) log-likelihood; at the estimate for moment methods.
    method
        ``"reml"``, ``"ml"``, ``"fh"`` or ``"prasad_rao"``.
    """

    estimate: FloatArray
    mse: FloatArray
    synthetic: FloatArray
    weight: FloatArray
    coefficient: FloatArray
    std_error: FloatArray
    variance: float
    log_likelihood: float
    method: str


def fay_herriot(
    direct: ArrayLike,
    sampling_variance: ArrayLike,
    covariates: ArrayLike | None = None,
    method: str = "reml",
) -> FayHerriot:
    """Return empirical best predictors of small areas with their mean squared errors.

    Parameters
    ----------
    direct
        Direct estimate of each area.
    sampling_variance
        Known variance of each direct estimate (square of its standard error), above 0.
    covariates
        Areas x p, constant included when wanted; default: a constant alone.
    method
        How A is estimated: ``reml``, ``ml``, ``fh`` (Fay and Herriot's moment equation) or
        ``prasad_rao`` (their simple moment estimator).

    Raises
    ------
    EstimationError
        If there are no more areas than covariates, or covariates are collinear.
    """
    choice(method, METHODS, "metodo")
    y, d = vector(direct, "stime"), positive(vector(sampling_variance, "varianze"), "varianze")
    X = np.ones((y.size, 1)) if covariates is None else matrix(covariates, "covariate")
    same_length(stime=y, varianze=d, covariate=X)
    if y.size <= X.shape[1] or np.linalg.matrix_rank(X) < X.shape[1]:
        raise EstimationError(
            "Fay-Herriot: {aree} aree non bastano per {colonne} covariate, o sono collineari",
            aree=int(y.size),
            colonne=int(X.shape[1]),
        )
    return _assemble(y, d, X, _variance(y, d, X, method), method)


def _assemble(
    y: FloatArray, d: FloatArray, X: FloatArray, variance: float, method: str
) -> FayHerriot:
    beta, covariance = _regression(y, d, X, variance)
    synthetic = X @ beta
    weight = variance / (variance + d)
    leverage = np.einsum("ij,jk,ik->i", X, covariance, X)
    mse = _mean_squared_error(d, X, variance, weight, leverage, method)
    value = _log_likelihood(y, d, X, variance, method == "reml")
    return FayHerriot(
        synthetic + weight * (y - synthetic), mse, synthetic, weight, beta,
        np.sqrt(np.diag(covariance)), variance, value, method,
    )  # fmt: skip


def _mean_squared_error(
    d: FloatArray,
    X: FloatArray,
    variance: float,
    weight: FloatArray,
    leverage: FloatArray,
    method: str,
) -> FloatArray:
    """Return g1 + g2 + 2 g3, less the bias term of ML and FH (Datta and Lahiri 2000)."""
    total = variance + d
    information = (1 / total**2).sum()
    asymptotic = {
        "reml": 2 / information,
        "ml": 2 / information,
        "fh": 2 * d.size / (1 / total).sum() ** 2,
        "prasad_rao": 2 * (total**2).sum() / d.size**2,
    }[method]
    g1, g2 = weight * d, (1 - weight) ** 2 * leverage
    g3 = (1 - weight) ** 2 / total * asymptotic
    result: FloatArray = g1 + g2 + 2 * g3 - _variance_bias(X, total, method) * (1 - weight) ** 2
    return result


def _variance_bias(X: FloatArray, total: FloatArray, method: str) -> float:
    if method == "ml":
        inner = np.linalg.inv(X.T @ (X / total[:, None]))
        trace = np.trace(inner @ (X.T @ (X / total[:, None] ** 2)))
        return float(-trace / (1 / total**2).sum())
    if method == "fh":
        first, second = (1 / total).sum(), (1 / total**2).sum()
        return float(2 * (total.size * second - first**2) / first**3)
    return 0.0


def _regression(
    y: FloatArray, d: FloatArray, X: FloatArray, variance: float
) -> tuple[FloatArray, FloatArray]:
    weighted = X / (variance + d)[:, None]
    covariance = np.asarray(np.linalg.inv(X.T @ weighted), dtype=np.float64)
    return covariance @ (weighted.T @ y), covariance


def _log_likelihood(
    y: FloatArray, d: FloatArray, X: FloatArray, variance: float, restricted: bool
) -> float:
    beta, covariance = _regression(y, d, X, variance)
    total = variance + d
    gap = y - X @ beta
    value = -0.5 * (np.log(total).sum() + (gap**2 / total).sum() + y.size * np.log(2 * np.pi))
    if restricted:
        value += 0.5 * np.linalg.slogdet(covariance)[1] + 0.5 * X.shape[1] * np.log(2 * np.pi)
    return float(value)


def _variance(y: FloatArray, d: FloatArray, X: FloatArray, method: str) -> float:
    if method == "prasad_rao":
        return _prasad_rao_variance(y, d, X)
    gap = y - X @ np.linalg.lstsq(X, y, rcond=None)[0]
    top = 10 * float(gap @ gap) / (y.size - X.shape[1]) + 1e-12
    if method == "fh":
        return _moment_variance(y, d, X, top)
    return _likelihood_variance(y, d, X, top, method == "reml")


def _likelihood_variance(
    y: FloatArray, d: FloatArray, X: FloatArray, top: float, restricted: bool
) -> float:
    """Return the A of largest likelihood over [0, top]: grid, then bounded search."""
    grid = np.concatenate([[0.0], np.geomspace(1e-8 * top, top, 120)])
    values = np.array([_log_likelihood(y, d, X, a, restricted) for a in grid])
    best = int(values.argmax())
    low, high = grid[max(best - 1, 0)], grid[min(best + 1, grid.size - 1)]
    found = optimize.minimize_scalar(
        lambda a: -_log_likelihood(y, d, X, a, restricted),
        bounds=(low, high),
        method="bounded",
        options={"xatol": 1e-13 * top},
    )
    return float(found.x) if -found.fun > values[0] else 0.0


def _moment_variance(y: FloatArray, d: FloatArray, X: FloatArray, top: float) -> float:
    def excess(variance: float) -> float:
        gap = y - X @ _regression(y, d, X, variance)[0]
        return float((gap**2 / (variance + d)).sum() - (y.size - X.shape[1]))

    if excess(0.0) <= 0:
        return 0.0
    while excess(top) > 0:
        top *= 2
    return float(optimize.brentq(excess, 0.0, top, xtol=1e-15, rtol=1e-14))


def _prasad_rao_variance(y: FloatArray, d: FloatArray, X: FloatArray) -> float:
    hat = X @ np.linalg.inv(X.T @ X) @ X.T
    gap = y - hat @ y
    freedom = y.size - X.shape[1]
    return max(0.0, float((gap @ gap - (d * (1 - np.diag(hat))).sum()) / freedom))
