"""How unevenly foreign residents are spread between comuni, and what chance alone would do."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from bgest_analysis.indicators.model import Frames, Indicator
from bgest_analysis.schema.indicatori import territorio as schema
from bgest_analysis.stats.segregation import concentration, dissimilarity, isolation
from bgest_analysis.stats.segregation_bias import compare_with_chance, correct_dissimilarity
from bgest_analysis.study.borders import load_borders
from bgest_analysis.study.model import Study

DRAWS = 1000
SEED = 20230613
LEAST_COMUNI = 2
METRIC_CRS = 32632  # EPSG, WGS 84 / UTM 32N
SQUARE_KM = 1e6


def compute_segregazione(frames: Frames, study: Study) -> pd.DataFrame:
    """Dissimilarity, isolation and concentration between the comuni of each area, by year.

    Dissimilarity is corrected by density after Allen and others (2015); isolation is given
    beside its mean under random placement. Concentration (Duncan's Delta) uses the surface of
    simplified borders. Areas with fewer than two comuni have no row.
    """
    comuni = frames["ind_incidenza_comuni"]
    surface = surfaces(study)
    rows = [
        row
        for area in study.aree
        for anno in sorted(set(comuni["anno"].tolist()))
        for row in _indices(area, anno, _part(comuni, study, area, anno), surface)
    ]
    table = pd.DataFrame(rows, columns=schema.SEGREGAZIONE.column_names)
    types = {column.name: column.dtype for column in schema.SEGREGAZIONE.columns}
    return table.astype(types)


def surfaces(study: Study) -> pd.Series:
    """Return the surface of each comune in km², from simplified borders (an approximation)."""
    borders = load_borders(study, study.comuni["cod_istat"].tolist()).to_crs(METRIC_CRS)
    return pd.Series(borders.area.to_numpy() / SQUARE_KM, index=borders["cod_istat"])


def _part(comuni: pd.DataFrame, study: Study, area: str, anno: int) -> pd.DataFrame:
    inside = comuni["cod_istat"].isin(study.comuni_area(area)["cod_istat"])
    return comuni[inside & (comuni["anno"] == anno)]


def _indices(
    area: str, anno: int, part: pd.DataFrame, surface: pd.Series
) -> Iterator[tuple[object, ...]]:
    group = part["stranieri"].to_numpy(dtype=float)
    total = part["residenti"].to_numpy(dtype=float)
    n = len(part)
    if n < LEAST_COMUNI:
        return
    uneven = compare_with_chance(group, total, DRAWS, SEED)
    corrected = correct_dissimilarity(group, total, draws=DRAWS, rng=SEED)
    yield (
        area,
        anno,
        "dissimilarita",
        dissimilarity(group, total),
        corrected.corrected,
        uneven.null_mean,
        n,
    )
    alone = compare_with_chance(group, total, DRAWS, SEED, index="isolation")
    yield area, anno, "isolamento", isolation(group, total), None, alone.null_mean, n
    km2 = surface.reindex(part["cod_istat"])
    if km2.notna().all():
        yield area, anno, "concentrazione", concentration(group, km2.to_numpy()), None, None, n


INDICATORS = (Indicator(schema.SEGREGAZIONE, ("ind_incidenza_comuni",), compute_segregazione),)
