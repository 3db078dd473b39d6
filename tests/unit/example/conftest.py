"""One synthetic study of scale 1, written once for all tests that read it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest

from bgest_analysis.example.tables import world_tables
from bgest_analysis.example.truth import Truth
from bgest_analysis.example.world import World, build_world
from bgest_analysis.example.write import write_world


@dataclass(frozen=True)
class Written:
    """A study on disk and what it is made of."""

    folder: Path
    world: World
    truth: Truth


@pytest.fixture(scope="session")
def world():
    return build_world()


@pytest.fixture(scope="session")
def tables(world):
    return world_tables(world)


@pytest.fixture(scope="session")
def written(world, tmp_path_factory):
    folder = tmp_path_factory.mktemp("studio") / "esempio"
    return Written(folder, world, write_world(folder, world))


@pytest.fixture(scope="session")
def thick():
    """Twenty times the rows on the same seven Ambiti: enough to see the effects."""
    return build_world(20, 7)
