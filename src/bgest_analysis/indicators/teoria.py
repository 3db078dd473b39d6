"""The study's logic model as tables that carry their origin."""

from __future__ import annotations

import pandas as pd

from bgest_analysis.indicators.interventi import typed
from bgest_analysis.indicators.model import Frames, Indicator
from bgest_analysis.schema.indicatori import teoria as schema
from bgest_analysis.study.model import Study


def compute_nodi(frames: Frames, study: Study) -> pd.DataFrame:
    """Return the elements of the logic model, in the order in which the study lists them."""
    return typed(study.tabelle["teoria_nodi"], schema.NODI)


def compute_nessi(frames: Frames, study: Study) -> pd.DataFrame:
    """Return the links whose two ends are elements of the model."""
    known = set(study.tabelle["teoria_nodi"]["nodo_id"])
    links = study.tabelle["teoria_nessi"]
    inside = links["da_nodo"].isin(known) & links["a_nodo"].isin(known)
    return typed(links[inside], schema.NESSI)


INDICATORS = (
    Indicator(schema.NODI, ("studio_teoria_nodi",), compute_nodi),
    Indicator(schema.NESSI, ("studio_teoria_nodi", "studio_teoria_nessi"), compute_nessi),
)
