"""Forecast of requests by area, made only where it beats the same month of last year."""

from __future__ import annotations

import warnings
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from statsmodels.genmod import families
from statsmodels.genmod.generalized_linear_model import GLM
from statsmodels.tools.sm_exceptions import ConvergenceWarning, PerfectSeparationWarning

from bgest_analysis.indicators.calendario import after_ukraine, in_covid
from bgest_analysis.indicators.interventi import by_area, typed
from bgest_analysis.indicators.model import Frames, Indicator
from bgest_analysis.schema.indicatori import programmazione as schema
from bgest_analysis.study.model import Study

Array = NDArray[np.float64]
OBSERVED, FORECAST = "osservato", "previsto"
MODEL, LAST_YEAR, NONE = "modello", "anno_prima", "nessuna"
LEAST_MONTHS = 24
TEST_MONTHS = 12
AHEAD = 12
COVID_END = "2021-05"
LEAST_REQUESTS = 60  # over the usable months: below, a month is mostly chance
TOO_SHORT = "almeno 24 mesi utili, fuori dalle chiusure per il COVID-19"
TOO_FEW = "le richieste sono troppo poche per mese"


@dataclass(frozen=True)
class Series:
    """Requests by month: every month from the first to the last, with what is known of each."""

    months: pd.DatetimeIndex
    requests: Array
    covid: Array
    ukraine: Array

    def usable(self) -> int:
        return int((self.covid == 0).sum())


def monthly(rows: pd.DataFrame, study: Study) -> Series:
    """Return requests by month, the first and last months of the log left out (partial)."""
    days = rows["data_richiesta"].fillna(rows["data"]).dropna()
    counts = days.dt.to_period("M").value_counts()
    every = pd.period_range(counts.index.min(), counts.index.max(), freq="M")
    filled = counts.reindex(every).fillna(0).iloc[1:-1]
    months = filled.index.to_timestamp()
    stamps = pd.Series(months)
    covid = in_covid(stamps, study, COVID_END).to_numpy(dtype=np.float64)
    ukraine = after_ukraine(stamps, study).to_numpy(dtype=np.float64)
    return Series(months, filled.to_numpy(dtype=np.float64), covid, ukraine)


def design(months: pd.DatetimeIndex, covid: Array, ukraine: Array) -> Array:
    """Return level, trend, yearly wave, and the levels of COVID-19 and Ukraine."""
    time = np.asarray(months.year + months.month / 12, dtype=np.float64)
    wave = 2 * np.pi * np.asarray(months.month, dtype=np.float64) / 12
    columns = [np.ones(len(time)), time - 2021, np.sin(wave), np.cos(wave)]
    return np.column_stack([*columns, covid, ukraine])


def predict(series: Series, until: int, months: pd.DatetimeIndex) -> tuple[Array, Array]:
    """Fit on the first ``until`` months; return mean and standard error of a new month.

    Quasi-Poisson, log link; the error joins that of the mean and the overdispersed count's.
    """
    fitted = design(series.months[:until], series.covid[:until], series.ukraine[:until])
    last = np.full(len(months), series.ukraine[until - 1])
    ahead = design(months, np.zeros(len(months)), last)
    kept = np.ptp(fitted, axis=0) > 0
    kept[0] = True
    with warnings.catch_warnings():
        warnings.simplefilter("error", ConvergenceWarning)
        warnings.simplefilter("ignore", PerfectSeparationWarning)
        model = GLM(series.requests[:until], fitted[:, kept], family=families.Poisson())
        found = model.fit(scale="X2")
    mean = np.exp(ahead[:, kept] @ found.params)
    spread = np.einsum("ij,jk,ik->i", ahead[:, kept], found.cov_params(), ahead[:, kept])
    return mean, np.sqrt(mean**2 * spread + found.scale * mean)


def backcast(series: Series) -> tuple[float, float]:
    """Return the mean absolute error of the model and of the same month of last year."""
    until = len(series.months) - TEST_MONTHS
    truth = series.requests[until:]
    guess, _ = predict(series, until, series.months[until:])
    before = series.requests[until - 12 : len(series.months) - 12]
    return float(np.abs(truth - guess).mean()), float(np.abs(truth - before).mean())


def _tested(part: pd.DataFrame, study: Study) -> dict[str, object]:
    series = monthly(part, study)
    row: dict[str, object] = {"mesi": len(series.months), "mesi_utili": series.usable()}
    row |= {"mesi_prova": 0, "usata": NONE}
    if series.usable() < LEAST_MONTHS or len(series.months) < LEAST_MONTHS + TEST_MONTHS:
        return {**row, "motivo": TOO_SHORT}
    if series.requests[series.covid == 0].sum() < LEAST_REQUESTS:
        return {**row, "motivo": TOO_FEW}
    model, naive = backcast(series)
    row |= {"mesi_prova": TEST_MONTHS, "errore_modello": model, "errore_anno_prima": naive}
    return {**row, "usata": MODEL if model < naive else LAST_YEAR, "motivo": ""}


def compute_prova(frames: Frames, study: Study) -> pd.DataFrame:
    """Test each area's forecast on the last twelve months against the same month last year."""
    areas = by_area(frames["tidy_interventi"]).groupby("area")
    rows = [{"area": area, **_tested(part, study)} for area, part in areas]
    return typed(pd.DataFrame(rows), schema.PROVA)


def compute_previsione(frames: Frames, study: Study) -> pd.DataFrame:
    """Requests observed, and forecast for a year with the better of the two ways."""
    chosen = frames["ind_previsione_prova"].set_index("area")["usata"]
    areas = by_area(frames["tidy_interventi"]).groupby("area")
    parts = [
        _series_rows(monthly(part, study), str(chosen[area])).assign(area=area)
        for area, part in areas
    ]
    return typed(pd.concat(parts, ignore_index=True), schema.PREVISIONE)


def _series_rows(series: Series, way: str) -> pd.DataFrame:
    seen = pd.DataFrame(
        {"mese": series.months, "tipo": OBSERVED, "richieste": series.requests.round()}
    ).assign(valore=series.requests)
    if way == NONE:
        return seen
    start = series.months[-1] + pd.offsets.MonthBegin(1)
    ahead = pd.date_range(start, periods=AHEAD, freq="MS")
    if way == LAST_YEAR:
        return pd.concat([seen, _same_month(series, ahead)], ignore_index=True)
    mean, error = predict(series, len(series.months), ahead)
    found = pd.DataFrame({"mese": ahead, "tipo": FORECAST, "valore": mean})
    found = found.assign(basso=np.maximum(0, mean - 1.96 * error), alto=mean + 1.96 * error)
    return pd.concat([seen, found], ignore_index=True)


def _same_month(series: Series, ahead: pd.DatetimeIndex) -> pd.DataFrame:
    """Return last year's months, with the spread of their errors of a year before."""
    gaps = series.requests[12:] - series.requests[:-12]
    reach = 1.96 * float(gaps.std(ddof=1))
    last = series.requests[-12:]
    return pd.DataFrame(
        {
            "mese": ahead,
            "tipo": FORECAST,
            "valore": last,
            "basso": np.maximum(0, last - reach),
            "alto": last + reach,
        }
    )


INDICATORS = (
    Indicator(schema.PROVA, ("tidy_interventi",), compute_prova, ("studio_eventi",)),
    Indicator(
        schema.PREVISIONE,
        ("tidy_interventi", "ind_previsione_prova"),
        compute_previsione,
        ("studio_eventi",),
    ),
)
