"""Models of mediation that need rows: orientation by Ambito, and how alike the Ambiti become."""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
from scipy import stats
from statsmodels.miscmodels.ordinal_model import OrderedModel
from statsmodels.tools.sm_exceptions import ConvergenceWarning

from bgest_analysis.clean.derive import DERIVED
from bgest_analysis.errors import EstimationError
from bgest_analysis.impact.model import Estimator
from bgest_analysis.indicators.calendario import after_ukraine, in_covid
from bgest_analysis.indicators.interventi import INTEGRATED, done, with_clusters
from bgest_analysis.indicators.mediazione import ACTIVATED_ON_DEMAND
from bgest_analysis.stats.checks import FloatArray, IntArray, choice
from bgest_analysis.stats.fay_herriot import fay_herriot
from bgest_analysis.stats.intervals import Interval, scalar_or_array
from bgest_analysis.study.model import Study

ORIENTATIONS = ("assistenza", "accompagnamento", "attivazione")
COVID_CHOICES = ("termine", "escluso")
MEASURES = ("integrata", "programmata", "attivazione")
LEAST_ROWS = 20
LEAST_OF_AN_AMBITO = 10
DAYS_OF_A_YEAR = 365.25
COLUMNS = ("tipo", "nome", "stima", "basso", "alto", "n", "motivo")
Z = float(stats.norm.isf(0.025))


def estimate_orientation(
    frames: Mapping[str, pd.DataFrame],
    study: Study,
    origine: str = "registrata",
    covid: str = "termine",
    covid_fine: str = "",
) -> pd.DataFrame:
    """Return the proportional-odds model of orientation with effects of the Ambiti.

    Log-odds of a more active orientation = thresholds + Ambito + years + COVID-19 + Ukraine;
    errors clustered in cases. Ambito effects are distances from their mean, then drawn together
    by the Fay-Herriot model (REML), which also gives the spread between Ambiti.

    Parameters
    ----------
    origine
        ``registrata`` (coded by the mediator) or ``ricodificata`` (double-coded).
    covid
        ``termine``: a term for the months of COVID-19; ``escluso``: those months are left out.
    covid_fine
        Last month of COVID-19 (``2021-05``) where the calendar has no end.

    Returns
    -------
    Rows of tipo ``termine`` (anno, covid19, ucraina), ``ambito`` (direct), ``ambito_raccolto``
    and ``tra_ambiti`` (standard deviation), in log-odds.
    """
    choice(covid, COVID_CHOICES, "covid")
    rows = _coded_rows(frames["tidy_interventi"], origine)
    shock = in_covid(rows["data"], study, covid_fine)
    rows = rows.assign(covid19=shock, ucraina=after_ukraine(rows["data"], study))
    if covid == "escluso":
        rows = rows[~rows["covid19"]]
    size = rows["ambito_id"].value_counts()
    rows = rows[rows["ambito_id"].isin(size.index[size >= LEAST_OF_AN_AMBITO])]
    if len(rows) < LEAST_ROWS or rows["orientamento"].nunique() < len(ORIENTATIONS):
        return not_estimable(len(rows), "troppo pochi interventi con orientamento codificato")
    return _fit_orientation(rows)


def _coded_rows(interventi: pd.DataFrame, origin: str) -> pd.DataFrame:
    rows = with_clusters(done(interventi))
    known = rows["orientamento"].isin(ORIENTATIONS) & rows["data"].notna()
    return rows[known & (rows["orientamento_origine"] == origin)]


def not_estimable(n: int, reason: str) -> pd.DataFrame:
    """Return the one row of a model that cannot be estimated."""
    row = {"tipo": "", "nome": "", "stima": np.nan, "basso": np.nan, "alto": np.nan}
    return pd.DataFrame([{**row, "n": n, "motivo": reason}], columns=list(COLUMNS))


def _fit_orientation(rows: pd.DataFrame) -> pd.DataFrame:
    ambiti = sorted(set(rows["ambito_id"]))
    terms = _terms(rows)
    place = {name: k for k, name in enumerate(ORIENTATIONS)}
    y = np.asarray(rows["orientamento"].map(place), dtype=np.int64)
    dummies = [(rows["ambito_id"] == ambito).to_numpy(float) for ambito in ambiti[1:]]
    X = np.column_stack([*dummies, terms.to_numpy(float)])
    clusters = np.asarray(pd.factorize(rows["grappolo"])[0], dtype=np.int64)
    beta, covariance, converged = _ordered_logit(y, X, clusters)
    if not converged:
        return not_estimable(len(rows), "il modello non converge")
    size = rows["ambito_id"].value_counts()
    parts = [_term_rows(terms, beta, covariance, len(ambiti), len(rows))]
    if len(ambiti) > 1:
        parts.append(_ambito_rows(ambiti, beta, covariance, size))
    return pd.concat(parts, ignore_index=True)


def _terms(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the terms of time that vary: years since the first intervention, the two shocks."""
    years = (rows["data"] - rows["data"].min()).dt.days / DAYS_OF_A_YEAR
    terms = pd.DataFrame(
        {
            "anno": years,
            "covid19": rows["covid19"].astype("float64"),
            "ucraina": rows["ucraina"].astype("float64"),
        }
    )
    return terms.loc[:, terms.nunique() > 1]


def _ordered_logit(
    y: IntArray, X: FloatArray, clusters: IntArray
) -> tuple[FloatArray, FloatArray, bool]:
    """Return slopes, their covariance clustered in cases, and whether the fit converged."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)  # told by ``converged`` instead
        fit = OrderedModel(y, X, distr="logit").fit(
            method="bfgs", disp=0, maxiter=500, cov_type="cluster", cov_kwds={"groups": clusters}
        )
    k = X.shape[1]
    covariance = np.asarray(fit.cov_params())[:k, :k]
    good = bool(fit.mle_retvals["converged"]) and bool(np.isfinite(covariance).all())
    return np.asarray(fit.params)[:k], covariance, good


def _term_rows(
    terms: pd.DataFrame, beta: FloatArray, covariance: FloatArray, ambiti: int, n: int
) -> pd.DataFrame:
    at = slice(ambiti - 1, None)
    half = Z * np.sqrt(np.diag(covariance)[at])
    return _rows("termine", list(terms.columns), beta[at], half, n)


def _rows(
    kind: str, names: list[str], value: FloatArray, half: FloatArray, n: int | FloatArray
) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "tipo": kind,
            "nome": names,
            "stima": value,
            "basso": value - half,
            "alto": value + half,
            "n": n,
            "motivo": "",
        }
    )


def _ambito_rows(
    ambiti: list[str], beta: FloatArray, covariance: FloatArray, size: pd.Series
) -> pd.DataFrame:
    """Return each Ambito's distance from their mean, direct and drawn together, and the spread."""
    g = len(ambiti)
    centre = np.eye(g)[:, 1:] - np.full((g, g - 1), 1 / g)
    effect = centre @ beta[: g - 1]
    variance = np.diag(centre @ covariance[: g - 1, : g - 1] @ centre.T)
    n = size.loc[ambiti].to_numpy()
    direct = _rows("ambito", ambiti, effect, Z * np.sqrt(variance), n)
    try:
        pooled = fay_herriot(effect, variance, np.ones(g))
    except EstimationError:
        return direct
    together = _rows("ambito_raccolto", ambiti, pooled.estimate, Z * np.sqrt(pooled.mse), n)
    spread = not_estimable(int(n.sum()), "").assign(
        tipo="tra_ambiti", nome="deviazione", stima=float(np.sqrt(pooled.variance))
    )
    return pd.concat([direct, together, spread], ignore_index=True)


def icc_anova(values: FloatArray, groups: IntArray, level: float = 0.95) -> Interval:
    """Return the intraclass correlation of `values` in `groups`, with its F interval.

    ICC = (MSB - MSW) / (MSB + (n0 - 1) MSW), n0 the mean size corrected for inequality; ends
    from the F distribution of MSB/MSW (Searle 1971; Donner 1986, Int Stat Rev 54:67).

    Raises
    ------
    EstimationError
        If there are fewer than two groups, no row beyond one a group, or nothing varies within.
    """
    names, codes = np.unique(groups, return_inverse=True)
    g, n = names.size, values.size
    size = np.bincount(codes).astype(float)
    if g < 2 or n <= g:
        raise EstimationError("ICC: servono almeno due gruppi con più di una osservazione")
    mean = np.bincount(codes, values) / size
    within = float(((values - mean[codes]) ** 2).sum() / (n - g))
    between = float((size * (mean - values.mean()) ** 2).sum() / (g - 1))
    if within <= 0:
        raise EstimationError("ICC: nessuna variazione dentro i gruppi")
    n0 = float((n - (size**2).sum() / n) / (g - 1))
    ratio = between / within
    tail = (1 - level) / 2
    ends = [ratio / stats.f.isf(tail, g - 1, n - g), ratio / stats.f.ppf(tail, g - 1, n - g)]
    parts = [scalar_or_array(np.asarray((f - 1) / (f + n0 - 1))) for f in (ratio, *ends)]
    return Interval(parts[0], parts[1], parts[2], level, "F", "ICC")


def estimate_convergence(
    frames: Mapping[str, pd.DataFrame], study: Study, misura: str = "integrata"
) -> pd.DataFrame:
    """Return, by year, how much the Ambiti differ in one share: spread and ICC with interval.

    Parameters
    ----------
    misura
        ``integrata`` (phases not derived by rule), ``programmata`` or ``attivazione``.

    Returns
    -------
    One row a year: anno, ambiti, media (of the Ambiti), deviazione (standard deviation between
    them, chance included), icc, basso, alto, n, motivo.
    """
    rows = _measured(frames["tidy_interventi"], choice(misura, MEASURES, "misura"))
    size = rows.groupby(["anno", "ambito_id"])["vero"].transform("size")
    kept = rows[size >= LEAST_OF_AN_AMBITO]
    years = sorted(set(rows["anno"]))
    found = [{"anno": year, **_spread(kept[kept["anno"] == year])} for year in years]
    columns = ["anno", "ambiti", "media", "deviazione", "icc", "basso", "alto"]
    return pd.DataFrame(found, columns=[*columns, "n", "motivo"])


def _measured(interventi: pd.DataFrame, measure: str) -> pd.DataFrame:
    """Return the rows a measure rests on, with ``vero`` (0 or 1) and ``anno``."""
    if measure == "programmata":
        rows = interventi[interventi["modalita"].isin(ACTIVATED_ON_DEMAND)]
        rows = rows.assign(data=rows["data_richiesta"].fillna(rows["data"]))
        true = rows["modalita"] == "programmata"
    else:
        rows = done(interventi)
        column = "fase" if measure == "integrata" else "orientamento"
        rows = rows[rows[column].notna() & (rows[f"{column}_origine"] != DERIVED)]
        wanted = INTEGRATED if measure == "integrata" else ("attivazione",)
        true = rows[column].isin(wanted)
    rows = rows.assign(vero=true.astype("float64"))
    rows = rows[rows["data"].notna()]
    return rows.assign(anno=rows["data"].dt.year.astype("int64"))


def _spread(rows: pd.DataFrame) -> dict[str, Any]:
    shares = rows.groupby("ambito_id")["vero"].mean()
    row: dict[str, Any] = {"ambiti": len(shares), "n": len(rows), "motivo": ""}
    if len(shares) < 2:
        return {**row, "motivo": "meno di due Ambiti con abbastanza interventi"}
    row |= {"media": shares.mean(), "deviazione": shares.std()}
    try:
        icc = icc_anova(rows["vero"].to_numpy(), pd.factorize(rows["ambito_id"])[0])
    except EstimationError as error:
        return {**row, "motivo": error.message.render("it")}
    return {**row, "icc": float(icc.value), "basso": float(icc.low), "alto": float(icc.high)}


ESTIMATORS = (
    Estimator("orientamento_ambiti", ("tidy_interventi",), estimate_orientation),
    Estimator("convergenza", ("tidy_interventi",), estimate_convergence),
)
