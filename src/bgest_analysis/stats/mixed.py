"""Persons inside Ambiti: how much of the variation lies between them.

Random-intercept models by profile likelihood on one parameter, exact for any sizes; intraclass
correlation with an interval; general linear mixed models through statsmodels. With few groups
the intervals are wide, and a between variance of zero is an answer. Sources: Searle, Casella and
McCulloch (1992); Searle (1971) for the exact F interval; Thomas and Hultquist (1978) for unequal
sizes; Laird and Ware (1982).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike
from scipy import optimize, stats
from statsmodels.regression.mixed_linear_model import MixedLM

from bgest_analysis.errors import EstimationError
from bgest_analysis.stats.checks import (
    FloatArray,
    IntArray,
    Labels,
    choice,
    confidence,
    labels,
    matrix,
    same_length,
    vector,
)
from bgest_analysis.stats.intervals import Interval, scalar_or_array

Profile = Callable[[float], float]


@dataclass(frozen=True, slots=True)
class RandomIntercept:
    """A linear model with one intercept per group.

    Attributes
    ----------
    coefficient, std_error
        Fixed effects (constant first when none was given), outcome units.
    between, within
        Variance of the group intercepts and of the residuals, squared outcome units.
    icc, icc_low, icc_high
        between / (between + within), 0 to 1, with its profile-likelihood interval.
    groups, effect, effect_error
        Labels, predicted intercepts (shrunken) and their prediction errors.
    p_between
        p-value of no variance between groups (likelihood ratio, half chi-square).
    log_likelihood
        Restricted when `method` is ``"reml"``.
    method, level
        ``"reml"`` or ``"ml"``; confidence level.
    """

    coefficient: FloatArray
    std_error: FloatArray
    between: float
    within: float
    icc: float
    icc_low: float
    icc_high: float
    groups: Labels
    effect: FloatArray
    effect_error: FloatArray
    p_between: float
    log_likelihood: float
    method: str
    level: float


@dataclass(frozen=True, slots=True)
class LinearMixed:
    """A linear mixed model with any random slopes (statsmodels `MixedLM`).

    Attributes
    ----------
    coefficient, std_error
        Fixed effects; normal approximation, no Satterthwaite degrees of freedom.
    random_covariance
        Covariance of the random effects of a group.
    residual_variance
        Residual variance.
    log_likelihood
        Restricted when REML; -2 times it is lme4's REML criterion.
    """

    coefficient: FloatArray
    std_error: FloatArray
    random_covariance: FloatArray
    residual_variance: float
    log_likelihood: float


def random_intercept(
    outcome: ArrayLike,
    groups: Any,
    covariates: ArrayLike | None = None,
    method: str = "reml",
    level: float = 0.95,
) -> RandomIntercept:
    """Return the random-intercept model of `outcome` by group.

    `covariates` is n x k without constant (one is added). The likelihood is profiled over
    lambda = between / within: y and X are quasi-demeaned by 1 - 1/root(1 + n_g lambda).

    Raises
    ------
    EstimationError
        If there are fewer than two groups, no group has two members, or nothing varies.
    """
    choice(method, ("reml", "ml"), "metodo")
    y, X, codes, names = _grouped(outcome, groups, covariates)
    size = np.bincount(codes).astype(np.float64)
    restricted = method == "reml"

    def profile(ratio: float) -> float:
        return _profile(y, X, codes, size, ratio, restricted)[0]

    ratio = _best_ratio(profile)
    value, beta, within, inverse = _profile(y, X, codes, size, ratio, restricted)
    low, high = _ratio_interval(profile, ratio, value, confidence(level))
    shrink = ratio * size / (1 + ratio * size)
    gap = np.bincount(codes, y - X @ beta) / size
    between = ratio * within
    test = max(0.0, 2 * (value - profile(0.0)))
    return RandomIntercept(
        beta, np.sqrt(np.diag(inverse) * within), between, within, _share(ratio), _share(low),
        _share(high), names, shrink * gap, np.sqrt(between * (1 - shrink)),
        0.5 * float(stats.chi2.sf(test, 1)) if ratio > 0 else 1.0, value, method, level,
    )  # fmt: skip


def icc_anova(outcome: ArrayLike, groups: Any, level: float = 0.95) -> Interval:
    """Return the one-way ANOVA intraclass correlation with Searle's F interval.

    Exact with equal sizes; with unequal ones the harmonic mean of the sizes is used for the ends
    (Thomas and Hultquist 1978) and n0 for the value. Ends are cut at [0, 1]; the value may be
    negative, which says less variation between groups than chance alone gives.

    Raises
    ------
    EstimationError
        If there are fewer than two groups, or no group has two members.
    """
    y, _, codes, names = _grouped(outcome, groups, None)
    size = np.bincount(codes).astype(np.float64)
    means = np.bincount(codes, y) / size
    df = (names.size - 1, y.size - names.size)
    between = float((size * (means - y.mean()) ** 2).sum()) / df[0]
    within = float(((y - means[codes]) ** 2).sum()) / df[1]
    if within == 0:
        raise EstimationError("ICC: dentro i gruppi non c'è variazione")
    n0 = (y.size - (size**2).sum() / y.size) / df[0]
    value = (between - within) / (between + (n0 - 1) * within)
    m = 1 / float((1 / size).mean())
    spread = m * float(((means - means.mean()) ** 2).sum()) / df[0]
    tail = (1 - confidence(level)) / 2
    ends = [
        (ratio - 1) / (ratio + m - 1)
        for ratio in (spread / within / stats.f.isf(p, *df) for p in (tail, 1 - tail))
    ]
    low, high = (scalar_or_array(np.clip(end, 0.0, 1.0)) for end in ends)
    return Interval(scalar_or_array(np.asarray(value)), low, high, level, "anova", "ICC")


def linear_mixed(
    outcome: ArrayLike,
    design: ArrayLike,
    groups: Any,
    random_design: ArrayLike | None = None,
    method: str = "reml",
) -> LinearMixed:
    """Return a linear mixed model with random effects of `random_design` by group.

    `design` and `random_design` include a constant when wanted; by default a random intercept.

    Raises
    ------
    EstimationError
        If the fit does not converge.
    """
    choice(method, ("reml", "ml"), "metodo")
    y, X = vector(outcome, "esito"), matrix(design, "regressori")
    Z = np.ones((y.size, 1)) if random_design is None else matrix(random_design, "casuali")
    _, codes = labels(groups, "gruppi")
    same_length(esito=y, regressori=X, casuali=Z, gruppi=codes)
    fit = MixedLM(y, X, codes, exog_re=Z).fit(reml=method == "reml", method=["lbfgs", "powell"])
    if not fit.converged:
        raise EstimationError("modello misto: la stima non converge")
    k = X.shape[1]
    return LinearMixed(
        np.asarray(fit.fe_params), np.asarray(fit.bse_fe)[:k], np.asarray(fit.cov_re),
        float(fit.scale), float(fit.llf),
    )  # fmt: skip


def _grouped(
    outcome: ArrayLike, groups: Any, covariates: ArrayLike | None
) -> tuple[FloatArray, FloatArray, IntArray, Labels]:
    y = vector(outcome, "esito", 3)
    names, codes = labels(groups, "gruppi")
    X = np.ones((y.size, 1))
    if covariates is not None:
        X = np.column_stack([X, matrix(covariates, "covariate")])
    same_length(esito=y, gruppi=codes, covariate=X)
    if names.size < 2 or names.size == y.size or np.ptp(y) == 0:
        raise EstimationError("gruppi: ne servono due, uno almeno con due casi, ed esiti diversi")
    if np.linalg.matrix_rank(X) < X.shape[1] or y.size <= X.shape[1] + 1:
        raise EstimationError("covariate collineari o troppe per i casi")
    return y, X, codes, names


def _profile(
    y: FloatArray,
    X: FloatArray,
    codes: IntArray,
    size: FloatArray,
    ratio: float,
    restricted: bool,
) -> tuple[float, FloatArray, float, FloatArray]:
    """Return log-likelihood, beta, residual variance and (X'V^-1X)^-1 at lambda = `ratio`."""
    theta = (1 - 1 / np.sqrt(1 + size * ratio))[codes]
    table = np.column_stack([y, X])
    means = np.column_stack([np.bincount(codes, column) for column in table.T]) / size[:, None]
    moved = table - theta[:, None] * means[codes]
    target, rows = moved[:, 0], moved[:, 1:]
    square = rows.T @ rows
    inverse = np.asarray(np.linalg.inv(square), dtype=np.float64)
    beta = inverse @ (rows.T @ target)
    gap = target - rows @ beta
    freedom = y.size - (X.shape[1] if restricted else 0)
    variance = float(gap @ gap) / freedom
    value = -0.5 * freedom * (np.log(2 * np.pi * variance) + 1) - 0.5 * np.log1p(size * ratio).sum()
    if restricted:
        value -= 0.5 * np.linalg.slogdet(square)[1]
    return float(value), beta, variance, inverse


def _best_ratio(profile: Profile) -> float:
    grid = np.concatenate([[0.0], np.geomspace(1e-6, 1e4, 81)])
    values = [profile(ratio) for ratio in grid]
    best = int(np.argmax(values))
    if best == 0:
        return 0.0
    low, high = np.log(grid[max(best - 1, 1)]), np.log(grid[min(best + 1, 81)])
    found = optimize.minimize_scalar(
        lambda t: -profile(np.exp(t)), bounds=(low, high), method="bounded",
        options={"xatol": 1e-10},
    )  # fmt: skip
    return float(np.exp(found.x)) if -found.fun > values[0] else 0.0


def _ratio_interval(
    profile: Profile, ratio: float, value: float, level: float
) -> tuple[float, float]:
    limit = value - 0.5 * stats.chi2.ppf(level, 1)

    def gap(log_ratio: float) -> float:
        return float(profile(np.exp(log_ratio)) - limit)

    centre = np.log(max(ratio, 1e-9))
    low = 0.0 if profile(0.0) >= limit else np.exp(optimize.brentq(gap, -25.0, centre))
    top = max(centre, -10.0)
    while gap(top) > 0 and top < 25:
        top += 1.0
    start = centre if gap(centre) > 0 else -25.0
    high = float("inf") if gap(top) > 0 else float(np.exp(optimize.brentq(gap, start, top)))
    return float(low), high


def _share(ratio: float) -> float:
    return 1.0 if np.isinf(ratio) else ratio / (1 + ratio)
