"""Indicators of the design of effects: adoption, comparability, what the design could see."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from scipy import stats

from bgest_analysis.indicators.adozione import (
    NO_DATES,
    OUTCOMES,
    adoption_days,
    cells,
    comparable_periods,
    design_problem,
    orders_of_adoption,
    outcome_rows,
    weights_of_effect,
    with_design,
)
from bgest_analysis.indicators.interventi import typed
from bgest_analysis.indicators.model import Frames, Indicator
from bgest_analysis.schema.indicatori import effetti as schema
from bgest_analysis.stats.wildboot import wild_cluster_bootstrap
from bgest_analysis.study.model import Study

PERIOD = "semestre"
ICCS = (0.02, 0.05, 0.10)
SIZE_ICC = 0.10
SIMULATED = 500
ALPHA, POWER = 0.05, 0.80
READS = ("tidy_interventi", "tidy_pratiche")


def compute_disegno(frames: Frames, study: Study) -> pd.DataFrame:
    """Adoption of each Ambito and the observations of each outcome before and after it.

    Counts that are not hidden are rounded, so that totals printed elsewhere reveal no small one.
    """
    step, least = study.protezione.arrotondamento, study.protezione.soglia_interna
    adoption = adoption_days(frames["tidy_pratiche"])
    rows = outcome_rows(frames["tidy_interventi"])
    table = [
        {"esito": outcome, "area": area, **_sides(rows, adoption, outcome, area)}
        for outcome in OUTCOMES
        for area in study.ambito_ids
    ]
    made = typed(pd.DataFrame(table), schema.DISEGNO)
    for name in ("osservazioni_prima", "osservazioni_dopo"):
        rounded = ((made[name] + step // 2) // step * step).clip(lower=least)
        made[name] = made[name].where(made[name] < least, rounded)
    return made


def _sides(rows: pd.DataFrame, adoption: pd.Series, outcome: str, area: str) -> dict[str, Any]:
    own = rows[(rows["esito"] == outcome) & (rows["ambito_id"] == area)]
    day = adoption.get(area, pd.NaT)
    after = int((own["data"] >= day).sum())
    return {
        "adozione": day,
        "osservazioni_prima": len(own) - after,
        "osservazioni_dopo": after,
        "prima_data": own["data"].min(),
        "ultima_data": own["data"].max(),
    }


def compute_potenza(frames: Frames, study: Study) -> pd.DataFrame:
    """Comparability, smallest p, minimum detectable effect and measured size of each outcome.

    Only the design enters, and the spread of the outcome before adoption. The effect is that of
    least squares with effects of Ambiti and half-years; its variance under observations that
    share a common part ``icc`` within an Ambito and half-year is sum over cells of
    icc (sum of weights)^2 + (1 - icc) sum of weights^2, and the minimum detectable effect is
    (t_{1-alpha/2} + t_{power}) times its root with G - 1 degrees of freedom (Bloom 1995). The
    size of the wild bootstrap is measured on studies without effect drawn on these same cells.
    """
    adoption = adoption_days(frames["tidy_pratiche"])
    every = with_design(outcome_rows(frames["tidy_interventi"]), adoption, PERIOD)
    parts = []
    for outcome in OUTCOMES:
        rows = every[every["esito"] == outcome]
        parts += [
            {"esito": outcome, "icc": icc, **facts} for icc, facts in _facts(rows, len(adoption))
        ]
    return typed(pd.DataFrame(parts), schema.POTENZA)


def _facts(rows: pd.DataFrame, dated: int) -> list[tuple[float, dict[str, Any]]]:
    problem = design_problem(rows) if dated else NO_DATES
    common: dict[str, Any] = {
        "ambiti": rows["ambito_id"].nunique(),
        "coorti": rows["adozione"].nunique(),
        "n": len(rows),
        "periodi_confrontabili": len(comparable_periods(rows)) if len(rows) else 0,
        "motivo": problem,
    }
    if problem:
        return [(icc, common) for icc in ICCS]
    panel = cells(rows)
    before = rows.loc[~rows["trattato"], "y"]
    common |= {**_smallest(rows), **_size(panel), "ds_prima": float(before.std())}
    effects = [detectable(panel, icc) for icc in ICCS]
    return [
        (icc, {**common, "effetto_minimo_ds": e, "effetto_minimo": e * common["ds_prima"]})
        for icc, e in zip(ICCS, effects, strict=True)
    ]


def _smallest(rows: pd.DataFrame) -> dict[str, float]:
    """Return the smallest p of a test over orders: 1 / orders (its mirror is never an order)."""
    orders = orders_of_adoption(rows)
    used = orders.total if orders.exact else float(len(orders.table))
    groups = rows["ambito_id"].nunique()
    return {
        "assegnazioni": orders.total,
        "p_minimo": 1 / used,
        "p_minimo_wild": 2.0 ** (1 - groups),
    }


def detectable(panel: pd.DataFrame, icc: float) -> float:
    """Return the minimum detectable effect of these cells, in standard deviations."""
    weights = weights_of_effect(panel)
    own = panel.assign(peso=weights, quadro=weights**2 / panel["n"])
    shared = own.groupby(["ambito_id", "periodo"])["peso"].sum()
    variance = icc * float((shared**2).sum()) + (1 - icc) * float(own["quadro"].sum())
    df = panel["ambito_id"].nunique() - 1
    multiplier = stats.t.ppf(1 - ALPHA / 2, df) + stats.t.ppf(POWER, df)
    return float(multiplier * np.sqrt(variance))


def _size(panel: pd.DataFrame) -> dict[str, Any]:
    rng = np.random.default_rng(0)
    keys = panel["ambito_id"] + "|" + panel["periodo"].astype("str")
    _, shared = np.unique(keys.to_numpy(dtype=object).astype(str), return_inverse=True)
    spread = np.sqrt((1 - SIZE_ICC) / panel["n"].to_numpy(np.float64))
    own = rng.normal(size=(SIMULATED, len(panel))) * spread
    common = rng.normal(size=(SIMULATED, shared.max() + 1))[:, shared] * np.sqrt(SIZE_ICC)
    rejected = [wild_p(panel.assign(y=y)) <= ALPHA for y in own + common]
    share = float(np.mean(rejected))
    return {
        "misura_wild": share,
        "misura_errore": float(np.sqrt(share * (1 - share) / SIMULATED)),
        "misura_studi": SIMULATED,
    }


def wild_p(panel: pd.DataFrame) -> float:
    """Return the p-value of the fully enumerated wild bootstrap of the effect on cells."""
    found = wild_cluster_bootstrap(
        panel["y"],
        panel[["trattato"]].astype("float64"),
        panel["ambito_id"].to_numpy(),
        0,
        sample_weights=panel["n"].astype("float64"),
        fixed_effects=[panel["ambito_id"].to_numpy(), panel["periodo"].to_numpy()],
        interval=False,
    )
    return found.p_value


INDICATORS = (
    Indicator(schema.DISEGNO, READS, compute_disegno),
    Indicator(schema.POTENZA, READS, compute_potenza),
)
