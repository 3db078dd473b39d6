"""The emergency in counts: requests by quarter, new persons, waits, theirs and everybody else's.

The day of the invasion is the study's event ``ucraina``; without it nothing is computed.
"""

from __future__ import annotations

import pandas as pd

from bgest_analysis.indicators.attese import summary_of_waits, waits
from bgest_analysis.indicators.calendario import UKRAINE, event_day
from bgest_analysis.indicators.destinatari import with_band, with_persons
from bgest_analysis.indicators.interventi import by_area, typed
from bgest_analysis.indicators.model import Frames, Indicator
from bgest_analysis.indicators.rivolti import OTHERS, THEIRS, displaced, with_group
from bgest_analysis.schema.indicatori import ucraina as schema
from bgest_analysis.stats.rates import wilson
from bgest_analysis.study.model import Study
from bgest_analysis.workspace import DISTRETTO

BEFORE, FIRST, SECOND, LATER = PERIODS = ("prima", "mesi_0_6", "mesi_7_12", "oltre")
ALL = "tutte"
DIMENSIONS = {"sesso": "sesso", "eta": "fascia"}
UNKNOWN = "nd"


def request_day(interventi: pd.DataFrame) -> pd.Series:
    """Return the day of the request; of the intervention where the request has none."""
    day: pd.Series = interventi["data_richiesta"].fillna(interventi["data"])
    return day


def compute_serie(frames: Frames, study: Study) -> pd.DataFrame:
    """Requests by quarter and group; an area's whole series is left out where cells are thin.

    Thin: under twice the threshold on average among the quarters with requests.
    """
    rows = with_group(frames["tidy_interventi"], frames.get("tidy_destinatari"))
    rows = by_area(rows.assign(giorno=request_day(rows)))
    rows = rows[rows["giorno"].notna() & rows["area"].notna()]
    quarter = rows["giorno"].dt.to_period("Q")
    rows = rows.assign(trimestre=[f"{q.year}-T{q.quarter}" for q in quarter])
    table = rows.groupby(["area", "trimestre", "gruppo"]).size().reset_index(name="richieste")
    mean = table.groupby(["area", "gruppo"])["richieste"].transform("mean")
    thick = (mean >= 2 * study.protezione.soglia_interna).groupby(table["area"]).transform("all")
    return typed(table[thick | (table["area"] == DISTRETTO)], schema.SERIE)


def compute_persone(frames: Frames, study: Study) -> pd.DataFrame:
    """Persons first met since the invasion, by sex and age for the whole, in all by Ambito.

    Eligible persons, certain doubles joined (P1); shares with Wilson's interval.
    """
    start = event_day(study, UKRAINE)
    if start is None:
        return typed(pd.DataFrame(), schema.CHI)
    records = with_band(with_persons(frames["tidy_destinatari"], frames.get("tidy_coppie_persone")))
    met = records["data_primo_contatto"].groupby(records["persona"]).transform("min")
    new = records[met >= start].sort_values(["persona", "data_primo_contatto"], kind="stable")
    new = new.assign(gruppo=displaced(new).map({True: THEIRS, False: OTHERS}))
    persons = by_area(new.drop_duplicates("persona"))
    parts = [persons.assign(dimensione=ALL, categoria=ALL)]
    whole = persons[persons["area"] == DISTRETTO]
    parts += [
        whole.assign(dimensione=name, categoria=whole[column].astype("str").fillna(UNKNOWN))
        for name, column in DIMENSIONS.items()
    ]
    keys = ["area", "dimensione", "categoria", "gruppo"]
    rows = pd.concat(parts, ignore_index=True)
    table = rows[rows["area"].notna()].groupby(keys).size().reset_index(name="persone")
    return typed(_with_shares(table), schema.CHI)


def _with_shares(table: pd.DataFrame) -> pd.DataFrame:
    """Add the share of a group's persons in each category (of new persons, for totals)."""
    total = table["dimensione"] == ALL
    of_group = table.groupby(["area", "dimensione", "gruppo"])["persone"].transform("sum")
    of_all = table.groupby(["area", "dimensione"])["persone"].transform("sum")
    whole = of_group.mask(total, of_all)
    share = wilson(table["persone"].to_numpy(float), whole.to_numpy(float))
    return table.assign(quota=share.value, quota_basso=share.low, quota_alto=share.high)


def compute_attese(frames: Frames, study: Study) -> pd.DataFrame:
    """Median days and shares within 2 and 30 days by group and period, unmet ones censored."""
    start = event_day(study, UKRAINE)
    if start is None:
        return typed(pd.DataFrame(), schema.ATTESE)
    rows = with_group(frames["tidy_interventi"], frames.get("tidy_destinatari"))
    rows = waits(rows)
    rows = by_area(rows.assign(periodo=period_since(rows["data_richiesta"], start)))
    rows = rows[rows["periodo"].notna() & rows["area"].notna()]
    least = 2 * study.protezione.soglia_interna
    keys = ["area", "gruppo", "periodo"]
    table = [
        {**dict(zip(keys, key, strict=True)), **summary_of_waits(part, least)}
        for key, part in rows.groupby(keys)
    ]
    return typed(pd.DataFrame(table), schema.ATTESE)


def period_since(days: pd.Series, start: pd.Timestamp) -> pd.Series:
    """Return the period of each day; missing more than a year before the start."""
    edges = [start - pd.DateOffset(years=1), start]
    edges += [start + pd.DateOffset(months=6), start + pd.DateOffset(years=1), pd.Timestamp.max]
    found = pd.cut(days, pd.DatetimeIndex(edges), labels=list(PERIODS), right=False)
    periods: pd.Series = found.astype("str").where(found.notna())
    return periods


LOG, PEOPLE = "tidy_interventi", "tidy_destinatari"
INDICATORS = (
    Indicator(schema.SERIE, (LOG,), compute_serie, (PEOPLE,)),
    Indicator(schema.CHI, (PEOPLE,), compute_persone, ("tidy_coppie_persone",)),
    Indicator(schema.ATTESE, (LOG,), compute_attese, (PEOPLE,)),
)
