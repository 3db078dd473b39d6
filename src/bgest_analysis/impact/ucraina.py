"""Estimates of the emergency: how large the surge was, how it faded, what it cost the others.

Months, from the first with requests to the last but one: in the last month registers do not hold
yet the requests that wait. Months without any request are taken as not recorded and left out.
COVID-19 enters in two ways, always both: terms by quarter, or its months left out.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from bgest_analysis.errors import EstimationError
from bgest_analysis.impact.model import Estimator
from bgest_analysis.indicators.adozione import ON_DEMAND, adoption_days
from bgest_analysis.indicators.calendario import UKRAINE, event_day, in_covid
from bgest_analysis.indicators.interventi import done, hours, is_unmet
from bgest_analysis.indicators.rivolti import OTHERS, with_group
from bgest_analysis.indicators.ucraina import request_day
from bgest_analysis.stats.checks import BoolArray, FloatArray
from bgest_analysis.stats.cr2 import cluster_robust
from bgest_analysis.stats.surge import HALF_LIVES, Surge, fading_surge, intensity
from bgest_analysis.study.model import Study
from bgest_analysis.workspace import DISTRETTO

WITH_TERMS, WITHOUT_MONTHS = VERSIONS = ("con_termini", "mesi_esclusi")
SIZE, HALF_LIFE, OWN_HALF_LIFE = "ampiezza", "emivita", "emivita_loro"
OTHER_REQUESTS, OTHER_HOURS = "altri_richieste", "altri_ore"
OTHER_WAIT, OTHER_UNMET = "altri_attesa", "altri_inevase"
MEASURES = (
    SIZE, HALF_LIFE, OWN_HALF_LIFE, OTHER_REQUESTS, OTHER_HOURS, OTHER_WAIT, OTHER_UNMET,
)  # fmt: skip
LARGE = np.expm1(np.linspace(np.log(0.2), np.log(4_000.0), 61))  # theirs were few before
COLUMNS = ("misura", "variante", "stima", "basso", "alto", "p", "n", "mesi", "motivo")
FITTED = ("mese", "variante", "modello", "ordinario", "n", "motivo")
LEAST_BEFORE, LEAST_AFTER, LEAST_MONTHS, LEAST_A_MONTH = 12, 6, 30, 8
NO_DAY = "il calendario dello studio non ha il giorno dell'invasione (evento «ucraina»)"
FEW_MONTHS = "servono almeno 30 mesi, 12 prima dell'invasione e 6 dopo"
THIN_MONTHS = "meno di 8 richieste nel mese mediano: la serie sarebbe solo rumore"
NO_SURGE = "l'ondata non si distingue dall'andamento ordinario: il tempo di dimezzamento non esiste"
ALPHA = 0.05

Rows = list[dict[str, Any]]


def estimate_surge(
    frames: Mapping[str, pd.DataFrame],
    study: Study,
    area: str = DISTRETTO,
    covid_fine: str = "2021-05",
) -> pd.DataFrame:
    """Return size and half-life of the surge of requests, and what changed for other users.

    Parameters
    ----------
    area
        The whole, or one Ambito.
    covid_fine
        Last month of COVID-19 where the calendar has no end.

    Returns
    -------
    Rows of misura ``ampiezza`` (extra requests on the first day, multiples of the ordinary ones),
    ``emivita`` (days), ``emivita_loro`` (days; from the requests known to be of people from
    Ukraine, in proportion to those expected of the others), ``altri_richieste`` and
    ``altri_ore`` (change on the first day, share of the ordinary), ``altri_attesa`` (days),
    ``altri_inevase`` (share), by variante. What concerns the others fades with the half-life
    found for the surge, taken as known.
    """
    start = event_day(study, UKRAINE)
    log = _of_area(frames, area)
    found: Rows = []
    for version in VERSIONS:
        found += [
            {**row, "variante": version}
            for row in _of_version(log, frames, study, start, (version, covid_fine))
        ]
    return pd.DataFrame(found).reindex(columns=list(COLUMNS)).astype({"n": "Int64"})


def estimate_fitted(
    frames: Mapping[str, pd.DataFrame],
    study: Study,
    area: str = DISTRETTO,
    covid_fine: str = "2021-05",
) -> pd.DataFrame:
    """Return, by month and variante, the requests the model expects, with and without the surge."""
    start = event_day(study, UKRAINE)
    log = _of_area(frames, area)
    parts = []
    for version in VERSIONS:
        months = _months(log, study, start, (version, covid_fine))
        reason = _problem(months, start)
        if reason:
            parts.append(pd.DataFrame({"variante": [version], "n": [0], "motivo": [reason]}))
            continue
        wave = _surge_of(months, months["richieste"])
        values = {"modello": wave.fitted, "ordinario": wave.ordinary}
        n = int(months["richieste"].sum())
        parts.append(months[["mese"]].assign(**values, variante=version, n=n, motivo=""))
    return pd.concat(parts, ignore_index=True).reindex(columns=list(FITTED))


def _of_area(frames: Mapping[str, pd.DataFrame], area: str) -> pd.DataFrame:
    log = with_group(frames["tidy_interventi"], frames.get("tidy_destinatari"))
    log = log.assign(giorno=request_day(log))
    return log if area == DISTRETTO else log[log["ambito_id"] == area]


def _of_version(
    log: pd.DataFrame,
    frames: Mapping[str, pd.DataFrame],
    study: Study,
    start: pd.Timestamp | None,
    choices: tuple[str, str],
) -> Rows:
    months = _months(log, study, start, choices)
    head = {"n": int(months["richieste"].sum()), "mesi": len(months), "motivo": ""}
    reason = _problem(months, start)
    if reason or start is None:
        return [{**head, "misura": name, "motivo": reason} for name in MEASURES]
    try:
        wave = _surge_of(months, months["richieste"])
    except EstimationError as error:
        return [{**head, "misura": name, "motivo": str(error)} for name in MEASURES]
    size, half = wave.size, wave.half_life
    found = [
        {**head, "misura": SIZE, **_ends(size.value, size.low, size.high), "p": wave.p_value},
        {**head, "misura": HALF_LIFE, **_ends(half.value, half.low, half.high)},
    ]
    if wave.p_value > ALPHA or size.value <= 0:
        empty = {**head, "motivo": NO_SURGE}
        return [found[0], *({**empty, "misura": name} for name in MEASURES[1:])]
    others = _surge_of(months, months["altri_richieste"], half.value)
    found.append({**head, **_own_half_life(months, others.fitted)})
    found += _totals_of_others(months, half.value)
    return found + _rows_of_others(log, frames, months, start, half.value)


def _months(
    log: pd.DataFrame, study: Study, start: pd.Timestamp | None, choices: tuple[str, str]
) -> pd.DataFrame:
    """Return one row a usable month: requests, the others' requests and hours, days from start.

    The last month of the register is left out: requests that still wait are not in it.
    """
    version, covid_end = choices
    dated = log[log["giorno"].notna()]
    month = dated["giorno"].dt.to_period("M").dt.to_timestamp()
    other = dated[dated["gruppo"] == OTHERS]
    worked = done(other)
    table = pd.DataFrame(
        {
            "richieste": dated.groupby(month).size(),
            "altri_richieste": other.groupby(month.loc[other.index]).size(),
            "altri_ore": hours(worked).groupby(month.loc[worked.index]).sum(),
        }
    )
    table = table.fillna(0.0).rename_axis("mese").reset_index().iloc[:-1]
    first = pd.Timestamp(0) if start is None else start
    ends = table["mese"] + pd.offsets.MonthBegin(1)
    table = table.assign(
        da=(table["mese"] - first).dt.days.astype("float64"),
        a=(ends - first).dt.days.astype("float64"),
        covid=in_covid(table["mese"], study, covid_end),
    )
    kept = table[~table["covid"]] if version == WITHOUT_MONTHS else table
    return kept.reset_index(drop=True)


def _problem(months: pd.DataFrame, start: pd.Timestamp | None) -> str:
    if start is None:
        return NO_DAY
    before, after = int((months["a"] <= 0).sum()), int((months["da"] >= 0).sum())
    if len(months) < LEAST_MONTHS or before < LEAST_BEFORE or after < LEAST_AFTER:
        return FEW_MONTHS
    return THIN_MONTHS if months["richieste"].median() < LEAST_A_MONTH else ""


def _terms(when: pd.Series, covid: BoolArray) -> FloatArray:
    """Return constant, trend (years), months of the calendar, quarters of COVID-19."""
    year = when.dt.year.to_numpy(np.float64) + (when.dt.month.to_numpy(np.float64) - 1) / 12
    month = when.dt.month.to_numpy()
    seasons = [month == k for k in sorted(set(month.tolist()))[1:]]
    quarter = when.dt.to_period("Q").astype("str").to_numpy()
    shocks = [covid & (quarter == name) for name in sorted(set(quarter[covid].tolist()))]
    columns = [np.ones(len(year)), year - year.mean(), *seasons, *shocks]
    return np.column_stack(columns).astype(np.float64)


def _surge_of(months: pd.DataFrame, amount: pd.Series, half_life: float | None = None) -> Surge:
    terms = _terms(months["mese"], months["covid"].to_numpy(bool))
    days = HALF_LIVES if half_life is None else [half_life]
    return fading_surge(amount, months["da"], months["a"], terms, half_lives=days)


def _own_half_life(months: pd.DataFrame, ordinary: FloatArray) -> dict[str, Any]:
    """Return the half-life of the requests known to be theirs, over the others' expected ones."""
    theirs = months["richieste"] - months["altri_richieste"]
    head = {"misura": OWN_HALF_LIFE, "n": int(theirs.sum())}
    level = np.ones((len(months), 1))
    try:
        wave = fading_surge(
            theirs, months["da"], months["a"], level, exposure=ordinary, sizes=LARGE
        )
    except EstimationError as error:
        return {**head, "motivo": str(error)}
    half = wave.half_life
    return {**head, **_ends(half.value, half.low, half.high)}


def _totals_of_others(months: pd.DataFrame, half_life: float) -> Rows:
    """Return how requests and hours of the other users changed on the first day."""
    found = []
    for name in (OTHER_REQUESTS, OTHER_HOURS):
        n = int(months["altri_richieste"].sum())
        head = {"misura": name, "n": n, "mesi": len(months), "motivo": ""}
        try:
            wave = _surge_of(months, months[name], half_life)
        except EstimationError as error:
            found.append({**head, "motivo": str(error)})
            continue
        ends = _ends(wave.size.value, wave.size.low, wave.size.high)
        found.append({**head, **ends, "p": wave.p_value})
    return found


def _rows_of_others(
    log: pd.DataFrame,
    frames: Mapping[str, pd.DataFrame],
    months: pd.DataFrame,
    start: pd.Timestamp,
    half_life: float,
) -> Rows:
    """Return the days more they waited and the share more left unmet, on the first day.

    Least squares with effects of Ambiti, trend, months, COVID-19, adoption of the model where it
    is known; errors CR2 with the months of request as clusters.
    """
    rows = log[(log["gruppo"] == OTHERS) & log["data_richiesta"].notna()]
    rows = rows[rows["modalita"].isin(ON_DEMAND) & rows["ambito_id"].notna()]
    rows = rows.assign(mese=rows["data_richiesta"].dt.to_period("M").dt.to_timestamp())
    rows = rows[rows["mese"].isin(months["mese"])]
    met = rows[~is_unmet(rows) & rows["data"].notna()]
    wait = (met["data"] - met["data_richiesta"]).dt.days.astype("float64")
    covid = set(months.loc[months["covid"], "mese"])
    practices = frames.get("tidy_pratiche")
    outcomes = {
        OTHER_WAIT: (met[wait >= 0], wait[wait >= 0]),
        OTHER_UNMET: (rows, is_unmet(rows).astype("float64")),
    }
    found = []
    for name, (own, y) in outcomes.items():
        head = {"misura": name, "n": len(own), "mesi": int(own["mese"].nunique()), "motivo": ""}
        since = np.asarray((own["data_richiesta"] - start).dt.days, dtype=np.float64)
        extra = [intensity(since, since + 1, half_life), *_adopted(own, practices)]
        terms = _terms(own["mese"], own["mese"].isin(covid).to_numpy(bool))[:, 1:]
        try:
            fit = cluster_robust(
                y,
                np.column_stack([*extra, terms]),
                own["mese"].dt.strftime("%Y-%m").to_numpy(dtype=object).astype(str),
                fixed_effects=[own["ambito_id"].to_numpy(dtype=object).astype(str)],
            )
        except EstimationError as error:
            found.append({**head, "motivo": str(error)})
            continue
        ends = _ends(float(fit.coefficient[0]), float(fit.low[0]), float(fit.high[0]))
        found.append({**head, **ends, "p": float(fit.p_value[0])})
    return found


def _adopted(rows: pd.DataFrame, practices: pd.DataFrame | None) -> list[FloatArray]:
    """Return the column «after its Ambito adopted the model», where it is known and varies."""
    if practices is None:
        return []
    day = rows["ambito_id"].map(adoption_days(practices))
    after = np.asarray(rows["data_richiesta"] >= day, dtype=np.float64)
    return [after] if 0 < after.mean() < 1 else []


def _ends(value: float, low: float, high: float) -> dict[str, float]:
    """Return an estimate and its ends; one the data do not limit is missing."""
    ends = {"basso": low, "alto": high}
    return {"stima": value, **{k: v if np.isfinite(v) else np.nan for k, v in ends.items()}}


READS, ALSO = ("tidy_interventi",), ("tidy_destinatari", "tidy_pratiche")
ESTIMATORS = (
    Estimator("ucraina", READS, estimate_surge, ALSO),
    Estimator("ucraina_mesi", READS, estimate_fitted, ALSO),
)
