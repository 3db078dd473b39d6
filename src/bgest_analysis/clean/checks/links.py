"""Rows that speak of each other: languages, lists of mediators and persons, dates of projects."""

from __future__ import annotations

import numpy as np
import pandas as pd

from bgest_analysis.clean.checks.model import Frames, Outcome, conform, not_computable
from bgest_analysis.study.model import Study

SEPARATOR = "|"


def check_languages(frames: Frames, study: Study) -> list[pd.DataFrame]:
    """Report interventions in a language that is not among the mediator's."""
    known = frames["mediatori"].set_index("mediatore_id")["lingue"]
    log = frames["interventi"].dropna(subset=["mediatore_id", "lingua"])
    pairs = log.groupby(["mediatore_id", "lingua"]).size().rename("righe").reset_index()
    listed = pairs["mediatore_id"].map(known)
    pairs, listed = pairs[listed.notna()], listed.dropna()
    spoken = [
        language in codes.split(SEPARATOR)
        for language, codes in zip(pairs["lingua"], listed, strict=True)
    ]
    other = pairs[~np.array(spoken, dtype=bool)]
    return [_counts("lingua_mediatore", other.rename(columns={"lingua": "oggetto"}))]


def check_lists(frames: Frames, study: Study) -> list[pd.DataFrame]:
    """Report mediators, persons and meetings that a table names and their list lacks."""
    found = []
    if {"interventi", "mediatori"} <= frames.keys():
        known = set(frames["mediatori"]["mediatore_id"])
        named = frames["interventi"]["mediatore_id"].dropna()
        unknown = named[~named.isin(known)].value_counts().rename_axis("mediatore_id")
        found.append(_counts("mediatore_ignoto", unknown.rename("righe").reset_index()))
    if {"interventi", "destinatari"} <= frames.keys():
        found.append(_unknown_persons(frames))
    if {"presenze", "incontri"} <= frames.keys():
        known = set(frames["incontri"]["incontro_id"])
        named = frames["presenze"]["incontro_id"]
        unknown = named[~named.isin(known)].value_counts().rename_axis("oggetto")
        found.append(_counts("incontro_ignoto", unknown.rename("righe").reset_index()))
    return found


def _unknown_persons(frames: Frames) -> pd.DataFrame:
    """Count by file the persons of the log that no register has."""
    log = frames["interventi"].dropna(subset=["destinatari_id"])
    ids = log["destinatari_id"].str.split(SEPARATOR).explode()
    lost = ~ids.isin(set(frames["destinatari"]["destinatario_id"]))
    files = log["fonte_file"].loc[ids.index[lost]].value_counts().rename_axis("oggetto")
    return _counts("destinatario_ignoto", files.rename("righe").reset_index())


def _counts(check: str, rows: pd.DataFrame) -> pd.DataFrame:
    return conform(
        rows.assign(
            controllo=check,
            valore_a=rows["righe"],
            valore_b=0,
            scarto=rows["righe"],
            soglia=0,
            unita_riscontro="righe",
            esito_riscontro=str(Outcome.DA_RIVEDERE),
        )
    )


def check_dates(frames: Frames, study: Study) -> list[pd.DataFrame]:
    """Report interventions before the start or after the end of their project, by month.

    A project whose start is not known says so, and is not checked on that side.
    """
    log = frames["interventi"].dropna(subset=["data"])
    projects = log["progetto_id"].fillna(study.progetto.progetto_id)
    found = []
    for project, rows in log.groupby(projects, sort=True):
        start, end = _dates_of(str(project), study)
        for side, limit in (("inizio", start), ("fine", end)):
            if not limit:
                found.append(not_computable("fuori_progetto", f"{project}: {side} non nota"))
        outside = _outside(rows, start, end)
        by_month = outside["data"].dt.strftime("%Y-%m").value_counts().sort_index()
        counts = by_month.rename_axis("periodo").rename("righe").reset_index()
        found.append(_counts("fuori_progetto", counts.assign(oggetto=str(project))))
    return found


def _outside(rows: pd.DataFrame, start: str, end: str) -> pd.DataFrame:
    early = rows["data"] < pd.Timestamp(start) if start else pd.Series(False, index=rows.index)
    late = rows["data"] > pd.Timestamp(end) if end else pd.Series(False, index=rows.index)
    return rows[early | late]


def _dates_of(project: str, study: Study) -> tuple[str, str]:
    own = study.progetto
    listed = study.tabelle.get("progetti")
    if listed is not None and project in set(listed["progetto_id"]):
        row = listed[listed["progetto_id"] == project].iloc[0]
        start, end = str(row["dal"]), str(row["al"])
        return _day(start), _day(end)
    return (own.dal, own.al) if project == own.progetto_id else ("", "")


def _day(text: str) -> str:
    """Return a whole ISO day; a month or a year alone does not say the day."""
    return text if len(text) == 10 else ""
