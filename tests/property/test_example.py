"""Any seed gives a study that keeps its contracts, the same every time, in any folder."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bgest_analysis.example.tables import make_tables
from bgest_analysis.example.write import write_example
from bgest_analysis.schema.contract import validate_table
from bgest_analysis.schema.registry import TABLES

HEAVY = os.environ.get("BGEST_FULL") == "1"
FEW = settings(derandomize=True, deadline=None, max_examples=100 if HEAVY else 4)
ONE = settings(derandomize=True, deadline=None, max_examples=20 if HEAVY else 1)
SEEDS = st.integers(0, 2**32 - 1)


@FEW
@given(seed=SEEDS, scale=st.floats(0.05, 0.6))
def test_every_seed_and_scale_keeps_the_contracts(seed, scale):
    for name, frame in make_tables(seed, scale).items():
        validate_table(frame, TABLES[name])


@ONE
@given(seed=SEEDS)
def test_same_seed_same_bytes_in_any_folder(seed):
    with tempfile.TemporaryDirectory() as here, tempfile.TemporaryDirectory() as there:
        one = _bytes_of(Path(here) / "uno", seed)
        two = _bytes_of(Path(there) / "altro nome", seed)
    assert one == two
    assert len(one) > 50


@pytest.mark.full
def test_text_registers_too_are_the_same(tmp_path):
    assert _bytes_of(tmp_path / "a", 9, 6) == _bytes_of(tmp_path / "b", 9, 6)


def _bytes_of(folder, seed, scale=0.1):
    write_example(folder, scale, seed)
    paths = sorted(path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in paths}
