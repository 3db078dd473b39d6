"""A real run, forking processes and all, killed at points spread over its writes."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from bgest_analysis.errors import DONE, SOME_FAILED
from bgest_analysis.example.write import write_example
from tests.lib.faults import Scene, walk_faults
from tests.lib.watched import Kind, needs_watching

pytestmark = [pytest.mark.full, needs_watching()]
POINTS = int(os.environ.get("BGEST_FAULT_POINTS", "12"))
RUN = ("run", "--ambito", "distretto", "--notebook", "02_rete_governance", "--no-example")


def run(folder: Path) -> int:
    command = [sys.executable, "-m", "bgest_analysis", *RUN, "--study", str(folder)]
    os.execv(sys.executable, command)


@pytest.mark.parametrize("kind", [Kind.TEAR, Kind.FULL])
def test_a_fault_anywhere_in_a_run_costs_only_time(tmp_path, kind):
    base = tmp_path / "base"
    write_example(base, 0.05)
    done = frozenset({DONE, SOME_FAILED})  # so small a study has too few cases for one estimate
    tally = walk_faults(Scene(base, run, done=done, warm=False), tmp_path / "prova", [kind], POINTS)
    print(f"{kind}: {tally}")
    assert tally.wrong == []
    assert tally.recovered == tally.tried == POINTS
