"""What the project declares: indicators, quarterly sheets sent again, budget and expenses."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

import pandas as pd

from bgest_analysis.clean.checks.hours import total_minutes
from bgest_analysis.clean.checks.model import Frames, Outcome, comparison, conform, not_computable
from bgest_analysis.clean.derive import UNMET
from bgest_analysis.study.model import Study

SHEET = ["codice", "trimestre"]


def _accesses(frames: Frames, end: pd.Timestamp) -> float:
    return float(len(_done(frames, end)))


def _hours(frames: Frames, end: pd.Timestamp) -> float:
    return float(total_minutes(_done(frames, end)).sum()) / 60


def _recipients(frames: Frames, end: pd.Timestamp) -> float:
    people = frames["destinatari"]
    reached = people[people["data_primo_contatto"] <= end]
    return float(reached["ammissibile_fami"].fillna(False).astype(bool).sum())


def _done(frames: Frames, end: pd.Timestamp) -> pd.DataFrame:
    log = frames["interventi"]
    return log[(log["data"] <= end) & ~log["esito"].isin(UNMET)]


# Indicators that the tables can count again: table needed, count up to the end of a quarter.
COUNTED: Mapping[str, tuple[str, Callable[[Frames, pd.Timestamp], float]]] = MappingProxyType(
    {
        "P1": ("destinatari", _recipients),
        "P3": ("interventi", _accesses),
        "M1": ("interventi", _hours),
    }
)


def latest_sheets(indicators: pd.DataFrame) -> pd.DataFrame:
    """Return the last version of each indicator and quarter."""
    ordered = indicators.sort_values([*SHEET, "versione"])
    return ordered.drop_duplicates(SHEET, keep="last")


def check_indicators(frames: Frames, study: Study) -> list[pd.DataFrame]:
    """Compare cumulative declared values with what the tables count up to the quarter's end."""
    sheets = latest_sheets(frames["indicatori"])
    sheets = sheets[sheets["cumulato"].fillna(False).astype(bool)]
    rows = []
    for row in sheets.to_dict("records"):
        code, quarter = str(row["codice"]), str(row["trimestre"])
        table, count = COUNTED.get(code, ("", _accesses))
        if table in frames:
            end = pd.Period(quarter.replace("-T", "Q"), freq="Q").end_time
            rows.append((code, quarter, row["valore_realizzato"], count(frames, end)))
    names = ["oggetto", "periodo", "valore_a", "valore_b"]
    unit = "unità dell'indicatore"
    return [comparison("indicatore_log", pd.DataFrame(rows, columns=names), unit)]


def check_reopened(frames: Frames, study: Study) -> list[pd.DataFrame]:
    """Report sheets sent again, with the first and the last value."""
    ordered = frames["indicatori"].sort_values([*SHEET, "versione"])
    values = ordered.groupby(SHEET).agg(
        valore_b=("valore_realizzato", "first"),
        valore_a=("valore_realizzato", "last"),
        righe=("versione", "size"),
    )
    again = values[values["righe"] > 1].reset_index()
    rows = again.rename(columns={"codice": "oggetto", "trimestre": "periodo"})
    return [comparison("scheda_riaperta", rows, "unità dell'indicatore")]


def check_cumulative(frames: Frames, study: Study) -> list[pd.DataFrame]:
    """Report cumulative values that are lower than in the quarter before."""
    sheets = latest_sheets(frames["indicatori"])
    sheets = sheets[sheets["cumulato"].fillna(False).astype(bool)].dropna(
        subset=["valore_realizzato"]
    )
    before = sheets.groupby("codice")["valore_realizzato"].shift()
    falling = (sheets["valore_realizzato"] < before).fillna(False).astype(bool)
    rows = pd.DataFrame(
        {
            "oggetto": sheets["codice"],
            "periodo": sheets["trimestre"],
            "valore_a": sheets["valore_realizzato"],
            "valore_b": before,
            "righe": 2,
        }
    )
    return [comparison("cumulato_in_calo", rows[falling], "unità dell'indicatore")]


def check_budget(frames: Frames, study: Study) -> list[pd.DataFrame]:
    """Compare expenses with the last approved version of each heading; only excess is a gap."""
    budget = frames["budget"]
    planned = budget.dropna(subset=["importo_eur", "versione_budget"])
    if planned.empty:
        return [not_computable("spesa_budget", "budget approvato")]
    approved = planned[planned["versione_budget"] == _last_version(planned["versione_budget"])]
    limits = approved.groupby("voce")["importo_eur"].agg(["sum", "size"])
    spent = budget.groupby("voce")["importo_rendicontato_eur"].agg(["sum", "count"])
    both = pd.concat([spent, limits], axis=1, keys=["speso", "limite"]).fillna(0)
    rows = pd.DataFrame(
        {
            "oggetto": both.index,
            "valore_a": both["speso", "sum"].to_numpy(),
            "valore_b": both["limite", "sum"].to_numpy(),
            "righe": (both["speso", "count"] + both["limite", "size"]).to_numpy(),
        }
    )
    found = comparison("spesa_budget", rows, "euro")
    within = found["scarto"] <= found["soglia"]
    outcome = found["esito_riscontro"].mask(within, str(Outcome.COERENTE))
    return [conform(found.assign(esito_riscontro=outcome))]


def _last_version(versions: pd.Series) -> str:
    """Return the version in force: the last change, or the approved budget."""
    number = versions.str.extract(r"(\d+)")[0].astype("Float64").fillna(0)
    return str(versions.iloc[int(number.to_numpy().argmax())])
