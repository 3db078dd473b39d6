"""What can be said of the integrated share where the phase is not recorded."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from bgest_analysis.clean.derive import DERIVED, derive_phase, phase_rules
from bgest_analysis.errors import EstimationError
from bgest_analysis.indicators.interventi import (
    INTEGRATED,
    MINUTES_OF_AN_HOUR,
    by_area,
    done,
    typed,
)
from bgest_analysis.indicators.model import Frames, Indicator
from bgest_analysis.schema.indicatori import mediazione as schema
from bgest_analysis.stats.agreement import cohen_kappa
from bgest_analysis.study.model import Study


def compute_regola_fase(frames: Frames, study: Study) -> pd.DataFrame:
    """The integrated share of hours by the rules of phase, and the bounds that need no rule.

    The rules guess the phase from kind of work, service and mode. The lower bound counts only
    the kinds of work that every rule takes for integrated, the upper one all that some rule
    does, and those of unknown kind (Manski 2003: the share is identified up to this range). How
    often rule and record agree is measured on the interventions whose phase was recorded.
    """
    rows = done(frames["tidy_interventi"])
    rows = rows.assign(
        ore=rows["minuti_frontali"] / MINUTES_OF_AN_HOUR,
        registrata=rows["fase"].notna() & (rows["fase_origine"] != DERIVED),
        integrata=rows["fase"].isin(INTEGRATED),
        regola=derive_phase(rows)["fase"].isin(INTEGRATED),
        sicura=rows["tipologia"].isin(_kinds(every=True)),
        possibile=rows["tipologia"].isin(_kinds(every=False)) | rows["tipologia"].isna(),
    )
    groups = by_area(rows).groupby("area")
    table = pd.DataFrame([{"area": area, **_of_area(part)} for area, part in groups])
    return typed(table, schema.REGOLA_FASE)


def _kinds(*, every: bool) -> list[str]:
    """Return the kinds of work for which every rule, or some, gives an integrated phase."""
    rules = phase_rules()
    integrated = rules["fase"].isin(INTEGRATED).groupby(rules["tipologia"])
    found = integrated.all() if every else integrated.any()
    return list(found.index[found])


def _of_area(rows: pd.DataFrame) -> dict[str, Any]:
    recorded = rows[rows["registrata"]]
    return {
        "interventi": len(rows),
        "ore": rows["ore"].sum(),
        "con_fase": len(recorded),
        "fase_derivata": int((rows["fase_origine"] == DERIVED).sum()),
        "senza_fase": int(rows["fase"].isna().sum()),
        "quota_registrata": _share_of_hours(recorded, "integrata"),
        "quota_regola": _share_of_hours(rows, "regola"),
        "limite_basso": _share_of_hours(rows, "sicura"),
        "limite_alto": _share_of_hours(rows, "possibile"),
        **_agreement(recorded),
    }


def _share_of_hours(rows: pd.DataFrame, column: str) -> float:
    total = float(rows["ore"].sum())
    return float(rows["ore"].where(rows[column], 0.0).sum()) / total if total else np.nan


def _agreement(recorded: pd.DataFrame) -> dict[str, float]:
    """Return how often the rule says what was recorded; kappa is missing where nothing varies."""
    if recorded.empty:
        return {"accordo": np.nan, "kappa": np.nan}
    rule, truth = recorded["regola"].to_numpy(bool), recorded["integrata"].to_numpy(bool)
    try:
        kappa = cohen_kappa(rule, truth).value
    except EstimationError:
        kappa = np.nan
    return {"accordo": float((rule == truth).mean()), "kappa": kappa}


INDICATORS = (Indicator(schema.REGOLA_FASE, ("tidy_interventi",), compute_regola_fase),)
