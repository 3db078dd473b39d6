"""Callaway-Sant'Anna and Sun-Abraham on the Ambiti's panel, with jackknife intervals.

The libraries' own errors are too small with seven Ambiti; here each Ambito is left out in turn
(Tukey 1958; MacKinnon, Nielsen and Webb 2023, section 3.3) and the interval is Student's with
G - 1 degrees of freedom.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
from scipy import stats

from bgest_analysis.errors import EstimationError
from bgest_analysis.indicators.adozione import LEAST_AMBITI, period_of
from bgest_analysis.stats.staggered import callaway_santanna, sun_abraham

CALLAWAY, SUN = "cs", "sa"
UNBALANCED = "pannello incompleto: in troppi periodi un Ambito non ha osservazioni"
LEVEL = 0.95
LEAST_KEPT = 3

Statistic = Callable[[pd.DataFrame], float]


def staggered_rows(rows: pd.DataFrame) -> list[dict[str, Any]]:
    """Return the overall effects of the two methods: metodo, variante (the period used)."""
    panel, period = _balanced(rows)
    if panel.empty:
        head = {"variante": "", "n": len(rows), "motivo": UNBALANCED}
        return [{"metodo": name, **head} for name in METHODS]
    return [_of_method(name, panel, period) for name in METHODS]


def _of_method(name: str, panel: pd.DataFrame, period: str) -> dict[str, Any]:
    head = {"metodo": name, "variante": period, "n": int(panel["n"].sum()), "motivo": ""}
    try:
        return {**head, **jackknife(panel, METHODS[name])}
    except EstimationError as error:
        return {**head, "motivo": str(error)}


def jackknife(panel: pd.DataFrame, statistic: Statistic) -> dict[str, float]:
    """Return an estimate and its jackknife interval over Ambiti.

    Raises
    ------
    EstimationError
        If the statistic cannot be computed on the whole, or on three or more parts.
    """
    whole = statistic(panel)
    parts = []
    for name in sorted(set(panel["ambito_id"])):
        try:
            parts.append(statistic(panel[panel["ambito_id"] != name].reset_index(drop=True)))
        except EstimationError:
            continue  # without this Ambito there is no comparison left: the others count
    g = len(parts)
    if g < LEAST_KEPT:
        raise EstimationError("troppo pochi Ambiti per un intervallo jackknife")
    error = float(np.sqrt((g - 1) / g * np.sum((np.array(parts) - whole) ** 2)))
    half = float(stats.t.isf((1 - LEVEL) / 2, g - 1)) * error
    p = 2 * float(stats.t.sf(abs(whole) / error, g - 1)) if error > 0 else float("nan")
    return {"stima": whole, "basso": whole - half, "alto": whole + half, "p": p}


def _balanced(rows: pd.DataFrame) -> tuple[pd.DataFrame, str]:
    """Return cell means of the Ambiti seen in every period: by half-year, or else by year."""
    for period in ("semestre", "anno"):
        timed = rows.assign(periodo=period_of(rows["data"], period))
        timed["coorte"] = period_of(timed["adozione"], period)
        keys = ["ambito_id", "coorte", "periodo"]
        means = timed.groupby(keys).agg(y=("y", "mean"), n=("y", "size")).reset_index()
        seen = means.groupby("ambito_id")["periodo"].transform("nunique")
        panel = means[seen == means["periodo"].nunique()].reset_index(drop=True)
        if panel["ambito_id"].nunique() >= LEAST_AMBITI:
            return panel, period
    return pd.DataFrame(), ""


def _callaway(panel: pd.DataFrame) -> float:
    found = callaway_santanna(*_arrays(panel), control="not_yet")
    return _finite(found.simple.overall)


def _sun(panel: pd.DataFrame) -> float:
    """Nobody is never treated: the last cohort is the control, until it adopts (their advice)."""
    last = panel["coorte"].max()
    before = panel[panel["periodo"] < last]
    before = before.assign(coorte=before["coorte"].where(before["coorte"] < last, 0))
    with warnings.catch_warnings(record=True) as said:
        warnings.simplefilter("always")  # its errors, which we do not use, lack degrees of freedom
        value = sun_abraham(*_arrays(before)).overall
    if any("Rank-deficient" in str(warned.message) for warned in said):
        raise EstimationError("event study: alcune coorti non si distinguono (Sun-Abraham)")
    return _finite(value)


def _arrays(panel: pd.DataFrame) -> tuple[Any, Any, Any, Any]:
    names = ("y", "ambito_id", "periodo", "coorte")
    y, unit, time, cohort = (panel[name].to_numpy() for name in names)
    return y, unit.astype(str), time, cohort


def _finite(value: float) -> float:
    if not np.isfinite(value):
        raise EstimationError("event study: effetto complessivo non definito")
    return value


METHODS: dict[str, Statistic] = {CALLAWAY: _callaway, SUN: _sun}
