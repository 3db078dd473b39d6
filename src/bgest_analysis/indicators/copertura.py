"""Coverage and equity: persons reached per 1,000 non-EU residents, and hours, by Ambito."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from bgest_analysis.errors import EstimationError
from bgest_analysis.indicators.destinatari import BANDS, count_persons, with_band, with_persons
from bgest_analysis.indicators.interventi import by_area, done, hours, typed
from bgest_analysis.indicators.model import Frames, Indicator
from bgest_analysis.schema.indicatori import copertura as schema
from bgest_analysis.stats.checks import FloatArray
from bgest_analysis.stats.inequality import extreme_ratio, poisson_bootstrap_index, theil
from bgest_analysis.stats.rates import rate_interval, standardised_ratio
from bgest_analysis.stats.shrinkage import gamma_poisson
from bgest_analysis.study.model import Study
from bgest_analysis.workspace import DISTRETTO

PER = 1000.0
DRAWS, SEED = 999, 20230630
ADULTS = "18+"
LEAST_FOR_A_RATIO = 10  # below, a draw of zero makes the ratio of extremes infinite


def compute_copertura(frames: Frames, study: Study) -> pd.DataFrame:
    """Persons reached per 1,000 non-EU residents (P4), each uncertainty in columns of its own.

    Persons over the whole register against residents of the reference year (the nearest at
    hand). Doubles: from the lowest number of persons to the number of records. Denominator: the
    range of the non-EU estimate. Chance: exact Poisson. Shrunken: gamma-Poisson of the Ambiti.
    """
    records = with_persons(frames["tidy_destinatari"], frames.get("tidy_coppie_persone"))
    table = pd.DataFrame({"area": list(study.aree)})
    table = table.merge(count_persons(records), on="area", how="left")
    table = table.merge(_residents(frames["ind_incidenza"], study), on="area", how="left")
    counts = ["schede", "persone", "persone_minimo"]
    table[counts] = table[counts].fillna(0)
    table = _with_rates(table)
    table = _with_expected(table, records, frames.get("tidy_popolazione"), study)
    table = _with_shrunken(table)
    return typed(_with_hours(table, frames.get("tidy_interventi")), schema.COPERTURA)


def _residents(incidenza: pd.DataFrame, study: Study) -> pd.DataFrame:
    years = sorted(set(incidenza["anno"]))
    year = min(years, key=lambda y: (abs(y - study.anno_riferimento), y))
    columns = ["area", "anno", "extra_ue", "extra_ue_basso", "extra_ue_alto", "stranieri"]
    rows: pd.DataFrame = incidenza.loc[incidenza["anno"] == year, columns]
    numbers = [name for name in columns if name not in ("area", "anno")]
    found: pd.DataFrame = rows.astype(dict.fromkeys(numbers, "float64"))
    return found


def _with_rates(table: pd.DataFrame) -> pd.DataFrame:
    persons = table["persone"].astype("float64")
    base = table["extra_ue"].where(table["extra_ue"] > 0)
    known = base.notna()
    chance = rate_interval(persons[known].to_numpy(), base[known].to_numpy(), PER)
    ends = pd.DataFrame(
        {"tasso_caso_basso": chance.low, "tasso_caso_alto": chance.high}, index=table.index[known]
    )
    return table.assign(
        tasso=PER * persons / base,
        tasso_stranieri=PER * persons / table["stranieri"].where(table["stranieri"] > 0),
        tasso_doppioni_basso=PER * table["persone_minimo"] / base,
        tasso_doppioni_alto=PER * table["schede"] / base,
        tasso_denominatore_basso=PER * persons / table["extra_ue_alto"].where(known),
        tasso_denominatore_alto=PER * persons / table["extra_ue_basso"].where(known),
    ).join(ends)


def _with_expected(
    table: pd.DataFrame, records: pd.DataFrame, popolazione: pd.DataFrame | None, study: Study
) -> pd.DataFrame:
    """Add what the rate of the whole would give each Ambito, by age band where it is possible."""
    whole = table[table["area"] == DISTRETTO].iloc[0]
    expected = whole["persone"] * table["extra_ue"] / whole["extra_ue"]
    bands = foreigners_by_band(popolazione, study, int(whole["anno"]))
    kind = "nessuna"
    if not bands.empty:
        reached = _persons_by_band(records)
        rates = reached.loc[DISTRETTO] / bands.loc[DISTRETTO]
        expected = table["area"].map((bands * rates).sum(axis=1, min_count=len(BANDS)))
        kind = "eta"
    table = table.assign(attese=expected, standardizzazione=kind)
    good = (table["attese"] > 0) & (table["area"] != DISTRETTO)
    ratio = standardised_ratio(
        table.loc[good, "persone"].to_numpy(float), table.loc[good, "attese"].to_numpy(float)
    )
    columns = {"rapporto": ratio.value, "rapporto_basso": ratio.low, "rapporto_alto": ratio.high}
    return table.join(pd.DataFrame(columns, index=table.index[good]))


def _persons_by_band(records: pd.DataFrame) -> pd.DataFrame:
    """Return unique persons, areas by age band."""
    placed = by_area(with_band(records))
    counts = placed.groupby(["area", "fascia"])["persona"].nunique().unstack(fill_value=0)
    return counts.reindex(columns=list(BANDS), fill_value=0)


def foreigners_by_band(popolazione: pd.DataFrame | None, study: Study, year: int) -> pd.DataFrame:
    """Return foreign residents, areas by age band; empty where ages are not loaded for all."""
    if popolazione is None:
        return pd.DataFrame()
    rows = popolazione[
        (popolazione["cittadinanza"] == "stranieri")
        & (popolazione["sesso"] == "T")
        & (popolazione["anno"] == year)
    ]
    age = pd.to_numeric(rows["eta"].str.extract(r"^(\d+)", expand=False), errors="coerce")
    rows = rows.assign(eta_anni=age)[age.notna()]
    if set(rows["cod_istat"]) < set(study.comuni["cod_istat"]) or rows.empty:
        return pd.DataFrame()
    rows = rows.merge(study.comuni[["cod_istat", "ambito_id"]], on="cod_istat")
    cuts = [-1, 17, 60, np.inf]
    rows = rows.assign(fascia=pd.cut(rows["eta_anni"], cuts, labels=list(BANDS)).astype("str"))
    sums = by_area(rows).groupby(["area", "fascia"])["n"].sum().unstack()
    return sums.reindex(columns=list(BANDS)).astype("float64")


def _with_shrunken(table: pd.DataFrame) -> pd.DataFrame:
    own = table[(table["area"] != DISTRETTO) & (table["extra_ue"] > 0)]
    try:
        fit = gamma_poisson(own["persone"].to_numpy(float), own["extra_ue"].to_numpy(float))
    except EstimationError:
        return table
    names = ("tasso_raccolto", "tasso_raccolto_basso", "tasso_raccolto_alto")
    values = (fit.shrunken, fit.low, fit.high)
    columns = {name: PER * np.asarray(v) for name, v in zip(names, values, strict=True)}
    return table.join(pd.DataFrame(columns, index=own.index))


def _with_hours(table: pd.DataFrame, interventi: pd.DataFrame | None) -> pd.DataFrame:
    if interventi is None:
        return table
    rows = by_area(done(interventi).assign(ore=lambda r: hours(r)))
    sums = rows.groupby("area").agg(interventi=("ore", "size"), ore=("ore", "sum"))
    table = table.merge(sums.reset_index(), on="area", how="left")
    return table.assign(ore_per_1000=PER * table["ore"] / table["extra_ue"])


def compute_copertura_eta(frames: Frames, study: Study) -> pd.DataFrame:
    """Persons reached by age band, per 1,000 foreign residents of that age where known.

    Where a band of an area would show fewer persons than the threshold, adults stand together;
    where that is not enough, the area has no rows.
    """
    records = with_persons(frames["tidy_destinatari"], frames.get("tidy_coppie_persone"))
    kept = _bands_to_show(_persons_by_band(records), study.protezione.soglia_interna)
    counts = pd.Series(kept.stack(), name="persone").dropna().reset_index()
    year = int(_residents(frames["ind_incidenza"], study)["anno"].iloc[0])
    bands = foreigners_by_band(frames.get("tidy_popolazione"), study, year)
    if bands.empty:
        return typed(counts, schema.COPERTURA_ETA)
    bands[ADULTS] = bands[BANDS[1]] + bands[BANDS[2]]
    base = pd.Series(bands.stack(), name="stranieri").reset_index()
    table = counts.merge(base, on=["area", "fascia"], how="left")
    known = table["stranieri"] > 0
    rate = rate_interval(
        table.loc[known, "persone"].to_numpy(float), table.loc[known, "stranieri"], PER
    )
    columns = {
        "tasso_stranieri": rate.value,
        "tasso_stranieri_basso": rate.low,
        "tasso_stranieri_alto": rate.high,
    }
    return typed(table.join(pd.DataFrame(columns, index=table.index[known])), schema.COPERTURA_ETA)


def _bands_to_show(counts: pd.DataFrame, threshold: int) -> pd.DataFrame:
    """Return areas x bands, missing where a band is not shown on its own."""
    safe = (counts == 0) | (counts >= threshold)
    fine = safe.all(axis=1)
    merged = pd.DataFrame({BANDS[0]: counts[BANDS[0]], ADULTS: counts[list(BANDS[1:])].sum(axis=1)})
    coarse = ((merged == 0) | (merged >= threshold)).all(axis=1) & ~fine
    parts = [counts[fine], merged[coarse]]
    shown: pd.DataFrame = pd.concat(parts).rename_axis(index="area", columns="fascia")
    return shown


def compute_equita(frames: Frames, study: Study) -> pd.DataFrame:
    """Theil's T and max/min between Ambiti, of persons (P4) and hours (M2) per non-EU resident.

    Theil weighs each Ambito by its residents. The interval is chance in the counts alone (the
    Ambiti are all there are): parametric bootstrap; hours are drawn with the effective number of
    interventions (sum of hours squared over sum of squared hours).
    """
    areas = frames["ind_copertura"]
    areas = areas[(areas["area"] != DISTRETTO) & (areas["extra_ue"] > 0)]
    base = areas["extra_ue"].to_numpy(float)
    rows = [_unequal("P4", k, areas["persone"].to_numpy(float), base, None) for k in INDICES]
    if "tidy_interventi" in frames and areas["ore"].notna().all():
        n = areas["interventi"].to_numpy(float)
        size = _effective_interventions(frames["tidy_interventi"], areas["area"])
        per = areas["ore"].to_numpy(float) / np.where(size > 0, size, np.nan)
        rows += [_unequal("M2", k, size, base, per, int(n.sum())) for k in INDICES]
    return typed(pd.DataFrame(rows), schema.EQUITA)


INDICES = ("theil", "massimo_minimo")


def _effective_interventions(interventi: pd.DataFrame, areas: pd.Series) -> FloatArray:
    rows = done(interventi)
    groups = hours(rows).groupby(rows["ambito_id"])
    size = groups.sum() ** 2 / groups.agg(lambda h: (h**2).sum())
    return areas.map(size).fillna(0.0).to_numpy(dtype=float)


def _unequal(
    measure: str,
    index: str,
    events: FloatArray,
    base: FloatArray,
    per_event: FloatArray | None,
    n: int | None = None,
) -> dict[str, Any]:
    """Return one index of rates ``events * per_event / base`` with its bootstrap interval."""
    row: dict[str, Any] = {"misura": measure, "indice": index}
    row["n"] = int(events.sum()) if n is None else n
    if index == "massimo_minimo" and events.min() < LEAST_FOR_A_RATIO:
        return row
    scale = np.ones(base.size) if per_event is None else per_event

    def value(rates: FloatArray, _: FloatArray) -> float:
        found = rates * scale
        return theil(found, base) if index == "theil" else extreme_ratio(found)

    try:
        found = poisson_bootstrap_index(events, base, value, DRAWS, SEED)
    except EstimationError:
        return row
    ends = {"valore": found.value, "basso": found.low, "alto": found.high}
    return row | {name: float(end) for name, end in ends.items() if np.isfinite(end)}


INDICATORS = (
    Indicator(
        schema.COPERTURA,
        ("tidy_destinatari", "ind_incidenza"),
        compute_copertura,
        also_reads=("tidy_coppie_persone", "tidy_popolazione", "tidy_interventi"),
    ),
    Indicator(
        schema.COPERTURA_ETA,
        ("tidy_destinatari", "ind_incidenza"),
        compute_copertura_eta,
        also_reads=("tidy_coppie_persone", "tidy_popolazione"),
    ),
    Indicator(schema.EQUITA, ("ind_copertura",), compute_equita, also_reads=("tidy_interventi",)),
)
