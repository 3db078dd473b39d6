"""Hours: the log against the timesheets, and what fits in a day."""

from __future__ import annotations

import numpy as np
import pandas as pd

from bgest_analysis.clean.checks.model import (
    DAY_MINUTES,
    TOLERANCES,
    Frames,
    Outcome,
    comparison,
    conform,
)
from bgest_analysis.study.model import Study

MINUTES = ("minuti_frontali", "minuti_viaggio", "minuti_backoffice")
PERSON_DAY = ["mediatore_id", "data"]


def total_minutes(log: pd.DataFrame) -> pd.Series:
    """Return contact, travel and back-office minutes of each row together."""
    return log[list(MINUTES)].sum(axis=1, min_count=1).astype("Int64")


def check_timesheets(frames: Frames, study: Study) -> list[pd.DataFrame]:
    """Compare minutes by mediator and month; a month that only one of the two has is a gap."""
    log = frames["interventi"].dropna(subset=PERSON_DAY)
    month = log["data"].dt.strftime("%Y-%m")
    logged = total_minutes(log).groupby([log["mediatore_id"], month]).agg(["sum", "size"])
    sheets = frames["timesheet"].groupby(["mediatore_id", "mese"])["minuti"].agg(["sum", "size"])
    keys = ["mediatore_id", "periodo"]
    both = pd.concat(
        [logged.rename_axis(keys), sheets.rename_axis(keys)], axis=1, keys=["log", "foglio"]
    ).fillna(0)
    rows = pd.DataFrame(
        {
            "valore_a": both["log", "sum"],
            "valore_b": both["foglio", "sum"],
            "righe": both["log", "size"] + both["foglio", "size"],
        }
    )
    return [comparison("log_timesheet", rows.reset_index(), "minuti")]


def check_days(frames: Frames, study: Study) -> list[pd.DataFrame]:
    """Report mediators with more than 12 hours in a day; more than 24 are impossible."""
    log = frames["interventi"].dropna(subset=PERSON_DAY)
    limit = TOLERANCES["ore_giorno"].absolute
    days = total_minutes(log).groupby([log[name] for name in PERSON_DAY]).agg(["sum", "size"])
    long = days[days["sum"] > limit].reset_index()
    outcome = np.where(long["sum"] > DAY_MINUTES, Outcome.IMPOSSIBILE, Outcome.DA_RIVEDERE)
    rows = long.assign(
        controllo="ore_giorno",
        periodo=long["data"].dt.strftime("%Y-%m-%d"),
        valore_a=long["sum"],
        valore_b=limit,
        scarto=long["sum"] - limit,
        soglia=limit,
        unita_riscontro="minuti",
        righe=long["size"],
        esito_riscontro=[str(one) for one in outcome],
    )
    return [conform(rows)]


def check_places(frames: Frames, study: Study) -> list[pd.DataFrame]:
    """Report days on which a mediator is in several Ambiti in person and never travels.

    The log has days and no times, so interventions cannot be seen to overlap more closely.
    """
    log = frames["interventi"].dropna(subset=PERSON_DAY)
    there = log[log["canale"].fillna("presenza").eq("presenza") & (log["minuti_frontali"] > 0)]
    days = there.groupby(PERSON_DAY).agg(
        posti=("ambito_id", "nunique"), viaggio=("minuti_viaggio", "sum"), righe=("data", "size")
    )
    odd = days[(days["posti"] > 1) & (days["viaggio"] == 0)].reset_index()
    rows = odd.assign(
        controllo="interventi_sovrapposti",
        periodo=odd["data"].dt.strftime("%Y-%m-%d"),
        valore_a=odd["posti"],
        valore_b=1,
        scarto=odd["posti"] - 1,
        soglia=0,
        unita_riscontro="Ambiti",
        esito_riscontro=str(Outcome.DA_RIVEDERE),
    )
    return [conform(rows)]
