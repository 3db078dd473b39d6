"""Indicator R4: how collaboration between bodies changed between the two waves of the survey."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import stats

from bgest_analysis.errors import EstimationError
from bgest_analysis.indicators.interventi import typed
from bgest_analysis.indicators.model import Frames, Indicator
from bgest_analysis.indicators.presenze import ALL, attendance
from bgest_analysis.schema.indicatori import presenze as schema
from bgest_analysis.stats import network_nulls, networks
from bgest_analysis.study.model import Study

Matrix = NDArray[np.float64]
WAVES = ("prima", "dopo")
PAIR = ["da_ente", "a_ente"]
LEAST_BODIES = 4
PERMUTATIONS = 4999


def compute_relazioni(frames: Frames, study: Study) -> pd.DataFrame:
    """Mean change in frequency with a jackknife interval over bodies, and two QAP correlations.

    ``qap_onde``: of the two waves (is the network the same?); ``qap_incontri``: of the change and
    the weighted ties of the meetings (did those who met more change more?). Pairs answered in one
    wave only are left out and counted.
    """
    ties = frames["tidy_relazioni"]
    met = _met(frames)
    stacked = pd.concat([ties, ties.assign(tipo_relazione=ALL)])
    rows = [
        {"tipo_relazione": kind, **_changed(part, met)}
        for kind, part in stacked.groupby("tipo_relazione")
    ]
    return typed(pd.DataFrame(rows), schema.RELAZIONI)


def _met(frames: Frames) -> pd.DataFrame | None:
    if "tidy_presenze" not in frames or "tidy_incontri" not in frames:
        return None
    table = pd.crosstab(attendance(frames)["ente_id"], attendance(frames)["incontro_id"])
    ties = networks.project(table.to_numpy(dtype=np.float64))
    return pd.DataFrame(ties, index=table.index, columns=table.index)


def _changed(part: pd.DataFrame, met: pd.DataFrame | None) -> dict[str, object]:
    wide = part.groupby([*PAIR, "onda"])["frequenza"].mean().unstack("onda").reindex(columns=WAVES)
    both = wide.dropna().astype("float64")
    names = sorted({*both.index.get_level_values(0), *both.index.get_level_values(1)})
    row: dict[str, object] = {
        "enti": len(names),
        "coppie": len(both),
        "coppie_perse": len(wide) - len(both),
        "motivo": "",
    }
    if len(names) < LEAST_BODIES:
        return {**row, "motivo": "servono almeno quattro enti nelle due onde"}
    change = both["dopo"] - both["prima"]
    row |= {"media_prima": both["prima"].mean(), "media_dopo": both["dopo"].mean()}
    row |= {"densita_prima": (both["prima"] > 0).mean(), "densita_dopo": (both["dopo"] > 0).mean()}
    row |= {"delta": change.mean(), **_jackknife(change, names)}
    return row | _correlated(both, change, names, met)


def _jackknife(change: pd.Series, names: list[str]) -> dict[str, float]:
    """Return a t interval from leaving out each body, with all its ties, in turn."""
    first, second = (change.index.get_level_values(level) for level in (0, 1))
    without = np.array([change[(first != n) & (second != n)].mean() for n in names])
    count = len(names)
    error = np.sqrt((count - 1) / count * ((without - without.mean()) ** 2).sum())
    reach = float(stats.t.ppf(0.975, count - 1) * error)
    return {"basso": float(change.mean()) - reach, "alto": float(change.mean()) + reach}


def _correlated(
    both: pd.DataFrame, change: pd.Series, names: list[str], met: pd.DataFrame | None
) -> dict[str, object]:
    before, after = (_square(both[wave], names) for wave in WAVES)
    found = _qap(before, after, "qap_onde", directed=True)
    if met is not None:
        meetings = met.reindex(index=names, columns=names).fillna(0.0).to_numpy("float64")
        moved = _square(change, names)
        found |= _qap((moved + moved.T) / 2, meetings, "qap_incontri", directed=False)
    return found


def _square(values: pd.Series, names: list[str]) -> Matrix:
    """Return bodies x bodies; a pair nobody described in both waves counts as the mean."""
    table = values.unstack().reindex(index=names, columns=names)
    return np.asarray(table.fillna(float(values.mean())).to_numpy("float64"))


def _qap(first: Matrix, second: Matrix, name: str, *, directed: bool) -> dict[str, object]:
    try:
        found = network_nulls.qap_correlation(first, second, PERMUTATIONS, 2463, directed)
    except EstimationError as error:
        return {"motivo": str(error)}
    return {name: found.correlation, f"{name}_p": found.p_value}


INDICATORS = (
    Indicator(
        schema.RELAZIONI,
        ("tidy_relazioni",),
        compute_relazioni,
        ("tidy_incontri", "tidy_presenze"),
    ),
)
