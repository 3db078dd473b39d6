"""Estimates of effect under staggered adoption: rows in, estimates and intervals out.

Every Ambito adopts in the end, so each is compared with those that had not adopted yet. The same
coefficient (least squares with effects of Ambiti and periods) gets three inferences: CR2, the
fully enumerated wild bootstrap, and randomisation over all orders of adoption.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
from statsmodels.regression.linear_model import OLS

from bgest_analysis.errors import EstimationError
from bgest_analysis.impact.model import Estimator
from bgest_analysis.impact.scaglionata import staggered_rows
from bgest_analysis.indicators.adozione import (
    NO_DATES,
    OUTCOMES,
    adoption_days,
    design_problem,
    orders_of_adoption,
    outcome_rows,
    with_design,
)
from bgest_analysis.indicators.calendario import UKRAINE, event_day, in_covid
from bgest_analysis.stats.checks import FloatArray, choice
from bgest_analysis.stats.cr2 import cluster_robust
from bgest_analysis.stats.honest import smoothness_bounds
from bgest_analysis.stats.multiplicity import adjust_p_values
from bgest_analysis.stats.randomization import randomization_test
from bgest_analysis.stats.sensitivity import omitted_variable_regression
from bgest_analysis.stats.wildboot import wild_cluster_bootstrap
from bgest_analysis.study.model import Study

COLUMNS = (
    "esito", "metodo", "variante", "stima", "basso", "alto", "p", "p_minimo", "p_corretto",
    "n", "motivo",
)  # fmt: skip
CR2, WILD, RANDOM = "fe_cr2", "fe_wild", "fe_casuale"
DOSE, WITHOUT, SERIES, EVENT, SMOOTH = "dose", "senza", "serie", "evento", "regolarita"
OMITTED = "omessa"
ALL_ROWS, NO_SHOCKS = "tutti", "senza_emergenze"
VERSIONS = (ALL_ROWS, NO_SHOCKS)
DAYS_OF_A_YEAR = 365.25
FARTHEST = 3  # periods before and after adoption shown one by one
LEAST_MONTHS, LEAST_A_MONTH = 24, 8
FEW_MONTHS = "meno di 24 mesi osservati, o nessuna adozione nel periodo"
THIN_MONTHS = "meno di 8 osservazioni nel mese mediano: la serie sarebbe solo rumore"
HAC_LAGS = 3
SEASONS = 2


def estimate_effects(
    frames: Mapping[str, pd.DataFrame],
    study: Study,
    periodo: str = "semestre",
    covid_fine: str = "2021-05",
    mesi_ucraina: int = 6,
    scaglionata: bool = True,
) -> pd.DataFrame:
    """Return the effects of adopting the integrated model on every outcome the design allows.

    Parameters
    ----------
    periodo
        ``semestre`` or ``anno``: the calendar effects.
    covid_fine
        Last month of COVID-19 where the calendar has no end.
    mesi_ucraina
        Months from the invasion left out, with those of COVID-19, in ``senza_emergenze``.
    scaglionata
        Whether to add Callaway-Sant'Anna (``cs``) and Sun-Abraham (``sa``), some seconds.

    Returns
    -------
    Rows of metodo ``fe_cr2``, ``fe_wild``, ``fe_casuale`` (variante: all rows or without the
    emergencies), ``dose`` (per year since adoption), ``senza`` (variante: the Ambito left out),
    ``evento`` (variante: periods since adoption), ``regolarita`` (variante: largest bend), in
    units of the outcome; ``omessa`` is a share (robustness value). p_corretto is Holm's over the
    outcomes.
    """
    choice(periodo, ("semestre", "anno"), "periodo")
    adoption = adoption_days(frames["tidy_pratiche"])
    every = with_design(outcome_rows(frames["tidy_interventi"]), adoption, periodo)
    calm = every[~_in_emergency(every["data"], study, covid_fine, mesi_ucraina)]
    parts = []
    for outcome in OUTCOMES:
        rows = every[every["esito"] == outcome].reset_index(drop=True)
        quiet = calm[calm["esito"] == outcome].reset_index(drop=True)
        found = _of_outcome(rows, quiet, NO_DATES if adoption.empty else "")
        if scaglionata and not (adoption.empty or design_problem(rows)):
            found += staggered_rows(rows)
        parts += [{"esito": outcome, **row} for row in found]
    return _with_holm(pd.DataFrame(parts).reindex(columns=list(COLUMNS)))


def _in_emergency(days: pd.Series, study: Study, covid_end: str, months: int) -> pd.Series:
    start = event_day(study, UKRAINE)
    covid = in_covid(days, study, covid_end)
    if start is None:
        return covid
    return covid | ((days >= start) & (days < start + pd.DateOffset(months=months)))


def _of_outcome(rows: pd.DataFrame, calm: pd.DataFrame, problem: str) -> list[dict[str, Any]]:
    versions = dict(zip(VERSIONS, (rows, calm), strict=True))
    found = []
    for version, part in versions.items():
        reason = problem or design_problem(part)
        found += [_tried(method, version, part, reason) for method in (CR2, WILD, RANDOM, DOSE)]
    if problem or design_problem(rows):
        return found
    for name in sorted(set(rows["ambito_id"])):
        part = rows[rows["ambito_id"] != name].reset_index(drop=True)
        row = _tried(CR2, name, part, design_problem(part))
        found.append({**row, "metodo": WITHOUT})
    return [*found, _omitted(rows), *_event_study(rows)]


def _tried(method: str, version: str, rows: pd.DataFrame, reason: str) -> dict[str, Any]:
    """Return one estimate, or the reason why there is none."""
    head = {"metodo": method, "variante": version, "n": len(rows), "motivo": reason}
    if reason:
        return head
    try:
        return {**head, **METHODS[method](rows)}
    except EstimationError as error:
        return {**head, "motivo": str(error)}


def _effects(rows: pd.DataFrame) -> list[Any]:
    return [rows["ambito_id"].to_numpy(), rows["periodo"].to_numpy()]


def _cr2(rows: pd.DataFrame) -> dict[str, Any]:
    return _cr2_of(rows, rows["trattato"].to_numpy(np.float64))


def _dose(rows: pd.DataFrame) -> dict[str, Any]:
    return _cr2_of(rows, years_since(rows))


def years_since(rows: pd.DataFrame) -> FloatArray:
    """Return the years since adoption, 0 before it."""
    years = (rows["data"] - rows["adozione"]).dt.days.to_numpy(np.float64) / DAYS_OF_A_YEAR
    since: FloatArray = np.maximum(years, 0.0)
    return since


def _cr2_of(rows: pd.DataFrame, regressor: FloatArray) -> dict[str, Any]:
    fit = cluster_robust(
        rows["y"], regressor[:, None], rows["ambito_id"].to_numpy(), fixed_effects=_effects(rows)
    )
    return {
        "stima": float(fit.coefficient[0]),
        "basso": float(fit.low[0]),
        "alto": float(fit.high[0]),
        "p": float(fit.p_value[0]),
    }


def _wild(rows: pd.DataFrame) -> dict[str, Any]:
    found = wild_cluster_bootstrap(
        rows["y"],
        rows[["trattato"]].astype("float64"),
        rows["ambito_id"].to_numpy(),
        0,
        fixed_effects=_effects(rows),
    )
    return {
        "stima": found.estimate, "basso": found.low, "alto": found.high,
        "p": found.p_value, "p_minimo": found.p_smallest,
    }  # fmt: skip


def _random(rows: pd.DataFrame) -> dict[str, Any]:
    """Test over all orders of adoption: the outcome freed of Ambiti and periods is permuted."""
    orders = orders_of_adoption(rows)
    one = np.ones((len(rows), 1))
    found = randomization_test(
        rows["y"],
        rows["trattato"].to_numpy(bool),
        assignments=orders.table,
        covariates=np.column_stack([one, *_dummies(rows)]),
    )
    return {
        "stima": found.estimate, "basso": found.low, "alto": found.high,
        "p": found.p_value, "p_minimo": found.p_smallest,
    }  # fmt: skip


def _omitted(rows: pd.DataFrame) -> dict[str, Any]:
    """Return the robustness value: how strong an omitted variable would have to be.

    The share of the variance left of both adoption and outcome that it would have to explain to
    bring the estimate to zero (Cinelli and Hazlett 2020); it rests on no standard error.
    """
    others = np.column_stack(_dummies(rows))
    found = omitted_variable_regression(rows["y"], rows["trattato"].astype("float64"), others)
    head = {"metodo": OMITTED, "variante": ALL_ROWS, "n": len(rows), "motivo": ""}
    return {**head, "stima": found.robustness_value}


def _dummies(rows: pd.DataFrame) -> list[FloatArray]:
    """Return the dummies of Ambiti and of periods, the first of each left out."""
    return [
        pd.get_dummies(rows[name].astype("str"), dtype="float64").iloc[:, 1:].to_numpy()
        for name in ("ambito_id", "periodo")
    ]


METHODS = {CR2: _cr2, WILD: _wild, RANDOM: _random, DOSE: _dose}


def _event_study(rows: pd.DataFrame) -> list[dict[str, Any]]:
    """Return effects by periods since adoption (reference -1), and the smoothness bounds."""
    adopted = rows.loc[rows["trattato"]].groupby("ambito_id")["periodo"].min()
    since = (rows["periodo"] - rows["ambito_id"].map(adopted)).clip(-FARTHEST, FARTHEST)
    kept = rows[since.notna()].assign(k=since[since.notna()].astype(int))
    steps = [k for k in range(-FARTHEST, FARTHEST + 1) if k != -1 and (kept["k"] == k).any()]
    design = np.column_stack([(kept["k"] == k).to_numpy(np.float64) for k in steps])
    try:
        fit = cluster_robust(
            kept["y"], design, kept["ambito_id"].to_numpy(), fixed_effects=_effects(kept)
        )
    except EstimationError as error:
        return [{"metodo": EVENT, "variante": "", "n": len(rows), "motivo": str(error)}]
    n = [int((kept["k"] == k).sum()) for k in steps]
    points = [
        {
            "metodo": EVENT, "variante": f"{k:+d}", "stima": float(fit.coefficient[i]),
            "basso": float(fit.low[i]), "alto": float(fit.high[i]), "p": float(fit.p_value[i]),
            "n": n[i], "motivo": "",
        }
        for i, k in enumerate(steps)
    ]  # fmt: skip
    return points + _smooth(fit.coefficient, fit.covariance, steps, len(rows))


def _smooth(
    beta: FloatArray, covariance: FloatArray, steps: list[int], n: int
) -> list[dict[str, Any]]:
    """Return the interval of the mean effect after adoption when trends may bend."""
    pre = sum(k < 0 for k in steps)
    after = len(steps) - pre
    if pre == 0 or after == 0:
        return []
    target = np.full(after, 1 / after)
    unit = float(np.sqrt(np.diag(covariance)).mean())
    rows = []
    for share in (0.0, 0.5, 1.0):
        try:
            found = smoothness_bounds(beta, covariance, pre, share * unit, target)
        except EstimationError as error:
            return [{"metodo": SMOOTH, "variante": "", "n": n, "motivo": str(error)}]
        rows.append(
            {
                "metodo": SMOOTH, "variante": f"{share:.1f}", "stima": found.estimate,
                "basso": found.low, "alto": found.high, "n": n, "motivo": "",
            }
        )  # fmt: skip
    return rows


def _with_holm(table: pd.DataFrame) -> pd.DataFrame:
    """Correct the p-values of the same method and version for the number of outcomes."""
    main = table["metodo"].isin([CR2, WILD, RANDOM, DOSE]) & table["p"].notna()
    for _, part in table[main].groupby(["metodo", "variante"]):
        table.loc[part.index, "p_corretto"] = adjust_p_values(part["p"].astype(float)).adjusted
    return table.astype({"n": "Int64", "motivo": "str"})


def estimate_series(
    frames: Mapping[str, pd.DataFrame],
    study: Study,
    covid_fine: str = "2021-05",
    mesi_ucraina: int = 6,
) -> pd.DataFrame:
    """Return the interrupted series of monthly means: effect of all Ambiti having adopted.

    y_month = constant + trend + share that adopted + two seasonal harmonics; Newey-West errors
    with 3 lags, no prewhitening, small-sample correction, t. In the share each Ambito counts for
    its part of all the observations, as it does in the monthly means. ``senza_termini`` has no
    terms of shocks, ``con_termini`` adds COVID-19 and Ukraine, ``mesi_esclusi`` leaves their
    months out. Months stand for themselves (not weighted by observations).
    """
    adoption = adoption_days(frames["tidy_pratiche"])
    every = with_design(outcome_rows(frames["tidy_interventi"]), adoption, "semestre")
    rows = []
    for outcome in OUTCOMES:
        monthly = _monthly(every[every["esito"] == outcome], adoption)
        shock = _shocks(monthly["mese"], study, covid_fine, mesi_ucraina)
        for version in ("senza_termini", "con_termini", "mesi_esclusi"):
            rows.append({"esito": outcome, **_series(monthly, shock, version)})
    return pd.DataFrame(rows).reindex(columns=list(COLUMNS)).astype({"n": "Int64"})


def _monthly(rows: pd.DataFrame, adoption: pd.Series) -> pd.DataFrame:
    months = rows["data"].dt.to_period("M").dt.to_timestamp()
    table = rows.groupby(months).agg(y=("y", "mean"), n=("y", "size")).reset_index(names="mese")
    part = rows["ambito_id"].value_counts(normalize=True)
    day = adoption.reindex(part.index)
    share = [float(part[day <= month].sum()) for month in table["mese"]]
    return table.assign(quota=np.array(share, dtype=np.float64))


def _shocks(months: pd.Series, study: Study, covid_end: str, length: int) -> pd.DataFrame:
    start = event_day(study, UKRAINE)
    during = pd.Series(data=False, index=months.index)
    if start is not None:
        first = start.replace(day=1)
        during = (months >= first) & (months < first + pd.DateOffset(months=length))
    return pd.DataFrame({"covid19": in_covid(months, study, covid_end), "ucraina": during})


def _series(monthly: pd.DataFrame, shock: pd.DataFrame, version: str) -> dict[str, Any]:
    kept = ~shock.any(axis=1) if version == "mesi_esclusi" else pd.Series(True, index=shock.index)
    table = monthly[kept]
    head = {"metodo": SERIES, "variante": version, "n": int(table["n"].sum()), "motivo": ""}
    if len(table) < LEAST_MONTHS or table["quota"].nunique() < 2:
        return {**head, "motivo": FEW_MONTHS}
    if table["n"].median() < LEAST_A_MONTH:
        return {**head, "motivo": THIN_MONTHS}
    design = _series_design(table, shock[kept] if version == "con_termini" else None)
    model = OLS(table["y"].to_numpy(np.float64), design)
    fit = model.fit(
        cov_type="HAC", cov_kwds={"maxlags": HAC_LAGS, "use_correction": True}, use_t=True
    )
    low, high = np.asarray(fit.conf_int())[2]
    return {
        **head, "stima": float(fit.params[2]), "basso": float(low), "alto": float(high),
        "p": float(fit.pvalues[2]),
    }  # fmt: skip


def _series_design(table: pd.DataFrame, shock: pd.DataFrame | None) -> FloatArray:
    month = table["mese"].dt.year.to_numpy() * 12.0 + table["mese"].dt.month.to_numpy()
    turn = 2 * np.pi * month / 12
    waves = [f(k * turn) for k in range(1, SEASONS + 1) for f in (np.sin, np.cos)]
    columns = [np.ones(len(month)), (month - month.mean()) / 12, table["quota"], *waves]
    if shock is not None:
        columns += [shock[name].to_numpy(np.float64) for name in shock if shock[name].any()]
    return np.column_stack(columns).astype(np.float64)


READS = ("tidy_interventi", "tidy_pratiche")
ESTIMATORS = (
    Estimator("effetti", READS, estimate_effects),
    Estimator("effetti_serie", READS, estimate_series),
)
