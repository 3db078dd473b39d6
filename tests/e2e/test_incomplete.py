"""A study with gaps runs to its end, and each analysis says what it lacks."""

from __future__ import annotations

import re
import shutil

import docx
import pytest

from tests.lib.runs import bgest

pytestmark = [pytest.mark.slow, pytest.mark.full]
NO_LISTENING = ("questionari", "codifiche_qual", "relazioni")
NO_MINUTES = ("incontri", "presenze", "proposte")
BAD = re.compile(r"\b(nan|None|NaT)\b|<NA>")


def copy_example(root, folder):
    """Copy what the synthetic study is made of, and nothing a run has made."""
    folder.mkdir()
    for part in ("study.toml", "truth.json"):
        shutil.copy2(root / "example" / part, folder / part)
    for part in ("studio", "data/raw"):
        shutil.copytree(root / "example" / part, folder / part)
    return folder


@pytest.fixture(params=["no surveys, no minutes, one year", "one table only"])
def study(request, root, tmp_path):
    """Return a copy of the synthetic study without most of its files."""
    raw = copy_example(root, tmp_path / "studio") / "data" / "raw"
    absent = {*NO_LISTENING, *NO_MINUTES, "pratiche"}
    if request.param == "one table only":
        absent = {path.name for path in raw.iterdir()} - {"territorio", "interventi"}
    for name in absent:
        shutil.rmtree(raw / name)
    for path in [*raw.glob("interventi/*"), *raw.glob("timesheet/*"), *raw.glob("indicatori/*")]:
        if "2022" not in path.name:
            path.unlink()
    return tmp_path / "studio"


def test_a_study_with_gaps_runs_to_its_end(study):
    asked = ("--ambito", "distretto", "--ambito", "ES3", "--no-example")
    done = bgest("run", "--study", str(study), *asked)
    assert done.returncode == 0, done.stdout + done.stderr
    assert " 0 non riusciti, 0 saltati" in done.stdout
    for area in ("distretto", "ES3"):
        document = docx.Document(str(study / "reports" / "it" / area / "dossier.docx"))
        cells = [c.text for t in document.tables for row in t.rows for c in row.cells]
        texts = [p.text for p in document.paragraphs] + cells
        assert [text for text in texts if BAD.search(text)] == []
        lacking = " ".join(text for text in texts if "Servono:" in text or "attende i dati" in text)
        for folder in ("questionari", "incontri", "pratiche"):
            assert f"data/raw/{folder}" in lacking
