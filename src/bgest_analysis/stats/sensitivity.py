"""How strong a hidden cause would have to be to undo a result.

Rosenbaum (2002, Observational Studies, chapter 4): bounds on the signed-rank p-value when hidden
bias makes one of a pair up to Gamma times as likely to be treated. Cinelli and Hazlett (2020,
JRSS B 82:39): robustness value, bias-adjusted estimates and benchmarks for omitted variables.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy import optimize, stats

from bgest_analysis.errors import EstimationError
from bgest_analysis.stats.checks import FloatArray, IntArray, choice, matrix, same_length, vector
from bgest_analysis.stats.paired import rank_sum_distribution


@dataclass(frozen=True, slots=True)
class RosenbaumBounds:
    """Bounds on the one-sided p-value of the signed-rank test under hidden bias.

    Attributes
    ----------
    gamma
        Odds ratio of treatment within a pair, 1 = no hidden bias.
    p_low, p_high
        Smallest and largest p-value that bias of that size allows.
    breakdown
        Largest gamma at which p_high stays at or below alpha; 1 or less when even no bias does
        not, infinite when no bias could undo it.
    statistic, n
        Sum of the ranks of the positive differences; pairs with a difference.
    """

    gamma: FloatArray
    p_low: FloatArray
    p_high: FloatArray
    breakdown: float
    statistic: float
    n: int


@dataclass(frozen=True, slots=True)
class OmittedVariable:
    """Sensitivity of a regression coefficient to omitted variables.

    Attributes
    ----------
    estimate, std_error, t, df
        The coefficient and its classical inference.
    partial_r2
        Share of the residual variance of the outcome explained by the treatment, 0 to 1.
    robustness_value
        Share of residual variance of both treatment and outcome that a confounder must explain
        to bring the estimate to (1 - q) of itself, 0 to 1.
    robustness_value_alpha
        The same, to make it not significant at alpha.
    """

    estimate: float
    std_error: float
    t: float
    df: float
    partial_r2: float
    robustness_value: float
    robustness_value_alpha: float


@dataclass(frozen=True, slots=True)
class AdjustedEstimate:
    """A coefficient as it would be with a confounder of given strength.

    Attributes
    ----------
    r2_treatment, r2_outcome
        Partial R2 of the confounder with treatment and outcome, 0 to 1.
    estimate, std_error, t
        After adjustment (bias towards zero removed from the estimate's size).
    low, high
        Interval at 1 - alpha.
    """

    r2_treatment: float
    r2_outcome: float
    estimate: float
    std_error: float
    t: float
    low: float
    high: float


def rosenbaum_bounds(
    first: ArrayLike,
    second: ArrayLike | None = None,
    gamma: ArrayLike = (1.0, 1.25, 1.5, 2.0, 3.0),
    method: str = "normal",
    alpha: float = 0.05,
) -> RosenbaumBounds:
    """Return Rosenbaum's bounds for treated - control pairs (greater treated outcomes).

    Parameters
    ----------
    first, second
        Treated and control outcome of each pair, or the differences alone.
    gamma
        Sizes of hidden bias, 1 or more.
    method
        ``normal`` (as R's rbounds) or ``exact`` (convolution of the ranks).

    Raises
    ------
    EstimationError
        If fewer than two differences are not zero, or a gamma is below 1.
    """
    choice(method, ("normal", "exact"), "metodo")
    gap = vector(first, "differenze", 2)
    if second is not None:
        other = vector(second, "controlli", 2)
        same_length(trattati=gap, controlli=other)
        gap = gap - other
    gap, sizes = gap[gap != 0], np.atleast_1d(vector(np.atleast_1d(gamma), "gamma"))
    if gap.size < 2 or (sizes < 1).any():
        raise EstimationError("Rosenbaum: servono due differenze non nulle e gamma da 1 in su")
    ranks = stats.rankdata(np.abs(gap))
    observed = float(ranks[gap > 0].sum())

    def p(size: float) -> float:
        return _rank_p(ranks, observed, size / (1 + size), method)

    return RosenbaumBounds(
        sizes, np.array([p(1 / size) for size in sizes]), np.array([p(size) for size in sizes]),
        _breakdown(p, alpha), observed, int(gap.size),
    )  # fmt: skip


def _rank_p(ranks: FloatArray, observed: float, chance: float, method: str) -> float:
    if method == "exact":
        density = rank_sum_distribution(ranks, chance)
        return float(min(1.0, density[round(2 * observed) :].sum()))
    mean, variance = chance * ranks.sum(), chance * (1 - chance) * (ranks**2).sum()
    return float(stats.norm.sf((observed - mean) / np.sqrt(variance)))


def _breakdown(p: Callable[[float], float], alpha: float) -> float:
    if p(1e6) <= alpha:
        return float("inf")
    if p(1e-6) > alpha:
        return 0.0
    return float(np.exp(optimize.brentq(lambda g: p(np.exp(g)) - alpha, np.log(1e-6), np.log(1e6))))


def omitted_variable(
    estimate: float, std_error: float, df: float, q: float = 1.0, alpha: float = 0.05
) -> OmittedVariable:
    """Return partial R2 and robustness values from a coefficient, its error and residual df.

    f = q |t| / root(df); RV = (root(f^4 + 4 f^2) - f^2) / 2; for significance f is reduced by
    the critical t over root(df - 1) (Cinelli and Hazlett 2020, 4.1).

    Raises
    ------
    EstimationError
        If the error or the degrees of freedom leave nothing to test.
    """
    if std_error <= 0 or df <= 1 or not 0 < q <= 1:
        raise EstimationError("sensibilità: servono errore positivo, più di un grado di libertà")
    t = estimate / std_error
    f = q * abs(t) / float(np.sqrt(df))
    limit = float(stats.t.isf(alpha / 2, df - 1) / np.sqrt(df - 1))
    return OmittedVariable(
        estimate, std_error, t, df, t * t / (t * t + df), _robustness(f, 0.0),
        _robustness(f, limit),
    )  # fmt: skip


def omitted_variable_regression(
    outcome: ArrayLike,
    treatment: ArrayLike,
    covariates: ArrayLike,
    q: float = 1.0,
    alpha: float = 0.05,
) -> OmittedVariable:
    """Return `omitted_variable` of the treatment in least squares on treatment and covariates.

    `covariates` is n x k; a constant is added.

    Raises
    ------
    EstimationError
        If the treatment is collinear with the covariates.
    """
    y, d, X = _regression_input(outcome, treatment, covariates)
    found = _ols(y, np.column_stack([d, X]))
    return omitted_variable(found[0][0], found[1][0], found[2], q, alpha)


def adjusted_estimate(
    result: OmittedVariable, r2_treatment: float, r2_outcome: float, alpha: float = 0.05
) -> AdjustedEstimate:
    """Return the coefficient under a confounder with the two partial R2 given.

    bias = se root(df) root(r2_outcome r2_treatment / (1 - r2_treatment)).

    Raises
    ------
    EstimationError
        If an R2 is outside [0, 1), or 1 for the treatment.
    """
    if not (0 <= r2_treatment < 1 and 0 <= r2_outcome <= 1):
        raise EstimationError("sensibilità: R2 parziali fuori da [0, 1)")
    scale = np.sqrt(result.df) * result.std_error
    bias = scale * np.sqrt(r2_outcome * r2_treatment / (1 - r2_treatment))
    value = float(np.sign(result.estimate) * (abs(result.estimate) - bias))
    shrink = np.sqrt((1 - r2_outcome) / (1 - r2_treatment) * result.df / (result.df - 1))
    error = float(result.std_error * shrink)
    half = float(stats.t.isf(alpha / 2, result.df - 1)) * error
    t = value / error if error > 0 else float(np.copysign(np.inf, value))
    return AdjustedEstimate(
        r2_treatment, r2_outcome, value, error, t, value - half, value + half
    )  # fmt: skip


def benchmark(
    outcome: ArrayLike,
    treatment: ArrayLike,
    covariates: ArrayLike,
    column: int | Sequence[int],
    strength: float = 1.0,
    strength_outcome: float | None = None,
    alpha: float = 0.05,
) -> AdjustedEstimate:
    """Return the estimate under a confounder `strength` times as strong as a known covariate.

    `column` (or columns, taken as a group) of `covariates` is the benchmark; `strength_outcome`
    defaults to `strength`. Cinelli and Hazlett (2020), 4.4.

    Raises
    ------
    EstimationError
        If such a confounder would explain all of the treatment.
    """
    y, d, X = _regression_input(outcome, treatment, covariates)
    chosen = np.atleast_1d(column)
    k_outcome = strength if strength_outcome is None else strength_outcome
    with_d = _group_r2(d, X, chosen)
    with_y = _group_r2(y, np.column_stack([X, d]), chosen)
    r2_treatment = strength * with_d / (1 - with_d)
    if r2_treatment >= 1 or strength * with_d >= 1:
        raise EstimationError("un confondente così forte spiegherebbe tutto il trattamento")
    overlap = strength * with_d**2 / ((1 - strength * with_d) * (1 - with_d))
    if overlap >= 1:
        raise EstimationError("un confondente così forte non è possibile")
    factor = (np.sqrt(k_outcome) + np.sqrt(overlap)) / np.sqrt(1 - overlap)
    r2_outcome = min(1.0, float(factor**2 * with_y / (1 - with_y)))
    found = _ols(y, np.column_stack([d, X]))
    base = omitted_variable(found[0][0], found[1][0], found[2], alpha=alpha)
    return adjusted_estimate(base, float(r2_treatment), r2_outcome, alpha)


def _robustness(f: float, limit: float) -> float:
    left = f - limit
    if left <= 0:
        return 0.0
    if limit > 0 and f > 1 / limit:
        return (f * f - limit * limit) / (1 + f * f)
    return 0.5 * (float(np.sqrt(left**4 + 4 * left**2)) - left**2)


def _regression_input(
    outcome: ArrayLike, treatment: ArrayLike, covariates: ArrayLike
) -> tuple[FloatArray, FloatArray, FloatArray]:
    y, d = vector(outcome, "esito", 3), vector(treatment, "trattamento", 3)
    X = matrix(covariates, "covariate")
    same_length(esito=y, trattamento=d, covariate=X)
    return y, d, np.column_stack([X, np.ones(y.size)])


def _ols(y: FloatArray, X: FloatArray) -> tuple[FloatArray, FloatArray, float]:
    rank = np.linalg.matrix_rank(X)
    if np.linalg.matrix_rank(X[:, 1:]) == rank or y.size <= rank:
        raise EstimationError("sensibilità: trattamento collineare con le covariate")
    inverse = np.linalg.pinv(X.T @ X)
    beta = inverse @ X.T @ y
    gap = y - X @ beta
    df = float(y.size - rank)
    return beta, np.sqrt(np.diag(inverse) * float(gap @ gap) / df), df


def _group_r2(target: FloatArray, X: FloatArray, chosen: IntArray) -> float:
    """Return the partial R2 of some columns of X with `target` given the others."""
    others = np.delete(X, chosen, axis=1)
    full, short = (
        float(((target - Z @ np.linalg.lstsq(Z, target, rcond=None)[0]) ** 2).sum())
        for Z in (X, others)
    )
    return 1 - full / short
