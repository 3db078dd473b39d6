from __future__ import annotations

from pathlib import Path

import pytest

from bgest_analysis.engine.graph import Frontier, predecessors, select_jobs, sort_jobs
from bgest_analysis.engine.job import Job, Step
from bgest_analysis.errors import BgestError


def job(name: str, reads: str = "", makes: str = "", after: str = "") -> Job:
    return Job(
        id=name,
        step=Step.CLEAN,
        action="m:f",
        inputs=tuple(Path(item) for item in reads.split()),
        outputs=tuple(Path(item) for item in makes.split()),
        after=tuple(after.split()),
    )


DIAMOND = [
    job("d", reads="b.out c.out", makes="d.out"),
    job("c", reads="a.out", makes="c.out"),
    job("b", reads="a.out", makes="b.out"),
    job("a", reads="raw", makes="a.out"),
    job("z", after="b"),
]


def test_a_reader_comes_after_the_maker() -> None:
    assert predecessors(DIAMOND) == {
        "a": set(),
        "b": {"a"},
        "c": {"a"},
        "d": {"b", "c"},
        "z": {"b"},
    }


def test_order_is_the_plans_among_those_that_are_ready() -> None:
    assert [item.id for item in sort_jobs(DIAMOND)] == ["a", "c", "b", "d", "z"]


def test_frontier_hands_out_only_what_is_ready() -> None:
    frontier = Frontier(DIAMOND)
    first = frontier.next()
    assert first is not None
    assert first.id == "a"
    assert frontier.next() is None
    frontier.done("a")
    assert [item.id for item in (frontier.next(), frontier.next()) if item] == ["c", "b"]
    frontier.done("b")
    assert [item.id if item else None for item in (frontier.next(), frontier.next())] == ["z", None]


def test_dependants_are_all_that_follow() -> None:
    frontier = Frontier(DIAMOND)
    assert [item.id for item in frontier.dependants("b")] == ["d", "z"]
    assert [item.id for item in frontier.dependants("a")] == ["d", "c", "b", "z"]


def test_select_takes_what_is_needed_and_no_more() -> None:
    assert [item.id for item in select_jobs(DIAMOND, ["z"])] == ["b", "a", "z"]


@pytest.mark.parametrize(
    ("jobs", "word"),
    [
        ([job("a"), job("a")], "due volte"),
        ([job("a", makes="x"), job("b", makes="x")], "due volte"),
        ([job("a", after="zzz")], "sconosciuti"),
        ([job("a", reads="y", makes="x"), job("b", reads="x", makes="y")], "a vicenda"),
    ],
)
def test_a_wrong_plan_is_refused(jobs: list[Job], word: str) -> None:
    with pytest.raises(BgestError, match=word):
        sort_jobs(jobs)
