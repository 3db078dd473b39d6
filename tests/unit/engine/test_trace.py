"""From a printed table back to the files as received, in a small study made here."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import nbformat
import pandas as pd
import pytest

from bgest_analysis.engine.backend import InlineBackend
from bgest_analysis.engine.crate import CrateFacts, build_crate, file_id, write_crate
from bgest_analysis.engine.hashing import sha256_file
from bgest_analysis.engine.job import Job, Step
from bgest_analysis.engine.runner import RunSettings, run_jobs
from bgest_analysis.engine.trace import NodeKind, trace
from bgest_analysis.errors import SourceMissing, UsageError
from bgest_analysis.workspace import Workspace
from tests.lib.engine_study import make_study

FACTS = CrateFacts("Titolo", "Descrizione", "2025-01-01", "CC-BY-4.0", "0.1")


def clean(workspace: Workspace, job: Job) -> None:
    table, problems, accounts = job.outputs
    pd.DataFrame({"n": [1, 2]}).to_parquet(table)
    breaches = [["senza_comune", "quarantena", "x"], ["zero", "correzione", "y"]] * 2
    columns = ["regola", "trattamento", "valore"]
    pd.DataFrame(breaches[:3], columns=columns).to_parquet(problems)
    sums = {"righe_lette": 3, "righe_pulite": 2, "quarantena": 1, "scartate": {}}
    accounts.write_text(json.dumps({"conti": [sums]}), encoding="utf-8")


def copy_tables(workspace: Workspace, job: Job) -> None:
    for path in job.outputs:
        pd.read_parquet(next(p for p in job.inputs if p.suffix == ".parquet")).to_parquet(path)


def notebook(workspace: Workspace, job: Job) -> None:
    kinds = [("t1", "table", ["ind_a"]), ("f1", "figure", ["ind_b"]), ("t2", "table", ["ind_b"])]
    outputs = [
        nbformat.v4.new_output(
            "display_data",
            {"application/vnd.bgest.block+json": {"id": name, "kind": kind, "tables": tables}},
        )
        for name, kind, tables in kinds
    ]
    cell = nbformat.v4.new_code_cell("show()", id="c1", outputs=outputs)
    text = nbformat.writes(nbformat.v4.new_notebook(cells=[cell]))
    job.outputs[0].write_text(text, encoding="utf-8")


def page(workspace: Workspace, job: Job) -> None:
    job.outputs[0].write_text("<p>", encoding="utf-8")


def plan(study: Workspace) -> list[Job]:
    here = __name__
    part, processed = study.processed / "fonti" / "a", study.processed
    cleaned = tuple(part / name for name in ("pulito.parquet", "problemi.parquet", "conti.json"))
    made = tuple(processed / f"ind_{name}.parquet" for name in "ab")
    kept = tuple(study.protected / path.name for path in made)
    source = study.root / "notebooks" / "01.ipynb"
    executed = study.reports / "notebooks" / "BSE" / "01.ipynb"
    return [
        Job("clean/a", Step.CLEAN, f"{here}:clean", (study.raw / "a.txt",), cleaned),
        Job("ind/a", Step.INDICATOR, f"{here}:copy_tables", cleaned[:1], made[:1]),
        Job("ind/b", Step.INDICATOR, f"{here}:copy_tables", cleaned[:1], made[1:]),
        Job("protect", Step.PROTECT, f"{here}:copy_tables", made, kept),
        Job(
            "notebook/01/BSE", Step.NOTEBOOK, f"{here}:notebook", (source, *kept), (executed,),
            settings={"parametri": {"ambito": "BSE"}},
        ),
        Job(
            "document/it/BSE", Step.DOCUMENT, f"{here}:page", (executed,),
            (study.reports / "it" / "BSE" / "dossier.html",),
        ),
    ]  # fmt: skip


@dataclass(frozen=True)
class Done:
    study: Workspace
    root: Path


@pytest.fixture(scope="module")
def done(tmp_path_factory: pytest.TempPathFactory) -> Done:
    study = make_study(tmp_path_factory.mktemp("traccia") / "studio", a="uno")
    (study.root / "notebooks").mkdir()
    (study.root / "notebooks" / "01.ipynb").write_text("{}", encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        here = {f"{__name__}:{action.__name__}": action for action in ACTIONS}
        patch.setattr("bgest_analysis.engine.perform.resolve_action", here.__getitem__)
        asked = {"aree": ["BSE"], "analisi": ["01"], "lingue": ["it"], "parametri": {}}
        settings = RunSettings(
            parameters=asked,
            beside=lambda workspace, manifest: write_crate(workspace, manifest, FACTS),
        )
        result = run_jobs(study, plan(study), InlineBackend(), settings)
    assert result.failed == {}
    return Done(study, study.root)


ACTIONS = (clean, copy_tables, notebook, page)
DOSSIER = "reports/it/BSE/dossier.html"


@pytest.mark.parametrize(
    ("item", "block"),
    [
        ("t1", "t1"),
        ("01:t2", "t2"),
        ("s-01-t1", "t1"),
        ("tabella-2", "t2"),
        ("figura-1", "f1"),
        ("Table-1", "t1"),
    ],
)
def test_an_item_may_be_named_in_several_ways(done: Done, item: str, block: str) -> None:
    assert trace(done.study, f"{DOSSIER}#{item}").block["id"] == block


def test_the_way_back_reaches_the_raw_file_and_nothing_else(done: Done) -> None:
    found = trace(done.study, "dossier.html#t2")
    assert [(node.kind, node.name) for node in found.nodes] == [
        (NodeKind.NOTEBOOK, "reports/notebooks/BSE/01.ipynb"),
        (NodeKind.TABLE, "data/processed/protetti/ind_b.parquet"),
        (NodeKind.TABLE, "data/processed/ind_b.parquet"),
        (NodeKind.TABLE, "data/processed/fonti/a/pulito.parquet"),
        (NodeKind.RAW, "data/raw/a.txt"),
    ]
    notebook, _, indicator, cleaned, raw = found.nodes
    assert notebook.settings == {"parametri": {"ambito": "BSE"}}
    assert (indicator.job, indicator.rows) == ("ind/b", 2)
    assert cleaned.accounts[0]["righe_lette"] == 3
    assert cleaned.rules == {"senza_comune: quarantena": 2, "zero: correzione": 1}
    assert raw.sha256 == sha256_file(done.study.raw / "a.txt")
    assert json.loads(json.dumps(found.to_json()))["passi"][0]["job"] == "notebook/01/BSE"


def test_an_executed_notebook_can_be_traced_too(done: Done) -> None:
    found = trace(done.study, "notebooks/BSE/01.ipynb#t1")
    assert found.nodes[1].name == "data/processed/protetti/ind_a.parquet"


@pytest.mark.parametrize(
    ("reference", "words"),
    [
        ("dossier.html", "FILE#ELEMENTO"),
        ("dossier.html#", "FILE#ELEMENTO"),
        ("altro.html#t1", "0 risultati"),
        ("dossier.html#t9", "01:t1"),
        ("dossier.html#tabella-3", "0 elementi"),
        ("dossier.html#tabella-0", "0 elementi"),
    ],
)
def test_what_is_not_there_is_said(done: Done, reference: str, words: str) -> None:
    with pytest.raises(UsageError, match=words):
        trace(done.study, reference)


def test_without_a_run_there_is_nothing_to_trace(tmp_path: Path) -> None:
    with pytest.raises(SourceMissing, match="bgest run"):
        trace(Workspace(tmp_path), "dossier.html#t1")


def test_the_crate_says_what_the_manifest_says(done: Done) -> None:
    manifest = json.loads((done.study.reports / "run.json").read_text(encoding="utf-8"))
    text = (done.study.reports / "ro-crate-metadata.json").read_text(encoding="utf-8")
    assert json.loads(text) == build_crate(manifest, FACTS)
    entities = {entity["@id"]: entity for entity in json.loads(text)["@graph"]}
    action = entities["#document/it/BSE"]
    assert action["object"] == [{"@id": "notebooks/BSE/01.ipynb"}]
    assert action["result"] == [{"@id": "it/BSE/dossier.html"}]
    assert entities["it/BSE/dossier.html"]["encodingFormat"] == "text/html"
    raw = entities["../data/raw/a.txt"]
    assert raw["sha256"] == sha256_file(done.study.raw / "a.txt")
    listed = {file_id(item["file"]) for key in ("ingressi", "uscite") for item in manifest[key]}
    assert listed == {e["@id"] for e in entities.values() if e["@type"] == "File"}
    assert str(done.root) not in text
