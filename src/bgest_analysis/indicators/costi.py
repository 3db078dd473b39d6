"""Indicators of costs: approved against reported (F1), cost per hour and per person (F2)."""

from __future__ import annotations

import pandas as pd

from bgest_analysis.errors import EstimationError
from bgest_analysis.indicators.fondi import distinct_persons, persons_of
from bgest_analysis.indicators.interventi import MINUTES, done, hours, typed
from bgest_analysis.indicators.model import Frames, Indicator
from bgest_analysis.schema.indicatori import fondi as schema
from bgest_analysis.stats.costs import cost_per_unit
from bgest_analysis.study.model import Study

ALL = "tutti"
LINE = ["voce", "sottovoce", "ente_id"]
APPROVED = "approvato"
OVERHEAD = "IND"
STAFF = ("A", "B")
BASES = ("totale", "senza_indiretti", "personale_e_viaggi")
PREFERRED = ("totale", "ore_frontali")
PREFERRED_PERSONS = ("totale", "persone_max")
LEAST_QUARTERS = 4


def of_project(budget: pd.DataFrame, study: Study) -> pd.DataFrame:
    """Return the lines of the project under evaluation (or of none stated)."""
    project = budget["progetto_id"].fillna(study.progetto.progetto_id)
    return budget[project == study.progetto.progetto_id]


def lines(budget: pd.DataFrame) -> pd.DataFrame:
    """Return approved, last and reported amounts of each line of the plan.

    The last version of a line is the highest remodulation in which it stands: a remodulation
    that lists only what it changes leaves the other lines as approved.
    """
    rows = budget.assign(**{name: budget[name].fillna("") for name in LINE})
    plan = rows[rows["versione_budget"].notna() & rows["importo_eur"].notna()]
    number = plan["versione_budget"].str.extract(r"rimod_(\d+)")[0].astype("Int64").fillna(0)
    plan = plan.assign(numero=number, importo_eur=plan["importo_eur"].astype("float64"))
    sums = plan.groupby([*LINE, "numero"])["importo_eur"].sum().reset_index()
    last = sums.sort_values("numero").groupby(LINE)["importo_eur"].last()
    table = pd.DataFrame(
        {
            "approvato_eur": sums[sums["numero"] == 0].set_index(LINE)["importo_eur"],
            "ultimo_eur": last,
            "versioni": sums.groupby(LINE)["numero"].nunique(),
            "rendicontato_eur": rows.groupby(LINE)["importo_rendicontato_eur"].sum(),
        }
    )
    amounts = ["approvato_eur", "ultimo_eur", "rendicontato_eur"]
    table[amounts] = table[amounts].astype("float64").fillna(0.0)
    return table.reset_index()


def quarter_of(days: pd.Series) -> pd.Series:
    """Return ``2021-T2`` for each day."""
    names: pd.Series = days.dt.year.astype("str") + "-T" + days.dt.quarter.astype("str")
    return names


def compute_budget(frames: Frames, study: Study) -> pd.DataFrame:
    """Approved, last version and reported by heading and body, with progress (F1)."""
    table = lines(of_project(frames["tidy_budget"], study))
    stacked = pd.concat(
        [
            table.assign(voce=heading, ente_id=body)
            for heading in (table["voce"], ALL)
            for body in (table["ente_id"], ALL)
        ]
    )
    sums = stacked.groupby(["voce", "ente_id"]).agg(
        approvato_eur=("approvato_eur", "sum"),
        ultimo_eur=("ultimo_eur", "sum"),
        versioni=("versioni", "max"),
        rendicontato_eur=("rendicontato_eur", "sum"),
    )
    for share, base in (("avanzamento", "ultimo_eur"), ("su_approvato", "approvato_eur")):
        sums[share] = sums["rendicontato_eur"] / sums[base].where(sums[base] > 0)
    return typed(sums.reset_index(), schema.BUDGET)


def compute_spesa(frames: Frames, study: Study) -> pd.DataFrame:
    """Expenses by quarter and cumulated, beside the last version of the plan."""
    budget = of_project(frames["tidy_budget"], study)
    spent = _expenses(budget)
    table = spent.groupby("trimestre")["importo_rendicontato_eur"].sum().reset_index()
    table = table.rename(columns={"importo_rendicontato_eur": "rendicontato_eur"})
    table["cumulato_eur"] = table["rendicontato_eur"].cumsum()
    total = lines(budget)["ultimo_eur"].sum()
    table["quota"] = table["cumulato_eur"] / total if total > 0 else None
    return typed(table, schema.SPESA)


def _expenses(budget: pd.DataFrame) -> pd.DataFrame:
    spent = budget[budget["importo_rendicontato_eur"].notna() & budget["data_spesa"].notna()]
    amounts = spent["importo_rendicontato_eur"].astype("float64")
    return spent.assign(trimestre=quarter_of(spent["data_spesa"]), importo_rendicontato_eur=amounts)


def compute_costi(frames: Frames, study: Study) -> pd.DataFrame:
    """Cost per hour and per person: each cost base over each denominator (F2).

    Only work of the project under evaluation. Intervals of hours are Fieller's over quarters:
    they tell how the ratio varied in time, not a sampling error.
    """
    rows = done(frames["tidy_interventi"])
    project = study.progetto.progetto_id
    rows = rows[rows["progetto_id"].fillna(project) == project]
    spent = _expenses(of_project(frames["tidy_budget"], study))
    table = [
        *_per_hour(rows, spent),
        *_per_person(rows, spent, frames.get("tidy_coppie_persone")),
    ]
    return typed(pd.DataFrame(table), schema.COSTI)


def _of_base(spent: pd.DataFrame, base: str) -> pd.DataFrame:
    if base == "senza_indiretti":
        return spent[spent["voce"] != OVERHEAD]
    return spent[spent["voce"].isin(STAFF)] if base == "personale_e_viaggi" else spent


def _per_hour(rows: pd.DataFrame, spent: pd.DataFrame) -> list[dict[str, object]]:
    measures = {"ore_frontali": rows[MINUTES[0]] / 60, "ore_totali": hours(rows)}
    found = []
    for base in BASES:
        costs = _of_base(spent, base)
        for name, worked in measures.items():
            row = _ratio(costs["importo_rendicontato_eur"].sum(), float(worked.sum()), len(rows))
            row |= {"unita": "ora", "base": base, "denominatore": name}
            row |= {"preferito": (base, name) == PREFERRED, **_over_quarters(rows, worked, costs)}
            found.append(row)
    return found


def _ratio(cost: float, quantity: float, cases: int) -> dict[str, object]:
    value = cost / quantity if quantity > 0 else None
    return {"costo_eur": cost, "quantita": quantity, "casi": cases, "valore_eur": value}


def _over_quarters(rows: pd.DataFrame, worked: pd.Series, costs: pd.DataFrame) -> dict[str, float]:
    dated = rows["data"].notna()
    units = worked[dated].groupby(quarter_of(rows.loc[dated, "data"])).sum()
    money = costs.groupby("trimestre")["importo_rendicontato_eur"].sum()
    both = pd.DataFrame({"costo": money, "unita": units}).fillna(0.0)
    if len(both) < LEAST_QUARTERS:
        return {}
    try:
        found = cost_per_unit(both["costo"].to_numpy("float64"), both["unita"].to_numpy("float64"))
    except EstimationError:
        return {}
    return {"basso_eur": found.low, "alto_eur": found.high} if found.low <= found.high else {}


def _per_person(
    rows: pd.DataFrame, spent: pd.DataFrame, pairs: pd.DataFrame | None
) -> list[dict[str, object]]:
    ids = set(persons_of(rows)["destinatario_id"])
    fewest, most = distinct_persons(ids, pairs)
    found = []
    for base in BASES:
        cost = float(_of_base(spent, base)["importo_rendicontato_eur"].sum())
        for name, count in (("persone_min", fewest), ("persone_max", most)):
            row = _ratio(cost, float(count), count)
            row |= {"unita": "persona", "base": base, "denominatore": name}
            found.append(row | {"preferito": (base, name) == PREFERRED_PERSONS})
    return found


INDICATORS = (
    Indicator(schema.BUDGET, ("tidy_budget",), compute_budget),
    Indicator(schema.SPESA, ("tidy_budget",), compute_spesa),
    Indicator(
        schema.COSTI, ("tidy_budget", "tidy_interventi"), compute_costi, ("tidy_coppie_persone",)
    ),
)
