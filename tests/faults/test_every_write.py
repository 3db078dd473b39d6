"""Each command meets a fault at each of its writes; repeated, it ends as if nothing had been."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.lib.fault_scenes import SCENES, tiny_world
from tests.lib.faults import walk_faults
from tests.lib.watched import Kind, needs_watching

pytestmark = needs_watching()
SPARSE = {"new": 24}  # points: it writes many files in the same way
QUICK = ("prima esecuzione", "esecuzione successiva", "erase")
FEW = 2  # points for each kind of fault in the default tier


@pytest.fixture(autouse=True)
def fixed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Keep still what a run records of our source; the key has no chance in it, nor a home."""
    monkeypatch.setattr("bgest_analysis.engine.staleness.code_hash", lambda cache: "c" * 64)
    monkeypatch.setattr("bgest_analysis.engine.staleness.lock_hash", lambda cache: "l" * 64)
    monkeypatch.setattr("bgest_analysis.engine.manifest.commit_of", lambda folder: None)
    monkeypatch.setattr("bgest_analysis.privacy.pseudonyms.secrets.token_bytes", bytes)
    monkeypatch.setattr("bgest_analysis.example.write.write_world", tiny_world)
    monkeypatch.setattr("bgest_analysis.example.write.build_world", lambda *parts: None)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "mio"))


@pytest.mark.full
@pytest.mark.parametrize("name", SCENES)
def test_a_fault_at_every_write(tmp_path, name):
    scene = SCENES[name](tmp_path / "base")
    tally = walk_faults(scene, tmp_path / "prova", Kind, SPARSE.get(name))
    print(f"{name}: {tally}")
    assert tally.wrong == []
    assert tally.lost == 0
    assert tally.recovered == tally.tried > 0


@pytest.mark.parametrize("name", QUICK)
def test_a_fault_at_some_writes(tmp_path, name):
    scene = SCENES[name](tmp_path / "base")
    tally = walk_faults(scene, tmp_path / "prova", Kind, FEW)
    assert tally.wrong == []
    assert tally.recovered == tally.tried == FEW * len(Kind)
