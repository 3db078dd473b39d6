"""Models of mediation that need rows: orientation by Ambito, and how alike the Ambiti become."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
from scipy import stats

from bgest_analysis.clean.derive import DERIVED
from bgest_analysis.errors import EstimationError
from bgest_analysis.impact.model import Estimator
from bgest_analysis.indicators.calendario import after_ukraine, in_covid
from bgest_analysis.indicators.interventi import INTEGRATED, done
from bgest_analysis.indicators.mediazione import ACTIVATED_ON_DEMAND
from bgest_analysis.stats.checks import FloatArray, choice
from bgest_analysis.stats.mixed import icc_anova
from bgest_analysis.stats.ordinal_mixed import OrdinalMixed, ordinal_mixed
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

    Log-odds of a more active orientation = thresholds + Ambito + years + COVID-19 + Ukraine,
    with one random intercept an Ambito (``stats.ordinal_mixed``): the effects of small Ambiti
    are drawn towards the mean. Interventions of one case count as independent.

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
    Rows of tipo ``termine`` (anno, covid19, ucraina), ``ambito`` (distance from the mean) and
    ``tra_ambiti`` (standard deviation), in log-odds.
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
    try:
        return _fit_orientation(rows)
    except EstimationError as error:
        return not_estimable(len(rows), str(error))


def _coded_rows(interventi: pd.DataFrame, origin: str) -> pd.DataFrame:
    rows = done(interventi)
    known = rows["orientamento"].isin(ORIENTATIONS) & rows["data"].notna()
    return rows[known & (rows["orientamento_origine"] == origin)]


def not_estimable(n: int, reason: str) -> pd.DataFrame:
    """Return the one row of a model that cannot be estimated."""
    row = {"tipo": "", "nome": "", "stima": np.nan, "basso": np.nan, "alto": np.nan}
    return pd.DataFrame([{**row, "n": n, "motivo": reason}], columns=list(COLUMNS))


def _fit_orientation(rows: pd.DataFrame) -> pd.DataFrame:
    terms = _terms(rows)
    fit = ordinal_mixed(
        rows["orientamento"].to_numpy(str),
        rows["ambito_id"].to_numpy(str),
        terms.to_numpy(float) if terms.shape[1] else None,
        categories=ORIENTATIONS,
    )
    named = _rows("termine", list(terms.columns), fit.coefficient, fit.std_error, len(rows))
    size = rows["ambito_id"].value_counts()
    names = [str(name) for name in fit.groups]
    n = np.asarray(size.loc[names], dtype=np.float64)
    ambiti = _rows("ambito", names, fit.effect, fit.effect_error, n)
    return pd.concat([named, ambiti, _spread_row(fit, len(rows))], ignore_index=True)


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


def _rows(
    kind: str, names: list[str], value: FloatArray, error: FloatArray, n: int | FloatArray
) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "tipo": kind,
            "nome": names,
            "stima": value,
            "basso": value - Z * error,
            "alto": value + Z * error,
            "n": n,
            "motivo": "",
        }
    )


def _spread_row(fit: OrdinalMixed, n: int) -> pd.DataFrame:
    row = not_estimable(n, "")
    return row.assign(
        tipo="tra_ambiti",
        nome="deviazione",
        stima=fit.sigma,
        basso=fit.sigma_low,
        alto=fit.sigma_high,
    )


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
    them, chance included), icc (0 where chance explains more), basso, alto, n, motivo.
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
        return {**row, "motivo": str(error)}
    return {
        **row,
        "icc": max(float(icc.value), 0.0),
        "basso": float(icc.low),
        "alto": float(icc.high),
    }


ESTIMATORS = (
    Estimator("orientamento_ambiti", ("tidy_interventi",), estimate_orientation),
    Estimator("convergenza", ("tidy_interventi",), estimate_convergence),
)
