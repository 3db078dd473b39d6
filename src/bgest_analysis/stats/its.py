"""Interrupted time series: what changed when something happened, with errors that know of time.

Segmented regression (Wagner et al. 2002; Bernal, Cummins and Gasparrini 2017): for every
interruption a change of level and a change of slope. Errors are Newey-West (1987) with the lag
always stated, no prewhitening, small-sample factor n/(n - k) and t quantiles: programs differ in
these by up to 18%. `ar1_regression` is the exact likelihood (Beach and MacKinnon 1978).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import ArrayLike
from scipy import optimize, stats
from statsmodels.genmod import families
from statsmodels.genmod.generalized_linear_model import GLM
from statsmodels.regression.linear_model import OLS

from bgest_analysis.errors import EstimationError
from bgest_analysis.stats.checks import (
    BoolArray,
    FloatArray,
    choice,
    confidence,
    flags,
    matrix,
    non_negative,
    positive,
    same_length,
    vector,
)

FAMILIES = ("gaussian", "poisson")


@dataclass(frozen=True, slots=True)
class SegmentedRegression:
    """A segmented regression of a series; coefficients in the order of `names`.

    Attributes
    ----------
    names
        ``"costante"``, ``"tendenza"``, ``"livello_1"``, ``"pendenza_1"``, ..., ``"stagione_2"``,
        ..., ``"termine_1"``, ...
    coefficient, std_error, p_value, low, high
        Outcome units (gaussian) or log of the rate (poisson) per period; Newey-West errors.
    fitted, counterfactual
        Expected value at every period, and without any interruption; outcome units.
    used
        Periods that entered the fit.
    residual_autocorrelation
        Correlation of successive residuals of the fit.
    lags, df, level, family
        Newey-West lag, degrees of freedom, confidence level, model.
    """

    names: tuple[str, ...]
    coefficient: FloatArray
    std_error: FloatArray
    p_value: FloatArray
    low: FloatArray
    high: FloatArray
    fitted: FloatArray
    counterfactual: FloatArray
    used: FloatArray
    residual_autocorrelation: float
    lags: int
    df: float
    level: float
    family: str

    def position(self, name: str) -> int:
        """Return the position of the coefficient called `name`."""
        return self.names.index(name)


@dataclass(frozen=True, slots=True)
class RegressionHac:
    """Least squares with Newey-West errors, one element per column of the design.

    Attributes
    ----------
    coefficient, std_error, t, p_value, low, high
        Estimates, outcome units per unit of the regressor.
    covariance
        Their covariance.
    lags, df, level
        Newey-West lag, degrees of freedom of t, confidence level.
    """

    coefficient: FloatArray
    std_error: FloatArray
    t: FloatArray
    p_value: FloatArray
    low: FloatArray
    high: FloatArray
    covariance: FloatArray
    lags: int
    df: float
    level: float


@dataclass(frozen=True, slots=True)
class Ar1Regression:
    """A regression with first-order autoregressive errors, by exact maximum likelihood.

    Attributes
    ----------
    coefficient, std_error, low, high
        Outcome units per unit of the regressor; errors given phi.
    phi
        Autocorrelation of the errors, -1 to 1.
    sigma
        Standard deviation of the innovations (maximum likelihood).
    log_likelihood
        At the maximum.
    level
        Confidence level.
    """

    coefficient: FloatArray
    std_error: FloatArray
    low: FloatArray
    high: FloatArray
    phi: float
    sigma: float
    log_likelihood: float
    level: float


def segmented_regression(
    outcome: ArrayLike,
    interruptions: int | Sequence[int],
    *,
    lags: int,
    slopes: bool | Sequence[bool] = True,
    covariates: ArrayLike | None = None,
    season: int | None = None,
    exclude: ArrayLike | None = None,
    exposure: ArrayLike | None = None,
    family: str = "gaussian",
    level: float = 0.95,
    least: int = 4,
) -> SegmentedRegression:
    """Return the segmented regression of an equally spaced series.

    Parameters
    ----------
    outcome
        One value per period (month), counts for ``poisson``.
    interruptions
        Position(s) of the first period after each event (e.g. February 2022).
    lags
        Newey-West lag, stated by the caller; 0 = heteroskedasticity only.
    slopes
        Whether each interruption may also change the slope.
    covariates
        Periods x k of other terms (COVID-19 months, school calendar).
    season
        Length of the season in periods (12 for months): dummies for all but the first.
    exclude
        0/1 per period: left out of the fit, time goes on (e.g. lockdown months).
    exposure
        Denominator of each period, for ``poisson``.
    least
        Fewest used periods in each segment.

    Raises
    ------
    EstimationError
        If the series never varies, a segment is too short, terms are collinear, or lags do not
        fit the series.
    """
    choice(family, FAMILIES, "famiglia")
    y = vector(outcome, "serie", 4)
    events = [interruptions] if isinstance(interruptions, int | np.integer) else [*interruptions]
    bend = [slopes] * len(events) if isinstance(slopes, bool) else [*slopes]
    used = np.ones(y.size, dtype=bool) if exclude is None else ~flags(exclude, "esclusi")
    same_length(serie=y, esclusi=used)
    _check_varies(y[used])
    _check_segments(events, used, least)
    names, X, event_columns = _design(y.size, events, bend, covariates, season)
    if np.linalg.matrix_rank(X[used]) < X.shape[1]:
        raise EstimationError("serie interrotta: termini collineari, o un termine senza periodi")
    _check_lags(lags, int(used.sum()), X.shape[1])
    base = None if exposure is None else positive(vector(exposure, "esposizione"), "esposizione")
    fit = _fit(y, X, used, lags, family, base)
    df = float(used.sum() - X.shape[1])
    half = stats.t.isf((1 - confidence(level)) / 2, df) * fit.bse
    without = X.copy()
    without[:, event_columns] = 0.0
    fitted, counterfactual = _expected(X @ fit.params, without @ fit.params, family, base)
    gap = (y - fitted)[used]
    return SegmentedRegression(
        names, fit.params, fit.bse, 2 * stats.t.sf(np.abs(fit.params / fit.bse), df),
        fit.params - half, fit.params + half, fitted, counterfactual,
        np.flatnonzero(used).astype(np.float64), _autocorrelation(gap), lags, df, level, family,
    )  # fmt: skip


def newey_west(
    outcome: ArrayLike,
    design: ArrayLike,
    lags: int,
    level: float = 0.95,
    small_sample: bool = True,
) -> RegressionHac:
    """Return least squares with Newey-West errors (Bartlett weights, no prewhitening).

    `design` is n x k, constant included when wanted; `small_sample` multiplies the covariance by
    n/(n - k), as R's `NeweyWest(adjust = TRUE, prewhite = FALSE)`.

    Raises
    ------
    EstimationError
        If columns are collinear or lags do not fit the series.
    """
    y, X = vector(outcome, "serie", 3), matrix(design, "regressori")
    n = same_length(serie=y, regressori=X)
    _check_varies(y)
    if np.linalg.matrix_rank(X) < X.shape[1]:
        raise EstimationError("regressori collineari")
    _check_lags(lags, n, X.shape[1])
    options = {"maxlags": lags, "use_correction": small_sample}
    fit = OLS(y, X).fit(cov_type="HAC", cov_kwds=options)
    df = float(n - X.shape[1])
    half = stats.t.isf((1 - confidence(level)) / 2, df) * fit.bse
    t = fit.params / fit.bse
    return RegressionHac(
        fit.params, fit.bse, t, 2 * stats.t.sf(np.abs(t), df), fit.params - half,
        fit.params + half, fit.cov_params(), lags, df, level,
    )  # fmt: skip


def ar1_regression(outcome: ArrayLike, design: ArrayLike, level: float = 0.95) -> Ar1Regression:
    """Return a regression with AR(1) errors by exact maximum likelihood over phi.

    The first observation keeps its stationary weight root(1 - phi^2) (Prais-Winsten rows); beta
    and sigma are profiled out.

    Raises
    ------
    EstimationError
        If columns are collinear or there are too few periods.
    """
    y, X = vector(outcome, "serie", 4), matrix(design, "regressori")
    n = same_length(serie=y, regressori=X)
    if np.linalg.matrix_rank(X) < X.shape[1] or n <= X.shape[1] + 1:
        raise EstimationError("serie con errori AR(1): pochi periodi, o regressori collineari")
    _check_varies(y)

    def loss(phi: float) -> float:
        return -_ar1_profile(y, X, phi)[0]

    grid = np.linspace(-0.99, 0.999, 200)
    best = int(np.argmin([loss(phi) for phi in grid]))
    span = (grid[max(best - 1, 0)], grid[min(best + 1, grid.size - 1)])
    phi = float(optimize.minimize_scalar(loss, bounds=span, method="bounded",
                                         options={"xatol": 1e-11}).x)  # fmt: skip
    value, beta, sigma, inverse = _ar1_profile(y, X, phi)
    error = np.sqrt(np.diag(inverse) * sigma**2 * n / (n - X.shape[1]))
    half = stats.t.isf((1 - confidence(level)) / 2, n - X.shape[1]) * error
    return Ar1Regression(beta, error, beta - half, beta + half, phi, sigma, value, level)


def _ar1_profile(
    y: FloatArray, X: FloatArray, phi: float
) -> tuple[float, FloatArray, float, FloatArray]:
    first = np.sqrt(1 - phi**2)
    rows = np.vstack([first * X[:1], X[1:] - phi * X[:-1]])
    target = np.concatenate([first * y[:1], y[1:] - phi * y[:-1]])
    inverse = np.linalg.inv(rows.T @ rows)
    beta = inverse @ (rows.T @ target)
    gap = target - rows @ beta
    variance = float(gap @ gap) / y.size
    value = -0.5 * y.size * (np.log(2 * np.pi * variance) + 1) + 0.5 * np.log(1 - phi**2)
    return float(value), beta, float(np.sqrt(variance)), np.asarray(inverse, dtype=np.float64)


def _design(
    n: int,
    events: Sequence[int],
    slopes: Sequence[bool],
    covariates: ArrayLike | None,
    season: int | None,
) -> tuple[tuple[str, ...], FloatArray, list[int]]:
    time = np.arange(n, dtype=np.float64)
    columns, names, event_columns = [np.ones(n), time], ["costante", "tendenza"], []
    for number, (event, slope) in enumerate(zip(events, slopes, strict=True), start=1):
        event_columns.append(len(columns))
        columns.append((time >= event).astype(np.float64))
        names.append(f"livello_{number}")
        if slope:
            event_columns.append(len(columns))
            columns.append(np.maximum(time - event, 0.0))
            names.append(f"pendenza_{number}")
    if season is not None:
        for phase in range(1, season):
            columns.append((time % season == phase).astype(np.float64))
            names.append(f"stagione_{phase + 1}")
    if covariates is not None:
        others = matrix(covariates, "covariate")
        same_length(serie=time, covariate=others)
        columns.extend(others.T)
        names.extend(f"termine_{position + 1}" for position in range(others.shape[1]))
    return tuple(names), np.column_stack(columns), event_columns


def _check_segments(events: Sequence[int], used: BoolArray, least: int) -> None:
    edges = [0, *sorted(events), used.size]
    for start, stop in pairwise(edges):
        if used[start:stop].sum() < least:
            raise EstimationError(
                "serie interrotta: un tratto ha {numero} periodi, ne servono almeno {minimo}",
                numero=int(used[start:stop].sum()),
                minimo=least,
            )


def _check_varies(y: FloatArray) -> None:
    if np.ptp(y) == 0:
        raise EstimationError("la serie ha sempre lo stesso valore: non c'è niente da stimare")


def _check_lags(lags: int, n: int, k: int) -> None:
    if lags < 0 or lags >= n - 1 or n <= k:
        raise EstimationError(
            "{periodi} periodi non bastano per {termini} termini e {ritardi} ritardi",
            periodi=n,
            termini=k,
            ritardi=lags,
        )


def _fit(
    y: FloatArray,
    X: FloatArray,
    used: BoolArray,
    lags: int,
    family: str,
    base: FloatArray | None,
) -> Any:
    options = {"maxlags": lags, "use_correction": True}
    if family == "gaussian":
        return OLS(y[used], X[used]).fit(cov_type="HAC", cov_kwds=options)
    non_negative(y, "serie")
    if y[used].sum() == 0:
        raise EstimationError("serie di conteggi: nessun evento")
    offset = None if base is None else np.log(base[used])
    model = GLM(y[used], X[used], family=families.Poisson(), offset=offset)
    return model.fit(cov_type="HAC", cov_kwds=options)


def _expected(
    linear: FloatArray, without: FloatArray, family: str, base: FloatArray | None
) -> tuple[FloatArray, FloatArray]:
    if family == "gaussian":
        return linear, without
    scale = 1.0 if base is None else base
    return np.exp(linear) * scale, np.exp(without) * scale


def _autocorrelation(gap: FloatArray) -> float:
    total = float(gap @ gap)
    return float(gap[1:] @ gap[:-1]) / total if total > 0 else 0.0
