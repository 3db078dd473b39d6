"""Indicators of trust in project files: log against timesheet (D2), duplicates (D3), origins."""

from __future__ import annotations

from typing import Any

import pandas as pd

from bgest_analysis.indicators.interventi import MINUTES, by_area, done, typed
from bgest_analysis.indicators.model import Frames, Indicator
from bgest_analysis.privacy.matching import unique_range
from bgest_analysis.schema.indicatori import affidabilita as schema
from bgest_analysis.study.model import Study
from bgest_analysis.workspace import DISTRETTO

TOLERANCE = 0.10
ALL_YEARS, NOT_RECORDED = "tutti", "non_registrata"
VARIABLES = ("fase", "orientamento", "caso_id")


def compute_timesheet(frames: Frames, study: Study) -> pd.DataFrame:
    """Compare each mediator's months in the log and in the timesheet, all minutes together (D2)."""
    both = mediator_months(frames["tidy_interventi"], frames["tidy_timesheet"])
    years = [(ALL_YEARS, both), *((str(year), part) for year, part in both.groupby("anno"))]
    return typed(pd.DataFrame([{"anno": y, **_gaps(part)} for y, part in years]), schema.TIMESHEET)


def mediator_months(interventi: pd.DataFrame, timesheet: pd.DataFrame) -> pd.DataFrame:
    """Return one row a mediator and month: registro, timesheet (minutes, missing where none)."""
    log = done(interventi)
    log = log[log["data"].notna() & log["mediatore_id"].notna()]
    log = log.assign(mese=log["data"].dt.strftime("%Y-%m"), minuti=log[list(MINUTES)].sum(axis=1))
    keys = ["mediatore_id", "mese"]
    own = log.groupby(keys)["minuti"].sum().rename("registro")
    sheet = timesheet.groupby(keys)["minuti"].sum().astype("float64").rename("timesheet")
    both = pd.concat([own, sheet], axis=1).reset_index()
    return both.assign(anno=both["mese"].str[:4])


def _gaps(both: pd.DataFrame) -> dict[str, Any]:
    known = both[both["registro"].notna() & (both["timesheet"] > 0).fillna(False)]
    facts: dict[str, Any] = {
        "mesi_mediatore": len(known),
        "solo_registro": int(both["timesheet"].isna().sum()),
        "solo_timesheet": int(both["registro"].isna().sum()),
    }
    if known.empty:
        return facts
    gap = (known["registro"] - known["timesheet"]).abs() / known["timesheet"]
    over = float((gap > TOLERANCE).mean())
    return {**facts, "scarto_mediano": float(gap.median()), "quota_oltre": over}


def compute_doppioni(frames: Frames, study: Study) -> pd.DataFrame:
    """Share of records that repeat a person: certain ones, and with those to review (D3)."""
    people, pairs = frames["tidy_destinatari"], frames["tidy_coppie_persone"]
    found = unique_range(people["destinatario_id"], pairs)
    n = people["destinatario_id"].nunique()
    certain, possible = n - found.massimo, n - found.minimo
    row = {
        "area": DISTRETTO,
        "schede": n,
        "doppie_certe": certain,
        "doppie_possibili": possible,
        "quota_certe": certain / n if n else 0.0,
        "quota_possibili": possible / n if n else 0.0,
    }
    return typed(pd.DataFrame([row]), schema.DOPPIONI)


def compute_origini(frames: Frames, study: Study) -> pd.DataFrame:
    """Count where each variable of the model comes from, by area; not recorded is shown too."""
    rows = by_area(done(frames["tidy_interventi"]))
    parts = []
    for name in VARIABLES:
        source = rows[f"{name}_origine"].where(rows[name].notna()).fillna(NOT_RECORDED)
        counts = rows.assign(origine_valore=source).groupby(["area", "origine_valore"]).size()
        parts.append(counts.rename("interventi").reset_index().assign(variabile=name))
    table = pd.concat(parts, ignore_index=True)
    total = table.groupby(["area", "variabile"])["interventi"].transform("sum")
    return typed(table.assign(quota=table["interventi"] / total), schema.ORIGINI)


INDICATORS = (
    Indicator(schema.TIMESHEET, ("tidy_interventi", "tidy_timesheet"), compute_timesheet),
    Indicator(schema.DOPPIONI, ("tidy_destinatari", "tidy_coppie_persone"), compute_doppioni),
    Indicator(schema.ORIGINI, ("tidy_interventi",), compute_origini),
)
