"""The pictures of an executed notebook, drawn once in a language and kept for its documents."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from bgest_analysis.report.charts.render import Figures, RenderedFigure

KEPT = pa.schema(
    [
        ("analisi", pa.string()),
        ("blocco", pa.string()),
        ("svg", pa.string()),
        ("png", pa.binary()),
        ("width_cm", pa.float64()),
        ("height_cm", pa.float64()),
    ]
)


def keep_pictures(path: Path, figures: Figures) -> None:
    """Write pictures to a file, in their order."""
    rows = [
        {"analisi": analisi, "blocco": block, **asdict(picture)}
        for (analisi, block), picture in figures.items()
    ]
    pq.write_table(pa.Table.from_pylist(rows, schema=KEPT), path)


def kept_pictures(paths: Iterable[Path]) -> Figures:
    """Read the pictures of several files, by (analysis, block id)."""
    rows = (row for path in paths for row in pq.read_table(path, schema=KEPT).to_pylist())
    return {(row.pop("analisi"), row.pop("blocco")): RenderedFigure(**row) for row in rows}
