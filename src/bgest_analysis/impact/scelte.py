"""The headline figures over every declared combination of choices, a matrix product each."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
import pandas as pd

from bgest_analysis.clean.derive import DERIVED
from bgest_analysis.impact.griglia import (
    ALL_AMBITI,
    EXCLUDED,
    Grid,
    build_grid,
    masks_of,
    threshold_of,
)
from bgest_analysis.impact.model import Estimator
from bgest_analysis.indicators.adozione import COMPONENTS, ON_DEMAND, period_of
from bgest_analysis.indicators.calendario import UKRAINE, event_day, in_covid
from bgest_analysis.indicators.casi import changes_of_cases
from bgest_analysis.indicators.interventi import INTEGRATED, MINUTES, done, is_unmet
from bgest_analysis.stats.checks import FloatArray
from bgest_analysis.study.model import Study
from bgest_analysis.workspace import DISTRETTO

FIGURES = ("M3", "M6", "M7", "M8", "E1", "E3")
LEAST_ROWS = 20
UKRAINE_MONTHS, LAST_YEARS = 6, 3
PLACES = 3  # decimals kept: two nearby combinations must not tell one person apart
SELECTING = ("periodo", EXCLUDED)
THIN = "meno di 20 osservazioni"
ABSENT = "mancano le tabelle"

Masks = dict[tuple[str, str], np.ndarray]


def estimate_choices(
    frames: Mapping[str, pd.DataFrame],
    study: Study,
    area: str = DISTRETTO,
    covid_fine: str = "2021-05",
) -> pd.DataFrame:
    """Return every headline figure over its grid of choices.

    Returns
    -------
    One row a combination: codice, one column a choice (missing where it is another figure's),
    stima (rounded to 3 decimals), n, confronto, preferita, impossibili (of the figure), motivo.
    """
    ambiti = study.ambito_ids if area == DISTRETTO else ()
    parts = []
    for figure, (table, compute) in COMPUTED.items():
        if table not in frames or (figure == "E3" and "tidy_pratiche" not in frames):
            parts.append(pd.DataFrame({"codice": [figure], "n": [0], "motivo": [ABSENT]}))
            continue
        grid = build_grid(figure, ambiti)
        parts.append(_with_facts(figure, grid, compute(frames, study, area, covid_fine, grid)))
    return pd.concat(parts, ignore_index=True).astype({"n": "Int64"})


def _with_facts(figure: str, grid: Grid, found: tuple[FloatArray, FloatArray]) -> pd.DataFrame:
    value, n = found
    enough = (n >= LEAST_ROWS) & np.isfinite(value)
    preferred = np.logical_and.reduce(
        [(grid.table[name] == option).to_numpy() for name, option in grid.preferred.items()]
    )
    return grid.table.assign(
        codice=figure,
        stima=np.where(enough, np.round(value, PLACES), np.nan),
        n=n.astype(np.int64),
        confronto=threshold_of(figure),
        preferita=preferred,
        impossibili=grid.impossible,
        motivo=np.where(enough, "", THIN),
    )


def _common_masks(rows: pd.DataFrame, study: Study, grid: Grid, covid_end: str) -> Masks:
    """Return which rows each period and each left-out Ambito keeps."""
    days = rows["data"]
    covid, start = in_covid(days, study, covid_end).to_numpy(bool), event_day(study, UKRAINE)
    ukraine = np.zeros(len(rows), dtype=bool)
    if start is not None:
        end = start + pd.DateOffset(months=UKRAINE_MONTHS)
        ukraine = ((days >= start) & (days < end)).to_numpy(bool)
    recent = (days > days.max() - pd.DateOffset(years=LAST_YEARS)).to_numpy(bool)
    masks: Masks = {
        ("periodo", "tutto"): np.ones(len(rows), dtype=bool),
        ("periodo", "senza_covid"): ~covid,
        ("periodo", "senza_ucraina"): ~ukraine,
        ("periodo", "senza_emergenze"): ~(covid | ukraine),
        ("periodo", "ultimi_tre_anni"): recent,
    }
    own = rows["ambito_id"].fillna("").to_numpy(dtype=object)
    for name in set(grid.table[EXCLUDED]):
        masks[EXCLUDED, name] = own != name if name != ALL_AMBITI else np.ones(len(rows), bool)
    return masks


def _service_masks(rows: pd.DataFrame) -> Masks:
    every = np.ones(len(rows), dtype=bool)
    return {
        ("canale", "tutti"): every,
        ("canale", "presenza"): (rows["canale"] == "presenza").fillna(False).to_numpy(bool),
        ("modalita", "tutte"): every,
        ("modalita", "senza_urgenti"): (rows["modalita"] != "urgente").fillna(True).to_numpy(bool),
    }


def _shares(
    grid: Grid, masks: Masks, weights: dict[str, FloatArray], hits: dict[str, FloatArray]
) -> tuple[FloatArray, FloatArray]:
    """Return weighted shares of all combinations: two matrix products for all of them.

    ``weights`` and ``hits`` are by the option of the choices ``peso`` and ``definizione``.
    """
    names = [str(name) for name in grid.table if (str(name), grid.table[name].iloc[0]) in masks]
    keep, place = masks_of(grid.table, names, masks)
    pairs = {(w, h): i for i, (w, h) in enumerate((w, h) for w in weights for h in hits)}
    top = np.array([weights[w] * hits[h] for w, h in pairs]) @ keep
    bottom = np.array([weights[w] for w, _ in pairs]) @ keep
    weighing = grid.table["peso"] if "peso" in grid.table else pd.Series("", grid.table.index)
    defining = grid.table.get("definizione", weighing)
    row = np.array([pairs[key] for key in zip(weighing, defining, strict=True)])
    below = bottom[row, place]
    share = np.divide(top[row, place], below, out=np.full(len(row), np.nan), where=below > 0)
    return share, keep.sum(axis=0)[place]


def _log(frames: Mapping[str, pd.DataFrame], area: str) -> pd.DataFrame:
    log = frames["tidy_interventi"]
    return log if area == DISTRETTO else log[log["ambito_id"] == area]


def _weights(rows: pd.DataFrame) -> dict[str, FloatArray]:
    return {
        "ore_frontali": rows["minuti_frontali"].to_numpy(np.float64),
        "ore_totali": rows[list(MINUTES)].sum(axis=1).to_numpy(np.float64),
        "interventi": np.ones(len(rows)),
    }


def _hits(held: pd.Series) -> FloatArray:
    return np.asarray(held.fillna(False), dtype=np.float64)


def _integrated(
    frames: Mapping[str, pd.DataFrame], study: Study, area: str, covid_end: str, grid: Grid
) -> tuple[FloatArray, FloatArray]:
    rows = done(_log(frames, area))
    rows = rows[rows["fase"].notna()]
    masks = _common_masks(rows, study, grid, covid_end) | _service_masks(rows)
    masks["origine", "tutte"] = np.ones(len(rows), dtype=bool)
    masks["origine", "registrata"] = (rows["fase_origine"] != DERIVED).to_numpy(bool)
    hits: dict[str, FloatArray] = {
        "lettura_progettazione_verifica": _hits(rows["fase"].isin(INTEGRATED)),
        "lettura_progettazione": _hits(rows["fase"].isin(INTEGRATED[:2])),
    }
    return _shares(grid, masks, _weights(rows), hits)


def _activation(
    frames: Mapping[str, pd.DataFrame], study: Study, area: str, covid_end: str, grid: Grid
) -> tuple[FloatArray, FloatArray]:
    rows = done(_log(frames, area))
    rows = rows[rows["orientamento"].notna() & (rows["orientamento_origine"] != DERIVED)]
    masks = _common_masks(rows, study, grid, covid_end) | _service_masks(rows)
    masks["origine", "tutte"] = np.ones(len(rows), dtype=bool)
    masks["origine", "registrata"] = (rows["orientamento_origine"] == "registrata").to_numpy(bool)
    hits: dict[str, FloatArray] = {
        "attivazione": _hits(rows["orientamento"] == "attivazione"),
        "non_assistenza": _hits(rows["orientamento"] != "assistenza"),
    }
    return _shares(grid, masks, _weights(rows), hits)


def _unmet(
    frames: Mapping[str, pd.DataFrame], study: Study, area: str, covid_end: str, grid: Grid
) -> tuple[FloatArray, FloatArray]:
    log = _log(frames, area)
    rows = log[(log["modalita"] != "presidio_fisso").fillna(True)]
    rows = rows.assign(data=rows["data_richiesta"].fillna(rows["data"]))
    masks = _common_masks(rows, study, grid, covid_end) | _service_masks(rows)
    uncovered = (rows["esito"] == "non_coperto").fillna(False).to_numpy(bool)
    unmet = is_unmet(rows).to_numpy(bool)
    masks["denominatore", "richieste"] = np.ones(len(rows), dtype=bool)
    masks["denominatore", "senza_annullati"] = ~(unmet & ~uncovered)
    hits: dict[str, FloatArray] = {
        "con_annullati": unmet.astype(np.float64),
        "solo_non_coperto": uncovered.astype(np.float64),
    }
    return _shares(grid, masks, {"": np.ones(len(rows))}, hits)


def _waits(
    frames: Mapping[str, pd.DataFrame], study: Study, area: str, covid_end: str, grid: Grid
) -> tuple[FloatArray, FloatArray]:
    rows = done(_log(frames, area))
    rows = rows[rows["data_richiesta"].notna() & rows["modalita"].isin([*ON_DEMAND, "urgente"])]
    days = (rows["data"] - rows["data_richiesta"]).dt.days.to_numpy(np.float64)
    rows = rows.assign(data=rows["data_richiesta"])[days >= 0]
    days = days[days >= 0]
    masks = _common_masks(rows, study, grid, covid_end) | _service_masks(rows)
    keep, place = masks_of(grid.table, ["modalita", "canale", *SELECTING], masks)
    size = keep.sum(axis=0)
    middle = np.array([np.median(days[k > 0]) if k.any() else np.nan for k in keep.T])
    mean = np.divide(days @ keep, size, out=np.full(size.size, np.nan), where=size > 0)
    wanted = (grid.table["stimatore"] == "mediana").to_numpy(bool)
    return np.where(wanted, middle[place], mean[place]), size[place]


def _useful(
    frames: Mapping[str, pd.DataFrame], study: Study, area: str, covid_end: str, grid: Grid
) -> tuple[FloatArray, FloatArray]:
    asked = frames["tidy_questionari"]
    rows = asked[(asked["item"] == "utile_integrazione") & (asked["scala"] == "si_no")]
    rows = rows if area == DISTRETTO else rows[rows["ambito_id"] == area]
    every = np.ones(len(rows), dtype=bool)
    masks = _common_masks(rows.assign(data=pd.Timestamp(0)), study, grid, covid_end)
    masks["compilazione", "tutti"] = every
    helped = rows["compilato_con_mediatore"].fillna(True).to_numpy(bool)
    masks["compilazione", "senza_mediatore"] = ~helped
    masks["non_risposta", "come_no"] = every
    masks["non_risposta", "esclusa"] = rows["valore"].notna().to_numpy(bool)
    yes = np.where((rows["valore"] == 1).fillna(False).to_numpy(bool), 1.0, 0.0)
    return _shares(grid, masks, {"": np.ones(len(rows))}, {"": yes})


def _effect(
    frames: Mapping[str, pd.DataFrame], study: Study, area: str, covid_end: str, grid: Grid
) -> tuple[FloatArray, FloatArray]:
    """Return the least-squares effect on autonomy; one Ambito alone has no comparison."""
    rows = changes_of_cases(frames["tidy_interventi"]).rename(columns={"apertura": "data"})
    if area != DISTRETTO:
        return np.full(len(grid.table), np.nan), np.zeros(len(grid.table))
    masks = _common_masks(rows, study, grid, covid_end)
    masks["prima_rilevazione", "tutte"] = np.ones(len(rows), dtype=bool)
    masks["prima_rilevazione", "sotto_3"] = (rows["prima"] < 3).to_numpy(bool)
    keep, place = masks_of(grid.table, ["prima_rilevazione", *SELECTING], masks)
    adopted = _adopted(rows, frames["tidy_pratiche"])
    effects = _calendar_effects(rows)
    y = rows["variazione"].to_numpy(np.float64)
    known = [
        _coefficient(y, adopted[defined], effects[timed], keep[:, at] > 0)
        for defined, timed, at in zip(
            grid.table["definizione"], grid.table["stimatore"], place, strict=True
        )
    ]
    return np.array(known), keep.sum(axis=0)[place]


def _adopted(rows: pd.DataFrame, pratiche: pd.DataFrame) -> dict[str, FloatArray]:
    """Return, for each definition of adoption, who had adopted (NaN where no date is known)."""
    found: dict[str, FloatArray] = {}
    for name, components in (
        ("integrata_o_lettura", COMPONENTS),
        ("attivazione", ("attivazione",)),
    ):
        own = pratiche[pratiche["componente"].isin(components)]
        days = pd.to_datetime(
            rows["ambito_id"].map(own.groupby("ambito_id")["data_adozione"].min())
        )
        after = (rows["data"] >= days).to_numpy(np.float64)
        found[name] = np.where(days.isna().to_numpy(), np.nan, after)
    return found


def _calendar_effects(rows: pd.DataFrame) -> dict[str, FloatArray]:
    areas = pd.get_dummies(rows["ambito_id"].astype("str"), dtype="float64").to_numpy()
    timed = {
        name: pd.get_dummies(period_of(rows["data"], name), dtype="float64").to_numpy()
        for name in ("semestre", "anno")
    }
    return {
        "ambito": areas,
        **{name: np.column_stack([areas, dummies]) for name, dummies in timed.items()},
    }


def _coefficient(y: FloatArray, d: FloatArray, effects: FloatArray, keep: np.ndarray) -> float:
    rows = keep & ~np.isnan(d)
    own, others = d[rows], effects[rows]
    if own.size == 0:
        return float("nan")
    left = own - others @ np.linalg.lstsq(others, own, rcond=None)[0]
    below = float(left @ own)
    return float(left @ y[rows]) / below if below > 1e-9 * own.size else float("nan")


Computation = Callable[..., tuple[FloatArray, FloatArray]]
COMPUTED: dict[str, tuple[str, Computation]] = {
    "M3": ("tidy_interventi", _integrated),
    "M6": ("tidy_interventi", _activation),
    "M7": ("tidy_interventi", _unmet),
    "M8": ("tidy_interventi", _waits),
    "E1": ("tidy_questionari", _useful),
    "E3": ("tidy_interventi", _effect),
}
ESTIMATORS = (
    Estimator(
        "scelte",
        (),
        estimate_choices,
        also_reads=("tidy_interventi", "tidy_questionari", "tidy_pratiche"),
    ),
)
