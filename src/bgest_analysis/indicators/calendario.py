"""The study's calendar of shocks, as days: what every model of time must know."""

from __future__ import annotations

import pandas as pd

from bgest_analysis.study.model import Study

COVID, UKRAINE = "covid19", "ucraina"


def event_day(study: Study, evento_id: str) -> pd.Timestamp | None:
    """Return the first day of an event (a month or a year counts from its first day)."""
    return _day(study, evento_id, "data_inizio")


def event_end(study: Study, evento_id: str) -> pd.Timestamp | None:
    """Return the last month of an event, as its first day; ``None`` where it is not known."""
    return _day(study, evento_id, "data_fine")


def _day(study: Study, evento_id: str, column: str) -> pd.Timestamp | None:
    events = study.tabelle.get("eventi")
    if events is None:
        return None
    found = events.loc[events["evento_id"] == evento_id, column]
    written = [text for text in found.tolist() if text]
    return pd.Timestamp(written[0]) if written else None


def in_covid(days: pd.Series, study: Study, last_month: str) -> pd.Series:
    """Tell which days fall in the COVID-19 emergency.

    Parameters
    ----------
    last_month
        ``2021-05``: used where the calendar has no end; ``""`` takes the calendar's only.

    Notes
    -----
    Nothing falls in it where the calendar has no start, or no end is known.
    """
    start, end = event_day(study, COVID), event_end(study, COVID)
    if end is None and last_month:
        end = pd.Timestamp(last_month)
    if start is None or end is None:
        return pd.Series(data=False, index=days.index)
    return (days >= start) & (days < end + pd.offsets.MonthBegin(1))


def after_ukraine(days: pd.Series, study: Study) -> pd.Series:
    """Tell which days come on or after the invasion of Ukraine."""
    start = event_day(study, UKRAINE)
    if start is None:
        return pd.Series(data=False, index=days.index)
    return days >= start
