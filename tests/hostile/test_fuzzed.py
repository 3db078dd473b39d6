"""What fuzzing found (``python -m tools.fuzzing``), each crash kept small."""

from __future__ import annotations

import io
import json
import zipfile

import openpyxl
import pytest

from bgest_analysis.cli.main import main
from bgest_analysis.engine.manifest import FILE_NAME, read_manifest
from bgest_analysis.errors import DONE, PROBLEMS_FOUND, StudyError
from bgest_analysis.study.borders import load_borders
from bgest_analysis.study.load import load_study
from tests.lib.studies import COMUNI, write_study


def damaged_book(member: str, content: bytes | None) -> bytes:
    """Return a workbook of meetings, one of whose members is another one or is missing."""
    book, out = openpyxl.Workbook(), io.BytesIO()
    for row in (["Incontro", "Data", "Livello"], ["i1", "31/02/2021", "Boh"]):
        book.active.append(row)
    book.save(out)
    made = io.BytesIO()
    with zipfile.ZipFile(out) as source, zipfile.ZipFile(made, "w") as target:
        for name in source.namelist():
            data = content if name == member else source.read(name)
            if data is not None:
                target.writestr(name, data)
    return made.getvalue()


@pytest.mark.parametrize(
    ("member", "content"),
    [
        ("xl/theme/theme1.xml", None),
        ("docProps/core.xml", b"<a/>"),
        ("[Content_Types].xml", b'<Types xmlns="x"/>'),
    ],
)
def test_a_book_that_only_our_reader_reads_gets_its_marked_copy(tmp_path, member, content):
    workspace = write_study(tmp_path / "studio")
    sheet = workspace.raw / "incontri" / "incontri.xlsx"
    sheet.parent.mkdir(parents=True)
    sheet.write_bytes(damaged_book(member, content))
    assert main(["check", str(sheet), "--study", str(workspace.root)]) == PROBLEMS_FOUND
    (copy,) = (path for path in sheet.parent.iterdir() if path != sheet)
    book = openpyxl.load_workbook(copy)
    cells = [cell.value for page in book for row in page for cell in row]
    assert {"31/02/2021", "Boh"} <= set(cells)


BORDERS = [b"", b"[]", b"{}", b'{"features": 3}', b'{"features": [{}]}', b'{"features": [null]}',
           b"\xff\xfe{", b'{"features": [{"properties": {}, "geometry": {"type": "x"}}]}',
           b"[" * 100_000]  # fmt: skip


@pytest.mark.parametrize("data", BORDERS, ids=range(len(BORDERS)))
def test_borders_that_are_no_geojson_are_told(tmp_path, data):
    workspace = write_study(tmp_path)
    (tmp_path / "studio" / "geometria.geojson").write_bytes(data)
    study = load_study(workspace)
    with pytest.raises(StudyError, match=r"geometria\.geojson non è un GeoJSON"):
        load_borders(study, ["016001"])


@pytest.mark.parametrize(
    "data", [COMUNI.encode("utf-16"), b"", b'a,b\n"', b"\xff", b"a\nb,c\nd,e,f\n"]
)
def test_a_study_s_csv_that_is_none_is_told(tmp_path, data):
    workspace = write_study(tmp_path)
    (tmp_path / "studio" / "comuni.csv").write_bytes(data)
    with pytest.raises(StudyError, match=r"comuni\.csv"):
        load_study(workspace)


@pytest.mark.parametrize(
    "manifest",
    [
        {},
        {"parametri": None, "lavori": [], "ingressi": [], "uscite": []},
        {"parametri": {}, "lavori": [1], "ingressi": [], "uscite": []},
        {"parametri": {}, "lavori": [{"id": "x"}], "ingressi": [{"file": 1}], "uscite": "x"},
    ],
)
def test_a_manifest_of_another_shape_is_as_none(tmp_path, manifest, capsys):
    workspace = write_study(tmp_path)
    workspace.reports.mkdir()
    (workspace.reports / FILE_NAME).write_text(json.dumps(manifest), encoding="utf-8")
    assert read_manifest(workspace) is None
    assert main(["status", "--study", str(tmp_path)]) == DONE
    assert "nessuna esecuzione completa" in capsys.readouterr().out
    assert main(["trace", "dossier.html#tabella-1", "--study", str(tmp_path)]) == PROBLEMS_FOUND
