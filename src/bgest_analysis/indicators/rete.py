"""Indicators of the network: seats of bodies in the governance, as the study declares them."""

from __future__ import annotations

import pandas as pd

from bgest_analysis.indicators.model import Frames, Indicator
from bgest_analysis.schema.indicatori import rete as schema
from bgest_analysis.study.model import Study


def compute_seggi(frames: Frames, study: Study) -> pd.DataFrame:
    """Every body against every organ: seat or no seat, role and wording of the source."""
    seats, bodies = study.tabelle["composizione_organi"], study.tabelle["enti"]
    organs = seats[["organo"]].drop_duplicates()
    names = bodies.rename(columns={"nome": "ente"})[["ente_id", "ente", "tipo", "ambito_id"]]
    every = organs.merge(names, how="cross")
    joined = seats.groupby(["organo", "ente_id"], as_index=False).agg(
        ruolo=("ruolo", _joined), come_scritto=("come_scritto", _joined), fonte=("fonte", _joined)
    )
    table = every.merge(joined, on=["organo", "ente_id"], how="left")
    table["seggio"] = table["ruolo"].notna().astype("boolean")
    table["ambito_id"] = table["ambito_id"].where(table["ambito_id"] != "")
    return table[schema.SEGGI.column_names]


def _joined(values: pd.Series) -> str:
    return "; ".join(sorted({value for value in values if value}))


INDICATORS = (
    Indicator(schema.SEGGI, ("studio_composizione_organi", "studio_enti"), compute_seggi),
)
