"""How long requests wait (M8): Kaplan-Meier, with the unmet ones still waiting at the end."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from bgest_analysis.indicators.domanda import OTHER_SERVICES, SERVICES
from bgest_analysis.indicators.interventi import by_area, is_unmet, typed
from bgest_analysis.indicators.model import Frames, Indicator
from bgest_analysis.schema.indicatori import copertura as schema
from bgest_analysis.stats.survival import SurvivalCurve, kaplan_meier, survival_quantile
from bgest_analysis.study.model import Study
from bgest_analysis.workspace import DISTRETTO

ALL_REQUESTS = "tutte"
FIXED_DESK = "presidio_fisso"
DAYS = (0, 2, 7, 14, 21, 30, 45, 60)


def waits(interventi: pd.DataFrame) -> pd.DataFrame:
    """Return the requests with a day: ``giorni`` waited and whether an intervention ended it.

    An unmet request waits until the registers close (the last day in them): it is censored, not
    left out. Interventions at a fixed desk wait for nobody; an intervention before its request
    is an error of the register and is left out.
    """
    asked = interventi[interventi["data_richiesta"].notna()]
    asked = asked[asked["modalita"].fillna("") != FIXED_DESK]
    last = max(asked["data"].max(), asked["data_richiesta"].max())
    unmet = is_unmet(asked) | asked["data"].isna()
    days = (asked["data"].where(~unmet, last) - asked["data_richiesta"]).dt.days
    table = asked.assign(giorni=days.astype("float64"), finita=~unmet)
    return table[table["giorni"] >= 0]


def compute_attese(frames: Frames, study: Study) -> pd.DataFrame:
    """Median days from request to intervention, and the shares within 2 and 30 days.

    By mode of activation for every area, by group of services for the whole. Medians are whole
    days, given from twice the threshold of interventions on.
    """
    rows = by_area(waits(frames["tidy_interventi"]))
    services = rows["ente_richiedente_tipo"].map(SERVICES).fillna(OTHER_SERVICES)
    stacked = pd.concat(
        [
            rows.assign(gruppo=ALL_REQUESTS),
            rows[rows["modalita"].notna()].assign(gruppo=rows["modalita"]),
            rows[rows["area"] == DISTRETTO].assign(gruppo=services),
        ],
        ignore_index=True,
    )
    least = 2 * study.protezione.soglia_interna
    groups = stacked.groupby(["area", "gruppo"])
    table = [
        {"area": key[0], "gruppo": key[1], **summary_of_waits(part, least)} for key, part in groups
    ]
    return typed(pd.DataFrame(table), schema.ATTESA)


def summary_of_waits(rows: pd.DataFrame, least: int) -> dict[str, Any]:
    """Return counts, and median and shares where at least ``least`` waits ended."""
    ended = int(rows["finita"].sum())
    counts = {"richieste": len(rows), "con_intervento": ended}
    if ended < least:
        return counts
    curve = kaplan_meier(rows["giorni"].to_numpy(), rows["finita"].to_numpy(bool))
    median = survival_quantile(curve)
    ends = {"mediana": median.value, "mediana_basso": median.low, "mediana_alto": median.high}
    whole = {name: _whole_days(float(value)) for name, value in ends.items()}
    shares = {f"entro_{days}": 1 - curve.at(days) for days in schema.DAYS}
    return {**counts, **whole, **shares, **{f"serviti_{d}": _served(rows, d) for d in schema.DAYS}}


def _served(rows: pd.DataFrame, days: int) -> int:
    return int((rows["finita"] & (rows["giorni"] <= days)).sum())


def _whole_days(days: float) -> float:
    """Return whole days, rounded up; missing where the curve never comes so far down."""
    return float(np.ceil(days)) if np.isfinite(days) else np.nan


def compute_curva(frames: Frames, study: Study) -> pd.DataFrame:
    """Share of requests still waiting after some days, on a grid too coarse to single one out."""
    rows = by_area(waits(frames["tidy_interventi"]))
    least = 2 * study.protezione.soglia_interna
    table = []
    for area, part in rows.groupby("area"):
        if part["finita"].sum() >= least:
            curve = kaplan_meier(part["giorni"].to_numpy(), part["finita"].to_numpy(bool))
            table += [_point(str(area), day, curve, part) for day in DAYS]
    return typed(pd.DataFrame(table), schema.CURVA)


def _point(area: str, day: int, curve: SurvivalCurve, rows: pd.DataFrame) -> dict[str, Any]:
    place = int(np.searchsorted(curve.time, day, side="right")) - 1
    counts = {"richieste": len(rows), "serviti": _served(rows, day)}
    row = {"area": area, "giorno": day, **counts, "in_attesa": curve.at(day)}
    if place < 0:
        return row
    return {
        **row,
        "in_attesa_basso": float(curve.low[place]),
        "in_attesa_alto": float(curve.high[place]),
    }


INDICATORS = (
    Indicator(schema.ATTESA, ("tidy_interventi",), compute_attese),
    Indicator(schema.CURVA, ("tidy_interventi",), compute_curva),
)
