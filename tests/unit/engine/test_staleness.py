from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from bgest_analysis.engine.backend import InlineBackend
from bgest_analysis.engine.job import Job
from bgest_analysis.engine.runner import run_jobs
from bgest_analysis.engine.staleness import Reason, Surveyor, Why, compare_facts, survey
from bgest_analysis.engine.state import Facts
from bgest_analysis.workspace import Workspace
from tests.lib.engine_study import make_job, make_study

FACTS = Facts("clean", "m:f", {"soglia": 5, "anni": [2020]}, {"a": "1", "b": "2"}, "code", "lock")


@pytest.mark.parametrize(
    ("now", "reasons"),
    [
        (FACTS, []),
        (replace(FACTS, inputs={"a": "9", "b": "2"}), [(Why.INPUT_CHANGED, "a")]),
        (replace(FACTS, inputs={"b": "2"}), [(Why.INPUT_CHANGED, "a")]),
        (replace(FACTS, inputs={"a": "1", "b": "2", "c": "3"}), [(Why.INPUT_CHANGED, "c")]),
        (replace(FACTS, settings={"soglia": 6, "anni": [2020]}), [(Why.SETTINGS, "soglia")]),
        (replace(FACTS, settings={"soglia": 5}), [(Why.SETTINGS, "anni")]),
        (replace(FACTS, code="other"), [(Why.CODE, "")]),
        (replace(FACTS, action="m:g"), [(Why.CODE, "")]),
        (replace(FACTS, lock="other"), [(Why.LOCK, "")]),
        (replace(FACTS, code="x", lock="y"), [(Why.CODE, ""), (Why.LOCK, "")]),
    ],
)
def test_each_difference_is_named(now: Facts, reasons: list[tuple[Why, str]]) -> None:
    assert [(item.why, item.what) for item in compare_facts(FACTS, now)] == reasons


@pytest.fixture
def study(tmp_path: Path) -> Workspace:
    return make_study(tmp_path / "studio", a="uno", b="due")


@pytest.fixture
def chain(study: Workspace) -> list[Job]:
    return [
        make_job(study, "pulito", reads=("a",)),
        make_job(study, "altro", reads=("b",)),
        make_job(study, "indicatore", reads=("pulito", "altro")),
    ]


def reasons_now(study: Workspace, jobs: list[Job]) -> dict[str, list[Reason]]:
    return {item.job.id: list(item.reasons) for item in survey(study, jobs) if item.reasons}


def test_before_the_first_run_all_is_new(study: Workspace, chain: list[Job]) -> None:
    found = reasons_now(study, chain)
    assert {name: found[name][0].why for name in found} == dict.fromkeys(
        ("pulito", "altro", "indicatore"), Why.NEW
    )


def test_after_a_run_nothing_is_stale(study: Workspace, chain: list[Job]) -> None:
    run_jobs(study, chain, InlineBackend())
    assert reasons_now(study, chain) == {}


def test_a_changed_file_makes_its_own_branch_stale(study: Workspace, chain: list[Job]) -> None:
    run_jobs(study, chain, InlineBackend())
    (study.raw / "a.txt").write_text("uno!", encoding="utf-8")
    assert reasons_now(study, chain) == {
        "pulito": [Reason(Why.INPUT_CHANGED, "data/raw/a.txt")],
        "indicatore": [Reason(Why.PREDECESSOR, "pulito")],
    }


def test_outputs_are_looked_at(study: Workspace, chain: list[Job]) -> None:
    run_jobs(study, chain, InlineBackend())
    (study.processed / "altro.txt").write_text("a mano", encoding="utf-8")
    (study.processed / "indicatore.txt").unlink()
    found = reasons_now(study, chain)
    assert found["altro"] == [Reason(Why.OUTPUT_EDITED, "data/processed/altro.txt")]
    assert Reason(Why.OUTPUT_MISSING, "data/processed/indicatore.txt") in found["indicatore"]


def test_a_missing_input_is_said(study: Workspace, chain: list[Job]) -> None:
    run_jobs(study, chain, InlineBackend())
    (study.raw / "a.txt").unlink()
    found = Surveyor(study).explain(chain[0])
    assert Reason(Why.INPUT_MISSING, "data/raw/a.txt") in found


def test_reasons_are_sentences() -> None:
    assert Reason(Why.INPUT_CHANGED, "data/raw/a.csv").message().render("it") == (
        "è cambiato data/raw/a.csv"
    )
    assert all(Reason(why, "x").message().render("it") for why in Why)
