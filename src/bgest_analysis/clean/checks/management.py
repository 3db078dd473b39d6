"""What the project declares: indicators, quarterly sheets sent again, budget and expenses."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Literal

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
    """Report cumulative values, of any version sent, below the last of the quarter before."""
    sheets = frames["indicatori"]
    sheets = sheets[sheets["cumulato"].fillna(False).astype(bool)]
    sheets = sheets.dropna(subset=["valore_realizzato"])
    last = latest_sheets(sheets)
    before = last.assign(prima=last.groupby("codice")["valore_realizzato"].shift())
    both = sheets.merge(before[[*SHEET, "prima"]], on=SHEET)
    falling = (both["valore_realizzato"] < both["prima"]).fillna(False).astype(bool)
    rows = pd.DataFrame(
        {
            "oggetto": both["codice"],
            "periodo": both["trimestre"],
            "valore_a": both["valore_realizzato"],
            "valore_b": both["prima"],
            "righe": 2,
        }
    )
    return [comparison("cumulato_in_calo", rows[falling], "unità dell'indicatore")]


LINE = ["voce", "sottovoce", "ente_id"]


def check_budget(frames: Frames, study: Study) -> list[pd.DataFrame]:
    """Compare expenses with the last approved version, by heading and by line of a heading.

    Only excess is a gap; a heading within its limit may hide a line that is not.
    """
    budget = frames["budget"]
    planned = budget.dropna(subset=["importo_eur", "versione_budget"])
    if planned.empty:
        return [not_computable("spesa_budget", "budget approvato")]
    approved = planned[planned["versione_budget"] == _last_version(planned["versione_budget"])]
    heads = _compared(_amounts(budget, "voce"), _amounts(approved, "voce"), "outer")
    spent, limits = (
        _amounts(each.assign(oggetto=_line(each)), "oggetto") for each in (budget, approved)
    )
    rows = pd.concat([heads, _compared(spent, limits, "inner")]).drop_duplicates("oggetto")
    found = comparison("spesa_budget", rows, "euro")
    within = found["scarto"] <= found["soglia"]
    outcome = found["esito_riscontro"].mask(within, str(Outcome.COERENTE))
    return [conform(found.assign(esito_riscontro=outcome))]


def _line(budget: pd.DataFrame) -> pd.Series:
    """Return the name of each row's line: heading, sub-heading and body, those it has."""
    parts = [budget[name].astype("str").fillna("") for name in LINE]
    names = [" · ".join(filter(None, cells)) for cells in zip(*parts, strict=True)]
    return pd.Series(names, index=budget.index, dtype="str")


def _amounts(budget: pd.DataFrame, name: str) -> pd.DataFrame:
    """Return amounts approved and reported, and rows, by the name of a heading or line."""
    return budget.groupby(name).agg(
        importo=("importo_eur", "sum"),
        rendicontato=("importo_rendicontato_eur", "sum"),
        spese=("importo_rendicontato_eur", "count"),
        righe=("importo_eur", "size"),
    )


def _compared(
    spent: pd.DataFrame, approved: pd.DataFrame, how: Literal["inner", "outer"]
) -> pd.DataFrame:
    """Return what was reported beside what was approved; ``inner``: where both name it alike."""
    limits = approved.add_suffix("_approvato")
    both = spent.join(limits, how=how).fillna(0)
    return pd.DataFrame(
        {
            "oggetto": both.index,
            "valore_a": both["rendicontato"].to_numpy(),
            "valore_b": both["importo_approvato"].to_numpy(),
            "righe": (both["spese"] + both["righe_approvato"]).to_numpy(),
        }
    )


def _last_version(versions: pd.Series) -> str:
    """Return the version in force: the last change, or the approved budget."""
    number = versions.str.extract(r"(\d+)")[0].astype("Float64").fillna(0)
    return str(versions.iloc[int(number.to_numpy().argmax())])
