from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from bgest_analysis.engine.job import Job, Step
from bgest_analysis.engine.state import FILE_NAME, Facts, Made, Record, State, record_of

JOB = Job("a", Step.CLEAN, "m:f", settings={"anni": (2020, 2021)})


def record(name: str = "a", code: str = "c1") -> Record:
    job = replace(JOB, id=name)
    facts = Facts.of(job, {"data/raw/a.csv": "1"}, code, "l1")
    return record_of(job, facts, (Made("data/processed/a", "data/processed/a", "2"),))


def test_what_is_added_is_there_in_the_next_run(tmp_path: Path) -> None:
    State(tmp_path).add(record())
    assert State(tmp_path).get("a") == record()
    assert State(tmp_path).get("b") is None


def test_the_last_record_counts(tmp_path: Path) -> None:
    state = State(tmp_path)
    state.add(record(code="c1"))
    state.add(record(code="c2"))
    found = State(tmp_path).get("a")
    assert found is not None
    assert found.facts.code == "c2"


def cuts() -> list[int]:
    return list(range(1, 120, 7))


@pytest.mark.parametrize("lost", cuts())
def test_a_torn_last_line_costs_its_own_job_only(tmp_path: Path, lost: int) -> None:
    state = State(tmp_path)
    state.add(record("a"))
    state.add(record("b"))
    file = tmp_path / FILE_NAME
    file.write_bytes(file.read_bytes()[:-lost])
    torn = State(tmp_path)
    assert torn.get("a") == record("a")
    assert torn.get("b") in (None, record("b"))
    torn.add(record("c"))
    healed = State(tmp_path)
    assert [healed.get(name) for name in "ac"] == [record("a"), record("c")]


@pytest.mark.parametrize("text", ["", "{}\n", "null\n", "[1]\n", '{"versione":99}\n', "\xff\n"])
def test_lines_that_are_not_records_are_skipped(tmp_path: Path, text: str) -> None:
    (tmp_path / FILE_NAME).write_bytes(text.encode("latin-1"))
    state = State(tmp_path)
    state.add(record())
    assert State(tmp_path).get("a") == record()


def test_compacting_keeps_the_last_of_each(tmp_path: Path) -> None:
    state = State(tmp_path)
    for turn in range(5):
        state.add(record("a", f"c{turn}"))
        state.add(record("b", f"c{turn}"))
    state.compact()
    assert len((tmp_path / FILE_NAME).read_text(encoding="utf-8").splitlines()) == 2
    found = State(tmp_path)
    assert [found.get(name) for name in "ab"] == [record("a", "c4"), record("b", "c4")]


def test_a_journal_that_is_mostly_current_is_left_alone(tmp_path: Path) -> None:
    state = State(tmp_path)
    state.add(record("a"))
    before = (tmp_path / FILE_NAME).stat().st_ino
    state.compact()
    assert (tmp_path / FILE_NAME).stat().st_ino == before
