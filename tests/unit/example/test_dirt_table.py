"""Every class of dirt the generator plants is found, and no cell changes in silence."""

from __future__ import annotations

from pathlib import Path

import pytest

from bgest_analysis.example.files.dirt import CLASSES
from tools.esempio.dirt_table import OUTCOMES, clean_example, count_dirt

WHOLE = 1.0
FEW = 30


@pytest.mark.full
def test_all_that_was_planted_is_found_and_nothing_changes_in_silence(tmp_path: Path) -> None:
    table = count_dirt(clean_example(tmp_path / "esempio", WHOLE))
    print(table.to_string(index=False))
    assert set(table["classe"]) <= set(CLASSES)
    assert len(table) > FEW
    lost = table[(table["trovate"] != table["piantate"]) | (table["in_silenzio"] > 0)]
    assert lost.to_dict("records") == []
    assert (table[list(OUTCOMES)].sum(axis=1) == table["trovate"]).all()
