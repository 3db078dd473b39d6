"""Meetings and who came: minutes, sheets of signatures, grids of bodies by dates."""

from __future__ import annotations

import numpy as np
import pandas as pd

from bgest_analysis.clean.meetings import meeting_code
from bgest_analysis.clean.project import rules
from bgest_analysis.clean.project.names import fill_from_name
from bgest_analysis.clean.project.places import refuse_days_ahead
from bgest_analysis.clean.project.sheet import SheetWork
from bgest_analysis.schema.registry import find_table

NO_ROLE = "non_precisato"


def complete_incontri(work: SheetWork) -> None:
    """Give meetings without a code one of level and date, as their attendance has it."""
    refuse_days_ahead(work, ("data",))
    fill_from_name(work, "livello")
    _meeting_codes(work, work.values["livello"], work.values["data"])


def complete_presenze(work: SheetWork) -> None:
    """Name the meeting, the role and the number of persons where the sheet leaves them out."""
    if work.has("data") and not work.has("incontro_id"):
        _from_grid(work)
    role = work.values["ruolo"]
    empty = role.isna() & (work.texts("ruolo").str.strip() == "")
    work.ledger.count(rules.ROLE_UNSAID, "ruolo", int(empty.sum()))
    work.values["ruolo"] = role.mask(empty, NO_ROLE).astype("str")
    _drop_absent(work)
    count = work.values["n_persone"]
    unsaid = count.isna() & (work.texts("n_persone").str.strip() == "")
    work.ledger.count(rules.ONE_PERSON, "n_persone", int(unsaid.sum()))
    work.values["n_persone"] = count.mask(unsaid, 1)


def _drop_absent(work: SheetWork) -> None:
    """Leave out who was not there: said so, or a blank in a column where crosses say who was."""
    count, texts = work.values["n_persone"], work.texts("n_persone").str.strip()
    crosses = bool(texts.isin(["x", "X", "p", "P"]).any())
    absent = (count == 0).fillna(False) | ((texts == "") & crosses)
    work.ledger.apply(rules.ABSENT, absent.to_numpy(dtype=bool), "n_persone", told=False)


def _from_grid(work: SheetWork) -> None:
    """Read date and level of each presence of a grid, and give the meetings themselves."""
    meetings = find_table("incontri")
    for name in ("data", "livello"):
        column = meetings.column(name)
        work.values[name] = work.read(column) if work.has(name) else work.blank(column)
    refuse_days_ahead(work, ("data",))
    fill_from_name(work, "livello")
    _meeting_codes(work, work.values["livello"], work.values["data"])
    work.ledger.apply(
        rules.MEETING_WITHOUT_LEVEL, work.values["livello"].isna().to_numpy(dtype=bool), "livello"
    )
    work.extra["incontri"] = _meetings(work)
    del work.values["data"], work.values["livello"]


def _meeting_codes(work: SheetWork, level: pd.Series, day: pd.Series) -> None:
    code = work.values["incontro_id"]
    made = meeting_code(level, day)
    filled = code.isna() & made.notna()
    work.ledger.count(rules.KEY_FROM_DATE, "incontro_id", int(filled.sum()))
    work.values["incontro_id"] = code.mask(filled, made).astype("str")


def _meetings(work: SheetWork) -> pd.DataFrame:
    """Return one row a meeting of the grid, with what the grid says of it."""
    table = find_table("incontri")
    known = np.flatnonzero(work.values["incontro_id"].notna() & work.ledger.alive)
    rows = {name: work.values[name].iloc[known] for name in ("incontro_id", "data", "livello")}
    frame = pd.DataFrame({**rows, **work.provenance(known)}).drop_duplicates("incontro_id")
    frame = frame.reindex(columns=table.column_names).reset_index(drop=True)
    return frame.astype({column.name: column.dtype for column in table.columns})
