"""A synthetic study with its protected tables, for the tests of pages."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from types import ModuleType

import pandas as pd

from bgest_analysis.blocks import Block
from bgest_analysis.example.files.study import write_study
from bgest_analysis.example.tables import world_tables
from bgest_analysis.example.world import build_world
from bgest_analysis.privacy.protect import Candidate, protect_tables
from bgest_analysis.report.charts.render import ChartStyle, render_chart
from bgest_analysis.schema.contract import validate_table
from bgest_analysis.schema.lineage import Lineage
from bgest_analysis.schema.model import Origin
from bgest_analysis.study.load import load_study
from bgest_analysis.study.model import Study
from bgest_analysis.workspace import Workspace

Frames = dict[str, pd.DataFrame]


def synthetic_study(folder: Path, scale: float) -> tuple[Study, Frames]:
    """Return the synthetic study and its tidy tables by full name."""
    world = build_world(scale)
    write_study(folder, world)
    study = load_study(Workspace(folder))
    return study, {f"tidy_{name}": frame for name, frame in world_tables(world).items()}


def protected_tables(study: Study, frames: Frames, modules: Iterable[ModuleType]) -> Frames:
    """Return the indicators of the modules as notebooks read them, each checked by its schema."""
    made, candidates = dict(frames), {}
    lineage = Lineage(Origin.SINTETICA)
    for module in modules:
        for indicator in module.INDICATORS:
            reads = [name for name in indicator.reads if not name.startswith("studio_")]
            if not set(reads) <= set(made):
                continue
            table = indicator.compute(made, study)
            validate_table(table, indicator.table)
            made[indicator.table.full_name] = table
            candidates[indicator.table.full_name] = Candidate(indicator.table, table, lineage)
    return protect_tables(candidates, study.protezione.soglia_interna)


def texts(blocks: Iterable[Block]) -> dict[str, str]:
    """Return each block's Italian text by id; two blocks of one id are an error."""
    found: dict[str, str] = {}
    for block in blocks:
        assert block.id not in found, block.id
        found[block.id] = block.text.render("it")
        if block.alt is not None and block.n is not None:
            assert block.alt.render("it")
            assert block.n.render("it")
    return found


def draw(blocks: Iterable[Block]) -> int:
    """Draw every figure; return how many there are."""
    figures = [block for block in blocks if block.chart is not None]
    for block in figures:
        assert render_chart(block, "it", ChartStyle()).png.startswith(b"\x89PNG")
    return len(figures)
