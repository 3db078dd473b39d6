"""Synthetic controls between Ambiti: who adopted early against a mix of those who had not yet.

Nobody stays without the model, so donors can only be the Ambiti that adopt later, until they do.
Placebo in space: each donor in turn plays the treated one; with J donors no p is below 1/(J + 1).
The limits are those of the test inverted: effects for which the treated Ambito would not be the
most extreme of all (confidence J/(J + 1), the most this design can give).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from bgest_analysis.errors import EstimationError
from bgest_analysis.impact.model import Estimator
from bgest_analysis.indicators.adozione import (
    NO_DATES,
    NO_ROWS,
    OUTCOMES,
    adoption_days,
    outcome_rows,
    period_of,
)
from bgest_analysis.stats.checks import choice
from bgest_analysis.stats.synth import placebo_test
from bgest_analysis.study.model import Study

COLUMNS = (
    "esito", "variante", "donatori", "prima", "dopo", "stima", "basso", "alto", "fiducia", "p",
    "p_minimo", "scarto_prima", "n", "motivo",
)  # fmt: skip
LEAST_DONORS, LEAST_BEFORE = 3, 2
FEW_DONORS = "meno di tre Ambiti che adottano più tardi: troppo pochi donatori"
SHORT_WINDOW = (
    "servono due periodi prima dell'adozione e uno dopo, con osservazioni in tutti gli Ambiti "
    "del confronto"
)
METHOD = "sdid"


def estimate_synthetic(
    frames: Mapping[str, pd.DataFrame], study: Study, periodo: str = "semestre"
) -> pd.DataFrame:
    """Return, by outcome and Ambito, the effect of adopting against a synthetic control.

    Half-year (or year) means; weights of Ambiti and periods as in synthetic difference in
    differences, so that lasting differences of level do not count (Arkhangelsky et al. 2021). The
    window ends before the donors adopt, at the last period that leaves at least three of them.

    Returns
    -------
    One row an outcome and Ambito (variante): donatori, periods prima and dopo, stima, basso and
    alto at confidence fiducia, p and p_minimo, scarto_prima (root mean square distance before
    adoption), n, or motivo.
    """
    choice(periodo, ("semestre", "anno"), "periodo")
    adoption = adoption_days(frames["tidy_pratiche"])
    rows = outcome_rows(frames["tidy_interventi"])
    rows = rows.assign(periodo=period_of(rows["data"], periodo))
    moment = period_of(adoption, periodo) if len(adoption) else adoption
    found = []
    for outcome in OUTCOMES:
        own = rows[rows["esito"] == outcome]
        for name in study.ambito_ids:
            head = {"esito": outcome, "variante": name, "n": 0, "motivo": ""}
            found.append({**head, **_tried(own, moment, name)})
    return pd.DataFrame(found).reindex(columns=list(COLUMNS)).astype({"n": "Int64"})


def _tried(rows: pd.DataFrame, moment: pd.Series, name: str) -> dict[str, Any]:
    try:
        return _of_ambito(rows, moment, name)
    except EstimationError as error:
        return {"motivo": str(error)}


def _of_ambito(rows: pd.DataFrame, moment: pd.Series, name: str) -> dict[str, Any]:
    if name not in moment.index:
        raise EstimationError(NO_DATES)
    if rows.empty:
        raise EstimationError(NO_ROWS)
    start = int(moment[name])
    last, donors = window(moment, name, int(rows["periodo"].max()))
    used = rows[rows["ambito_id"].isin([name, *donors]) & (rows["periodo"] <= last)]
    panel = used.pivot_table(index="ambito_id", columns="periodo", values="y", aggfunc="mean")
    panel = panel.reindex([name, *donors]).dropna(axis="columns")
    before = sum(int(period) < start for period in panel.columns)
    after = panel.shape[1] - before
    if before < LEAST_BEFORE or not after:
        raise EstimationError(SHORT_WINDOW)
    treated = np.arange(len(panel)) == 0
    test = placebo_test(panel.to_numpy(np.float64), treated, before, METHOD)
    reach = float(np.abs(test.placebo).max())
    counted = used[used["periodo"].isin(panel.columns)]
    return {
        "donatori": len(donors), "prima": before, "dopo": after, "stima": test.estimate,
        "basso": test.estimate - reach, "alto": test.estimate + reach,
        "fiducia": 1 - test.p_smallest, "p": test.p_value, "p_minimo": test.p_smallest,
        "scarto_prima": test.rmspe_before, "n": len(counted),
    }  # fmt: skip


def window(moment: pd.Series, name: str, observed: int) -> tuple[int, list[str]]:
    """Return the last period of the comparison, and the Ambiti that adopt after it.

    Raises
    ------
    EstimationError
        If fewer than three Ambiti adopt later.
    """
    later = moment[moment > moment[name]].sort_values()
    if len(later) < LEAST_DONORS:
        raise EstimationError(FEW_DONORS)
    last = min(int(later.iloc[-LEAST_DONORS]) - 1, observed)
    return last, sorted(str(one) for one in later.index[later > last])


READS = ("tidy_interventi", "tidy_pratiche")
ESTIMATORS = (Estimator("effetti_sintetico", READS, estimate_synthetic),)
