"""The borders of a study's comuni: the study's own file, else those that ship with us."""

from __future__ import annotations

import json
from collections.abc import Sequence

import geopandas as gpd

from bgest_analysis.study.model import Study
from bgest_analysis.vocabulary.geometria import CITAZIONE, load_geometria

CRS = "EPSG:4326"


def load_borders(study: Study, codici: Sequence[str]) -> gpd.GeoDataFrame:
    """Return the borders of some comuni (cod_istat, geometry; EPSG:4326).

    A code without borders is left out.
    """
    if study.geometria is None:
        return load_geometria(codici)
    features = json.loads(study.geometria.read_text(encoding="utf-8"))["features"]
    borders = gpd.GeoDataFrame.from_features(features, crs=CRS)[["cod_istat", "geometry"]]
    return borders[borders["cod_istat"].isin(list(codici))].reset_index(drop=True)


def borders_source(study: Study) -> str:
    """Return what to print under a map."""
    if study.geometria is None:
        return CITAZIONE
    name = json.loads(study.geometria.read_text(encoding="utf-8")).get("name", "")
    return str(name) or study.geometria.name
