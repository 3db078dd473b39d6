"""Borders of Lombardy's comuni, simplified, for maps.

Data by openpolis (CC BY 4.0), from ISTAT's borders of 2022 with the mergers to December 2024
dissolved; simplified at 150 m on a grid of 0.0001 degrees: for drawing and for neighbours, not
for measuring areas (mean difference from the full border 1.3% of the area, at most 5.5%, on
the 243 comuni of the province of Bergamo).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from importlib.resources import files

import geopandas as gpd

CITAZIONE = "Confini: openpolis su dati ISTAT (CC BY 4.0), semplificati"


def load_geometria(
    codici: Iterable[str], confluiti: Mapping[str, str] | None = None
) -> gpd.GeoDataFrame:
    """Return the borders of some comuni, one row a code, in the order asked.

    Parameters
    ----------
    codici
        Six-digit ISTAT codes; repeated ones count once, those without a border are left out
        (:func:`senza_geometria` lists them).
    confluiti
        Mergers after December 2024: abolished code to new code; the borders of the old ones are
        dissolved into the new one.

    Returns
    -------
    geopandas.GeoDataFrame
        ``cod_istat``, ``geometry`` in degrees (EPSG:4326).
    """
    borders = _current_borders(confluiti or {})
    wanted = [code for code in dict.fromkeys(codici) if code in borders.index]
    return borders.loc[wanted].reset_index()


def senza_geometria(
    codici: Iterable[str], confluiti: Mapping[str, str] | None = None
) -> tuple[str, ...]:
    """Return the codes without a border of their own (abolished, newer, not in Lombardy)."""
    known = set(_current_borders(confluiti or {}).index)
    return tuple(sorted(set(codici) - known))


def _current_borders(confluiti: Mapping[str, str]) -> gpd.GeoDataFrame:
    borders = _read_borders()
    if not confluiti:
        return borders
    merged = borders.index.map(lambda code: confluiti.get(code, code))
    return borders.set_axis(merged.rename("cod_istat")).dissolve(level="cod_istat")


@cache
def _read_borders() -> gpd.GeoDataFrame:
    path = files("bgest_analysis.vocabulary") / "comuni_lombardia.parquet"
    with path.open("rb") as stream:
        return gpd.read_parquet(stream).set_index("cod_istat")
