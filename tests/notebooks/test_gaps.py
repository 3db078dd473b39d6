"""Every analysis of a study with gaps runs to its end, and says what each gap leaves out.

The cells of the notebooks run here one after the other, on tables made of a synthetic study; the
whole way from files to documents is in ``tests/e2e/test_incomplete.py``.
"""

from __future__ import annotations

import json
import re

import pytest

from bgest_analysis.blocks import MIME, block_from_json
from bgest_analysis.engine.actions import results_frame
from bgest_analysis.engine.dossiers import waiting_message
from bgest_analysis.engine.plan import STUDY_PREFIX, Planner, Request
from bgest_analysis.indicators.registry import INDICATORS
from bgest_analysis.notebook import door
from bgest_analysis.notebook.declaration import read_declaration
from bgest_analysis.schema.lineage import Lineage
from bgest_analysis.schema.model import Origin
from bgest_analysis.schema.store import write_table
from bgest_analysis.workspace import DISTRETTO, Workspace
from tests.lib.synthetic import synthetic_study

LINEAGE = Lineage(Origin.SINTETICA)
NO_LISTENING = ("questionari", "codifiche_qual", "relazioni")
NO_MINUTES = ("incontri", "presenze", "proposte")
DATED = {"interventi": "data_richiesta", "timesheet": "mese", "indicatori": "trimestre"}
PUBLIC = ("ambiti", "comuni", "popolazione", "stranieri_province", "redditi", "slide_incidenza")
BAD = re.compile(r"\b(nan|None|NaT)\b|<NA>")
# Analysis -> the folders it must ask for, in a study with gaps and in one of public figures.
ASKED = {
    "02_rete_governance": (("incontri", "presenze", "relazioni", "proposte"),) * 2,
    "03_modello_mediazione": (("pratiche",), ("interventi", "pratiche")),
    "04_copertura_equita": ((), ("destinatari", "interventi")),
    "05_effetti": (("pratiche",), ("interventi", "pratiche")),
    "06_emergenza_ucraina": (("pratiche",), ("interventi", "destinatari", "pratiche")),
    "07_fondi_costi": ((), ("budget",)),
    "08_monitoraggio_indicatori": ((), ("indicatori",)),
    "09_percezioni": (("questionari", "codifiche_qual"),) * 2,
    "10_programmazione": ((), ("interventi",)),
}
CLEANING = "11_qualita_dati"  # its tables come from the files' cleaning, which is not done here


def without(frames, case):
    """Return the tables a study with gaps would have."""
    if case:
        return {name: frames[name] for name in frames if name.removeprefix("tidy_") in PUBLIC}
    absent = {f"tidy_{name}" for name in (*NO_LISTENING, *NO_MINUTES, "pratiche")}
    kept = {name: frame for name, frame in frames.items() if name not in absent}
    for name, column in DATED.items():
        frame = kept[f"tidy_{name}"]
        year = frame[column].astype("str").str[:4] == "2022"
        kept[f"tidy_{name}"] = frame[year.fillna(value=False)].reset_index(drop=True)
    return kept


def prepare(workspace, study, frames):
    """Write the tidy tables and the indicators they allow (unprotected); return all names."""
    for name, frame in frames.items():
        write_table(workspace.processed / f"{name}.parquet", frame, LINEAGE)
    made = dict(frames)
    for indicator in INDICATORS:
        if all(name in made or name.startswith(STUDY_PREFIX) for name in indicator.reads):
            table = indicator.compute(made, study)
            made[indicator.table.full_name] = table
            write_table(workspace.protected_table(indicator.table.full_name), table, LINEAGE)
    return set(made)


def show(path, published):
    """Run a notebook's cells; return the blocks and results it emits."""
    published.clear()
    space: dict[str, object] = {}
    for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
        if cell["cell_type"] == "code":
            exec(compile("".join(cell["source"]), path.stem, "exec"), space)
    blocks = [block_from_json(data[MIME]) for data in published if MIME in data]
    return blocks, [data[door.RESULT_MIME] for data in published if door.RESULT_MIME in data]


@pytest.mark.parametrize("case", [0, 1], ids=["no words, no minutes, one year", "public figures"])
def test_each_analysis_says_what_it_lacks(case, root, tmp_path, monkeypatch):
    study, frames = synthetic_study(tmp_path, 0.2)
    workspace = Workspace(tmp_path)
    made = prepare(workspace, study, without(frames, case))
    lacks = Planner(workspace, study, Request()).lacks(made)
    published: list[dict[str, object]] = []
    monkeypatch.setattr(door, "publish_display_data", published.append)
    monkeypatch.setattr(door, "guard_display", lambda language: None)
    monkeypatch.setattr(door, "block_html", lambda *known: "")
    monkeypatch.chdir(tmp_path)
    analyses = sorted((root / "notebooks").glob("[0-9][0-9]_[a-z]*.ipynb"))
    assert len(analyses) == 13
    analyses = [path for path in analyses if path.stem != CLEANING]
    silent: list[tuple[str, str]] = []
    for path in sorted(analyses, key=lambda one: len(read_declaration(one).results)):
        waits = path.stem in lacks
        blocks, rows = ([], []) if waits else show(path, published)
        texts = [block.text.render("it") for block in blocks]
        texts += [waiting_message(lacks[path.stem]).render("it")] if waits else []
        assert [text for text in texts if BAD.search(text)] == []
        lacking = " ".join(text for text in texts if "data/raw/" in text)
        asked = ASKED.get(path.stem, ((), ()))[case]
        silent += [(path.stem, name) for name in asked if f"data/raw/{name}" not in lacking]
        for row in rows:
            assert row["stima"] is not None or row["motivo"], (path.stem, row)
        frame, name = results_frame(rows), f"ris_{path.stem}"
        write_table(workspace.results_table(name, DISTRETTO), frame, LINEAGE)
    assert silent == []
