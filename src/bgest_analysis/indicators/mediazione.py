"""Indicators of the mediation model: how hours are spent, and the shares M3 to M6."""

from __future__ import annotations

import pandas as pd

from bgest_analysis.indicators.interventi import (
    ALL,
    INTEGRATED,
    MINUTES_OF_AN_HOUR,
    by_area,
    clustered_share,
    done,
    typed,
    with_clusters,
)
from bgest_analysis.indicators.model import Frames, Indicator
from bgest_analysis.schema.indicatori import mediazione as schema
from bgest_analysis.study.model import Study
from bgest_analysis.workspace import DISTRETTO

NO_ORIGIN, ALL_ORIGINS = "nessuna", "tutte"
NOT_RECORDED = "non_registrata"
WITH_ORIGIN = ("fase", "orientamento")
WITHOUT_ORIGIN = ("modalita", "utenza", "canale", "tipologia")
ACTIVATED_ON_DEMAND = ("programmata", "a_chiamata", "urgente")
READ_OR_DESIGNED = ("lettura", "progettazione")
COVID_YEAR = 2020
LEAST_OF_A_YEAR = 20


def compute_ore(frames: Frames, study: Study) -> pd.DataFrame:
    """Contact hours of the interventions done, by each of the model's variables and its origin.

    Phases and orientations of one origin are given for the areas where most of their cells can
    be shown (a mean of twice the threshold); what lacks them is counted by ``ind_regola_fase``.
    """
    rows = done(frames["tidy_interventi"])
    rows = rows.assign(ore=rows["minuti_frontali"] / MINUTES_OF_AN_HOUR)
    parts = [_of_variable(rows, name, NO_ORIGIN) for name in WITHOUT_ORIGIN]
    for name in WITH_ORIGIN:
        known = rows[rows[name].notna()]
        parts.append(_of_variable(known, name, known[f"{name}_origine"]))
    stacked = by_area(pd.concat(parts, ignore_index=True))
    keys = ["area", "variabile", "origine_variabile", "categoria"]
    table = stacked.groupby(keys).agg(interventi=("ore", "size"), ore=("ore", "sum")).reset_index()
    mean = table.groupby(keys[:-1])["interventi"].transform("mean")
    thick = mean >= 2 * study.protezione.soglia_interna
    split = table["variabile"].isin(WITH_ORIGIN) & (table["area"] != DISTRETTO)
    return typed(_with_shares(table[thick | ~split]), schema.ORE_MODELLO)


def _of_variable(rows: pd.DataFrame, name: str, origin: pd.Series | str) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "ambito_id": rows["ambito_id"],
            "ore": rows["ore"],
            "variabile": name,
            "categoria": rows[name].astype("str").fillna(NOT_RECORDED),
            "origine_variabile": origin,
        }
    )


def _with_shares(table: pd.DataFrame) -> pd.DataFrame:
    known = table["categoria"] != NOT_RECORDED
    keys = [table["area"], table["variabile"], table["origine_variabile"]]
    for column, share in (("ore", "quota_ore"), ("interventi", "quota_interventi")):
        total = table[column].where(known).groupby(keys).transform("sum")
        table[share] = (table[column] / total.where(total > 0)).where(known)
    return table


def compute_quote(frames: Frames, study: Study) -> pd.DataFrame:
    """Shares M3 to M6 by area and period, each with an interval.

    Intervals are Wilson's with the effective n of rows gathered in cases (see
    ``clustered_share``); those of M4, whose rows are cases, are plain Wilson.
    """
    log = frames["tidy_interventi"]
    rows = with_clusters(done(log))
    parts = [
        _by_periods(_integrated(rows), "M3"),
        _cases(rows),
        _by_periods(_planned(log), "M5"),
        _by_periods(_activating(rows), "M6"),
    ]
    table = _only_thick_series(pd.concat(parts, ignore_index=True), study)
    table = _without_small_shares_of_hours(table, study.protezione.soglia_interna)
    order = ["codice", "area", "scala", "periodo", "origine_variabile", "gruppo"]
    return typed(table.sort_values(order), schema.QUOTE_MODELLO)


def _only_thick_series(table: pd.DataFrame, study: Study) -> pd.DataFrame:
    """Keep the quarters and services of the areas where most of them could be shown.

    A series whose mean n is under twice the threshold would be mostly hidden cells, and would
    take others with it.
    """
    table = table.assign(**_period_names(table))
    keys = ["codice", "area", "scala", "origine_variabile", table["gruppo"] == ALL]
    thick = table.groupby(keys)["n"].transform("mean") >= 2 * study.protezione.soglia_interna
    broken_down = (table["scala"] == "trim") | (table["gruppo"] != ALL)
    return table[thick | ~broken_down]


def _integrated(rows: pd.DataFrame) -> pd.DataFrame:
    """Return what M3 rests on: hours of the interventions with a phase, by origin and all."""
    known = rows[rows["fase"].notna()].assign(peso=lambda r: r["minuti_frontali"])
    known = known.assign(vero=known["fase"].isin(INTEGRATED))
    return _own_and_all_origins(known[known["peso"] > 0], "fase_origine")


def _activating(rows: pd.DataFrame) -> pd.DataFrame:
    """Return what M6 rests on: interventions with an orientation, by origin and all."""
    known = rows[rows["orientamento"].notna()].assign(peso=1.0)
    known = known.assign(vero=known["orientamento"] == "attivazione")
    return _own_and_all_origins(known, "orientamento_origine")


def _planned(log: pd.DataFrame) -> pd.DataFrame:
    """Return what M5 rests on: requests planned, on call or urgent, unmet ones included."""
    asked = log[log["modalita"].isin(ACTIVATED_ON_DEMAND)]
    asked = asked.assign(data=asked["data_richiesta"].fillna(asked["data"]), peso=1.0)
    asked = with_clusters(asked[asked["data"].notna()])
    return asked.assign(vero=asked["modalita"] == "programmata", origine_variabile=NO_ORIGIN)


def _own_and_all_origins(rows: pd.DataFrame, origin: str) -> pd.DataFrame:
    own = rows.assign(origine_variabile=rows[origin].astype("str"))
    return pd.concat([own, rows.assign(origine_variabile=ALL_ORIGINS)], ignore_index=True)


def _by_periods(rows: pd.DataFrame, code: str) -> pd.DataFrame:
    """Return an indicator's shares over all the time, and by year and quarter, origins apart."""
    dated = rows[rows["data"].notna() & (rows["origine_variabile"] != ALL_ORIGINS)]
    years = dated.assign(anno=dated["data"].dt.year.astype("str"), trimestre=ALL)
    quarters = years.assign(trimestre="T" + dated["data"].dt.quarter.astype("str"))
    stacked = by_area(pd.concat([rows.assign(anno=ALL, trimestre=ALL), years, quarters]))
    keys = ["area", "anno", "trimestre", "origine_variabile"]
    return clustered_share(stacked, keys).assign(codice=code, gruppo=ALL)


def _without_small_shares_of_hours(table: pd.DataFrame, threshold: int) -> pd.DataFrame:
    """Empty the M3 that rest on few interventions, or on all but few.

    A share of hours gives back no count, so its cases are no count of the system; those of the
    other codes are, and are protected with all others.
    """
    hours = table["codice"] == "M3"
    parts = (table["casi"], table["n"] - table["casi"])
    few = pd.concat([p.between(1, threshold - 1) for p in parts], axis=1).any(axis=1) & hours
    shares = {name: table[name].mask(few) for name in ("valore", "basso", "alto")}
    return table.assign(**shares, casi=table["casi"].mask(hours))


def _period_names(table: pd.DataFrame) -> dict[str, pd.Series]:
    """Return the scale and the name of each row's period: all the time, a year, a quarter."""
    whole, yearly = table["anno"] == ALL, table["trimestre"] == ALL
    quarter = table["anno"] + "-" + table["trimestre"]
    return {
        "scala": pd.Series("trim", index=table.index).mask(yearly, "anno").mask(whole, "tutto"),
        "periodo": quarter.mask(yearly, table["anno"]).mask(whole, "tutto"),
    }


def _cases(rows: pd.DataFrame) -> pd.DataFrame:
    """Return M4 by area, for all cases and by the service of the case's first intervention."""
    known = rows[rows["caso_id"].notna()].sort_values("data", kind="stable")
    known = known.assign(vero=known["fase"].isin(READ_OR_DESIGNED))
    cases = known.groupby("caso_id", sort=True).agg(
        ambito_id=("ambito_id", "first"),
        servizio=("ente_richiedente_tipo", "first"),
        vero=("vero", "max"),
        con_fase=("fase", "count"),
    )
    cases = cases[cases["con_fase"] > 0].reset_index()
    cases = cases.assign(peso=1.0, grappolo=cases["caso_id"])
    served = cases[cases["servizio"].notna()]
    groups = pd.concat(
        [cases.assign(gruppo=ALL), served.assign(gruppo=served["servizio"].astype("str"))]
    )
    shares = clustered_share(by_area(groups), ["area", "gruppo"])
    fixed = {"codice": "M4", "anno": ALL, "trimestre": ALL, "origine_variabile": ALL_ORIGINS}
    return shares.assign(**fixed)


def compute_variazioni(frames: Frames, study: Study) -> pd.DataFrame:
    """Change of each share from the first to the last year with enough of them.

    A year counts when it has at least ``LEAST_OF_A_YEAR``. The interval of the difference comes
    from those of the two years (MOVER, Newcombe 1998, Stat Med 17:873; Zou and Donner 2008).
    """
    quote = frames["ind_quote_modello"]
    years = quote[(quote["scala"] == "anno") & (quote["n"] >= LEAST_OF_A_YEAR)]
    groups = years.sort_values("periodo").groupby(["codice", "area", "origine_variabile"])
    ends = groups.agg(["first", "last"])[["periodo", "n", "valore", "basso", "alto"]]
    ends = ends[ends["periodo"]["first"] != ends["periodo"]["last"]]
    first, last = (ends.xs(end, axis="columns", level=1) for end in ("first", "last"))
    return typed(_differences(first, last).reset_index(), schema.VARIAZIONI)


def _differences(first: pd.DataFrame, last: pd.DataFrame) -> pd.DataFrame:
    gap = last["valore"] - first["valore"]
    down = ((last["valore"] - last["basso"]) ** 2 + (first["alto"] - first["valore"]) ** 2) ** 0.5
    up = ((last["alto"] - last["valore"]) ** 2 + (first["valore"] - first["basso"]) ** 2) ** 0.5
    start, end = first["periodo"].astype("int64"), last["periodo"].astype("int64")
    return pd.DataFrame(
        {
            "primo_anno": start,
            "ultimo_anno": end,
            "n_minimo": first["n"].where(first["n"] < last["n"], last["n"]),
            "valore_primo": first["valore"],
            "valore_ultimo": last["valore"],
            "differenza": gap,
            "differenza_basso": gap - down,
            "differenza_alto": gap + up,
            "attraversa_2020": (start <= COVID_YEAR) & (end >= COVID_YEAR),
        }
    )


INDICATORS = (
    Indicator(schema.ORE_MODELLO, ("tidy_interventi",), compute_ore),
    Indicator(schema.QUOTE_MODELLO, ("tidy_interventi",), compute_quote),
    Indicator(schema.VARIAZIONI, ("ind_quote_modello",), compute_variazioni),
)
