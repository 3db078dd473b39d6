"""What changes within cases (E3), and how practices spread between Ambiti."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from bgest_analysis.errors import EstimationError
from bgest_analysis.indicators.interventi import by_area, done, typed
from bgest_analysis.indicators.model import Frames, Indicator
from bgest_analysis.schema.indicatori import casi as schema
from bgest_analysis.stats.cr2 import cluster_robust
from bgest_analysis.stats.paired import paired_t
from bgest_analysis.study.model import Study
from bgest_analysis.workspace import DISTRETTO

LEAST_NOTES = 2
T_TEST, CLUSTERED = "t", "CR2"


def changes_of_cases(interventi: pd.DataFrame) -> pd.DataFrame:
    """Return the cases noted at least twice: ambito_id, apertura, prima, ultima, variazione.

    The first and last note in order of day; the Ambito is that of the case's first intervention.
    A case opens with its first known request, noted or not, unmet ones included: the first note
    comes weeks later, and would put a case opened before an adoption after it.
    """
    noted = done(interventi)
    noted = noted[noted["caso_id"].notna() & noted["autonomia_0_3"].notna()]
    noted = noted.sort_values(["data", "intervento_id"], kind="stable")
    cases = noted.groupby("caso_id").agg(
        ambito_id=("ambito_id", "first"),
        prima=("autonomia_0_3", "first"),
        ultima=("autonomia_0_3", "last"),
        note=("autonomia_0_3", "size"),
    )
    cases = cases[cases["note"] >= LEAST_NOTES].drop(columns="note").reset_index()
    asked = interventi["data_richiesta"].fillna(interventi["data"])
    opened = asked.groupby(interventi["caso_id"]).min().rename("apertura")
    cases = cases.join(opened, on="caso_id")
    cases = cases.astype({"prima": "float64", "ultima": "float64"})
    return cases.assign(variazione=cases["ultima"] - cases["prima"])


def compute_autonomia(frames: Frames, study: Study) -> pd.DataFrame:
    """Mean change of autonomy within cases by area, last note less first (E3).

    The interval of an Ambito is Student's t between its cases; that of the whole treats the
    Ambiti as groups (CR2, Bell and McCaffrey), since cases of one Ambito resemble each other.
    """
    cases = changes_of_cases(frames["tidy_interventi"])
    stacked = by_area(cases)
    rows = [
        {"area": area, **_summary(stacked[stacked["area"] == area], area)} for area in study.aree
    ]
    return typed(pd.DataFrame(rows), schema.AUTONOMIA)


def _summary(cases: pd.DataFrame, area: str) -> dict[str, Any]:
    change = cases["variazione"]
    counts = {
        "casi_seguiti": len(cases),
        "migliorati": int((change > 0).sum()),
        "stabili": int((change == 0).sum()),
        "peggiorati": int((change < 0).sum()),
    }
    if cases.empty:
        return counts
    means = {name: float(cases[name].mean()) for name in ("prima", "ultima", "variazione")}
    return {**counts, **means, **_interval(cases, area)}


def _interval(cases: pd.DataFrame, area: str) -> dict[str, Any]:
    """Return the interval of the mean change; none where the data do not allow one."""
    try:
        if area == DISTRETTO:
            one = np.ones((len(cases), 1))
            fit = cluster_robust(cases["variazione"], one, cases["ambito_id"].to_numpy())
            low, high, method = float(fit.low[0]), float(fit.high[0]), CLUSTERED
        else:
            test = paired_t(cases["ultima"], cases["prima"])
            low, high, method = test.low, test.high, T_TEST
    except EstimationError:
        return {}
    return {"variazione_basso": low, "variazione_alto": high, "metodo": method}


def compute_pratiche(frames: Frames, study: Study) -> pd.DataFrame:
    """First documented adoption of each component by each Ambito; none where nothing is known."""
    known = frames["tidy_pratiche"]
    every = pd.MultiIndex.from_product(
        [sorted(set(known["componente"])), study.ambito_ids], names=["componente", "ambito_id"]
    )
    found = known.groupby(["componente", "ambito_id"]).agg(
        adozione=("data_adozione", "min"),
        pratiche=("pratica_id", "nunique"),
        formali=("strumento_formale", "sum"),
    )
    table = found.reindex(every).reset_index().rename(columns={"ambito_id": "area"})
    return typed(table.fillna({"pratiche": 0, "formali": 0}), schema.PRATICHE)


INDICATORS = (
    Indicator(schema.AUTONOMIA, ("tidy_interventi",), compute_autonomia),
    Indicator(schema.PRATICHE, ("tidy_pratiche",), compute_pratiche),
)
