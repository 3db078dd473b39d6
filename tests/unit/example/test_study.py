"""The study's own files: the loader takes them, borders cover the ground, git holds the same."""

from __future__ import annotations

import json

import pytest
import shapely

from bgest_analysis.clean.sources import clean_source
from bgest_analysis.privacy.pseudonyms import example_key
from bgest_analysis.study.load import load_study
from bgest_analysis.workspace import DISTRETTO, Workspace

RUN = ("processed", "reports")  # what a run leaves in the folder


@pytest.fixture(scope="module")
def study(written):
    return load_study(Workspace(written.folder))


def test_the_loader_takes_the_study(study, tables):
    assert study.origine == "sintetica"
    assert study.ambito_ids == tuple(f"ES{k}" for k in range(1, 8))
    assert len(study.comuni_area(DISTRETTO)) == len(tables["comuni"])
    assert study.progetto.dal == "2019-01-01"


def test_every_table_of_the_project_has_a_folder(study, tables):
    own = {"ambiti", "comuni", "enti", "composizione_organi", "progetti", "teoria_nodi",
           "teoria_nessi", "eventi", "coppie_persone"}  # fmt: skip
    assert {fonte.tabella for fonte in study.fonti} == set(tables) - own


@pytest.mark.parametrize("name", ["popolazione", "redditi", "slide_incidenza"])
def test_official_like_files_are_read_whole(written, study, tables, name):
    (fonte,) = study.fonti_di(name)
    cleaned = clean_source(Workspace(written.folder), study, fonte)
    assert len(cleaned.table) == len(tables[name])
    assert len(cleaned.quarantine) == 0
    assert cleaned.lineage.origin == "sintetica"


@pytest.mark.parametrize(
    ("name", "person"),
    [("destinatari", "destinatario_id"), ("servizi_ricevuti", "destinatario_id"),
     ("mediatori", "mediatore_id"), ("timesheet", "mediatore_id")],
)  # fmt: skip
def test_a_reading_gives_the_pseudonyms_of_the_tables(written, study, tables, name, person):
    space = Workspace(written.folder)
    parts = [clean_source(space, study, f, example_key()).table for f in study.fonti_di(name)]
    found = [code for part in parts for code in part[person]]
    assert sorted(found) == sorted(tables[name][person])


def test_borders_cover_the_ground_once(written, tables):
    path = written.folder / "studio" / "geometria.geojson"
    features = json.loads(path.read_text(encoding="utf-8"))["features"]
    codes = [feature["properties"]["cod_istat"] for feature in features]
    assert codes == tables["comuni"]["cod_istat"].tolist()
    cells = [shapely.from_geojson(json.dumps(feature["geometry"])) for feature in features]
    assert all(cell.is_valid and cell.area > 0 for cell in cells)
    whole = shapely.union_all(cells)
    # Overlaps would add to the sum, gaps would leave holes; corners are rounded to 1e-4.
    assert sum(cell.area for cell in cells) == pytest.approx(whole.area, rel=1e-3)
    assert whole.area == pytest.approx(shapely.envelope(whole).area, rel=1e-3)


def test_git_holds_what_the_generator_gives(root, written):
    made = _contents(written.folder)
    kept = _contents(root / "example")
    assert sorted(made) == sorted(kept)
    different = [name for name, data in made.items() if kept[name] != data]
    assert different == [], "python tools/esempio/make_example.py"
    assert sum(map(len, kept.values())) < 3_000_000


def _contents(folder):
    paths = sorted(path for path in folder.rglob("*") if path.is_file())
    relative = {path.relative_to(folder).as_posix(): path for path in paths}
    return {
        name: path.read_bytes()
        for name, path in relative.items()
        if not set(RUN) & set(path.relative_to(folder).parts) and not path.name.startswith(".git")
    }
