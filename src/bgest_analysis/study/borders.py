"""The borders of a study's comuni: the study's own file, else those that ship with us."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import geopandas as gpd
from shapely.errors import ShapelyError

from bgest_analysis.errors import StudyError
from bgest_analysis.study.model import Study
from bgest_analysis.vocabulary.geometria import CITAZIONE, load_geometria

CRS = "EPSG:4326"
NOT_BORDERS = (  # what a file that is something else makes json, geopandas and shapely raise
    ValueError, KeyError, TypeError, AttributeError, IndexError, RecursionError, ShapelyError,
)  # fmt: skip


def load_borders(study: Study, codici: Sequence[str]) -> gpd.GeoDataFrame:
    """Return the borders of some comuni (cod_istat, geometry; EPSG:4326).

    A code without borders is left out.

    Raises
    ------
    StudyError
        If the study's own file is not GeoJSON of comuni.
    """
    if study.geometria is None:
        return load_geometria(codici)
    try:
        features = json.loads(study.geometria.read_text(encoding="utf-8"))["features"]
        borders = gpd.GeoDataFrame.from_features(features, crs=CRS)[["cod_istat", "geometry"]]
    except NOT_BORDERS as fault:
        raise _unreadable(study.geometria) from fault
    return borders[borders["cod_istat"].isin(list(codici))].reset_index(drop=True)


def borders_source(study: Study) -> str:
    """Return what to print under a map."""
    if study.geometria is None:
        return CITAZIONE
    try:
        name = json.loads(study.geometria.read_text(encoding="utf-8")).get("name", "")
    except NOT_BORDERS as fault:
        raise _unreadable(study.geometria) from fault
    return str(name) or study.geometria.name


def _unreadable(path: Path) -> StudyError:
    return StudyError(
        "{file} non è un GeoJSON di comuni con la proprietà cod_istat: esportarlo di nuovo, "
        "oppure toglierlo, e le carte useranno i confini del programma",
        file=path.name,
    )
