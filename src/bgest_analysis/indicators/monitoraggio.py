"""Indicators of monitoring: planned against achieved, official set of the edition, activities."""

from __future__ import annotations

import pandas as pd

from bgest_analysis.indicators.interventi import typed
from bgest_analysis.indicators.model import Frames, Indicator
from bgest_analysis.schema.indicatori import monitoraggio as schema
from bgest_analysis.study.model import Study
from bgest_analysis.vocabulary.load import read_list

PEOPLE_UNITS = ("persone", "destinatari", "interventi", "accessi", "casi", "partecipanti")
OPEN = "attivo"
COVID_QUARTERS = ("2020-T1", "2020-T2", "2020-T3", "2020-T4", "2021-T1", "2021-T2")
RECENT = 4


def compute_trimestri(frames: Frames, study: Study) -> pd.DataFrame:
    """Last version of each indicator and quarter, cumulated and by quarter.

    A value sent as cumulative gives the quarter's by difference; one that is not gives the
    cumulative by sum. A falling cumulative is flagged, never mended.
    """
    rows = frames["tidy_indicatori"].sort_values(["codice", "trimestre", "versione"])
    keys = ["codice", "trimestre"]
    values = rows.assign(v=rows["valore_realizzato"].astype("float64"))
    groups = values.groupby(keys)
    table = groups.agg(
        unita=("unita", "last"),
        versioni=("versione", "nunique"),
        cumulato=("cumulato", "last"),
        atteso=("valore_atteso", "last"),
        ultima=("v", "last"),
        prima=("v", "first"),
    ).reset_index()
    table["correzione"] = table["ultima"] - table["prima"]
    by_code = table.groupby("codice")
    sent = table["cumulato"].fillna(False).astype("bool")
    before = by_code["ultima"].shift()
    table["cumulativo"] = table["ultima"].where(sent, by_code["ultima"].cumsum())
    table["incremento"] = (table["ultima"] - before.fillna(0.0)).where(sent, table["ultima"])
    table["calo"] = sent & (table["ultima"] < before)
    table["prima_in_calo"] = sent & (table["prima"] < before)
    table["quota"] = table["cumulativo"] / table["atteso"].where(table["atteso"] > 0)
    table["persone"] = _people(table, "cumulativo")
    table["persone_trimestre"] = _people(table, "incremento").clip(lower=0)
    return typed(table, schema.TRIMESTRI)


def _people(table: pd.DataFrame, column: str) -> pd.Series:
    """Return a value as a count where its unit is of persons or cases, else missing."""
    counts = table["unita"].str.lower().isin(PEOPLE_UNITS)
    return table[column].astype("float64").round().where(counts).astype("Int64")


def is_open(study: Study) -> bool:
    """Tell whether the project under evaluation is still running, as the study declares it."""
    projects = study.tabelle.get("progetti")
    if projects is None:
        return study.progetto.al > study.documenti.data
    own = projects[projects["progetto_id"] == study.progetto.progetto_id]
    return bool((own["stato"] == OPEN).any())


def compute_conseguimento(frames: Frames, study: Study) -> pd.DataFrame:
    """What each indicator reached; a projection only while the project is open."""
    quarters = frames["ind_indicatori_trimestri"]
    rows = [
        {"codice": code, **_reached(part.sort_values("trimestre"), study)}
        for code, part in quarters.groupby("codice")
    ]
    return typed(pd.DataFrame(rows), schema.CONSEGUIMENTO)


def _reached(part: pd.DataFrame, study: Study) -> dict[str, object]:
    last = part.iloc[-1]
    covid = part["trimestre"].isin(COVID_QUARTERS)
    row: dict[str, object] = {
        "unita": last["unita"],
        "atteso": last["atteso"],
        "aperto": is_open(study),
        "ultimo_trimestre": last["trimestre"],
        "persone": last["persone"],
        "finale": last["cumulativo"],
        "quota": last["quota"],
        "ritmo_covid": part.loc[covid, "incremento"].mean(),
        "ritmo_altri": part.loc[~covid, "incremento"].mean(),
    }
    return row | (_projection(part, study.progetto.al) if is_open(study) else {})


def _projection(part: pd.DataFrame, end: str) -> dict[str, object]:
    """Project the mean pace of the last quarters, and their slowest and fastest, to the end."""
    pace = part["incremento"].dropna().tail(RECENT)
    if not end or len(pace) < RECENT:
        return {}
    last = pd.Period(str(part.iloc[-1]["trimestre"]).replace("-T", "Q"), freq="Q")
    left = max(0, (pd.Period(end, freq="Q") - last).n)
    reached = float(part.iloc[-1]["cumulativo"])
    return {
        "proiezione": reached + left * float(pace.mean()),
        "basso": reached + left * float(pace.min()),
        "alto": reached + left * float(pace.max()),
    }


def compute_ufficiali(frames: Frames, study: Study) -> pd.DataFrame:
    """Every edition's official indicators, with the study's values where the code has data."""
    official = read_list("indicatori_ufficiali").astype({"ordine": "Int64"})
    official["dello_studio"] = official["edizione"] == study.progetto.edizione
    reached = frames.get("ind_conseguimento")
    if reached is not None:
        own = reached[["codice", "atteso", "persone", "finale"]]
        official = official.merge(own, on="codice", how="left").rename(columns={"finale": "valore"})
    return typed(official, schema.UFFICIALI)


def compute_attivita(frames: Frames, study: Study) -> pd.DataFrame:
    """Activities planned and done; positive days are late."""
    rows = frames["tidy_attivita"]
    table = rows.rename(columns={"n_previsto": "previsto", "n_realizzato": "realizzato"})
    table["quota"] = table["realizzato"] / table["previsto"].where(table["previsto"] > 0)
    for name, edge in (("ritardo_inizio", "inizio"), ("scarto_fine", "fine")):
        gap = table[f"data_{edge}_effettiva"] - table[f"data_{edge}_prevista"]
        table[name] = gap.dt.days
    table["senza_fine"] = table["data_fine_effettiva"].isna()
    return typed(table.sort_values("attivita_id"), schema.ATTIVITA)


INDICATORS = (
    Indicator(schema.TRIMESTRI, ("tidy_indicatori",), compute_trimestri),
    Indicator(
        schema.CONSEGUIMENTO,
        ("ind_indicatori_trimestri",),
        compute_conseguimento,
        ("studio_progetti",),
    ),
    Indicator(schema.UFFICIALI, (), compute_ufficiali, ("ind_conseguimento",)),
    Indicator(schema.ATTIVITA, ("tidy_attivita",), compute_attivita),
)
