"""Borders for maps: every comune, neighbours that touch, mergers dissolved."""

import shapely

from bgest_analysis.vocabulary.geometria import load_geometria, senza_geometria
from bgest_analysis.vocabulary.load import load_comuni, read_list


def codes_of_bergamo() -> list[str]:
    comuni = read_list("comuni_lombardia")
    return comuni.loc[comuni["cod_provincia"].eq("016"), "cod_istat"].tolist()


def test_every_comune_of_the_list_has_a_border() -> None:
    assert senza_geometria(load_comuni().titoli) == ()
    assert len(load_geometria(load_comuni().titoli)) == 1502


def test_bergamo_is_whole_and_a_valid_coverage() -> None:
    borders = load_geometria(codes_of_bergamo())
    assert borders.crs.to_epsg() == 4326
    assert len(borders) == 243
    assert borders.geometry.is_valid.all()
    assert shapely.coverage_is_valid(borders.geometry.to_numpy())
    west, south, east, north = borders.total_bounds
    assert (9.4 < west < 9.5, 45.4 < south < 45.5, 10.1 < east < 10.3, 46.0 < north < 46.2) == (
        True,
        True,
        True,
        True,
    )
    square_km = borders.to_crs("EPSG:32632").area.sum() / 1e6
    assert abs(square_km - 2754.9) < 5


def test_order_is_the_asked_one_and_repeats_count_once() -> None:
    asked = ["016198", "016001", "016198"]
    assert load_geometria(asked)["cod_istat"].tolist() == ["016198", "016001"]


def test_codes_without_a_border_are_left_out_and_listed() -> None:
    asked = ["016198", "013199", "999999"]
    assert load_geometria(asked)["cod_istat"].tolist() == ["016198"]
    assert senza_geometria(asked) == ("013199", "999999")


def test_a_later_merger_is_dissolved() -> None:
    old = load_geometria(["016001", "016002"]).to_crs("EPSG:32632")
    merged = load_geometria(["016900"], confluiti={"016001": "016900", "016002": "016900"})
    assert merged["cod_istat"].tolist() == ["016900"]
    assert abs(merged.to_crs("EPSG:32632").area.sum() / old.area.sum() - 1) < 1e-9
    assert senza_geometria(["016001"], confluiti={"016001": "016900"}) == ("016001",)
