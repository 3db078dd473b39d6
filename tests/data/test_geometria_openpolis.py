"""The simplified borders against the full ones of the province of Bergamo."""

from pathlib import Path

import geopandas as gpd
import pytest

from bgest_analysis.vocabulary.geometria import load_geometria


@pytest.mark.shared_data
def test_borders_stay_near_the_full_ones(shared_data_dir: Path) -> None:
    full = gpd.read_file(shared_data_dir / "geo" / "limits_P_16_municipalities.geojson")
    full = full.set_index("com_istat_code").to_crs("EPSG:32632")
    ours = load_geometria(full.index).set_index("cod_istat").to_crs("EPSG:32632")
    assert ours.index.tolist() == full.index.tolist()
    different = full.symmetric_difference(ours).area / full.area
    assert different.mean() < 0.014
    assert different.max() < 0.056
    assert abs(ours.area.sum() / full.area.sum() - 1) < 0.001
