"""Invented borders: Voronoi cells around each comune's point, in a square that is nowhere."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import shapely

from bgest_analysis.example.territory import Territory

DECIMALS = 4


def write_geometry(path: Path, territory: Territory) -> None:
    """Write the cells as GeoJSON: one feature a comune, ``cod_istat`` and ``nome``."""
    comuni = territory.comuni
    cells = voronoi_cells(comuni[["x", "y"]].to_numpy(dtype=float))
    features = [
        {
            "type": "Feature",
            "properties": {"cod_istat": code, "nome": name},
            "geometry": json.loads(shapely.to_geojson(cell)),
        }
        for code, name, cell in zip(comuni["cod_istat"], comuni["nome"], cells, strict=True)
    ]
    collection = {
        "type": "FeatureCollection",
        "name": "DATI SINTETICI: confini inventati",
        "features": features,
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    text = json.dumps(collection, ensure_ascii=False, separators=(",", ":"))
    path.write_text(text + "\n", encoding="utf-8", newline="\n")


def voronoi_cells(points: np.ndarray) -> list[shapely.Polygon]:
    """Return the cell of each point (n, 2), cut at a box around all, corners rounded.

    Rounding moves a corner shared by neighbours to the same place for all of them.
    """
    low, high = points.min(axis=0) - 0.02, points.max(axis=0) + 0.02
    box = shapely.box(*low, *high)
    cells = shapely.voronoi_polygons(shapely.MultiPoint(points), extend_to=box, ordered=True)
    cut = shapely.intersection(shapely.get_parts(cells), box)
    return list(shapely.set_precision(cut, 10.0**-DECIMALS))
