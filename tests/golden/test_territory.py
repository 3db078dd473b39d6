"""Published figures of the territory: a change shows as a difference in a small table.

``BGEST_GOLDEN=1`` writes the tables anew; the difference is for a person to look at, and for the
heading "Numbers" of the changelog.
"""

from __future__ import annotations

import io
import os
from pathlib import Path

import pandas as pd
import pytest

from bgest_analysis.clean.merge import merge_parts
from bgest_analysis.clean.sources import clean_source
from bgest_analysis.indicators.registry import BY_NAME
from bgest_analysis.schema.registry import find_table
from bgest_analysis.study.load import load_study
from bgest_analysis.workspace import Workspace

HERE = Path(__file__).parent
TABLES = {
    "ind_incidenza": ["area", "anno", "residenti", "stranieri", "incidenza", "incidenza_extra_ue"],
    "ind_confronto_sintesi": [
        "definizione", "anno", "scarto_medio", "scarto_massimo", "ambito_massimo",
        "scarto_medio_senza", "esclusi",
    ],
    "ind_quota_extra_ue": ["cod_provincia", "anno", "stranieri", "ue", "quota_extra_ue"],
}  # fmt: skip
ORDER = ("ind_quota_extra_ue", "ind_incidenza", "ind_confronto_slide", "ind_confronto_sintesi")


@pytest.fixture(scope="module")
def made(root: Path) -> dict[str, pd.DataFrame]:
    """Return the territory's indicators, from the raw files of the repository."""
    workspace = Workspace(root)
    study = load_study(workspace)
    names = ("popolazione", "stranieri_province", "slide_incidenza")
    frames: dict[str, pd.DataFrame] = {}
    for name in names:
        parts = [clean_source(workspace, study, fonte).table for fonte in study.fonti_di(name)]
        frames[f"tidy_{name}"] = merge_parts(parts, find_table(name))[0]
    for name in ORDER:
        frames[name] = BY_NAME[name].compute(frames, study)
    return frames


@pytest.mark.parametrize("name", sorted(TABLES))
def test_published_figures_have_not_changed(made: dict[str, pd.DataFrame], name: str) -> None:
    kept = HERE / f"{name}.csv"
    now = made[name][TABLES[name]].to_csv(index=False, float_format="%.6f", lineterminator="\n")
    if os.environ.get("BGEST_GOLDEN") == "1":
        kept.write_text(now, encoding="utf-8", newline="\n")
    expected = pd.read_csv(kept, dtype="str", keep_default_na=False)
    found = pd.read_csv(io.StringIO(now), dtype="str", keep_default_na=False)
    pd.testing.assert_frame_equal(found, expected)
