"""What the indicators of mediation share: rows of the log by area and period, clustered shares."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from bgest_analysis.clean.derive import UNMET
from bgest_analysis.schema.model import Table
from bgest_analysis.stats.rates import wilson
from bgest_analysis.workspace import DISTRETTO

INTEGRATED = ("lettura", "progettazione", "verifica")
MINUTES = ("minuti_frontali", "minuti_viaggio", "minuti_backoffice")
ALL = "tutti"
MINUTES_OF_AN_HOUR = 60
LEAST_CLUSTERS = 2


def typed(frame: pd.DataFrame, table: Table) -> pd.DataFrame:
    """Return exactly the table's columns, in its order and types."""
    types = {column.name: column.dtype for column in table.columns}
    return frame.reindex(columns=table.column_names).astype(types).reset_index(drop=True)


def by_area(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the rows twice, with ``area`` once the Ambito and once the whole."""
    own = rows.assign(area=rows["ambito_id"])
    return pd.concat([own, rows.assign(area=DISTRETTO)], ignore_index=True)


def is_unmet(interventi: pd.DataFrame) -> pd.Series:
    """Tell which requests got no mediator, or were cancelled."""
    return interventi["esito"].isin(UNMET)


def done(interventi: pd.DataFrame) -> pd.DataFrame:
    """Return the interventions that took place, with ``data``; minutes missing count as none."""
    rows = interventi[~is_unmet(interventi)]
    rows = rows.assign(data=rows["data"].fillna(rows["data_richiesta"]))
    return rows.assign(**{name: rows[name].fillna(0).astype("float64") for name in MINUTES})


def hours(rows: pd.DataFrame) -> pd.Series:
    """Return contact, travel and back-office hours of each intervention, summed."""
    total: pd.Series = rows[list(MINUTES)].sum(axis=1) / MINUTES_OF_AN_HOUR
    return total


def with_clusters(rows: pd.DataFrame) -> pd.DataFrame:
    """Add ``grappolo``: the case, or the intervention itself where no case is recorded."""
    alone = pd.Series([f"r{place}" for place in range(len(rows))], index=rows.index, dtype="str")
    return rows.assign(grappolo=rows["caso_id"].astype("str").fillna(alone))


def clustered_share(rows: pd.DataFrame, keys: Sequence[str]) -> pd.DataFrame:
    """Return the share of ``peso`` for which ``vero`` holds, with an interval, by ``keys``.

    Parameters
    ----------
    rows
        With ``vero`` (boolean), ``peso`` (e.g. hours, not negative) and ``grappolo`` (rows of
        one cluster are not independent).
    keys
        Columns that make a group.

    Returns
    -------
    One row a group: keys, n, casi (rows for which it holds), peso, valore, basso, alto.

    Notes
    -----
    The variance of the ratio is Taylor's, from sums of clusters; Wilson's interval is computed
    with the effective n that gives it (Dean and Pagano 2015, Survey Methodology 41:137), never
    more than the number of rows. With one cluster, or a share of 0 or 1, the effective n is
    Kish's (sum of weights squared over sum of squares) and at most the number of clusters.
    """
    keys = list(keys)
    frame = rows[[*keys, "vero", "peso", "grappolo"]].assign(
        vero=rows["vero"].astype("float64"), peso=rows["peso"].astype("float64")
    )
    frame["colpiti"] = frame["vero"] * frame["peso"]
    frame["quadrato"] = frame["peso"] ** 2
    groups = frame.groupby(keys)
    table = groups.agg(
        n=("vero", "size"),
        casi=("vero", "sum"),
        peso=("peso", "sum"),
        colpiti=("colpiti", "sum"),
        quadrato=("quadrato", "sum"),
        grappoli=("grappolo", "nunique"),
    )
    table["valore"] = table["colpiti"] / table["peso"].where(table["peso"] > 0)
    size = _effective_size(table, _ratio_variance(frame, table, keys))
    return _with_wilson(table, size).reset_index()


def _ratio_variance(frame: pd.DataFrame, table: pd.DataFrame, keys: list[str]) -> pd.Series:
    """Return Taylor's variance of each group's ratio, from the sums of its clusters."""
    part = frame.merge(table[["valore", "peso"]], on=keys, suffixes=("", "_tot"))
    part["residuo"] = part["peso"] * (part["vero"] - part["valore"]) / part["peso_tot"]
    sums = part.groupby([*keys, "grappolo"])["residuo"].sum() ** 2
    total = sums.groupby(level=keys).sum().reindex(table.index)
    g = table["grappoli"].astype("float64")
    return total * g / (g - 1).where(g >= LEAST_CLUSTERS)


def _effective_size(table: pd.DataFrame, variance: pd.Series) -> pd.Series:
    share = table["valore"]
    kish = table["peso"] ** 2 / table["quadrato"].where(table["quadrato"] > 0)
    plain = kish.clip(upper=table["grappoli"])
    inner = (share > 0) & (share < 1) & (variance > 0)
    size = (share * (1 - share) / variance.where(inner)).where(inner, plain)
    return size.clip(upper=table["n"])


def _with_wilson(table: pd.DataFrame, size: pd.Series) -> pd.DataFrame:
    known = table["valore"].notna() & (size > 0)
    ends = wilson((table["valore"] * size)[known].to_numpy(), size[known].to_numpy())
    bounds = pd.DataFrame({"basso": ends.low, "alto": ends.high}, index=table.index[known])
    return table.join(bounds)
