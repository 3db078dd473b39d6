"""Indicators of funds: projects side by side, hours and persons by fund, double funding."""

from __future__ import annotations

import networkx as nx
import pandas as pd

from bgest_analysis.indicators.interventi import by_area, done, hours, typed
from bgest_analysis.indicators.model import Frames, Indicator
from bgest_analysis.schema.indicatori import fondi as schema
from bgest_analysis.study.model import Study

UNKNOWN = "non_indicato"
SAME, TO_REVIEW = "stessa", "da_rivedere"
SAME_ROW = ["mediatore_id", "data", "ente_richiedente_tipo", "lingua", "minuti_frontali"]
SAME_SERVICE = ["destinatario_id", "servizio", "data"]
SAME_EXPENSE = ["voce", "sottovoce", "ente_id", "data_spesa", "importo_rendicontato_eur"]
HOURS_OF_A_MONTH = 24 * 31


def project_table(study: Study) -> pd.DataFrame:
    """Return the study's projects as the tidy table writes them; unknown days are missing."""
    names = {"capofila": "ente_capofila", "target": "destinatari_progetto"}
    table = study.tabelle["progetti"].rename(columns=names)
    table = table.mask(table == "")
    for name in ("dal", "al"):
        table[name] = pd.to_datetime(table[name], format="%Y-%m-%d", errors="coerce")
    return table


def compute_progetti(frames: Frames, study: Study) -> pd.DataFrame:
    """Projects and funds, the one under evaluation first; a part of a date is no date."""
    table = project_table(study)
    table["valutato"] = table["progetto_id"] == study.progetto.progetto_id
    table = table.sort_values(["valutato", "dal"], ascending=[False, True], kind="stable")
    return typed(table, schema.PROGETTI)


def compute_ore_fondi(frames: Frames, study: Study) -> pd.DataFrame:
    """Hours, interventions and distinct persons of each project, by area."""
    rows = done(frames["tidy_interventi"])
    rows = rows.assign(ore=hours(rows), progetto_id=rows["progetto_id"].fillna(UNKNOWN))
    stacked = by_area(rows)
    keys = ["area", "progetto_id"]
    table = stacked.groupby(keys).agg(interventi=("ore", "size"), ore=("ore", "sum"))
    table["persone"] = persons_of(stacked).groupby(keys)["destinatario_id"].nunique()
    table = table.reset_index()
    total = table.groupby("area")["ore"].transform("sum")
    table["quota_ore"] = table["ore"] / total.where(total > 0)
    return typed(table.merge(_names(study), on="progetto_id", how="left"), schema.ORE_FONDI)


def _names(study: Study) -> pd.DataFrame:
    known = study.tabelle.get("progetti")
    if known is None:
        return pd.DataFrame({"progetto_id": [UNKNOWN], "titolo": [UNKNOWN], "fondo": [None]})
    other = pd.DataFrame({"progetto_id": [UNKNOWN], "titolo": ["non indicato"], "fondo": [None]})
    return pd.concat([known[["progetto_id", "titolo", "fondo"]], other], ignore_index=True)


def persons_of(rows: pd.DataFrame) -> pd.DataFrame:
    """Return one row a recipient of each intervention, with its other columns."""
    known = rows[rows["destinatari_id"].notna()]
    return known.assign(destinatario_id=known["destinatari_id"].str.split("|")).explode(
        "destinatario_id"
    )


def distinct_persons(ids: set[str], pairs: pd.DataFrame | None) -> tuple[int, int]:
    """Return the fewest and the most distinct persons behind identifiers.

    The most: only pairs classed as the same are one person; the fewest: those to review too.
    """
    if pairs is None:
        return len(ids), len(ids)
    inside = pairs[pairs["destinatario_a"].isin(ids) & pairs["destinatario_b"].isin(ids)]
    certain = inside[inside["classe_coppia"] == SAME]
    possible = inside[inside["classe_coppia"].isin([SAME, TO_REVIEW])]
    return _components(ids, possible), _components(ids, certain)


def _components(ids: set[str], pairs: pd.DataFrame) -> int:
    graph: nx.Graph = nx.Graph()
    graph.add_nodes_from(ids)
    graph.add_edges_from(zip(pairs["destinatario_a"], pairs["destinatario_b"], strict=True))
    return int(nx.number_connected_components(graph))


def compute_doppio(frames: Frames, study: Study) -> pd.DataFrame:
    """The same work, service, month or expense charged to two projects: to be looked at.

    A flag is no proof: two groups in a day can last as long as each other.
    """
    rows = [
        _check("interventi_uguali", frames.get("tidy_interventi"), SAME_ROW),
        _check("servizi_uguali", frames.get("tidy_servizi_ricevuti"), SAME_SERVICE),
        _check("spese_uguali", frames.get("tidy_budget"), SAME_EXPENSE),
        _impossible_months(frames.get("tidy_timesheet")),
    ]
    return typed(pd.DataFrame(rows), schema.DOPPIO)


def _check(name: str, frame: pd.DataFrame | None, keys: list[str]) -> dict[str, object]:
    if frame is None:
        return {"controllo": name, "motivo": "manca la tabella"}
    known = frame.dropna(subset=[*keys, "progetto_id"])
    projects = known.groupby(keys)["progetto_id"].nunique()
    return {
        "controllo": name,
        "righe": len(known),
        "segnalazioni": int((projects > 1).sum()),
        "motivo": "",
    }


def _impossible_months(sheets: pd.DataFrame | None) -> dict[str, object]:
    name = "mesi_impossibili"
    if sheets is None:
        return {"controllo": name, "motivo": "manca la tabella"}
    worked = sheets.groupby(["mediatore_id", "mese"])["minuti"].sum()
    over = int((worked > 60 * HOURS_OF_A_MONTH).sum())
    return {"controllo": name, "righe": len(worked), "segnalazioni": over, "motivo": ""}


INDICATORS = (
    Indicator(schema.PROGETTI, ("studio_progetti",), compute_progetti),
    Indicator(schema.ORE_FONDI, ("tidy_interventi",), compute_ore_fondi, ("studio_progetti",)),
    Indicator(
        schema.DOPPIO,
        ("tidy_interventi",),
        compute_doppio,
        ("tidy_servizi_ricevuti", "tidy_budget", "tidy_timesheet"),
    ),
)
